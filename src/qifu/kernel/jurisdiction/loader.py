"""Load places from a pack's regions.csv: by the owner, whole or not at all, as often as one likes.

Columns: id, code, kind, parent (an id), name, since, until, previous, note. One row is one version; rows of the same
id are its versions in order of time. A date is YYYY-MM-DD (known), `<=YYYY-MM-DD` (unknown; seen on that day at the
latest) or blank (always, or still). `previous` lists ids that this place follows; a zone's `covers=` and `overlaps=`
list towns, as in `covers=900003 overlaps=900004`.
"""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from qifu.kernel.jurisdiction import queries
from qifu.kernel.jurisdiction.models import Edition, Place, PlaceTie, PlaceVersion

COLUMNS = ("id", "code", "kind", "parent", "name", "since", "until", "previous", "note")
PACKS = ("zhejiang", "sample")


class PackRefused(ValueError):
    """The file cannot be loaded; the message names the line and what is wrong. Nothing was written."""


@dataclass(frozen=True)
class Loaded:
    """What one load did: `places` and `versions` in the file, `changed` False when it was loaded already."""

    pack: str
    places: int
    versions: int
    changed: bool


@dataclass(frozen=True)
class _Row:
    line: int
    id: int
    code: str
    kind: str
    parent: int | None
    name: str
    since: date | None
    until: date | None
    holds_from: date | None
    holds_until: date | None
    ties: tuple[tuple[str, int], ...]
    note: str


def ensure(packs_dir: Path, *, packs: Iterable[str] = PACKS, using: str = "owner") -> list[Loaded]:
    """Load each named pack's regions.csv that is there; a file whose sha256 is loaded already is left alone."""
    found = [Path(packs_dir) / pack / "regions.csv" for pack in packs]
    return [load_pack(path, using=using) for path in found if path.exists()]


def load_pack(path: Path, using: str = "owner") -> Loaded:
    """Bring the tables to what one regions.csv says; ids are the file's, so that a second load changes nothing.

    Places that a newer file no longer has are kept: rows may point at them. Refuses PackRefused.
    """
    content = Path(path).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    pack = Path(path).parent.name
    known = Edition.objects.using(using).filter(pack=pack).first()
    rows = _parse(content.decode("utf-8-sig"))
    ids = {row.id for row in rows}
    if known is not None and known.sha256 == sha256:
        return Loaded(pack, len(ids), len(rows), changed=False)
    with transaction.atomic(using=using):
        _check(rows, also=set(Place.objects.using(using).values_list("id", flat=True)))
        _write(rows, using=using)
        number = 1 if known is None else known.number + 1
        Edition.objects.using(using).update_or_create(pack=pack, defaults={"sha256": sha256, "number": number})
    queries.forget()
    return Loaded(pack, len(ids), len(rows), changed=True)


def _write(rows: list[_Row], *, using: str) -> None:
    latest = {row.id: row for row in rows}
    Place.objects.using(using).bulk_create(
        [Place(id=row.id, kind=row.kind, code=row.code) for row in latest.values()],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["kind", "code"],
    )
    PlaceVersion.objects.using(using).filter(place_id__in=latest).delete()
    PlaceTie.objects.using(using).filter(place_id__in=latest).delete()
    numbers: Counter[int] = Counter()
    versions = []
    for row in rows:
        numbers[row.id] += 1
        versions.append(
            PlaceVersion(
                id=row.id * 100 + numbers[row.id],
                place_id=row.id,
                number=numbers[row.id],
                code=row.code,
                name=row.name,
                kind=row.kind,
                parent_id=row.parent,
                since=row.since,
                until=row.until,
                holds_from=row.holds_from,
                holds_until=row.holds_until,
                change_note=row.note,
            )
        )
    PlaceVersion.objects.using(using).bulk_create(versions)
    ties = {(row.id, other, kind) for row in rows for kind, other in row.ties}
    PlaceTie.objects.using(using).bulk_create([PlaceTie(place_id=one, other_id=other, kind=kind) for one, other, kind in sorted(ties)])


def _parse(text: str) -> list[_Row]:
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise PackRefused(f"line 1: columns must be {', '.join(COLUMNS)}")
    rows = []
    for line, cells in enumerate(reader, start=2):
        try:
            since, holds_from = _date(cells["since"])
            until, holds_until = _date(cells["until"])
            rows.append(
                _Row(
                    line=line,
                    id=int(cells["id"]),
                    code=cells["code"].strip(),
                    kind=cells["kind"].strip(),
                    parent=int(cells["parent"]) if cells["parent"] else None,
                    name=cells["name"].strip(),
                    since=since,
                    until=until,
                    holds_from=holds_from,
                    holds_until=holds_until,
                    ties=_ties(cells["previous"]),
                    note=cells["note"].strip(),
                )
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise PackRefused(f"line {line}: {error}") from error
    return rows


def _date(text: str) -> tuple[date | None, date | None]:
    if not text:
        return None, None
    if text.startswith("<="):
        return None, date.fromisoformat(text[2:])
    return date.fromisoformat(text), date.fromisoformat(text)


def _ties(text: str) -> tuple[tuple[str, int], ...]:
    ties = []
    for word in text.split():
        kind, _, other = word.rpartition("=")
        if kind not in ("", "covers", "overlaps"):
            raise ValueError(f"unknown tie {kind}")
        ties.append((kind or "follows", int(other)))
    return tuple(ties)


def _check(rows: list[_Row], *, also: set[int]) -> None:
    known = also | {row.id for row in rows}
    last: dict[int, _Row] = {}
    codes: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.kind not in Place.Kind.values:
            raise PackRefused(f"line {row.line}: unknown kind {row.kind}")
        if not row.name:
            raise PackRefused(f"line {row.line}: no name")
        for other in [row.parent, *(other for _, other in row.ties)]:
            if other is not None and other not in known:
                raise PackRefused(f"line {row.line}: place {other} is not known")
        earlier = last.get(row.id)
        if earlier is not None and (earlier.holds_until is None or earlier.holds_until != row.holds_from):
            raise PackRefused(f"line {row.line}: this version must begin where line {earlier.line} ends")
        last[row.id] = row
        codes[row.code].append(row)
    for code, bearers in codes.items():
        standing = {row.id for row in bearers if row.holds_until is None}
        if code and len(standing) > 1:
            raise PackRefused(f"line {bearers[-1].line}: code {code} is borne by two places")
