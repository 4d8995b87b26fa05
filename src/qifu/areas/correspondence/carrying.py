"""Carries messages to other installations: signed anew at each try, tried again with longer pauses, never two at once."""

import base64
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock

from . import letters, wire
from .actions.receive import desk
from .models import Letter, Parcel, Peer
from .terms import ASK, FLAWS, RECEIPT

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 720, 720))
"""How long until the next try; after the last one the letter must go on paper."""
log = logging.getLogger("qifu.correspondence")
AT_ONCE = 20
HOOK = "/hooks/peers"


class Back(NamedTuple):
    """What came back: the status, and the body. Status 0: no connection, or no answer."""

    status: int
    body: bytes


def _nobody(url: str, body: bytes) -> Back:
    return Back(0, b"")


_post: list[Callable[[str, bytes], Back]] = [_nobody]


def choose_post(post: Callable[[str, bytes], Back]) -> None:
    """Say by what messages are posted; once, when the installation starts."""
    _post[0] = post


def carry(at: datetime) -> int:
    """Carry what is due; gives how many arrived. A crash in between sends the same message again, which is taken once."""
    actor = desk()
    with acting(actor):
        wire.own_key(at=at)
        rows = list(
            Parcel._base_manager.select_for_update(skip_locked=True).filter(state="queued", next_at__lte=at).order_by("next_at")[:AT_ONCE]
        )
        peers = Peer._base_manager.in_bulk({row.peer_id for row in rows})
        packed = []
        for row in rows:
            peer = peers[row.peer_id]
            if peer.state != "trusted":
                row.state, row.why = "given_up", "和对方的互认已经停用"
            else:
                packed.append((row, peer))
                row.tries, row.tried_at, row.next_at = row.tries + 1, at, at + PAUSES[min(row.tries, len(PAUSES) - 1)]
            row.save(update_fields=["state", "why", "tries", "tried_at", "next_at"])
    arrived = 0
    for row, peer in packed:
        back = _sent(row, peer, actor)
        with acting(actor):
            arrived += _settle(row, peer, back, at=clock.now())
    return arrived


def _sent(row: Parcel, peer: Peer, actor: Actor) -> Back:
    """Sign now, since those before it may have taken minutes, and post. One that breaks stops none after it."""
    try:
        with acting(actor):
            raw = wire.pack(row.kind, row.body, id=row.id, to=peer.kid, at=clock.now()) + _load(row)
        return _post[0](f"{peer.address}{HOOK}", raw)
    except Exception:
        log.exception("a message could not be carried")
        return Back(0, b"")


def _load(row: Parcel) -> bytes:
    """Give the bytes of the files that the message names, as they were when it was signed."""
    named = row.body.get("files", [])
    if not named:
        return b""
    found = letters.load(Letter._base_manager.get(pk=row.about))
    if wire.told(found) != named:
        raise ValueError("the files are not those that were signed for")
    return b"".join(content for _, content in found)


def _settle(row: Parcel, peer: Peer, back: Back, *, at: datetime) -> bool:
    fresh = Parcel._base_manager.select_for_update().get(pk=row.pk)
    if fresh.state != "queued":
        return False
    code, says, number, receipted = _read(back, row, peer, at=at)
    if receipted:
        fresh.state, fresh.delivered_at, fresh.their_number, fresh.why = "delivered", at, number, ""
        fresh.save(update_fields=["state", "delivered_at", "their_number", "why"])
        if row.kind == ASK:
            _number_of(row, number)
        return True
    # What is wrong with our clock or their trust may be mended; what is wrong with the message itself stays wrong.
    final = code in ("content", "unasked", "late", "too_long", "unreadable", "withdrawn_key", "too_much", "attachment", "no_file")
    fresh.why = (says or ("对方没有回执" if back.status else "对方网址连不上，或没有回话"))[:200]
    if final:
        fresh.state = "refused"
    elif fresh.tries >= len(PAUSES):
        fresh.state = "given_up"
    fresh.save(update_fields=["state", "why"])
    return False


def _number_of(row: Parcel, number: str) -> None:
    Letter._base_manager.filter(pk=row.about, their_number="").update(their_number=number)


def _read(back: Back, row: Parcel, peer: Peer, *, at: datetime) -> tuple[str, str, str, bool]:
    try:
        found = json.loads(back.body)
        code, receipt = str(found.get("code", "")), str(found.get("receipt", ""))
    except (ValueError, AttributeError, RecursionError):
        return "", "", "", False
    if receipt:
        try:
            _, message = wire.open_for_us(base64.b64decode(receipt, validate=True), peers={peer.kid: peer}, at=at)
        except (wire.Wrong, ValueError):
            return "", "对方的回执验不过", "", False
        if message.kind == RECEIPT and message.word("re") == row.id.hex:
            if message.body.get("files", 0) != len(row.body.get("files", [])):
                return "attachment", "对方收了函，没有收附件", "", False
            return "", "", message.word("number")[:60], True
    # Only words of ours are shown: what another server writes is not repeated to people.
    return code, str(FLAWS.get(code, "")), "", False
