"""One's own page: every hat with its place and end, the face to begin with, the authenticator, the password, the browsers."""

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.areas.registry import api as registry
from qifu.integrations import identity
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Hat, acting, sessions
from qifu.kernel.access.models import Session
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import listed
from qifu.kernel.web import ANONYMOUS, at_door, signed_in
from qifu.ui.chat import in_wechat
from qifu.ui.parts import Notice

from .. import browser, faces, outside, passkeys, totp
from ..actions import factors
from ..refusals import NotTheSameName
from .entering import _digits, notice_of, outcome, status_of

HOW = {
    "code": gettext_noop("短信验证码"),
    "password": gettext_noop("密码和动态口令"),
    "passkey": gettext_noop("通行密钥"),
    "zzd": gettext_noop("浙政钉"),
    "zlb": gettext_noop("浙里办"),
    "demo": gettext_noop("演示一点即入"),
}


@signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Show all hats that the person wears, for whom and until when, and the faces that they open."""
    actor = request.actor  # type: ignore[attr-defined]
    own = faces.faces_of(actor)
    begins = faces.start_page(actor, prefers=request.COOKIES.get(faces.COOKIE, ""))
    firms = registry.enterprises([party for hat in actor.hats for party in hat.scope.parties])
    context = {
        "name": actor.name,
        "hats": [hat_words(hat, firms=firms) for hat in actor.hats],
        "faces": [{"code": face.code, "word": face.word, "start": face.start, "here": face.start == begins} for face in own],
        "strong": actor.strong,
    }
    return TemplateResponse(request, "accounts/me.html", context)


@signed_in
@require_POST
def choose_face(request: HttpRequest) -> HttpResponse:
    """Remember on this browser which face to begin with, and go there."""
    with acting(request.actor):  # type: ignore[attr-defined]
        own = {face.code: face for face in faces.faces_of(request.actor)}  # type: ignore[attr-defined]
    chosen = own.get(request.POST.get("face", ""))
    response = HttpResponseRedirect(chosen.start if chosen else reverse("me"))
    if chosen:
        response.set_cookie(
            faces.COOKIE, chosen.code, max_age=365 * 24 * 3600, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
        )
    return response


@at_door
@never_cache
@require_GET
def my_login(request: HttpRequest) -> HttpResponse:
    """Show the authenticator, the password and the browsers that are signed in."""
    session = session_of(request)
    if session is None:
        return browser.to_login(request)
    notice = Notice(f"{NotTheSameName.says}{NotTheSameName.fix}", "ask") if request.GET.get("unlinked") else None
    return login_page(request, session, notice=notice)


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def strong(request: HttpRequest) -> HttpResponse:
    """Ask for the token, then go back to where the person was."""
    refused = None
    if request.method == "POST":
        given = {"session": request.session_token, "token": request.POST.get("token", "")}  # type: ignore[attr-defined]
        found = outcome(run("access.prove", given, actor=who(request)))
        if not isinstance(found, Refused):
            back = browser.safe_next(request, request.POST.get("next", "")) or reverse("me")
            return browser.keep_session(HttpResponseRedirect(back), request, found.token)
        refused = found
    return strong_page(request, refused=refused)


def strong_page(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    """Draw the page that asks for the second factor: passkey, token, or in the demo one touch."""
    session = session_of(request)
    if session is None:
        return browser.to_login(request)
    next = browser.safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    with nullcontext() if request.method == "GET" else acting(DOOR):
        keys, has_totp = bool(passkeys.usable(session.account)), totp.enrolled(session.account)
    demo = session.how == "demo" and settings.DEMO
    if not (keys or has_totp or demo):
        return HttpResponseRedirect(with_next("my_totp", next))
    error = refused.says + refused.fix if refused is not None and refused.code == "WrongToken" else ""
    context = {
        "next": next,
        "role": session.account.demo if demo else "",
        "keys": keys,
        "wechat": in_wechat(request),
        "origin": passkeys.origin(),
        "fields": [_digits("token", _("动态口令"), error=error)] if has_totp and not demo else [],
        "notice": None if error else notice_of(refused),
    }
    return TemplateResponse(request, "accounts/strong.html", context, status=status_of(refused))


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def my_totp(request: HttpRequest) -> HttpResponse:
    """Show the QR of a new authenticator; take its first token."""
    refused, offered = None, request.POST.get("offer", "")
    if request.method == "POST":
        given = {
            "session": request.session_token,  # type: ignore[attr-defined]
            "offer": offered,
            "token": request.POST.get("token", ""),
        }
        found = outcome(run("access.enrol_totp", given, actor=who(request)))
        if not isinstance(found, Refused):
            back = browser.safe_next(request, request.POST.get("next", "")) or reverse("my_login")
            return browser.keep_session(HttpResponseRedirect(back), request, found.token)
        refused = found
    session = session_of(request)
    if session is None:
        return browser.to_login(request)
    next = browser.safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if refused is None:
        # Raises SecondFactorNeeded or EnterAgain: then the page says so instead of showing a secret.
        factors.may_offer(session, account=session.account, at=clock.now())
    secret = factors.secret_in(offered)
    if not secret:
        secret, offered = factors.offer(session.account)
    error = refused.says + refused.fix if refused is not None and refused.code == "WrongToken" else ""
    context = {
        "qr": mark_safe(totp.qr(secret, name=session.account.person.name)),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "offer": offered,
        "next": next,
        "field": _digits("token", _("验证器上现在的6位数"), error=error),
        "notice": None if error else notice_of(refused),
        "passkey": "" if in_wechat(request) else with_next("my_passkeys", next),
    }
    return TemplateResponse(request, "accounts/totp.html", context, status=status_of(refused))


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def my_password(request: HttpRequest) -> HttpResponse:
    """Choose a password."""
    refused = None
    if request.method == "POST":
        given = {"session": request.session_token, **{n: request.POST.get(n, "") for n in ("password", "again")}}  # type: ignore[attr-defined]
        found = outcome(run("access.set_password", given, actor=who(request)))
        if not isinstance(found, Refused):
            return HttpResponseRedirect(reverse("my_login"))
        refused = found
    session = session_of(request)
    if session is None:
        return browser.to_login(request)
    if not sessions.strong(session, at=clock.now()):
        return HttpResponseRedirect(with_next("strong", reverse("my_password")))
    errors = (refused.errors or {}) if refused else {}
    context = {"errors": errors, "notice": None if errors else notice_of(refused)}
    return TemplateResponse(request, "accounts/set_password.html", context, status=status_of(refused))


@at_door
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End another browser's session, or all others."""
    given = {"session": request.session_token, "other": request.POST.get("other", "")}  # type: ignore[attr-defined]
    found = outcome(run("access.end_sessions", given, actor=who(request)))
    session = session_of(request)
    if session is None:
        return browser.to_login(request)
    word = notice_of(found) if isinstance(found, Refused) else Notice(_("已让%(n)s个别的设备退出。") % {"n": found}, tone="ok")
    return login_page(request, session, notice=word)


def login_page(request: HttpRequest, session: Session, *, notice: Notice | None = None) -> HttpResponse:
    """Draw the page of factors and browsers, also after an act at the door."""
    at = clock.now()

    def context() -> dict[str, Any]:
        return {
            "enrolled": totp.enrolled(session.account),
            "totp_at": session.account.totp_at,
            "strong": sessions.strong(session, at=at),
            "keys": list(session.account.passkeys.filter(ended_at__isnull=True).order_by("added_at")),
            "counting": {key.pk for key in passkeys.usable(session.account)},
            "wechat": in_wechat(request),
            "outside": [(one, outside.NAMES[one.service]) for one in session.account.person.outside.filter(ended_at__isnull=True)],
            "joined": bool(identity.chosen()),
            "has_password": bool(session.account.password),
            "sessions": [
                {
                    "id": one.id,
                    "device": one.device,
                    "how": _(HOW[one.how]) if one.how in HOW else "",
                    "seen_at": one.seen_at,
                    "here": one.pk == session.pk,
                }
                for one in sessions.open_ones(session.account, at=at)
            ],
            "notice": notice,
        }

    if request.method == "GET":
        return TemplateResponse(request, "accounts/login_and_devices.html", context())
    with acting(DOOR):
        return TemplateResponse(request, "accounts/login_and_devices.html", context())


def session_of(request: HttpRequest) -> Session | None:
    """Give the live session of the browser."""
    token = request.session_token  # type: ignore[attr-defined]
    if not token:
        return None
    if request.method == "GET":
        return sessions.live(token, at=clock.now())
    with acting(DOOR):
        return sessions.live(token, at=clock.now())


def who(request: HttpRequest) -> Any:
    """Give the actor under whose name an act at the door is recorded."""
    return request.actor or ANONYMOUS  # type: ignore[attr-defined]


def with_next(name: str, next: str) -> str:
    """Give the address of a page that goes on to `next` afterwards."""
    return f"{reverse(name)}?{urlencode({'next': next})}" if next else reverse(name)


def hat_words(hat: Hat, *, firms: dict[Any, Any]) -> dict[str, Any]:
    """Say a hat in words: whose, where, what for, until when."""
    where = jurisdiction.full_name(hat.place) if hat.place else listed(firms[p].name for p in hat.scope.parties if p in firms)
    return {
        "label": hat.label,
        "where": where,
        "purpose": hat.purpose,
        "since": local(hat.since) if hat.since else None,
        "until": hat.until,
        "borrowed": hat.until is not None,
    }
