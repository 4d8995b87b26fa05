"""Duties as a calendar file (RFC 5545), which telephones and mail programs subscribe to."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from .models import Turn


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> list[str]:
    """Fold at 75 octets, never inside a character."""
    lines, held = [], b""
    for char in line:
        raw = char.encode()
        if len(held) + len(raw) > (75 if not lines else 74):
            lines.append(held.decode())
            held = b""
        held += raw
    return [lines[0], *(f" {one}" for one in lines[1:]), f" {held.decode()}"] if lines else [held.decode()]


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def calendar(name: str, turns: Sequence[Turn], *, at: datetime) -> str:
    """Give the calendar of a person: one event for each duty, with an alarm an hour before."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qifu//Duty//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}", "X-WR-TIMEZONE:Asia/Shanghai", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]  # fmt: skip
    for one in turns:
        note = _("；在问别人换班") if one.state == "asked" else ""
        lines += [
            "BEGIN:VEVENT", f"UID:{one.id}@qifu", f"DTSTAMP:{_stamp(at)}", f"LAST-MODIFIED:{_stamp(one.state_at)}",
            f"DTSTART:{_stamp(one.starts_at)}", f"DTEND:{_stamp(one.ends_at)}", f"SUMMARY:{_text(f'{one.shift_name} {one.post}')}",
            f"DESCRIPTION:{_text(one.roster.title + note)}", "STATUS:CONFIRMED",
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(one.shift_name)}", "TRIGGER:-PT1H", "END:VALARM", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"
