"""What areas above may ask of casework. Call inside `acting`, or inside an action of one's own.

To open a case from another action: `record(Record(...), actor=actor, at=at)`. From a page: `run("casework.record", {...})`.
Give `channel` (visit, hotline, counter ...), `text`, `enterprise` or `firm` + `region`, and where it came from as
`origin_kind` + `origin` (e.g. "visits.opinion", its id): the same origin gives the same case again, so a retry is safe."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor

from . import learning, offices, sheets
from .actions.handle import Assign, Classify, assign, classify
from .actions.record import Record, record
from .answers import Ready, answers_from
from .beside import Beside, Line, Part, lay_beside
from .models import Case, Supervision
from .offices import Office
from .photos import bring
from .queries import of_enterprise as cases_of
from .terms import ENDED, OPEN, OWED, STATES
from .views import drawing

ASSIGNABLE = ("recorded", "classified", "assigned", "coordinating", "reopened")
"""States in which a case can be given to another office."""


def is_open(case: Case) -> bool:
    """Say whether somebody still has to do something about a case."""
    return case.state in OPEN


def is_closed(case: Case) -> bool:
    """Say whether nobody has anything left to do about a case: closed out, answered at once, or gone into another."""
    return case.state not in (*OPEN, "resolved", "confirmed")


def offices_for(region: int, *, at: datetime) -> list[Office]:
    """Give the offices to which a case of a region may be given, nearest first."""
    return offices.that_handle(region, at=at)


def own_office(actor: Actor) -> str:
    """Give the code of the office under which an actor works; '' for nobody's."""
    home = offices.home_of(actor)
    return home.code if home else ""


def give(case: Case, *, office: str, why: str, actor: Actor, at: datetime) -> Case:
    """Give a fresh case to an office inside an action of one's own: classified by its words, `why` beside it. Refuses as `assign`."""
    classify(Classify(case=case.id, kind=case.kind or "other"), actor=actor, at=at)
    return assign(Assign(case=case.id, office=office, over=why), actor=actor, at=at)


def case(id: UUID) -> Case | None:
    """Give a case within the scope of the open transaction, or None."""
    return Case.objects.filter(pk=id).first()


def supervision_of(case: Case, id: UUID | None = None) -> Supervision | None:
    """Give a supervision of a case by its id, else the last that stands (asked, answered or sent back); None where there is none."""
    found = Supervision.objects.filter(case=case.id).order_by("-asked_at", "-id")
    return found.filter(pk=id).first() if id else found.filter(state__in=(*OWED, "replied")).first()


def by_origin(origin_kind: str, origins: Collection[UUID]) -> dict[UUID, Case]:
    """Give the cases that these things have become, by the thing's id."""
    found = Case.objects.filter(origin_kind=origin_kind, origin__in=list(origins))
    return {one.origin: one for one in found if one.origin is not None}


def numbered(source: str, number: str) -> Case | None:
    """Give the case that bears another loop's number, if the actor may see it."""
    return Case._base_manager.filter(source=source, source_number=number.strip()).first()


def state_word(case: Case) -> str:
    """Say in a word where a case stands."""
    return STATES[case.state]


def ended_word(code: str) -> str:
    """Say in words how a case ended; '' for one that has not."""
    return ENDED.get(code, "")


__all__ = [
    "ASSIGNABLE", "Assign", "Beside", "Case", "Line", "Office", "Part", "Ready", "Record", "Supervision", "answers_from", "assign",
    "bring", "by_origin", "case", "cases_of", "drawing", "ended_word", "give", "is_closed", "is_open", "lay_beside", "learning", "numbered",
    "offices", "offices_for", "own_office", "record", "sheets", "state_word", "supervision_of",
]  # fmt: skip
