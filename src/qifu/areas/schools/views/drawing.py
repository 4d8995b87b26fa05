"""Draws a school in parts: its state, its clock, what happened, when it is tested next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import reading
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.ui.parts import Clock, Event, Fact, State, Stop, Why

from .. import law, rules
from ..models import School
from ..terms import ABSENCE, STATES, TONES, Kind
from ..workflow import REOPENING

ABSENCE_WORDS = {"list": _("列入暂不返校名单一人"), "tell": _("已告知一人的家长"), "return": _("一人返校")}
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
    rule, _origin = law.rule_at(school.region, at)
    return [
        _("{day:%-m月%-d日}（{day_words}）", day=day, day_words=rules.DAY_WORDS[rules.DAYS[day.weekday()]])
        for day in rules.next_test_days(local(at).date(), rule.test_days)
    ]


def facts_of(school: School, *, at: datetime, away: int, untold: int) -> list[Fact]:
    """Give what is known of a school."""
    found = [
        Fact(_("类别"), Kind(school.kind).label),
        Fact(_("镇街"), jurisdiction.name(school.region)),
        Fact(_("学生"), _("{pupils}人", pupils=school.pupils)),
        Fact(_("教职工"), _("{staff}人", staff=school.staff)),
        Fact(_("暂不返校"), _("{away}人", away=away), note=_("{untold}人的家长还没告知", untold=untold) if untold else ""),
        Fact(_("批复"), _("两级：教育局研判，区防控办批复") if school.two_levels else _("教育局同意")),
    ]
    if school.planned_at:
        found.append(Fact(_("计划开学"), _("{local:%-m月%-d日 %H:%M}", local=local(school.planned_at))))
    if days := test_days_of(school, at=at):
        found.append(Fact(_("接下来检测日"), listed(days)))
    return found


def whys_of(school: School, *, at: datetime) -> list[Why]:
    """Give the rules that this school meets now, each with its origin."""
    rule, origin = law.rule_at(school.region, at)
    found = []
    area = law.closed_area(school.region, school.site_id, at)
    words = (
        _("在{title}内（{document}），不能复课", title=area.measure.title, document=area.document) if area else _("不在不能复课的区域内")
    )
    found.append(Why(words, "stop" if area else "ok"))
    if origin is None:
        return found
    badge, paper = origin.badge, origin.says()
    if rule.reopening_from is not None:
        early = at < rule.reopening_from
        found.append(Why(_("开学不早于{local:%Y年%-m月%-d日}", local=local(rule.reopening_from)), "ask" if early else "ok", badge, paper))
    left = rules.missing(rule.checks, school.checks)
    found.append(Why(_("自查还差：{names}", names=listed(left[:4])) if left else _("自查都已确认"), "ask" if left else "ok", badge, paper))
    if rule.test_days:
        found.append(Why(_("开学以后{in_words}检测", in_words=rules.in_words(rule.test_days)), "ok", badge, paper))
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
