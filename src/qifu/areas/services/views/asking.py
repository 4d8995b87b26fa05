"""Who asks, for which enterprise, and addresses that keep it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.calendar import clock

OWN = "services.own"


def actor_of(request: HttpRequest) -> Actor:
    """Give who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def firm_of(request: HttpRequest) -> Enterprise | None:
    """Give the enterprise that the page is about; None where the person acts for several and has not chosen, or for none."""
    actor, given = actor_of(request), request.GET.get("firm", "")
    if given:
        try:
            firm = registry.enterprise(UUID(given))
        except ValueError:
            raise NotFound() from None
        require(actor, OWN, at=clock.now(), on=firm)
        return firm
    firms = registry.enterprises_of(actor)
    return firms[0] if len(firms) == 1 else None


def address(name: str, request: HttpRequest, *args: Any, **more: str) -> str:
    """Give an address that keeps the enterprise named."""
    asked = {key: value for key, value in {"firm": request.GET.get("firm", ""), **more}.items() if value}
    return reverse(f"services:{name}", args=args) + (f"?{urlencode(asked)}" if asked else "")
