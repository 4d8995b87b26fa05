"""How meetings, items, tasks and notes are drawn. Call inside `acting`."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor
from qifu.kernel.documents import issuing
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.ui.parts import Clock, Event, Option, Paper, State
from qifu.ui.words import say_deadline

from .. import queries
from ..limits import offered
from ..models import Item, Meeting, Note, Task
from ..models import Paper as Draft
from ..terms import ITEM_STATES, MEETING_STATES, NOTE_STATES, PAPER_STATES
from ..workflow import ITEMS, MEETINGS, NOTES, PAPERS

_MEETING = {
    "planned": ("idle", "ring"),
    "called": ("info", "send"),
    "held": ("info", "half"),
    "drafted": ("ask", "edit"),
    "minuted": ("info", "half"),
    "closed": ("ok", "check"),
    "dropped": ("idle", "minus"),
}
_ITEM = {"listed": ("idle", "ring"), "decided": ("ok", "check"), "put_off": ("ask", "pause"), "withdrawn": ("idle", "minus")}
_NOTE = {"received": ("ask", "flag"), "given": ("info", "half"), "closed": ("ok", "check")}
_PAPER = {"drafted": ("idle", "edit"), "issued": ("ok", "check"), "dropped": ("idle", "minus")}
LABELS = {
    **{f"{w.name}.{move.verb}": move.label for w in (MEETINGS, ITEMS, NOTES, PAPERS) for move in w.moves.values()},
    **{f"{w.name}.{w.opening.verb}": said(w.opening.label) for w in (MEETINGS, ITEMS, NOTES, PAPERS)},
    "consultation.meeting.came": said("点名"),
    "consultation.meeting.reply": said("回了通知"),
}
ROWS, MOST_ROWS, USUAL = 3, 12, "17:00"


def state_of(one: Meeting | Item | Note | Draft) -> State:
    """Draw the state of any of the four."""
    words, tones = {
        Meeting: (MEETING_STATES, _MEETING),
        Item: (ITEM_STATES, _ITEM),
        Note: (NOTE_STATES, _NOTE),
        Draft: (PAPER_STATES, _PAPER),
    }[type(one)]
    return State(said(words[one.state]), *tones[one.state])


def clock_of(one: Meeting | Note | Draft) -> Clock | None:
    """Draw the clock that runs."""
    return Clock(one.due_at) if one.due_at else None


def task_of(task: Task) -> SimpleNamespace:
    """Draw one office's task as its case stands: in whose hands, answered with what, by when promised."""
    case, answered = task.case, queries.is_answered(task)
    own = casework.drawing.state_of(case)
    done = case.resolved_at or case.answered_at
    return SimpleNamespace(
        it=task,
        case=case,
        href=casework.drawing.desk_of(case),
        answered=answered,
        state=own,
        office=case.office_name or task.office_name,
        moved=bool(case.office_name) and case.office_name != task.office_name,
        clock=Clock(task.due_at, done_at=done if answered else None),
        answer=case.answer if answered else "",
        at=done if answered else None,
        by=case.handler_name,
    )


def item_of(item: Item, tasks: Sequence[Task]) -> SimpleNamespace:
    """Draw an item with its case and its tasks."""
    case = item.case
    return SimpleNamespace(
        it=item,
        case=case,
        state=state_of(item),
        case_state=casework.drawing.state_of(case),
        href=casework.drawing.desk_of(case),
        firm=casework.drawing.firm_of(case),
        over=item.state == "listed" and not casework.is_open(case),
        tasks=[task_of(one) for one in tasks],
        decide=reverse("consultation:act_on_item", args=[item.id, "decide"]),
    )


def events_of(one: Meeting | Note | Draft) -> list[Event]:
    """Draw what happened, from the journal."""
    found = []
    for entry in reversed(reading.timeline(one)):
        word = LABELS.get(f"{entry.process}.{entry.verb}")
        if word is not None:
            found.append(Event(entry.at, str(word), entry.actor_name, "" if found else "now"))
    return found


def papers_of(about: Any) -> list[Paper]:
    """Draw the issued papers about a thing, with PDF and Word beside."""
    return [Paper(one.title, reverse("papers:paper", args=[one.id]), one.number) for one in issuing.of(about)]


# ---------------------------------------------------------------- the rows of tasks in a form


def task_rows(posted: QueryDict | None, *, rows: int = ROWS) -> list[SimpleNamespace]:
    """Give the rows of the form: what was typed, and empty ones up to `rows`; three more where they were asked for."""
    typed: list[SimpleNamespace] = []
    if posted is not None:
        offices, whats, limits = posted.getlist("office"), posted.getlist("what"), posted.getlist("limit")
        lead = posted.get("lead", "")
        for n, office in enumerate(offices[:MOST_ROWS]):
            typed.append(
                SimpleNamespace(
                    n=n,
                    office=office,
                    what=whats[n] if n < len(whats) else "",
                    limit=limits[n] if n < len(limits) else "",
                    lead=lead == str(n),
                )
            )
        rows = len(typed) + 3 if posted.get("more") else max(rows, len(typed))
    rows = min(rows, MOST_ROWS)
    return [*typed, *(SimpleNamespace(n=n, office="", what="", limit=USUAL, lead=n == 0 and not typed) for n in range(len(typed), rows))]


def tasks_in(posted: QueryDict) -> list[dict[str, Any]]:
    """Give the rows that say an office or what to do, as the action takes them."""
    return [
        {"office": row.office, "what": row.what, "limit": row.limit, "lead": row.lead}
        for row in task_rows(posted, rows=0)
        if row.office or row.what.strip()
    ]


def office_options(region: int, actor: Actor, *, at: datetime) -> list[Option]:
    """Give the offices that may be chosen."""
    return [Option(one.code, one.name) for one in queries.offices(region, actor, at=at)]


def limit_options(region: int, *, at: datetime) -> list[Option]:
    """Give the times that may be chosen, each with the moment that it means here."""
    found = []
    for code, limit in offered(region, at=at):
        due = say_deadline(limit.due, at=at)
        found.append(Option(code, said("{n}个工作日：{due}", n=limit.days, due=due) if limit.days else due))
    return found
