"""Handing passes over: a link to forward, or a short message with it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from qifu.kernel import notify
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local

from .. import issuing, links, refusals
from ..models import Link, Pass

notify.register(
    notify.Kind(
        code="passes.link", label="通行证链接", words="{firm}：{name}，您的员工通行证已办好，{day}起用。打开 {link} 出示，没网也能看。",
        gather=False,
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Share:
    passed: UUID = field(metadata={"label": "通行证"})


@action("passes.share", "换一个链接")
def share(given: Share, *, actor: Actor, at: datetime, key: UUID | None = None) -> Link:
    """Make a new link to a pass; the old one opens no more. Refuses PassOver, NotYours."""
    return links.make(_standing(given.passed, actor=actor, at=at), at=at)


@dataclass(frozen=True, kw_only=True)
class Send:
    passes: tuple[UUID, ...] = field(metadata={"label": "通行证"})


@dataclass(frozen=True)
class Sent:
    """How many messages went out, and who has no number."""

    sent: int
    without: tuple[UUID, ...] = ()


@action("passes.send", "发短信")
def send(given: Send, *, actor: Actor, at: datetime, key: UUID | None = None) -> Sent:
    """Send each worker the link to the own pass by short message. Refuses NoPhone where none has a number."""
    sent, without = 0, []
    for id in dict.fromkeys(given.passes):
        row = _standing(id, actor=actor, at=at)
        if not row.worker.phone:
            without.append(id)
            continue
        link = links.present(row) or links.make(row, at=at)
        Link._base_manager.filter(pk=link.pk).update(sent_at=at)
        address = settings.ADDRESS.rstrip("/") + reverse("passes:shown", args=[links.token_of(link.id)])
        day = local(row.begins_at)
        words = {"firm": row.firm_name, "name": row.name_masked, "day": f"{day.month}月{day.day}日", "link": address}
        notify.tell(row.worker.phone, "passes.link", words=words, on=row, at=at)
        sent += 1
    if not sent:
        raise refusals.NoPhone()
    return Sent(sent, tuple(without))


def _standing(id: UUID, *, actor: Actor, at: datetime) -> Pass:
    row = Pass._base_manager.select_related("worker").select_for_update(of=("self",)).filter(pk=id).first()
    if row is None:
        raise NotFound()
    require(actor, issuing.RIGHT, at=at, on=row)
    if row.ended_at is not None:
        raise refusals.PassOver()
    return row
