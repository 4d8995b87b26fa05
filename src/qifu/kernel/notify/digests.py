"""Digests: at 07:30 what waits for somebody today, at 20:00 what happened; each at most once, and none where nothing is.

What waits is read from the process tables: open things within reach whose next move a person's hat may make, by state,
with the earliest deadline. What happened is what the person did today, and the messages that they had gathered."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from qifu.kernel.access import DOOR, Actor, Hat, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Person, everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal.models import Entry
from qifu.kernel.language import in_chinese, plain
from qifu.kernel.values.secret import Secret
from qifu.kernel.workflow.engine import Workflow, workflows
from qifu.kernel.workflow.timer import timer

from .kinds import Kind, kinds, register
from .models import Digested, Outgoing, Preference
from .telling import tell

MORNING, EVENING = time(7, 30), time(20, 0)
LATEST = timedelta(hours=3)
"""A digest that could not go out by then is left out: 07:30's news is no news at noon."""
AT_ONCE = 100
LINES = 6
MOST_TOLD = 20

register(Kind(code="notify.morning", label="早上汇总", words="{name}，今天等您办的：{lines}。", brief="今天有{n}件事等您办，打开企服看。",
              gather=False, lasts=LATEST))  # fmt: skip
register(Kind(code="notify.evening", label="晚上汇总", words="{name}，今天：{lines}。", brief="今天有{n}件事，打开企服看。",
              gather=False, lasts=LATEST))  # fmt: skip


class Line(NamedTuple):
    """One line of a digest: 待受理3件, and since when or until when."""

    word: str
    n: int
    note: str = ""

    def said(self) -> str:
        return f"{self.word}{self.n}件{self.note and f'（{self.note}）'}"


Offer = Callable[[Actor, datetime], Sequence[Line]]
offers: dict[str, Offer] = {}
"""What areas add to the morning digest beside their process tables, by name."""


def offer(name: str, read: Offer) -> None:
    """Let an area add lines to the morning digest: `read(actor, at)` is called inside `acting(actor)`."""
    offers[name] = read


def send_due(at: datetime, *, limit: int = AT_ONCE) -> int:
    """Write the digests whose hour has come, for at most so many people; gives how many people were seen to."""
    here = local(at)
    half = _half(here)
    if half is None:
        return 0
    today = here.date()
    with acting(DOOR):
        done = Digested.objects.filter(person=OuterRef("pk"), **{half: today})
        unwanted = Preference.objects.filter(person=OuterRef("pk"), **{half: False})
        asked = Preference.objects.filter(person=OuterRef("pk"), **{half: True})
        people = everything(Person).filter(~Exists(done), ~Exists(unwanted), closed_at__isnull=True, entered_at__isnull=False)
        # Officers get it unless they said no; a firm's contact only who said yes.
        found = list(people.filter(Q(party__isnull=True) | Exists(asked)).order_by("id").values_list("id", flat=True)[:limit])
    for person in found:
        _one(person, half, at)
    return len(found)


def _half(here: datetime) -> str | None:
    for name, hour in (("morning", MORNING), ("evening", EVENING)):
        begins = here.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
        if begins <= here < begins + LATEST:
            return name
    return None


def _one(person: UUID, half: str, at: datetime) -> None:
    with acting(DOOR):
        actor = worn_by(person, at=at)
        name = actor.name
        everything(Digested).update_or_create(person=person, defaults={half: local(at).date()})
    with in_chinese():
        lines: list[Line] = []
        if actor.hats:
            with acting(actor):
                lines = waiting(actor, at) if half == "morning" else happened(actor, at)
        with acting(timer()):
            # The evening's digest, and the morning's, take along what was gathered since the last.
            kept = everything(Outgoing).select_for_update().filter(person=person, state="gathered")
            gathered = list(kept.order_by("made_at", "id")[:MOST_TOLD])
            if not lines and not gathered:
                return
            told = [one.said() for one in lines[:LINES]] + [_words(row) for row in gathered]
            on = everything(Person).get(pk=person)
            n = sum(line.n for line in lines) + len(gathered)
            words = {"name": name, "lines": "；".join(told), "n": n}
            digest = tell(person, f"notify.{half}", words=words, on=on, about=person, at=at, key=f"{half}:{person}:{local(at):%Y%m%d}")
            everything(Outgoing).filter(id__in=[row.id for row in gathered]).update(state="digested", digest=digest, ended_at=at)


def _words(row: Outgoing) -> str:
    kind = kinds.get(row.kind)
    values = json.loads(Secret(row.words).reveal()) if row.words else {}
    return kind.say(values, brief=False).rstrip("。") if kind else ""


# ---------------------------------------------------------------- what waits


def waiting(actor: Actor, at: datetime) -> list[Line]:
    """Give what waits for an actor, by state, the most urgent first; inside `acting(actor)`."""
    found: list[tuple[datetime, Line]] = []
    for workflow in workflows.values():
        found += _of_workflow(workflow, actor, at)
    far = at + timedelta(days=3650)
    found += [(far, line) for name in sorted(offers) for line in offers[name](actor, at)]
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]


def _of_workflow(workflow: Workflow[Any], actor: Actor, at: datetime) -> list[tuple[datetime, Line]]:
    """Count the open things of one process whose clock runs and whose next move some hat may make."""
    timed = frozenset[str]().union(*(clock.runs_in for clock in workflow.clocks))
    reach: Q | None = None
    for state in timed:
        rights = [move.who for move in workflow.moves.values() if state in move.sources and not move.backdate]
        for hat in actor.hats:
            # An officer who may apply for a firm may also take back for it: that is not what waits at a desk.
            own = workflow.opening.who if hat.place else ""
            if hat.valid(at) and any(right != own and _holds(hat, right) for right in rights):
                mine = Q(state=state) & _within(hat)
                reach = mine if reach is None else reach | mine
    if reach is None:
        return []
    rows = workflow.model._base_manager.filter(reach, due_at__isnull=False)
    far = at + timedelta(days=3650)
    return [
        (first or far, Line(plain(workflow.states[state]), n, _until(first, at) if first else ""))
        for state, n, first in rows.values_list("state").annotate(n=Count("id"), first=Min("due_at")).order_by(F("first"))
    ]


def _holds(hat: Hat, right: str) -> bool:
    """Say whether a hat holds a right; one that depends on the row (resumption.decide.{route}) counts by its beginning."""
    beginning, brace, _ = right.partition("{")
    return any(one.startswith(beginning) for one in hat.rights) if brace else right in hat.rights


def _within(hat: Hat) -> Q:
    scope = hat.scope
    return Q() if scope.everywhere else Q(region__in=scope.regions) | Q(party__in=scope.parties)


def _until(due: datetime, at: datetime) -> str:
    here, now = local(due), local(at)
    if due <= at:
        return "已超时"
    if here.date() == now.date():
        return f"最早今天{here:%H:%M}到期"
    # A deadline at midnight is the end of the day before.
    last = here - timedelta(microseconds=1)
    return "最早今天到期" if last.date() == now.date() else f"最早{last.month}月{last.day}日到期"


# ---------------------------------------------------------------- what happened


def happened(actor: Actor, at: datetime) -> list[Line]:
    """Give what an actor did today, by move, the most first; inside `acting(actor)`."""
    begins = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    done = everything(Entry).filter(actor=actor.id, recorded_at__gte=begins, recorded_at__lt=at, process__in=list(workflows), sign=1)
    counted: Counter[str] = Counter()
    for process, verb, n in done.values_list("process", "verb").annotate(n=Count("seq")):
        workflow = workflows[process]
        move = workflow.moves.get(verb)
        label = move.label if move else workflow.opening.label if verb == workflow.opening.verb else ""
        if label:
            counted[plain(label)] += n
    return [Line(label, n) for label, n in counted.most_common()]


__all__ = ["EVENING", "MORNING", "Line", "happened", "offer", "send_due", "waiting"]
