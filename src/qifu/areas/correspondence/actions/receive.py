"""What another installation sends is checked, taken once, and answered with a signed receipt; what is not taken is on the record.

Run by the machine `peers`. Nothing here raises for a bad message: the record of it would be rolled back with it."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from qifu.areas.casework import api as casework
from qifu.kernel.access import DOOR, ActionRefused, Actor, acting, require
from qifu.kernel.access.hats import machine
from qifu.kernel.access.terms import NOWHERE
from qifu.kernel.actions import action
from qifu.kernel.files.looking import look
from qifu.kernel.values import uuid7

from .. import wire
from ..letters import ENDINGS
from ..models import Delivery, Letter, Peer
from ..terms import ANSWER, ASK, DELIVERY, ENDS, FLAWS, LOAD, MACHINE, MOST, RECEIPT, RECEIVE
from ..wire import Message, Wrong
from ..workflow import LETTERS

STRANGERS, HOUR = 100, timedelta(hours=1)
"""At most so many messages of unknown senders are written down in an hour: nobody fills the record from outside."""


def desk() -> Actor:
    """Give the machine that takes messages in."""
    with acting(DOOR):
        return machine(MACHINE)


class Taken(NamedTuple):
    """What a sender is told: whether it was taken, why not, and our signed receipt where it was (now or before)."""

    ok: bool
    code: str
    says: str
    receipt: str = ""


class Came(NamedTuple):
    """What came in and may be taken: the bytes, whose they are, the message, and its files as (name, bytes)."""

    raw: bytes
    peer: Peer
    message: Message
    files: list[tuple[str, bytes]]


@dataclass(frozen=True, kw_only=True)
class Receive:
    raw: bytes


@action("correspondence.receive", "收外地来信")
def receive(given: Receive, *, actor: Actor, at: datetime, key: UUID | None = None) -> Taken:
    """Take a message in: a letter becomes a case with both numbers and its files, an answer is filed with its letter."""
    require(actor, RECEIVE, at=at)
    raw = given.raw
    signed, rest = wire.split(raw)
    if len(signed) > MOST or len(rest) > LOAD:
        return _refused(raw, "too_long", None, at=at)
    peers = _peers()
    ended = {peer.kid for peer in Peer._base_manager.filter(state="ended")}
    try:
        peer, message = wire.open_for_us(signed, peers=peers, at=at)
    except wire.Late as wrong:
        return _refused(raw, wrong.code, wrong.peer, at=at)
    except Wrong as wrong:
        code = "withdrawn_key" if wrong.code == "unknown_key" and any(bytes.fromhex(kid) in raw[:64] for kid in ended) else wrong.code
        return _refused(raw, code, None, at=at)
    # One at a time from each sender: two deliveries of one message must not both be the first.
    Peer._base_manager.select_for_update().get(pk=peer.pk)
    before = Delivery._base_manager.filter(peer=peer, message=message.id, code="").first()
    if before is not None:
        return _again(raw, peer, message, before, at=at)
    take = {ASK: _ask, ANSWER: _answer}.get(message.kind)
    if take is None:
        return _refused(raw, "content", peer, at=at, message=message)
    if message.too_long:
        return _refused(raw, "too_long", peer, at=at, message=message)
    try:
        files = _files(message, rest)
    except Wrong as wrong:
        return _refused(raw, wrong.code, peer, at=at, message=message)
    return take(Came(raw, peer, message, files), actor, at)


def _peers() -> dict[str, Peer]:
    return {peer.kid: peer for peer in Peer._base_manager.filter(state="trusted")}


def vouched(head: bytes, *, at: datetime) -> bool:
    """Say whether bytes begin with a message to us of somebody whom we trust, so that what follows is worth reading. Inside `acting`."""
    try:
        wire.open_for_us(wire.split(head)[0], peers=_peers(), at=at)
    except Wrong:
        return False
    return True


def _files(message: Message, rest: bytes) -> list[tuple[str, bytes]]:
    """Give the files of a message, each looked into: what it is says its bytes, and its name must say the same. Raises Wrong."""
    found = wire.enclosed(message, rest)
    if found and message.kind != ASK:
        raise Wrong("attachment")
    for name, content in found:
        try:
            seen = look(content, papers=True)
        except ActionRefused:
            raise Wrong("no_file") from None
        if not name.lower().endswith(ENDINGS[seen.mime]):
            raise Wrong("no_file")
    return found


def _again(raw: bytes, peer: Peer, message: Message, before: Delivery, *, at: datetime) -> Taken:
    """What was taken before is taken no second time; its sender gets the same number again and stops trying."""
    _refused(raw, "replay", peer, at=at, message=message)
    return Taken(False, "replay", str(FLAWS["replay"]), _receipt(peer, message.id, number=_our_number(before), files=before.files, at=at))


def _ask(came: Came, actor: Actor, at: datetime) -> Taken:
    raw, peer, message, files = came
    title, text, number = message.word("title"), message.word("text"), message.word("number")
    theirs = _id(message.word("letter"))
    if not title or not text or not number or theirs is None:
        return _refused(raw, "content", peer, at=at, message=message)
    same = Delivery._base_manager.filter(Q(theirs=theirs) | Q(number=number), peer=peer, kind=ASK, code="").first()
    if same is not None:
        # The same letter in another envelope: one case for one letter.
        return _again(raw, peer, message, same, at=at)
    made = _kept(raw, peer, message, at=at, theirs=theirs, number=number, files=len(files))
    whose = f"来函：{message.word('organ')} {number}，对方件号{message.word('case')}"
    said = casework.Record(
        text=f"{text}\n{whose}", channel="peer", title=title,
        firm=message.word("firm"), region=peer.region, asker=peer.name, source=f"peer:{peer.kid}"[:24], source_number=number,
        origin_kind=DELIVERY, origin=made.id,
    )  # fmt: skip
    case = casework.record(said, actor=actor, at=at)
    for name, content in files:
        casework.bring(case, content, name=name, actor=actor, at=at)
    return Taken(True, "", "", _receipt(peer, message.id, number=case.number, files=len(files), at=at))


def _answer(came: Came, actor: Actor, at: datetime) -> Taken:
    raw, peer, message, _ = came
    about, words = _id(message.word("letter")), message.word("answer")
    letter = Letter._base_manager.filter(pk=about, peer=peer).first() if about else None
    if letter is None:
        return _refused(raw, "unasked", peer, at=at, message=message)
    ended = message.word("ended")
    if not words or ended not in ENDS:
        return _refused(raw, "content", peer, at=at, message=message)
    number = message.word("number")
    try:
        with LETTERS.move("reply", letter.id, actor=actor, at=at, ended=ended) as fresh:
            fresh.ended, fresh.answer, fresh.answer_from = ended, words, message.word("organ") or peer.name
            fresh.their_number, fresh.by_message = number, True
    except ActionRefused:
        return _refused(raw, "late", peer, at=at, message=message, letter=letter)
    _kept(raw, peer, message, at=at, number=number, letter=letter)
    return Taken(True, "", "", _receipt(peer, message.id, number=letter.number, at=at))


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _our_number(delivery: Delivery) -> str:
    if delivery.letter is not None:
        return delivery.letter.number
    case = casework.by_origin(DELIVERY, [delivery.id]).get(delivery.id)
    return case.number if case else ""


def _receipt(peer: Peer, message: UUID, *, number: str, at: datetime, files: int = 0) -> str:
    packed = wire.pack(RECEIPT, {"re": message.hex, "number": number, "files": files}, id=uuid7(), to=peer.kid, at=at)
    return base64.b64encode(packed).decode()


def _kept(
    raw: bytes, peer: Peer, message: Message, *, at: datetime, number: str = "", theirs: UUID | None = None, letter: Letter | None = None,
    files: int = 0,
) -> Delivery:  # fmt: skip
    made = Delivery(
        peer=peer, kid=peer.kid, message=message.id, kind=message.kind, theirs=theirs, number=number, letter=letter, size=len(raw),
        sha256=sha256(raw).hexdigest(), files=files, at=at, region=peer.region, district=peer.district,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def _refused(
    raw: bytes, code: str, peer: Peer | None, *, at: datetime, message: Message | None = None, letter: Letter | None = None
) -> Taken:
    strangers = Delivery._base_manager.filter(peer__isnull=True, at__gt=at - HOUR)
    if peer is not None or strangers.count() < STRANGERS:
        where = (peer.kid, peer.region, peer.district) if peer else ("", NOWHERE, NOWHERE)
        Delivery(
            peer=peer, kid=where[0], message=message.id if message else None, kind=message.kind if message else "", code=code,
            letter=letter, size=len(raw), sha256=sha256(raw).hexdigest(), at=at, region=where[1], district=where[2],
        ).save(force_insert=True)  # fmt: skip
    return Taken(False, code, str(FLAWS[code]))
