"""The doors of mobilisation in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Loan, Notice, Receipt, Trainee, Turn
from .terms import DUTY, LEARN, LEFT, LEND, ORGANISE, PUBLISH, TRAIN

nav.offer(
    Door("mobilisation:inbox", _("通知"), order=70),
    Door("mobilisation:duty", _("值班"), DUTY, order=72),
    Door("mobilisation:calls", _("志愿者"), ORGANISE, order=74),
    Door("mobilisation:training", _("培训"), TRAIN, order=75),
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
        "mobilisation.learn", _("要您学完的培训"), "mobilisation:my_training", LEARN, order=9,
        rows=lambda who, at: Trainee._base_manager.filter(person=who.person, state__in=LEFT, course__state="open"),
    ),
    Todo(
        "mobilisation.cover", _("请您顶班的抽调"), "mobilisation:loans", DUTY, order=10,
        rows=lambda actor, at: Loan.objects.visible_to(actor).filter(state="asked", cover=actor.person),
    ),
    Todo(
        "mobilisation.approve", _("等您同意的抽调"), "mobilisation:loans", LEND, order=41,
        rows=lambda actor, at: Loan.objects.visible_to(actor).filter(state="covered").exclude(person=actor.person),
    ),
    Todo(
        "mobilisation.publish", _("等您核发的通知"), "mobilisation:desk_notices", PUBLISH, order=42,
        rows=lambda actor, at: Notice.objects.visible_to(actor).filter(state="review").exclude(writers__contains=[actor.id]),
    ),
)  # fmt: skip
