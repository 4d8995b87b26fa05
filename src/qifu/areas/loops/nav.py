"""The door of outside loops in the frame, and what waits for a person."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Order, Renewal
from .terms import FAILED, OWED

nav.offer(Door("loops:desk", _("外部工单"), "loop.see", icon="sync", order=33))

todo.offer(
    Todo(
        "loops.failed", _("没送回对方平台的答复"), "loops:desk", "loop.reply", query="?state=failed", order=6,
        rows=lambda actor, at: Order.objects.visible_to(actor).filter(state=FAILED),
    ),
    Todo(
        "loops.file", _("要下载回给对方平台的答复"), "loops:desk", "loop.reply", query="?state=owed", order=7,
        rows=lambda actor, at: Order.objects.visible_to(actor).filter(state=OWED, platform__how="file"),
    ),
    Todo(
        "loops.key", _("等您确认的平台密钥"), "loops:desk", "loop.keep", order=8,
        rows=lambda actor, at: Renewal.objects.visible_to(actor).filter(decided_at__isnull=True).exclude(proposed_by=actor.id),
    ),
)  # fmt: skip
