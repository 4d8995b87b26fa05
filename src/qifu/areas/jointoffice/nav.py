"""The doors of joint office in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Session
from .terms import KEEP, LEAD, OWN, SEE

nav.offer(
    Door("jointoffice:sessions", _("点单会办"), SEE, order=41),
    Door("jointoffice:home", _("点单"), OWN, face="phone", icon="users", order=29),
)

todo.offer(
    Todo(
        "joint.lead", _("等您定组、定时间的点单"), "jointoffice:sessions", LEAD, query="?view=group", due=True, order=36,
        rows=lambda actor, at: Session.objects.visible_to(actor).filter(state="ordered"),
    ),
    Todo(
        "joint.keep", _("等登记、交办的会办"), "jointoffice:sessions", KEEP, query="?view=agreed", due=True, order=36,
        rows=lambda actor, at: Session.objects.visible_to(actor).filter(state="held")
        | Session.objects.visible_to(actor).filter(state="group_set", ends_at__lte=at),
    ),
    Todo(
        "joint.close", _("等您销号的会办"), "jointoffice:sessions", LEAD, query="?view=close", due=True, order=37,
        rows=lambda actor, at: Session.objects.visible_to(actor).filter(state="confirmed"),
    ),
)  # fmt: skip
