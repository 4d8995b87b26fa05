"""Writes the journal as a file that can be read without the product: a header, the seals, then every row.

A row's body stands in its line byte for byte as it is stored and hashed; the format is that of `verify`."""

import json
import os
from pathlib import Path
from typing import NamedTuple

from . import sealing

_ROWS = "SELECT seq, tx, era, hash, body FROM journal_entry WHERE (era, tx) >= (%s, %s) ORDER BY era, tx, seq"


class Exported(NamedTuple):
    """How much was written, and up to which seal (None where nothing is sealed)."""

    rows: int
    seals: int
    last: int | None


class NoSuchSeal(ValueError):
    """There is no seal of this number to continue from."""


def export(file: Path, *, since: int = 0) -> Exported:
    """Write all rows after seal `since` (0: all of them) to a new file (0600); an existing one is refused.

    Seal `since` itself is in it without its rows, so that the chain can be followed. Rows that are not sealed yet
    come last. Refuses NoSuchSeal. Memory does not grow with the journal."""
    draft = file.with_name(file.name + ".part")
    if file.exists():
        raise FileExistsError(f"{file} 已经存在，没有覆盖 (exists already)")
    try:
        with sealing.whole(), os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 1 << 20) as out:
            seals = sealing.seals(since=since)
            if since and (not seals or seals[0].number != since):
                raise NoSuchSeal(f"没有第{since}次封存 (there is no seal {since})")
            header = {"qifu": "journal export v1", "since": since, "seals": len(seals)}
            out.write(json.dumps(header, separators=(",", ":")).encode() + b"\n")
            for seal in seals:
                out.write(seal.line().encode() + b"\n")
            start = [seals[0].era, seals[0].horizon] if since else [0, 0]
            count = 0
            for seq, tx, era, stored, body in sealing.stream(_ROWS, start):
                count += 1
                out.write(b'{"seq":%d,"tx":%d,"era":%d,"hash":"%s",%s}\n' % (seq, tx, era, stored.hex().encode(), _field(body)))
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return Exported(count, len(seals), seals[-1].number if seals else None)


def _field(body: bytes) -> bytes:
    # Whatever was done to a row, one line stays one line.
    if b"\n" in body or b"\r" in body or not body.startswith(b"{"):
        return b'"bytes":"%s"' % body.hex().encode()
    return b'"body":%s' % body
