"""Draws a school in parts: its state, its clock, what happened, when it is tested next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import reading
from qifu.ui.parts import Clock, Event, Fact, State, Stop, Why

from .. import law, rules
from ..models import School
from ..terms import ABSENCE, STATES, TONES, Kind
from ..workflow import REOPENING

ABSENCE_WORDS = {"list": "列入暂不返校名单一人", "tell": "已告知一人的家长", "return": "一人返校"}
ONE_LEVEL = ("self_checked", "reported", "consented", "open")
TWO_LEVELS = ("quarantined", "released", "reported", "studied", "district_replied", "open")


def state_of(school: School) -> State:
    """Give the state in a word."""
    return State(STATES[school.state], TONES.get(school.state, "info"))


def clock_of(school: School) -> Clock | None:
    """Give the deadline of who must answer, while it runs."""
    return Clock(school.due_at) if school.due_at else None


def test_days_of(school: School, *, at: datetime) -> list[str]:
    """Give the next days of testing in words."""
    rule, _ = law.rule_at(school.region, at)
    return [
        f"{day:%-m月%-d日}（周{rules.DAY_WORDS[rules.DAYS[day.weekday()]]}）"
        for day in rules.next_test_days(local(at).date(), rule.test_days)
    ]


def facts_of(school: School, *, at: datetime, away: int, untold: int) -> list[Fact]:
    """Give what is known of a school."""
    found = [
        Fact("类别", Kind(school.kind).label),
        Fact("镇街", jurisdiction.name(school.region)),
        Fact("学生", f"{school.pupils}人"),
        Fact("教职工", f"{school.staff}人"),
        Fact("暂不返校", f"{away}人", note=f"{untold}人的家长还没告知" if untold else ""),
        Fact("批复", "两级：教育局研判，区防控办批复" if school.two_levels else "教育局同意"),
    ]
    if school.planned_at:
        found.append(Fact("计划开学", f"{local(school.planned_at):%-m月%-d日 %H:%M}"))
    if days := test_days_of(school, at=at):
        found.append(Fact("接下来检测日", "、".join(days)))
    return found


def whys_of(school: School, *, at: datetime) -> list[Why]:
    """Give the rules that this school meets now, each with its origin."""
    rule, origin = law.rule_at(school.region, at)
    found = []
    area = law.closed_area(school.region, school.site_id, at)
    words = f"在{area.measure.title}内（{area.document}），不能复课" if area else "不在不能复课的区域内"
    found.append(Why(words, "stop" if area else "ok"))
    if origin is None:
        return found
    badge, paper = origin.badge, origin.says()
    if rule.reopening_from is not None:
        early = at < rule.reopening_from
        found.append(Why(f"开学不早于{local(rule.reopening_from):%Y年%-m月%-d日}", "ask" if early else "ok", badge, paper))
    left = rules.missing(rule.checks, school.checks)
    found.append(Why(f"自查还差：{'、'.join(left[:4])}" if left else "自查都已确认", "ask" if left else "ok", badge, paper))
    if rule.test_days:
        found.append(Why(f"开学以后{rules.in_words(rule.test_days)}检测", "ok", badge, paper))
    return found


def stops_of(school: School) -> list[Stop]:
    """Give the way of this school: one level, or two where it was quarantined."""
    way = TWO_LEVELS if school.two_levels else ONE_LEVEL
    here = way.index(school.state) if school.state in way else -1
    return [Stop(STATES[state], stands="done" if n < here else "now" if n == here else "next") for n, state in enumerate(way)]


def events_of(school: School, entries: Sequence[Any] | None = None) -> list[Event]:
    """Draw what happened, newest first; people of the list are not named."""
    found = []
    for entry in reversed(list(reading.timeline(school) if entries is None else entries)):
        if entry.process == ABSENCE:
            words = ABSENCE_WORDS.get(entry.verb, "")
        elif entry.verb == REOPENING.opening.verb:
            words = REOPENING.opening.label
        else:
            words = REOPENING.moves[entry.verb].label if entry.verb in REOPENING.moves else ""
        if words:
            found.append(Event(entry.at, f"{entry.actor_name} {words}"))
    if found:
        found[0] = Event(found[0].at, found[0].what, tone="now")
    return found
