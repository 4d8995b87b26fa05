"""The doors of casework in the frame, and what may wait for a person."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from . import offices, queries
from .models import Case

nav.offer(
    Door("casework:worklist", _("诉求"), "case.see", order=12),
    Door("casework:own_list", _("诉求"), "case.own", face="phone", icon="chat", order=30),
)

_LIST, _MINE = "casework:worklist", "?view=mine"

todo.offer(
    Todo(
        "case.classify", _("等分类、交办的诉求"), _LIST, "case.classify", query=_MINE, due=True, order=1,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state__in=("recorded", "classified")),
    ),
    Todo(
        "case.take", _("等您单位接办的诉求"), _LIST, "case.handle", query=_MINE, due=True, order=2,
        rows=lambda who, at: Case.objects.visible_to(who).filter(state__in=("assigned", "reopened"), office__in=offices.offices_of(who)),
    ),
    Todo(
        "case.handle", _("在您手上的诉求"), _LIST, "case.handle", query=_MINE, due=True, order=3,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state__in=("handling", "coordinating"), handler=actor.id),
    ),
    Todo(
        "case.coordinate", _("报上来、等您单位接手的诉求"), _LIST, "case.coordinate", query=_MINE, due=True, order=3,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state="escalated", office__in=offices.offices_of(actor)),
    ),
    Todo(
        "case.callback", _("等回访、销号的诉求"), _LIST, "case.callback", query=_MINE, due=True, order=4,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state__in=("resolved", "confirmed")).exclude(handler=actor.id),
    ),
    Todo(
        "case.referee", _("退单等裁定的诉求"), _LIST, "case.referee", query=_MINE, due=True, order=4,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state="contested"),
    ),
    Todo(
        "case.extend", _("申请延期、等您批的诉求"), _LIST, "case.extend", query=_MINE, due=True, order=4,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state="handling", more_days__gt=0).exclude(handler=actor.id),
    ),
    Todo(
        "case.owed", _("等您单位回复的督办"), "casework:supervisions", "case.handle", due=True, order=1,
        rows=lambda actor, at: queries.owed_by(actor, offices.offices_of(actor)).order_by(),
    ),
    Todo(
        "case.judge", _("单位回复了、等您确认的督办"), "casework:supervisions", "case.supervise", order=4,
        rows=lambda actor, at: queries.to_judge(actor).order_by(),
    ),
    Todo(
        "case.own", _("办好了、等您确认的诉求"), "casework:own_list", "case.own", order=4,
        rows=lambda actor, at: Case.objects.visible_to(actor).filter(state="resolved"),
    ),
)  # fmt: skip
