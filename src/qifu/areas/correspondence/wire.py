"""A message between two installations: COSE_Sign1 over a small CBOR map with audience, times and an id of its own.

Files that go along follow the signed part byte by byte; name, size and SHA-256 of each stand in it (`files`), in their order.
So a signature is checked over a few kilobytes, and what a stranger sends after them is not even read.
Whose it is says the key alone: no name in a message is believed. Labels are CWT's (RFC 8392); ours stand under one of our own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from qifu.kernel.credentials import cbor, cose, keys
from qifu.kernel.credentials.cose import Key, Trust
from qifu.kernel.credentials.terms import Flaw, Rejected
from qifu.kernel.files.enclosing import MOST as MOST_FILES

from .models import Peer
from .terms import ANSWER, ASK, LOAD, MOST, RECEIPT

AUD, EXP, IAT, CTI, OURS = 3, 4, 6, 7, -65538
PURPOSE, SELF = "peer", "self"
LASTS, AHEAD = timedelta(days=3), timedelta(minutes=10)
"""How long a message is good, and how far another clock may go ahead of ours."""
MOST_WORDS = 6000
MOST_OF = {"title": 80, "text": 3000, "number": 60, "organ": 80, "case": 30, "firm": 120, "answer": 5000, "ended": 12}
"""The most characters of each text of a body."""
MOST_NAME = 120
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Message:
    """What a message says, once its signature, audience and time are good."""

    id: UUID
    kind: str
    body: Mapping[str, Any]

    def word(self, name: str) -> str:
        """Give a text of the body; '' where it lacks or is none."""
        found = self.body.get(name, "")
        return found.replace("\x00", "").strip() if isinstance(found, str) else ""

    @property
    def too_long(self) -> bool:
        """Say whether a text of it is longer than what can be kept: such a message is refused, not cut."""
        return any(len(self.word(name)) > most for name, most in MOST_OF.items())


class Wrong(Exception):
    """A message is not taken; `code` is a word of FLAWS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def own_key(*, at: datetime) -> Key:
    """Give the key by which this installation is known; makes it when first asked. Inside `acting`."""
    return keys.signer(SELF, at=at, purpose=PURPOSE).key


def shown_key(*, at: datetime) -> Key | None:
    """Give the key to show to others; None before the worker has made the first. Reads only."""
    found = [key for key in keys.trust(PURPOSE).keys.values() if key.withdrawn_at is None and key.not_before and key.not_before <= at]
    return max(found, key=lambda key: key.not_before or at, default=None)


def fingerprint(der: bytes) -> str:
    """Give the SHA-256 of a public key as people read it to each other: 16 groups of four."""
    digest = sha256(der).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def pack(kind: str, body: Mapping[str, Any], *, id: UUID, to: str, at: datetime) -> bytes:
    """Sign a message to the key `to` (its id in hex). Inside `acting`."""
    signer = keys.signer(SELF, at=at, purpose=PURPOSE)
    now = int(at.timestamp())
    claims = {
        AUD: bytes.fromhex(to), EXP: now + int(LASTS.total_seconds()), IAT: now, CTI: id.bytes, OURS: {"kind": kind, **body},
    }  # fmt: skip
    return cose.sign(cbor.dumps(claims), key=signer.key, private=signer.private)


def told(named: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """Say of files, as (name, bytes), what a body says of those that follow it."""
    return [{"name": name, "size": len(content), "sha256": sha256(content).hexdigest()} for name, content in named]


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Give the signed part and what follows it; all as the first where they cannot be told apart. Nothing is believed yet."""
    try:
        end = cbor.end_of(raw[:MOST], raw[:1] == b"\xd2")
    except ValueError:
        return raw, b""
    return raw[:end], raw[end:]


def enclosed(message: Message, rest: bytes) -> list[tuple[str, bytes]]:
    """Give the files of a message as (name, bytes), in their order: those that it names and no others, each with its hash.

    Raises Wrong: too_much, attachment, cut."""
    listed = message.body.get("files", [])
    if type(listed) is not list:
        raise Wrong("attachment")
    if len(listed) > MOST_FILES:
        raise Wrong("too_much")
    named = list(_named(listed))
    whole = sum(size for _, size, _ in named)
    if max(whole, len(rest)) > LOAD:
        raise Wrong("too_much")
    if len(rest) != whole:
        raise Wrong("cut" if len(rest) < whole else "attachment")
    found, start = [], 0
    for name, size, digest in named:
        content = rest[start : start + size]
        if sha256(content).hexdigest() != digest:
            raise Wrong("attachment")
        found.append((name, content))
        start += size
    return found


def _named(listed: list[Any]) -> Iterator[tuple[str, int, str]]:
    for one in listed:
        if type(one) is not dict:
            raise Wrong("attachment")
        name, size, digest = (one.get(label) for label in ("name", "size", "sha256"))
        if type(name) is not str or type(size) is not int or type(digest) is not str:
            raise Wrong("attachment")
        # What is not printable turns a name around or breaks a line of it.
        if not 0 < len(name.strip()) <= MOST_NAME or not name.isprintable() or size < 1 or not _DIGEST.fullmatch(digest):
            raise Wrong("attachment")
        yield name.strip(), size, digest


def open_for_us(raw: bytes, *, peers: Mapping[str, Peer], at: datetime) -> tuple[Peer, Message]:
    """Check a message and give whose it is and what it says. Raises Wrong, in the order of asking."""
    trust = Trust.of(Key.of(cose.public_of(bytes(peer.public))) for peer in peers.values())
    try:
        payload, key = cose.verify(raw, trust=trust)
    except Rejected as problem:
        known = {Flaw.UNKNOWN_KEY: "unknown_key", Flaw.ALGORITHM: "algorithm", Flaw.SIGNATURE: "signature"}
        raise Wrong(known.get(problem.flaw, "unreadable")) from None
    peer = peers[key.kid.hex()]
    try:
        claims = cbor.loads(payload)
        aud, exp, iat, cti, ours = (claims[label] for label in (AUD, EXP, IAT, CTI, OURS))
        kind = ours["kind"]
    except (ValueError, LookupError, TypeError):
        raise Late(peer, "unreadable") from None
    right = type(aud) is type(cti) is bytes and type(exp) is type(iat) is int and type(ours) is dict and len(cti) == 16
    if not right or kind not in (ASK, ANSWER, RECEIPT):
        raise Late(peer, "unreadable")
    ours_too = keys.trust(PURPOSE).keys.get(aud)
    if ours_too is None or ours_too.withdrawn_at is not None:
        raise Late(peer, "audience")
    if iat > (at + AHEAD).timestamp():
        raise Late(peer, "not_yet")
    if exp <= at.timestamp() or exp - iat > LASTS.total_seconds():
        raise Late(peer, "expired")
    return peer, Message(UUID(bytes=cti), str(kind), ours)


class Late(Wrong):
    """A message whose signature is good and which is still not taken: then we know whose it is."""

    def __init__(self, peer: Peer, code: str) -> None:
        super().__init__(code)
        self.peer = peer
