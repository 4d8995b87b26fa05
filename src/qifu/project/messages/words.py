"""How the pages say what became of a message."""

from django.utils.translation import gettext as _

from qifu.kernel.notify.kinds import kinds
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.notify.terms import CHANNELS, STATES
from qifu.ui.parts import State

TONES = {
    "queued": "idle", "waiting": "ask", "sending": "info", "handed": "info", "delivered": "ok", "unknown": "ask", "failed": "stop",
    "given_up": "stop", "gathered": "idle", "digested": "ok",
}  # fmt: skip


def state_of(row: Outgoing) -> State:
    """Draw a message's state."""
    return state(row.state)


def state(code: str) -> State:
    """Draw a state."""
    return State(_(str(dict(STATES)[code])), TONES[code])


def channel(code: str) -> str:
    """Say a channel; '' where none was chosen yet."""
    return _(str(dict(CHANNELS)[code])) if code else ""


def label(kind: str) -> str:
    """Say a kind; what goes the direct way at the door has none."""
    known = kinds.get(kind)
    return _(str(known.label)) if known else _("验证码和安全提醒")
