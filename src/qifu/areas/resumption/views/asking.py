"""What every form of this area shares: its retry key, the state it was made on, lengths, and a refusal in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from qifu.kernel.access import ActionRefused, SecondFactorNeeded
from qifu.kernel.actions import Refused
from qifu.kernel.journal.models import Key
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.ui.parts import Field, Link, Notice

from ..models import Application


class MovedMeanwhile(ActionRefused):
    """Somebody took a step between the form's page and its answer."""

    says = "您打开这页以后，这件已经有人往前办了，没有改动。"
    fix = "下面是最新情况，看过再办；您填的还在。"


def key_of(request: HttpRequest) -> UUID:
    """Give the form's retry key: pressed twice, done once. A form without one gets a new key."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def hidden(application: Application, *, key: UUID | None = None, **more: str) -> tuple[tuple[str, str], ...]:
    """Give the hidden fields of a form about an application."""
    return (("key", str(key or uuid7())), ("seen", application.state_at.isoformat()), *((n, v) for n, v in more.items() if v))


def seen_of(request: HttpRequest) -> datetime | None:
    """Give the moment of the state on which the form was made; None where it does not say."""
    try:
        at = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def check_unmoved(application: Application, request: HttpRequest) -> None:
    """Refuse MovedMeanwhile where the form was made on another state. The second press of one form passes: its key is known."""
    seen = seen_of(request)
    if seen is None or seen == application.state_at:
        return
    if not Key.objects.filter(key=key_of(request)).exists():
        raise MovedMeanwhile()


def strong_address(back: str) -> str:
    """Give the address where the second factor is proved, and from which one comes back."""
    try:
        return f"{reverse('strong')}?{urlencode({'next': back})}"
    except NoReverseMatch:
        return f"/me/strong?{urlencode({'next': back})}"


def notice_of(refused: Refused | ActionRefused, *, back: str) -> Notice:
    """Draw a refusal: its sentence, its remedy, and the way to the second factor where that is what lacks."""
    refusal = refused.refusal if isinstance(refused, Refused) else refused
    if isinstance(refusal, SecondFactorNeeded):
        return Notice(f"{refused.says}{refused.fix}", "ask", "shield", Link(said("去验证动态口令"), strong_address(back)))
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
    found = too_long(fields, posted)
    for field in fields:
        if field.required and field.kind != "tick" and not str(posted.get(field.name, "")).strip():
            verb = said("选") if field.kind in ("choice", "select") else said("填")
            found[field.name] = said("还没有{verb}“{label}”。", verb=verb, label=field.label)
    return found


def too_long(fields: Sequence[Field], posted: Mapping[str, Any]) -> dict[str, str]:
    """Say which answers are longer than their column holds: kept on the page, not cut."""
    found = {}
    for field in fields:
        length = len(str(posted.get(field.name, "")))
        if field.max_length and length > field.max_length:
            found[field.name] = said(
                "“{label}”最多{max_length}个字，现在{length}个，删短一点再交。",
                label=field.label,
                max_length=field.max_length,
                length=length,
            )
    return found


def safe(request: HttpRequest, asked: str, otherwise: str) -> str:
    """Give an address of this site to go on to."""
    fits = bool(asked) and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if fits else otherwise
