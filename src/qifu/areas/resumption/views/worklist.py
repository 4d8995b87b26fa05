"""The worklist: saved views with live counts, filters in the address bar, preview beside it, bulk with its consequences."""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.language import listed as together
from qifu.kernel.language import said
from qifu.kernel.web import address_of, needs, signed_in
from qifu.ui.asking import key_of, notice_of, safe, strong_address
from qifu.ui.parts import Action, Cell, Chip, Clock, Column, Field, Filter, Link, Notice, Row, RowGroup, View, ViewGroup
from qifu.ui.words import moment_of, say_span
from qifu.ui.worklist import (
    Foreseen,
    address,
    foresee,
    groups_of_views,
    in_bands,
    page_number,
    page_of,
    plain_words,
    sorting,
    text_of,
    ticked,
    towns_of,
)

from .. import days, planning, queries, worklist
from ..actions.own import MOST as MOST_VIEWS
from ..models import Application, SavedView
from ..terms import SIZES, STATES
from ..workflow import RESUMPTION
from ..worklist import Want, Worklist
from . import drawing
from .possible import actions_for

_TEAM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BULK = {"accept": "resumption.accept_many", "approve": "resumption.approve_many"}


def at_a_desk(actor: Actor) -> bool:
    """Say whether the actor reaches a place (an officer), not only a party (a contact)."""
    return bool(actor.scope.regions) or actor.scope.everywhere


@require_GET
@needs("resumption.see")
def listed(request: HttpRequest) -> HttpResponse:
    """Show the worklist of the actor's reach."""
    actor, at = request.actor, clock.now()
    if not at_a_desk(actor):
        return HttpResponseRedirect(reverse("resumption:home"))
    found = Worklist(actor, at)
    want, offered = wanted(request.GET, actor), worklist.views(actor)
    saved = views_of(actor)
    own = {f"own:{view.id}": wanted(QueryDict(view.words), actor) for view in saved}
    counts = found.count({**{view.name: Want(view) for view in offered}, **own, "": want})
    total = counts.pop("")
    applications = found.lines(found.ids(want))
    first = found.rows([one.id for one in applications[:1]])
    return TemplateResponse(
        request,
        "ui/worklist.html",
        {
            "title": want.view.label,
            "total": total,
            "order": said("最急的在前") if want.sort == "due" else "",
            "views": [*groups_of_views(offered, counts, want), *_own_views(saved, counts, request.GET)],
            "save_view": f"{reverse('resumption:views')}?{plain_words(request.GET)}",
            "chips": _chips(request.GET, want),
            "filters": _filters(request.GET, actor),
            "clear": f"?view={want.view.name}",
            "columns": _columns(request.GET, want, total),
            "groups": _groups(applications, want, found, request.GET),
            "page": page_of(request.GET, want, total, len(applications)),
            "export": f"{reverse('resumption:export')}?{request.GET.urlencode()}",
            "q": want.text,
            "subject": _subject(first[0], actor, back=request.get_full_path()) if first else None,
            "bulk_asks": reverse("resumption:bulk_asks"),
            "updated": at,
            "toasts": done_toasts(request),
        },
    )


def wanted(given: QueryDict, actor: Actor) -> Want:
    """Read the address bar; what does not fit is left out, since an address is typed and passed on by people."""
    offered = worklist.views(actor)
    named = {view.name: view for view in offered}
    view = named.get(given.get("view", ""), offered[0] if offered[0].slices else named["open"])
    return Want(
        view,
        teams=tuple(UUID(team) for team in given.getlist("team") if _TEAM.fullmatch(team))[:20],
        towns=towns_of(given),
        size=given.get("size", "") if given.get("size") in SIZES else "",
        state=given.get("state", "") if given.get("state") in STATES else "",
        big=given.get("big") == "1",
        text=text_of(given),
        sort=given.get("sort", "due") if given.get("sort") in worklist.SORTS else "due",
        page=page_number(given),
    )


def _own_views(saved: list[SavedView], counts: dict[str, int], given: QueryDict) -> list[ViewGroup]:
    here = plain_words(given)
    own = [View(view.name, f"?{view.words}", counts[f"own:{view.id}"], "", here == view.words) for view in saved]
    return [ViewGroup(said("我存的"), own)] if own else []


def _chips(given: QueryDict, want: Want) -> list[Chip]:
    chips = []
    if want.text:
        chips.append(Chip(said("查找"), want.text, address(given, q="")))
    if want.towns:
        chips.append(Chip(said("镇街"), "、".join(_place(town) for town in want.towns), address(given, town="")))
    if want.teams:
        names = dict(queries.team_names(want.teams))
        words = together(names.get(team, said("没有这个小组")) for team in want.teams)
        chips.append(Chip(said("小组"), words, address(given, team="")))
    if want.size:
        chips.append(Chip(said("规模"), SIZES[want.size], address(given, size="")))
    if want.state:
        chips.append(Chip(said("状态"), STATES[want.state], address(given, state="")))
    if want.big:
        chips.append(Chip(said("产值"), said("亿元以上"), address(given, big="")))
    return chips


def _place(region: int) -> str:
    try:
        return jurisdiction.name(region)
    except jurisdiction.UnknownPlace:
        return said("没有这个地方")


def _filters(given: QueryDict, actor: Actor) -> list[Filter]:
    towns = worklist.towns(actor)
    filters = []
    if len(towns) > 1:
        filters.append(Filter(said("镇街"), [View(name, address(given, town=region)) for region, name in towns]))
    filters.append(Filter(said("规模"), [View(label, address(given, size=code)) for code, label in worklist.sizes()]))
    filters.append(Filter(said("状态"), [View(STATES[state], address(given, state=state)) for state in worklist.RUNNING]))
    if crews := queries.crews(actor, clock.now()):
        filters.append(Filter(said("小组"), [View(team.name, address(given, team=team.id)) for team in crews]))
    filters.append(Filter(said("产值"), [View(said("亿元以上"), address(given, big=1))]))
    return filters


def _columns(given: QueryDict, want: Want, total: int) -> list[Column]:
    def sort(name: str) -> dict[str, str]:
        return sorting(given, want, total, name)

    return [
        Column(said("企业"), "name"),
        Column(said("镇街"), "text", "m"),
        Column(said("状态"), "state", "l"),
        Column(said("期限"), "clock", "xl", **sort("due")),
        Column(said("现在在谁手里"), "owner", "m"),
        Column(said("员工"), "number", "xs", **sort("staff")),
        Column(said("更新"), "time", "s", drop=True, **sort("time")),
    ]


def _groups(applications: list[Application], want: Want, found: Worklist, given: QueryDict) -> list[RowGroup]:
    words = given.copy()
    words.pop("done", None)
    query = words.urlencode() or f"view={want.view.name}"
    rows = [
        (a.due_at, a.state in drawing.WAITS_FOR_ENTERPRISE, _row(a, found.actor, query, selected=number == 0))
        for number, a in enumerate(applications)
    ]
    return in_bands(rows, want, found, late="{x}件，已列入办公室提醒，不对外公开", waits=("等企业", said("时钟停着")))


def _row(application: Application, actor: Actor, query: str, *, selected: bool) -> Row:
    firm, own = application.enterprise, worklist.is_mine(application, actor)
    holder = drawing.holder_of(application, team=application.team.name if application.team else "")
    return Row(
        id=str(application.id),
        name=firm.name,
        href=f"{drawing.desk_of(application)}?{query}",
        preview=address_of("resumption:preview", application.id),
        selected=selected,
        cells=(
            Cell(
                "name",
                firm.name,
                mark=said("亿") if firm.over_100m else "",
                mark_title=said("年产值亿元以上，优先评估") if firm.over_100m else "",
            ),
            Cell("text", jurisdiction.name(application.region)),
            Cell("state", drawing.state_of(application)),
            Cell("clock", drawing.clock_of(application, why=True) or Clock()),
            Cell("owner", said("{name}（我）", name=actor.name) if own else (holder or "—"), strong=own),
            Cell("number", firm.staff or None),
            Cell("time", application.state_at, drop=True),
        ),
    )


def done_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    """Give the toast of the act that led here; its word is the process table's own, never the address's."""
    done = request.GET.get("done", "")
    move = RESUMPTION.moves.get(done)
    word = move.label if move else {"check": said("核一项"), "correct": said("更正")}.get(done)
    return [{"word": said("已办：{word}。{x}", word=word, x=move.then if move else ""), "seconds": 8}] if word else []


@require_GET
@signed_in
def find(request: HttpRequest) -> HttpResponse:
    """Answer the search of the frame: one number opens its application, anything else becomes a filter of the list."""
    actor, text = request.actor, request.GET.get("q", "").replace("\x00", "").strip()[:60]
    if not at_a_desk(actor):
        return HttpResponseRedirect(reverse("resumption:home"))
    if actor.may("resumption.see"):
        one = queries.applications(actor).filter(number=text).first() if text else None
        if one is not None:
            return HttpResponseRedirect(drawing.desk_of(one))
        return HttpResponseRedirect(f"{reverse('resumption:worklist')}?{urlencode({'view': 'all', 'q': text})}")
    return HttpResponseRedirect(f"{reverse('registry:enterprises')}?{urlencode({'q': text})}")


# ------------------------------------------------------------------------------------------------ one's own views


def views_of(actor: Actor) -> list[SavedView]:
    """Give a person's own views. Call inside `acting`."""
    return list(SavedView.objects.filter(person=actor.person)[:MOST_VIEWS]) if actor.person else []


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.see")
def own_views(request: HttpRequest) -> HttpResponse:
    """Ask how a view shall be called, and list those that there are; a POST keeps it and opens it."""
    if request.method != "POST":
        return TemplateResponse(request, "resumption/views.html", _views_page(request, plain_words(request.GET)))
    words = plain_words(QueryDict(request.POST.get("words", "")[:600]))
    name = request.POST.get("name", "")
    answer = run("resumption.save_view", {"name": name, "words": words}, actor=request.actor, at=clock.now(), key=key_of(request))
    if answer.ok:
        return HttpResponseRedirect(f"{reverse('resumption:worklist')}?{words}")
    with acting(request.actor):
        context = _views_page(request, words, typed=name, errors=answer.errors or {})
        if not answer.errors:
            context["notice"] = notice_of(answer, back=reverse("resumption:views"))
    return TemplateResponse(request, "resumption/views.html", context, status=422 if answer.errors else 409)


def _views_page(request: HttpRequest, words: str, *, typed: str = "", errors: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    given = QueryDict(words)
    want = wanted(given, request.actor)
    name = typed or " ".join([str(want.view.label), *(str(chip.word) for chip in _chips(given, want))])[:24]
    asked = Field(
        "name", said("叫什么"), value=name, hint=said("最多24个字；同名的会换成这次的筛选"), max_length=24, error=errors.get("name", "")
    )
    desk = reverse("resumption:worklist")
    saved = [(view, f"{desk}?{view.words}", reverse("resumption:drop_view", args=[view.id])) for view in views_of(request.actor)]
    chips = [f"{chip.key} {chip.word}" for chip in _chips(given, want)]
    return {
        "field": asked, "words": words, "says": [want.view.label, *chips],
        "saved": saved,
        "back": f"{desk}?{words}", "notice": None,
    }  # fmt: skip


@require_POST
@needs("resumption.see")
def drop_view(request: HttpRequest, id: UUID) -> HttpResponse:
    """Drop one's own view."""
    answer = run("resumption.drop_view", {"view": id}, actor=request.actor, at=clock.now(), key=key_of(request))
    if not answer.ok:
        raise answer.refusal
    return HttpResponseRedirect(reverse("resumption:views"))


@require_POST
@needs("resumption.see")
def follow(request: HttpRequest, id: UUID) -> HttpResponse:
    """Follow an application, or no longer."""
    given = {"application": id, "on": request.POST.get("on") == "1"}
    answer = run("resumption.watch", given, actor=request.actor, at=clock.now(), key=key_of(request))
    if not answer.ok:
        with acting(request.actor):
            queries.application(id, request.actor)
    return HttpResponseRedirect(safe(request, request.POST.get("back", ""), reverse("resumption:subject", args=[id])))


# ------------------------------------------------------------------------------------------------ the pane beside


@require_GET
@needs("resumption.see")
def preview(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one application beside the list, with what may be done now and what would follow."""
    application = queries.application(id, request.actor)
    asked = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = asked.path + (f"?{asked.query}" if asked.query else "") if asked.path == reverse("resumption:worklist") else ""
    return render(request, "ui/_preview.html", {"subject": _subject(application, request.actor, back=back)})


def _subject(application: Application, actor: Actor, *, back: str) -> SimpleNamespace:
    at = clock.now()
    entries = reading.timeline(application)
    items = list(application.items.all())
    return SimpleNamespace(
        id=str(application.id),
        name=application.enterprise.name,
        href=drawing.desk_of(application),
        line=drawing.line_of(application),
        state=drawing.state_of(application),
        clock=drawing.clock_of(application),
        held=_held(application, actor),
        facts=drawing.facts_of(application, at=at, short=True),
        actions=actions_for(application, actor=actor, at=at, back=back, short=True),
        whys=[
            *drawing.deadline_of(application, at=at),
            *([why for why in drawing.whys_of(application) if why.tone != "ok"] or drawing.whys_of(application)[:2]),
        ],
        events=drawing.events_of(entries, items, most=5),
        notice=Notice(application.reason, "ask")
        if application.reason and application.state in ("returned", "rectifying", "assigned")
        else None,
    )


def _held(application: Application, actor: Actor) -> str:
    team = application.team.name if application.team else ""
    holder = drawing.holder_of(application, team=team)
    if not holder:
        return ""
    whose = said("您") if worklist.is_mine(application, actor) else holder
    return said("在{whose}手里{t}", whose=whose, t=say_span(clock.now() - application.state_at))


# ------------------------------------------------------------------------------------------------ many at once


@require_POST
@needs("resumption.see")
def bulk_asks(request: HttpRequest) -> HttpResponse:
    """Say what would happen to the ticked rows, before anybody presses."""
    with acting(request.actor):
        ticked = _ticked(request)
        foreseen = [_foresee(verb, ticked, request.actor) for verb in BULK]
        given, late = _assigning(ticked, request.actor)
    actions, words = [], []
    if given:
        label = _("分派%d件") % len(given)
        actions.append(Action(_("分派"), label, reverse("resumption:plan"), kind="main"))
        words.append(together((_("%(team)s%(n)d家") % {"team": team, "n": n} for team, n in Counter(given).items())))
    for one in foreseen:
        if one.may:
            label = said("{label}{n}件", label=one.move.label, n=len(one.may))
            actions.append(Action(one.move.label, label, reverse(f"resumption:bulk_{one.move.verb}"), kind="" if actions else "main"))
            words.append(
                said(
                    "{head}{rest}",
                    head=said("可以{label}", label=label),
                    rest=said("，{n}件不行：{why}", n=len(one.not_now), why=one.why) if one.not_now else "",
                )
            )
    if not actions:
        first = foreseen[0] if foreseen[0].not_now else foreseen[-1]
        words.append(said("这些现在不能批量办：{why}", why=first.why) if first.why else said("没有选中"))
    return TemplateResponse(request, "ui/_bulk.html", {"says": _("；").join(str(word) for word in words), "late": late, "actions": actions})


def _assigning(applications: list[Application], actor: Actor) -> tuple[list[str], str]:
    """Foresee an assignment of the ticked rows: the team of each, and who would be late, in words."""
    waiting = [a.id for a in applications if a.state == "accepted"]
    if not waiting or not actor.may("resumption.assign.town"):
        return [], ""
    day = days.day_of(actor, at=clock.now(), only=waiting)
    laid = planning.propose(day.visits, day.teams, start=day.start, end=day.end)
    names = {team.id: team.name for team in day.teams}
    stops = [(names[team], stop) for team, found in laid.routes.items() for stop in found if stop.visit.fixed is None]
    late = [
        _("%(name)s排到%(at)s") % {"name": day.rows[stop.visit.id].enterprise.name, "at": moment_of(stop.arrives)}
        for _team, stop in stops
        if stop.late and stop.visit.due is not None and stop.visit.due > day.at
    ]
    words = (
        said("{head}{rest}{more}", head=together(late[:2]), rest=_("等%d家") % len(late) if len(late) > 2 else "", more=_("，会逾期"))
        if late
        else ""
    )
    return [team for team, _stop in stops], words


@require_POST
@needs("resumption.see")
def bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """List the consequences of a bulk act first; once confirmed do it, and name those that were refused."""
    actor = request.actor
    with acting(actor):
        foreseen = _foresee(verb, _ticked(request), actor)
    context: dict[str, Any] = {"foreseen": foreseen, "move": foreseen.move, "back": reverse("resumption:worklist")}
    if not foreseen.may or request.POST.get("confirm") != "1":
        if foreseen.strong:
            context["notice"] = Notice(
                said("批准要先用动态口令确认是您本人。"),
                "ask",
                "shield",
                Link(said("去验证动态口令"), strong_address(reverse("resumption:worklist"))),
            )
        context["hidden"] = [("row", str(a.id)) for a in foreseen.may] + [("confirm", "1")]
        return TemplateResponse(request, "resumption/bulk.html", context)
    answer = run(BULK[verb], {"applications": [a.id for a in foreseen.may]}, actor=actor, at=clock.now())
    if not answer.ok:
        context["notice"] = notice_of(answer, back=reverse("resumption:worklist"))
        context["hidden"] = []
        return TemplateResponse(request, "resumption/bulk.html", context, status=409)
    by_id = {a.id: a for a in foreseen.may}
    context["moved"] = [by_id[id] for id in answer.result.moved if id in by_id]
    context["refused"] = [(by_id[id], refusal) for id, refusal in answer.result.refused.items() if id in by_id]
    return TemplateResponse(request, "resumption/bulk_done.html", context)


def _ticked(request: HttpRequest) -> list[Application]:
    return ticked(request.POST, lambda ids: queries.applications(request.actor).select_related("incident").filter(pk__in=ids))


def _foresee(verb: str, applications: list[Application], actor: Actor) -> Foreseen[Application]:
    return foresee(RESUMPTION, verb, applications, actor=actor, at=clock.now())


# ------------------------------------------------------------------------------------------------ taking it along


@require_GET
@needs("resumption.see")
def export(request: HttpRequest) -> HttpResponse:
    """Lead to taking the list along as it is filtered: at once up to 500 rows, above with a second person."""
    words = request.GET.copy()
    words["list"] = "resumption.worklist"
    return HttpResponseRedirect(f"{reverse('papers:export_new')}?{words.urlencode()}")
