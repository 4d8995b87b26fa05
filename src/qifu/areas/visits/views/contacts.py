"""联系过了: one small form, on the phone before the door and at the desk."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from qifu.areas.registry import api as registry
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.web import needs
from qifu.ui.asking import key_of
from qifu.ui.parts import Notice

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
    if answer.ok:
        return HttpResponseRedirect(reverse("visits:firm", args=[id]) if desk else reverse("visits:today"))
    says = " ".join(str(one) for one in (answer.errors or {}).values()) or f"{answer.says}{answer.fix}"
    with acting(actor):
        response = (records.draw if desk else field.draw)(request, id, notice=Notice(says, "ask"))
    response.status_code = 403 if answer.refusal is not None and answer.refusal.forbidden else 422
    return response
