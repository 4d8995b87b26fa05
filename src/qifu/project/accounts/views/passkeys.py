"""Passkeys in the browser: the words that its script asks with, and the forms that bring the answers."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qifu.kernel.access import NotFound
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.web import ANONYMOUS, at_door, signed_in
from qifu.ui.chat import in_wechat
from qifu.ui.parts import Field, Notice

from .. import browser, passkeys
from ..actions import factors
from . import entering, me
from .entering import let_in, notice_of, outcome, status_of


@at_door
@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Give the script what the device is asked: to make a key, or to sign with one of those of this account."""
    given = {
        "kind": passkeys.ADD if request.POST.get("kind") == passkeys.ADD else passkeys.PROVE,
        "session": request.session_token,  # type: ignore[attr-defined]
        "address": browser.address_of(request),
    }
    return _asked(outcome(run("access.ask_passkey", given, actor=me.who(request))))


@at_door
@never_cache
@require_POST
def ask_to_enter(request: HttpRequest) -> HttpResponse:
    """The same for somebody who has not entered; only the browser that asked may answer."""
    name = uuid4()
    given = {"kind": passkeys.ENTER, "browser": name, "address": browser.address_of(request)}
    return browser.keep_asked(_asked(outcome(run("access.ask_passkey", given, actor=ANONYMOUS))), browser=name)


@at_door
@never_cache
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Let in with a key."""
    given = {
        "answer": request.POST.get("answer", ""),
        "browser": browser.asked(request),
        "device": browser.device_of(request),
        "instead_of": request.session_token,  # type: ignore[attr-defined]
    }
    found = outcome(run("access.enter_passkey", given, actor=ANONYMOUS))
    if isinstance(found, Refused):
        return entering.phone_page(request, notice=notice_of(found), status=status_of(found))
    response = let_in(request, found, next=request.POST.get("next", ""))
    response.delete_cookie(browser.ASKED, path="/login")
    return response


@at_door
@never_cache
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Make the session strong with a key, then go back to where the person was."""
    given = {"session": request.session_token, "answer": request.POST.get("answer", "")}  # type: ignore[attr-defined]
    found = outcome(run("access.prove_passkey", given, actor=me.who(request)))
    if isinstance(found, Refused):
        return me.strong_page(request, refused=found)
    back = browser.safe_next(request, request.POST.get("next", "")) or reverse("me")
    return browser.keep_session(HttpResponseRedirect(back), request, found.token)


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Name a new key and add it."""
    refused = None
    if request.method == "POST":
        given = {"session": request.session_token, **{n: request.POST.get(n, "") for n in ("answer", "name")}}  # type: ignore[attr-defined]
        found = outcome(run("access.add_passkey", given, actor=me.who(request)))
        if not isinstance(found, Refused):
            back = browser.safe_next(request, request.POST.get("next", "")) or reverse("my_login")
            return browser.keep_session(HttpResponseRedirect(back), request, found.token)
        refused = found
    session = me.session_of(request)
    if session is None:
        return browser.to_login(request)
    if refused is None:
        # Raises SecondFactorNeeded or EnterAgain: then the page says so instead of asking a device in vain.
        factors.may_offer(session, account=session.account, at=clock.now())
    errors = (refused.errors or {}) if refused else {}
    name = request.POST.get("name", "") or browser.device_of(request)
    context: dict[str, Any] = {
        "next": browser.safe_next(request, request.POST.get("next", "") or request.GET.get("next", "")),
        "field": Field(
            "name", _("给它起个名字"), value=name, error=errors.get("name", ""), hint=_("以后在单子里认得出是哪一台"), max_length=40
        ),
        "wechat": in_wechat(request),
        "origin": passkeys.origin(),
        "notice": None if errors else notice_of(refused),
    }
    return TemplateResponse(request, "accounts/add_passkey.html", context, status=status_of(refused))


@signed_in
@require_POST
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Remove a key of one's own."""
    given = {"session": request.session_token, "passkey": id}  # type: ignore[attr-defined]
    found = outcome(run("access.remove_passkey", given, actor=me.who(request)))
    if isinstance(found, Refused) and found.code == "SecondFactorNeeded":
        return HttpResponseRedirect(me.with_next("strong", reverse("my_login")))
    session = me.session_of(request)
    if isinstance(found, Refused) or session is None:
        raise NotFound()
    return me.login_page(request, session, notice=Notice(_("已删掉“%(name)s”，它不能再用来登录") % {"name": found}, tone="ok"))


def _asked(found: Any) -> HttpResponse:
    if isinstance(found, Refused):
        return JsonResponse({"code": found.code, "says": str(found.says), "fix": str(found.fix)}, status=409)
    return JsonResponse(found)
