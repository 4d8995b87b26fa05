"""The way back: what is owed, sent again, handed over as a file."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor, require
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake.writer import watermark, write_sheets
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import queries, refusals
from ..models import Order
from ..terms import FAILED, GIVEN, OWED, PROCESS, SENDING

REPLY = "loop.reply"
HEAD = ("对方单号", "我方编号", "标题", "结果", "答复", "办完时间")


@dataclass(frozen=True, kw_only=True)
class Again:
    order: UUID


@action("loops.again", "再送一次")
def again(given: Again, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Send a reply that did not arrive once more, now. Refuses NotOwed."""
    order = queries.order(given.order, actor)
    hat = require(actor, REPLY, at=at, on=order)
    if order.state not in (FAILED, OWED):
        raise refusals.NotOwed()
    order.state, order.tries, order.not_before, order.why = OWED, 0, at, ""
    order.save()
    writing.record(PROCESS, order, verb="again", actor=actor, hat=hat, at=at)
    return order


@dataclass(frozen=True, kw_only=True)
class TakeReplies:
    """Take the replies that are owed to a platform as a file."""

    platform: UUID


@action("loops.replies", "下载回复")
def replies(given: TakeReplies, *, actor: Actor, at: datetime, key: UUID | None = None) -> bytes:
    """Give the owed replies as .xlsx, watermarked; from then on they count as given back. Refuses NotOwed for none."""
    platform = queries.platform(given.platform, actor)
    hat = require(actor, REPLY, at=at, on=platform)
    wanted = Order.objects.visible_to(actor).filter(platform=platform, state__in=(OWED, FAILED, SENDING))
    found = list(wanted.select_related("case").select_for_update(of=("self",)).order_by("answered_at", "id")[:5000])
    if not found:
        raise refusals.NotOwed("现在没有要回给这个平台的答复，没有下载。", fix="办完一件，这里就多一件。")
    rows = [
        [
            one.number, one.case.number, one.case.title, casework.ended_word(one.ended), one.reply,
            f"{one.answered_at.astimezone(ZONE):%Y-%m-%d %H:%M}" if one.answered_at else "",
        ]
        for one in found
    ]  # fmt: skip
    mark = watermark(who=actor.name, office=hat.label, at=at, purpose=said("回复{name}", name=platform.name))
    book = write_sheets([(str(said("回复")), HEAD, iter(rows))], mark=mark, wide=("答复", "标题"))
    Order.objects.filter(pk__in=[one.pk for one in found]).update(state=GIVEN, told_at=at, why="")
    for one in found:
        writing.record(PROCESS, one, verb="given", actor=actor, hat=hat, at=at)
    return book
