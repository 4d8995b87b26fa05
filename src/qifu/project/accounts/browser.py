"""What a browser holds for the door: the session's cookie, and a short-lived one between the number and its code."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from qifu.kernel.access import sessions
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.web import COOKIE

WAITING = "qifu_door"
ASKED = "qifu_key"
_WAITING_LASTS = 600
_SALT = "qifu.door"
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


def in_wechat(request: HttpRequest) -> bool:
    """Say whether this is WeChat's own browser, which opens no passkey."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")


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


def keep_waiting(response: HttpResponse, *, ticket: UUID, phone: str, next: str) -> HttpResponse:
    """Let the browser remember between two pages which number it typed and where it wants to go."""
    value = signing.dumps({"ticket": str(ticket), "phone": phone, "next": next}, salt=_SALT)
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
