"""The leader's page: on the phone, at a desk, and on the wall; one template, three sizes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Matter, Stuck, matters
from qifu.kernel.web import needs, opens
from qifu.ui.parts import Clock, Link
from qifu.ui.words import say_moment

from .. import chosen, queries, reaching, walling
from ..nav import SEE

SHOWN = 3
CALL = "insight.call"


@require_GET
@needs(SEE)
def wall(request: HttpRequest) -> HttpResponse:
    """Show five numbers, three things to decide, the map and the two lines, of one's own place or of one inside it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    place = walling.place_of(actor, at, request.GET.get("place", ""))
    on_the_wall = request.GET.get("theme") == "wall"
    context: dict[str, Any] = {"wall": on_the_wall, "at": at, "place": place, "back": None, "called": None}
    if place is None:
        return TemplateResponse(request, "insight/wall.html", context | {"title": _("今天"), "figures": []})
    within = jurisdiction.reach(place, local(at).date())
    choice = chosen.chosen(chosen.pack_at(place, at))
    found = walling.numbers(choice.numbers, place=place, at=at)
    mapped = next((one for one in found if one.id == choice.map), None)
    if mapped is None and choice.map:
        mapped = next(iter(walling.numbers([chosen.Shown(choice.map, "")], place=place, at=at)), None)
    tiles = walling.tiles(mapped, place=place, at=at) if mapped else []
    may_call = actor.may(CALL) and not on_the_wall
    waiting = matters(actor, at=at, within=within)
    fed = walling.last_fed(within, at)
    latest = queries.latest(actor, place, at)
    first = waiting[:SHOWN]
    callable = _callable([*(one.stuck for one in found), *first], at=at) if may_call else {}
    context |= {
        "title": _("今天的%(place)s") % {"place": jurisdiction.short(jurisdiction.name(place))},
        "asof": say_moment(at, at=at, style="full"),
        "fed": _fed(fed, at),
        "figures": [_figure(one, callable) for one in found],
        "matters": [_matter(one, callable, actor=actor, at=at) for one in first],
        "more": max(len(waiting) - SHOWN, 0),
        "tiles": tiles,
        "tiles_high": max((tile.y for tile in tiles), default=0) + walling.TILE[1] + 2,
        "tiles_wide": max((tile.x for tile in tiles), default=0) + walling.TILE[0] + 2,
        "finding": walling.finding(tiles),
        "map_note": choice.map_note,
        "map_name": mapped.indicator.label if mapped else "",
        "has_zone": any(tile.zone for tile in tiles),
        "chart": walling.chart(choice, found, place=place, at=at),
        "bulletin": latest,
        "back": _above(actor, place, at),
        "self": request.get_full_path(),
    }
    return TemplateResponse(request, "insight/wall.html", context)


def _figure(one: walling.Number, calls: Mapping[reaching.Asked, SimpleNamespace]) -> SimpleNamespace:
    tone = "ok" if one.change > 0 else "ask" if one.change < 0 else ""
    return SimpleNamespace(number=one, tone=tone, icon="up" if one.change > 0 else "fall", call=calls.get(_asked(one.stuck)))


def _matter(one: Matter, calls: Mapping[reaching.Asked, SimpleNamespace], *, actor: Actor, at: datetime) -> SimpleNamespace:
    return SimpleNamespace(
        matter=one,
        href=one.url if one.url and opens(one.url, actor) else "",
        clock=Clock(one.due_at) if one.due_at else None,
        tone="stop" if one.due_at and one.due_at <= at else "ask",
        call=calls.get(_asked(one)),
    )


def _callable(shown: Sequence[Stuck | Matter | None], *, at: datetime) -> dict[reaching.Asked, SimpleNamespace]:
    """Give who would answer, for one touch, by place and right; nothing where nobody is known."""
    found = reaching.answering({asked for one in shown if all(asked := _asked(one))}, at=at)
    return {
        (place, right): SimpleNamespace(name=person.name, office=office, place=place, right=right)
        for (place, right), (person, office) in found.items()
    }


def _asked(one: Stuck | Matter | None) -> reaching.Asked:
    return (one.place or 0, one.right) if one is not None else (0, "")


def _fed(fed: datetime | None, at: datetime) -> str:
    return _("最近一条记录%(at)s") % {"at": say_moment(fed, at=at)} if fed else _("一周内没有新记录")


def _above(actor: Actor, place: int, at: datetime) -> Link | None:
    """Give the way back up, as far as the actor's own place."""
    home = walling.home_of(actor, at)
    if home is None or place == home:
        return None
    above = jurisdiction.lineage(place, local(at).date())[1]
    return Link(jurisdiction.short(jurisdiction.name(above)), f"{reverse('insight:wall')}?place={above}")


@require_POST
@needs(CALL)
def call(request: HttpRequest) -> HttpResponse:
    """Give the number to call, large, after writing down that it was looked up."""
    given = {name: request.POST.get(name, "") for name in ("place", "right")}
    answer = run("insight.call", given, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
    back = request.POST.get("back", "")
    context = {
        "title": _("打电话"),
        "line": answer.result if answer.ok else None,
        "refused": None if answer.ok else answer,
        "back": back if back.startswith("/wall/") else reverse("insight:wall"),
    }
    return TemplateResponse(request, "insight/call.html", context, status=200 if answer.ok else 409)
