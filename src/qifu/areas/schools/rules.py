"""The rule of a school's reopening as data says it. Pure: no tables, no clock.

A rule names the days of testing, the instant before which no school opens, what a closed area is, and the self-check."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from qifu.kernel.language import listed
from qifu.kernel.language import said as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = dict(zip(DAYS, (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")), strict=True))


@dataclass(frozen=True)
class Check:
    """One item of the self-check."""

    code: str
    name: str


@dataclass(frozen=True)
class Rule:
    """One version of the rule. `closed_by` maps an activity of an area to the effects that close a school."""

    id: str = ""
    title: str = ""
    says: str = ""
    test_days: tuple[str, ...] = ()
    reopening_from: datetime | None = None
    closed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    regions: tuple[str, ...] = ()

    def holds(self, at: datetime) -> bool:
        """Say whether this version is in force (`until` exclusive)."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def is_test_day(on: date, days: Collection[str]) -> bool:
    """Say whether a day is one of the days of testing."""
    return DAYS[on.weekday()] in days


def next_test_days(on: date, days: Collection[str], *, count: int = 3) -> list[date]:
    """Give the next days of testing, today among them; none where the rule has no days."""
    if not set(days) & set(DAYS):
        return []
    found: list[date] = []
    day = on
    while len(found) < count:
        if is_test_day(day, days):
            found.append(day)
        day += timedelta(days=1)
    return found


def missing(checks: Sequence[Check], answers: Mapping[str, Any]) -> list[str]:
    """Give the names of the self-check's items that are not confirmed."""
    return [check.name for check in checks if answers.get(check.code) is not True]


def closes(rule: Rule, effects: Mapping[str, str]) -> bool:
    """Say whether an area with these effects closes the schools in it."""
    return any(effects.get(activity, "allow") in found for activity, found in rule.closed_by.items())


def in_words(days: Collection[str]) -> str:
    """Say the days of testing: 周一、周三、周五."""
    return listed(DAY_WORDS[day] for day in DAYS if day in days)


def faults(row: Any) -> Iterator[str]:
    """Say what is wrong with one version as written, in Chinese."""
    if not isinstance(row, Mapping):
        yield _("要是一组“名称：内容”")
        return
    if not row.get("id"):
        yield _("要有 id")
    days = row.get("test_days", [])
    if not isinstance(days, list) or set(map(str, days)) - set(DAYS):
        yield _("test_days 只能是 {names} 里的几个", names=listed(DAYS))
    checks = row.get("checks", [])
    if not isinstance(checks, list) or not all(isinstance(c, Mapping) and c.get("code") and c.get("name") for c in checks):
        yield _("checks 每项要有 code 和 name")
    elif len({c["code"] for c in checks}) != len(checks):
        yield _("checks 里有重复的 code")
    closed = row.get("closed_by", {})
    if not isinstance(closed, Mapping) or not all(isinstance(found, list) for found in closed.values()):
        yield _("closed_by 每项要是一列影响")
