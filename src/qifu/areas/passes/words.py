"""What a page says of a pass at an instant: its state, how long it still holds, from when until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.ui.words import month, say_span, weekday

from .models import Pass
from .terms import ENDED


@dataclass(frozen=True)
class Standing:
    """How a pass stands: code (valid, not_yet, expired, revoked), its word, the quiet note beside, the tone."""

    code: str
    word: str
    note: str
    tone: str


def standing(row: Pass, *, at: datetime) -> Standing:
    """Say how a pass stands. The end is exclusive: at that very second it holds no more."""
    if row.revoked:
        return Standing("revoked", _("已停用"), say(row.ended_at or at), "stop")
    if at >= row.ends_at:
        return Standing("expired", _("已到期"), say(row.ends_at), "idle")
    if at < row.begins_at:
        return Standing("not_yet", _("还没生效"), _("%(t)s 起") % {"t": say(row.begins_at)}, "ask")
    return Standing("valid", _("有效"), left(row.ends_at - at), "ok")


def left(span: timedelta) -> str:
    """Say how long it still holds: 还有 14 天; on the last day 还剩3小时20分."""
    days = -(-span // timedelta(days=1))
    if span >= timedelta(days=1):
        return ngettext("还有 %(n)s 天", "还有 %(n)s 天", days) % {"n": days}
    return _("还剩 %(t)s") % {"t": say_span(span)}


def say(value: datetime, *, year: bool = False) -> str:
    """Say an instant with its weekday; midnight is 24:00 of the day before."""
    here = local(value)
    midnight = (here.hour, here.minute) == (0, 0)
    day = here - timedelta(days=1) if midnight else here
    clock = "24:00" if midnight else f"{here.hour}:{here.minute:02}"
    parts = {"y": day.year, "m": month(day.month), "d": day.day, "w": weekday(day), "t": clock}
    return (_("%(y)s年%(m)s%(d)s日 %(t)s") if year else _("%(m)s%(d)s日 %(w)s %(t)s")) % parts


def why(row: Pass) -> str:
    """Say why a pass was stopped."""
    return str(ENDED.get(row.why_ended, ""))


def district_of(row: Pass) -> int:
    """Give the place of a pass's district."""
    found = next((place for place in jurisdiction.lineage(row.region) if jurisdiction.place(place).kind == "district"), row.region)
    return found
