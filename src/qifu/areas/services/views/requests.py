"""One request at the desk and for its own enterprise (`ui.acts`); in the hand a time is chosen from days, not from a list."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui import acts
from qifu.ui.parts import Link

from .. import files
from .asking import OWN, actor_of, address
from .sorts import SORTS, place_of, slot_days

SEE = "services.see"
_LISTS = {"appointments": "day", "orders": "orders", "certificates": "certificates"}
_WORDS = {"appointments": said("预约"), "orders": said("云服务和设备"), "certificates": said("损失证明")}


@require_GET
@needs(SEE)
def desk(request: HttpRequest, sort: str, id: UUID) -> HttpResponse:
    """Show a request to an officer."""
    actor, kind = actor_of(request), SORTS[sort]
    one = acts.found(kind.process.model, id, actor)
    tools = [Link(said("企业档案"), reverse("registry:enterprise", args=[one.enterprise_id]))] if actor.may("registry.see") else []
    return acts.thing(
        request, kind, id, back=Link(str(_WORDS[sort]), reverse(f"services:{_LISTS[sort]}")), tools=tools,
        files=files.beside(one, actor, clock.now()),
        # An office looks for the firm, the firm for the service.
        title=one.enterprise.name, line=f"{kind.title(one)} · {one.number} · {place_of(one)}",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def desk_act(request: HttpRequest, sort: str, id: UUID, verb: str) -> HttpResponse:
    """Ask what an act needs, then do it; a refusal comes back with everything that was typed."""
    return acts.act(request, SORTS[sort], id, verb)


@require_GET
@needs(OWN)
def own(request: HttpRequest, sort: str, id: UUID) -> HttpResponse:
    """Show its enterprise where a request stands."""
    actor, kind = actor_of(request), SORTS[sort]
    kept = files.beside(acts.found(kind.process.model, id, actor), actor, clock.now())
    return acts.thing(request, kind, id, own=True, back=Link(str(_WORDS[sort]), address("home", request)), files=kept)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def own_act(request: HttpRequest, sort: str, id: UUID, verb: str) -> HttpResponse:
    """As `desk_act`, on the phone of the enterprise."""
    return acts.act(request, SORTS[sort], id, verb, own=True, dress=_in_days)


def _in_days(page: TemplateResponse, one: Any, posted: Mapping[str, Any], errors: Mapping[str, str]) -> None:
    """Ask a time by days with what is left, full ones too."""
    context = page.context_data or {}
    fields = [field for field in context["fields"] if field.name != "slot"]
    if len(fields) == len(context["fields"]):
        return
    days = slot_days(one.service, one.region, clock.now(), chosen=str(posted.get("slot", "")))
    context |= {"days": days, "error": errors.get("slot", ""), "fields": fields}
    page.template_name = "services/own_act.html"
