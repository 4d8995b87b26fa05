"""The assessor's phone as a program of its own: what it loads, what it takes along, and where it delivers.

The shell holds nobody's data, so that it may lie on the phone; all else comes by `take_along` and leaves by `deliver`."""

import json
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.actions import Refused, run
from qifu.kernel.actions.registry import attempted
from qifu.kernel.calendar import clock
from qifu.kernel.web import needs, public
from qifu.ui.words import say_span

from ..refusals import NotTheirs
from .field_words import words

DELIVERED = {"resumption.assess", "resumption.check_item"}
"""What a phone may deliver: the same acts as pages do."""
AHEAD_SAID = timedelta(minutes=5)
"""A phone's clock may be wrong by this much before anybody need hear of it."""
LATEST = timedelta(hours=24)
FILES = (
    "ui/tokens.css", "ui/components.css", "ui/phone.css", "resumption/resumption.css", "resumption/field/field.css", "ui/icons.svg",
    "ui/mark.svg", "ui/check.svg", "ui/app.js", "vendor/htmx-2.0.11.min.js", "resumption/field/app.js",
)  # fmt: skip
"""What the program links, by its present address."""
MODULES = ("ui/photo.js", *(f"resumption/field/{name}.js" for name in ("draw", "queue", "sign", "store")))
"""What its modules import, by plain address."""


@require_GET
@public
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """Show the program without anybody's data: what a phone without a network starts with."""
    return TemplateResponse(request, "resumption/field_shell.html", {"words": words()})


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker: it must come from /field/ to stand over it, and names files by their present addresses."""
    response = TemplateResponse(request, "resumption/field_worker.js", _to_keep(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _to_keep() -> dict[str, Any]:
    """Give the addresses that the phone keeps, and a version that changes when any of them does."""
    addresses = [static(name) for name in FILES] + [urljoin(settings.STATIC_URL, name) for name in MODULES]
    return {"files": addresses, "version": _version(tuple(addresses))}


@cache
def _version(addresses: tuple[str, ...]) -> str:
    found = [finders.find(name) for name in (*FILES, *MODULES)]
    parts = [Path(one).read_bytes() for one in found if isinstance(one, str)]
    return sha256(b"".join([*parts, *(address.encode() for address in addresses)])).hexdigest()[:12]


@require_GET
@public
def manifest(request: HttpRequest) -> HttpResponse:
    """Give the web app manifest, by which the program can be put on the home screen."""
    return TemplateResponse(request, "resumption/field_manifest.json", {}, content_type="application/manifest+json; charset=utf-8")


@require_POST
@needs("resumption.assess")
def take_along(request: HttpRequest) -> HttpResponse:
    """Give today's visits as JSON."""
    answer = run("resumption.take_along", {}, actor=request.actor)
    return _refused(answer) if isinstance(answer, Refused) else JsonResponse({**answer.result, "now": clock.now().isoformat()})


@require_POST
@needs("resumption.assess")
def deliver(request: HttpRequest) -> HttpResponse:
    """Take one report from a phone's queue: {action, key, person, given, made_at, now} as JSON.

    `person` is whose queue it is: another's is refused. `made_at` and `now` are the phone's clock; the server counts back
    from its own, so that a wrong clock does no harm. 200 done or done before, 202 kept for somebody to settle, 4xx refused."""
    try:
        told = json.loads(request.body)
        name, given, key = str(told["action"]), dict(told["given"]), UUID(str(told["key"]))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "BadInput", "says": "这一条读不懂，没有收下。手机里的还在。", "fix": "更新页面后再发。"}, status=400)
    if name not in DELIVERED:
        return JsonResponse({"code": "BadInput", "says": "手机上不能办这一步，没有收下。", "fix": ""}, status=400)
    if str(told.get("person", "")) != str(request.actor.person):
        refusal = NotTheirs()
        attempted("resumption.deliver", refusal, actor=request.actor, at=clock.now())
        return JsonResponse({"code": refusal.code, "says": refusal.says, "fix": refusal.fix}, status=409)
    now = clock.now()
    at, ahead = when(told, given, now=now)
    if name == "resumption.assess":
        given |= {"told_at": told.get("made_at") or None, "ahead": int(ahead.total_seconds())}
    answer = run(name, given, actor=request.actor, at=at, key=key)
    words = {"at": at.isoformat(), "clock": clock_words(ahead)}
    if isinstance(answer, Refused):
        return _refused(answer, **words)
    return JsonResponse({"ok": True, "again": answer.again, **words})


def when(told: dict[str, Any], given: dict[str, Any], *, now: datetime) -> tuple[datetime, timedelta]:
    """Give when a report was made by the server's clock, and by how much the phone's clock was ahead.

    How long ago is the difference of two readings of one clock, which is right also where the clock is wrong. Never
    before the state that it was made on, never after now."""
    made, sent, seen = _instant(told.get("made_at")), _instant(told.get("now")), _instant(given.get("seen"))
    ahead = sent - now if sent else timedelta()
    ago = max(sent - made, timedelta()) if sent and made else timedelta()
    at = now - min(ago, LATEST)
    return (max(at, seen) if seen and seen <= now else at), max(min(ahead, timedelta(days=365)), timedelta(days=-365))


def clock_words(ahead: timedelta) -> str:
    """Say that the phone's clock is wrong, where it is by more than people notice."""
    if abs(ahead) < AHEAD_SAID:
        return ""
    span = say_span(abs(ahead))
    if ahead > timedelta():
        return _("这台手机的时间快了%(span)s，已按服务器的时间记。") % {"span": span}
    return _("这台手机的时间慢了%(span)s，已按服务器的时间记。") % {"span": span}


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _refused(answer: Refused, **words: str) -> HttpResponse:
    """Answer a refusal: 202 where the report was kept, else 403, 404, 409 or 422 with its words."""
    forbidden = bool(answer.refusal and answer.refusal.forbidden)
    status = {"SubjectMoved": 202, "EvidenceMissing": 424, "BadInput": 422, "NotFound": 404}.get(answer.code, 403 if forbidden else 409)
    return JsonResponse(
        {"ok": False, "code": answer.code, "says": answer.says, "fix": answer.fix, "errors": dict(answer.errors or {}), **words},
        status=status,
    )
