"""Writing a case down: one numbered case by whichever way it came; what nobody can place is kept all the same."""

from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, NotFound, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said
from qifu.kernel.values import normal_phone

from .. import offices, queries, refusals, rules
from ..handbook import handbook
from ..models import Case
from ..terms import ASKER_MOST, BACK_OF, CONFIDENTIAL, TEXT_MOST, TITLE_MOST, Back, Channel
from ..workflow import CASES

LETTERBOX = "letterbox"
"""The machine that drops a confidential case into its compartment: who writes it cannot read it afterwards."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was said, by which way, by whom. `region` is a place id, needed where the enterprise is not known.

    `source` and `source_number` are another loop's; `origin_kind` and `origin` name what it came from (a visit's opinion):
    the same origin gives the same case again. `until` is an instruction's hour."""

    text: str = field(metadata={"label": "什么事", "most": TEXT_MOST})
    channel: str = field(metadata={"label": "来源"})
    title: str = field(default="", metadata={"label": "标题"})
    enterprise: UUID | None = None
    firm: str = field(default="", metadata={"label": "企业名称", "most": 120})
    region: int | None = field(default=None, metadata={"label": "镇街"})
    asker: str = field(default="", metadata={"label": "谁反映的", "most": ASKER_MOST})
    phone: str = field(default="", metadata={"label": "电话", "most": 20})
    answer_channel: str = ""
    source: str = field(default="", metadata={"most": 24})
    source_number: str = field(default="", metadata={"label": "对方单号", "most": 60})
    origin_kind: str = field(default="", metadata={"most": 40})
    origin: UUID | None = None
    until: str = field(default="", metadata={"label": "批示要在几点前反馈"})
    """HH:MM of the same or the next day."""
    said_at: datetime | None = None


@action("casework.record", "记下诉求")
def record(given: Record, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Write a case down and give it a number. Refuses NothingSaid; an unknown firm is kept by its name."""
    if known := _known(given):
        return known
    return _open(given, actor=actor, at=at, key=key)


def _known(given: Record) -> Case | None:
    """Give the case that this origin or this other loop's number has become already: a second delivery makes no second case."""
    if given.origin is not None:
        return Case._base_manager.filter(origin_kind=given.origin_kind, origin=given.origin).first()
    if given.source_number.strip():
        return Case._base_manager.filter(source=given.source, source_number=given.source_number.strip()).first()
    return None


def _open(given: Record, *, actor: Actor, at: datetime, key: UUID | None, compartment: str = "") -> Case:
    text, found_phone, _ = rules.masked(_words(given.text))
    channel = _channel(given.channel)
    firm = registry.enterprise(given.enterprise) if given.enterprise else None
    region = _region(given, firm, actor)
    home = offices.home_of(actor)
    phone = normal_phone(given.phone) or found_phone
    title, text = rules.headed(rules.masked(given.title)[0], text, most=TITLE_MOST)
    seen, days = handbook().guess(f"{title}。{text}"), handbook().rungs["local"]
    case = Case(
        number=queries.secret_number() if compartment else queries.next_number(region, at),
        channel=channel, kind=seen.kind, kind_why="、".join(seen.words)[:120],
        intake_office=home.name if home else jurisdiction.name(region),
        title=title, text=text, grams=rules.grams(title, text), enterprise=firm,
        firm=firm.name[:120] if firm else given.firm.strip(), asker=given.asker.strip(), phone=phone,
        answer_channel=_back(given.answer_channel, channel), source=given.source, source_number=given.source_number.strip(),
        origin_kind=given.origin_kind, origin=given.origin, until=hour_of(given.until),
        respond_days=days.respond, resolve_days=days.resolve, recorder=actor.id,
        region=region, district=jurisdiction.district_of(region), party=firm.id if firm and not compartment else None,
        compartment=compartment,
        facets=sorted({f"channel:{channel.split(':')[0]}", *(firm.facets if firm else ())}),
    )  # fmt: skip
    return CASES.open(case, actor=actor, at=given.said_at or at, key=key, channel=channel, source=given.source_number.strip())


def hour_of(text: str) -> time | None:
    """Read an hour (17:00); None where nothing is given. Refuses BadInput."""
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise BadInput({"until": said("时间写成 17:00 这样。")}) from None


def _words(text: str) -> str:
    plain = text.replace("\x00", "").strip()
    if not plain:
        raise refusals.NothingSaid()
    return plain


def _channel(code: str) -> str:
    if code not in Channel.values:
        raise BadInput({"channel": said("没有这种来源。")})
    return code


def _back(code: str, channel: str) -> str:
    return code if code in Back.values else str(BACK_OF[channel])


def _region(given: Record, firm: Enterprise | None, actor: Actor) -> int:
    if firm is not None:
        return firm.region
    if given.region is not None:
        try:
            jurisdiction.place(given.region)
        except jurisdiction.UnknownPlace:
            raise NotFound("没有这个地方。") from None
        return given.region
    place = next((hat.place for hat in actor.hats if hat.place), None)
    if place is None:
        raise BadInput({"region": said("还没有选是哪个镇街的事。")})
    return place


@dataclass(frozen=True, kw_only=True)
class Report:
    """A complaint about a person in office: it is dropped into its compartment. `region` is where it happened."""

    text: str = field(metadata={"label": "什么事", "most": TEXT_MOST})
    region: int = field(metadata={"label": "镇街"})
    firm: str = field(default="", metadata={"label": "企业名称", "most": 120})
    asker: str = field(default="", metadata={"label": "谁反映的", "most": ASKER_MOST})
    phone: str = field(default="", metadata={"label": "电话", "most": 20})
    channel: str = Channel.WEB


def letterbox() -> Actor:
    """Give the letterbox as an actor."""
    with acting(DOOR):
        return machine(LETTERBOX)


@action("casework.report", "单独反映")
def report(given: Report, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Drop what is said about a person in office into its compartment. Run it as the `letterbox`: whoever was called writes
    it down and cannot read it afterwards, nor can the one it is about."""
    plain = Record(text=given.text, channel=given.channel, region=given.region, firm=given.firm, asker=given.asker, phone=given.phone)
    return _open(plain, actor=actor, at=at, key=key, compartment=CONFIDENTIAL)


@dataclass(frozen=True, kw_only=True)
class Paste:
    """A message of a group, cut into its items; each has its words and, where known, its firm."""

    pieces: tuple[str, ...] = field(metadata={"label": "内容", "most": TEXT_MOST})
    enterprises: tuple[str, ...] = ()
    """One for each piece: an enterprise's id, or ''."""
    region: int | None = None
    asker: str = field(default="", metadata={"label": "谁发的", "most": ASKER_MOST})


MOST_PIECES = 50


@action("casework.paste", "粘贴群消息")
def paste(given: Paste, *, actor: Actor, at: datetime, key: UUID | None = None) -> list[Case]:
    """Make a case of each item; all or none. The key belongs to the first, so that a second press makes nothing twice."""
    if not given.pieces:
        raise refusals.NothingSaid()
    if len(given.pieces) > MOST_PIECES:
        raise refusals.TooMuchSaid(said("一次最多{n}条，没有记下，您粘的都还在。", n=MOST_PIECES))
    firms = [*given.enterprises, *[""] * len(given.pieces)]
    made = []
    for number, words in enumerate(given.pieces):
        one = Record(
            text=words, channel=Channel.MESSAGE, enterprise=UUID(firms[number]) if firms[number] else None, region=given.region,
            asker=given.asker,
        )  # fmt: skip
        made.append(_open(one, actor=actor, at=at, key=key if number == 0 else None))
    return made
