"""Reads of resumption: worklists, the dynamic list, the register, and the small facts that actions need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.indicators import Row
from qifu.kernel.workflow.models import ClockRun

from .models import Application
from .terms import STATES

OPEN = ("submitted", "forwarded", "accepted", "assigned", "passed")
"""States in which an office must act."""


def next_number(district: int, at: datetime) -> str:
    """Give the next number of a district's day: 330213-0210-0007. Two at once wait for each other, none is given twice."""
    day = at.astimezone(ZONE).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO resumption_daycount (district, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (district, day) DO UPDATE SET last = resumption_daycount.last + 1 RETURNING last",
            [district, day],
        )
        return f"{district}-{day:%y%m%d}-{cursor.fetchone()[0]:04d}"


def known_of(enterprise: Enterprise) -> dict[str, Any]:
    """Give what the register knows and no form asks again."""
    kinds = {site.kind for site in registry.sites_of(enterprise.id)}
    return {
        "staff": enterprise.staff or None,
        "legal_person": enterprise.legal_person,
        "has_dormitory": "dormitory" in kinds or None,
        "has_canteen": "canteen" in kinds or None,
        "roster_complete": registry.workers_count(enterprise.id) > 0 or None,
    }


def district_place(region: int) -> int:
    """Give the place id of the district above a town or zone."""
    return next((p for p in jurisdiction.lineage(region) if jurisdiction.place(p).kind == "district"), region)


def office_name(place: int) -> str:
    """Give how people call the office that must act: 江口街道, 奉化区."""
    return jurisdiction.name(place)


def teams(region: int, at: datetime) -> list[TaskForce]:
    """Give the assessment teams at work in a district."""
    line = jurisdiction.lineage(region)
    found = everything(TaskForce).filter(kind="assessment", place__in=line, since__lte=at)
    return list(found.filter(Q(until__isnull=True) | Q(until__gt=at)).order_by("name"))


def applications(actor: Actor) -> QuerySet[Application]:
    """Give the applications that the actor reaches, with what a row shows."""
    return Application.objects.visible_to(actor).select_related("enterprise", "team")


@dataclass(frozen=True)
class View:
    """One saved view of the worklist: its name, its word, and what it holds."""

    name: str
    label: str
    group: str
    where: Q
    tone: str = ""


def views(actor: Actor, at: datetime) -> list[View]:
    """Give the saved views, in the order in which a day is worked through."""
    tonight = (at.astimezone(ZONE) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    open_ = Q(state__in=OPEN)
    mine = Q(state__in=_states_of(actor))
    return [
        View("mine", "我的待办", "我的", mine),
        View("overdue", "已逾期", "我的", open_ & Q(due_at__lte=at), "stop"),
        View("today", "今日到期", "我的", open_ & Q(due_at__gt=at, due_at__lte=tonight), "ask"),
        View("open", "全部在办", "本单位", Q(state__in=(*OPEN, "returned", "rectifying"))),
        *[
            View(state, STATES[state], "本单位", Q(state=state))
            for state in ("submitted", "forwarded", "accepted", "assigned", "rectifying", "passed")
        ],
        View("big", "亿元以上", "跟一跟", open_ & Q(facets__contains=["over_100m"])),
        View("essential", "保障类", "跟一跟", open_ & Q(facets__contains=["essential"])),
        View("approved", "已批准未开工", "跟一跟", Q(state="approved")),
        View("resumed", "已复工", "跟一跟", Q(state="resumed")),
    ]


def _states_of(actor: Actor) -> list[str]:
    """Give the states in which this actor's rights let them act."""
    by_right = {
        "resumption.forward": ["submitted"],
        "resumption.accept.town": ["submitted"],
        "resumption.accept.district": ["forwarded"],
        "resumption.assign.town": ["accepted"],
        "resumption.assign.district": ["accepted"],
        "resumption.assess": ["assigned"],
        "resumption.decide.town": ["passed"],
        "resumption.decide.district": ["passed"],
        "resumption.item.fire": ["accepted", "assigned"],
        "resumption.item.health": ["accepted", "assigned"],
    }
    return sorted({state for right, states in by_right.items() if actor.may(right) for state in states})


COUNTED_TO = 999
"""Above this a count is shown as 999+, and nobody counts further."""


def counts(actor: Actor, at: datetime) -> dict[str, int]:
    """Give each view's live count, counted no further than 999+."""
    found = Application.objects.visible_to(actor)
    return {view.name: found.filter(view.where).order_by()[: COUNTED_TO + 1].count() for view in views(actor, at)}


def by_state(actor: Actor) -> dict[str, int]:
    """Give how many applications stand in each state."""
    return dict(Application.objects.visible_to(actor).order_by().values_list("state").annotate(Count("id")))


def breaches(actor: Actor, *, name: str, start: datetime, end: datetime) -> QuerySet[ClockRun]:
    """Give the runs of a same-day clock that were missed in a span: stopped after their end, or still running past it."""
    return (
        ClockRun.objects.visible_to(actor)
        .filter(process="resumption.application", name=name, started_at__gte=start, started_at__lt=end)
        .filter(Q(stopped_at__gte=F("due_at")) | Q(stopped_at__isnull=True, due_at__lte=end))
        .order_by("due_at")
    )


def describe(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Give the rows behind a figure: enterprise, town, state, number; only those within scope."""
    found = Application._base_manager.filter(pk__in=ids).select_related("enterprise")
    return {
        a.id: Row(
            a.id,
            1,
            a.enterprise.name,
            f"/desk/applications/{a.id}",
            (jurisdiction.name(a.region), STATES.get(a.state, ""), a.number),
        )
        for a in found
    }
