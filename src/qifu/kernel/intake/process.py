"""The way of a list: received, staged block by block, judged under a mapping, previewed, committed, given back.

`stage` opens a transaction per block and can be killed at any point; `judge` and `enter` work inside the transaction of
the action that calls them. Blocks are decided by the file alone, so that going on after a kill writes what is missing
and nothing twice."""

import gc
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor, NotFound, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.language import listed, retold
from qifu.kernel.language import said as _
from qifu.kernel.privacy import sealing
from qifu.kernel.privacy.terms import P2
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7

from .evaluate import Evaluator, Judged, Plan, cut, masked
from .layout import BLANK, CHUNK, KINDS, TOTAL, Block, Head, Other, lay_out, pack, unpack
from .mapping import CHOSEN, SKIP, Guess, Vocabulary, fingerprint, guess, normal
from .models import Block as StoredBlock
from .models import Import, Original, RememberedMapping, StagedRow
from .reader import Row, read
from .refusals import NothingToCommit, NotReady, NotSigned, Unreadable, WrongMapping
from .sender import tell_sender
from .target import DOUBTFUL, GOOD, WRONG, Batch, Committed, Context, Entry, Problem, Review, Target, target_named
from .vault import lock_away, take_out

_SAMPLE = 200
BLANK_ROW = 9
"""The verdict of a stored row that holds nothing where it matters: it is counted as blank and shown to nobody."""


# ------------------------------------------------------------------------------------------------------- receiving


def receive(
    *, target: Target, filename: str, content: bytes, region: int, district: int, party: UUID | None, year: int, actor: Actor, at: datetime
) -> Import:
    """Keep a file for import, sealed, inside the open transaction. What it holds is looked at by `stage`."""
    made = Import._base_manager.create(
        target=target.name, filename=filename[-200:], sha256=sha256(content).hexdigest(), size=len(content), year=year,
        created_by=actor.id, created_by_name=actor.name[:80], created_at=at, region=region, district=district, party=party,
    )  # fmt: skip
    _keep(_INSERT_ORIGINAL, [made.id, _lock(content, made.id, "file"), made.region, made.district, made.party, made.compartment])
    return made


_INSERT_ORIGINAL = "INSERT INTO intake_original (source_id, sealed, region, district, party, compartment) VALUES (%s, %b, %s, %s, %s, %s)"


def _keep(insert: str, values: Sequence[Any]) -> None:
    """Insert what is sealed, bound by the server and in binary: as text it would be twice as long, escaped and parsed."""
    with bulk.bound() as cursor:
        cursor.execute(insert, values)


def find(import_id: UUID, *, actor: Actor, lock: bool = False) -> Import:
    """Give an import within reach, or refuse NotFound."""
    found: Any = Import.objects.visible_to(actor)
    made = (found.select_for_update() if lock else found).filter(id=import_id).first()
    if made is None:
        raise NotFound("没有找到这份名单，可能已作废，或不在您的范围内。")
    return made


# --------------------------------------------------------------------------------------------------------- staging


def stage(import_id: UUID, *, actor: Actor, at: datetime, chunk: int = CHUNK) -> Import:
    """Read the file and store its rows, `chunk` at a time, each in a transaction of its own; then judge them.

    Goes on from the watermark after a kill, and is harmless when run twice. An unreadable file marks the import as
    failed with the sentence for the person, drops the file and raises Unreadable."""
    with acting(actor):
        made = find(import_id, actor=actor)
        if made.step != Import.Step.RECEIVED:
            return made
        content = _open(Original._base_manager.get(source=made).sealed, made.id, "file")
    with _quiet():
        try:
            return _stage(made, content, actor=actor, at=at, chunk=chunk)
        except Unreadable as refusal:
            _fail(import_id, refusal, actor=actor)
            raise


def _stage(made: Import, content: bytes, *, actor: Actor, at: datetime, chunk: int) -> Import:
    """Read, store and judge in one pass; what was stored before a kill is judged again and not stored again."""
    vocabulary = Vocabulary(target_named(made.target))
    if sha256(content).hexdigest() != made.sha256:
        raise Unreadable("保存的文件和上传时不一样，没有导入任何内容。", fix="重新上传一次。")
    book = read(content, made.filename)
    del content
    heads: list[Head] = []
    judging: _Judging | None = None
    mapping: dict[str, list[str]] = {}
    number = 0
    for index, sheet in enumerate(book.sheets):
        heads.append(Head(sheet.name, (), ()))
        for block in lay_out(sheet, index, knows=vocabulary.knows, chunk=chunk):
            packed = _packed(block)
            with acting(actor):
                judging = judging or _Judging(made, actor=actor, at=at)
                if heads[index].labels != block.head.labels:
                    heads[index] = block.head
                    _guess_head(made, block, vocabulary=vocabulary, mapping=mapping)
                    made.mapping = mapping
                _store(made.id, block, number, packed, actor=actor)
                judging.take(_Piece.of(block, number), block.head)
            number += 1
    if judging is None:
        raise Unreadable("这个文件里没有写内容，没有导入任何行。", fix="看看是不是选错了文件。")
    notes = list(book.notes)
    if judging.unseen:
        notes.append(_("{unseen}格里有看不见的控制字符，去掉了。", unseen=judging.unseen))
    with acting(actor):
        stored = find(made.id, actor=actor, lock=True)
        if stored.step == Import.Step.RECEIVED:
            stored.sheets = [asdict(head) for head in heads]
            stored.notes, stored.staged_at, stored.step, stored.mapping = notes, at, Import.Step.JUDGED, mapping
            judging.write(stored)
            stored.save()
    return stored


def _packed(block: Block) -> bytes:
    rows = pack(block)
    around = json.dumps({"numbers": block.numbers, "others": block.others}, ensure_ascii=False, separators=(",", ":"), default=str)
    return around[:-1].encode("utf-8", "replace") + b',"rows":' + rows + b"}"


def _store(import_id: UUID, block: Block, number: int, packed: bytes, *, actor: Actor) -> None:
    made = find(import_id, actor=actor, lock=True)
    # Stored before a kill, or by another worker meanwhile: the same file gives the same block.
    if made.watermark != number or made.step != Import.Step.RECEIVED:
        return
    values = [uuid7(), made.id, number, block.sheet, len(block.rows), len(block.others), block.blanks, json.dumps(block.formulas),
              _lock(packed, made.id, f"block {number}"), made.region, made.district, made.party, made.compartment]  # fmt: skip
    _keep(_INSERT_BLOCK, values)
    made.watermark = number + 1
    made.save(update_fields=["watermark"])


_INSERT_BLOCK = """
INSERT INTO intake_block (id, source_id, number, sheet, rows, others, blanks, formulas, sealed, region, district, party, compartment)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %b, %s, %s, %s, %s)
"""


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the collector look less often: a list makes objects by the million and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*(before if before[0] < 200_000 else (700, 10, 10)))


def _fail(import_id: UUID, refusal: Unreadable, *, actor: Actor) -> None:
    with acting(actor):
        made = find(import_id, actor=actor, lock=True)
        made.step, made.error, made.fix = Import.Step.FAILED, refusal.says[:300], refusal.fix[:300]
        made.watermark = 0
        made.save()
        _drop_contents(made)


def _drop_contents(made: Import) -> None:
    StagedRow._base_manager.filter(source=made).delete()
    StoredBlock._base_manager.filter(source=made).delete()
    Original._base_manager.filter(source=made).delete()


# --------------------------------------------------------------------------------------------------------- mapping


def _guess_head(made: Import, block: Block, *, vocabulary: Vocabulary, mapping: dict[str, list[str]]) -> None:
    """Guess the columns of one sheet; a label that several sheets have is mapped alike in all of them."""
    head = block.head
    sample = block.rows[:_SAMPLE]
    samples: list[Any] = list(zip(*sample, strict=True)) if sample else [()] * head.width
    known = _remembered(made, head) | {label: field for label, (field, _) in mapping.items()}
    for label, found in zip(head.labels, guess(head.labels, samples, vocabulary=vocabulary, remembered=known), strict=True):
        mapping.setdefault(normal(label), [found.field, found.how])


def _remembered(made: Import, head: Head) -> dict[str, str]:
    found = RememberedMapping._base_manager.filter(office=_office(made), target=made.target, fingerprint=fingerprint(head.labels)).first()
    return dict(found.mapping) if found else {}


def remember(made: Import, *, at: datetime) -> None:
    """Keep how each header of this import was mapped, for the next file of the same office."""
    for head in _heads(made):
        if head.labels:
            mapping = {normal(label): made.mapping.get(normal(label), [SKIP, ""])[0] for label in head.labels}
            RememberedMapping._base_manager.update_or_create(
                office=_office(made), target=made.target, fingerprint=fingerprint(head.labels),
                defaults={"mapping": mapping, "remembered_at": at, **_scope(made)},
            )  # fmt: skip


def _office(made: Import) -> str:
    return f"party {made.party}" if made.party else f"place {made.region}"


def remap(made: Import, chosen: Mapping[str, str], *, actor: Actor, at: datetime) -> None:
    """Take over a person's choice of fields by label, and judge all rows anew. Refuses WrongMapping."""
    target = target_named(made.target)
    known = {choice.key for choice in target.choices}
    labels = {normal(label) for head in _heads(made) for label in head.labels}
    mapping = dict(made.mapping)
    for label, field in chosen.items():
        if normal(label) not in labels or (field != SKIP and field not in known):
            raise WrongMapping("对列里有一列或一个字段不认识，没有保存。", fix="刷新后再选一次。")
        before = mapping.get(normal(label), [SKIP, ""])
        if before[0] != field:
            mapping[normal(label)] = [field, CHOSEN]
    combined = {c.key: c for c in target.combined}
    for head in _heads(made):
        taken: Counter[str] = Counter()
        for label in head.labels:
            field = mapping.get(normal(label), [SKIP, ""])[0]
            if field != SKIP:
                taken.update((field, *combined[field].fields) if field in combined else (field,))
        twice = [key for key, count in taken.items() if count > 1]
        if twice:
            words = "、".join(c.label for c in target.choices if c.key in twice)
            raise WrongMapping(_("“{sheet}”里有两列都对到了{words}，没有保存。", sheet=head.sheet, words=words))
    made.mapping = mapping
    judge(made, actor=actor, at=at)
    made.save()


def _guesses(made: Import, head: Head) -> list[Guess]:
    return [Guess(*made.mapping.get(normal(label), (SKIP, ""))) for label in head.labels]


# --------------------------------------------------------------------------------------------------------- judging


class Held(NamedTuple):
    """What a stored block holds, opened."""

    numbers: list[int]
    rows: list[Row]
    others: list[Other]


@dataclass
class _Kept:
    """What people already did with a row."""

    fixes: dict[str, str]
    fixes_sealed: str
    choice: str
    refused: str
    entered: bool


class _Piece(NamedTuple):
    """A block as it is judged, fresh from the file or from the store."""

    number: int
    sheet: int
    numbers: list[int]
    rows: list[Row]
    others: list[Other]
    blanks: int
    formulas: dict[int, list[int]]
    unseen: int = 0

    @classmethod
    def of(cls, block: Block, number: int) -> "_Piece":
        return cls(number, block.sheet, block.numbers, block.rows, block.others, block.blanks, block.formulas, block.unseen)

    @classmethod
    def stored(cls, block: StoredBlock, made: Import) -> "_Piece":
        held = _held(block, made)
        formulas = {int(i): columns for i, columns in block.formulas.items()}
        return cls(block.number, block.sheet, held.numbers, held.rows, held.others, block.blanks, formulas)


class _Judging:
    """Judges the blocks of an import in order and remembers what came of it, to be written at the end."""

    def __init__(self, made: Import, *, actor: Actor, at: datetime) -> None:
        self.made = made
        self.target = target_named(made.target)
        self.evaluator = Evaluator(self.target, Context(actor=actor, at=at, region=made.region, year=made.year))
        self.review = self.target.reviewing(self.evaluator.context) if self.target.reviewing else self.target.review
        self.title = self.target.field(self.target.title or self.target.fields[0].key)
        self.plans: dict[int, Plan] = {}
        self.kept = _kept(made)
        self.warnings: list[str] = []
        self.verdicts: Counter[int | None] = Counter()
        self.kinds: Counter[str] = Counter()
        self.rows = self.enters = self.unseen = 0
        self.found: list[tuple[Any, ...]] = []

    def plan(self, sheet: int, head: Head) -> Plan:
        if sheet not in self.plans:
            self.plans[sheet] = self.evaluator.plan(head, _guesses(self.made, head))
        return self.plans[sheet]

    def take(self, piece: _Piece, head: Head) -> None:
        """Judge one block: every row of it is counted exactly once."""
        plan = self.plan(piece.sheet, head)
        kept = {place: k for (number, place), k in self.kept.items() if number == piece.number} if self.kept else {}
        totals = [other for other in piece.others if other.kind == TOTAL]
        judged = self.evaluator.judge(
            plan, piece.numbers, piece.rows, formulas=piece.formulas, stops=[t.row for t in totals],
            fixes={place: k.fixes for place, k in kept.items() if k.fixes},
        )  # fmt: skip
        for total in totals:
            self.warnings += self.evaluator.total(plan, total)
        for place, k in kept.items():
            if k.refused:
                judged.add(place, Problem("", "", "", k.refused, WRONG, False))
        if self.review and piece.rows:
            self._review(self.review, plan, piece.numbers, judged)
        self.rows += len(piece.rows) + len(piece.others) + piece.blanks
        self.unseen += piece.unseen
        self.kinds.update(other.kind for other in piece.others)
        self.kinds[BLANK] += piece.blanks
        self.verdicts.update(judged.verdicts)
        self.enters += judged.enters.count(True)
        names = judged.columns[self.title.key]
        for i in sorted({*judged.problems, *kept}):
            if judged.verdicts[i] is not None:
                self.found.append(
                    (piece.number, i, head.sheet[:120], piece.numbers[i], cut(names[i], self.title.private),
                     judged.verdicts[i], judged.enters[i], _written(judged.problems.get(i, ())), kept.get(i))
                )  # fmt: skip
        # Numbered in advance and never filled in: kept apart, since a commit does not judge again.
        self.found += [(piece.number, i, "", 0, "", BLANK_ROW, False, "[]", None) for i in judged.blank]

    def _review(self, review: Review, plan: Plan, numbers: list[int], judged: Judged) -> None:
        places = [i for i, enters in enumerate(judged.enters) if enters]
        if places:
            batch = self.evaluator.batch(plan, numbers, judged, only=places)
            for index, problem in review(batch, self.evaluator.context):
                judged.add(places[index], problem)

    def write(self, made: Import) -> None:
        """Put counts, columns and warnings on the import, and a StagedRow for each row that is not simply good."""
        self.kinds[BLANK] += self.verdicts.pop(None, 0)
        others = {kind: self.kinds[kind] for kind in KINDS if self.kinds[kind]}
        good, doubtful, wrong = (self.verdicts[v] for v in (GOOD, DOUBTFUL, WRONG))
        if self.rows != good + doubtful + wrong + sum(others.values()):
            raise AssertionError(f"rows lost: {self.rows}, {self.verdicts}, {others}")
        made.counts = {
            "rows": self.rows, "good": good, "doubtful": doubtful, "wrong": wrong, "others": sum(others.values()), "kinds": others,
            "enters": self.enters, "entered": made.counts.get("entered", 0),
        }  # fmt: skip
        made.columns = _columns_told(self)
        made.warnings = self.warnings[:50]
        _replace_staged(made, self.found)


def judge(made: Import, *, actor: Actor, at: datetime) -> None:
    """Judge every stored row under the mapping of now, inside the open transaction."""
    heads = _heads(made)
    with _quiet():
        judging = _Judging(made, actor=actor, at=at)
        for block in _blocks(made):
            judging.take(_Piece.stored(block, made), heads[block.sheet])
        judging.write(made)


def _blocks(made: Import) -> Iterator[StoredBlock]:
    for number in range(made.watermark):
        block = StoredBlock._base_manager.defer("sealed").get(source=made, number=number)
        with bulk.bound() as cursor:
            cursor.execute("SELECT sealed FROM intake_block WHERE id = %s", [block.id], binary=True)
            row = cursor.fetchone()
        block.sealed = row[0] if row else b""
        yield block


def _written(problems: Sequence[Problem]) -> str:
    return json.dumps([[p.field, p.label, masked(p.was), p.says, p.verdict, p.enters, p.meant] for p in problems], ensure_ascii=False)


def _columns_told(walk: _Judging) -> list[dict[str, Any]]:
    """Tell per label what happened in that column, over all sheets that have it."""
    told: dict[str, dict[str, Any]] = {}
    for plan in walk.plans.values():
        for story in plan.stories:
            entry = told.setdefault(
                normal(story.label),
                {"label": story.label, "letter": story.letter, "field": story.field, "how": story.how, "filled": 0, "ditto": 0,
                 "notes": {}, "doubtful": 0, "wrong": 0, "samples": [], "odd": []},
            )  # fmt: skip
            for key in ("filled", "ditto", "doubtful", "wrong"):
                entry[key] += getattr(story, key)
            for says, count in story.notes.items():
                entry["notes"][says] = entry["notes"].get(says, 0) + count
            private = story.field != SKIP and next(c for c in walk.target.choices if c.key == story.field).private
            for name, samples in (("samples", story.samples), ("odd", story.odd_samples)):
                entry[name] = list(dict.fromkeys([*entry[name], *(cut(s, private) for s in samples)]))[:3]
    return list(told.values())


_INSERT_ROWS = """
INSERT INTO intake_stagedrow (id, source_id, block, place, sheet, row, title, verdict, enters, problems, fixes_sealed, choice,
  refused, entered, region, district, party, compartment)
SELECT *, %s::int, %s::int, %s::uuid, %s FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[], %s::text[], %s::int[], %s::text[],
  %s::smallint[], %s::bool[], %s::jsonb[], %s::text[], %s::text[], %s::text[], %s::bool[]) AS t
"""


def _replace_staged(made: Import, found: Sequence[tuple[Any, ...]]) -> None:
    # A row keeps its id, so that a page may name it again after the list was judged anew.
    ids = {(block, place): id for id, block, place in StagedRow._base_manager.filter(source=made).values_list("id", "block", "place")}
    StagedRow._base_manager.filter(source=made).delete()
    nothing = _Kept({}, "", "", "", False)
    with bulk.bound() as cursor:
        for start in range(0, len(found), CHUNK):
            rows = []
            for block, place, sheet, row, title, verdict, enters, problems, kept in found[start : start + CHUNK]:
                known = kept or nothing
                rows.append(
                    (ids.get((block, place)) or uuid7(), made.id, block, place, sheet, row, title, verdict, enters, problems,
                     known.fixes_sealed, known.choice, known.refused, known.entered)
                )  # fmt: skip
            columns = [bulk.column_literal(column) for column in zip(*rows, strict=True)]
            cursor.execute(_INSERT_ROWS, [made.region, made.district, made.party, made.compartment, *columns])


def _kept(made: Import) -> dict[tuple[int, int], _Kept]:
    kept = {}
    rows = StagedRow._base_manager.filter(source=made).exclude(fixes_sealed="", choice="", refused="", entered=False)
    for row in rows:
        kept[(row.block, row.place)] = _Kept(_fixes(made, row), row.fixes_sealed, row.choice, row.refused, row.entered)
    return kept


def _fixes(made: Import, row: StagedRow) -> dict[str, str]:
    if not row.fixes_sealed:
        return {}
    return dict(json.loads(sealing.unseal(row.fixes_sealed, where=_fix_place(made, row.block, row.place)).reveal()))


def _fix_place(made: Import, block: int, place: int) -> str:
    return sealing.place("intake_stagedrow", "fixes", f"{made.id} {block} {place}")


# -------------------------------------------------------------------------------------------------- by hand, a row


def fix(made: Import, row_id: UUID, values: Mapping[str, str], *, actor: Actor, at: datetime) -> StagedRow:
    """Put a row right here instead of in the file: {field: text}. Judges anew; the original cells stay as they were."""
    return fix_many(made, {row_id: values}, actor=actor, at=at)[0]


def fix_many(made: Import, rows: Mapping[UUID, Mapping[str, str]], *, actor: Actor, at: datetime) -> list[StagedRow]:
    """Put several rows right and judge once."""
    target = target_named(made.target)
    known = {f.key for f in target.fields}
    fixed = []
    for row_id, values in rows.items():
        if set(values) - known:
            raise WrongMapping("没有这个字段，没有保存。", fix="刷新后再改一次。")
        row = _open_row(made, row_id)
        fixes = _fixes(made, row) | {key: text.strip()[:4000] for key, text in values.items()}
        where = _fix_place(made, row.block, row.place)
        sealed = sealing.seal(json.dumps(fixes, ensure_ascii=False), klass=P2, where=where)
        StagedRow._base_manager.filter(id=row.id).update(fixes_sealed=sealed, refused="")
        fixed.append(row)
    judge(made, actor=actor, at=at)
    made.save()
    return [StagedRow._base_manager.get(source=made, block=row.block, place=row.place) for row in fixed]


def meant(import_id: UUID, row_id: UUID, *, actor: Actor) -> dict[str, str]:
    """Give what the open question about a row proposes, as {field: text}. Inside an open transaction; refuses NotFound."""
    row = StagedRow._base_manager.filter(source=find(import_id, actor=actor), id=row_id).first()
    if row is None:
        raise NotFound("没有找到这一行，可能名单刚刚重新读过。", fix="刷新看看。")
    said = [Problem(*problem).meant for problem in row.problems]
    return dict(one.split("=", 1) for one in said if one)


def choose(made: Import, row_id: UUID, choice: str) -> StagedRow:
    """Say what becomes of a doubtful row: enter as it is, leave out, or still open. A wrong row cannot enter."""
    row = _open_row(made, row_id)
    if choice == StagedRow.Choice.ENTER and row.verdict == WRONG:
        raise NotReady("这一行还有错，不能照这样入库。", fix="先改好这一行。")
    row.choice = choice
    row.save(update_fields=["choice"])
    return row


def _open_row(made: Import, row_id: UUID) -> StagedRow:
    row = StagedRow._base_manager.select_for_update().filter(source=made, id=row_id).first()
    if row is None:
        raise NotFound("没有找到这一行，可能名单刚刚重新读过。", fix="刷新看看。")
    if row.entered:
        raise NotReady("这一行已经入库，不在这里改。", fix="到登记的地方更正。")
    return row


# ------------------------------------------------------------------------------------------------------ committing


def enter(made: Import, *, actor: Actor, at: datetime) -> Committed:
    """Hand every row that may enter, and has not, to the target's one action, inside the open transaction.

    Rows that it refuses stay here as wrong. A second call enters what was put right since."""
    target = target_named(made.target)
    if made.step not in ((Import.Step.SIGNED,) if target.sign else (Import.Step.JUDGED, Import.Step.COMMITTED)):
        raise NotSigned() if target.sign else NotReady()
    with _quiet():
        entering = _Entering(made, actor=actor, at=at)
        done = target.commit(entering, actor=actor, at=at, source=made)
    if not entering.given:
        raise NothingToCommit()
    refused = dict(done.refused)
    entered = entering.given - len(refused)
    if not entered and not done.entered:
        raise NothingToCommit(next(iter(refused.values()), ""))
    _mark_entered(made, [place for place in entering.marked if place[2:] not in refused])
    if refused:
        _turn_away(made, refused)
    made.step, made.committed_at = Import.Step.COMMITTED, made.committed_at or at
    made.counts = made.counts | {"entered": made.counts.get("entered", 0) + entered, "refused": len(refused)}
    made.result = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged, "says": done.says[:300]}
    made.save()
    remember(made, at=at)
    return done


class _Entering:
    """The rows that may enter and have not, as they were judged: the first time all but those that wait, later only
    those that waited."""

    def __init__(self, made: Import, *, actor: Actor, at: datetime) -> None:
        self.made, self.actor, self.at = made, actor, at
        self.again = made.committed_at is not None
        self.given = 0
        self.marked: list[tuple[int, int, str, int]] = []

    def __iter__(self) -> Iterator[Entry]:
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[Batch]:
        made = self.made
        target = target_named(made.target)
        evaluator = Evaluator(target, Context(actor=self.actor, at=self.at, region=made.region, year=made.year))
        heads = _heads(made)
        plans: dict[int, Plan] = {}
        for block in _blocks(made):
            staged = {row.place: row for row in StagedRow._base_manager.filter(source=made, block=block.number)}
            if block.sheet not in plans:
                plans[block.sheet] = evaluator.plan(heads[block.sheet], _guesses(made, heads[block.sheet]))
            piece, plan = _Piece.stored(block, made), plans[block.sheet]
            fixes = {place: _fixes(made, row) for place, row in staged.items() if row.fixes_sealed}
            judged = evaluator.read(plan, piece.rows, formulas=piece.formulas, fixes=fixes)
            only = [i for i in range(block.rows) if (_enters(staged[i]) if i in staged else not self.again)]
            if only:
                self.given += len(only)
                self.marked += [(block.number, i, heads[block.sheet].sheet, piece.numbers[i]) for i in only if i in staged]
                yield evaluator.batch(plan, piece.numbers, judged, only=only)


def _enters(row: StagedRow) -> bool:
    if row.entered or row.choice == StagedRow.Choice.SKIP or row.verdict == BLANK_ROW:
        return False
    return row.enters or (row.choice == StagedRow.Choice.ENTER and row.verdict == DOUBTFUL)


def _mark_entered(made: Import, places: Sequence[tuple[int, int, str, int]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(places), CHUNK):
            part = places[start : start + CHUNK]
            cursor.execute(
                "UPDATE intake_stagedrow SET entered = true, refused = '' FROM unnest(%s::int[], %s::int[]) AS t(b, p)"
                " WHERE source_id = %s AND block = t.b AND place = t.p",
                [[p[0] for p in part], [p[1] for p in part], made.id],
            )


def _turn_away(made: Import, refused: Mapping[tuple[str, int], str]) -> None:
    """Keep the rows that the area refused as wrong, with its reason."""
    heads = _heads(made)
    for block in _blocks(made):
        sheet = heads[block.sheet].sheet
        wanted = {number for name, number in refused if name == sheet}
        if not wanted:
            continue
        known = {row.place: row for row in StagedRow._base_manager.filter(source=made, block=block.number)}
        for place, number in enumerate(_held(block, made).numbers):
            if number in wanted:
                row = known.get(place) or StagedRow(
                    source=made, block=block.number, place=place, sheet=sheet[:120], row=number, **_scope(made)
                )
                row.refused = refused[(sheet, number)][:300]
                row.verdict, row.enters, row.entered = WRONG, False, False
                row.problems = [*row.problems, ["", "", "", row.refused, WRONG, False]]
                row.save()


def discard(made: Import) -> None:
    """Drop the file and its rows; the import stays with its counts. What has entered has entered."""
    if made.step == Import.Step.DISCARDED:
        raise NotReady("这份名单已经作废。", fix="需要时重新上传。")
    made.step = Import.Step.DISCARDED
    made.save(update_fields=["step"])
    _drop_contents(made)


def entering(made: Import, *, actor: Actor, at: datetime, most: int) -> list[Entry]:
    """Give the rows that a commit would enter now, for the person who signs. Inside an open transaction."""
    return list(islice(_Entering(made, actor=actor, at=at), most))


# --------------------------------------------------------------------------------------------------------- showing


@dataclass(frozen=True)
class Looked:
    """A row as a page shows it."""

    id: UUID
    sheet: str
    row: int
    title: str
    verdict: int
    enters: bool
    entered: bool
    choice: str
    problems: tuple[Problem, ...]

    @property
    def place(self) -> str:
        return _("{sheet} 第{row}行", sheet=self.sheet, row=self.row)


@dataclass(frozen=True)
class Preview:
    """All that the page of step 2 says: the import, its counts, columns, and the first rows of each kind."""

    source: Import
    target: Target
    counts: dict[str, Any]
    kinds: tuple[tuple[str, int], ...]
    columns: tuple[dict[str, Any], ...]
    choices: tuple[tuple[str, str], ...]
    first_rows: tuple[Entry, ...]
    wrong: tuple[Looked, ...]
    doubtful: tuple[Looked, ...]
    doubts: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    others: tuple[Other, ...]
    asked: int = 0
    """How many doubtful rows wait for somebody's word; the others enter and are settled later."""

    @property
    def mapped(self) -> int:
        return sum(1 for column in self.columns if column["field"])


def preview(import_id: UUID, *, actor: Actor, at: datetime, most: int = 50, about: str = "") -> Preview:
    """Give what a person needs before they say yes; `about` keeps the doubts about one field. Inside an open transaction."""
    made = find(import_id, actor=actor)
    target = target_named(made.target)
    rows = StagedRow._base_manager.filter(source=made, verdict__lt=BLANK_ROW).order_by("block", "place")
    others: list[Other] = []
    for block in StoredBlock._base_manager.filter(source=made, others__gt=0).order_by("number")[:30]:
        others += [Other(other.row, other.kind, masked(other.text)) for other in _held(block, made).others]
    doubts: Counter[str] = Counter()
    asked = rows.filter(verdict=DOUBTFUL, enters=False, entered=False, choice=StagedRow.Choice.OPEN)
    for problems in asked.values_list("problems", flat=True):
        doubts.update({p[1] for p in problems if p[4] == DOUBTFUL and not p[5]})
    doubtful = [row for row in asked if not about or any(p[1] == about and not p[5] for p in row.problems)]
    return Preview(
        source=made,
        target=target,
        counts=made.counts,
        kinds=tuple((KINDS[kind], made.counts["kinds"][kind]) for kind in KINDS if kind in made.counts.get("kinds", {})),
        columns=tuple(column | {"told": _told(column), "label": retold(column["label"])} for column in made.columns),
        choices=tuple((choice.key, choice.label) for choice in target.choices),
        first_rows=tuple(_first_rows(made, actor=actor, at=at, most=5)) if made.watermark else (),
        wrong=tuple(_looked(row) for row in rows.filter(verdict=WRONG, entered=False)[:most]),
        doubtful=tuple(_looked(row) for row in doubtful[:most]),
        asked=sum(1 for _ in asked),
        doubts=tuple((retold(label), count) for label, count in doubts.most_common()),
        warnings=tuple(retold(one) for one in made.warnings),
        notes=tuple(retold(one) for one in made.notes),
        others=tuple(others[:200]),
    )


def _first_rows(made: Import, *, actor: Actor, at: datetime, most: int) -> Iterator[Entry]:
    judging = _Judging(made, actor=actor, at=at)
    heads = _heads(made)
    for block in _blocks(made):
        piece = _Piece.stored(block, made)
        plan = judging.plan(block.sheet, heads[block.sheet])
        rows = piece.rows[: most * 2]
        judged = judging.evaluator.read(plan, rows)
        places = [i for i, verdict in enumerate(judged.verdicts) if verdict is not None][:most]
        if places:
            yield from judging.evaluator.batch(plan, piece.numbers[: len(rows)], judged, only=places)
            return


def _told(column: Mapping[str, Any]) -> str:
    """Say how a column was known and what happened in it, as one line: 列名相近，“同上”按上一行补，共41处."""
    if column["field"] == SKIP:
        return _("原文件里留着")
    words = [retold(column["how"])] if column["how"] else []
    if "▸" in column["label"]:
        words.append(_("合并表头已拆开"))
    if column["ditto"]:
        words.append(_("“同上”按上一行补，共{column}处", column=column["ditto"]))
    words += [_("{says}，共{count}处", says=retold(says), count=count) for says, count in column["notes"].items()][:2]
    if column["doubtful"]:
        words.append(_("{column}处待核", column=column["doubtful"]))
    if column["wrong"]:
        words.append(_("{column}处要改", column=column["wrong"]))
    if not (column["ditto"] or column["notes"] or column["doubtful"] or column["wrong"]):
        words.append(_("{column}行有内容", column=column["filled"]) if column["filled"] else _("整列空着"))
    return listed(words, "，")


def _retold(problem: Problem) -> Problem:
    return problem._replace(label=retold(problem.label), says=retold(problem.says))


def _looked(row: StagedRow) -> Looked:
    problems = tuple(_retold(Problem(*problem)) for problem in row.problems)
    return Looked(row.id, row.sheet, row.row, row.title, row.verdict, row.enters, row.entered, row.choice, problems)


def looked(import_id: UUID, *, actor: Actor, verdict: int | None = None, start: int = 0, most: int = 50) -> list[Looked]:
    """List rows that somebody must look at, in the order of the file."""
    made = find(import_id, actor=actor)
    rows = StagedRow._base_manager.filter(source=made, verdict__lt=BLANK_ROW).order_by("block", "place")
    return [_looked(row) for row in (rows if verdict is None else rows.filter(verdict=verdict))[start : start + most]]


def to_give_back(made: Import) -> Iterator[tuple[str, tuple[str, ...], Iterator[list[Any]]]]:
    """Give the rows that did not enter, sheet by sheet: (sheet, columns, rows) with where, and what to change (怎么改)."""
    heads = _heads(made)
    wanted: dict[int, dict[int, StagedRow]] = {}
    for row in StagedRow._base_manager.filter(source=made, entered=False, verdict__in=(DOUBTFUL, WRONG)).exclude(
        choice=StagedRow.Choice.SKIP
    ):
        wanted.setdefault(row.block, {})[row.place] = row
    blocks = dict(StoredBlock._base_manager.filter(source=made, number__in=list(wanted)).values_list("number", "sheet"))
    for sheet in sorted(set(blocks.values())):
        head = heads[sheet]
        columns = ("怎么改", *head.labels, "原来在第几行")
        yield head.sheet, columns, _given_back(made, [b for b in sorted(wanted) if blocks[b] == sheet], wanted)


def _given_back(made: Import, blocks: Sequence[int], wanted: Mapping[int, Mapping[int, StagedRow]]) -> Iterator[list[Any]]:
    for number in blocks:
        held = _held(StoredBlock._base_manager.get(source=made, number=number), made)
        for place in sorted(wanted[number]):
            row = wanted[number][place]
            says = [f"{p[1]}：{p[3]}" if p[1] else p[3] for p in row.problems if p[4] >= DOUBTFUL]
            yield [
                "；".join(dict.fromkeys(says)),
                *held.rows[place],
                _("{sheet} 第{numbers}行", sheet=row.sheet, numbers=held.numbers[place]),
            ]


# ------------------------------------------------------------------------------------------------------------- small


def _scope(made: Import) -> dict[str, Any]:
    return {"region": made.region, "district": made.district, "party": made.party, "compartment": made.compartment}


def _heads(made: Import) -> list[Head]:
    return [
        Head(h["sheet"], tuple(h["labels"]), tuple(h["letters"]), tuple(h["rows"]), h["merged"])
        for h in made.sheets
    ]  # fmt: skip


def _held(block: StoredBlock, made: Import) -> Held:
    held = unpack(_open(block.sealed, made.id, f"block {block.number}"))
    return Held(held["numbers"], held["rows"], [Other(row, kind, text, tuple(cells)) for row, kind, text, cells in held["others"]])


def _lock(plain: bytes, import_id: UUID, what: str) -> bytes:
    return lock_away(plain, where=f"intake {import_id} {what}")


def _open(sealed: bytes | memoryview, import_id: UUID, what: str) -> bytes:
    return take_out(sealed, where=f"intake {import_id} {what}")


# ------------------------------------------------------------------------------------------------------ the worker


def read_waiting(worker: Actor, at: datetime, *, patience: timedelta = timedelta(seconds=2)) -> int:
    """Read the files that wait, the oldest first, each within the reach that its sender has now; gives how many.

    What a killed worker had begun goes on from its watermark. One that cannot be read is marked with the sentence."""
    with acting(worker):
        waiting = list(
            Import._base_manager.filter(step=Import.Step.RECEIVED, created_at__lte=at - patience).order_by("created_at")
            .values_list("id", "created_by")[:3]
        )  # fmt: skip
    read_ = 0
    for id, sender in waiting:
        with acting(worker):
            who = worn_by(UUID(sender), at=at) if _is_person(sender) else None
        try:
            if who is None:
                raise Unreadable("送来这份名单的账号已经不在，没有读。", fix="请现在管这件事的人重新上传。")
            stage(id, actor=who, at=at)
        except (Unreadable, NotFound) as refusal:
            if isinstance(refusal, NotFound) or who is None:
                _fail(id, Unreadable(refusal.says, fix="请现在管这件事的人重新上传。"), actor=worker)
        if who is not None:
            tell_sender(id, UUID(sender), worker=worker)
        read_ += 1
    return read_


def _is_person(sender: str) -> bool:
    try:
        UUID(sender)
    except ValueError:
        return False
    return True
