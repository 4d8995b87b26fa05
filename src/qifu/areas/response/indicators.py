"""Figures of response: the not-before instant in force (F91), the level, the measures and the areas in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import actor_now, once
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Indicator, Moment, Row, counted, decided, register, standing

from . import api
from .models import ControlArea, Incident, LevelChange, Measure


def known(rows: QuerySet[Any], column: str, moment: Moment) -> QuerySet[Any]:
    """Leave out what was not yet known at a seal."""
    return rows.filter(**{f"{column}__lte": moment.known.at}) if moment.known and moment.known.at else rows


def incident_of(moment: Moment) -> Incident | None:
    """Give the incident that a figure is about: of the widest place asked for, else the latest declared."""
    return once("response", ("incident", moment), lambda: _incident_of(moment))


def _incident_of(moment: Moment) -> Incident | None:
    at, within = moment.asof, moment.within or _places_of_the_actor()
    if within:
        top = min(within, key=lambda place: len(jurisdiction.lineage(place, local(at).date())))
        if nearest := api.incident_at(top, at):
            return nearest
    found = Incident.objects.filter(declared_at__lte=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    if within:
        inside = {one for place in within for one in jurisdiction.reach(place, local(at).date())}
        found = found.filter(region__in=inside)
    return known(found, "declared_at", moment).order_by("-declared_at").first()


def _places_of_the_actor() -> tuple[int, ...]:
    """The law is readable by all, so that row security does not narrow it: the actor's own places do."""
    actor = actor_now()
    return tuple(hat.place for hat in actor.hats if hat.place) if actor else ()


def not_before(moment: Moment) -> tuple[datetime, UUID] | None:
    """Give the instant before which a general enterprise may not resume, and the measure that sets it."""
    incident = incident_of(moment)
    found = api.law(incident.region, moment.asof, incident=incident).not_before() if incident else None
    return (found[0], found[1].id) if found else None


def level(moment: Moment) -> tuple[str, UUID] | None:
    """Give the level in force and the setting that it comes from."""
    incident = incident_of(moment)
    if incident is None:
        return None
    rows = known(LevelChange.objects.filter(incident=incident, at__lte=moment.asof), "at", moment)
    last = rows.order_by("-at", "-id").first()
    return (api.pack_of(incident).level(last.level).name, last.id) if last else None


def in_force(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the versions of measures that hold at a moment, one each."""
    incident = incident_of(moment)
    if incident is None:
        return []
    return [(row.id, 1) for row in api.law(incident.region, moment.asof, incident=incident).measures() if row.kind != "area"]


def describe_measures(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Say each measure: what, where, from when until when, on whose word."""
    rows = Measure.objects.filter(pk__in=ids)
    return {
        row.id: Row(
            row.id,
            label=row.title,
            url=f"/desk/response/measure/{row.id}",
            cells=(row.said, row.origin_says, _day(row.since), _day(row.ends_at)),
        )
        for row in rows
    }


def describe_levels(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Say each setting of the level."""
    rows = LevelChange.objects.filter(pk__in=ids).select_related("incident")
    return {
        row.id: Row(
            row.id,
            label=row.incident.title,
            url="/desk/response/",
            cells=(row.level, row.document, _minute(row.at), row.by_name),
        )
        for row in rows
    }


def describe_areas(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Say each area."""
    rows = ControlArea.objects.filter(pk__in=ids).select_related("measure")
    return {
        row.id: Row(
            row.id,
            label=row.name,
            url=f"/desk/response/area/{row.id}",
            cells=(row.class_label, row.document, _minute(row.since)),
        )
        for row in rows
    }


def _day(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d}" if at else ""


def _minute(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"


_MEASURE_COLUMNS = ("措施", "内容", "出处", "起", "止")

register(
    Indicator(
        id="F91", label="最早复工时间", unit="时刻", numerator=decided("not_before", not_before), instant=True,
        source="正在执行的措施", definition="一般企业不得早于这一时刻复工；由一条措施规定，地区最近的优先。",
        describe=describe_measures, columns=_MEASURE_COLUMNS,
    )
)  # fmt: skip
register(
    Indicator(
        id="E01", label="响应级别", unit="级", numerator=decided("level", level), instant=True,
        source="级别调整记录", definition="这一时刻的响应级别，由最后一次调整决定。",
        describe=describe_levels, columns=("事件", "级别", "文件", "时间", "设定人"),
    )
)  # fmt: skip
register(
    Indicator(
        id="E02", label="正在执行的措施", unit="项", numerator=counted("measures", in_force),
        source="措施", definition="这一时刻在本地起作用的措施，同一措施只计最近地区的一版，区域类别不计。",
        describe=describe_measures, columns=_MEASURE_COLUMNS,
    )
)  # fmt: skip
register(
    Indicator(
        id="E03", label="生效的管理区域", unit="个", numerator=standing("response.area", "in_force"),
        source="区域的生效与解除记录", definition="已经生效、还没有解除的区域。",
        describe=describe_areas, columns=("区域", "类别", "文号", "生效时间"),
    )
)  # fmt: skip
