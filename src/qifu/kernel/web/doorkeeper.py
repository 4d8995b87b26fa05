"""How a URL says who may open it, and the door that every request passes.

A view without a declared permission stops the start (a system check). Reading views run inside one `acting`; a writing
view calls `actions.run`, which opens its own, and its page is rendered in a second one, also after a refusal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, get_urlconf, resolve
from django.utils.http import urlencode

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, Actor, NotFound, NotYours, acting, sessions
from qifu.kernel.actions.registry import attempted
from qifu.kernel.calendar import clock
from qifu.kernel.language import said, speak, unspoken

COOKIE = "qifu_session"
SAFE = ("GET", "HEAD", "OPTIONS")
ANONYMOUS = Actor(id="anonymous", name="访客")


@dataclass(frozen=True)
class Permission:
    """What a URL asks for: nobody in particular, the door, anybody signed in, or one of several rights."""

    kind: str
    rights: tuple[str, ...] = ()


View = Callable[..., HttpResponse]
Words = Mapping[str, Mapping[str, str]]

_wordings: list[Callable[[Actor, datetime], Words]] = []


def wording(provide: Callable[[Actor, datetime], Words]) -> Callable[[Actor, datetime], Words]:
    """Register who knows the words in which an actor's pages speak (language -> own term -> word); asked at the door."""
    _wordings.append(provide)
    return provide


def _declare(permission: Permission) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


public = _declare(Permission("public"))
"""Anybody may open this page; it reads nothing that is scoped."""
at_door = _declare(Permission("door"))
"""A page of the login itself: it may look up accounts."""
signed_in = _declare(Permission("signed_in"))
"""Anybody who has signed in; the page shows what is theirs."""


def needs(*rights: str) -> Callable[[View], View]:
    """Whoever holds one of these rights, anywhere; the view asks again over the object."""
    return _declare(Permission("rights", rights))


def opens(address: str, actor: Actor | None) -> bool:
    """Say whether the page at an address of this site asks for nothing that this actor lacks: a link that only refuses is
    not drawn. Whether the thing behind it lies within reach, only the page itself knows."""
    permission = _permission_at(urlsplit(address).path, get_urlconf() or settings.ROOT_URLCONF)
    if permission is None:
        return False
    if permission.kind in ("public", "door"):
        return True
    return actor is not None and (permission.kind == "signed_in" or any(actor.may(right) for right in permission.rights))


@lru_cache(4096)
def _permission_at(path: str, urlconf: str) -> Permission | None:
    """Give what an address asks for. The frame asks it of every door on every page, and each is hundreds of patterns."""
    try:
        found: Permission = resolve(path, urlconf).func.permission  # type: ignore[attr-defined]
    except Resolver404:
        return None
    return found


class Doorkeeper:
    """Finds out who it is, asks the URL's permission, and opens the transaction in which the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in (asked := request.META.get("QUERY_STRING", "")):
            # No text of the database holds it, and nobody types it: a search for it finds what a search without it finds.
            request.GET = QueryDict(asked.replace("%00", ""))
        request.actor = None  # type: ignore[attr-defined]
        request.session_token = request.COOKIES.get(COOKIE, "")  # type: ignore[attr-defined]
        if request.session_token and not request.path.startswith(("/static/", "/healthz")):  # type: ignore[attr-defined]
            with acting(DOOR):
                at = clock.now()
                request.actor = actor = sessions.find(request.session_token, at=at)  # type: ignore[attr-defined]
                if actor is not None:
                    for provide in _wordings:
                        speak(provide(actor, at))
            if actor is not None:
                place = next((hat.place for hat in actor.hats if hat.place), None)
                request.place_name = jurisdiction.name(place) if place else ""  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            unspoken()
        if request.actor is not None:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
        if request.method not in (*SAFE, "POST"):
            # A view asks whether it is a POST and else reads: reading happens inside `acting`, which no other method opens.
            return HttpResponseNotAllowed((*SAFE, "POST"))
        permission: Permission = view.permission  # type: ignore[attr-defined]
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        who = DOOR if permission.kind == "door" else (actor or ANONYMOUS)
        if permission.kind in ("signed_in", "rights") and actor is None:
            return self._to_login(request)
        if permission.kind == "rights" and not any(who.may(right) for right in permission.rights):
            return refused(request, NotYours(right=permission.rights[0]), who)
        try:
            if request.method in SAFE:
                with acting(who):
                    return _rendered(view(request, *args, **kwargs))
            response = view(request, *args, **kwargs)
            with acting(who):
                return _rendered(response)
        except ActionRefused as refusal:
            return refused(request, refusal, who)

    @staticmethod
    def _to_login(request: HttpRequest) -> HttpResponse:
        target = f"/login?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = target
            return response
        if request.headers.get("Accept") == "application/json":
            # A device's queue: it must hear that nothing was taken, and not read a login page as an answer.
            return JsonResponse(
                {
                    "code": "SignedOut",
                    "says": str(said("登录过期了，没有收下。手机里的都还在。")),
                    "fix": str(said("登录后接着发。")),
                    "login": target,
                },
                status=401,
            )
        return HttpResponseRedirect(target)


def _rendered(response: HttpResponse) -> HttpResponse:
    """Render a lazy page while its transaction is open: outside of it nothing could be read (DECISIONS 8)."""
    if callable(getattr(response, "render", None)) and not getattr(response, "is_rendered", True):
        response.render()  # type: ignore[attr-defined]
    return response


def refused(request: HttpRequest, refusal: ActionRefused, who: Actor) -> HttpResponse:
    """Answer a refusal with a page that says why and where to turn; a forbidden attempt goes on the record."""
    if refusal.forbidden:
        attempted(
            f"page {request.resolver_match.view_name if request.resolver_match else request.path}"[:60], refusal, actor=who, at=clock.now()
        )
    status = 404 if isinstance(refusal, NotFound) else 403 if refusal.forbidden else 409
    return render(request, "ui/refused.html", {"refusal": refusal}, status=status)


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every route of the installation with its full pattern: for the check and for the matrix of tests."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


@register("qifu")
def every_route_declares_a_permission(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Stop the start where a URL has not said who may open it."""
    return [
        Error(f"{route} declares no permission: use public, signed_in, needs(...)", id="qifu.E001")
        for route, pattern in routes()
        if not isinstance(getattr(pattern.callback, "permission", None), Permission)
    ]
