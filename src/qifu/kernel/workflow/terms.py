"""The frozen values of a process: moves, clocks, choices; and its refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.kernel.access import ActionRefused, Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.language import said

Guard = Callable[[Any, Actor, datetime], None]

CORRECT = "journal.correct"
SLACK = timedelta(minutes=10)
"""How far the clocks of two machines may differ."""


@dataclass(frozen=True)
class Move:
    """One row of a process table.

    `sources` -> `target` by `verb`, for those who hold the right `who` (with a column of the subject in braces where
    the right depends on it: resumption.decide.{route}); `guard` refuses by raising, and is asked by
    `possible` and `move_many` too. `data`: keys that the entry may hold. `stamp`: column set the first time.
    `backdate`: how long before it is known it may have happened. `strong`: needs a second factor. `then` tells the
    person what happens next; `notice` names the message that is sent."""

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: str
    guard: Guard | None = None
    data: tuple[str, ...] = ()
    notice: str | None = None
    stamp: str | None = None
    backdate: timedelta = timedelta(0)
    strong: bool = False
    then: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))
        object.__setattr__(self, "then", said(self.then))

    def right(self, subject: Any) -> str:
        """Give the right that this move asks for on this subject."""
        return self.who.format_map(vars(subject)) if "{" in self.who else self.who


@dataclass(frozen=True)
class Opening:
    """How a subject comes into being: the first row of the table."""

    verb: str
    label: str
    who: str
    data: tuple[str, ...] = ()
    backdate: timedelta = timedelta(0)
    stamp: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))


@dataclass(frozen=True)
class Clock:
    """A deadline as a function of states: runs in these, stands still in those, stops anywhere else.

    `owner` names the attribute of the subject that says whose time it is; `lapse` is the verb tried when overdue."""

    name: str
    label: str
    allow: Allow | Callable[[Any], Allow]
    runs_in: frozenset[str]
    pauses_in: frozenset[str] = frozenset()
    owner: str = ""
    lapse: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))

    def allowed(self, subject: Any) -> Allow:
        return self.allow(subject) if callable(self.allow) else self.allow


@dataclass(frozen=True)
class Choice:
    """A move from here: allowed, or why not. The buttons of a page and their reasons."""

    move: Move
    refusal: ActionRefused | None = None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True)
class Moved:
    """What a bulk move did: ids moved, refusals by id, the batch that holds them together."""

    batch: UUID
    moved: tuple[UUID, ...]
    refused: Mapping[UUID, ActionRefused]


class AlreadyDone(Exception):
    """A retry of an act whose key is known: nothing is done again. `subject` is the object as it stands."""

    def __init__(self, subject: Any) -> None:
        super().__init__("already done")
        self.subject = subject


class KeyTaken(ActionRefused):
    """The number under which something was sent stands for another thing already: this one would have been told done, and was not."""

    says = "这一页刚才已经用来办过另一件事，这一次没有办。"
    fix = "从头打开这一页，再办一次。"


class WrongState(ActionRefused):
    """The object is not in a state from which this move starts."""

    says = "这件事已经不在这一步了，没有改动。"
    fix = "刷新看看它现在到了哪一步。"


class OutOfOrder(ActionRefused):
    """The move is told to have happened before the state that it starts from."""

    says = "填写的时间早于上一步的时间，没有改动。"
    fix = "核对实际办理时间。"


class InTheFuture(ActionRefused):
    """The move is told to have happened later than now."""

    says = "填写的时间还没有到，没有改动。"
    fix = "核对实际办理时间。"


class ToldTooLate(ActionRefused):
    """The move is told later than its row allows."""

    says = "这一步补报的时间已经超过允许的时限，没有改动。"
    fix = "请经办单位按更正办理，写明原因。"


class SubjectMoved(ActionRefused):
    """The subject moved after the device had seen it: the report is kept and a person is asked (KERNEL)."""

    says = "您办理的时候，这件事已经被别人往前办了。您填的内容已经存好，转给经办人核对。"
    fix = "等经办人核对，不用重填。"


class ChainBreaks(ActionRefused):
    """A correction would leave a history in which a step starts from where the one before did not end."""

    says = "后面还有步骤是接着这一步办的，单独更正会对不上，没有改动。"
    fix = "先更正后面的步骤，或者选“连同后面的一起更正”。"


class WrongTable(TypeError):
    """A process table that contradicts itself: found at start, never by a user."""
