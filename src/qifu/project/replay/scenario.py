"""Reads a scenario: lines, and generators that turn lists into lines, a row an enterprise or worker.

A generator holds no counts. What it draws (minutes between two steps) it draws per row from a fixed state, so that
leaving out one row moves nothing else."""

import csv
import io
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from qifu.kernel.calendar.clock import ZONE

Row = dict[str, str]

_DELAY = re.compile(r"\+\s*(\d+)(?:\.\.(\d+))?\s*([mhd])\s*$")
_DAY = re.compile(r"\bD(?:-(\d+))?T(?=\d\d:)")
_AGO = re.compile(r"\bN-(\d+)m\b")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SPOT = re.compile(r"\{([a-z_0-9]+)(?:\|([^}]*))?\}")

_TOP = {"scenario", "title", "place", "from", "until", "seed", "figures", "lists", "people", "lines"}
_PERSON = {"key", "name", "role", "place", "department", "phone", "title"}
_LINE = {"at", "actor", "do", "on", "with", "as", "refused", "when"}
_LIST_LINE = (_LINE - {"on"}) | {"list", "row", "into"}
_CHAIN = {"each", "when", "lines"}
_FIGURE = {"at", "place"}
_SHAPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(("figures", "lists", "fill", "with", "as"), (Mapping, "一组“名称: 内容”")),
    **dict.fromkeys(("people", "lines"), (list, "一项一项的，每项前面有“-”")),
    **dict.fromkeys(("file", "each", "list", "into", "actor", "do", "refused"), (str, "一个词")),
}
"""What stands behind a key, wherever it does not say so itself."""


_FILL: dict[str, tuple[type, str]] = dict.fromkeys(("from", "where", "has", "take", "join"), (str, "一个词"))
_SPLIT: dict[str, tuple[type, str]] = {"column": (str, "一个词"), "by": (str, "一个符号"), "as": (list, "几个列名")}
_PARTS: dict[str, tuple[type, str]] = {"by": (str, "一个符号"), "cells": (list, "几个列名")}


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: a line's key `on` must stay the word that it is."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


class WrongScenario(ValueError):
    """A scenario file that cannot be played; the sentence names the place."""

    def inside(self, place: str) -> "WrongScenario":
        """Give the same fault with the place that it was found in."""
        return WrongScenario(f"{place}：{self}")


@dataclass(frozen=True, order=True)
class Line:
    """One act: at an instant, by an actor, an action by name, on an object, with its input.

    `rows` are those of a list that go in one act, under the input's field `into`; `named` says under which names the
    results are remembered; `refused` is the code of a refusal that the scenario expects."""

    at: datetime
    order: int
    actor: str = field(compare=False)
    do: str = field(compare=False)
    on: str = field(compare=False, default="")
    given: Mapping[str, Any] = field(compare=False, default_factory=dict)
    into: str = field(compare=False, default="")
    rows: tuple[Any, ...] = field(compare=False, default=())
    named: tuple[tuple[str, tuple[str, ...]], ...] = field(compare=False, default=())
    refused: str = field(compare=False, default="")
    place: str = field(compare=False, default="")
    """Where in the file it stands: lines[3].lines[1]."""


@dataclass(frozen=True)
class Appointed:
    """Somebody who is at work when the scenario begins, or an account that a list names."""

    key: str
    name: str
    role: str
    place: str
    department: str = ""
    phone: str = ""
    title: str = ""


@dataclass(frozen=True)
class AsOf:
    """What a figure is asked about: as of when, and within which place ('': everywhere)."""

    at: datetime
    place: str = ""


@dataclass(frozen=True)
class Scenario:
    """A scenario as read: where, from when to when, who, and every line in order of time.

    `later` counts the lines that lie after the end and are not played."""

    name: str
    title: str
    place: str
    start: datetime
    end: datetime
    people: tuple[Appointed, ...]
    lines: tuple[Line, ...]
    figures: Mapping[str, AsOf]
    later: int = 0


def load(path: Path, *, now: datetime | None = None) -> Scenario:
    """Read a scenario file and the lists beside it; raises WrongScenario with the place of the fault.

    `now` gives a demo its days: D-2T09:30 is half past nine two days ago, N-40m forty minutes ago."""
    try:
        data = yaml.load(_dated(path.read_text(encoding="utf-8"), now), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongScenario(f"{path.name} 打不开：{problem}。") from problem
    except yaml.YAMLError as problem:
        raise WrongScenario(f"{path.name} 不是 YAML：{' '.join(str(problem).split())}。") from problem
    if not isinstance(data, dict):
        raise WrongScenario(f"{path.name} 不是剧本。")
    _known_keys(data, _TOP, needed=("scenario", "place", "from", "until", "lines"))
    lists = _lists(data.get("lists") or {}, path.parent, now)
    reader = _Reader(lists, data.get("seed", 0))
    start, end = instant(data["from"]), instant(data["until"])
    if end < start:
        raise WrongScenario(f"until 是 {end:%Y-%m-%dT%H:%M}，早于 from 的 {start:%Y-%m-%dT%H:%M}。")
    lines = sorted(reader.lines(data["lines"]))
    if lines and lines[0].at < start:
        raise WrongScenario(f"{lines[0].place}：{lines[0].at:%Y-%m-%dT%H:%M} 早于开始的 {start:%Y-%m-%dT%H:%M}。")
    played = tuple(line for line in lines if line.at <= end)
    return Scenario(
        str(data["scenario"]), str(data.get("title", data["scenario"])), str(data["place"]), start, end,
        tuple(reader.people(data.get("people") or [])), played,
        {id: _as_of(asked, id, end) for id, asked in (data.get("figures") or {}).items()}, len(lines) - len(played),
    )  # fmt: skip


def _as_of(asked: Any, id: str, end: datetime) -> AsOf:
    """Read what a figure is asked about: an instant, or {at: instant, place: name}; without `at` it is the end."""
    try:
        if not isinstance(asked, Mapping):
            return AsOf(instant(asked))
        _known_keys(asked, _FIGURE)
        return AsOf(instant(asked.get("at", end)), str(asked.get("place", "")))
    except WrongScenario as problem:
        raise problem.inside(f"figures.{id}") from None


def instant(text: Any) -> datetime:
    """Give an instant as Shanghai's clocks show it; without a zone it is Shanghai's."""
    try:
        at = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
        # Days, months and evenings are taken from it: written in another zone it would be another day.
        return at.astimezone(ZONE) if at.tzinfo else at.replace(tzinfo=ZONE)
    except (ValueError, OverflowError):
        raise WrongScenario(f"“{text}”不是时间，要写成 2020-02-07T08:00。") from None


def _known_keys(
    entry: Any, known: set[str], *, needed: Sequence[str] = (), shapes: Mapping[str, tuple[type, str]] = MappingProxyType(_SHAPES)
) -> None:
    if not isinstance(entry, Mapping):
        raise WrongScenario("要是一组“名称: 内容”。")
    for key in needed:
        if entry.get(key) in (None, ""):
            raise WrongScenario(f"缺少 {key}。")
    for key, value in entry.items():
        if key not in known:
            raise WrongScenario(f"没有 {key} 这一项，能写的是 {'、'.join(sorted(known))}。")
        shape, words = shapes.get(key, (object, ""))
        if value is not None and not isinstance(value, shape):
            raise WrongScenario(f"{key} 要写成{words}。")


def _dated(text: str, now: datetime | None) -> str:
    if now is None:
        return text
    text = _DAY.sub(lambda m: f"{(now - timedelta(days=int(m[1] or 0))).date()}T", text)
    return _AGO.sub(lambda m: (now - timedelta(minutes=int(m[1]))).replace(second=0, microsecond=0).isoformat(), text)


def _lists(specs: Any, folder: Path, now: datetime | None) -> dict[str, list[Row]]:
    lists: dict[str, list[Row]] = {}
    for name, spec in specs.items():
        try:
            _known_keys(spec, {"file", "fill"}, needed=("file",))
            lists[name] = _rows(folder / spec["file"], now)
        except WrongScenario as problem:
            raise problem.inside(f"lists.{name}") from None
    for name, spec in specs.items():
        for column, how in (spec.get("fill") or {}).items():
            try:
                _fill(lists[name], column, how, lists)
            except WrongScenario as problem:
                raise problem.inside(f"lists.{name}.fill.{column}") from None
    return lists


def _rows(path: Path, now: datetime | None) -> list[Row]:
    try:
        text = _dated(path.read_text(encoding="utf-8-sig"), now)
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongScenario(f"清单 {path.name} 打不开：{problem}。") from problem
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = [column for column in reader.fieldnames or () if column]
        if twice := next((column for column in columns if columns.count(column) > 1), None):
            raise WrongScenario(f"清单 {path.name} 有两列都叫 {twice}。")
        rows = []
        for row in reader:
            # A comma inside a cell without quotes moves every cell behind it: the row says something else then.
            if None in row:
                raise WrongScenario(f"清单 {path.name} 第{reader.line_num}行比表头多{len(row[None])}格，文字里的逗号要放在引号里。")
            rows.append({k: (v or "").strip() for k, v in row.items() if k})
    except csv.Error as problem:
        raise WrongScenario(f"清单 {path.name} 第{reader.line_num + 1}行读不下去：{problem}。") from problem
    return rows


def _fill(rows: list[Row], column: str, how: Mapping[str, str], lists: Mapping[str, list[Row]]) -> None:
    """Fill a blank column from another list: {from: teams, where: territory, has: place, take: number}.

    With `join` it takes of all rows that fit, with this between them: the keys of a team's members."""
    _known_keys(how, set(_FILL), needed=("from", "where", "has", "take"), shapes=_FILL)
    if how["from"] not in lists:
        raise WrongScenario(f"没有清单 {how['from']}。")
    found: dict[str, str] = {}
    for row in lists[how["from"]]:
        for part in map(str.strip, re.split("[;；]", _cell(row, how["where"]))):
            before = [found[part]] if "join" in how and part in found else []
            found[part] = how.get("join", "").join([*before, _cell(row, how["take"])])
    for row in rows:
        if not row.get(column):
            row[column] = found.get(_cell(row, how["has"]), "")


def _cell(row: Row, column: str) -> str:
    if column not in row:
        raise WrongScenario(f"清单里没有 {column} 这一列。")
    return row[column]


class _Reader:
    """Turns the YAML into lines."""

    def __init__(self, lists: Mapping[str, list[Row]], seed: Any) -> None:
        self.lists, self.seed, self.number = lists, seed, 0

    def people(self, entries: list[Any]) -> Iterator[Appointed]:
        met: dict[str, Appointed] = {}
        for number, entry in enumerate(entries):
            try:
                for person in self._people(entry):
                    if met.setdefault(person.key, person) is person:
                        yield person
                    elif met[person.key] != person:
                        raise WrongScenario(f"{person.key} 指着两个人。")
            except WrongScenario as problem:
                raise problem.inside(f"people[{number}]") from None

    def _people(self, entry: Any) -> Iterator[Appointed]:
        _known_keys(entry, _PERSON | {"each", "split", "when"}, needed=("key", "name", "role", "place"))
        spec = {k: str(v) for k, v in entry.items() if k in _PERSON}
        if "each" not in entry:
            yield Appointed(**spec)
            return
        for row in self._list(entry["each"]):
            if not _holds(entry.get("when"), row):
                continue
            for part in _parts(row, entry.get("split")):
                yield Appointed(**{k: fill(v, {**row, **part}) for k, v in spec.items()})

    def lines(self, entries: list[Any]) -> Iterator[Line]:
        for number, entry in enumerate(entries):
            place = f"lines[{number}]"
            try:
                if isinstance(entry, Mapping) and "each" in entry:
                    yield from self._each(entry, place)
                elif isinstance(entry, Mapping) and "list" in entry:
                    yield from self._list_line(entry, place)
                else:
                    _known_keys(entry, _LINE - {"when"}, needed=("at", "actor", "do"))
                    yield self._line(entry, {}, instant(entry["at"]), place)
            except WrongScenario as problem:
                raise problem if str(problem).startswith(place) else problem.inside(place) from None

    def _list(self, name: str) -> list[Row]:
        if name not in self.lists:
            raise WrongScenario(f"没有清单 {name}。")
        return self.lists[name]

    def _each(self, entry: Mapping[str, Any], place: str) -> Iterator[Line]:
        """A chain of lines per row: each at a time of its own, or a drawn while after the one before."""
        _known_keys(entry, _CHAIN, needed=("each", "lines"))
        steps = entry["lines"]
        for number, step in enumerate(steps):
            try:
                _known_keys(step, _LINE, needed=("at", "actor", "do"))
            except WrongScenario as problem:
                raise problem.inside(f"{place}.lines[{number}]") from None
        # What it is for, not where in the file it stands: moving a generator moves no time that it draws.
        own = f"{self.seed}/{entry['each']}/{entry.get('when')}/{'+'.join(step['do'] for step in steps)}"
        for row in self._list(entry["each"]):
            if not _holds(entry.get("when"), row):
                continue
            draw = random.Random(f"{own}/{row.get('key') or row.get('number') or tuple(row.values())}")
            at: datetime | None = None
            for number, step in enumerate(steps):
                try:
                    if _holds(step.get("when"), row):
                        at = self._time(fill(str(step["at"]), row), at, draw)
                        yield self._line(step, row, at, f"{place}.lines[{number}]")
                except WrongScenario as problem:
                    raise problem.inside(f"{place}.lines[{number}] {row.get('key') or row.get('number') or ''}".rstrip()) from None

    def _list_line(self, entry: Mapping[str, Any], place: str) -> Iterator[Line]:
        """One line for all rows of the same instant."""
        _known_keys(entry, _LIST_LINE, needed=("at", "actor", "do", "row"))
        groups: dict[datetime, list[Row]] = {}
        for row in self._list(entry["list"]):
            if _holds(entry.get("when"), row):
                groups.setdefault(self._time(fill(str(entry["at"]), row), None, random.Random(0)), []).append(row)
        for at, rows in sorted(groups.items()):
            self.number += 1
            named = tuple((attribute, tuple(fill(name, row) for row in rows)) for attribute, name in (entry.get("as") or {}).items())
            yield Line(
                at, self.number, entry["actor"], entry["do"], given=dict(entry.get("with") or {}), into=entry.get("into", "rows"),
                rows=tuple(_filled(entry["row"], row) for row in rows), named=named, refused=entry.get("refused", ""), place=place,
            )  # fmt: skip

    def _line(self, entry: Mapping[str, Any], row: Row, at: datetime, place: str) -> Line:
        self.number += 1
        named = tuple((attribute, (fill(name, row),)) for attribute, name in (entry.get("as") or {}).items())
        return Line(
            at, self.number, fill(entry["actor"], row), entry["do"], fill(str(entry.get("on", "")), row),
            _filled(entry.get("with") or {}, row), named=named, refused=entry.get("refused", ""), place=place,
        )  # fmt: skip

    @staticmethod
    def _time(text: str, before: datetime | None, draw: random.Random) -> datetime:
        delay = timedelta(0)
        if found := _DELAY.search(text):
            least, most, unit = int(found[1]), int(found[2] or found[1]), found[3]
            if most < least:
                raise WrongScenario(f"“{text}”前后颠倒，要写成 +20..45m。")
            try:
                delay = timedelta(**{_UNITS[unit]: draw.randint(least, most)})
            except OverflowError:
                raise WrongScenario(f"“{text}”太久了。") from None
            text = text[: found.start()].strip()
        if text:
            # "{surveyed_on}T18:00 & {went_home_on}T18:00": the later of two, known only once somebody asked.
            before = max(instant(part.strip()) for part in text.split("&"))
        if before is None:
            raise WrongScenario("一行的第一步要写明时间。")
        try:
            return before + delay
        except OverflowError:
            raise WrongScenario(f"{before:%Y-%m-%dT%H:%M} 以后 {delay.days} 天，没有这一天。") from None


def _holds(when: Any, row: Row) -> bool:
    """Say whether a row takes part: a column that is filled (!column: blank), or a mapping of columns to values."""
    if when is None:
        return True
    if isinstance(when, Mapping):
        wanted = {column: value if isinstance(value, list) else [value] for column, value in when.items()}
        return all(_cell(row, column) in map(str, values) for column, values in wanted.items())
    return all(bool(_cell(row, column.lstrip("!"))) is not column.startswith("!") for column in str(when).split())


def _parts(row: Row, split: Mapping[str, Any] | None) -> list[Row]:
    """Split one cell into several people: {column: members, by: ";", as: [name, department, phone]}."""
    if not split:
        return [{}]
    _known_keys(split, {"column", "by", "as"}, needed=("column", "by", "as"), shapes=_SPLIT)
    columns = _words_of(split["as"])
    return [dict(zip(columns, part.split("/"), strict=False)) for part in _cell(row, split["column"]).split(split["by"]) if part]


def _words_of(names: list[Any]) -> list[str]:
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise WrongScenario(f"“{wrong[0]}”不是列名。")
    return names


def fill(text: str, row: Mapping[str, str]) -> str:
    """Put a row's columns into a text: "enterprise:{key}"; "{starts_at|2020-02-20}" gives what stands in for a blank."""
    if not isinstance(text, str):
        raise WrongScenario(f"“{text}”要写成一个词。")

    def one(found: re.Match[str]) -> str:
        if found[1] not in row:
            raise WrongScenario(f"“{text}”要的 {found[1]} 不是清单里的一列。")
        return row[found[1]] or found[2] or ""

    return _SPOT.sub(one, text)


def _filled(value: Any, row: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return fill(value, row)
    if isinstance(value, Mapping) and set(value) == {"each", "give"}:
        # One cell that holds several words becomes a list: {each: "{lacks}", give: {code: "{it}", result: fix}}.
        return [_filled(value["give"], {**row, "it": word}) for word in fill(value["each"], row).split()]
    if isinstance(value, Mapping) and set(value) == {"parts", "by", "cells", "give"}:
        # One cell that holds several people: {parts: "{members}", by: ";", cells: [name, unit], give: {name: "{name}"}}.
        _known_keys(value, set(value), needed=("by", "cells"), shapes=_PARTS)
        columns = _words_of(value["cells"])
        parts = [part.split("/") for part in fill(value["parts"], row).split(value["by"]) if part]
        return [_filled(value["give"], {**row, **dict(zip(columns, part, strict=False))}) for part in parts]
    if isinstance(value, Mapping):
        return {key: _filled(one, row) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, row) for one in value]
    return value
