"""Parts of visits that several pages draw: states, clocks, opinions and visits as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.files.keeping import of as files_of
from qifu.kernel.language import said
from qifu.ui.parts import Clock, Link, Photo, State
from qifu.ui.words import say_moment

from ..models import Opinion, Plan, Visit
from ..terms import KINDS, NEEDS, OPINION_STATES, PLAN_STATES, TONES, VISIT_STATES
from ..workflow import SAID

SIZES = {"above": said("规上"), "limit_above": said("限上"), "small": said("规下")}


def state_of(opinion: Opinion) -> State:
    """Draw where an opinion stands."""
    word = said("回去问") if opinion.state == "noted" and opinion.to_ask else OPINION_STATES[opinion.state]
    return State(word, TONES[opinion.state])


def plan_state(plan: Plan) -> State:
    """Draw where a proposal stands."""
    return State(PLAN_STATES[plan.state], {"proposed": "ask", "confirmed": "ok", "dropped": "idle"}[plan.state])


def visit_state(visit: Visit) -> State:
    """Draw where a visit stands."""
    return State(VISIT_STATES[visit.state], {"planned": "info", "visited": "ok", "dropped": "idle"}[visit.state])


def clock_of(visit: Visit | None) -> Clock | None:
    """Draw the time that a planned visit has left."""
    return Clock(visit.due_at) if visit and visit.state == "planned" and visit.due_at else None


@dataclass(frozen=True)
class Heard:
    """One opinion as pages show it, with what may be done now."""

    id: str
    number: int
    firm: Link
    town: str
    words: str
    need: str
    state: State
    after: str
    """How it was answered, to whom it went."""
    case: Link | None
    who: str
    when: str
    visit: Link | None
    may: Sequence[Any]
    clock: Clock | None = None
    """The time left to ask and answer."""


def heard(opinion: Opinion, *, actor: Actor, at: datetime) -> Heard:
    """Draw one opinion."""
    firm = opinion.enterprise
    case = None
    if opinion.case and actor.may("case.see"):
        case = Link(str(said("诉求 {number}", number=opinion.case_number)), reverse("casework:subject", args=[opinion.case]))
    after = opinion.answer or opinion.office or ("" if case else opinion.case_number)
    visit = opinion.visit
    link = Link(str(said("第{n}次走访", n=visit.number)), reverse("visits:record", args=[visit.id])) if visit else None
    choices = [c for c in SAID.possible(opinion, actor=actor, at=at) if actor.may(c.move.who) and c.allowed]
    return Heard(
        str(opinion.id), opinion.number, Link(firm.name, reverse("visits:firm", args=[firm.id])), jurisdiction.name(opinion.region),
        opinion.words, str(NEEDS[opinion.need]), state_of(opinion), after, case, opinion.officer_name,
        say_moment(opinion.noted_at, at=at) if opinion.noted_at else "", link, choices,
        Clock(opinion.due_at) if opinion.state == "noted" and opinion.due_at else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Made:
    """One visit as a line."""

    href: str
    title: str
    line: str
    state: State
    words: str
    photos: Sequence[Photo]
    opinions: int


def made(visit: Visit, *, at: datetime, opinions: int = 0, photos: Sequence[Photo] = ()) -> Made:
    """Draw one visit."""
    if visit.state == "visited" and visit.visited_at:
        title = str(said("第{n}次走访", n=visit.number))
        parts = [say_moment(visit.visited_at, at=at), visit.officer_name, str(said("{n}分钟", n=visit.minutes)) if visit.minutes else ""]
    else:
        title = str(KINDS[visit.kind])
        parts = [visit.officer_name, visit.reason]
    line = "，".join(part for part in parts if part)
    return Made(reverse("visits:record", args=[visit.id]), title, line, visit_state(visit), visit.words, photos, opinions)


def photos_of(visit: Visit, *, at: datetime) -> list[Photo]:
    """Draw the photos that a visit names."""
    wanted = set(visit.photos)
    found = [file for file in files_of([visit.enterprise_id], kind="visits.visit").get(visit.enterprise_id, []) if file.id in wanted]
    return [
        Photo(
            reverse("file", args=[one.id]), reverse("file_small", args=[one.id]), f"{local(one.taken_at or one.kept_at):%H:%M}",
            str(said("走访照片，{at}", at=say_moment(one.taken_at or one.kept_at, at=at))),
        )
        for one in found
    ]  # fmt: skip
