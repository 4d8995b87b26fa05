"""The text in the square: `QF1:` and base45 of the signed message; zlib is read, and written only where it is shorter."""

import zlib
from collections.abc import Callable
from datetime import datetime

from . import base45, cose
from .claims import Claims
from .cose import Key, PrivateKey, Trust
from .terms import Flaw, Rejected

PREFIX = "QF1:"
LONGEST = 4096
"""Characters of a text that is looked at, and bytes that an unpacked message may have."""


def issue(claims: Claims, *, key: Key, private: PrivateKey) -> str:
    """Sign claims and write them as text for a QR code (at most version 10 at M for a pass of ours)."""
    raw = cose.sign(claims.payload(), key=key, private=private)
    packed = zlib.compress(raw, 9) if len(raw) > 512 else raw
    return PREFIX + base45.encode(packed if len(packed) < len(raw) else raw)


def open_code(text: str, *, trust: Trust) -> tuple[Claims, Key]:
    """Read and verify a text without asking the time; Rejected says what is wrong."""
    if len(text) > LONGEST:
        raise Rejected(Flaw.TOO_LONG)
    if not text.startswith(PREFIX):
        raise Rejected(Flaw.FOREIGN)
    try:
        raw = base45.decode(text[len(PREFIX) :])
    except ValueError:
        raise Rejected(Flaw.UNREADABLE) from None
    if raw[:1] == b"\x78":
        raw = _unpacked(raw)
    payload, key = cose.verify(raw, trust=trust)
    return Claims.of(payload), key


def read(text: str, *, trust: Trust, at: datetime, revoked: Callable[[str, int, int], bool] | None = None, grace: int = 0) -> Claims:
    """Read, verify and judge a text at an instant: signature, key, times, revocation. Rejected gives the first flaw.

    `exp` equal to the clock is expired. `grace` is how many seconds a phone's clock may be off, for both ends.
    `revoked(issuer, block, serial)` looks a pass up in the status list."""
    claims, key = open_code(text, trust=trust)
    if key.withdrawn_at is not None:
        raise Rejected(Flaw.WITHDRAWN_KEY)
    if (key.issuer and claims.issuer != key.issuer) or not _might_sign(key, claims.issued):
        raise Rejected(Flaw.KEY_TIME)
    now = at.timestamp()
    if now + grace < claims.not_before:
        raise Rejected(Flaw.NOT_YET)
    if now - grace >= claims.expires:
        raise Rejected(Flaw.EXPIRED)
    if revoked is not None and revoked(claims.issuer, claims.block, claims.serial):
        raise Rejected(Flaw.REVOKED)
    return claims


def _might_sign(key: Key, issued: int) -> bool:
    # Whole seconds: a pass of the very second in which its key began is good.
    first, end = key.signs
    return first <= issued < end


def _unpacked(raw: bytes) -> bytes:
    """Unpack at most LONGEST bytes of one whole zlib stream."""
    packer = zlib.decompressobj()
    try:
        out = packer.decompress(raw, LONGEST)
    except zlib.error:
        raise Rejected(Flaw.UNREADABLE) from None
    if packer.unconsumed_tail or (not packer.eof and len(out) >= LONGEST):
        raise Rejected(Flaw.TOO_LONG)
    if not packer.eof or packer.unused_data:
        raise Rejected(Flaw.UNREADABLE)
    return out
