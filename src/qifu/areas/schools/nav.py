"""The doors of the area in the frame, and what it lays on the one to-do list."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import School

nav.offer(
    Door("schools:listed", "学校", "school.see", order=40),
    Door("schools:home", "学校", "school.report", face="phone", icon="home", order=10),
)

todo.offer(
    Todo(
        "schools.consent", _("等答复的学校"), "schools:listed", "school.consent", due=True, order=25,
        rows=lambda actor, at: School.objects.visible_to(actor).filter(state="reported").exclude(reporter=actor.id),
    ),
    Todo(
        "schools.reply", _("等区里批复的学校"), "schools:listed", "school.district_reply", due=True, order=26,
        rows=lambda actor, at: School.objects.visible_to(actor).filter(state="studied").exclude(Q(reporter=actor.id) | Q(studier=actor.id)),
    ),
)  # fmt: skip
