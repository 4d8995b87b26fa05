"""What every form here shares: its retry key, what was typed, and a refusal in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.kernel.access import ActionRefused, Actor, NotFound, SecondFactorNeeded, require
from qifu.kernel.actions import Refused
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.ui.parts import Field, Link, Notice

OWN = "services.own"


def actor_of(request: HttpRequest) -> Actor:
    """Give who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def key_of(request: HttpRequest) -> UUID:
    """Give the form's retry key: pressed twice, done once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def notice_of(refused: Refused | ActionRefused, *, back: str = "") -> Notice:
    """Draw a refusal: its sentence, its remedy, and the way to the second factor where that is what lacks."""
    refusal = refused.refusal if isinstance(refused, Refused) else refused
    if isinstance(refusal, SecondFactorNeeded):
        where = f"{reverse('strong')}?{urlencode({'next': back})}"
        return Notice(f"{refused.says}{refused.fix}", "ask", "shield", Link(said("去验证动态口令"), where))
    return Notice(f"{refused.says}{refused.fix}", "stop")


def status_of(refused: Refused | ActionRefused) -> int:
    """Give the status of a page that shows a refusal: 422 beside fields, 403 forbidden, 404 unknown, 409 not now."""
    refusal = refused.refusal if isinstance(refused, Refused) else refused
    if getattr(refused, "errors", None):
        return 422
    if refusal is not None and refusal.code == "NotFound":
        return 404
    return 403 if refusal is not None and refusal.forbidden else 409


def filled(fields: Sequence[Field], posted: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> list[Field]:
    """Put back what was typed, and beside it what is wrong."""
    errors = errors or {}
    return [replace(field, value=posted.get(field.name, field.value), error=errors.get(field.name, "")) for field in fields]


def unfit(fields: Sequence[Field], posted: Mapping[str, Any]) -> dict[str, str]:
    """Say which answers lack and which are too long, before anything is tried."""
    found = {}
    for field in fields:
        typed = str(posted.get(field.name, ""))
        if field.max_length and len(typed) > field.max_length:
            found[field.name] = said(
                "“{label}”最多{most}个字，现在{n}个，删短一点再交。", label=field.label, most=field.max_length, n=len(typed)
            )
        if field.required and field.kind != "tick" and not typed.strip():
            verb = said("选") if field.kind in ("choice", "select") else said("填")
            found[field.name] = said("还没有{verb}“{label}”。", verb=verb, label=field.label)
    return found


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
