"""Troubles as offices list them: one row is one case. Rows that look like one another, or like an open case, wait for a
person's word with the reason beside them; nothing is merged by itself."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Firms, Meant
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.intake import Committed, Context, Field, Note, Target, parsers, register
from qifu.kernel.intake.models import Import
from qifu.kernel.intake.target import DOUBTFUL, WRONG, Batch, Parse, Prepare, Problem, Review
from qifu.kernel.journal.reading import entries
from qifu.kernel.language import said as _

from . import rules
from .actions.many import Numbered, Said, enter
from .handbook import handbook
from .models import Case
from .terms import OPEN, Channel

IMPORT = "case.import"
CELL = 5_000
"""More characters than this no cell holds (kernel.intake)."""
_COMPARED = 20
"""Of whom so many rows were met, all are compared; of whom more, so many of each part of the signature: the latest."""


def kind_field(*words: str) -> Field:
    """Give the column that says which kind it is, in the office's own words; what no kind is called is left to its words."""

    def prepare(context: Context) -> Parse:
        known = {name: kind.code for kind in handbook().kinds.values() for name in (kind.code, str(kind.name))}

        def parse(cell: Any) -> str:
            text = parsers.as_text(cell)
            if text in known:
                return known[text]
            raise Note("不是我们的分类，按内容分", value="")

        return parse

    return Field("kind", "哪一类", prepare, ("类别", "问题类别", "诉求类别", "分类", *words))


def telephone() -> Prepare:
    """Read a number to call back; what is none is left out and said."""
    reads = parsers.phones(stops=False)

    def prepare(context: Context) -> Parse:
        parse = reads(context)

        def first(cell: Any) -> str:
            found = parse(cell)
            return str(found[0]) if found else ""

        return first

    return prepare


def firm_fields() -> tuple[Field, ...]:
    """Give the columns by which a list names the firm and the place."""
    return (
        Field("enterprise", "企业名称", parsers.text(most=120), ("单位名称", "公司名称", "企业", "单位", "诉求企业", "反映企业")),
        Field("enterprise_code", "企业信用代码", parsers.text(most=40), ("统一社会信用代码", "信用代码", "企业代码")),
        Field("place", "镇街或开发区", registry.town(), ("镇街", "所在镇街", "所属镇街", "街道", "属地", "所在地")),
    )


def asker_fields() -> tuple[Field, ...]:
    """Give the columns of who said it and how they are called back."""
    return (
        Field("asker", "谁反映的", parsers.text(most=40), ("反映人", "联系人", "诉求人", "姓名", "来电人"), private=True),
        Field(
            "phone",
            "电话",
            telephone(),
            ("联系电话", "手机", "来电号码", "联系方式", "手机号码"),
            looks=parsers.looks_like_phone,
            private=True,
        ),
    )  # fmt: skip


WORDS = Field(
    "text", "什么事", parsers.text(most=CELL),
    ("诉求内容", "问题内容", "问题", "反映内容", "诉求", "反映问题", "问题描述", "存在问题", "困难和问题", "内容", "主要内容", "事项"),
)  # fmt: skip
TITLE = Field("title", "标题", parsers.text(most=120), ("诉求标题", "主题", "题目"))


# ------------------------------------------------------------------------------------------------ who is meant


def said_of(batch: Batch, *, region: int, meant: dict[tuple[str, str], Meant | None]) -> list[Said]:
    """Give the rows of a batch as they were said; a firm that nobody knows stays as its words. `meant` remembers from batch to
    batch which firm a code and a name mean."""
    columns: Mapping[str, Sequence[Any]] = batch.columns
    size = len(batch)
    codes, names = (["" if one is None else str(one) for one in columns[key]] for key in ("enterprise_code", "enterprise"))
    new = set(zip(codes, names, strict=True)) - meant.keys()
    firms = Firms(new)
    for named in new:
        found = firms.of(*named)
        meant[named] = None if isinstance(found, str) else found
    given = [columns.get(key, [None] * size) for key in ("title", "place", "asker", "phone", "kind", "number")]
    return [
        Said(text, title or "", meant[code, name], name, place or region, asker or "", phone or "", kind or "", number or "")
        for text, code, name, title, place, asker, phone, kind, number in zip(columns["text"], codes, names, *given, strict=True)
    ]


# ------------------------------------------------------------------------------------------------ what looks alike


class _Met:
    """A row (by its number in the file) or an open case (by its own) that later rows are held against. Its bigrams are cut out
    when there is something to hold it against: of most firms a list has one row."""

    __slots__ = ("grams_", "texts", "which")

    def __init__(self, which: int | str, *, grams: Sequence[int] | None = None, texts: Sequence[str] = ()) -> None:
        self.which, self.grams_, self.texts = which, grams, texts

    @property
    def grams(self) -> Sequence[int]:
        if self.grams_ is None:
            # All rows are kept to the end of the list: four bytes each instead of an object.
            self.grams_, self.texts = array("i", rules.grams(*self.texts)), ()
        return self.grams_

    @property
    def says(self) -> str:
        return str(_("第{number}行", number=self.which) if isinstance(self.which, int) else _("在办的{number}", number=self.which))


class _Block:
    """What was met of one firm, number or town: a few are all compared, of many those that share a part of the signature."""

    __slots__ = ("bands", "met")

    def __init__(self) -> None:
        self.met: list[_Met] = []
        self.bands: dict[int, list[_Met]] = {}

    def add(self, one: _Met) -> None:
        self.met.append(one)
        if self.bands:
            self._band(one)

    def near(self, mine: Sequence[int]) -> Iterable[_Met]:
        """Give those that may be alike, the earliest first."""
        if len(self.met) <= _COMPARED:
            return self.met
        if not self.bands:
            for one in self.met:
                self._band(one)
        found = {id(one): one for band in rules.signature(mine) for one in self.bands.get(band, ())[-_COMPARED:]}
        return found.values()

    def _band(self, one: _Met) -> None:
        for band in rules.signature(one.grams):
            self.bands.setdefault(band, []).append(one)


_OF_FIRMS = (
    "SELECT enterprise_id, number, grams FROM casework_case WHERE enterprise_id = ANY(%s::uuid[]) AND state = ANY(%s::varchar[])"
    " ORDER BY recorded_at DESC LIMIT 20000"
)
_OF_NOBODY = (
    "SELECT region, firm, number, grams FROM casework_case WHERE enterprise_id IS NULL AND region = ANY(%s::int[])"
    " AND state = ANY(%s::varchar[]) ORDER BY recorded_at DESC LIMIT 2000"
)


class Likeness:
    """Remembers the rows that stood further up, by blocking keys (whose it is, and of whom there are many a part of the
    signature of the words), and asks for the open cases of the same firms: only what has a key in common is compared."""

    def __init__(self, region: int) -> None:
        self.region = region
        self.blocks: dict[Any, _Block] = defaultdict(_Block)
        self.asked: set[Any] = set()

    def of(self, rows: Sequence[Said], numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Give the rows that look like one before, with the sentence that says like which and by which words."""
        self._meet(rows)
        for index, (row, number) in enumerate(zip(rows, numbers, strict=True)):
            whose, least = _whose(row)
            mine = _Met(number, texts=(row.title, row.text) if row.title else (row.text,))
            block = self.blocks[whose]
            if block.met and (found := self._like(mine.grams, block, least)):
                yield index, found
            block.add(mine)

    def _like(self, mine: Sequence[int], block: _Block, least: float) -> str:
        words = set(mine)
        for met in block.near(mine):
            common = len(words.intersection(met.grams))
            if common >= least * max(min(len(mine), len(met.grams)), 4):
                like = rules.likeness(mine, met.grams)
                if like.share >= least and like.words:
                    return str(_("和{met}像是同一件，都说到{words}", met=met.says, words="、".join(like.words)))
        return ""

    def _meet(self, rows: Sequence[Said]) -> None:
        firms = {row.firm.id for row in rows if row.firm} - self.asked
        places = {row.region for row in rows if not row.firm} - self.asked
        self.asked |= firms | places
        with connection.cursor() as cursor:
            if firms:
                cursor.execute(_OF_FIRMS, [list(firms), list(OPEN)])
                self._add((id, number, grams) for id, number, grams in cursor.fetchall())
            if places:
                cursor.execute(_OF_NOBODY, [list(places), list(OPEN)])
                self._add((firm or region, number, grams) for region, firm, number, grams in cursor.fetchall())

    def _add(self, found: Iterable[tuple[Any, str, list[int]]]) -> None:
        for whose, number, grams in found:
            self.blocks[whose].add(_Met(number, grams=grams))


def _whose(row: Said) -> tuple[UUID | str | int, float]:
    if row.firm:
        return row.firm.id, rules.SAME
    if row.firm_words or row.phone:
        return row.firm_words or row.phone, rules.SAME
    return row.region, rules.SAME_OF_NOBODY


def reviewing(context: Context) -> Review:
    """Say before the commit which rows look like others, and which lie outside the reach."""
    likeness = Likeness(context.region)
    may: dict[int, bool] = {}
    meant: dict[tuple[str, str], Meant | None] = {}

    def review(batch: Batch, context: Context) -> Iterable[tuple[int, Problem]]:
        rows = said_of(batch, region=context.region, meant=meant)
        for index, row in enumerate(rows):
            region = row.firm.region if row.firm else row.region
            if region not in may:
                may[region] = context.actor.hat_for("case.record", at=context.at, on=_Spot(region)) is not None
            if not may[region]:
                says = _("{name}不在您的范围内", name=jurisdiction.name(region))
                yield index, Problem("place", "镇街", "", says, WRONG, False)
        for index, says in likeness.of(rows, batch.rows):
            yield index, Problem("text", "什么事", rows[index].text[:60], says, DOUBTFUL, False)

    return review


class _Spot(NamedTuple):
    """A case-to-be, for the question whether a hat reaches it."""

    region: int
    party: UUID | None = None
    compartment: str = ""


# ------------------------------------------------------------------------------------------------ into the book


def commit(rows: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
    """Make a case of each row; all or none."""
    return committed(rows, channel=Channel.SHEET, actor=actor, at=at, source=source)


def committed(given: Any, *, channel: str, actor: Actor, at: datetime, source: Any) -> Committed:
    """Make a case of each row of a list that came by this channel, and say between which numbers they are."""
    made, unknown, meant = Numbered([], []), 0, dict[tuple[str, str], Meant | None]()
    for batch in given.batches():
        rows = said_of(batch, region=source.region, meant=meant)
        done = enter(rows, channel=channel, source=channel.partition(":")[2], actor=actor, at=at, batch=source.id)
        made.ids.extend(done.ids)
        made.numbers.extend(done.numbers)
        unknown += sum(1 for row in rows if row.firm is None)
    says = _("第一件的编号是{first}，最后一件是{last}。", first=made.numbers[0], last=made.numbers[-1]) if made.numbers else ""
    if unknown:
        says = _("{says}{n}件没有对上名录里的企业，照写的记。", says=says, n=unknown)
    return Committed(created=len(made.ids), says=says)


SHEET = register(
    Target(
        name="casework.cases", label="诉求表格", unit="件", right=IMPORT, commit=commit, title="text", required=("text",),
        sheet_field="place", reviewing=reviewing, desk=True, receipt="casework:receipts",
        fields=(WORDS, TITLE, *firm_fields(), *asker_fields(), kind_field()),
    )
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ receipts

RECEIPTS_MOST = 1000


def receipts(source: Import) -> QuerySet[Case]:
    """Give the cases that an import has made, within the actor's scope, by number: those of the instants of its commits."""
    done = entries(subject=source.id, process="intake").filter(verb="commit")
    made_by = {(one.at, one.actor) for one in done}
    instants, clerks = {at for at, _ in made_by}, {actor for _, actor in made_by}
    found = Case.objects.filter(recorded_at__in=instants, recorder__in=clerks).exclude(channel=Channel.HOTLINE)
    return found.select_related("enterprise").order_by("number")
