"""What gateways tell later: receipts by callback and by asking, and how they stand to a text (approval)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.kernel.access import DOOR, ActionRefused, Actor, acting, enter
from qifu.kernel.access.hats import machine
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.schema import bulk
from qifu.kernel.workflow.timer import timer

from . import outbox
from .kinds import kinds
from .models import Outgoing, Template
from .port import Forged, Receipt, channels, signed
from .terms import SMS

log = logging.getLogger("qifu.notify")

FIRST_ASKED, LAST_ASKED = timedelta(minutes=1), timedelta(days=3)
AT_ONCE = 100
CALLBACK = 256 * 1024


class NotSigned(ActionRefused):
    """A callback that the gateway did not sign, or too late: somebody else's, or a replay."""

    says = "回执没有签名、签名不对，或者过了5分钟，没有记。"
    forbidden = True


@dataclass(frozen=True, kw_only=True)
class Callback:
    """A call of a gateway as it came in: its channel, headers in small letters, the bytes of its body."""

    channel: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@action("notify.receipts", "收回执", door=True)
def take(given: Callback, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Take the receipts of a signed call; gives how many messages they moved. A second time moves none. Refuses NotSigned."""
    gateway = channels().get(given.channel)
    if gateway is None or len(given.body) > CALLBACK:
        raise NotSigned()
    try:
        receipts = gateway.receipts(given.headers, given.body, at=at)
    except Forged:
        raise NotSigned() from None
    enter(machine("timer"))
    moved = apply(receipts, channel=given.channel, at=at)
    enter(DOOR)
    return moved


def apply(receipts: Sequence[Receipt], *, channel: str, at: datetime) -> int:
    """Write down what receipts say, each once; what arrived stays arrived. Inside `acting` of the timer. Gives how many moved."""
    by_id = {one.id: one for one in receipts if one.id is not None}
    by_theirs = {one.gateway_id: one for one in receipts if one.id is None and one.gateway_id}
    rows = everything(Outgoing).select_for_update().filter(channel=channel).order_by("id")
    found = list(rows.filter(id__in=by_id)) + (list(rows.filter(gateway_id__in=by_theirs)) if by_theirs else [])
    moved = [row for row in found if _applied(row, by_id.get(row.id) or by_theirs[row.gateway_id], at)]
    if moved:
        columns = {name: [getattr(row, name) for row in moved] for name in _MOVES}
        with bulk.bound() as cursor:
            cursor.execute(_MOVE, columns)
    return len(moved)


_MOVES = {
    "id": "uuid", "state": "text", "why": "text", "gateway_id": "text", "handed_at": "timestamptz", "ended_at": "timestamptz",
    "channel": "text", "not_before": "timestamptz", "tries": "int",
}  # fmt: skip
_MOVE = (
    f"UPDATE notify_outgoing o SET {', '.join(f'{name} = t.{name}' for name in _MOVES if name != 'id')}"
    f" FROM unnest({', '.join(f'%({name})s::{kind}[]' for name, kind in _MOVES.items())}) AS t({', '.join(_MOVES)}) WHERE o.id = t.id"
)


def _applied(row: Outgoing, receipt: Receipt, at: datetime) -> bool:
    if row.state in ("delivered", "digested", "gathered"):
        return False
    row.gateway_id = receipt.gateway_id[:80] or row.gateway_id
    if receipt.state == "delivered":
        row.state, row.why, row.handed_at, row.ended_at = "delivered", "", row.handed_at or at, receipt.at or at
    elif receipt.state == "taken" and row.state in ("sending", "unknown"):
        row.state, row.why, row.handed_at = "handed", "", at
    elif receipt.state == "failed" and row.state != "failed":
        other = outbox.other_way(row.channel, row)
        row.state, row.why, row.ended_at = ("queued", receipt.why[:200], None) if other else ("failed", receipt.why[:200], at)
        if other:
            row.channel, row.not_before, row.tries = other, at, 0
    elif receipt.state == "absent" and row.state == "unknown":
        row.state, row.why, row.not_before = "queued", "网关没有收到，再发一次", at
    else:
        return False
    return True


def poll(at: datetime) -> int:
    """Ask each gateway that tells what became of what it was handed and has not told of; gives how many moved."""
    actor, moved = timer(), 0
    for channel, gateway in channels().items():
        if not gateway.asks:
            continue
        with acting(actor):
            waiting = everything(Outgoing).filter(channel=channel, state__in=("handed", "unknown"), tried_at__lt=at - FIRST_ASKED)
            waiting = waiting.filter(tried_at__gt=at - LAST_ASKED).order_by("asked_at", "tried_at")
            ids = list(waiting.values_list("id", flat=True)[:AT_ONCE])
            everything(Outgoing).filter(id__in=ids).update(asked_at=at)
        if not ids:
            continue
        try:
            told = gateway.ask(ids)
        except Exception as failed:
            # It will be asked again in a minute.
            log.warning("gateway %s does not tell what became of %s letters: %s", gateway.name, len(ids), type(failed).__name__)
            continue
        with acting(actor):
            moved += apply(told, channel=channel, at=at)
    return moved


# ---------------------------------------------------------------- approval of texts


def approve(at: datetime) -> int:
    """Ask the gateway for short messages how it stands to each text, and let go what waited for it; gives how many were let go."""
    gateway = channels()[SMS]
    if not gateway.approves:
        return _let_go([], at, everything_waits=False)
    actor = timer()
    with acting(actor):
        known = {one.kind + one.sha256: one for one in everything(Template).filter(gateway=gateway.name)}
    good: list[str] = []
    for kind in list(kinds.values()):
        sha256 = outbox.digest_of(kind)
        template = known.get(kind.code + sha256) or Template(kind=kind.code, gateway=gateway.name, sha256=sha256, asked_at=at, state="")
        if template.state != "approved":
            try:
                answer = gateway.approval(kind.code, signed(kind.brief))
            except Exception as failed:
                log.warning("gateway %s does not tell of texts: %s", gateway.name, type(failed).__name__)
                break
            if (answer.state, answer.number, answer.why) != (template.state, template.number, template.why):
                template.state, template.number, template.why = answer.state, answer.number[:60], answer.why[:200]
                template.answered_at = None if answer.state == "asked" else at
                with acting(actor):
                    template.save()
        if template.state == "approved":
            good.append(kind.code)
    return _let_go(good, at)


def _let_go(good: Sequence[str], at: datetime, *, everything_waits: bool = True) -> int:
    with acting(timer()):
        waiting: Any = everything(Outgoing).filter(state="waiting")
        if everything_waits:
            waiting = waiting.filter(kind__in=good)
        return int(waiting.update(state="queued", why="", not_before=at))


__all__ = ["Callback", "NotSigned", "apply", "approve", "poll", "take"]
