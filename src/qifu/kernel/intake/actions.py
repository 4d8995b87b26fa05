"""The acts on a list that comes in. Pages, commands and the replay call these and nothing else.

`receive_and_stage` is the whole first step for a caller that waits: upload, read, judge. A worker calls `process.stage`
itself after `intake.upload`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, Hat, NotYours, require
from qifu.kernel.actions import Done, Refused, action, run
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said as _

from . import process
from .guard import LIMITS, MB, check_name
from .models import Import, StagedRow
from .refusals import NotReady, TooBig, Unreadable
from .target import Committed, Target, target_named
from .writer import watermark, write_sheets

PROCESS = "intake"


@dataclass(frozen=True)
class Upload:
    """A file for a list. `region` is the place whose office sends it (default: the place of the hat that may);
    `party` an enterprise that sends its own; `year` that of dates written without one (default: the year of `at`)."""

    target: str = field(metadata={"label": "名单"})
    filename: str = field(metadata={"label": "文件名"})
    content: bytes = field(repr=False, metadata={"label": "文件"})
    region: int | None = None
    party: UUID | None = None
    year: int | None = field(default=None, metadata={"label": "年份"})


@dataclass(frozen=True)
class Map:
    """Which column is which field: {label: field key, "" for not imported}."""

    source: UUID
    columns: dict[str, Any]


@dataclass(frozen=True)
class Fix:
    """Put one row right: {field key: text}."""

    source: UUID
    row: UUID
    values: dict[str, Any]


@dataclass(frozen=True)
class FixMany:
    """Put several rows right: {row: {field key: text}}."""

    source: UUID
    rows: dict[str, Any]


@dataclass(frozen=True)
class Choose:
    """Say what becomes of a doubtful row: "enter", "skip" or "" for still open."""

    source: UUID
    row: UUID
    choice: str = ""


@dataclass(frozen=True)
class Commit:
    """Enter every row that may enter."""

    source: UUID


@dataclass(frozen=True)
class Discard:
    """Drop an import's file and rows."""

    source: UUID


@dataclass(frozen=True)
class Return:
    """Take the rows that did not enter as an .xlsx with a column 怎么改."""

    source: UUID


@action("intake.upload", "上传名单")
def upload(given: Upload, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Keep a file for import. Refuses a name that disagrees with the content, and what is too big."""
    target = target_named(given.target)
    if len(given.content) > LIMITS.upload:
        raise TooBig(_("这个文件有 {size} MB，一次最多读 {most} MB，没有导入。", size=len(given.content) // MB, most=LIMITS.upload // MB))
    check_name(given.content, given.filename)
    region = given.region if given.region is not None else _place(target, actor=actor, at=at)
    hat = require(actor, target.right, at=at, on=Import(region=region, party=given.party))
    made = process.receive(
        target=target, filename=given.filename, content=given.content, region=region, district=jurisdiction.district_of(region),
        party=given.party, year=given.year or at.year, actor=actor, at=at,
    )  # fmt: skip
    record(PROCESS, made, verb="upload", actor=actor, hat=hat, at=at, target=target.name, sha256=made.sha256, size=made.size)
    return made


def _place(target: Target, *, actor: Actor, at: datetime) -> int:
    """Give the place of the hat that may."""
    hat = require(actor, target.right, at=at)
    if hat.place is None:
        raise NotYours(right=target.right)
    return hat.place


@action("intake.map", "对列")
def map_columns(given: Map, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Change which column is which field; all rows are judged anew. Refuses WrongMapping."""
    made, _ = _mine(given.source, actor=actor, at=at)
    if made.step != Import.Step.JUDGED:
        raise NotReady()
    process.remap(made, {str(label): str(value or "") for label, value in given.columns.items()}, actor=actor, at=at)
    return made


@action("intake.fix", "改一行")
def fix_row(given: Fix, *, actor: Actor, at: datetime, key: UUID | None = None) -> StagedRow:
    """Put a row right without going back to the file."""
    made, _ = _open(given.source, actor=actor, at=at)
    return process.fix(made, given.row, {str(k): str(v or "") for k, v in given.values.items()}, actor=actor, at=at)


@action("intake.fix_many", "改几行")
def fix_rows(given: FixMany, *, actor: Actor, at: datetime, key: UUID | None = None) -> list[StagedRow]:
    """Put rows right without going back to the file, all or none; the list is judged once."""
    made, _ = _open(given.source, actor=actor, at=at)
    try:
        rows = {UUID(row): {str(k): str(v or "") for k, v in values.items()} for row, values in given.rows.items()}
    except (ValueError, AttributeError):
        raise NotReady("没有找到这一行，没有保存。") from None
    return process.fix_many(made, rows, actor=actor, at=at)


@action("intake.choose", "定一行")
def choose_row(given: Choose, *, actor: Actor, at: datetime, key: UUID | None = None) -> StagedRow:
    """Decide what becomes of a doubtful row."""
    made, _ = _open(given.source, actor=actor, at=at)
    if given.choice not in StagedRow.Choice.values:
        raise NotReady("只能选“照这样入库”或“不要这行”。")
    return process.choose(made, given.row, given.choice)


@action("intake.commit", "入库")
def commit(given: Commit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Committed:
    """Enter every row that may enter, by the target's one set-based act, in this transaction. A second call enters the
    rows that were put right since. Refuses NotSigned where a list needs a second person."""
    made, hat = _mine(given.source, actor=actor, at=at)
    done = process.enter(made, actor=actor, at=at)
    record(PROCESS, made, verb="commit", actor=actor, hat=hat, at=at, target=made.target, entered=made.counts["entered"],
           refused=made.counts["refused"])  # fmt: skip
    return done


@action("intake.discard", "作废名单")
def discard(given: Discard, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Drop the file and its rows."""
    made, hat = _mine(given.source, actor=actor, at=at)
    process.discard(made)
    record(PROCESS, made, verb="discard", actor=actor, hat=hat, at=at, target=made.target)
    return made


@action("intake.return", "下载要改的行")
def returned_file(given: Return, *, actor: Actor, at: datetime, key: UUID | None = None) -> bytes:
    """Give the rows that did not enter as .xlsx, watermarked; that they were taken is on the record."""
    made, hat = _open(given.source, actor=actor, at=at)
    mark = watermark(who=actor.name, office=hat.label, at=at, purpose=_("改好{filename}后再上传", filename=made.filename[:40]))
    book = write_sheets(process.to_give_back(made), mark=mark, wide=("怎么改",))
    record(PROCESS, made, verb="return", actor=actor, hat=hat, at=at, target=made.target)
    return book


def receive_and_stage(given: Upload, *, actor: Actor, at: datetime) -> Done | Refused:
    """Upload and read while the caller waits. Gives Done(Import), or Refused with the sentence for the person."""
    answer = run("intake.upload", given, actor=actor, at=at)
    if not isinstance(answer, Done):
        return answer
    try:
        return Done(process.stage(answer.result.id, actor=actor, at=at))
    except Unreadable as refusal:
        return Refused(refusal.code, refusal.says, refusal.fix, refusal=refusal)


def _mine(import_id: UUID, *, actor: Actor, at: datetime) -> tuple[Import, Hat]:
    made = process.find(import_id, actor=actor, lock=True)
    return made, require(actor, target_named(made.target).right, at=at, on=made)


def _open(import_id: UUID, *, actor: Actor, at: datetime) -> tuple[Import, Hat]:
    made, hat = _mine(import_id, actor=actor, at=at)
    if made.step not in (Import.Step.JUDGED, Import.Step.COMMITTED):
        raise NotReady()
    return made, hat


__all__ = ["Choose", "Commit", "Discard", "Fix", "Map", "Return", "Upload", "receive_and_stage"]
