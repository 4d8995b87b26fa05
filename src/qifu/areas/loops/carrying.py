"""Carries owed replies to their platforms: claimed in one transaction, posted outside of any, settled in another.

A worker that dies between leaves the order claimed; after the lease it is owed again. That is safe: each reply carries an
id of its own (X-Qifu-Id), and the other side takes the same id once."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.workflow.timer import timer

from . import port, signing
from .models import Order, Used
from .terms import FAILED, LEASE, OWED, PAUSES, PROCESS, SENDING, SENT

log = logging.getLogger("qifu.loops")
BATCH = 50
KEPT = timedelta(days=1)
NO_WAY = "还没有生效的密钥和回传地址"


@dataclass(frozen=True)
class _Letter:
    order: Order
    url: str
    key: str
    body: bytes


def carry(at: datetime) -> int:
    """Carry what is owed at `at`; gives how many were tried. One call of the worker's round."""
    actor = timer()
    letters = _claim(at, actor)
    for letter in letters:
        _settle(letter.order, _post(letter), at=clock.now(), actor=actor)
    return len(letters)


def _post(letter: _Letter) -> port.Told:
    """Sign now, since those before it may have taken minutes, and post. One that breaks stops none after it."""
    try:
        time = str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json", signing.TIME: time, signing.ID: f"{letter.order.id}-{letter.order.round}",
            signing.SIGN: signing.sign(letter.key, time=time, body=letter.body),
        }  # fmt: skip
        return port.carrier().post(letter.url, body=letter.body, headers=headers)
    except Exception:
        log.exception("a reply could not be carried")
        return port.Told(taken=False, why=str(said("这一封送的时候出了错，过一会儿再送")))


def _claim(at: datetime, actor: Actor) -> list[_Letter]:
    with acting(actor):
        stuck = Q(state=SENDING, tried_at__lte=at - LEASE)
        due = Order._base_manager.filter(Q(state=OWED, not_before__lte=at) | stuck, platform__how="hook")
        found = list(
            due.select_for_update(of=("self",), skip_locked=True).select_related("platform", "case").order_by("not_before")[:BATCH]
        )
        letters = []
        for order in found:
            order.tried_at, platform = at, order.platform
            if not platform.key or not platform.callback:
                order.state, order.why, order.not_before = OWED, NO_WAY, at + PAUSES[2]
            else:
                order.state, order.tries = SENDING, order.tries + 1
                letters.append(_Letter(order, platform.callback, platform.key.reveal(), _body(order)))
            order.save()
        return letters


def _body(order: Order) -> bytes:
    told = {
        "number": order.number, "case": order.case.number, "round": order.round, "ended": order.ended,
        "result": str(casework.ended_word(order.ended)), "reply": order.reply,
        "answered_at": order.answered_at.isoformat() if order.answered_at else "", "closed": True,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def _settle(order: Order, told: port.Told, *, at: datetime, actor: Actor) -> None:
    with acting(actor):
        fresh = Order._base_manager.select_for_update().get(pk=order.pk)
        if fresh.state != SENDING or fresh.round != order.round:
            # It was opened again, or handed over as a file, while the reply was on its way.
            return
        if told.taken:
            fresh.state, fresh.told_at, fresh.why = SENT, at, ""
        elif told.again and fresh.tries <= len(PAUSES):
            fresh.state, fresh.why = OWED, told.why[:200]
            fresh.not_before = at + max(PAUSES[fresh.tries - 1], told.after or timedelta())
        else:
            fresh.state, fresh.why = FAILED, told.why[:200]
        fresh.save()
        if fresh.state in (SENT, FAILED):
            verb = "sent" if told.taken else "failed"
            writing.record(PROCESS, fresh, verb=verb, actor=actor, hat=actor.hats[0], at=at, tries=fresh.tries)


def tidy(at: datetime) -> int:
    """Forget the signatures of more than a day ago: what is older is refused by its time. Gives how many."""
    with acting(timer()):
        gone, _ = Used._base_manager.filter(at__lt=at - KEPT).delete()
        return int(gone)
