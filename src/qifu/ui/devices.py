"""A program that lies on a phone and works without a network: what it is made of, and how the server takes what it brings.

The program holds nobody's data, so that it may lie on the phone; what a person takes along and delivers goes through
registered acts alone. How often it is sent, and what the phone's clock says, make no difference (ADR 0010)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.access import ActionRefused, acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.actions.registry import attempted
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs, public
from qifu.ui.words import say_span

AHEAD_SAID = timedelta(minutes=5)
"""A phone's clock may be wrong by this much before anybody need hear of it."""
FRAME = (
    "ui/tokens.css", "ui/components.css", "ui/phone.css", "ui/field/field.css", "ui/mark.svg", "ui/check.svg", "ui/app.js",
)  # fmt: skip
"""What every program links, by its present address."""
SHARED = ("ui/photo.js", "ui/photo-keep.js", "ui/resend.js", "ui/field/draw.js", "ui/field/queue.js", "ui/field/store.js")
"""What every program imports, by plain address."""
STATUSES = {"SubjectMoved": 202, "EvidenceMissing": 424, "BadInput": 422, "NotFound": 404}


class NotTheirs(ActionRefused):
    """A queue belongs to whoever made it."""

    says = "这几条是另一位同志在现场做的，不能由您发出，都还在手机里。"
    fix = "等本人登录后会自己发出。"
    forbidden = True


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program: its name (of cache and store), the addresses over which it stands, its own files and modules, and what
    it may deliver: action -> what the phone is told of the result (inside `acting`). `delivery` names an attempt that is refused.

    `page` is the template that starts it, `words` what its scripts say, `day` the action whose result a phone takes along."""

    name: str
    title: str
    """What stands below its picture on the home screen."""
    scope: str
    right: str
    page: str
    words: Sequence[str]
    day: str
    shell: str
    """Names of addresses, as `reverse` takes them."""
    manifest: str
    files: tuple[str, ...]
    modules: tuple[str, ...] = ()
    delivery: str
    delivers: Mapping[str, Callable[[Any], dict[str, Any]]]
    latest: timedelta = timedelta(hours=24)
    """How long before it arrives something may have been done."""
    timed: tuple[str, ...] = ()
    """Actions whose input keeps the phone's own clock: told_at, ahead (seconds)."""

    def views(self) -> tuple[Callable[[HttpRequest], HttpResponse], ...]:
        """Give what an area names by addresses: shell, worker, manifest, take_along, deliver."""

        @require_GET
        @public
        @ensure_csrf_cookie
        def shell(request: HttpRequest) -> HttpResponse:
            """Show the program without anybody's data: what a phone without a network starts with."""
            return TemplateResponse(request, self.page, {"words": translated(self.words)})

        @require_GET
        @public
        def worker(request: HttpRequest) -> HttpResponse:
            """Give the service worker."""
            return self.worker(request)

        @require_GET
        @public
        def manifest(request: HttpRequest) -> HttpResponse:
            """Give the web app manifest, by which the program can be put on the home screen."""
            context = {"scope": self.scope, "title": self.title}
            return TemplateResponse(request, "ui/field_manifest.json", context, content_type="application/manifest+json; charset=utf-8")

        @require_POST
        @needs(self.right)
        def take_along(request: HttpRequest) -> HttpResponse:
            """Give what one takes along as JSON."""
            return self.take_along(request)

        @require_POST
        @needs(self.right)
        def deliver(request: HttpRequest) -> HttpResponse:
            """Take one report from a phone's queue."""
            return self.deliver(request)

        return shell, worker, manifest, take_along, deliver

    def worker(self, request: HttpRequest) -> HttpResponse:
        """Give the service worker: it must come from within its scope, and names files by their present addresses."""
        files = [static(name) for name in (*FRAME, *self.files)]
        files += [urljoin(settings.STATIC_URL, name) for name in (*SHARED, *self.modules)]
        context = {
            "name": self.name, "scope": self.scope, "shell": reverse(self.shell), "manifest": reverse(self.manifest), "files": files,
            "version": _version((*FRAME, *self.files, *SHARED, *self.modules), tuple(files)),
        }  # fmt: skip
        response = TemplateResponse(request, "ui/field_worker.js", context, content_type="text/javascript; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        return response

    def take_along(self, request: HttpRequest) -> HttpResponse:
        """Give what an action says of a person's day as JSON, with the server's clock."""
        answer = run(self.day, {}, actor=request.actor)
        return _refused(answer) if isinstance(answer, Refused) else JsonResponse({**answer.result, "now": clock.now().isoformat()})

    def deliver(self, request: HttpRequest) -> HttpResponse:
        """Take one report from a phone's queue: {action, key, person, given, made_at, now} as JSON.

        `person` is whose queue it is: another's is refused. `made_at` and `now` are the phone's clock; the server counts back
        from its own, so that a wrong clock does no harm. 200 done or done before, 202 kept for somebody to settle, 4xx refused."""
        try:
            told = json.loads(request.body)
            name, given, key = str(told["action"]), dict(told["given"]), UUID(str(told["key"]))
        except (ValueError, KeyError, TypeError):
            words = {"says": _("这一条读不懂，没有收下。手机里的还在。"), "fix": _("更新页面后再发。")}
            return JsonResponse({"code": "BadInput", **words}, status=400)
        if name not in self.delivers:
            return JsonResponse({"code": "BadInput", "says": _("手机上不能办这一步，没有收下。"), "fix": ""}, status=400)
        if str(told.get("person", "")) != str(request.actor.person):
            refusal = NotTheirs()
            attempted(self.delivery, refusal, actor=request.actor, at=clock.now())
            return JsonResponse({"code": refusal.code, "says": refusal.says, "fix": refusal.fix}, status=409)
        at, ahead = when(told, given, now=clock.now(), latest=self.latest)
        if name in self.timed:
            given |= {"told_at": told.get("made_at") or None, "ahead": int(ahead.total_seconds())}
        answer = run(name, given, actor=request.actor, at=at, key=key)
        clocks = {"at": at.isoformat(), "clock": clock_words(ahead)}
        if isinstance(answer, Refused):
            return _refused(answer, **clocks)
        with acting(request.actor):
            told_back = self.delivers[name](answer.result)
        return JsonResponse({"ok": True, "again": answer.again, "told": told_back, **clocks})


def translated(words: Sequence[str]) -> dict[str, str]:
    """Give the words that differ from the Chinese in the language of the page: a script looks them up by the Chinese."""
    return {} if (get_language() or "").startswith("zh") else {word: _(word) for word in words}


@cache
def _version(names: tuple[str, ...], addresses: tuple[str, ...]) -> str:
    """Give a word that changes when any file of a program does."""
    parts = [Path(one).read_bytes() for one in map(finders.find, names) if isinstance(one, str)]
    return sha256(b"".join([*parts, *(address.encode() for address in addresses)])).hexdigest()[:12]


def when(told: Mapping[str, Any], given: Mapping[str, Any], *, now: datetime, latest: timedelta) -> tuple[datetime, timedelta]:
    """Give when a report was made by the server's clock, and by how much the phone's clock was ahead.

    How long ago is the difference of two readings of one clock, which is right also where the clock is wrong. Never
    before the state that it was made on, never after now."""
    made, sent, seen = _instant(told.get("made_at")), _instant(told.get("now")), _instant(given.get("seen"))
    ahead = sent - now if sent else timedelta()
    ago = max(sent - made, timedelta()) if sent and made else timedelta()
    at = now - min(ago, latest)
    return (max(at, seen) if seen and seen <= now else at), max(min(ahead, timedelta(days=365)), timedelta(days=-365))


def clock_words(ahead: timedelta) -> str:
    """Say that the phone's clock is wrong, where it is by more than people notice."""
    if abs(ahead) < AHEAD_SAID:
        return ""
    span = say_span(abs(ahead))
    fast = said("这台手机的时间快了{span}，已按系统的时间记。", span=span)
    slow = said("这台手机的时间慢了{span}，已按系统的时间记。", span=span)
    return str(fast if ahead > timedelta() else slow)


def _instant(value: Any) -> datetime | None:
    try:
        found = clock.read_instant(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _refused(answer: Refused, **words: str) -> HttpResponse:
    """Answer a refusal: 202 where the report was kept, else 403, 404, 409 or 422 with its words."""
    forbidden = bool(answer.refusal and answer.refusal.forbidden)
    status = STATUSES.get(answer.code, 403 if forbidden else 409)
    return JsonResponse(
        {"ok": False, "code": answer.code, "says": answer.says, "fix": answer.fix, "errors": dict(answer.errors or {}), **words},
        status=status,
    )
