"""The doors of visits in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Opinion, Plan, Visit
from .workflow import GO, HOLD, KEEP, SEE

nav.offer(
    Door("visits:coverage", "走访", SEE, order=28),
    Door("visits:territories", "包联", KEEP, order=29),
    Door("visits:opinions", "意见", SEE, order=31),
    Door("visits:logs", "驻企日志", KEEP, order=34),
    Door("visits:today", "走访", HOLD, face="phone", icon="place", order=15),
    Door("visits:visited", "走访记录", GO, face="phone", icon="doc", order=16),
)

todo.offer(
    Todo(
        "visits.go", _("排给您、还没去的走访"), "visits:today", GO, due=True, order=33,
        rows=lambda actor, at: Visit.objects.visible_to(actor).filter(state="planned", officer=actor.id),
    ),
    Todo(
        "visits.ask", _("您回去问、还没答复的意见"), "visits:opinions", GO, due=True, order=33,
        rows=lambda actor, at: Opinion.objects.visible_to(actor).filter(state="noted", officer=actor.id),
    ),
    Todo(
        "visits.confirm", _("等您确认的包联方案"), "visits:territories", KEEP, due=True, order=34,
        rows=lambda actor, at: Plan.objects.visible_to(actor).filter(state="proposed").exclude(proposer=actor.id),
    ),
)  # fmt: skip
