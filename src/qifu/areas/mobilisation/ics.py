"""Duties as a calendar file (RFC 5545), which telephones and mail programs subscribe to."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from qifu.kernel.calendar import ics

from .models import Turn


def calendar(name: str, turns: Sequence[Turn], *, at: datetime) -> str:
    """Give the calendar of a person: one event for each duty, with an alarm an hour before."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qifu//Duty//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{ics.text(name)}", "X-WR-TIMEZONE:Asia/Shanghai", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]  # fmt: skip
    for one in turns:
        note = _("；在问别人换班") if one.state == "asked" else ""
        lines += [
            "BEGIN:VEVENT", f"UID:{one.id}@qifu", f"DTSTAMP:{ics.stamp(at)}", f"LAST-MODIFIED:{ics.stamp(one.state_at)}",
            f"DTSTART:{ics.stamp(one.starts_at)}", f"DTEND:{ics.stamp(one.ends_at)}", f"SUMMARY:{ics.text(f'{one.shift_name} {one.post}')}",
            f"DESCRIPTION:{ics.text(one.roster.title + note)}", "STATUS:CONFIRMED",
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{ics.text(one.shift_name)}", "TRIGGER:-PT1H", "END:VALARM", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return ics.file(lines)
