"""For which enterprise a page is asked: its own on the phone, one that is looked for at the desk. Pages of upper tiers share it."""

from uuid import UUID

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.http import urlencode

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.ui.parts import Cell, Column, Row, Task, TaskGroup

from . import queries
from .models import Enterprise

SHOWN = 20


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def own_firms(actor: Actor) -> list[Enterprise]:
    """Give the enterprises whose contact the actor is, by name."""
    return list(queries.enterprises(actor).filter(pk__in=actor.scope.parties).order_by("pinyin"))


def firm_asked(request: HttpRequest, right: str) -> Enterprise | None:
    """Give the enterprise that the address names (?firm=), which the actor must hold `right` on; else the only one of theirs."""
    actor, given = _actor(request), request.GET.get("firm", "")
    if given:
        try:
            firm = Enterprise.objects.filter(pk=UUID(given)).first()
        except ValueError:
            firm = None
        if firm is None:
            raise NotFound()
        require(actor, right, at=clock.now(), on=firm)
        return firm
    firms = own_firms(actor)
    return firms[0] if len(firms) == 1 else None


def choose_own(request: HttpRequest, head: str) -> TemplateResponse:
    """Ask on the phone for which of their enterprises."""
    tasks = [Task(firm.name, f"{request.path}?{urlencode({'firm': firm.id})}", icon="home") for firm in own_firms(_actor(request))]
    groups = [TaskGroup(said("您替这些企业办事"), tasks)] if tasks else []
    return TemplateResponse(request, "registry/choose_own.html", {"head": head, "groups": groups})


def choose_any(request: HttpRequest, title: str, *, back: str) -> TemplateResponse:
    """Look at the desk for the enterprise that something is done for, by a piece of its name, its code or a contact's mobile."""
    actor, text = _actor(request), request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = queries.search(queries.enterprises(actor), text).order_by("pinyin")[:SHOWN] if len(text) > 1 else []
    rows = [
        Row(str(firm.id), firm.name, f"{request.path}?{urlencode({'firm': firm.id})}",
            [Cell("name", firm.name), Cell("text", jurisdiction.name(firm.region)), Cell("text", firm.uscc or "")])
        for firm in found
    ]  # fmt: skip
    columns = [Column(said("企业"), "name"), Column(said("镇街"), "text", "l"), Column(said("信用代码"), "text", "2xl")]
    context = {"title": title, "q": text, "back": back, "rows": rows, "columns": columns}
    return TemplateResponse(request, "registry/choose_any.html", context)
