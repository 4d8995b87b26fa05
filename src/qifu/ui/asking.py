"""What every form shares: its retry key, what was typed, a refusal in its place, and the end of every POST."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from qifu.kernel.access import ActionRefused, SecondFactorNeeded, acting
from qifu.kernel.actions import Done, Refused, length
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import ANONYMOUS

from .parts import Field, Link, Notice


class Again(Protocol):
    """Draws the page once more: a sentence above it, or what is wrong beside its fields."""

    def __call__(self, *, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse: ...


def answered(request: HttpRequest, answer: Done | Refused, *, to: str, again: Again, back: str = "") -> HttpResponse:
    """End a POST: go on to `to` where the act was done, else show the page again with what was typed.

    What is wrong with a field stands beside it, or above where the page draws no such field. Any other refusal stands
    above, with the way to the second factor (and from there to `back`, the page itself where none is given) where that is
    what lacks."""
    if answer.ok:
        return HttpResponseRedirect(to)
    errors = dict(answer.errors or {})
    with acting(getattr(request, "actor", None) or ANONYMOUS):
        page = again(notice=None if errors else notice_of(answer, back=back or request.path), errors=errors)
        page.render()
        if untold := [str(words) for words in errors.values() if escape(str(words)) not in page.content.decode()]:
            # The page draws no such field: what is wrong is told above it, never kept back.
            page = again(notice=Notice(" ".join(untold), "stop"), errors=errors)
            page.render()
    page.status_code = status_of(answer)
    return page


_NOT_TYPED = frozenset({"key", "csrfmiddlewaretoken", "pressed_at", "sent_at", "took"})
"""What a page adds by itself, anew at each try."""


def key_of(request: HttpRequest) -> UUID:
    """Give the retry key of what a form says: pressed twice, done once. A form without one gets a new key.

    What was typed is part of it. Whoever goes back, writes another thing and presses again has said another thing: it is
    done, or refused in a sentence, and never answered with what became of the first."""
    try:
        form = UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()
    typed = [(name, given) for name, given in sorted(request.POST.lists()) if name not in _NOT_TYPED]
    sent = [(name, file.name, file.size) for name, files in sorted(request.FILES.lists()) for file in files]
    return uuid5(form, repr((request.path, typed, sent)))


def strong_address(back: str) -> str:
    """Give the address where the second factor is proved, and from which one comes back."""
    return f"{reverse('strong')}?{urlencode({'next': back})}"


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
        long = length(str(posted.get(field.name, "")))
        if field.max_length and long > field.max_length:
            found[field.name] = said(
                "“{label}”最多{max_length}个字，现在{length}个，删短一点再交。",
                label=field.label,
                max_length=field.max_length,
                length=long,
            )
    return found


def safe(request: HttpRequest, asked: str, otherwise: str) -> str:
    """Give an address of this site to go on to."""
    fits = bool(asked) and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if fits else otherwise
