"""How measures of a plan are said: whose, by when, how they stand; and the notice on the enterprise's home."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qifu.kernel.access.models import everything
from qifu.kernel.calendar.clock import local
from qifu.ui.parts import Link, Notice, State

from ..firm_plans import PLAN_LINES, UNDONE, owner_words
from ..models import PlanLine

TONES = {"open": ("info", "half"), "extended": ("ask", "clock"), "done": ("ok", "check"), "dropped": ("idle", "ring")}


def drawn_owner(line: PlanLine) -> str:
    """Name the owner in the reader's language."""
    return line.owner_name or _(owner_words(line))


def day_words(line: PlanLine, *, at: datetime) -> str:
    """Say the day of a measure."""
    today = local(at).date()
    if line.state in UNDONE and line.due_on == today:
        return _("今天")
    return _("%(m)d月%(d)d日") % {"m": line.due_on.month, "d": line.due_on.day}


def state_of(line: PlanLine, *, at: datetime) -> State:
    """Draw the state of a measure; past its day it says so."""
    if line.state in UNDONE and line.due_on < local(at).date():
        return State(_("过期%(n)d天") % {"n": (local(at).date() - line.due_on).days}, "stop", "alert")
    return State(str(PLAN_LINES.states[line.state]), *TONES[line.state])


def own_notices(enterprise: UUID, *, at: datetime) -> list[Notice]:
    """Give the notice for the enterprise's home: how many measures are its own to do."""
    mine = everything(PlanLine).filter(plan__enterprise=enterprise, owner="firm", state__in=UNDONE).order_by("due_on").first()
    if mine is None:
        return []
    link = Link(_("去看"), f"{reverse('resumption:own_plan')}?firm={enterprise}")
    return [Notice(_("方案里有一条由您办，%(day)s前：%(what)s") % {"day": day_words(mine, at=at), "what": mine.what}, "ask", "", link)]
