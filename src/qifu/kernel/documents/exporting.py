"""Lists that are taken out of the system: up to 500 rows at once, above with a second person, made by the worker.

An area says which lists may be taken (`register`). A file bears who took it and when on every page; what left, of which
list, narrowed by what, how many rows and what for is on the record, and a file waits one day for whoever asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import QueryDict

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, Hat, NotFound, NotYours, SamePerson, acting, require
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.calendar import clock
from qifu.kernel.intake.vault import lock_away, take_out
from qifu.kernel.intake.writer import watermark
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from . import excel, typeset, word
from .models import Export, ExportFile
from .papers import Sheet

AT_ONCE = 500
"""Rows that one person may take alone (SECURITY 5.3)."""
MOST = 20_000
LASTS = timedelta(days=1)
PROCESS = "documents.export"
ALLOW = "documents.allow"
Form = Literal["xlsx", "pdf", "docx"]
FORMS: dict[str, tuple[str, str, Callable[[Sheet], bytes]]] = {
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", excel.xlsx),
    "pdf": ("PDF", "application/pdf", typeset.pdf),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.docx),
}
MOST_OF = {"pdf": 2_000, "docx": 2_000}
"""Beyond this many rows a list is for a machine, and Excel is what it is for."""


class Nothing(ActionRefused):
    """The filters leave no row."""

    says = "这样筛没有结果，没有导出。"
    fix = "去掉一个条件再导出。"


class TooMany(ActionRefused):
    """More rows than one file takes."""

    says = said("超过{most:,}行，一次导不出来。", most=MOST)
    fix = "加一个条件，分几次导。"


class TooManyForPaper(ActionRefused):
    """A PDF or Word of thousands of rows helps nobody."""

    says = said("超过{most:,}行，排不成PDF或Word。", most=MOST_OF["pdf"])
    fix = "改导Excel，或者加一个条件。"


class NotAnymore(ActionRefused):
    """It was answered, made or dropped meanwhile."""

    says = "这份导出已经有人处理过了。"
    fix = "刷新看看现在到哪一步。"


class Gone(ActionRefused):
    """The file is not there: not yet, or its day is over."""

    says = "文件还没有好，或者已经过了一天、删掉了。"
    fix = "还要的话重新申请一次。"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list that may be taken out: its name and word, the rights of which one is needed, and how it is read.

    `count` says how many rows the filters leave, at most `most` + 1; `read` gives the sheet. Both are called inside `acting`
    of whoever asked, with the filters as the list's own address has them."""

    name: str
    label: str
    needs: tuple[str, ...]
    count: Callable[[QueryDict, Actor, datetime, int], int]
    read: Callable[[QueryDict, Actor, datetime, int], Sheet]

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))


listings: dict[str, Listing] = {}
"""Every list that may be taken out, by name."""


def register(listing: Listing) -> Listing:
    """Offer a list; once, from the area's AppConfig.ready()."""
    listings[listing.name] = listing
    return listing


@dataclass(frozen=True)
class Taken:
    """A file that leaves at once."""

    content: bytes = field(repr=False)
    name: str
    mime: str
    rows: int


def allowed(name: str, actor: Actor, *, at: datetime) -> tuple[Listing, Hat]:
    """Give a list and the hat by which the actor may take it, or refuse NotFound or NotYours."""
    listing = listings.get(name)
    if listing is None:
        raise NotFound("没有这份名单。", fix="从列表页上点导出。")
    for right in listing.needs:
        # Without a place one has one's own pages and no lists (an enterprise's contact).
        if (hat := actor.hat_for(right, at=at)) and hat.place is not None:
            return listing, hat
    raise NotYours()


@dataclass(frozen=True, kw_only=True)
class Ask:
    listing: str = field(metadata={"label": "名单"})
    filters: str = field(default="", metadata={"label": "条件", "most": 1000})
    """As in the list's address: town=…&size=…"""
    form: Form = field(default="xlsx", metadata={"label": "格式"})
    purpose: str = field(metadata={"label": "用途", "most": 100})


@action("documents.export", "导出名单")
def export(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Taken | Export:
    """Give the file at once where it has up to 500 rows; else ask a second person and give the request.

    Refuses Nothing, TooMany, TooManyForPaper, NotYours."""
    listing, hat = allowed(given.listing, actor, at=at)
    filters = QueryDict(given.filters)
    rows = listing.count(filters, actor, at, MOST)
    if rows == 0:
        raise Nothing()
    if rows > MOST:
        raise TooMany()
    if rows > MOST_OF.get(given.form, MOST):
        raise TooManyForPaper()
    row = _row(given, listing, hat, rows=rows, actor=actor, at=at)
    if rows > AT_ONCE:
        row.save(force_insert=True)
        _note(row, "ask", entered="asked", actor=actor, hat=hat, at=at)
        return row
    sheet = _marked(listing.read(filters, actor, at, AT_ONCE), row)
    _note(row, "take", entered="taken", actor=actor, hat=hat, at=at)
    return Taken(FORMS[given.form][2](sheet), _name(row), FORMS[given.form][1], rows)


def _row(given: Ask, listing: Listing, hat: Hat, *, rows: int, actor: Actor, at: datetime) -> Export:
    assert hat.place is not None
    place = hat.place
    return Export(
        id=uuid7(), listing=listing.name, label=listing.label, filters=given.filters, form=given.form, rows=rows,
        purpose=given.purpose, asked_by=actor.id, asked_by_name=actor.name[:80], office=(hat.label or jurisdiction.name(place))[:80],
        person=actor.person, asked_at=at, state=Export.State.ASKED, region=place, district=jurisdiction.district_of(place),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Answer:
    export: UUID
    allow: bool = field(metadata={"label": "同意"})
    reason: str = field(default="", metadata={"label": "说明", "most": 200})


@action("documents.answer_export", "答复导出申请")
def answer(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Export:
    """Allow or turn down a long export as the second person. Refuses SamePerson, NotYours, NotAnymore."""
    row = _locked(given.export)
    hat = require(actor, ALLOW, at=at, on=row)
    if row.asked_by == actor.id:
        raise SamePerson("导出要由另一个人同意，自己申请的不能自己批。", fix="请另一位有这项权限的同事批。")
    if row.state != Export.State.ASKED:
        raise NotAnymore()
    row.state = Export.State.ALLOWED if given.allow else Export.State.REFUSED
    row.answered_by, row.answered_by_name, row.answered_at, row.reason = actor.id, actor.name[:80], at, given.reason
    row.save(update_fields=["state", "answered_by", "answered_by_name", "answered_at", "reason"])
    _note(row, "allow" if given.allow else "turn_down", left="asked", entered=row.state, actor=actor, hat=hat, at=at)
    return row


@dataclass(frozen=True, kw_only=True)
class Of:
    export: UUID


@action("documents.fetch_export", "取导出的文件")
def fetch(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Taken:
    """Give the file to whoever asked for it, within its day; each time is on the record. Refuses Gone."""
    row = _locked(given.export)
    if row.asked_by != actor.id:
        raise NotFound("没有找到这份导出。")
    _, hat = allowed(row.listing, actor, at=at)
    kept = everything(ExportFile).filter(export=row.id).first()
    if row.state != Export.State.READY or kept is None or row.gone_at is None or row.gone_at <= at:
        raise Gone()
    _note(row, "fetch", actor=actor, hat=hat, at=at)
    return Taken(take_out(kept.sealed, where=_where(row)), _name(row), FORMS[row.form][1], row.rows)


def _locked(id: UUID) -> Export:
    found: Export | None = everything(Export).select_for_update().filter(pk=id).first()
    if found is None:
        raise NotFound("没有找到这份导出。")
    return found


# ---------------------------------------------------------------- the worker


def make_waiting(worker: Actor) -> int:
    """Make the files that were allowed, one at a time, each within the reach that its asker has now; drop what is a day old."""
    made = 0
    with acting(worker):
        everything(ExportFile).filter(export__gone_at__lte=clock.now()).delete()
        waiting = list(everything(Export).filter(state=Export.State.ALLOWED).order_by("answered_at").values_list("id", flat=True)[:3])
    for id in waiting:
        made += _make(id, worker)
    return made


def _make(id: UUID, worker: Actor) -> int:
    at = clock.now()
    with acting(worker):
        row = _locked(id)
        if row.state != Export.State.ALLOWED:
            return 0
        row.state, row.begun_at = Export.State.MAKING, at
        row.save(update_fields=["state", "begun_at"])
        who = worn_by(row.person, at=at) if row.person else None
    content, error = b"", ""
    try:
        if who is None:
            raise NotYours()
        with acting(who):
            listing, _ = allowed(row.listing, who, at=at)
            sheet = _marked(listing.read(QueryDict(row.filters), who, at, MOST), row)
        content = FORMS[row.form][2](sheet)
    except ActionRefused as refusal:
        error = refusal.says
    with acting(worker):
        row = _locked(id)
        row.state = Export.State.FAILED if error else Export.State.READY
        row.error, row.done_at, row.gone_at = error[:200], clock.now(), clock.now() + LASTS
        row.rows = row.rows if error else len(sheet.rows)
        row.save(update_fields=["state", "error", "done_at", "gone_at", "rows"])
        if not error:
            everything(ExportFile).create(
                export=row, sealed=lock_away(content, where=_where(row)), region=row.region, district=row.district, party=row.party
            )
        _note(row, "make", left="allowed", entered=row.state, actor=worker, hat=worker.hats[0], at=clock.now())
    return 1


def again(worker: Actor, *, after: timedelta = timedelta(minutes=10)) -> int:
    """Put back what a worker had begun and never ended (it was killed): its next round makes it."""
    with acting(worker):
        late = everything(Export).filter(state=Export.State.MAKING, begun_at__lte=clock.now() - after)
        return int(late.update(state=Export.State.ALLOWED))


# ---------------------------------------------------------------- reading


def mine(actor: Actor) -> list[Export]:
    """Give one's own long exports, the newest first; inside `acting`."""
    return list(Export.objects.visible_to(actor).filter(asked_by=actor.id).order_by("-asked_at")[:50])


def waiting_for(actor: Actor, *, at: datetime) -> list[Export]:
    """Give what waits for this actor as the second person."""
    if not actor.may(ALLOW):
        return []
    found = Export.objects.visible_to(actor).filter(state=Export.State.ASKED).exclude(asked_by=actor.id).order_by("asked_at")[:50]
    return [row for row in found if actor.hat_for(ALLOW, at=at, on=row)]


def preview(name: str, filters: Mapping[str, Any] | str, actor: Actor, *, at: datetime) -> tuple[Listing, int]:
    """Say which list it is and how many rows the filters leave."""
    listing, _ = allowed(name, actor, at=at)
    return listing, listing.count(QueryDict(filters) if isinstance(filters, str) else filters, actor, at, MOST)  # type: ignore[arg-type]


BLANK = "\u3000" * 6
"""Room for a name on paper."""


def _marked(sheet: Sheet, row: Export) -> Sheet:
    mark = watermark(who=row.asked_by_name, office=row.office, at=row.asked_at, purpose=row.purpose)
    # Who allowed it has not compared the rows: the line is for the hand of whoever does.
    return replace(sheet, mark=mark, filler=sheet.filler or row.asked_by_name, checker=sheet.checker or BLANK)


def _name(row: Export) -> str:
    return f"{row.label}{clock.local(row.asked_at):%m%d-%H%M}.{row.form}"


def _where(row: Export) -> str:
    return f"documents_exportfile.sealed.{row.pk}"


def _note(row: Export, verb: str, *, actor: Actor, hat: Hat, at: datetime, left: str = "", entered: str = "") -> None:
    record(
        PROCESS, row, verb=verb, actor=actor, hat=hat, at=at, left=left, entered=entered,
        listing=row.listing, rows=row.rows, form=row.form, filters=row.filters[:200], purpose=row.purpose[:100],
    )  # fmt: skip
