"""The doors of supply in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Call, Match, Need
from .terms import DESK, OWN, SEE

nav.offer(
    Door("supply:broken", _("供需对接"), SEE, order=42),
    Door("supply:home", _("供需"), OWN, face="phone", icon="box", order=30),
)

todo.offer(
    Todo(
        "supply.desk", _("等找供方的断点"), "supply:broken", DESK, due=True, order=36,
        rows=lambda actor, at: Need.objects.visible_to(actor).filter(state="open"),
    ),
    Todo(
        "supply.call", _("问您能不能供的"), "supply:home", OWN, due=True, order=30,
        rows=lambda actor, at: Call.objects.filter(enterprise__in=actor.scope.parties, state="asked"),
    ),
    Todo(
        "supply.agree", _("供方答应、等点头的"), "supply:broken", DESK, query="?view=offered", due=True, order=37,
        rows=lambda actor, at: Match.objects.visible_to(actor).filter(state="offered").exclude(proposer=actor.id),
    ),
    Todo(
        "supply.agree_own", _("供方答应、等您点头的"), "supply:home", OWN, due=True, order=31,
        rows=lambda actor, at: Match.objects.filter(party__in=actor.scope.parties, state="offered").exclude(proposer=actor.id),
    ),
)  # fmt: skip
