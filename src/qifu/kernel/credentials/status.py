"""The status list: which serials of which blocks are revoked, as one signed message that a reader keeps for a day."""

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from . import cbor, cose
from .cose import Trust
from .keys import Signer
from .serials import SIZE
from .terms import Flaw, Rejected

ISS, IAT, BLOCKS = 1, 6, -65538


def sign(issuer: str, revoked: Mapping[int, Iterable[int]], *, signer: Signer, at: datetime) -> bytes:
    """Sign the list: per block a bitmap of 65,536 serials (bit n of byte n >> 3), packed by zlib."""
    blocks = {number: zlib.compress(_bitmap(serials), 9) for number, serials in sorted(revoked.items())}
    payload = cbor.dumps({ISS: issuer, IAT: int(at.timestamp()), BLOCKS: blocks})
    return cose.sign(payload, key=signer.key, private=signer.private)


def read(raw: bytes, *, trust: Trust) -> dict[int, bytes]:
    """Verify a list and give the bitmaps by block; Rejected where it is not good."""
    payload, _ = cose.verify(raw, trust=trust)
    try:
        return {int(number): _whole(packed) for number, packed in cbor.loads(payload)[BLOCKS].items()}
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        raise Rejected(Flaw.CLAIMS) from None


def holds(bitmaps: Mapping[int, bytes], block: int, serial: int) -> bool:
    """Say whether a serial is revoked."""
    bitmap = bitmaps.get(block)
    return bitmap is not None and serial < SIZE and bool(bitmap[serial >> 3] >> (serial & 7) & 1)


def _bitmap(serials: Iterable[int]) -> bytes:
    bits = bytearray(SIZE // 8)
    for serial in serials:
        bits[serial >> 3] |= 1 << (serial & 7)
    return bytes(bits)


def _whole(packed: bytes) -> bytes:
    packer = zlib.decompressobj()
    bitmap = packer.decompress(packed, SIZE // 8)
    if len(bitmap) != SIZE // 8 or packer.unconsumed_tail:
        raise ValueError("not a block")
    return bitmap
