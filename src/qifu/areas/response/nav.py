"""The door of response in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav, todo

from .models import ControlArea, Proposal

nav.offer(nav.Door("response:overview", "应对", right="response.see", icon="alert", order=40))
todo.offer(
    todo.Todo(
        "response.approve", _("等您同意的报批"), "response:overview", "response.approve_layer", order=15,
        rows=lambda actor, at: Proposal.objects.visible_to(actor).filter(state="asked").exclude(asked_by=actor.id),
    ),
    todo.Todo(
        "response.confirm", _("划好、等另一位确认的区域"), "response:overview", "response.zone", order=16,
        rows=lambda actor, at: ControlArea.objects.visible_to(actor).filter(state="drawn").exclude(drawn_by=actor.id),
    ),
)  # fmt: skip
