"""The frame of every page: where, who, which hats, which doors, what time it is, which language.

It reads only what middleware has already put on the request and never asks the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from qifu.kernel.access import actor_now
from qifu.kernel.calendar import clock
from qifu.ui import nav, words

THEME, THEMES = "qifu_theme", ("wall", "sun")


_COUNTS: list[Callable[[Any], int]] = []


def count_unread(count: Callable[[Any], int]) -> None:
    """Ask an area to count what an actor has still to read: the bell of the frame shows the sum. One small query each."""
    if count not in _COUNTS:
        _COUNTS.append(count)


@dataclass(frozen=True)
class Who:
    """The person as the frame says it. Middleware builds it once, beside `request.actor`."""

    name: str
    office: str = ""
    place: str = ""
    firm: str = ""
    hats: tuple[str, ...] = ()


class Frame:
    """Everything in the frame, worked out only if a page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Any = getattr(request, "actor", None)
        self.who: Who | None = _who(request, self.actor)
        self.demo: bool = bool(getattr(settings, "DEMO", False))
        self.language: str = get_language() or settings.LANGUAGE_CODE
        self.languages: list[tuple[str, str]] = list(settings.LANGUAGES)

    @property
    def html_lang(self) -> str:
        """The language for the page's `lang`: zh-CN rather than zh-hans, which screen readers do not know."""
        return "zh-CN" if self.language.startswith("zh") else self.language

    @property
    def theme(self) -> str:
        """The theme that this device has chosen: '' (light), wall (dark) or sun (high contrast, outdoors)."""
        chosen = self._request.COOKIES.get(THEME, "")
        return chosen if chosen in THEMES else ""

    @property
    def place(self) -> str:
        """The place whose office this is, in words; the installation's own when nobody has entered."""
        if self.who is not None and self.who.place:
            return self.who.place
        return str(getattr(self._request, "place_name", "") or getattr(settings, "PLACE_NAME", ""))

    @cached_property
    def now(self) -> datetime:
        """The moment of this page, from the product's clock, once a page."""
        found: datetime | None = getattr(self._request, "at", None)
        return found if found is not None else clock.now()

    @property
    def clock_words(self) -> str:
        """The page's moment in words: 2月17日 周一 15:40."""
        return words.say_moment(self.now, at=self.now, style="full")

    @cached_property
    def unread(self) -> int:
        """How much waits to be read by this person: what middleware says, else what those say who were asked to count.

        Counted only while the page's transaction is open, once a page: an error page outside of it counts nothing."""
        told: int | None = getattr(self._request, "unread", None)
        if told is not None or self.actor is None or actor_now() is not self.actor:
            return told or 0
        return sum(count(self.actor) for count in _COUNTS)

    @cached_property
    def finds(self) -> bool:
        """Whether a search leads anywhere: to the list of things in hand, or to the register."""
        if self.who is None or self.actor is None:
            return False
        return any(nav.leads(name, self.actor) for name in ("resumption:worklist", "registry:enterprises"))

    @cached_property
    def doors(self) -> list[nav.Shown]:
        """The top bar's pages that this actor may open."""
        return self._shown("desk")

    @cached_property
    def tabs(self) -> list[nav.Shown]:
        """The phone's bottom bar."""
        return self._shown("phone")

    def _shown(self, face: str) -> list[nav.Shown]:
        if self.who is None or self.actor is None:
            return []
        return nav.shown(face=face, actor=self.actor, path=self._request.path)


def _who(request: HttpRequest, actor: Any) -> Who | None:
    if actor is None or getattr(actor, "door", False):
        return None
    found: Who | None = getattr(request, "who", None)
    if found is not None:
        return found
    hats = tuple(str(hat.label) for hat in getattr(actor, "hats", ()) if getattr(hat, "label", ""))
    return Who(name=str(getattr(actor, "name", "")), hats=hats)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Give every template its `frame`."""
    return {"frame": Frame(request)}
