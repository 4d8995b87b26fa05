"""Confirming a day plan: many applications to several teams at once, each with about when somebody comes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.response import api as response
from qifu.kernel.access import ActionRefused, Actor, NotFound
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.workflow import Moved

from ..models import Application, Item
from ..workflow import RESUMPTION
from .handle import items_of


@dataclass(frozen=True, kw_only=True)
class Visiting:
    application: UUID
    team: UUID
    visit_at: datetime


@dataclass(frozen=True, kw_only=True)
class AssignDay:
    visits: tuple[Visiting, ...] = field(metadata={"label": "安排"})


@action("resumption.assign_day", "按安排分派")
def assign_day(given: AssignDay, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Assign a whole plan; what moved meanwhile is refused by name and stays. Refuses BadInput where one stands twice."""
    ids = [one.application for one in given.visits]
    if len(set(ids)) != len(ids):
        raise BadInput({"visits": said("有一家排了两次，没有派。")})
    teams = _at_work({one.team for one in given.visits}, at=at)
    by_team: dict[UUID, list[UUID]] = defaultdict(list)
    for one in given.visits:
        by_team[one.team].append(one.application)
    moved: list[UUID] = []
    refused: dict[UUID, ActionRefused] = {}
    for team, applications in by_team.items():
        if team not in teams:
            refused |= {id: NotFound(said("这个评估小组不在工作期内。"), fix=said("另选一个小组。")) for id in applications}
            continue
        done = RESUMPTION.move_many("assign", applications, actor=actor, at=at, team=teams[team].name)
        Application._base_manager.filter(pk__in=done.moved).update(team=team)
        moved += done.moved
        refused |= done.refused
    _tell_when([one for one in given.visits if one.application in set(moved)])
    _lay_out(moved, at=at)
    return Moved(uuid7(), tuple(moved), refused)


def _at_work(ids: Iterable[UUID], *, at: datetime) -> dict[UUID, TaskForce]:
    found = everything(TaskForce).filter(pk__in=list(ids), kind="assessment", since__lte=at)
    return {team.id: team for team in found if team.until is None or team.until > at}


def _tell_when(visits: Iterable[Visiting]) -> None:
    rows = [Application(id=one.application, visit_at=one.visit_at) for one in visits]
    Application._base_manager.bulk_update(rows, ["visit_at"])


def _lay_out(ids: list[UUID], *, at: datetime) -> None:
    """Lay out the checklists of many: the law is read once for each place."""
    laid = set(everything(Item).filter(application__in=ids).values_list("application", flat=True))
    laws: dict[tuple[int, UUID], response.Law] = {}
    new: list[Item] = []
    for application in Application._base_manager.filter(pk__in=ids).select_related("incident"):
        if application.id in laid:
            continue
        where = (application.region, application.incident_id)
        if where not in laws:
            laws[where] = response.law(application.region, at, incident=application.incident)
        new += items_of(application, law=laws[where])
    everything(Item).bulk_create(new)
