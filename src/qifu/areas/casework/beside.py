"""What areas above lay beside a case, so that casework imports none of them: acts on its page, on ticked rows, parts of its page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.web import opens
from qifu.ui.parts import Action, Link, State

from .models import Case


@dataclass(frozen=True)
class Line:
    """One line of a part: what opens, a quiet note, where it stands."""

    link: Link
    note: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Part:
    """A part of a case's page."""

    title: str
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Beside:
    """What one area lays beside a case. All are called inside `acting`; `many` gives what ticked rows may be sent to."""

    acts: Callable[[Case, Actor, datetime], Sequence[Action]]
    many: Callable[[Sequence[Case], Actor], Action | None]
    parts: Callable[[Case, Actor], Sequence[Part]]


@dataclass
class _Laid:
    all: list[Beside] = field(default_factory=list)


_laid = _Laid()


def lay_beside(one: Beside) -> None:
    """Declare what an area lays beside a case; once, from its AppConfig.ready()."""
    if one not in _laid.all:
        _laid.all.append(one)


def acts(case: Case, actor: Actor, *, at: datetime) -> list[Action]:
    """Give what the areas above offer on one case."""
    return [act for one in _laid.all for act in one.acts(case, actor, at)]


def many(cases: Sequence[Case], actor: Actor) -> list[Action]:
    """Give what the areas above offer on ticked rows."""
    return [act for one in _laid.all if (act := one.many(cases, actor))]


def parts(case: Case, actor: Actor) -> list[Part]:
    """Give what the areas above tell of one case."""
    return [_within_reach(part, actor) for one in _laid.all for part in one.parts(case, actor)]


def _within_reach(part: Part, actor: Actor) -> Part:
    """Leave the words of a line whose page this actor may not open, without the link."""
    return replace(part, lines=[one if opens(one.link.href, actor) else replace(one, link=Link(one.link.word, "")) for one in part.lines])
