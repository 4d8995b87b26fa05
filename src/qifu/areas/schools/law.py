"""Reads the rule of reopening (schools.yaml of a pack) and says which version holds at a place, and what closes it.

The days of testing and the earliest instant are data: a district's next notice is another row in the file."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from qifu.areas.response import api as response
from qifu.areas.response import rules as response_rules
from qifu.areas.response.models import ControlArea
from qifu.areas.response.packs import Origin, PackError, folder
from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said as _

from .rules import Check, Rule, closes, faults

FILE = "schools.yaml"
ORDINARY = Rule(closed_by={"gather": ("refuse",)})
"""Where no pack says anything: a school is closed where people may not gather, and nothing else is asked."""

_held: dict[Path, tuple[int, tuple[tuple[Rule, Origin], ...]]] = {}


def versions(pack: str) -> tuple[tuple[Rule, Origin], ...]:
    """Give every version that a pack holds, with its origin; () where it says nothing. Refuses PackError."""
    path = folder() / pack / FILE
    if not path.is_file():
        return ()
    mark = path.stat().st_mtime_ns
    if path not in _held or _held[path][0] != mark:
        _held[path] = (mark, _read(pack, path))
    return _held[path][1]


def _read(pack: str, path: Path) -> tuple[tuple[Rule, Origin], ...]:
    try:
        rows = (yaml.safe_load(path.read_text("utf-8")) or {}).get("rules")
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError):
        raise PackError(pack, [_("{file}：写法不对", file=FILE)]) from None
    if not isinstance(rows, list):
        raise PackError(pack, [_("{file}：没有写 rules", file=FILE)])
    wrong = [_("{file} 第{n}条：{what}", file=FILE, n=n, what=what) for n, row in enumerate(rows, 1) for what in faults(row)]
    if wrong:
        raise PackError(pack, wrong)
    try:
        return tuple((_rule(row), _origin(row.get("origin") or {})) for row in rows)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise PackError(pack, [_("{file}：时刻要带时区，origin.level 要是已知的级别（{problem}）", file=FILE, problem=problem)]) from None


def _rule(row: dict[str, Any]) -> Rule:
    valid, scope = row.get("valid") or {}, row.get("scope") or {}
    return Rule(
        id=str(row["id"]),
        title=_(str(row.get("name", row["id"]))),
        says=_(str(row.get("says", ""))),
        test_days=tuple(map(str, row.get("test_days") or ())),
        reopening_from=_instant(row.get("reopening_from")),
        closed_by={str(activity): tuple(map(str, found)) for activity, found in (row.get("closed_by") or {}).items()},
        checks=tuple(Check(str(one["code"]), _(str(one["name"]))) for one in row.get("checks") or ()),
        since=_instant(valid.get("from")),
        until=_instant(valid.get("to")),
        regions=tuple(map(str, scope.get("regions") or ())),
    )


def _instant(raw: Any) -> datetime | None:
    return None if raw is None else response_rules.instant(raw)


def _origin(raw: dict[str, Any]) -> Origin:
    level = str(raw["level"])
    response_rules.rank(level)
    return Origin(level, str(raw.get("issuer") or ""), str(raw.get("document") or ""), str(raw.get("article") or ""))


def rule_at(region: int, at: datetime) -> tuple[Rule, Origin | None]:
    """Give the version in force at a place: of the incidents it stands under, the nearest place, then the latest."""
    day = local(at).date()
    line = [code for place in jurisdiction.lineage(region, day) if (code := jurisdiction.place(place, day).code)]
    for incident in response.incidents_at(region, at):
        found = []
        for number, (rule, origin) in enumerate(versions(incident.pack)):
            near = [line.index(code) for code in rule.regions if code in line]
            if rule.holds(at) and (near or not rule.regions):
                found.append((min(near, default=len(line)), -number, rule, origin))
        if found:
            return min(found, key=lambda one: one[:2])[2:]
    return ORDINARY, None


def closed_area(region: int, site: UUID | None, at: datetime) -> ControlArea | None:
    """Give an area in force that closes a school standing here (the gravest first), or None."""
    rule, _ = rule_at(region, at)
    line = set(jurisdiction.lineage(region, local(at).date()))
    for area in response.law(region, at).areas:
        inside = line & set(area.places) or (site is not None and site in area.sites)
        if inside and closes(rule, area.measure.params["effects"]):
            return area
    return None
