"""What a browser holds for the door: the session's cookie, and a short-lived one between the number and its code."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from qifu.integrations.identity import Proof
from qifu.kernel.access import sessions
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.web import COOKIE

WAITING = "qifu_door"
ASKED = "qifu_key"
BEGUN = "qifu_begun"
_WAITING_LASTS = 600
_SALT = "qifu.door"
_BEGUN_SALT = "qifu.door.begun"
_SYSTEMS = (("MicroMessenger", _('微信')), ("HarmonyOS", _('鸿蒙手机')), ("iPhone", "iPhone"), ("Android", _('安卓手机')), ("iPad", "iPad"),
            ("Windows", _('Windows 电脑')), ("Mac OS", _('Mac 电脑')), ("Linux", _('Linux 电脑')))  # fmt: skip
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def address_of(request: HttpRequest) -> str:
    """Give the socket's address; headers that a client may write are not believed (ASVS 4.1.3)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def device_of(request: HttpRequest) -> str:
    """Say in words what browser it is, so that its owner knows it in the list."""
    agent = request.headers.get("User-Agent", "")
    words = (next((word for sign, word in table if sign in agent), "") for table in (_SYSTEMS, _BROWSERS))
    return listed((word for word in words if word), " · ") or _("未知设备")


def keep_asked(response: HttpResponse, *, browser: UUID) -> HttpResponse:
    """Let the browser remember by what name it asked for something to sign, so that only it may answer."""
    response.set_cookie(
        ASKED, signing.dumps(str(browser), salt=_SALT), max_age=_WAITING_LASTS, path="/login",
        httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict",
    )  # fmt: skip
    return response


def asked(request: HttpRequest) -> UUID | None:
    """Read what `keep_asked` wrote; None where it is gone or was changed."""
    try:
        return UUID(signing.loads(request.COOKIES.get(ASKED, ""), salt=_SALT, max_age=_WAITING_LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def safe_next(request: HttpRequest, asked: str) -> str:
    """Give an address of this site to go on to, or ''."""
    return asked if asked and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()) else ""


def keep_session(response: HttpResponse, request: HttpRequest, token: str) -> HttpResponse:
    """Give the browser its new session and a new form token; what it held for the door is dropped."""
    response.set_cookie(
        COOKIE, token, max_age=int(sessions.LASTS.total_seconds()), path="/",
        httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip
    response.delete_cookie(WAITING, path="/login")
    rotate_token(request)
    return response


def drop_session(response: HttpResponse) -> HttpResponse:
    """Take everything of the session from the browser."""
    response.delete_cookie(COOKIE, path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache"'
    return response


def keep_begun(response: HttpResponse, *, service: str, proof: Proof, next: str) -> HttpResponse:
    """Let the browser remember with what it was sent out to another service; only it can answer for it."""
    value = signing.dumps([service, proof.state, proof.nonce, proof.verifier, next], salt=_BEGUN_SALT)
    response.set_cookie(
        BEGUN, value, max_age=_WAITING_LASTS, path="/login", httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
    return response


def begun(request: HttpRequest, *, service: str, state: str) -> tuple[Proof, str] | None:
    """Read what `keep_begun` wrote, and where to go on to; None for another service or another state than came back."""
    try:
        kept, *words, next = signing.loads(request.COOKIES.get(BEGUN, ""), salt=_BEGUN_SALT, max_age=_WAITING_LASTS)
        proof = Proof(state=words[0], nonce=words[1], verifier=words[2])
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return None
    return (proof, next) if kept == service and constant_time_compare(proof.state, state) else None


def keep_waiting(response: HttpResponse, *, ticket: UUID, phone: str, next: str, link: Sequence[str] = ()) -> HttpResponse:
    """Let the browser remember between two pages which number it typed and where it wants to go.

    `link`: service, blind number there and name of whoever it vouched for, to be linked once the telephone is proved."""
    value = signing.dumps({"ticket": str(ticket), "phone": phone, "next": next, "link": list(link)}, salt=_SALT)
    response.set_cookie(
        WAITING, value, max_age=_WAITING_LASTS, path="/login", httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
    return response


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Read what `keep_waiting` wrote; None where it is gone or was changed."""
    try:
        found: dict[str, Any] = signing.loads(request.COOKIES.get(WAITING, ""), salt=_SALT, max_age=_WAITING_LASTS)
    except signing.BadSignature:
        return None
    return found


def to_login(request: HttpRequest) -> HttpResponse:
    """Send somebody who has not entered to the door, and back here afterwards."""
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")
