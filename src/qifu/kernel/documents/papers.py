"""What a paper says, as plain frozen data. Rendering, numbering and keeping know only these values.

Every text in them is text: nothing a person typed is ever read as markup, by any of the renderers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from qifu.kernel.intake.writer import plain

Cell = str | int | float | None


@dataclass(frozen=True)
class Par:
    """One paragraph of a letter. `heading` stands in the bold face (一、…), `item` hangs (1. …), `plain` is not indented."""

    text: str
    kind: Literal["", "heading", "item", "plain"] = ""


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, how it stands, and its share of the width (a share of the others', not a length)."""

    label: str
    kind: Literal["text", "number", "centre"] = "text"
    width: float = 1.0
    band: str = ""
    """A head above it, shared with its neighbours of the same band (合并表头)."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table inside a paper: columns, rows, and one last row of sums."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Cell] = ()
    title: str = ""
    unit: str = ""
    as_of: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An official letter (公文) in the manner of GB/T 9704: red head, number, addressee, text, organ, date, seal place."""

    kind: ClassVar[str] = "letter"

    organ: str
    """Whose letter it is: the words of the red head."""
    title: str
    to: str = ""
    body: Sequence[Par | str] = ()
    attachments: Sequence[str] = ()
    tables: Sequence[Table] = ()
    """Set after the letter, each on a page of its own."""
    signed: str = ""
    """The organ at the foot; the head's without its 文件 where left out."""
    dated: date | None = None
    copies: str = ""
    """抄送."""
    contact: str = ""
    head: str = ""
    """The red words, if they are others than 〈organ〉文件."""
    signer: str = ""
    """签发人, where the kind of letter names them beside its number."""
    seal: bool = True


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list (报表) on A4, landscape: title, unit of measure, as-of, table, who filled and who checked it."""

    kind: ClassVar[str] = "sheet"

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    unit: str = ""
    """单位：家、人 — what is counted."""
    office: str = ""
    """填报单位."""
    as_of: str = ""
    """截至2020年2月17日20时."""
    totals: Sequence[Cell] = ()
    filler: str = ""
    checker: str = ""
    dated: date | None = None
    note: str = ""
    filters: Sequence[str] = ()
    """What the list was narrowed by, in words."""
    mark: str = ""
    """Who took it out and when; drawn across each page and on top of the Excel."""
    portrait: bool = False


@dataclass(frozen=True)
class Line:
    """One box of a filled form: its name and what was answered. `wide` takes the whole width."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    """A filled form (表): boxes of name and answer, long text, a table, signatures."""

    kind: ClassVar[str] = "form"

    title: str
    number: str = ""
    place: str = ""
    lines: Sequence[Line] = ()
    text: Sequence[Par | str] = ()
    table: Table | None = None
    signatures: Sequence[str] = ()
    """Places to sign: 承诺人, 评估组长 …"""
    drawn: str = ""
    """A name written by hand, above the places to sign: a JPEG as base64."""
    note: str = ""
    foot: str = ""


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A bulletin (情况通报): red name of the sheet, issue and date, a headline, sentences, tables after it."""

    kind: ClassVar[str] = "bulletin"

    name: str
    organ: str
    issue: str = ""
    """第18期."""
    dated: date | None = None
    title: str
    body: Sequence[Par | str] = ()
    tables: Sequence[Table] = ()
    people: Sequence[str] = ()
    """统计：…, 核对：…, 签发：…"""
    seal: bool = True


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card to carry: whose, of which firm, the text of its square, the number below it, facts, what stands at its foot."""

    place: str
    name: str
    firm: str
    code: str
    number: str
    facts: Sequence[tuple[str, Sequence[str]]] = ()
    foot: Sequence[str] = ()
    void: str = ""
    """Set where it holds no more: what became of it and when."""


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Cards of one kind, one a page: A4, or A6 for a pocket. What they have in common stands here."""

    title: str
    cards: Sequence[Card]
    size: Literal["a4", "a6"] = "a4"
    typed: str = ""
    """Below the number: what to do where the square is not read."""
    hints: Sequence[tuple[str, Sequence[str]]] = ()
    seal: str = ""
    inside: str = ""


Paper = Letter | Sheet | Form | Bulletin

_KINDS: dict[str, type] = {each.kind: each for each in (Letter, Sheet, Form, Bulletin)}


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What is put on a paper when it is issued: number, check code, the address behind the QR code."""

    number: str = ""
    code: str = ""
    address: str = ""
    copy: str = field(default="")
    """Drawn pale across each page: 样稿, 已作废, a watermark."""


def as_data(paper: Paper) -> dict[str, Any]:
    """Give a paper as JSON-ready data; dates as 2020-02-17, paragraphs always as {text, kind}, cells as they are."""
    return {"kind": paper.kind, **_bare(asdict(paper))}


def of_data(data: Mapping[str, Any]) -> Paper:
    """Give back the paper of `as_data`; raises KeyError or TypeError for anything else."""
    given = {name: value for name, value in data.items() if name != "kind"}
    kind = _KINDS[data["kind"]]
    if given.get("dated"):
        given["dated"] = date.fromisoformat(given["dated"])
    for name in ("body", "text"):
        if name in given:
            given[name] = tuple(Par(**par) for par in given[name])
    if "tables" in given:
        given["tables"] = tuple(_table(table) for table in given["tables"])
    if given.get("table"):
        given["table"] = _table(given["table"])
    if "lines" in given:
        given["lines"] = tuple(Line(**line) for line in given["lines"])
    if "columns" in given:
        given["columns"] = tuple(Column(**column) for column in given["columns"])
    paper: Paper = kind(**given)
    return paper


def canonical(data: Mapping[str, Any]) -> bytes:
    """Give the bytes that are hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chinese_day(day: date) -> str:
    """Give a date as letters write it: 2020年2月17日, without leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def paragraphs(paper: Letter | Form | Bulletin) -> list[Par]:
    """Give the paragraphs of a paper, a bare text being an ordinary one."""
    return [par if isinstance(par, Par) else Par(par) for par in (paper.text if isinstance(paper, Form) else paper.body)]


def _table(data: Mapping[str, Any]) -> Table:
    return Table(**{**data, "columns": tuple(Column(**column) for column in data["columns"])})


def _bare(value: Any, *, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(each, name=key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        if name in ("body", "text"):
            return [{"text": plain(p), "kind": ""} if isinstance(p, str) else {"text": plain(p["text"]), "kind": p["kind"]} for p in value]
        return [_bare(each) for each in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return plain(value)


def field_names(kind: str) -> tuple[str, ...]:
    """Give the names of a kind's parts (packs name some of them)."""
    return tuple(each.name for each in fields(_KINDS[kind]))
