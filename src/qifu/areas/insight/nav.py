"""The doors of insight in the frame, and what it lays on the one to-do list."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Bulletin

SEE = "insight.see"

nav.offer(
    Door("insight:wall", _("今天"), SEE, order=14),
    Door("insight:bulletins", _("通报"), SEE, order=16),
)

todo.offer(
    Todo(
        "insight.review", _("等您核对的通报"), "insight:bulletins", "insight.review", due=True, order=40,
        rows=lambda actor, at: Bulletin.objects.visible_to(actor).filter(state="draft").exclude(filler=actor.id),
    ),
    Todo(
        "insight.sign", _("等您签发的通报"), "insight:bulletins", "insight.sign", due=True, order=41,
        rows=lambda who, at: Bulletin.objects.visible_to(who).filter(state="reviewed").exclude(Q(filler=who.id) | Q(reviewer=who.id)),
    ),
)  # fmt: skip
