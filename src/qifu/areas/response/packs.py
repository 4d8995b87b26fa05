"""Packs: a crisis as a folder of data. Read whole and checked whole; every fault is said with its file and place."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from qifu.kernel.language import listed, teach
from qifu.kernel.language import said as _

from . import rules

SCHEMA = 1
TRIADS = ("people", "materials", "rules")
_MEASURE_KEYS = {"id", "kind", "name", "says", "levels", "origin", "valid", "scope", "value", "override", "adjust"}
_PART_KEYS = {
    "origin": {"level", "issuer", "document", "article", "url"},
    "valid": {"from", "to"},
    "scope": {"regions", "sizes", "industries", "areas"},
    "override": {"by", "stricter", "looser", "max_days"},
}
_ITEM_KEYS = {"code", "name", "ask", "triad", "owner", "assessor", "required", "when", "fact", "evidence"}


class PackError(ValueError):
    """A pack that cannot be used. `faults` lists what is wrong, each with file and place; `says` is the sentence."""

    def __init__(self, code: str, faults: list[str]) -> None:
        self.code, self.faults = code, faults
        self.says = _("数据包“{code}”有{n}处不对：{faults}", code=code, n=len(faults), faults=listed(faults[:5], "；"))
        super().__init__(self.says)


@dataclass(frozen=True)
class Level:
    """One level of response, as the pack calls it."""

    code: str
    name: str
    short: str
    meaning: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Origin:
    """On whose word a measure stands."""

    level: str
    issuer: str = ""
    document: str = ""
    article: str = ""

    @property
    def badge(self) -> str:
        """国, 省, 市, 区, 镇."""
        return rules.BADGES[self.level]

    def says(self) -> str:
        """Say it: 省《……的通知》第二条."""
        return rules.LEVEL_WORDS[self.level] + (self.document or self.issuer or "规定") + self.article


@dataclass(frozen=True)
class Limits:
    """How far a lower level may depart: which levels, stricter or looser (free, approval, forbidden), for how long."""

    by: tuple[str, ...] = ()
    stricter: str = "forbidden"
    looser: str = "forbidden"
    max_days: int = 0

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Limits":
        return cls(
            tuple(stored.get("by", ())), stored.get("stricter", "forbidden"), stored.get("looser", "forbidden"), stored.get("max_days", 0)
        )

    def stored(self) -> dict[str, Any]:
        """Give what a measure's row keeps."""
        return {"by": list(self.by), "stricter": self.stricter, "looser": self.looser, "max_days": self.max_days}


@dataclass(frozen=True)
class Definition:
    """One measure of a pack. `slot` names this definition among the versions of its key."""

    slot: str
    key: str
    kind: str
    title: str
    says: str
    levels: frozenset[str]
    origin: Origin
    since: datetime | None
    until: datetime | None
    places: tuple[str, ...]
    scope: Mapping[str, list[str]]
    value: Mapping[str, Any]
    limits: Limits
    adjust: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A pack as read: the words of a crisis, its levels from grave to light, its measures."""

    code: str
    name: str
    name_en: str
    words: Mapping[str, str]
    levels: tuple[Level, ...]
    suggested: Mapping[str, str]
    definitions: tuple[Definition, ...]
    folder: Path
    triage: Mapping[str, Any] | None = None
    observation_kinds: tuple[Mapping[str, str], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def level(self, code: str) -> Level:
        """Give a level by its code. Refuses KeyError."""
        return next(one for one in self.levels if one.code == code) if self.has_level(code) else _no_level(code)

    def has_level(self, code: str) -> bool:
        return any(one.code == code for one in self.levels)

    def at_level(self, code: str) -> tuple[Definition, ...]:
        """Give the measures that a level switches on."""
        return tuple(one for one in self.definitions if code in one.levels)


def _no_level(code: str) -> Level:
    raise KeyError(code)


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a fault instead of silently the last one."""


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, _("“{key}”写了两次", key=key), key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def folder() -> Path:
    """Give the folder that holds the packs."""
    return Path(settings.PACKS)


def available() -> tuple[str, ...]:
    """List the codes of the packs that are there, whether they are well or not."""
    return tuple(sorted(path.parent.name for path in folder().glob("*/pack.yaml")))


_held: dict[str, tuple[tuple[tuple[str, int], ...], Pack]] = {}


def load(code: str) -> Pack:
    """Read a pack, once per state of its files. Refuses PackError with every fault found."""
    home = folder() / code
    mark = _mark(home) if code in _held or code in available() else ()
    if not mark:
        raise PackError(code, ["没有这个数据包"])
    if code not in _held or _held[code][0] != mark:
        _held[code] = (mark, _Reader(home).read())
        teach(english_of(code))
    return _held[code][1]


def _mark(home: Path) -> tuple[tuple[str, int], ...]:
    """Give the files of a pack and when each was written; its scenarios aside. Every page asks it."""
    found = []
    for inside, folders, files in os.walk(home):
        folders[:] = [name for name in folders if name != "scenarios"]
        found += [(path, os.stat(path).st_mtime_ns) for path in (os.path.join(inside, name) for name in files)]
    return tuple(sorted(found))


def english_of(code: str) -> dict[str, str]:
    """Give the English of a pack's texts, which stands beside them in english.yaml; none where there is no such file."""
    path = folder() / code / "english.yaml"
    found = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    return {str(chinese): str(english) for chinese, english in (found or {}).items()}


def teach_english() -> None:
    """Let every page say the packs' texts in English from the start; a text that rows keep needs no pack to be read first."""
    for code in available():
        with suppress(yaml.YAMLError, OSError):
            teach(english_of(code))


class _Reader:
    """Reads one folder and gathers every fault before it refuses."""

    def __init__(self, home: Path) -> None:
        self.home, self.faults = home, list[str]()

    def read(self) -> Pack:
        head = self._file("pack.yaml")
        levels = tuple(self._levels(head))
        files = head.get("files") or {}
        codes = {level.code for level in levels}
        measures = self._file(str(files.get("measures", "measures.yaml")))
        definitions = tuple(self._definitions(measures, codes))
        triage = self._file(str(files["triage"])) if files.get("triage") else self._optional("triage.yaml")
        self._optional("lookback.yaml")
        if head.get("id") != self.home.name:
            self._fault("pack.yaml", _("id 要与文件夹同名"))
        if head.get("schema") != SCHEMA:
            self._fault("pack.yaml", _("schema 要是 {schema}", schema=SCHEMA))
        if self.faults:
            raise PackError(self.home.name, self.faults)
        name = head.get("name") or {}
        known = {"id", "schema", "name", "words", "levels", "suggested", "files", "observation_kinds"}
        return Pack(
            self.home.name, str(name.get("zh", self.home.name)), str(name.get("en", "")), dict(head.get("words") or {}), levels,
            dict(head.get("suggested") or {}), definitions, self.home, triage, tuple(head.get("observation_kinds") or ()),
            {key: part for key, part in head.items() if key not in known},
        )  # fmt: skip

    def _fault(self, where: str, what: str) -> None:
        self.faults.append(_("{where}：{what}", where=where, what=what))

    def _file(self, name: str) -> dict[str, Any]:
        path = (self.home / name).resolve()
        if not path.is_relative_to(self.home.resolve()):
            self._fault(name, _("文件要在数据包里"))
            return {}
        try:
            found = yaml.load(path.read_text("utf-8"), _Loader)
        except FileNotFoundError:
            self._fault(name, _("没有这个文件"))
            return {}
        except UnicodeDecodeError:
            self._fault(name, _("不是 UTF-8 编码"))
            return {}
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            line = _("第{value}行", value=mark.line + 1) if mark else ""
            self._fault(name, _("{line}写法不对（{value}）", line=line, value=getattr(problem, "problem", "") or "YAML"))
            return {}
        if not isinstance(found, dict):
            self._fault(name, _("要是一组“名称：内容”"))
            return {}
        if found.get("pack", self.home.name) != self.home.name:
            # Copied from another crisis and not gone through: its measures would be taken for this one's.
            self._fault(name, _("写着是“{pack}”的，要与文件夹同名", pack=found["pack"]))
        return found

    def _optional(self, name: str) -> dict[str, Any] | None:
        return self._file(name) if (self.home / name).exists() else None

    def _levels(self, head: Mapping[str, Any]) -> Iterator[Level]:
        rows = head.get("levels")
        if not isinstance(rows, list) or not rows:
            self._fault("pack.yaml", _("没有写 levels"))
            return
        for row in rows:
            if not isinstance(row, dict) or not row.get("code") or not row.get("name"):
                self._fault("pack.yaml", _("levels 每项要有 code 和 name"))
                continue
            short, meaning, colour = (str(row.get(part) or "") for part in ("short", "meaning", "colour"))
            yield Level(str(row["code"]), _(str(row["name"])), _(short or str(row["name"])), _(meaning), colour)

    def _definitions(self, measures: Mapping[str, Any], levels: set[str]) -> Iterator[Definition]:
        rows = measures.get("measures")
        if not isinstance(rows, list):
            self._fault("measures.yaml", _("没有写 measures"))
            return
        counts: dict[str, int] = {}
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict) or not row.get("id") or not row.get("kind"):
                self._fault("measures.yaml", _("第{number}条要有 id 和 kind", number=number))
                continue
            key = str(row["id"])
            counts[key] = counts.get(key, 0) + 1
            before = len(self.faults)
            made = self._definition(row, f"{key}/{counts[key]}", _("measures.yaml 第{number}条“{key}”", number=number, key=key), levels)
            if len(self.faults) == before and made:
                yield made

    def _known(self, raw: Any, keys: set[str], where: str) -> None:
        """Refuse words that stand where a key is read: a comma inside an unquoted text cuts it in two."""
        for key in (raw if isinstance(raw, dict) else {}).keys() - keys:
            self._fault(where, _("没有“{key}”这一项（文字里有逗号的，加引号）", key=key))

    def _definition(self, row: Mapping[str, Any], slot: str, where: str, levels: set[str]) -> Definition | None:
        self._known(row, _MEASURE_KEYS, where)
        for part, keys in _PART_KEYS.items():
            self._known(row.get(part), keys, f"{where} {part}")
        own = {str(level) for level in row.get("levels") or ()}
        if not own:
            self._fault(where, _("没有写 levels"))
        if unknown := own - levels:
            self._fault(where, _("levels 里的 {names} 不是本包的级别", names=listed(sorted(unknown))))
        kind = str(row["kind"])
        if kind not in rules.KINDS:
            self._fault(where, _("kind “{kind}”没有登记，只能是 {names}", kind=kind, names=listed(rules.KINDS)))
        value = row.get("value")
        for problem in rules.problems(kind, value):
            self._fault(where, problem)
        valid, scope = row.get("valid") or {}, dict(row.get("scope") or {})
        since, until = (self._instant(valid.get(end), f"{where} valid.{end}") for end in ("from", "to"))
        if since and until and until <= since:
            self._fault(where, _("valid.to 要晚于 valid.from"))
        if not isinstance(value, dict):
            return None
        if kind == "checklist" and isinstance(value.get("file"), str):
            value = value | self._checklist(value["file"])
        if kind == "undertaking" and isinstance(value.get("files"), dict):
            value = value | {"texts": {regime: self._text(str(name)) for regime, name in value["files"].items()}}
        return Definition(
            slot, str(row["id"]), kind, _(str(row.get("name", row["id"]))), _(str(row.get("says", ""))), frozenset(own),
            self._origin(row.get("origin"), where), since, until, tuple(str(c) for c in scope.get("regions") or ()),
            {part: [str(one) for one in scope.get(part) or ()] for part in ("sizes", "industries", "areas")},
            value, self._limits(row.get("override"), where), tuple(str(path) for path in row.get("adjust") or ()),
        )  # fmt: skip

    def _instant(self, raw: Any, where: str) -> datetime | None:
        if raw is None:
            return None
        try:
            return rules.instant(raw)
        except ValueError:
            self._fault(where, _("要写成带时区的时刻"))
            return None

    def _origin(self, raw: Any, where: str) -> Origin:
        raw = raw if isinstance(raw, dict) else {}
        level = str(raw.get("level", ""))
        if level not in rules.RANKS:
            self._fault(where, _("origin.level 只能是 {names}", names=listed(rules.RANKS)))
            level = rules.RANKS[-1]
        return Origin(level, str(raw.get("issuer") or ""), str(raw.get("document") or ""), str(raw.get("article") or ""))

    def _limits(self, raw: Any, where: str) -> Limits:
        if not isinstance(raw, dict):
            self._fault(where, _("没有写 override（下级能改到哪里）"))
            return Limits()
        limits = Limits.of(raw)
        if unknown := set(limits.by) - set(rules.RANKS):
            self._fault(where, _("override.by 里的 {names} 不是级别", names=listed(sorted(unknown))))
        for side in (limits.stricter, limits.looser):
            if side not in rules.POLICIES:
                self._fault(where, _("override 只能写 {names}", names=listed(rules.POLICIES)))
        if limits.stricter == "free":
            self._fault(where, _("override.stricter 不能是 free：加严要报上级"))
        return limits

    def _checklist(self, name: str) -> dict[str, Any]:
        found = self._file(name)
        departments, items = found.get("departments") or {}, []
        for number, row in enumerate(found.get("items") or (), 1):
            where = _("{name} 第{number}项", name=name, number=number)
            if not isinstance(row, dict) or not row.get("code") or not row.get("ask"):
                self._fault(where, _("要有 code 和 ask"))
                continue
            self._known(row, _ITEM_KEYS, where)
            if row.get("owner") not in departments:
                self._fault(where, _("归口部门“{what}”没有写在 departments 里", what=row.get("owner")))
            if row.get("triad") not in TRIADS:
                self._fault(where, _("triad 只能是 {names}", names=listed(TRIADS)))
            items.append(dict(row))
        if len({row["code"] for row in items}) != len(items):
            self._fault(name, _("有重复的 code"))
        return {"items": items, "departments": dict(departments)}

    def _text(self, name: str) -> str:
        path = (self.home / name).resolve()
        if not path.is_relative_to(self.home.resolve()) or not path.is_file():
            self._fault(name, _("没有这个文件"))
            return ""
        return path.read_text("utf-8")
