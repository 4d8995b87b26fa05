"""The doors of mobilisation in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Notice, Receipt, Turn
from .terms import DUTY, ORGANISE, PUBLISH

nav.offer(
    Door("mobilisation:inbox", _("通知"), order=70),
    Door("mobilisation:duty", _("值班"), DUTY, order=72),
    Door("mobilisation:calls", _("志愿者"), ORGANISE, order=74),
    Door("mobilisation:loans", _("抽调"), DUTY, order=76),
    Door("mobilisation:inbox", _("通知"), face="phone", icon="bell", order=60),
)

todo.offer(
    Todo(
        "mobilisation.read", _("要您确认看过的通知"), "mobilisation:inbox", "", order=7,
        rows=lambda who, at: Receipt._base_manager.filter(person=who.person, confirmed_at__isnull=True, notice__state="published"),
    ),
    Todo(
        "mobilisation.swap", _("请您换的班"), "mobilisation:duty", DUTY, order=8,
        rows=lambda actor, at: Turn.objects.visible_to(actor).filter(state="asked", swap_person=actor.person),
    ),
    Todo(
        "mobilisation.publish", _("等您核发的通知"), "mobilisation:desk_notices", PUBLISH, order=42,
        rows=lambda actor, at: Notice.objects.visible_to(actor).filter(state="review").exclude(author=actor.id),
    ),
)  # fmt: skip
