"""联系过了: one small form, on the phone before the door and at the desk."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from qifu.areas.registry import api as registry
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.web import needs
from qifu.ui.asking import answered, key_of

from ..workflow import GO
from . import field, records


@require_POST
@needs(GO)
def contact(request: HttpRequest, id: UUID) -> HttpResponse:
    """Write down that the enterprise was reached."""
    actor, posted = request.actor, request.POST
    with acting(actor):
        registry.enterprise(id)
    given = {"enterprise": id, "way": posted.get("way", "phone"), "met": posted.get("met", ""), "words": posted.get("words", "")}
    answer = run("visits.contact", given, actor=actor, key=key_of(request))
    desk = posted.get("back") == "desk"
    to, draw = (reverse("visits:firm", args=[id]), records.draw) if desk else (reverse("visits:today"), field.draw)
    return answered(request, answer, to=to, again=lambda *, notice, errors: draw(request, id, notice=notice))
