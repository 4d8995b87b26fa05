"""The gallery of the design system, and the switches of language and theme."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.language import said as _
from qifu.kernel.web import public
from qifu.ui import samples, showpieces
from qifu.ui.context import THEME, THEMES, Frame
from qifu.ui.parts import Action
from qifu.ui.templatetags.ui import strokes


def _preview(request: HttpRequest) -> dict[str, Any]:
    name = request.GET.get("row", samples.PREVIEW.id)
    return {"subject": SimpleNamespace(**{**vars(samples.PREVIEW), "id": name, "name": name})}


def _bulk(request: HttpRequest) -> dict[str, Any]:
    chosen = request.POST.getlist("row")
    late = f"{chosen[2]}会排到明天9:00，要逾期" if len(chosen) > 2 else ""
    assign = Action(f"分派{len(chosen)}件", href="#", kind="main")
    return {"says": "都分给八组：今天还能去2家", "late": late, "actions": (assign,)}


PARTIALS: dict[str, tuple[str, Callable[[HttpRequest], dict[str, Any]]]] = {
    "_preview": ("ui/_preview.html", _preview),
    "_bulk": ("ui/_bulk.html", _bulk),
}

PAGES = samples.PAGES | showpieces.PAGES
COLOURS = (
    ("ink", _("墨")),
    ("paper", _("纸")),
    ("card", _("白")),
    ("blue", _("蓝：动作")),
    ("vermilion", _("朱红：逾期、危险、章")),
    ("bamboo", _("竹绿：可以")),
    ("amber", _("琥珀：要回答")),
    ("slate", _("青灰：停着")),
)


class SampleFrame(Frame):
    """The frame of a sample page: an invented person at an invented hour, with the reader's own language."""

    def __init__(self, request: HttpRequest, *, entered: bool) -> None:
        request.at = samples.NOW  # type: ignore[attr-defined]
        super().__init__(request)
        self.who = samples.WHO_DESK if entered else None
        self.unread = 2

    @property
    def place(self) -> str:
        """The sample place."""
        return "奉化区"

    def _shown(self, face: str) -> list[Any]:
        if self.who is None:
            return []
        return samples.DOORS if face == "desk" else samples.TABS


@public
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with its states."""
    pages = [(key, _(title)) for key, (_template, title, _make) in PAGES.items()]
    parts = {name: value for module in (samples, showpieces) for name, value in vars(module).items() if name.isupper()}
    context = {"s": parts, "pages": pages, "colours": COLOURS, "icons": list(strokes())}
    return render(request, "ui/gallery.html", {**context, "frame": SampleFrame(request, entered=True)})


@public
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one page template with invented rows. A POST changes nothing and shows the same."""
    if key in PARTIALS:
        template, says = PARTIALS[key]
        return render(request, template, {**says(request), "frame": SampleFrame(request, entered=True)})
    if key not in PAGES:
        raise Http404
    template, _title, make = PAGES[key]
    entered = not key.startswith(("login", "4", "5", "csrf"))
    return render(request, template, {**make(), "frame": SampleFrame(request, entered=entered)})


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language in a cookie and go back to the page."""
    code = request.POST.get("language", "")
    known = translation.check_for_language(code) and code in dict(settings.LANGUAGES)
    return _kept(request, settings.LANGUAGE_COOKIE_NAME, code if known else None)


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep this device's theme in a cookie and go back to the page; an empty one is light."""
    chosen = request.POST.get("theme", "")
    return _kept(request, THEME, chosen if chosen in ("", *THEMES) else None)


def _kept(request: HttpRequest, cookie: str, value: str | None) -> HttpResponse:
    """Go back to a page of this site, with the choice in a cookie where there is one."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        address = "/"
    response = HttpResponseRedirect(address)
    if value is not None:
        response.set_cookie(cookie, value, max_age=365 * 24 * 3600, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response
