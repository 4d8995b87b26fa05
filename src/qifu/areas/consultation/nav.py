"""The door of consultation in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.areas.casework import api as casework
from qifu.kernel.calendar import clock
from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Attendee, Item, Meeting, Note, Paper
from .terms import KEEP, READ, SEE, SIGN, SIGNED

nav.offer(Door("consultation:home", _("会商"), SEE, order=36))

todo.offer(
    Todo(
        "consult.give", _("等交办的批示件"), "consultation:notes", KEEP, due=True, order=1,
        rows=lambda actor, at: Note.objects.visible_to(actor).filter(state="received"),
    ),
    Todo(
        "consult.read", _("都反馈了、等您看的批示件"), "consultation:notes", READ, order=2,
        rows=lambda who, at: Note.objects.visible_to(who).filter(state="closed", read_at__isnull=True, leader_id=who.person),
    ),
    Todo(
        "consult.sign", _("等您签发的纪要"), "consultation:home", SIGN, due=True, order=5,
        rows=lambda actor, at: Meeting.objects.visible_to(actor).filter(state="drafted").exclude(writers__contains=[actor.id]),
    ),
    Todo(
        "consult.sign_paper", _("等您签发的请示和函"), "consultation:papers", SIGN, due=True, order=5,
        rows=lambda actor, at: (
            Paper.objects.visible_to(actor).filter(state="drafted", kind__in=SIGNED).exclude(writers__contains=[actor.id])
        ),
    ),
    Todo(
        "consult.write", _("要写纪要的会"), "consultation:home", KEEP, due=True, order=5,
        rows=lambda actor, at: Meeting.objects.visible_to(actor).filter(state="held"),
    ),
    Todo(
        "consult.listed", _("上会要议的诉求"), "consultation:home", KEEP, order=6,
        rows=lambda actor, at: Item.objects.visible_to(actor).filter(state="listed"),
    ),
    Todo(
        "consult.reply", _("等您单位回的会议通知"), "consultation:invited", SEE, order=6,
        rows=lambda who, at: Attendee.objects.visible_to(who).filter(
            office__in=casework.offices.offices_of(who), reply="", off=False, calls__gt=0, starts_at__gt=clock.now()
        ),
    ),
)  # fmt: skip
