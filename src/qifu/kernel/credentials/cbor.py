"""Strict CBOR (RFC 8949) over cbor2: what its decoder lets pass and a signed code may not hold is refused here.

cbor2 takes the last of two equal keys, takes indefinite lengths, and ignores what follows. Written anew, such bytes differ
from what was read, which is the quick question; only where they differ does a look at the bytes themselves decide, since
a foreign writer may spell a length longer than needed without doing harm."""

from typing import Any

import cbor2

DEEPEST = 8


def loads(raw: bytes) -> Any:
    """Read one item; ValueError for anything but one definite item without repeated keys, tags or rest."""
    try:
        found = cbor2.loads(raw)
        if cbor2.dumps(found) == raw:
            return found
    except ValueError:
        raise
    except Exception as problem:
        raise ValueError("not CBOR") from problem
    if _scan(raw, 0, 0) != len(raw):
        raise ValueError("bytes follow")
    return found


def end_of(raw: bytes, at: int = 0) -> int:
    """Give where the definite item ends that begins at `at`; ValueError where none does."""
    try:
        return _scan(raw, at, 0)
    except ValueError:
        raise
    except Exception as problem:
        raise ValueError("not CBOR") from problem


def dumps(value: Any) -> bytes:
    """Write one item in its shortest form, keys in the order given."""
    return bytes(cbor2.dumps(value))


def _head(raw: bytes, at: int) -> tuple[int, int, int]:
    """Give major type, argument and where the content begins."""
    if at >= len(raw):
        raise ValueError("ends too early")
    kind, info = raw[at] >> 5, raw[at] & 31
    if info < 24:
        return kind, info, at + 1
    if info > 27:
        raise ValueError("indefinite or reserved")
    size = 1 << (info - 24)
    if at + 1 + size > len(raw):
        raise ValueError("ends too early")
    return kind, int.from_bytes(raw[at + 1 : at + 1 + size], "big"), at + 1 + size


def _scan(raw: bytes, at: int, depth: int) -> int:
    """Walk over one item and give where it ends."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    kind, size, at = _head(raw, at)
    if kind in (2, 3):
        if at + size > len(raw):
            raise ValueError("ends too early")
        return at + size
    if kind == 4:
        for _ in range(size):
            at = _scan(raw, at, depth + 1)
        return at
    if kind == 5:
        return _scan_map(raw, at, size, depth)
    if kind == 6:
        raise ValueError("a tag within")
    return at


def _scan_map(raw: bytes, at: int, size: int, depth: int) -> int:
    seen: set[Any] = set()
    for _ in range(size):
        begin = at
        at = _scan(raw, at, depth + 1)
        # By meaning, not by bytes: 1 and 1 written long are one key.
        key = repr(cbor2.loads(raw[begin:at]))
        if key in seen:
            raise ValueError("a key twice")
        seen.add(key)
        at = _scan(raw, at, depth + 1)
    return at
