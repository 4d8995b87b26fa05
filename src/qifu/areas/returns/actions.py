"""A template from upload to daily use, and the table of a day from filling to release. Each act is one transaction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Moment, indicators, known_now
from qifu.kernel.language import said

from . import book, computing, editions, guessing, refusals
from .models import Blank, Filing, Kept
from .terms import MOST_CELLS, WORD_PARTS
from .workflow import TABLES, TEMPLATES

_HOUR = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


def _hour(text: str) -> str:
    match = _HOUR.fullmatch(text.strip())
    if match is None:
        raise BadInput({"hour": said("“每天几点”写成 16:00 这样。")})
    return f"{int(match[1]):02d}:{match[2]}"


def _keep(row: Blank | Filing, step: str, body: bytes, *, actor: Actor, at: datetime) -> str:
    """Keep bytes about a template or a table for ever; gives their SHA-256 in hex."""
    digest = sha256(body).hexdigest()
    Kept._base_manager.create(
        about=row.id, step=step, body=body, digest=digest, by_name=actor.name, at=at,
        region=row.region, party=None, compartment="", district=row.district,
    )  # fmt: skip
    return digest


def body_of(about: UUID) -> bytes:
    """Give the newest bytes about a template or a table; inside `acting`."""
    return bytes(Kept.objects.filter(about=about).order_by("-at", "-id").values_list("body", flat=True)[:1].get())


# ------------------------------------------------------------------------------------------------ the template


@dataclass(frozen=True, kw_only=True)
class Upload:
    place: int = field(metadata={"label": "地区"})
    name: str = field(metadata={"label": "表名", "most": 80})
    hour: str = field(metadata={"label": "每天几点"})
    unit: str = field(default="", metadata={"label": "填报单位", "most": 80})
    filename: str = field(metadata={"label": "文件名", "most": 120})
    content: bytes = field(metadata={"label": "文件"})
    follows: UUID | None = field(default=None, metadata={"label": "是哪张表的新版"})
    """The edition before: what was mapped there is taken over by the words around each cell."""


@action("returns.upload", "上传上级模板")
def upload(given: Upload, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Keep an upper level's .xlsx as it is. Refuses NotATemplate, HasMacros, Encrypted, TooWide; nothing of it is kept then."""
    hour, name = _hour(given.hour), given.name.strip()
    if not name or len(name) > 80:
        raise BadInput({"name": said("写上表名，最多80个字。")})
    book.check(given.content, given.filename)
    place = jurisdiction.place(given.place, local(at).date())
    digest = sha256(given.content).hexdigest()
    blank = Blank(
        region=place.id, district=jurisdiction.district_of(place.id), name=name, filename=given.filename[-120:], hour=hour,
        unit=given.unit.strip() or place.name, office=place.name, digest=digest,
    )  # fmt: skip
    if given.follows is not None:
        _take_over(blank, TEMPLATES.lock(given.follows), given.content, actor=actor)
    blank = TEMPLATES.open(blank, actor=actor, at=at, key=key, sheets=len(book.sheets(given.content)), digest=digest)
    _keep(blank, "upload", given.content, actor=actor, at=at)
    return blank


def _take_over(blank: Blank, before: Blank, body: bytes, *, actor: Actor) -> None:
    """Map a new edition as the one before; who uploads it has mapped it, so that another looks before it is in use."""
    if before.region != blank.region:
        raise BadInput({"follows": said("那张表是别的地区的，选自己的。")})
    blank.cells, blank.lost = editions.taken_over(before.cells, body_of(before.id), body)
    blank.cells.sort(key=_in_order)
    blank.follows, blank.mapper, blank.mapper_name = before.id, actor.id, actor.name


@dataclass(frozen=True, kw_only=True)
class Map:
    blank: UUID
    sheet: int = field(default=0, metadata={"label": "工作表"})
    cell: str = field(metadata={"label": "格子"})
    figure: str = field(default="", metadata={"label": "指标"})
    part: str = field(default="value", metadata={"label": "填什么"})
    place: int = field(default=0, metadata={"label": "地区"})
    down: bool = field(default=False, metadata={"label": "下面各行照办"})
    """Map the cells below too, as long as their rows name a place."""


@action("returns.map", "对格子")
def map_cell(given: Map, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Say what goes into a cell. Refuses FormulaCell, LockedCell, LabelCell, NoSuchCell, NoSuchPart, NoSuchPlace."""
    held = TEMPLATES.lock(given.blank)
    body, places, words = body_of(held.id), jurisdiction.reach(held.region, local(at).date()), given.part in WORD_PARTS
    address = book.target(body, given.sheet, given.cell, words=words)
    place = given.place or held.region
    if place not in places:
        raise refusals.NoSuchPlace()
    if not words:
        if given.figure not in indicators:
            raise BadInput({"figure": said("选一个指标。")})
        computing.check_part(indicators[given.figure], given.part)
    one = {"sheet": given.sheet, "cell": address, "figure": "" if words else given.figure, "part": given.part, "place": place}
    more = _below(book.grid(body, given.sheet), one, places) if given.down and not words else []
    new = {(cell["sheet"], cell["cell"]): cell for cell in (*held.cells, one, *more)}
    if len(new) > MOST_CELLS:
        raise refusals.TooWide(said("一张表最多对 {n} 格，没有对上。", n=MOST_CELLS))
    told = {"cell": address, "what": one["figure"] or one["part"], "cells": 1 + len(more)}
    with TEMPLATES.move("map", given.blank, actor=actor, at=at, key=key, **told) as blank:
        blank.cells = sorted(new.values(), key=_in_order)
        blank.mapper, blank.mapper_name, blank.starter, blank.starter_name = actor.id, actor.name, "", ""
    return blank


def _in_order(cell: Mapping[str, Any]) -> tuple[int, int, int]:
    letters, row = coordinate_from_string(cell["cell"])
    return int(cell["sheet"]), row, column_index_from_string(letters)


def _below(grid: book.Grid, first: Mapping[str, Any], places: tuple[int, ...]) -> list[dict[str, Any]]:
    """Give the same for the cells below whose rows name another place; stops at the first that names none or is not free."""
    letters, row = coordinate_from_string(str(first["cell"]))
    found: list[dict[str, Any]] = []
    squares = grid.squares
    while True:
        row += 1
        square = squares.get(f"{letters}{row}")
        if square is None or square.kind != "free":
            return found
        place = guessing.place_named(guessing.words_around(grid, square.address)[0], places)
        if place is None:
            return found
        found.append({**first, "cell": square.address, "place": place})


@dataclass(frozen=True, kw_only=True)
class Unmap:
    blank: UUID
    sheet: int = field(default=0, metadata={"label": "工作表"})
    cell: str = field(metadata={"label": "格子"})


@action("returns.unmap", "取消对格")
def unmap(given: Unmap, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Leave a cell to the template again. Refuses NotMapped."""
    address = given.cell.strip().upper()
    held = TEMPLATES.lock(given.blank)
    kept = [cell for cell in held.cells if (cell["sheet"], cell["cell"]) != (given.sheet, address)]
    if len(kept) == len(held.cells):
        raise refusals.NotMapped()
    with TEMPLATES.move("unmap", given.blank, actor=actor, at=at, key=key, cell=address) as blank:
        blank.cells = kept
        blank.mapper, blank.mapper_name, blank.starter, blank.starter_name = actor.id, actor.name, "", ""
    return blank


@dataclass(frozen=True, kw_only=True)
class Retime:
    blank: UUID
    hour: str = field(metadata={"label": "每天几点"})


@action("returns.retime", "改模板的时间")
def retime(given: Retime, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Set the hour at which, and as of which, it is filled."""
    hour = _hour(given.hour)
    with TEMPLATES.move("retime", given.blank, actor=actor, at=at, key=key, hour=int(hour.replace(":", ""))) as blank:
        blank.hour = hour
    return blank


@dataclass(frozen=True, kw_only=True)
class OfBlank:
    blank: UUID


@action("returns.start", "启用模板")
def start(given: OfBlank, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Put a template in use, and the edition before it out of use. Refuses NothingMapped, and AnotherStarts to who mapped it."""
    told = len(TEMPLATES.lock(given.blank).cells)
    with TEMPLATES.move("start", given.blank, actor=actor, at=at, key=key, cells=told) as blank:
        blank.starter, blank.starter_name = actor.id, actor.name
    if blank.follows is not None and TEMPLATES.lock(blank.follows).state in ("mapping", "on"):
        with TEMPLATES.move("stop", blank.follows, actor=actor, at=at):
            pass
    return blank


@action("returns.change", "改对格")
def change(given: OfBlank, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Open the mapping again; until another person puts it in use nothing is filled."""
    with TEMPLATES.move("change", given.blank, actor=actor, at=at, key=key) as blank:
        blank.starter, blank.starter_name = "", ""
    return blank


@action("returns.stop", "停用模板")
def stop(given: OfBlank, *, actor: Actor, at: datetime, key: UUID | None = None) -> Blank:
    """Fill it no more; what was filled stays."""
    with TEMPLATES.move("stop", given.blank, actor=actor, at=at, key=key) as blank:
        return blank


# ------------------------------------------------------------------------------------------------ the table of a day


@dataclass(frozen=True, kw_only=True)
class Fill:
    blank: UUID
    day: date | None = field(default=None, metadata={"label": "日期"})


@action("returns.fill", "填报表")
def fill(given: Fill, *, actor: Actor, at: datetime, key: UUID | None = None) -> Filing:
    """Fill the table of a day (today) as of its hour, as known now. Refuses NotOn, NotYet; a cell that cannot be filled is told."""
    blank = TEMPLATES.lock(given.blank)
    if blank.state != "on":
        raise refusals.NotOn()
    day = given.day or local(at).date()
    if day > local(at).date():
        raise refusals.NotYet()
    filing = Filing(region=blank.region, district=blank.district, blank=blank, day=day, office=blank.office)
    body = _compute(filing, blank, at=at)
    filing.digest = sha256(body).hexdigest()
    filing = TABLES.open(
        filing, actor=actor, at=at, key=key, cells=len(filing.values), missing=len(filing.missing), digest=filing.digest
    )  # fmt: skip
    _keep(filing, "fill", body, actor=actor, at=at)
    return filing


def _compute(filing: Filing, blank: Blank, *, at: datetime) -> bytes:
    """Fill the columns that a computation fills, and give the filled workbook."""
    body, known = body_of(blank.id), known_now(at=at)
    asof = computing.moment_of(blank, filing.day, at)
    last = Filing.objects.filter(blank=blank.id, day__lt=filing.day).order_by("-day").first()
    found = computing.Computer(blank, body, Moment(asof, known)).compute(last.values if last else [])
    filing.asof, filing.known_era, filing.known_horizon, filing.known_at = asof, known.era, known.horizon, at
    filing.values, filing.missing, filing.against = found.lines, found.missing, last.day if last else None
    return book.filled(body, found.values)


@dataclass(frozen=True, kw_only=True)
class OfFiling:
    filing: UUID


@action("returns.fill_again", "重新填报表")
def fill_again(given: OfFiling, *, actor: Actor, at: datetime, key: UUID | None = None) -> Filing:
    """Compute a table anew with the mapping as it stands, as known now; the one before stays kept."""
    fresh = TABLES.lock(given.filing)
    blank = TEMPLATES.lock(fresh.blank_id)
    body = _compute(fresh, blank, at=at)
    digest = sha256(body).hexdigest()
    told = {"cells": len(fresh.values), "missing": len(fresh.missing), "digest": digest}
    with TABLES.move("fill_again", given.filing, actor=actor, at=at, key=key, **told) as filing:
        for name in ("asof", "known_era", "known_horizon", "known_at", "values", "missing", "against"):
            setattr(filing, name, getattr(fresh, name))
        filing.digest = digest
        _keep(filing, "fill_again", body, actor=actor, at=at)
    return filing


@action("returns.release", "报出报表")
def release(given: OfFiling, *, actor: Actor, at: datetime, key: UUID | None = None) -> Filing:
    """Find a table right and hand it in under one's name as its filler. Refuses CellsMissing."""
    held = TABLES.lock(given.filing)
    body, signed = _signed(held, actor)
    digest = sha256(body).hexdigest()
    with TABLES.move("release", given.filing, actor=actor, at=at, key=key, digest=digest) as filing:
        filing.releaser, filing.releaser_name, filing.digest, filing.values, filing.reason = actor.id, actor.name, digest, signed, ""
        _keep(filing, "release", body, actor=actor, at=at)
    return filing


def _signed(filing: Filing, actor: Actor) -> tuple[bytes, list[dict[str, Any]]]:
    """Write the filler's name into the file as it was filled; no figure is computed anew."""
    blank_body, body = body_of(filing.blank_id), body_of(filing.id)
    names: dict[book.Place, book.Value] = {}
    lines = []
    for line in filing.values:
        if line["part"] == "filler":
            square = book.grid(blank_body, line["sheet"]).squares[line["cell"]]
            names[line["sheet"], line["cell"]] = book.beside(square, actor.name)
            lines.append({**line, "text": actor.name})
        else:
            lines.append(line)
    return book.filled(body, names), lines


@dataclass(frozen=True, kw_only=True)
class TakeBack:
    filing: UUID
    reason: str = field(metadata={"label": "为什么", "most": 300})


@action("returns.take_back", "撤回报表")
def take_back(given: TakeBack, *, actor: Actor, at: datetime, key: UUID | None = None) -> Filing:
    """Open a released table again, with the reason; what was handed in stays kept."""
    with TABLES.move("take_back", given.filing, actor=actor, at=at, key=key, reason="again") as filing:
        filing.reason, filing.releaser, filing.releaser_name = given.reason, "", ""
    return filing
