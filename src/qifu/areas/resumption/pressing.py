"""What resumption lays before those in charge: with whom it waits, who has not applied yet, what is past its time."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import starmap
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse

from qifu.areas.registry.models import ContactPost, Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.indicators import Matter, Moment, Row, Stuck, matter_providers
from qifu.kernel.language import listed, said
from qifu.kernel.workflow.models import ClockRun

from .models import Application

PROCESS = "resumption.application"
WORDS = {"accept": said("等受理"), "assess": said("等评估"), "decide": said("等决定")}
RIGHTS = {"accept": "resumption.accept", "assess": "resumption.assign", "decide": "resumption.decide"}
FIRM_COLUMNS = (said("镇街"), said("联系人"), said("电话"))
_NAMED = 3


def waiting(name: str, *, facet: str = "") -> Callable[[Moment], Sequence[Stuck]]:
    """Give by office whose clock runs, the most first; `facet` narrows to a kind of enterprise."""

    def ask(moment: Moment) -> Sequence[Stuck]:
        return [_stuck(row, moment.asof) for row in _by_office([name], within=moment.within, at=moment.asof, facet=facet)]

    return ask


def _open_runs(within: tuple[int, ...] | None) -> QuerySet[ClockRun]:
    found = ClockRun.objects.filter(process=PROCESS, stopped_at__isnull=True, paused_at__isnull=True)
    return found if within is None else found.filter(region__in=within)


class Waiting(NamedTuple):
    """One office's queue at one step: how many wait, how many past their time, and since when."""

    step: str
    owner: str
    region: int
    n: int
    late: int
    due: datetime


def _by_office(steps: Sequence[str], *, within: tuple[int, ...] | None, at: datetime, facet: str = "") -> list[Waiting]:
    found = _open_runs(within).filter(name__in=steps)
    if facet:
        found = found.filter(subject__in=Application.objects.filter(facets__contains=[facet]).values("id"))
    late = Count("id", filter=Q(due_at__lte=at))
    rows = found.order_by().values_list("name", "owner").annotate(Min("region"), Count("id"), late=late, due=Min("due_at"))
    return sorted(starmap(Waiting, rows), key=lambda row: (steps.index(row.step), -row.late, -row.n, row.owner))


def _stuck(row: Waiting, at: datetime) -> Stuck:
    place = _place_of(row.owner, row.region)
    return Stuck(
        row.owner or jurisdiction.name(row.region), row.n, _waits(row.n, WORDS[row.step], row.late), place=place,
        right=_right(row.step, place), late=row.late, due_at=row.due, url=_worklist("overdue" if row.late else "open"),
    )  # fmt: skip


def _waits(n: int, what: str, late: int) -> str:
    if late:
        return said("{n}家{what}，{late}家超时", n=n, what=what, late=late)
    return said("{n}家{what}", n=n, what=what)


def _place_of(owner: str, region: int) -> int:
    """Give the place whose office this is: the town, or the district above it."""
    return next((one for one in jurisdiction.lineage(region) if jurisdiction.name(one) == owner), region)


def _right(name: str, place: int) -> str:
    return f"{RIGHTS[name]}.{'district' if jurisdiction.place(place).kind == 'district' else 'town'}"


def _worklist(view: str) -> str:
    try:
        return f"{reverse('resumption:worklist')}?view={view}"
    except NoReverseMatch:
        return ""


# ------------------------------------------------------------------------------------------------ not yet applied, not yet started


def by_town(rows: Callable[[Moment], Sequence[tuple[UUID, int]]], says: str) -> Callable[[Moment], Sequence[Stuck]]:
    """Give by town where firms lag behind, the most first; `says` is what they have not done."""

    def ask(moment: Moment) -> Sequence[Stuck]:
        ids = [id for id, _ in rows(moment)]
        found = Counter(Enterprise.objects.filter(pk__in=ids).values_list("region", flat=True))
        return [_lagging(town, n, says) for town, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]

    return ask


def approved_not_started(moment: Moment) -> Sequence[Stuck]:
    """Give by town how many have their permit and have not reported a start."""
    found = Application.objects.filter(state="approved", facets__contains=["size:above"])
    if moment.within is not None:
        found = found.filter(region__in=moment.within)
    towns = Counter(found.values_list("region", flat=True))
    return [_lagging(town, n, said("已批没开工")) for town, n in sorted(towns.items(), key=lambda pair: (-pair[1], pair[0]))]


def _lagging(town: int, n: int, says: str) -> Stuck:
    name = jurisdiction.name(town)
    # 明川经济开发区 is no 明川: a zone is not called as the district that it lies in.
    who = name[-3:] if name.endswith("开发区") else jurisdiction.short(name)
    return Stuck(who, n, _waits(n, said(says), 0), place=town, right="resumption.accept.town")


def describe_firms(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Label enterprises by name, town, contact and masked number: a list of whom to call."""
    posts = {
        post.enterprise_id: post
        for post in ContactPost.objects.filter(enterprise__in=list(ids), until__isnull=True).order_by("main", "-since")
    }
    found = {}
    for firm in Enterprise.objects.filter(pk__in=list(ids)):
        post = posts.get(firm.id)
        cells = (jurisdiction.name(firm.region), post.name if post else "", post.phone_masked if post else "")
        found[firm.id] = Row(firm.id, 1, firm.name, f"/desk/enterprises/{firm.id}", cells)
    return found


# ------------------------------------------------------------------------------------------------ matters


def matters(actor: Actor, at: datetime, within: tuple[int, ...] | None) -> Sequence[Matter]:
    """Lay before those in charge what is past its time, by office and step."""
    late = [row for row in _by_office(list(WORDS), within=within, at=at) if row.late]
    firms = _firms_of(within, at) if late else {}
    found = []
    for row in late:
        place, first, word = _place_of(row.owner, row.region), firms.get((row.step, row.owner), []), WORDS[row.step]
        found.append(
            Matter(
                said("{owner}有{late}家过了时限还在{word}", owner=row.owner, late=row.late, word=word),
                said("{names}等", names=listed(first)) if row.late > len(first) else listed(first), row.due, url=_worklist("overdue"),
                act=said("看这{late}家", late=row.late), place=place, right=_right(row.step, place), weight=row.late,
            )
        )  # fmt: skip
    return found


def _firms_of(within: tuple[int, ...] | None, at: datetime) -> dict[tuple[str, str], list[str]]:
    """Give the firms that wait longest past their time, by step and office."""
    ranked = Window(RowNumber(), partition_by=["name", "owner"], order_by=["due_at", "id"])
    runs = _open_runs(within).filter(name__in=WORDS, due_at__lte=at).annotate(rank=ranked).filter(rank__lte=_NAMED).order_by("due_at", "id")
    rows = list(runs.values_list("name", "owner", "subject"))
    names = dict(Application.objects.filter(pk__in=[subject for _, _, subject in rows]).values_list("id", "enterprise__name"))
    found: dict[tuple[str, str], list[str]] = {}
    for name, owner, subject in rows:
        if subject in names:
            found.setdefault((name, owner), []).append(names[subject])
    return found


matter_providers["resumption"] = matters
