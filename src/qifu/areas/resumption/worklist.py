"""What the worklist of applications holds: its views, whose a slice is, what a search means. It is read by `kernel.worklist`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from qifu.areas.registry import api as registry
from qifu.areas.registry import queries as register
from qifu.kernel import jurisdiction, worklist
from qifu.kernel.access import Actor
from qifu.kernel.language import said
from qifu.kernel.worklist import COUNTED_TO, PAGE, PAGES, Only, View, wide

from .actions.items import OWN
from .models import Application
from .terms import SIZES, STATES, Route

__all__ = ["COUNTED_TO", "PAGE", "PAGES", "Slice", "View", "Want", "Worklist"]

FOUND_TO = 500
"""How many enterprises a search may name."""

OPEN = ("submitted", "forwarded", "accepted", "assigned", "passed")
"""States in which an office must act."""
RUNNING = (*OPEN, "returned", "rectifying")
"""States of an application that is not finished."""
SORTS = {
    "due": "a.due_at ASC, a.id",
    "-due": "a.due_at DESC NULLS LAST, a.id",
    "staff": "a.head_count ASC, a.id",
    "-staff": "a.head_count DESC, a.id",
    "time": "a.state_at ASC, a.id",
    "-time": "a.state_at DESC, a.id",
}


SHOWN = (
    "region", "state", "state_at", "due_at", "route", "office", "accept_days", "assess_days", "submitted_at", "accepted_at", "passed_at",
    "enterprise__name", "enterprise__over_100m", "enterprise__staff", "team__name",
)  # fmt: skip
"""What a row of the list is drawn from; answers and reasons of fifty applications are most of what they weigh."""

TABLE = worklist.Table("resumption_application", "route", sorts=SORTS)


@dataclass(frozen=True)
class Slice(worklist.Slice):
    """Applications in one state, by one route ('' both); of one's own teams, or with an open item of a department."""

    teams: tuple[UUID, ...] = ()
    departments: tuple[str, ...] = ()

    @property
    def only(self) -> tuple[Only, ...]:
        found = []
        if self.teams:
            found.append(Only("a.team_id = ANY (%s)", (list(self.teams),)))
        if self.departments:
            open_item = "i.application_id = a.id AND i.department = ANY (%s) AND i.result = ''"
            found.append(Only(f"EXISTS (SELECT 1 FROM resumption_item i WHERE {open_item})", (list(self.departments),)))
        return tuple(found)


@dataclass(frozen=True)
class Want(worklist.Want):
    """A view narrowed by filters: what the address bar says."""

    teams: tuple[UUID, ...] = ()
    size: str = ""
    big: bool = False

    @property
    def facets(self) -> tuple[str, ...]:
        return tuple(one for one in (f"size:{self.size}" if self.size else "", "over_100m" if self.big else "") if one)

    @property
    def only(self) -> tuple[Only, ...]:
        return (Only("a.team_id = ANY (%s)", (list(self.teams),)),) if self.teams else ()

    @property
    def rare(self) -> bool:
        return bool(self.view.facet or self.big)


def _in(*states: str) -> tuple[Slice, ...]:
    return tuple(Slice(state) for state in states)


def views(actor: Actor) -> list[View]:
    """Give the saved views in the order in which a day is worked through."""
    return [
        View("mine", said("我的待办"), said("我的"), mine(actor)),
        View("overdue", said("已逾期"), said("我的"), _in(*OPEN), due="overdue", tone="stop"),
        View("today", said("今日到期"), said("我的"), _in(*OPEN), due="today", tone="ask"),
        View("followed", said("我关注的"), said("我的"), _in(*STATES) if actor.person else (), only=_followed(actor)),
        View("open", said("全部在办"), said("本单位"), _in(*RUNNING)),
        *[View(state, STATES[state], said("本单位"), _in(state)) for state in RUNNING],
        View("big", said("亿元以上"), said("跟一跟"), _in(*RUNNING), facet="over_100m"),
        View("essential", said("保障类"), said("跟一跟"), _in(*RUNNING), facet="essential"),
        View("fire", said("卡在消防"), said("跟一跟"), _stuck(actor, "fire")),
        View("project", said("重大项目"), said("跟一跟"), _in(*RUNNING), facet="project"),
        View("approved", said("已批准未开工"), said("跟一跟"), _in("approved")),
        View("resumed", said("已复工"), said("跟一跟"), _in("resumed")),
        View("closed", said("未批准、暂停、撤回"), said("跟一跟"), _in("refused", "suspended", "withdrawn")),
        View("all", said("全部"), said("跟一跟"), _in(*STATES)),
    ]


def _followed(actor: Actor) -> tuple[Only, ...]:
    return (Only("a.id IN (SELECT w.application_id FROM resumption_watch w WHERE w.person = %s)", (actor.person,)),)


def _stuck(actor: Actor, department: str) -> tuple[Slice, ...]:
    """Give what waits for a department's items; not above a district, where it would mean reading every checklist."""
    return () if wide(actor) else (Slice("assigned", departments=(department,)), Slice("rectifying", departments=(department,)))


_BY_RIGHT = {
    "resumption.forward": ("submitted", "district"),
    "resumption.accept.town": ("submitted", "town"),
    "resumption.accept.district": ("forwarded", ""),
    "resumption.assign.town": ("accepted", "town"),
    "resumption.assign.district": ("accepted", "district"),
    "resumption.decide.town": ("passed", "town"),
    "resumption.decide.district": ("passed", "district"),
}


def mine(actor: Actor) -> tuple[Slice, ...]:
    """Give what waits for this very actor, by the rights of their hats."""
    routes: dict[str, set[str]] = {}
    for right, (state, route) in _BY_RIGHT.items():
        if actor.may(right):
            routes.setdefault(state, set()).add(route)
    # Who may by either route sees the whole state: one walk, not two.
    slices = [Slice(state, "" if len(found) == len(Route) else found.pop()) for state, found in routes.items()]
    teams = tuple(sorted({hat.task_force for hat in actor.hats if hat.task_force and "resumption.assess" in hat.rights}, key=str))
    if teams:
        slices.append(Slice("assigned", teams=teams))
    if departments := tuple(code for code, right in OWN.items() if actor.may(right)):
        slices += [Slice("assigned", departments=departments), Slice("rectifying", departments=departments)]
    return tuple(slices)


def is_mine(application: Application, actor: Actor) -> bool:
    """Say whether the next step of this application is this actor's (items of a department left aside)."""
    return any(
        one.state == application.state
        and one.kind in ("", application.route)
        and not one.departments
        and (not one.teams or application.team_id in one.teams)
        for one in mine(actor)
    )


# ------------------------------------------------------------------------------------------------ reading


class Worklist(worklist.Worklist):
    """All reads of one request over the applications."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        super().__init__(TABLE, actor, at, named=self._meant)

    def rows(self, ids: Sequence[UUID]) -> list[Application]:
        """Give these applications in this order, whole; those out of scope are left out."""
        return self._in_order(ids, Application.objects.visible_to(self.actor).select_related("enterprise", "team"))

    def lines(self, ids: Sequence[UUID]) -> list[Application]:
        """Give them with what a row shows and nothing more."""
        return self._in_order(ids, Application.objects.visible_to(self.actor).select_related("enterprise", "team").only(*SHOWN))

    @staticmethod
    def _in_order(ids: Sequence[UUID], reached: QuerySet[Application]) -> list[Application]:
        found = {one.id: one for one in reached.filter(pk__in=ids)}
        return [found[id] for id in ids if id in found]

    def _meant(self, text: str) -> list[UUID]:
        """Give the applications that a search means: by the whole number, in a narrow reach also by a part, or by the firm."""
        reached = Application.objects.visible_to(self.actor).order_by()
        narrow = not wide(self.actor) and any(ch.isdigit() for ch in text)
        number = Q(number__contains=text.upper()) if narrow else Q(number=text.upper())
        firms = register.search(registry.enterprises_in_scope(self.actor), text).order_by().values_list("pk", flat=True)[:FOUND_TO]
        ids = set(reached.filter(number).values_list("pk", flat=True)[:FOUND_TO])
        ids.update(reached.filter(enterprise__in=list(firms)).values_list("pk", flat=True)[: 2 * FOUND_TO])
        return sorted(ids, key=str)


def towns(actor: Actor) -> list[tuple[int, str]]:
    """Give the towns and zones of the actor's reach, by name, for the filter; none where the reach is a whole city."""
    regions = actor.scope.regions
    if len(regions) > 60:
        return []
    kinds = ("town", "subdistrict", "zone", "park")
    return [(region, jurisdiction.name(region)) for region in regions if jurisdiction.place(region).kind in kinds]


def sizes() -> list[tuple[str, str]]:
    """Give the size classes for the filter."""
    return list(SIZES.items())
