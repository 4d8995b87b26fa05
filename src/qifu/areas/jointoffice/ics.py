"""A sitting as a calendar file (RFC 5545), for the telephone of whoever comes and of the enterprise."""

from datetime import UTC, datetime

from django.http import HttpResponse

from qifu.kernel.access import NotFound
from qifu.kernel.language import said

from .models import Session


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Fold at 75 octets, never inside a character."""
    lines, held, most = [], b"", 75
    for char in line:
        if len(held) + len(char.encode()) > most:
            lines.append(held.decode())
            held, most = b"", 74
        held += char.encode()
    return "\r\n ".join([*lines, held.decode()])


def invitation(one: Session, *, at: datetime) -> HttpResponse:
    """Give the file; refuses NotFound where no time is agreed. One that was called off says so, so that calendars drop it."""
    if one.starts_at is None or one.ends_at is None:
        raise NotFound()
    title = str(said("到{firm}会办", firm=one.enterprise.name))
    leads = str(said("{number}，班长{name}", number=one.number, name=one.monitor_name))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qifu//Joint office//ZH", "METHOD:PUBLISH", "BEGIN:VEVENT", f"UID:{one.id}@qifu",
        f"DTSTAMP:{_stamp(at)}", f"LAST-MODIFIED:{_stamp(one.state_at)}", f"DTSTART:{_stamp(one.starts_at)}",
        f"DTEND:{_stamp(one.ends_at)}",
        f"SUMMARY:{_text(title)}", f"LOCATION:{_text(one.spot)}", f"DESCRIPTION:{_text(leads)}",
        f"STATUS:{'CANCELLED' if one.state == 'called_off' else 'CONFIRMED'}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-PT1H", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    file = HttpResponse("\r\n".join(_folded(line) for line in lines) + "\r\n", content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{one.number}.ics"'
    return file
