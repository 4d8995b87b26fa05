"""Sittings and services of the menu as pages draw them: facts, questions of each act, addresses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import actor_now
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import listed, said
from qifu.ui.acts import Asks, Sort, reason
from qifu.ui.parts import Fact, Field, Option
from qifu.ui.words import say_moment

from .. import queries, terms
from ..models import Item, Line, Session
from ..papers import said_seat
from ..terms import CHANNELS, HALVES
from ..workflow import ITEMS, SESSIONS


def time_of(one: Session, at: datetime) -> str:
    """Say when they meet: 2月18日（周二）14:00—15:30."""
    if one.starts_at is None or one.ends_at is None:
        return str(said("还没有定"))
    return str(said("{start}—{end:%H:%M}", start=say_moment(one.starts_at, at=at, style="full"), end=local(one.ends_at)))


def wish_of(one: Session) -> str:
    """Say which day the enterprise wished."""
    if one.wished_on is None:
        return str(said("哪天都行"))
    return str(said("{month}月{day}日 {half}", month=one.wished_on.month, day=one.wished_on.day, half=HALVES[one.wished_half]))


def _facts(one: Session, at: datetime) -> list[Fact]:
    lines = Line.objects.filter(session=one)
    seats = queries.seats_of(one)
    found = [
        Fact(said("点了"), listed(line.name for line in lines)),
        Fact(said("时间"), time_of(one, at), note="" if one.starts_at else str(said("企业想要：{wish}", wish=wish_of(one)))),
        Fact(said("到哪里"), one.spot),
    ]
    if one.wants:
        found.append(Fact(said("说一句"), one.wants))
    if seats:
        found.append(Fact(said("谁去"), listed(said_seat(seat) for seat in seats)))
    if one.monitor_name:
        found.append(Fact(said("班长"), one.monitor_name))
    found.append(Fact(said("怎么点的"), said("{channel}，{name}", channel=CHANNELS[one.channel], name=one.asked_by)))
    if one.words:
        found.append(Fact(said("说明"), one.words))
    return found


def _group(one: Session, at: datetime) -> list[Field]:
    actor = actor_now()
    seats = queries.seats_of(one)
    ordered = {line.office for line in Line.objects.filter(session=one)}
    chosen = {seat.office for seat in seats if seat.office} or ordered
    people = {str(seat.person) for seat in seats if seat.person}
    offices = casework.offices_for(one.region, at=at)
    start = local(one.starts_at) if one.starts_at else None
    day = start.date() if start else one.wished_on or (local(at) + timedelta(days=1)).date()
    hour = f"{start:%H:%M}" if start else "09:00" if one.wished_half == "am" else "14:00"
    length = int((one.ends_at - one.starts_at).total_seconds() // 60) if one.starts_at and one.ends_at else 90
    near = queries.people_near(one.region, but=actor.person if actor else None, at=at)
    return [
        Field("day", said("哪天"), "date", value=day.isoformat(), hint=str(said("企业想要：{wish}", wish=wish_of(one)))),
        Field("hour", said("几点"), value=hour, max_length=5),
        Field("minutes", said("多少分钟"), "number", value=length, unit=said("分钟")),
        Field(
            "offices", said("哪些单位"), "ticks", hint=said("企业点的已经勾上；单位自己派人"), required=False,
            options=[Option(office.code, office.name, on=office.code in chosen) for office in offices],
        ),
        Field(
            "people", said("哪些人"), "ticks", hint=said("同一时间已经排了去别家的，系统会告诉您"), required=False,
            options=[Option(str(it.person_id), it.person.name, _office(it), on=str(it.person_id) in people) for it in near],
        ),
        Field(
            "leaders", said("各线谁牵头"), "area", hint=said("一行一位：用工线 王明"), required=False, max_length=400,
            value="\n".join(f"{seat.line} {seat.name}" for seat in seats if seat.line),
        ),
    ]  # fmt: skip


def _office(grant: Any) -> str:
    office = grant.department.name if grant.department else jurisdiction.name(grant.place)
    return f"{office} {grant.person.title}".strip()


def _tasks(one: Session, at: datetime) -> list[Field]:
    offices = casework.offices_for(one.region, at=at)
    first = offices[0].name if offices else ""
    names = listed(one.name for one in offices)
    called = [seat.office_name for seat in queries.seats_of(one) if seat.office]
    return [
        Field(
            "tasks", said("承诺的事"), "area", required=False, max_length=2000, value="\n".join(f"{name}：" for name in called),
            hint=str(said("一行一件，行首写单位：{name}：三天内答复。可以交给：{all}", name=first, all=names)),
        ),
        Field("none", said("当场都答复了，没有留下的事"), "tick", required=False),
    ]  # fmt: skip


def _minutes(one: Session, at: datetime) -> list[Field]:
    return [
        Field(
            "minutes", said("纪要"), "area", hint=said("来了谁、企业说了什么、当场答了什么，一段一行"), value=one.minutes, max_length=2000
        )
    ]


SESSION = Sort(
    SESSIONS, "sitting", terms.TONES,
    title=lambda one: one.enterprise.name,
    line=lambda one: f"{one.number} · {jurisdiction.name(one.region)}",
    facts=_facts,
    desk=lambda one: reverse("jointoffice:session", args=[one.id]),
    own=lambda one: reverse("jointoffice:own_session", args=[one.id]),
    asks={
        "set_group": Asks(_group, said("定下来")),
        "move": Asks(_group, said("改好了")),
        "hold": Asks(_minutes, said("登记会办")),
        "give_out": Asks(_tasks, said("交办")),
        "confirm": Asks(primary=said("都办到了")),
        "reopen": Asks(lambda one, at: [Field("words", said("还差什么"), "area", max_length=300)], said("还没办到"), danger=True),
        "close": Asks(primary=said("销号")),
        "withdraw": Asks(lambda one, at: [Field("words", said("原因"), "area", required=False, max_length=300)], said("撤回"), danger=True),
        "call_off": reason(said("不办了")),
    },
    main=("set_group", "hold", "give_out", "confirm", "close"),
)  # fmt: skip


def item_fields(one: Item | None, region: int, at: datetime) -> list[Field]:
    """Give what a service of the menu says."""
    offices = [Option(office.code, office.name) for office in casework.offices_for(region, at=at)]
    named: Sequence[Field] = [] if one else [Field("name", said("服务"), hint=said("企业一看就懂的叫法，比如“用工对接”"), max_length=40)]
    return [
        *named,
        Field("says", said("办什么"), "area", value=one.says if one else "", max_length=200),
        Field("office", said("谁来办"), "select", value=one.office if one else "", options=offices, placeholder=said("选一个单位")),
        Field("brings", said("企业备什么"), value=one.brings if one else "", required=False, max_length=200),
        Field("days", said("几个工作日"), "number", value=one.days if one else 5, unit=said("天"), hint=said("会办以后多久办好")),
    ]


ITEM = Sort(
    ITEMS, "item", terms.TONES,
    title=lambda one: one.name,
    line=lambda one: jurisdiction.name(one.region),
    facts=lambda one, at: [
        Fact(said("办什么"), one.says), Fact(said("谁来办"), one.office_name), Fact(said("企业备什么"), one.brings or said("不用")),
        Fact(said("多久"), said("{n}个工作日", n=one.days)), *([Fact(said("为什么撤下"), one.why_off)] if one.why_off else []),
    ],
    desk=lambda one: reverse("jointoffice:item", args=[one.id]),
    own=lambda one: reverse("jointoffice:home"),
    asks={
        "change": Asks(lambda one, at: item_fields(one, one.region, at), said("改好了")),
        "take_off": reason(said("撤下")),
        "put_back": Asks(primary=said("重新上菜单")),
    },
    main=("change", "put_back"),
)  # fmt: skip
