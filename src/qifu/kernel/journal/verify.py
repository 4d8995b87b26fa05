"""Verifies an export of the journal. Stands alone: one file, Python 3.10 or later, nothing to install.

    python verify.py EXPORT --head HEADFILE [--key PUBLICKEYHEX] [--since N]

EXPORT is JSON lines: a header, the seals, then the rows. A row carries its body exactly as stored, and the SHA-256
of it. HEADFILE holds a seal that was printed or kept outside before; without one a cut tail cannot be seen. An export that
begins after seal N is taken only from who asked for that (--since N): it could hide what stands before.
What is checked: row hash = SHA-256(body); leaf = SHA-256(00 seq tx era hash), integers of 8, 8 and 4 bytes; Merkle tree
as in RFC 6962; each seal names its rows, the sum so far, the SHA-256 of the seal before, and is signed by Ed25519.
Exit: 0 all agrees, 1 something does not, 2 nothing could be read.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import sys
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256, sha512
from typing import Any, BinaryIO, NamedTuple

# ------------------------------------------------------------------ Ed25519 (RFC 8032), verification only

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_BASE = bytes.fromhex("58" + "66" * 31)
_Point = tuple[int, int, int, int]


def _add(a: _Point, b: _Point) -> _Point:
    p, q = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2]
    e, f, g, h = (q - p) % _P, (d - c) % _P, (d + c) % _P, (q + p) % _P
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point(text: bytes) -> _Point | None:
    y = int.from_bytes(text, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if len(text) != 32 or y >= _P or (x * x - square) % _P or (x == 0 and odd):
        return None
    x = _P - x if x & 1 != odd else x
    return x, y, 1, x * y % _P


@lru_cache(maxsize=16)
def _multiples(text: bytes, negative: bool) -> list[list[_Point]] | None:
    """Give 0 to 15 times 16^i times a point: a multiplication then is 64 additions."""
    point = _point(text)
    if point is None:
        return None
    point = (-point[0] % _P, point[1], 1, -point[3] % _P) if negative else point
    table = []
    for _ in range(64):
        row: list[_Point] = [(0, 1, 1, 0)]
        for _ in range(16):
            row.append(_add(row[-1], point))
        point = row.pop()
        table.append(row)
    return table


@lru_cache(maxsize=4096)
def signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Say whether `signature` (64 bytes) of `text` was made with the private half of `key` (32 bytes)."""
    base, minus = _multiples(_BASE, False), _multiples(key, True)
    scalar = int.from_bytes(signature[32:], "little")
    if base is None or minus is None or len(signature) != 64 or scalar >= _L:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + text).digest(), "little") % _L
    total: _Point = (0, 1, 1, 0)
    for ours, theirs in zip(base, minus, strict=True):
        total = _add(_add(total, ours[scalar & 15]), theirs[challenge & 15])
        scalar, challenge = scalar >> 4, challenge >> 4
    inverse = pow(total[2], -1, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ------------------------------------------------------------------ what is read

Row = tuple[int, int, int, bytes, bytes]
"""seq, tx, era, stored hash, body."""
_FIELDS = ("number", "era", "horizon", "rows", "total", "root", "previous", "at", "key")
_LINE = re.compile(
    rb'\{"seq":(0|[1-9]\d{0,17}),"tx":(0|[1-9]\d{0,17}),"era":(0|[1-9]\d{0,8}),"hash":"([0-9a-f]{64})",'
    rb'"(?:body":(.*)|bytes":"([0-9a-f]*)")\}\n?',
    re.DOTALL,
)
leaf_number = struct.Struct(">xqqi").pack
_CHUNK = 1 << 14


class Unreadable(ValueError):
    """The file is not an export, or not a head."""


class Seal(NamedTuple):
    """One seal: `number` counts from 1, `horizon` bounds its transactions, `total` counts rows since the beginning."""

    number: int
    era: int
    horizon: int
    rows: int
    total: int
    root: bytes
    previous: bytes
    at: str
    key: bytes
    signature: bytes

    @property
    def text(self) -> bytes:
        """The bytes that are signed, and whose SHA-256 the next seal carries."""
        words = [v.hex() if isinstance(v, bytes) else v for v in self[:9]]
        return b"qifu.journal.seal.v1\n" + json.dumps(dict(zip(_FIELDS, words, strict=True)), separators=(",", ":")).encode()

    @property
    def link(self) -> bytes:
        return sha256(self.text).digest()

    def line(self) -> str:
        """Give the seal as one line of JSON, as it stands in an export and in a head file."""
        return f'{{"seal":{self.text.decode().splitlines()[1]},"signature":"{self.signature.hex()}"}}'


def seal_from(line: str | bytes) -> Seal:
    """Read one line of JSON; refuses Unreadable."""
    try:
        given = json.loads(line)
        words = [given["seal"][name] for name in _FIELDS] + [given["signature"]]
        if not all(type(n) is int and 0 <= n < 2**63 for n in words[:5]):
            raise ValueError("numbers")
        root, previous, key, signature = (bytes.fromhex(words[i]) for i in (5, 6, 8, 9))
        number, era, horizon, rows, total, at = (*words[:5], str(words[7]))
    except (ValueError, KeyError, TypeError) as bad:
        raise Unreadable(f"not a seal: {line[:80]!r}") from bad
    return Seal(number, era, horizon, rows, total, root, previous, at, key, signature)


def read(file: BinaryIO) -> tuple[int, list[Seal], Iterator[Row | int]]:
    """Read an export: (since, seals, rows as a stream). A line that cannot be read comes as its number."""
    try:
        header = json.loads(file.readline())
        since, count = int(header["since"]), int(header["seals"])
        if header["qifu"] != "journal export v1":
            raise ValueError(header["qifu"])
    except (ValueError, KeyError, TypeError) as bad:
        raise Unreadable("this is not an export of a journal") from bad
    return since, [seal_from(file.readline()) for _ in range(count)], _rows(file, count + 2)


def _rows(file: BinaryIO, number: int) -> Iterator[Row | int]:
    match, unhex = _LINE.fullmatch, bytes.fromhex
    for at, line in enumerate(file, number):
        found = match(line)
        if found is None:
            yield at
            continue
        seq, tx, era, stored, body, coded = found.groups()
        if body is None:
            body = unhex(coded.decode()) if len(coded) % 2 == 0 else b""
        yield int(seq), int(tx), int(era), unhex(stored.decode()), body


# ------------------------------------------------------------------ what is found


class Problem(NamedTuple):
    """One thing that does not agree: which seal's batch, which row (seq), in words."""

    code: str
    seal: int | None
    row: int | None
    zh: str
    en: str

    def __str__(self) -> str:
        batch = f"第{self.seal}批 batch {self.seal}" if self.seal else ""
        row = f"第{self.row}行 row {self.row}" if self.row is not None else ""
        return "：".join(filter(None, ["，".join(filter(None, [batch, row])), f"{self.zh} {self.en}"]))


class Report:
    """What a verification found: `good`, `problems` (the first 1,000; `count` has all), rows seen, rows not yet sealed."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.count = self.rows = self.loose = self.seals = 0

    @property
    def good(self) -> bool:
        return self.count == 0

    def add(self, code: str, seal: int | None, row: int | None, zh: str, en: str) -> None:
        self.count += 1
        if len(self.problems) < 1000:
            self.problems.append(Problem(code, seal, row, zh, en))


def merkle(level: Sequence[bytes]) -> bytes:
    """Give the root over leaves (or over roots of whole chunks): pairs are joined, an odd last one moves up."""
    while len(level) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
    return level[0] if level else sha256(b"").digest()


class Tree:
    """A Merkle tree that grows leaf by leaf and keeps only the open chunk and the roots of whole ones."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.chunks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        self.leaves.append(leaf)
        if len(self.leaves) == _CHUNK:
            self.chunks.append(merkle(self.leaves))
            self.leaves.clear()

    def __len__(self) -> int:
        return len(self.chunks) * _CHUNK + len(self.leaves)

    def root(self) -> bytes:
        return merkle([*self.chunks, merkle(self.leaves)] if self.leaves else self.chunks)


class _Batch(Tree):
    """The rows of one seal: those of its era from `low` up to its horizon."""

    def __init__(self, seal: Seal | None, low: int) -> None:
        super().__init__()
        self.seal = seal
        self.number = seal.number if seal else None
        self.era, self.low, self.high = (seal.era, low, seal.horizon) if seal else (-1, 0, 0)


def check(
    seals: Sequence[Seal], rows: Iterable[Row | int], *, since: int = 0, head: Seal | None = None, keys: Iterable[bytes] = ()
) -> Report:
    """Verify seals and rows (in order of era, tx, seq) against each other, a head from outside, and the keys trusted."""
    report = Report()
    report.seals = len(seals)
    batches = _check_chain(report, seals, since)
    _check_trust(report, seals, head, set(keys))
    _check_rows(report, batches, rows)
    for batch in batches:
        wanted, found = batch.seal.rows, len(batch)  # type: ignore[union-attr]
        if found != wanted:
            report.add("batch.rows", batch.number, None, f"应有{wanted}行，见到{found}行。", f"has {found} rows of {wanted}.")
        if batch.root() != batch.seal.root:  # type: ignore[union-attr]
            report.add("batch.root", batch.number, None, "各行与封存时的根值不符。", "its rows do not give the root that was sealed.")
    if since:
        report.notes.append(f"第{since}批及以前的行不在其中，没有核对。 Rows up to batch {since} are not in it and were not checked.")
    return report


def _check_chain(report: Report, seals: Sequence[Seal], since: int) -> list[_Batch]:
    batches: list[_Batch] = []
    before: Seal | None = None
    for seal in seals:
        n, low = seal.number, 0
        if before is None:
            if n != max(since, 1) or (n == 1 and (seal.previous != bytes(32) or seal.total != seal.rows)):
                report.add("seal.chain", n, None, "前面的封存缺失。", "the seals before it are missing.")
        else:
            low = before.horizon if seal.era == before.era else 0
            follows = n == before.number + 1 and seal.previous == before.link and seal.total == before.total + seal.rows
            if not follows or seal.era < before.era or seal.horizon < low:
                report.add("seal.chain", n, None, "与前一次封存接不上。", "does not follow the seal before it.")
        if not signed(seal.key, seal.text, seal.signature):
            report.add("seal.signature", n, None, "签名不对。", "its signature is wrong.")
        if n > since:
            batches.append(_Batch(seal, low))
        before = seal
    return batches


def _check_trust(report: Report, seals: Sequence[Seal], head: Seal | None, keys: set[bytes]) -> None:
    vouched = 0
    if head is None and seals:
        report.notes.append("没有外存的封存头，看不出尾部是否被截去。 Without a head from outside a cut tail cannot be seen.")
    if head is not None:
        n, last = head.number, seals[-1].number if seals else 0
        same = next((seal for seal in seals if seal.number == n), None)
        if not signed(head.key, head.text, head.signature):
            report.add("head.signature", n, None, "外存的封存头签名不对。", "the head from outside is not signed right.")
        elif n > last:
            report.add("head.cut", n, None, f"外存的封存头有此批，这里只到第{last}批：尾部被截去。", f"the tail is cut after batch {last}.")
        elif same is None or same.text != head.text:
            report.add("head.differs", n, None, "与外存的封存头不同，或不在其中。", "differs from the head from outside, or is not in it.")
        else:
            vouched = n
        keys = keys | {head.key}
    if seals and not keys:
        report.add("key.none", None, None, "没有外来的封存头或公钥，签名证明不了什么。", "no head or key from outside.")
    # What a trusted seal follows is vouched for by the chain, whatever key signed it then.
    vouched = max([vouched, *(seal.number for seal in seals if seal.key in keys)])
    for seal in seals:
        if keys and seal.number > vouched:
            report.add("seal.key", seal.number, None, "由不认识的密钥签署。", f"signed by the unknown key {seal.key.hex()}.")


def _check_rows(report: Report, batches: Sequence[_Batch], rows: Iterable[Row | int]) -> None:
    starts = sorted((batch.era, batch.low, place) for place, batch in enumerate(batches))
    end = max(((batch.era, batch.high) for batch in batches), default=(0, 0))
    nowhere = _Batch(None, 0)

    def home(era: int, tx: int) -> _Batch:
        place = bisect_right(starts, (era, tx, len(starts))) - 1
        found = batches[starts[place][2]] if place >= 0 else nowhere
        return found if era == found.era and tx < found.high else nowhere

    batch, before = nowhere, (-1, -1, -1)
    for row in rows:
        report.rows += 1
        if isinstance(row, int):
            report.add("row.line", batch.number, None, f"文件第{row}行读不出来。", f"line {row} of the file cannot be read.")
            continue
        seq, tx, era, stored, body = row
        if not (era == batch.era and batch.low <= tx < batch.high):
            batch = home(era, tx)
        if sha256(body).digest() != stored:
            report.add("row.hash", batch.number, seq, "所存的摘要与正文不符。", "its stored hash disagrees with its body.")
        if (era, tx, seq) <= before:
            report.add("row.order", batch.number, seq, f"排在第{before[2]}行之后，次序不对。", f"out of order after {before[2]}.")
            report.add("row.order", home(*before[:2]).number, before[2], f"排在第{seq}行之前，次序不对。", f"out of order before {seq}.")
        before = (era, tx, seq)
        if batch is not nowhere:
            batch.add(sha256(leaf_number(seq, tx, era) + stored).digest())
        elif (era, tx) < end:
            report.add("row.loose", None, seq, "不属于任何一次封存。", "lies in no batch, though its time was sealed.")
        else:
            report.loose += 1


# ------------------------------------------------------------------ the command


def say(report: Report, seconds: float) -> str:
    """Give the report in Chinese and English, the verdict last."""
    lines = [str(problem) for problem in report.problems]
    if report.count > len(report.problems):
        lines.append(f"另有{report.count - len(report.problems)}处。 And more.")
    lines += report.notes
    if report.loose:
        lines.append(f"{report.loose}行尚未封存，只核对了各行自身。 {report.loose} rows are not sealed yet.")
    speed = f"{report.rows}行，{report.seals}次封存，{seconds:.1f}秒 ({report.rows / max(seconds, 1e-6):,.0f} rows/s)"
    lines.append(f"一致：{speed}。 All agrees." if report.good else f"不一致：{report.count}处（{speed}）。 It does not agree.")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Verify one export; gives the exit code."""
    parser = argparse.ArgumentParser(description="核对台账导出文件。 Verify an export of the journal.")
    parser.add_argument("export")
    parser.add_argument("--head", help="此前存在外面的封存头文件 (a file with a seal kept outside)")
    parser.add_argument("--key", action="append", default=[], help="信任的公钥，十六进制 (a trusted public key, hex)")
    parser.add_argument("--since", type=int, default=0, help="导出时所要的起点 (the seal after which the export was asked to begin)")
    given: Any = parser.parse_args(argv)
    try:
        keys = [bytes.fromhex(key) for key in given.key]
        head = None
        if given.head:
            with open(given.head, "rb") as file:
                head = seal_from(file.read())
        began = time.process_time()
        with open(given.export, "rb", buffering=1 << 20) as file:
            since, seals, rows = read(file)
            report = check(seals, rows, since=since, head=head, keys=keys)
        if since != given.since:
            report.add("since", None, None, f"这份导出从第{since}批之后才开始；若本要这样，加 --since {since}。", "Not what was asked for.")
    except (OSError, ValueError) as bad:
        print(f"读不出来：{bad}。 It cannot be read.", file=sys.stderr)
        return 2
    print(say(report, time.process_time() - began))
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
