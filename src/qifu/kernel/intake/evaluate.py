"""Judges rows: column by column through the parsers, then row by row into good, doubtful or wrong.

Pure but for what a target's look-up tables load. The same rows, mapping and context always give the same verdicts, so
that a preview can be thrown away and made again after a change of the mapping."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import pairwise
from typing import Any

from qifu.kernel.language import said as _

from .layout import Head, Other
from .mapping import BEYOND, SKIP, Guess
from .parsers import DITTO, as_text
from .reader import Row
from .target import DOUBTFUL, GOOD, WRONG, Batch, Combined, Context, Entry, Odd, Problem, Target, Wrong

EMPTY = "empty"
_MISSING = object()
_UNLIKE = 2_000
_SHOWN_FROM = 60
_STATED = re.compile(r"(\d{1,7})\s*(?:家|户|人|名|个|条)")


class _Finding:
    """A kept Odd: what a parser said about a text, shared by all cells with that text."""

    __slots__ = ("enters", "says", "value", "verdict")

    def __init__(self, odd: Odd) -> None:
        self.says, self.value, self.verdict, self.enters = odd.says, odd.value, odd.verdict, odd.enters


@dataclass
class ColumnStory:
    """What happened in one column of a sheet: how many cells hold something, what was read in another way than
    written, what is doubtful or wrong, and a few cells to show."""

    label: str
    letter: str
    field: str
    how: str
    filled: int = 0
    ditto: int = 0
    notes: Counter[str] = dataclass_field(default_factory=Counter)
    doubtful: int = 0
    wrong: int = 0
    odd_samples: list[str] = dataclass_field(default_factory=list)
    samples: list[str] = dataclass_field(default_factory=list)


@dataclass
class Judged:
    """The verdicts on one block: per row GOOD, DOUBTFUL or WRONG (None for a row that is blank where it matters), whether
    it may enter, its problems; and the values by field, column-wise."""

    verdicts: list[int | None]
    enters: list[bool]
    problems: dict[int, list[Problem]]
    columns: dict[str, Sequence[Any]]

    @property
    def blank(self) -> list[int]:
        """Give the rows that hold nothing where it matters."""
        return [i for i, verdict in enumerate(self.verdicts) if verdict is None] if None in self.verdicts else []

    def add(self, row: int, problem: Problem) -> None:
        """Add a problem that was found later, by the area's own review."""
        self.problems.setdefault(row, []).append(problem)
        self.verdicts[row] = max(self.verdicts[row] or GOOD, problem.verdict)
        self.enters[row] = self.enters[row] and problem.enters


class Plan:
    """The mapping of one sheet, compiled: which column feeds which field, and what was carried from row to row."""

    def __init__(self, head: Head, guesses: Sequence[Guess], *, sheet_value: Any = _MISSING) -> None:
        self.head = head
        self.guesses = list(guesses)
        self.sheet_value = sheet_value
        self.carried: dict[int, Any] = {}
        self.stories = [
            ColumnStory(label, letter, guess.field, guess.how)
            for label, letter, guess in zip(head.labels, head.letters, self.guesses, strict=True)
        ]
        self.sums: Counter[str] = Counter()
        self.since: Counter[str] = Counter()
        self.rows = 0
        self.since_rows = 0
        self.before = 0
        self.pending: list[tuple[Counter[str], int]] = []


class Evaluator:
    """Judges the blocks of one import in order. `fixes` of a row are laid over its cells before it is read."""

    def __init__(self, target: Target, context: Context) -> None:
        self.target, self.context = target, context
        self.parsers = {f.key: f.parse(context) for f in target.fields}
        self.fields = {f.key: f for f in target.fields}
        self.combined = {c.key: c for c in target.combined}
        self.memo: dict[str, dict[Any, Any]] = {key: {} for key in [*self.parsers, *self.combined]}
        self.seen: Counter[str] = Counter()
        self.first_of: list[dict[Any, tuple[str, int]]] = [{} for _ in target.keys]
        self.warnings: list[str] = []

    # -------------------------------------------------------------------------------------------------- one sheet

    def plan(self, head: Head, guesses: Sequence[Guess]) -> Plan:
        """Compile the mapping of a sheet; its name is a value where the target says so and no column holds it."""
        mapped = {g.field for g in guesses} | {f for g in guesses if g.field in self.combined for f in self.combined[g.field].fields}
        value: Any = _MISSING
        key = self.target.sheet_field
        if key and key not in mapped:
            found = self._one(key, self.parsers[key], head.sheet.strip())
            if found.__class__ is not _Finding:
                value = found
            elif found.verdict == GOOD:
                value = found.value
        return Plan(head, guesses, sheet_value=value)

    def read(
        self,
        plan: Plan,
        rows: Sequence[Row],
        *,
        formulas: Mapping[int, Sequence[int]] | None = None,
        fixes: Mapping[int, Mapping[str, str]] | None = None,
    ) -> Judged:
        """Read the cells of a sheet's rows. `formulas`: row index to columns; `fixes`: row index to {field: text}."""
        count = len(rows)
        problems: dict[int, list[Problem]] = {}
        columns: dict[str, Sequence[Any]] = {}
        raw = list(zip(*rows, strict=True)) if rows else []
        empty = self._empty_rows(plan, raw, count)
        for place, guess in enumerate(plan.guesses):
            if guess.field == SKIP or not rows:
                self._sample(plan.stories[place], raw[place] if rows else ())
                continue
            cells = self._undone(plan, place, raw[place], empty)
            story = plan.stories[place]
            self._sample(story, cells)
            holes = {i for i, places in formulas.items() if place in places and cells[i] == ""} if formulas else None
            if guess.field in self.combined:
                self._combined(self.combined[guess.field], cells, columns, problems, story, empty)
            else:
                columns[guess.field] = self._column(guess.field, cells, problems, story, empty, holes=holes)
        if fixes:
            self._fix(fixes, columns, problems, count)
        for f in self.target.fields:
            if f.key not in columns:
                if f.key == self.target.sheet_field and plan.sheet_value is not _MISSING:
                    columns[f.key] = [plan.sheet_value] * count
                else:
                    columns[f.key] = self._absent(f.key, count, problems, empty)
        self._require(columns, problems, count, empty)
        self._beyond(plan, raw, problems, empty)
        return self._verdicts(columns, problems, count, empty)

    def judge(
        self,
        plan: Plan,
        numbers: Sequence[int],
        rows: Sequence[Row],
        *,
        formulas: Mapping[int, Sequence[int]] | None = None,
        fixes: Mapping[int, Mapping[str, str]] | None = None,
        stops: Sequence[int] = (),
    ) -> Judged:
        """Read rows of a sheet and judge them among all others: what stands twice, what the totals say. `stops`: row
        numbers of the totals among these rows, for which `total` is called next, in order."""
        judged = self.read(plan, rows, formulas=formulas, fixes=fixes)
        self._same_twice(plan, numbers, judged)
        self._add_up(plan, numbers, judged, judged.columns, stops)
        return judged

    def total(self, plan: Plan, other: Other) -> list[str]:
        """Compare what a total row says with the rows above it since the last one; give warnings in Chinese."""
        said: list[str] = []
        stated = _stated_count(other)
        if stated is not None and stated not in (plan.since_rows, plan.before + plan.since_rows):
            said.append(
                _(
                    "{sheet} 第{row}行合计写{stated}{unit}，上面实有{since_rows}{unit}",
                    sheet=plan.head.sheet,
                    row=other.row,
                    stated=stated,
                    unit=self.target.unit,
                    since_rows=plan.since_rows,
                )
            )
        for place, guess in enumerate(plan.guesses):
            f = self.fields.get(guess.field)
            if f is None or not f.adds_up or place >= len(other.cells) or other.cells[place] == "":
                continue
            try:
                written = int(float(as_text(other.cells[place]).replace(",", "")))
            except ValueError:
                continue
            here, all_ = plan.since[f.key], plan.sums[f.key] + plan.since[f.key]
            if written not in (here, all_):
                said.append(
                    _(
                        "{sheet} 第{row}行合计的{label}写{written}，上面加起来是{here}",
                        sheet=plan.head.sheet,
                        row=other.row,
                        label=f.label,
                        written=written,
                        here=here,
                    )
                )
        plan.sums.update(plan.since)
        plan.before += plan.since_rows
        plan.since, plan.since_rows = plan.pending.pop(0) if plan.pending else (Counter(), 0)
        return said

    def _add_up(
        self, plan: Plan, numbers: Sequence[int], judged: Judged, columns: Mapping[str, Sequence[Any]], stops: Sequence[int]
    ) -> None:
        """Add up the rows since the last total, and, if totals stand among these rows, between them."""
        edges = [0, *(bisect_left(numbers, stop) for stop in stops), len(numbers)]
        for part, (start, end) in enumerate(pairwise(edges)):
            sums: Counter[str] = Counter()
            for f in self.target.fields:
                if f.adds_up:
                    values = columns[f.key][start:end]
                    sums[f.key] = sum(filter(None, values))
            rows = end - start - judged.verdicts[start:end].count(None)
            plan.rows += rows
            if part == 0:
                plan.since.update(sums)
                plan.since_rows += rows
            else:
                plan.pending.append((sums, rows))

    # ------------------------------------------------------------------------------------------------- one column

    def _column(
        self,
        key: str,
        cells: Sequence[Any],
        problems: dict[int, list[Problem]],
        story: ColumnStory | None,
        empty: Sequence[bool],
        *,
        holes: set[int] | None = None,
    ) -> list[Any]:
        parse, f = self.parsers[key], self.fields[key]
        whole = getattr(parse, "whole", None)
        found = whole(cells) if whole and not holes and (f.blank is None or "" not in cells) else None
        if found is not None:
            if story is not None:
                story.filled += len(cells) - cells.count("")
            return found
        found = self._each(key, parse, cells)
        if story is not None:
            story.filled += len(cells) - cells.count("")
        findings = {value for value in found if value.__class__ is _Finding}
        if findings and story is not None and True not in empty and all(f.verdict == GOOD for f in findings):
            # A whole column written in another way (2.18 for a day): counted at once.
            for finding, times in Counter(value for value in found if value.__class__ is _Finding).items():
                story.notes[finding.says] += times
            self._show(story, cells[:_SHOWN_FROM])
            found = [value.value if value.__class__ is _Finding else value for value in found]
        elif findings:
            for i, value in enumerate(found):
                if value.__class__ is _Finding:
                    found[i] = value.value
                    if empty[i]:
                        continue
                    if story is not None:
                        self._tell(story, value, cells[i])
                    if value.verdict != GOOD:
                        problems.setdefault(i, []).append(_problem(f.key, f.label, cells[i], value))
        for i in holes or ():
            hole = _Finding(Wrong("公式没有存下算出的值，用表格软件打开、保存一次再上传"))
            problems[i] = [p for p in problems.get(i, ()) if p.field != key]
            problems[i].append(_problem(f.key, f.label, "", hole))
            if story is not None:
                self._tell(story, hole, "")
        return found

    def _each(self, key: str, parse: Any, cells: Sequence[Any]) -> list[Any]:
        """Read cell by cell; a text that came before is not read again, unless the column hardly repeats itself.

        A parser may offer `plain_ones`: what is plain in a column, all at once."""
        if plain := getattr(parse, "plain_ones", None):
            return [self._one(key, parse, cell) if value is None else value for cell, value in zip(cells, plain(cells), strict=True)]
        memo = self.memo[key]
        if len(memo) > _UNLIKE and len(memo) * 2 > self.seen[key]:
            return [self._one(key, parse, cell) for cell in cells]
        self.seen[key] += len(cells)
        if bool not in set(map(type, cells)):
            try:
                return list(map(memo.__getitem__, cells))
            except KeyError:
                pass
        get = memo.get
        found: list[Any] = []
        put = found.append
        for cell in cells:
            # True, 1 and 1.0 are one key to a dict, but not to a parser.
            value = get(cell, _MISSING) if cell.__class__ is not bool else _MISSING
            if value is _MISSING:
                value = self._one(key, parse, cell)
                if cell.__class__ is not bool:
                    memo[cell] = value
            put(value)
        return found

    def _one(self, key: str, parse: Any, cell: Any) -> Any:
        if cell.__class__ is str:
            cell = cell.strip()
            if not cell:
                blank = self.fields[key].blank
                return _Finding(blank) if blank is not None else None
            if len(cell) > 5_000:
                return _Finding(Wrong(_("这一格有{n}个字，太长了", n=len(cell))))
        try:
            return parse(cell)
        except Odd as odd:
            return _Finding(odd)
        except (ValueError, ArithmeticError):
            return _Finding(Wrong("这一格读不懂"))

    def _combined(
        self,
        combined: Combined,
        cells: Sequence[Any],
        columns: dict[str, Sequence[Any]],
        problems: dict[int, list[Problem]],
        story: ColumnStory,
        empty: Sequence[bool],
    ) -> None:
        parts: dict[str, list[Any]] = {key: [] for key in combined.fields}
        story.filled += len(cells) - cells.count("")
        for i, cell in enumerate(cells):
            pieces: Mapping[str, Any] = {}
            if cell != "":
                try:
                    pieces = combined.split(cell)
                except Odd as odd:
                    finding = _Finding(odd)
                    pieces = odd.value or {}
                    if not empty[i]:
                        self._tell(story, finding, cell)
                        if odd.verdict != GOOD:
                            problems.setdefault(i, []).append(_problem(combined.key, combined.label, cell, finding))
            for key in combined.fields:
                parts[key].append(pieces.get(key, ""))
        for key in combined.fields:
            before = Counter({i: len(p) for i, p in problems.items()})
            columns[key] = self._column(key, parts[key], problems, None, empty)
            for i, found in problems.items():
                for problem in found[before[i] :]:
                    self._tell(story, problem, cells[i])

    def _absent(self, key: str, count: int, problems: dict[int, list[Problem]], empty: Sequence[bool]) -> list[Any]:
        blank = self.fields[key].blank
        if blank is None:
            return [None] * count
        return self._column(key, ("",) * count, problems, None, empty)

    def _undone(self, plan: Plan, place: int, cells: Sequence[Any], empty: Sequence[bool]) -> Sequence[Any]:
        """Fill 同上 and 〃 from the row above, across blocks."""
        if DITTO.isdisjoint(cells):
            for i in range(len(cells) - 1, -1, -1):
                if cells[i] != "" and not empty[i]:
                    plan.carried[place] = cells[i]
                    break
            return cells
        filled = list(cells)
        above = plan.carried.get(place, "")
        for i, cell in enumerate(filled):
            if cell.__class__ is str and cell.strip() in DITTO:
                filled[i] = above
                plan.stories[place].ditto += 1
                if len(plan.stories[place].odd_samples) < 3 and cell not in plan.stories[place].odd_samples:
                    plan.stories[place].odd_samples.append(cell)
            elif cell != "" and not empty[i]:
                above = cell
        plan.carried[place] = above
        return filled

    def _tell(self, story: ColumnStory, finding: Any, cell: Any) -> None:
        if finding.verdict == GOOD:
            story.notes[finding.says] += 1
        elif finding.verdict == DOUBTFUL:
            story.doubtful += 1
        else:
            story.wrong += 1
        if len(story.odd_samples) < 3:
            self._show(story, (cell,))

    def _show(self, story: ColumnStory, cells: Sequence[Any]) -> None:
        for cell in cells:
            text = as_text(cell)[:40]
            if text and text not in story.odd_samples and len(story.odd_samples) < 3:
                story.odd_samples.append(text)

    def _sample(self, story: ColumnStory, cells: Sequence[Any]) -> None:
        if len(story.samples) < 3:
            for cell in cells[:_SHOWN_FROM]:
                text = as_text(cell)[:40] if cell != "" else ""
                if text and text not in story.samples:
                    story.samples.append(text)
                    if len(story.samples) == 3:
                        break
        if story.field == SKIP:
            story.filled += len(cells) - cells.count("")

    # --------------------------------------------------------------------------------------------------- whole rows

    def _empty_rows(self, plan: Plan, raw: Sequence[Sequence[Any]], count: int) -> list[bool]:
        """Say which rows hold nothing in any mapped column: numbered in advance, never filled in."""
        mapped = [raw[place] for place, guess in enumerate(plan.guesses) if guess.field != SKIP] if raw else []
        empty = [False] * count
        if not mapped:
            return empty
        first = next((cells for cells in mapped if "" in cells), None)
        if first is None or not all("" in cells for cells in mapped):
            return empty
        for i in range(count):
            empty[i] = all(cells[i] == "" for cells in mapped)
        return empty

    def _require(self, columns: Mapping[str, Sequence[Any]], problems: dict[int, list[Problem]], count: int, empty: Sequence[bool]) -> None:
        for key in self.target.required:
            values = columns[key]
            if None not in values and "" not in values:
                continue
            label = self.fields[key].label
            for i in range(count):
                if values[i] in (None, "") and not empty[i] and not any(p.field == key for p in problems.get(i, ())):
                    problems.setdefault(i, []).append(Problem(key, label, "", _("没有填{label}", label=label), WRONG, False))

    def _beyond(self, plan: Plan, raw: Sequence[Sequence[Any]], problems: dict[int, list[Problem]], empty: Sequence[bool]) -> None:
        """Ask about a row with more cells than the header has columns: a comma without quotes moves every cell behind it."""
        places = [i for i, label in enumerate(plan.head.labels) if label.startswith(BEYOND) and plan.guesses[i].field == SKIP]
        for i in range(len(empty)) if places and raw else ():
            over = " ".join(as_text(raw[place][i]) for place in places if raw[place][i] != "")
            if over and not empty[i]:
                says = _("比表头多出“{over}”，多半是前面的文字里有逗号，后面的格都错了位", over=masked(over)[:40])
                problems.setdefault(i, []).append(Problem("", "", "", says, DOUBTFUL, False))

    def _fix(
        self,
        fixes: Mapping[int, Mapping[str, str]],
        columns: dict[str, Sequence[Any]],
        problems: dict[int, list[Problem]],
        count: int,
    ) -> None:
        for i, fixed in fixes.items():
            for key, text in fixed.items():
                if key not in self.fields:
                    continue
                combined = {c.key for c in self.target.combined if key in c.fields}
                kept = [p for p in problems.get(i, ()) if p.field != key and p.field not in combined]
                found = self._one(key, self.parsers[key], text)
                value = found
                if found.__class__ is _Finding:
                    value = found.value
                    if found.verdict != GOOD:
                        kept.append(_problem(key, self.fields[key].label, text, found))
                values = list(columns.get(key) or [None] * count)
                values[i] = value
                columns[key] = values
                if kept:
                    problems[i] = kept
                else:
                    problems.pop(i, None)

    def _verdicts(
        self,
        columns: dict[str, Sequence[Any]],
        problems: dict[int, list[Problem]],
        count: int,
        empty: Sequence[bool],
    ) -> Judged:
        verdicts: list[int | None] = [GOOD] * count
        enters = [True] * count
        for i, found in problems.items():
            verdicts[i] = max(p.verdict for p in found)
            enters[i] = all(p.enters for p in found)
        if True in empty:
            for i, blank in enumerate(empty):
                if blank:
                    verdicts[i], enters[i] = None, False
                    problems.pop(i, None)
        return Judged(verdicts, enters, problems, columns)

    def _same_twice(self, plan: Plan, numbers: Sequence[int], judged: Judged) -> None:
        """Mark the second row of one identity as doubtful: it waits for a person. A row is known by the first key that it
        holds whole; a block in which nothing stands twice, which is nearly every one, is noted at once."""
        sheet, free = plan.head.sheet, [i for i, verdict in enumerate(judged.verdicts) if verdict is not None]
        for key, first_of in zip(self.target.keys, self.first_of, strict=True):
            identities = list(zip(*(judged.columns[k] for k in key), strict=True))
            whole = {i: identities[i] for i in free if None not in identities[i] and "" not in identities[i]}
            free = [i for i in free if i not in whole]
            if len(set(whole.values())) == len(whole) and first_of.keys().isdisjoint(whole.values()):
                first_of.update({identity: (sheet, numbers[i]) for i, identity in whole.items()})
                continue
            words = "、".join(self.fields[k].label for k in key)
            for i, identity in whole.items():
                first = first_of.setdefault(identity, (sheet, numbers[i]))
                if first != (sheet, numbers[i]):
                    says = _("和{first} 第{first2}行的{words}相同", first=first[0], first2=first[1], words=words)
                    judged.add(i, Problem(key[0], words, "", says, DOUBTFUL, False))

    def batch(self, plan: Plan, numbers: Sequence[int], judged: Judged, *, only: Sequence[int]) -> Batch:
        """Give the rows at these indexes column by column, with all fields of the target and their open doubts."""
        keys = [f.key for f in self.target.fields]
        doubts = {
            n: tuple(p for p in judged.problems[i] if p.verdict != GOOD) for n, i in enumerate(only) if i in judged.problems
        } if judged.problems else {}  # fmt: skip
        if len(only) == len(numbers):
            return Batch(plan.head.sheet, list(numbers), {key: judged.columns[key] for key in keys}, doubts)
        columns = {key: [judged.columns[key][i] for i in only] for key in keys}
        return Batch(plan.head.sheet, [numbers[i] for i in only], columns, doubts)

    def entries(self, plan: Plan, numbers: Sequence[int], judged: Judged, *, only: Sequence[int]) -> Iterator[Entry]:
        """Give the rows at these indexes as entries with all fields of the target."""
        yield from self.batch(plan, numbers, judged, only=only)


def _problem(key: str, label: str, cell: Any, finding: Any) -> Problem:
    return Problem(key, label, as_text(cell)[:80], finding.says, finding.verdict, finding.enters)


def _stated_count(other: Other) -> int | None:
    """Read how many rows a total claims: "合计：64家", or the number right beside 合计 with a unit."""
    match = _STATED.search(other.text)
    return int(match[1]) if match else None


_LONG = re.compile(r"[0-9A-Za-z]{9,}")


def masked(text: str) -> str:
    """Hide the middle of long numbers and codes: 138****6021, 9133****MA2F."""
    return _LONG.sub(lambda m: f"{m[0][: 4 if len(m[0]) > 11 else 3]}****{m[0][-4:]}", text)


def cut(value: Any, private: bool) -> str:
    """Give what names a row in a list: masked, and of a private one only the first character."""
    text = masked("" if value is None else as_text(value))[:100]
    return f"{text[:1]}**" if private and text else text
