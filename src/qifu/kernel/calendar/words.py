"""Times in words for people: how much is left, and when."""

from datetime import date, datetime, timedelta

from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said as _

WEEKDAYS = "一二三四五六日"


def left(due: datetime, now: datetime) -> str:
    """Say how much time is left until `due`, or how much is overdue: 还剩3小时20分, 逾期15小时40分, 还剩2天5小时.

    Whole minutes, rounded down while it runs, so that nobody is promised a minute too many."""
    minutes = (due - now) // timedelta(minutes=1)
    if due > now:
        return _("还剩不到1分钟") if minutes == 0 else _("还剩{span}", span=_span(minutes))
    late = (now - due) // timedelta(minutes=1)
    return _("刚到时限") if late == 0 else _("逾期{span}", span=_span(late))


def _span(minutes: int) -> str:
    days, rest = divmod(minutes, 24 * 60)
    hours, mins = divmod(rest, 60)
    if days:
        return _("{days}天{hours}小时", days=days, hours=hours) if hours else _("{days}天", days=days)
    if hours:
        return _("{hours}小时{mins}分", hours=hours, mins=mins) if mins else _("{hours}小时", hours=hours)
    return _("{mins}分钟", mins=mins)


def moment(at: datetime, today: date) -> str:
    """Say an instant as people do: 今天18:00, 明天09:00, 2月17日 周一 18:00, 2021年2月17日 周三 18:00."""
    at = local(at)
    return _on(at.date(), f"{at:%H:%M}", today)


def deadline(due: datetime, today: date) -> str:
    """Say the instant of a deadline; midnight is the end of the day before, since deadlines are exclusive:
    今天24:00, 2月24日 周一 24:00."""
    due = local(due)
    if (due.hour, due.minute, due.second, due.microsecond) == (0, 0, 0, 0):
        return _on(due.date() - timedelta(days=1), "24:00", today)
    return moment(due, today)


def _on(day: date, clock_time: str, today: date) -> str:
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}.get((day - today).days)
    return f"{near}{clock_time}" if near else f"{day_words(day, today)} {clock_time}"


def day_words(day: date, today: date) -> str:
    """Say a day with its weekday, and its year where that is not this one: 2月17日 周一."""
    year = "" if day.year == today.year else _("{year}年", year=day.year)
    return _("{year}{month}月{day}日 {weekday}", year=year, month=day.month, day=day.day, weekday=_("周" + WEEKDAYS[day.weekday()]))
