"""The words that every page uses for a time, a time left, a masked number and a count.

Pure functions: `at` is the moment of speaking. All datetimes are aware; they are said in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from qifu.kernel.calendar.clock import ZONE as HERE
from qifu.kernel.language import Said, said

SOON = timedelta(hours=4)
MINUTES_PER_DAY = 24 * 60
WEEKDAYS = (
    gettext_noop("周一"),
    gettext_noop("周二"),
    gettext_noop("周三"),
    gettext_noop("周四"),
    gettext_noop("周五"),
    gettext_noop("周六"),
    gettext_noop("周日"),
)
MONTHS = (
    gettext_noop("1月"),
    gettext_noop("2月"),
    gettext_noop("3月"),
    gettext_noop("4月"),
    gettext_noop("5月"),
    gettext_noop("6月"),
    gettext_noop("7月"),
    gettext_noop("8月"),
    gettext_noop("9月"),
    gettext_noop("10月"),
    gettext_noop("11月"),
    gettext_noop("12月"),
)


@dataclass(frozen=True)
class ClockWords:
    """A clock said in words: the tone (`late`, `soon`, `paused`, `done` or empty), the short word, the full sentence."""

    tone: str
    word: str
    title: str
    icon: str


def weekday(value: date) -> str:
    """Say the weekday in two characters."""
    return _(WEEKDAYS[value.weekday()])


def month(number: int) -> str:
    """Say the month's name for languages that need one."""
    return _(MONTHS[number - 1])


def day_of(value: date | datetime) -> Said:
    """Say a day inside a sentence that is kept in Chinese and drawn in the reader's language: 2月16日."""
    local = value.astimezone(HERE) if isinstance(value, datetime) else value
    return said("{month}{day}日", month=said(MONTHS[local.month - 1]), day=local.day)


def date_of(value: date | datetime) -> Said:
    """Say a day with its year, for what is read years later: 2020年2月16日."""
    local = value.astimezone(HERE) if isinstance(value, datetime) else value
    return said("{year}年{month}{day}日", year=local.year, month=said(MONTHS[local.month - 1]), day=local.day)


def moment_of(value: datetime) -> Said:
    """Say a moment inside such a sentence: 2月16日 15:40."""
    return said("{day} {time}", day=day_of(value), time=f"{value.astimezone(HERE):%H:%M}")


def say_day(value: datetime, *, at: datetime, with_weekday: bool = True) -> str:
    """Say a day: the year only where it is another one, the weekday only where asked."""
    return _day(value.astimezone(HERE).date(), at.astimezone(HERE).year, with_weekday, get_language())


@lru_cache(4096)
def _day(day: date, year: int, with_weekday: bool, _language: str | None) -> str:
    """A list says few days many times; they are remembered for each language (no crisis has words for them)."""
    parts = {"y": day.year, "m": month(day.month), "d": day.day, "w": weekday(day)}
    if day.year != year:
        return _("%(y)s年%(m)s%(d)s日") % parts
    return (_("%(m)s%(d)s日 %(w)s") if with_weekday else _("%(m)s%(d)s日")) % parts


def say_moment(value: datetime, *, at: datetime, style: str = "short") -> str:
    """Say a moment. `short`: 15:40 today, else 2月16日 15:40. `full`: 2月17日 周一 15:40. `time`, `day`: only that."""
    local, now = value.astimezone(HERE), at.astimezone(HERE)
    clock = f"{local:%H:%M}"
    if style == "time" or (style == "short" and local.date() == now.date()):
        return clock
    if style == "day":
        return say_day(local, at=now)
    return f"{say_day(local, at=now, with_weekday=style == 'full')} {clock}"


def say_span(span: timedelta) -> str:
    """Say how long: 2天, 15小时40分, 12分. Rounded down to the minute; beyond two days only days."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes >= 2 * MINUTES_PER_DAY:
        return _("%(n)s天") % {"n": minutes // MINUTES_PER_DAY}
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s分") % {"n": rest} if rest else _("不到1分")
    if not rest:
        return _("%(n)s小时") % {"n": hours}
    return _("%(h)s小时%(m)s分") % {"h": hours, "m": rest}


def say_deadline(due: datetime, *, at: datetime) -> str:
    """Say a deadline, which is exclusive: midnight is 24:00 of the day before. 今天18:00前, 明天 周二 12:00前."""
    local, now = due.astimezone(HERE), at.astimezone(HERE)
    midnight = (local.hour, local.minute) == (0, 0)
    day = local - timedelta(minutes=1) if midnight else local
    clock = "24:00" if midnight else f"{local:%H:%M}"
    distance = (day.date() - now.date()).days
    if distance == 0:
        return _("今天%(t)s前") % {"t": clock}
    if distance == 1:
        return _("明天 %(w)s %(t)s前") % {"w": weekday(day), "t": clock}
    return _("%(day)s %(t)s前") % {"day": say_day(day, at=at), "t": clock}


def say_left(
    due: datetime | None, *, at: datetime, waits_for: str = "", done_at: datetime | None = None, soon: timedelta = SOON
) -> ClockWords:
    """Say the time left of one clock.

    `waits_for` names whom a paused clock waits for; `done_at` is when the thing was done, which stops the clock.
    Late is red from the exclusive deadline on; amber begins `soon` before it; further than today only the day is said.
    """
    if done_at is not None:
        late = due is not None and done_at >= due
        word = _("已办，晚了 %(t)s") % {"t": say_span(done_at - due)} if late and due else _("已按时办")
        return ClockWords("done", word, say_moment(done_at, at=at, style="full"), "check")
    if waits_for:
        return ClockWords("paused", _("暂停 · 等%(who)s") % {"who": waits_for}, _("补齐后继续计时"), "pause")
    if due is None:
        return ClockWords("", _("不限时"), "", "clock")
    title = say_deadline(due, at=at)
    if timedelta(0) <= at - due < timedelta(minutes=1):
        return ClockWords("late", _("刚到时限"), title, "alert")
    if due <= at:
        return ClockWords("late", _("逾期 %(t)s") % {"t": say_span(at - due)}, title, "alert")
    left = due - at
    if left <= soon:
        return ClockWords("soon", _("还剩 %(t)s") % {"t": say_span(left)}, title, "clock")
    if (due - timedelta(microseconds=1)).astimezone(HERE).date() == at.astimezone(HERE).date():
        return ClockWords("", _("还剩 %(t)s") % {"t": say_span(left)}, title, "clock")
    last = (due - timedelta(minutes=1)).astimezone(HERE)
    if (last.date() - at.astimezone(HERE).date()).days == 1:
        midnight = due.astimezone(HERE).date() != last.date()
        return ClockWords("", _("明天 %(t)s") % {"t": "24:00" if midnight else f"{due.astimezone(HERE):%H:%M}"}, title, "clock")
    return ClockWords("", say_day(last, at=at), title, "clock")


def mask(value: str, *, kind: str = "") -> str:
    """Mask a phone number, ID number, credit code, card or name; an unknown kind keeps four at each end at most."""
    text = str(value or "").strip()
    if not text:
        return ""
    if kind == "name":
        return text[0] + "*" * (len(text) - 1)
    if kind == "phone" or (not kind and len(text) == 11 and text.isdigit()):
        return f"{text[:3]}****{text[-4:]}"
    if kind == "id":
        return f"{text[:6]}********{text[-2:]}"
    if len(text) <= 4:
        return "*" * len(text)
    keep = min(4, len(text) // 3)
    return f"{text[:keep]}****{text[-keep:]}"


def say_number(value: int | float | None, *, cap: int | None = None, digits: int = 0) -> str:
    """Say a number with thousands separated; above `cap` as 999+; nothing known is a dash, never 0."""
    if value is None:
        return "—"
    if cap is not None and value > cap:
        return f"{cap}+"
    return f"{value:,.{digits}f}"


def say_yuan(fen: int | None) -> str:
    """Say an amount of integer fen in yuan: 3,286.40; whole yuan lose the decimals."""
    if fen is None:
        return "—"
    sign, rest = ("-" if fen < 0 else ""), abs(fen)
    yuan, cents = divmod(rest, 100)
    return f"{sign}{yuan:,}" + (f".{cents:02d}" if cents else "")
