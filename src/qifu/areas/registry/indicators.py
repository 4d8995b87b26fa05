"""Figures of the register: denominators for others, task forces, and the travel of workers of the surveyed origin.

Origin narrows a figure through the worker's row; it is never on the record, never a facet, never a fact of a rule."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse

from qifu.kernel import jurisdiction
from qifu.kernel.access.models import TaskForce
from qifu.kernel.indicators import Indicator, Row, reached, register, standing

from .models import Enterprise, Worker, WorkerSurvey
from .queries import by_ids
from .terms import CATEGORIES, ENTERPRISE, FORCE_KINDS, PROVINCES, SIZES, TASK_FORCE, WORKER


def surveyed() -> QuerySet[Worker]:
    """Give workers and relatives of the origin that the newest survey of their district asks about."""
    newest = WorkerSurvey.objects.filter(district=OuterRef("district")).order_by("-opened_at", "-id")
    asked = Subquery(newest.values("origin_province")[:1])
    return Worker.objects.annotate(asked=asked, from_day=Subquery(newest.values("since")[:1])).filter(origin_province=F("asked"))


def _staff() -> Any:
    return surveyed().filter(relative_of__isnull=True).values("id")


def _came_back() -> Any:
    return surveyed().filter(returned_on__gte=F("from_day")).values("id")


_NOBODY = UUID(int=0)


def link(name: str, id: UUID) -> str:
    """Give the address of a thing, or nothing while the page is not there (a worker process has no pages)."""
    return _address(name).replace(str(_NOBODY), str(id))


@cache
def _address(name: str) -> str:
    """Ask the router once for what stands in ten thousand rows."""
    try:
        return reverse(name, args=[_NOBODY])
    except NoReverseMatch:
        return ""


def describe_enterprises(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Label enterprises for the list behind a figure; those out of reach stay unnamed."""
    return {
        id: Row(
            id, 1, row.name, link("registry:enterprise", id),
            (row.uscc or "待核", jurisdiction.name(row.region), SIZES[row.size], CATEGORIES.get(row.category, "")),
        )
        for id, row in by_ids(Enterprise, ids).items()
    }  # fmt: skip


def describe_workers(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Label workers for the list behind a figure: names masked, with firm, province and dates."""
    found = {row.id: row for row in Worker.objects.filter(pk__in=list(ids)).select_related("enterprise")}
    return {
        id: Row(
            id, 1, str(row.name), link("registry:enterprise", row.enterprise_id),
            (
                row.enterprise.name, "随同家属" if row.relative_of_id else "员工", PROVINCES.get(row.origin_province, ""),
                *(day.isoformat() if day else "" for day in (row.went_home_on, row.plans_return_on, row.dissuaded_on, row.returned_on)),
            ),
        )
        for id, row in found.items()
    }  # fmt: skip


def describe_task_forces(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Label task forces for the list behind a figure."""
    return {
        id: Row(id, 1, row.name, link("registry:task_force", id), (FORCE_KINDS.get(row.kind, row.kind), jurisdiction.name(row.place)))
        for id, row in by_ids(TaskForce, ids).items()
    }


_FIRM_COLUMNS = ("信用代码", "镇街", "规模", "必需类别")
_WORKER_COLUMNS = ("企业", "身份", "来源省份", "返乡", "计划返回", "劝缓回", "返回")
_SURVEY = "企业员工名单与来源地员工调查"


def _enterprises(id: str, label: str, *, where: dict[str, Any], definition: str) -> Indicator:
    return Indicator(
        id, label, "家", standing(ENTERPRISE, "registered", where=where), source="企业名录", definition=definition,
        describe=describe_enterprises, columns=_FIRM_COLUMNS,
    )  # fmt: skip


def _forces(id: str, label: str, *, kind: str, definition: str) -> Indicator:
    return Indicator(
        id, label, "个", standing(TASK_FORCE, "formed", where={"kind": kind}), source="专班名册", definition=definition,
        describe=describe_task_forces, columns=("类别", "地区"),
    )  # fmt: skip


def _workers(id: str, label: str, measure: Any, *, definition: str, denominator: Any = None) -> Indicator:
    return Indicator(
        id, label, "人", measure, denominator, source=_SURVEY, definition=definition,
        describe=describe_workers, columns=_WORKER_COLUMNS,
    )  # fmt: skip


_STAFF = standing(WORKER, "listed", among=_staff)

register(
    _enterprises("R01", "规上企业", where={"size": "above"}, definition="在册、未注销、规模为规上的企业"),
    _enterprises("R02", "在册企业", where={}, definition="在册、未注销的企业和个体工商户，含待核"),
    _enterprises("R03", "亿元以上企业", where={"over_100m": True}, definition="在册、未注销、亿元以上的企业"),
    _enterprises("R04", "规下企业", where={"size": "small"}, definition="在册、未注销、规模为规下的企业"),
    _enterprises("R05", "必需类企业", where={"essential": True}, definition="在册、未注销、标有必需类别的企业"),
    _enterprises("R06", "重大项目", where={"project": True}, definition="在册、未注销的重大项目；不计入规上、规下企业"),
    _forces("F22", "评估组", kind="assessment", definition="已组建、未撤销的评估组"),
    _forces("F42", "督查组", kind="supervision", definition="已组建、未撤销的督查组（复工督促小组）"),
    _forces("F48", "服务组", kind="service_group", definition="已组建、未撤销的服务组（专项服务组）"),
    Indicator(
        "F26", "有调查来源地员工的企业", "家", replace(_STAFF, by="party"),
        parts={"firms": replace(_STAFF, by="party"), "staff": _STAFF},
        source=_SURVEY, definition="名单上有调查来源地员工的企业；员工不含随同家属",
        describe=lambda ids: describe_enterprises(ids) | describe_workers(ids), columns=_FIRM_COLUMNS,
    ),
    _workers(
        "F27", "已返乡员工", reached(WORKER, "went_home", among=_staff), definition="调查来源地员工中登记过返乡的", denominator=_STAFF
    ),
    _workers(
        "F28", "计划返回员工", reached(WORKER, "plans_return", among=_staff),
        definition="调查来源地员工中登记过计划返回的", denominator=_STAFF,
    ),
    _workers(
        "F29", "已劝缓回员工", reached(WORKER, "dissuaded", among=_staff), definition="调查来源地员工中登记过劝缓回的", denominator=_STAFF
    ),
    _workers(
        "F30", "起算日后返回人员", reached(WORKER, "returned", among=_came_back),
        definition="调查来源地员工及随同家属中，在调查的起算日及以后返回的",
    ),
)  # fmt: skip
