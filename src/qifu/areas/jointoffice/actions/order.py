"""An enterprise orders from the menu, or somebody orders for it on the telephone or a visit."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents.numbers import new_code
from qifu.kernel.language import said

from .. import queries, refusals
from ..models import Line, Session
from ..terms import CHANNELS, HALVES
from ..workflow import SESSIONS

AHEAD = timedelta(days=62)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an enterprise orders. `items` are ids of the menu; `spot` is where they shall come, its own address if empty."""

    enterprise: UUID
    items: tuple[str, ...] = field(metadata={"label": "点哪几项"})
    wants: str = field(default="", metadata={"label": "说一句", "most": 300})
    spot: str = field(default="", metadata={"label": "到哪里", "most": 120})
    wished_on: date | None = field(default=None, metadata={"label": "想哪天"})
    wished_half: str = field(default="", metadata={"label": "上午还是下午"})
    channel: str = field(default="page", metadata={"label": "怎么点的"})


@action("jointoffice.session.order", "点单")
def order(given: Order, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Order services from the menu. Refuses NothingOrdered, ItemOff; one that waits already is not ordered again."""
    firm = registry.enterprise(given.enterprise)
    if not given.items:
        raise refusals.NothingOrdered()
    menu = {str(item.id): item for item in queries.menu_for(firm)}
    chosen = [menu[id] for id in dict.fromkeys(given.items) if id in menu]
    if len(chosen) < len(set(given.items)):
        raise refusals.ItemOff()
    today = local(at).date()
    if given.wished_on is not None and not today <= given.wished_on <= today + AHEAD:
        raise BadInput({"wished_on": said("“想哪天”选今天到两个月以内的一天。")})
    if given.wished_half not in HALVES or given.channel not in CHANNELS:
        raise BadInput({"wished_half": said("没有这一项。")})
    session = Session(
        number=f"ZT-{local(at):%m%d}-{new_code()[:4]}", enterprise=firm, office=jurisdiction.name(firm.region),
        wants=given.wants.strip(),
        spot=given.spot.strip() or (firm.address or firm.name)[:120], wished_on=given.wished_on, wished_half=given.wished_half,
        channel=given.channel, asked_by=actor.name[:80], region=firm.region, party=firm.id, district=firm.district,
    )  # fmt: skip
    session.facets = sorted({f"channel:{given.channel}", *firm.facets})
    session = SESSIONS.open(session, actor=actor, at=at, key=key, items=len(chosen), channel=given.channel)
    Line.objects.bulk_create(
        Line(
            session=session, item=item, name=item.name, office=item.office, office_name=item.office_name,
            region=session.region, party=session.party, district=session.district,
        )
        for item in chosen
    )  # fmt: skip
    return session


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    sitting: UUID
    words: str = field(default="", metadata={"label": "原因", "most": 300})


@action("jointoffice.session.withdraw", "撤回点单")
def withdraw(given: Withdraw, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Take an order back before a group is set. Refuses GroupAlreadySet."""
    if SESSIONS.lock(given.sitting).state == "group_set":
        raise refusals.GroupAlreadySet()
    with SESSIONS.move("withdraw", given.sitting, actor=actor, at=at, key=key) as session:
        session.words = given.words.strip()
    return session
