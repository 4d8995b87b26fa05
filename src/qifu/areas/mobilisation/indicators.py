"""Person-times and hours of volunteers, counted from the stays that were credited; and notices confirmed."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection
from django.urls import reverse

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Indicator, Moment, counted, reached, register
from qifu.kernel.indicators.terms import Row
from qifu.kernel.language import said

from .models import Call, Stay, Volunteer
from .terms import CALL, STAY

COLUMNS = (said("岗点"), said("哪天"), said("地区"))
_KNOWN = " AND EXISTS (SELECT FROM journal_entry j WHERE j.subject = s.id AND j.verb = 'credit' AND (j.era, j.tx) < (%s, %s))"


def describe(ids: Collection[UUID]) -> dict[UUID, Row]:
    """Give each stay as a row: the volunteer's surname, the post, the day."""
    found = Stay._base_manager.filter(pk__in=ids).select_related("volunteer", "post")
    return {
        one.id: Row(
            one.id,
            label=f"{one.volunteer.name[:1]}**",
            url=reverse("mobilisation:call", args=[one.volunteer.call_id]),
            cells=(one.post.name, f"{local(one.came_at):%Y-%m-%d}" if one.came_at else "", jurisdiction.name(one.region)),
        )
        for one in found
    }


def _hours(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give each credited stay with its share of the whole hours: the shares add up to all minutes together in hours, rounded down."""
    where, params = "state = 'credited' AND credited_at <= %s", [moment.asof]
    if moment.within is not None:
        where += " AND region = ANY (%s)"
        params.append(list(moment.within))  # type: ignore[arg-type]
    if moment.known is not None:
        where += _KNOWN
        params += [moment.known.era, moment.known.horizon]  # type: ignore[list-item]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, minutes FROM mobilisation_stay s WHERE {where} ORDER BY id", params)
        found, before = [], 0
        for id, minutes in cursor.fetchall():
            found.append((id, (before + minutes) // 60 - before // 60))
            before += minutes
    return found


def _bodies(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give one volunteer of each office or league body from which anybody joined: as many as there are bodies."""
    found = Volunteer._base_manager.filter(joined_at__lte=moment.asof).exclude(office="")
    if moment.within is not None:
        found = found.filter(region__in=moment.within)
    return [(id, 1) for id in found.order_by("office", "id").distinct("office").values_list("id", flat=True)]


def describe_bodies(ids: Collection[UUID]) -> dict[UUID, Row]:
    """Give each body, or each call, as a row."""
    bodies = Volunteer._base_manager.filter(pk__in=ids).select_related("call")
    rows = {
        one.id: Row(
            one.id, 1, one.office, reverse("mobilisation:call", args=[one.call_id]), (one.call.title, "", jurisdiction.name(one.region))
        )
        for one in bodies
    }
    for call in Call._base_manager.filter(pk__in=ids):
        url = reverse("mobilisation:call", args=[call.id])
        rows[call.id] = Row(call.id, 1, call.title, url, (call.office, f"{local(call.called_at):%Y-%m-%d}", jurisdiction.name(call.region)))
    return rows


register(
    Indicator(
        "F57", "出志愿者的团组织和单位", "个", counted("mobilisation.bodies", _bodies), source="志愿者报名",
        definition="报名的志愿者写明的团组织或单位，同一个名称算一个；另列发布的招募，一支队伍一次。",
        parts={"calls": reached(CALL, "open")}, describe=describe_bodies, columns=(said("招募"), said("哪天"), said("地区")),
    ),
    Indicator(
        "F58", "志愿服务人次", "人次", reached(STAY, "credited"),
        source="志愿者签到签退，负责人记上的",
        definition="记上时长的签到，一次算一人次；忘了签退、没有补记的不算。", describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "R58", "志愿服务时长", "小时", counted("mobilisation.hours", _hours),
        source="志愿者签到签退，负责人记上的",
        definition="记上时长的签到到签退的分钟加在一起，换成小时，不足一小时的零头不算。", describe=describe, columns=COLUMNS,
    ),
)  # fmt: skip
