"""The worklist of cases: saved views with live counts, filters in the address bar, preview beside it, bulk with its consequences."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.language import listed as together
from qifu.kernel.language import said
from qifu.kernel.web import address_of, needs, opens
from qifu.ui.asking import notice_of
from qifu.ui.parts import Action, Cell, Chip, Clock, Column, Filter, Notice, Row, RowGroup, View, ViewGroup
from qifu.ui.words import say_span
from qifu.ui.worklist import (
    Foreseen,
    address,
    foresee,
    groups_of_views,
    in_bands,
    page_number,
    page_of,
    sorting,
    text_of,
    ticked,
    towns_of,
)

from .. import beside, offices, queries, worklist
from ..actions.handle import likely_office
from ..handbook import handbook
from ..models import Case
from ..terms import OPEN, STATES
from ..workflow import CASES
from ..worklist import Want, Worklist
from . import drawing
from .possible import actions_for

SEE = "case.see"
BULK = {"take": "casework.take_many", "close": "casework.close_many"}


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the worklist of the actor's reach."""
    actor, at = request.actor, clock.now()
    found = Worklist(actor, at)
    want, offered = wanted(request.GET, actor), worklist.views(actor)
    counts = found.count({**{view.name: Want(view) for view in offered}, "": want})
    total = counts.pop("")
    cases = found.lines(found.ids(want))
    first = found.rows([one.id for one in cases[:1]])
    return TemplateResponse(
        request,
        "casework/worklist.html",
        {
            "title": want.view.label,
            "total": total,
            "order": said("最急的在前") if want.sort == "due" else "",
            "views": [*groups_of_views(offered, counts, want), *_beside(actor)],
            "chips": _chips(request.GET, want),
            "filters": _filters(request.GET, actor),
            "clear": f"?view={want.view.name}",
            "columns": _columns(request.GET, want, total),
            "groups": _groups(cases, want, found, request.GET),
            "page": page_of(request.GET, want, total, len(cases)),
            "export": "",
            "q": want.text,
            "subject": _subject(first[0], actor, back=request.get_full_path()) if first else None,
            "bulk_asks": reverse("casework:bulk_asks"),
            "updated": at,
            "toasts": done_toasts(request),
            "may_record": actor.may("case.record"),
            "may_import": actor.may("case.import"),
            "may_paste": opens(reverse("casework:paste"), actor),
        },
    )


def wanted(given: QueryDict, actor: Actor) -> Want:
    """Read the address bar; what does not fit is left out, since an address is typed and passed on by people."""
    offered = worklist.views(actor)
    named = {view.name: view for view in offered}
    view = named.get(given.get("view", ""), offered[0] if offered[0].slices else named["open"])
    return Want(
        view,
        towns=towns_of(given),
        state=given.get("state", "") if given.get("state") in STATES else "",
        text=text_of(given),
        sort=given.get("sort", "due") if given.get("sort") in worklist.SORTS else "due",
        page=page_number(given),
        kind=given.get("kind", "") if given.get("kind") in handbook().kinds else "",
        office=given.get("office", "").replace("\x00", "")[:80],
    )


def _beside(actor: Actor) -> list[ViewGroup]:
    """Give the pages beside the list: what one is asked to help with, and how the offices stand."""
    found = []
    if actor.may("case.handle"):
        waiting = queries.asked_to_help(actor, offices.offices_of(actor)).count()
        found.append(View(said("请我们协办"), reverse("casework:helps"), waiting, "ask"))
    pressed = queries.owed_by(actor, offices.offices_of(actor)).count() + queries.to_judge(actor).count()
    found.append(View(said("督办"), reverse("casework:supervisions"), pressed, "ask"))
    found.append(View(said("各单位办理情况"), reverse("casework:watching")))
    return [ViewGroup(said("还有"), found)]


def _chips(given: QueryDict, want: Want) -> list[Chip]:
    chips = []
    if want.text:
        chips.append(Chip(said("查找"), want.text, address(given, q="")))
    if want.towns:
        chips.append(Chip(said("镇街"), "、".join(_place(town) for town in want.towns), address(given, town="")))
    if want.state:
        chips.append(Chip(said("状态"), said(STATES[want.state]), address(given, state="")))
    if want.kind:
        chips.append(Chip(said("类别"), handbook().kinds[want.kind].name, address(given, kind="")))
    if want.office:
        chips.append(Chip(said("单位"), _office_name(want.office), address(given, office="")))
    return chips


def _place(region: int) -> str:
    try:
        return jurisdiction.name(region)
    except jurisdiction.UnknownPlace:
        return said("没有这个地方")


def _office_name(code: str) -> str:
    number = code.removeprefix("place:")
    if code.startswith("place:") and number.isdecimal() and len(number) < 10:
        return _place(int(number))
    return offices.name_of(code)


def _filters(given: QueryDict, actor: Actor) -> list[Filter]:
    filters = [Filter(said("类别"), [View(kind.name, address(given, kind=kind.code)) for kind in handbook().kinds.values()])]
    filters.append(
        Filter(said("状态"), [View(said(STATES[state]), address(given, state=state)) for state in (*OPEN, "resolved", "confirmed")])
    )
    regions = actor.scope.regions
    if 1 < len(regions) <= 60:
        towns = [(r, jurisdiction.name(r)) for r in regions if jurisdiction.place(r).kind in ("town", "subdistrict", "zone", "park")]
        filters.append(Filter(said("镇街"), [View(name, address(given, town=region)) for region, name in towns]))
    return filters


def _columns(given: QueryDict, want: Want, total: int) -> list[Column]:
    return [
        Column(said("诉求"), "name"),
        Column(said("企业"), "text", "xl"),
        Column(said("状态"), "state", "l"),
        Column(said("期限"), "clock", "xl", **sorting(given, want, total, "due")),
        Column(said("现在在谁手里"), "owner", "l"),
        Column(said("更新"), "time", "s", drop=True, **sorting(given, want, total, "time")),
    ]


def _groups(cases: list[Case], want: Want, found: Worklist, given: QueryDict) -> list[RowGroup]:
    words = given.copy()
    words.pop("done", None)
    query = words.urlencode() or f"view={want.view.name}"
    rows = [(one.due_at, one.state == "waiting", _row(one, found.actor, query, selected=n == 0)) for n, one in enumerate(cases)]
    return in_bands(rows, want, found, waits=("等对方", said("时钟停着")))


def _row(case: Case, actor: Actor, query: str, *, selected: bool) -> Row:
    own = worklist.is_mine(case, actor)
    holder = said("{name}（我）", name=actor.name) if own and case.handler in ("", actor.id) else drawing.holder_of(case) or "—"
    title = said("领导批示") if case.channel == "instruction" else (said("重新办") if case.reopenings else "")
    mark = said("批") if case.channel == "instruction" else (said("重") if case.reopenings else "")
    return Row(
        id=str(case.id),
        name=case.title,
        href=f"{drawing.desk_of(case)}?{query}",
        preview=address_of("casework:preview", case.id),
        selected=selected,
        cells=(
            Cell(
                "name",
                case.title,
                mark=mark,
                mark_title=title,
            ),
            Cell("text", drawing.firm_of(case)),
            Cell("state", drawing.state_of(case)),
            Cell("clock", drawing.clock_of(case) or Clock()),
            Cell("owner", holder, strong=own),
            Cell("time", case.state_at, drop=True),
        ),
    )


def done_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    """Give the toast of the act that led here; its word is the process table's own, never the address's."""
    done = request.GET.get("done", "")
    move = CASES.moves.get(done)
    others = {
        "record": said("已记下"),
        "photo": said("已记下；有的图打不开，没有存，在这里再加一次"),
        "ask_help": said("请协办"),
        "note": said("写一笔"),
        "tried": said("记下没打通"),
        "supervise": said("督办"),
    }
    word = move.label if move else others.get(done)
    return [{"word": said("已办：{word}。{x}", word=word, x=move.then if move else ""), "seconds": 8}] if word else []


# ------------------------------------------------------------------------------------------------ the pane beside


@require_GET
@needs(SEE)
def preview(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one case beside the list, with what may be done now and what would follow."""
    case = queries.case(id, request.actor)
    asked = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = asked.path + (f"?{asked.query}" if asked.query else "") if asked.path == reverse("casework:worklist") else ""
    return render(request, "ui/_preview.html", {"subject": _subject(case, request.actor, back=back)})


def _subject(case: Case, actor: Actor, *, back: str) -> SimpleNamespace:
    at = clock.now()
    holder = drawing.holder_of(case)
    whose = said("您") if worklist.is_mine(case, actor) else holder
    return SimpleNamespace(
        id=str(case.id),
        name=case.title,
        href=drawing.desk_of(case),
        line=drawing.line_of(case),
        state=drawing.state_of(case),
        clock=drawing.clock_of(case),
        held=said("在{whose}手里{t}", whose=whose, t=say_span(at - case.state_at)) if holder else "",
        facts=drawing.facts_of(case, short=True),
        actions=actions_for(case, actor=actor, at=at, back=back, short=True),
        whys=drawing.whys_of(case, at=at),
        events=drawing.events_of(reading.timeline(case), list(case.remarks.all()), most=5),
        notice=Notice(case.text if len(case.text) <= 140 else case.text[:139] + "…", "info", "doc"),
    )


# ------------------------------------------------------------------------------------------------ many at once


@require_POST
@needs(SEE)
def bulk_asks(request: HttpRequest) -> HttpResponse:
    """Say what would happen to the ticked rows, before anybody presses."""
    with acting(request.actor):
        chosen = _ticked(request)
        given = _out(chosen, request.actor)
        foreseen = [_foresee(verb, chosen, request.actor) for verb in BULK]
        others = beside.many(chosen, request.actor)
    actions, words = [], []
    if given:
        names: dict[str, int] = {}
        for _case, office in given:
            names[office] = names.get(office, 0) + 1
        label = said("交办{n}件", n=len(given))
        actions.append(Action(said("交办"), label, reverse("casework:bulk", args=["assign"]), kind="main"))
        words.append(together(said("{office}{n}件", office=office, n=n) for office, n in names.items()))
    for one in foreseen:
        if one.may:
            label = said("{label}{n}件", label=one.move.label, n=len(one.may))
            actions.append(Action(one.move.label, label, reverse("casework:bulk", args=[one.move.verb]), kind="" if actions else "main"))
            rest = said("，{n}件不行：{why}", n=len(one.not_now), why=one.why) if one.not_now else ""
            words.append(said("{head}{rest}", head=said("可以{label}", label=label), rest=rest))
    actions += others
    if not actions:
        first = next((one for one in foreseen if one.not_now), foreseen[0])
        words.append(said("这些现在不能批量办：{why}", why=first.why) if first.why else said("没有选中"))
    return TemplateResponse(request, "ui/_bulk.html", {"says": _("；").join(str(word) for word in words), "late": "", "actions": actions})


def _out(chosen: list[Case], actor: Actor) -> list[tuple[Case, str]]:
    """Foresee which of the ticked would be given to which office by their kind."""
    if not actor.may("case.classify"):
        return []
    found = []
    for case in chosen:
        office = likely_office(case, at=clock.now()) if case.state == "classified" else None
        if office is not None:
            found.append((case, office.name))
    return found


@require_POST
@needs(SEE)
def bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """List the consequences of a bulk act first; once confirmed do it, and name those that were refused."""
    if verb == "assign":
        return _assign_many(request)
    actor = request.actor
    if verb not in BULK:
        verb = "take"
    with acting(actor):
        foreseen = _foresee(verb, _ticked(request), actor)
    context: dict[str, Any] = {"foreseen": foreseen, "move": foreseen.move, "back": reverse("casework:worklist")}
    if not foreseen.may or request.POST.get("confirm") != "1":
        context["hidden"] = [("row", str(one.id)) for one in foreseen.may] + [("confirm", "1")]
        return TemplateResponse(request, "casework/bulk.html", context)
    answer = run(BULK[verb], {"cases": [one.id for one in foreseen.may]}, actor=actor, at=clock.now())
    if not answer.ok:
        return TemplateResponse(request, "casework/bulk.html", context | {"notice": notice_of(answer, back=context["back"])}, status=409)
    by_id = {one.id: one for one in foreseen.may}
    context["moved"] = [by_id[id] for id in answer.result.moved if id in by_id]
    context["refused"] = [(by_id[id], refusal) for id, refusal in answer.result.refused.items() if id in by_id]
    return TemplateResponse(request, "casework/bulk.html", context | {"done": True})


def _assign_many(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    with acting(actor):
        given = _out(_ticked(request), actor)
    context: dict[str, Any] = {"given": given, "move": CASES.moves["assign"], "back": reverse("casework:worklist")}
    if not given or request.POST.get("confirm") != "1":
        context["hidden"] = [("row", str(one.id)) for one, _name in given] + [("confirm", "1")]
        return TemplateResponse(request, "casework/bulk.html", context)
    answer = run("casework.assign_many", {"cases": [one.id for one, _name in given]}, actor=actor, at=clock.now())
    if not answer.ok:
        return TemplateResponse(request, "casework/bulk.html", context | {"notice": notice_of(answer, back=context["back"])}, status=409)
    by_id = {one.id: one for one, _name in given}
    return TemplateResponse(request, "casework/bulk.html", context | {"done": True, "moved": [by_id[id] for id, _name in answer.result]})


def _ticked(request: HttpRequest) -> list[Case]:
    return ticked(request.POST, lambda ids: queries.cases(request.actor).filter(pk__in=ids))


def _foresee(verb: str, cases: list[Case], actor: Actor) -> Foreseen[Case]:
    return foresee(CASES, verb, cases, actor=actor, at=clock.now())
