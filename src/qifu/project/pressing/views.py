"""催办: what is late and told to nobody, who was told of what, and who is named for each office on each rung."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, acting
from qifu.kernel.access.models import Department
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.ladder import watched
from qifu.kernel.ladder.models import Named, Told
from qifu.kernel.ladder.naming import candidates
from qifu.kernel.ladder.sweep import FAILED, silent, subjects_of
from qifu.kernel.ladder.terms import KEEP, LATE_FROM, SEE, ladder
from qifu.kernel.language import said
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.web import needs, opens
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Clock, Field, Notice, Option, View
from qifu.ui.words import say_deadline

SHOWN, DAYS = 200, 14
_TOWNS = ("town", "subdistrict", "zone", "park")


def _tabs(request: HttpRequest, *, here: str, late: int | None = None) -> list[View]:
    pages = [("silent", said("无人可催"), late), ("told", said("催过的"), None), ("names", said("催到谁"), None)]
    return [
        View(word, reverse(f"pressing:{name}"), count, "stop" if count else "", here=name == here) for name, word, count in pages
    ]  # fmt: skip


def _way_to(process: str, subject: Any, actor: Actor) -> str:
    """Give the page of what is pressed, '' for whoever may not open it: the list is also for leaders who only press."""
    href = str(watched[process].url(subject))
    return href if opens(href, actor) else ""


@require_safe
@needs(SEE)
def silent_ones(request: HttpRequest) -> HttpResponse:
    """List what is late and of which nobody was told, with why."""
    at = clock.now()
    found = silent(request.actor, at=at)  # type: ignore[attr-defined]
    subjects, tried = subjects_of(found), _failed(found)
    rows = [
        SimpleNamespace(
            title=watched[run.process].title(subject), href=_way_to(run.process, subject, request.actor), clock=Clock(run.due_at),
            step=_clock_word(run.process, run.name), office=run.owner or jurisdiction.name(run.region),
            why=said("发给{name}的没有送到", name=tried[run.id]) if run.id in tried else _why_none(subject),
        )
        for run in found
        if (subject := subjects.get(run.subject)) is not None
    ]  # fmt: skip
    context = {
        "rows": rows[:SHOWN], "more": max(len(rows) - SHOWN, 0), "tabs": _tabs(request, here="silent", late=len(rows)), "at": at,
        "may_keep": KEEP in request.actor.rights, "rungs": ladder().rungs, "reminders": ladder().reminders,  # type: ignore[attr-defined]
    }  # fmt: skip
    return TemplateResponse(request, "pressing/silent.html", context)


def _why_none(subject: Any) -> str:
    return said("单独办理的，不发消息") if subject.compartment else said("还没有填催到谁，或填的人不在岗")


def _failed(found: Sequence[Any]) -> dict[UUID, str]:
    told = Told.objects.filter(run__in=[run.id for run in found], stage__gte=LATE_FROM, person__isnull=False)
    return {one.run: one.person_name for one in told}


def _clock_word(process: str, name: str) -> str:
    clocks = {one.name: one.label for one in watched[process].workflow.clocks} if process in watched else {}
    return str(clocks.get(name, name))


@require_safe
@needs(SEE)
def told(request: HttpRequest) -> HttpResponse:
    """List who was reminded and pressed lately, and whether the message arrived."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = list(Told.objects.visible_to(actor).filter(person__isnull=False).order_by("-at", "-stage")[:SHOWN])
    subjects = subjects_of(found)
    states = dict(Outgoing.objects.filter(pk__in={one.message for one in found if one.message}).values_list("id", "state"))
    rows = [
        SimpleNamespace(
            at=one.at, who=one.person_name, covers=one.covers, stage=ladder().label(one.stage), late=one.stage >= LATE_FROM,
            title=watched[one.process].title(subject), href=_way_to(one.process, subject, actor), step=_clock_word(one.process, one.clock),
            due=say_deadline(one.due_at, at=at), lost=states.get(one.message) in FAILED,
        )
        for one in found
        if (subject := subjects.get(one.subject)) is not None
    ]  # fmt: skip
    return TemplateResponse(request, "pressing/told.html", {"rows": rows, "tabs": _tabs(request, here="told"), "at": at})


# ---------------------------------------------------------------- who is named


def _places(actor: Actor, right: str, *, at: datetime) -> list[int]:
    return sorted({hat.place for hat in actor.hats if right in hat.rights and hat.valid(at) and hat.place})


@require_safe
@needs(SEE)
def names(request: HttpRequest) -> HttpResponse:
    """Show by office and rung who is told, and who covers."""
    return _names(request)


def _names(request: HttpRequest, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    today, rungs = local(at).date(), ladder().rungs
    places = _places(actor, SEE, at=at)
    keeps = {one for place in _places(actor, KEEP, at=at) for one in jurisdiction.reach(place)}
    offices: list[tuple[int, str, str]] = []
    for place in places:
        offices.append((place, "", jurisdiction.name(place)))
        units = Department.objects.filter(place=place).order_by("name").values_list("code", "name")
        offices += [(place, code, name) for code, name in units]
        offices += [
            (one, "", jurisdiction.name(one)) for one in sorted(jurisdiction.reach(place))
            if one != place and jurisdiction.place(one).kind in _TOWNS
        ]  # fmt: skip
    held = {(row.region, row.office, row.rung): row for row in Named.objects.visible_to(actor).filter(ended_at__isnull=True)}
    rows = [
        SimpleNamespace(
            name=name, whole=not office and place in places,
            cells=[_cell(held.get((place, office, rung.stage)), place, office, rung.stage, place in keeps, today) for rung in rungs],
        )
        for place, office, name in dict.fromkeys(offices)
    ]  # fmt: skip
    context = {"rows": rows, "rungs": rungs, "tabs": _tabs(request, here="names"), "notice": notice or _done(request)}
    return TemplateResponse(request, "pressing/names.html", context)


def _cell(row: Named | None, place: int, office: str, rung: int, keeps: bool, today: date) -> Any:
    asks = f"{reverse('pressing:new')}?{urlencode({'place': place, 'office': office, 'rung': rung})}" if keeps else ""
    if row is None:
        return SimpleNamespace(name="", cover="", href="", asks=asks)
    away = row.away_until is not None and row.away_until >= today
    return SimpleNamespace(
        name=row.person_name, href=reverse("pressing:named", args=[row.id]) if keeps else "", asks="",
        cover=said("{a}至{b}由{name}代", a=f"{row.away_from:%-m.%-d}", b=f"{row.away_until:%-m.%-d}", name=row.cover_name) if away else "",
    )  # fmt: skip


def _done(request: HttpRequest) -> Notice | None:
    words = {
        "named": said("记下了。从现在起超期的催到这个人"), "away": said("记下了。那几天改催代的人，到期自己换回来"),
        "back": said("换回来了"), "ended": said("不再催到这个人。没有另填的，超期会列在“无人可催”"),
    }  # fmt: skip
    word = words.get(request.GET.get("done", ""))
    return Notice(word, "ok") if word else None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def new(request: HttpRequest) -> HttpResponse:
    """Name the person of a rung for an office or a place."""
    if request.method != "POST":
        return _new(request, request.GET.dict(), {})
    posted = request.POST.dict()
    given = {name: posted.get(name, "") for name in ("place", "office", "rung", "person")}
    if not posted.get("person"):
        with acting(request.actor):  # type: ignore[attr-defined]
            page = _new(request, posted, {"person": said("还没有选人。")})
            page.render()
        page.status_code = 422
        return page
    answer = run("ladder.name", given, actor=request.actor, at=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    to = f"{reverse('pressing:names')}?done=named"
    return answered(request, answer, to=to, again=lambda *, notice, errors: _new(request, posted, errors, notice=notice))


def _new(request: HttpRequest, posted: dict[str, str], errors: dict[str, str], *, notice: Notice | None = None) -> TemplateResponse:
    place, office, rung = _number(posted.get("place", "")), posted.get("office", ""), _number(posted.get("rung", ""))
    reached = {one for home in _places(request.actor, KEEP, at=clock.now()) for one in jurisdiction.reach(home)}  # type: ignore[attr-defined]
    if place not in reached or not 1 <= rung <= len(ladder().rungs):
        raise NotFound()
    unit = Department.objects.filter(code=office, place=place).first() if office else None
    if office and unit is None:
        raise NotFound()
    fields = filled([_people("person", said("催到谁"), place)], posted, errors)
    context = {
        "office": unit.name if unit else jurisdiction.name(place), "rung": ladder().rungs[rung - 1], "fields": fields, "notice": notice,
        "hidden": [("place", place), ("office", office), ("rung", rung), ("key", str(key_of(request)))],
    }  # fmt: skip
    return TemplateResponse(request, "pressing/new.html", context)


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else 0


def _people(name: str, label: str, place: int, *, but: UUID | None = None) -> Field:
    found = [one for one in candidates(place, at=clock.now()) if one.id != but]
    options = [Option(str(one.id), f"{one.unit}　{one.name}{f'（{one.title}）' if one.title else ''}") for one in found]
    return Field(name, label, "select", options=options, placeholder=said("选一个人"), hint=said("只列现在在岗的"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def named(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show who is named on a rung; say who covers while they are away."""
    if request.method != "POST":
        return _named(request, id, {}, {})
    posted = request.POST.dict()
    errors = _lacks(posted)
    if errors:
        with acting(request.actor):  # type: ignore[attr-defined]
            page = _named(request, id, posted, errors)
            page.render()
        page.status_code = 422
        return page
    given = {"named": id, **{name: posted[name] for name in ("cover", "away_from", "away_until")}}
    answer = run("ladder.away", given, actor=request.actor, at=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    to = f"{reverse('pressing:names')}?done=away"
    return answered(request, answer, to=to, again=lambda *, notice, errors: _named(request, id, posted, errors, notice=notice))


def _lacks(posted: dict[str, str]) -> dict[str, str]:
    errors = {} if posted.get("cover") else {"cover": said("还没有选人。")}
    for name in ("away_from", "away_until"):
        try:
            date.fromisoformat(posted.get(name, ""))
        except ValueError:
            errors[name] = said("日期写成 2020-02-10 这样。")
    return errors


def _named(
    request: HttpRequest, id: UUID, posted: dict[str, str], errors: dict[str, str], *, notice: Notice | None = None
) -> TemplateResponse:
    row = Named.objects.visible_to(request.actor).filter(pk=id, ended_at__isnull=True).first()  # type: ignore[attr-defined]
    if row is None:
        raise NotFound()
    fields = [
        replace(_people("cover", said("谁代"), row.region, but=row.person), value=str(row.cover or "")),
        Field("away_from", said("从哪天"), "date", value=row.away_from.isoformat() if row.away_from else ""),
        Field("away_until", said("到哪天"), "date", value=row.away_until.isoformat() if row.away_until else "", hint=said("这天也算在内")),
    ]
    asks = urlencode({"place": row.region, "office": row.office, "rung": row.rung})
    context = {
        "row": row, "rung": ladder().rungs[row.rung - 1], "fields": filled(fields, posted, errors), "notice": notice,
        "key": str(key_of(request)), "other": f"{reverse('pressing:new')}?{asks}",
    }  # fmt: skip
    return TemplateResponse(request, "pressing/named.html", context)


@require_POST
@needs(KEEP)
def back(request: HttpRequest, id: UUID) -> HttpResponse:
    """End the cover now."""
    answer = run("ladder.back", {"named": id}, actor=request.actor, at=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    again = lambda *, notice, errors: _names(request, notice)  # noqa: E731
    return answered(request, answer, to=f"{reverse('pressing:names')}?done=back", again=again)


@require_POST
@needs(KEEP)
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a name off its rung."""
    answer = run("ladder.end", {"named": id}, actor=request.actor, at=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    again = lambda *, notice, errors: _names(request, notice)  # noqa: E731
    return answered(request, answer, to=f"{reverse('pressing:names')}?done=ended", again=again)
