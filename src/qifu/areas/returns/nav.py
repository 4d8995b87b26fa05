"""The door of returns in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Filing

SEE, KEEP, FILL = "insight.see", "returns.keep", "returns.fill"

nav.offer(Door("returns:blanks", _("报表"), KEEP, order=57))

todo.offer(
    Todo(
        "returns.release", _("等您核对报出的报表"), "returns:blanks", KEEP, due=True, order=45,
        rows=lambda actor, at: Filing.objects.visible_to(actor).filter(state="filled"),
    )
)  # fmt: skip
