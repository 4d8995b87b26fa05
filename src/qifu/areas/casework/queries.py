"""Reads of casework. Everything starts from the actor's scope; what lies in another compartment is nowhere."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.indicators import Row
from qifu.kernel.workflow.models import ClockRun

from . import rules
from .models import Case, Help, Supervision
from .terms import OPEN, OWED, STATES

FOUND_TO = 500
_ALIKE_WITHIN = timedelta(days=90)
_ALIKE_AMONG = 2000
_ALIKE_SHOWN = 4
_PLAIN = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def next_number(region: int, at: datetime) -> str:
    """Give the next number of a place's year: 330213008-20-0017. Two at once wait for each other, none is given twice."""
    return next(next_numbers(region, 1, at))


def next_numbers(region: int, count: int, at: datetime) -> Iterator[str]:
    """Give the next numbers of a place's year, so many in a row."""
    year = at.astimezone(ZONE).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_series (place, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (place, year) DO UPDATE SET last = casework_series.last + EXCLUDED.last RETURNING last",
            [region, year, count],
        )
        last = cursor.fetchone()[0]
    head = f"{jurisdiction.place(region).code[:9]}-{year % 100:02d}-"
    return iter([f"{head}{number:04d}" for number in range(last - count + 1, last + 1)])


def secret_number() -> str:
    """Give the number of a confidential case: drawn by lot, so that numbers tell neither how many there are nor when."""
    drawn = "".join(secrets.choice(_PLAIN) for _ in range(8))
    return f"M-{drawn[:4]}-{drawn[4:]}"


def cases(actor: Actor) -> QuerySet[Case]:
    """Give the cases that the actor reaches."""
    return Case.objects.visible_to(actor).select_related("enterprise")


def case(id: UUID, actor: Actor) -> Case:
    """Give one case, or refuse NotFound: the same sentence whether it lies elsewhere or nowhere."""
    found = cases(actor).select_related("merged_into").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def meant(text: str, actor: Actor, *, wide: bool) -> list[UUID]:
    """Give the cases that a search means: by number (the other loop's too), by firm, or by words of the text."""
    reached = Case.objects.visible_to(actor).order_by()
    plain = text.strip().upper()
    if any(ch.isdigit() for ch in plain) and plain.replace("-", "").replace("/", "").isalnum() and plain.isascii():
        number = Q(number=plain) | Q(source_number=plain) if wide else Q(number__contains=plain) | Q(source_number=plain)
        if ids := set(reached.filter(number).values_list("pk", flat=True)[:FOUND_TO]):
            return sorted(ids, key=str)
    firms = registry.search(registry.enterprises_in_scope(actor), text).order_by().values_list("pk", flat=True)[:FOUND_TO]
    ids = set(reached.filter(enterprise__in=list(firms)).values_list("pk", flat=True)[:FOUND_TO])
    if len(words := [gram for gram in rules.grams(text) if len(rules.written(gram)) == 2]) > 0:
        ids.update(reached.filter(grams__contains=words).values_list("pk", flat=True)[: 2 * FOUND_TO])
    return sorted(ids, key=str)


class Alike(NamedTuple):
    """A case that may be the same trouble: how alike, by which words, and whether it is the same firm's."""

    case: Case
    share: float
    words: tuple[str, ...]
    same_firm: bool


def alike(
    text: str, actor: Actor, *, at: datetime, enterprise: UUID | None = None, region: int | None = None, but: UUID | None = None
) -> list[Alike]:
    """Give the likeliest cases of the last ninety days, the same firm's first; at most four.

    Looks at the firm's own and at the latest of the place, a bounded number: it is asked at every pause of typing."""
    mine = rules.grams(text)
    if len(mine) < 2:
        return []
    recent = cases(actor).filter(recorded_at__gte=at - _ALIKE_WITHIN).exclude(state="merged").order_by("-recorded_at")
    recent = recent.exclude(pk=but) if but else recent
    found: dict[UUID, Case] = {}
    if enterprise is not None:
        found |= {one.id: one for one in recent.filter(enterprise=enterprise)[:200]}
    around = recent.filter(region=region) if region is not None else recent
    ids = list(around.values_list("id", "grams")[:_ALIKE_AMONG])
    likely = [id for id, theirs in ids if rules.likeness(mine, theirs).share >= rules.LIKE]
    found |= {one.id: one for one in cases(actor).filter(pk__in=likely[:50])}
    rows = []
    for one in found.values():
        like = rules.likeness(mine, one.grams)
        same = enterprise is not None and one.enterprise_id == enterprise
        if like.share >= (rules.LIKE * 0.6 if same else rules.LIKE) and like.words:
            rows.append(Alike(one, like.share, like.words, same))
    rows.sort(key=lambda row: (not row.same_firm, -row.share, str(row.case.id)))
    return rows[:_ALIKE_SHOWN]


def of_enterprise(enterprise: UUID) -> list[Case]:
    """Give the cases of an enterprise, the latest first."""
    return list(Case.objects.filter(enterprise=enterprise).select_related("merged_into").order_by("-recorded_at")[:100])


def helps_of(case: UUID) -> list[Help]:
    """Give who was asked to help with a case."""
    return list(Help.objects.filter(case=case).order_by("asked_at"))


def clock_run(case: UUID) -> ClockRun | None:
    """Give the clock that runs (or stands still) on a case, with why it is due then."""
    found = ClockRun.objects.filter(subject=case, stopped_at__isnull=True)
    return found.filter(paused_at__isnull=True).order_by("due_at").first() or found.order_by("due_at").first()


def in_hand(offices: Sequence[str]) -> Mapping[str, int]:
    """Count the open cases in the hands of each office."""
    rows = Case.objects.filter(office__in=list(offices), state__in=OPEN).order_by().values_list("office").annotate(n=Count("id"))
    return dict(rows)


def asked_to_help(actor: Actor, offices: Sequence[str]) -> QuerySet[Help]:
    """Give what these offices are asked to help with and have not answered."""
    return (
        Help.objects.visible_to(actor).filter(office__in=list(offices), state="asked").select_related("case__enterprise").order_by("due_at")
    )


def supervisions(actor: Actor) -> QuerySet[Supervision]:
    """Give the supervisions that the actor reaches, what is due first in front."""
    return Supervision.objects.visible_to(actor).select_related("case__enterprise").order_by("due_at", "-asked_at", "id")


def owed_by(actor: Actor, offices: Sequence[str]) -> QuerySet[Supervision]:
    """Give the supervisions to which these offices owe an answer; none for who answers for no office."""
    found = supervisions(actor).filter(office__in=list(offices), state__in=OWED)
    return found if actor.may("case.handle") else found.none()


def to_judge(actor: Actor) -> QuerySet[Supervision]:
    """Give the answers that this actor may confirm or send back: not their own."""
    found = supervisions(actor).filter(state="replied").exclude(replier=actor.id)
    return found if actor.may("case.supervise") else found.none()


def supervisions_of(case: UUID) -> list[Supervision]:
    """Give the supervisions of a case in their order."""
    return list(Supervision.objects.filter(case=case).order_by("asked_at", "id"))


def describe(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Give the rows behind a figure: title, firm, office, state; only those within scope."""
    found = Case._base_manager.filter(pk__in=ids)
    return {
        one.id: Row(
            one.id, 1, one.title, f"/desk/cases/{one.id}",
            (one.firm, one.office_name or jurisdiction.name(one.region), STATES[one.state], one.number),
        )
        for one in found
    }  # fmt: skip
