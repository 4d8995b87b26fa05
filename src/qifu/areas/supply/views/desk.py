"""The desk's side: broken links, the search for who makes it, suppliers found elsewhere, matches."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import in_yuan
from qifu.kernel.web import needs
from qifu.ui import acts
from qifu.ui.asking import answered, key_of, unfit
from qifu.ui.parts import Cell, Clock, Column, Field, Link, Notice, Row, State, View
from qifu.ui.words import day_of

from .. import queries
from ..models import Making, Match, Need, Outside
from ..terms import ASK, DESK, SEE, TONES
from .sorts import MATCH, NEED, OUTSIDE, SORTS, making_fields, need_fields, outside_fields, waits_of

_MOST = 300
VIEWS = {
    "broken": (said("没有着落"), ("open",)), "matched": (said("对上了，等货"), ("matched",)),
    "passed_on": (said("请外地帮找"), ("passed_on",)),
    "over": (said("办完的"), ("met", "dropped")),
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def tabs(here: str) -> list[View]:
    """Give the pages of this area at a desk."""
    words = {"broken": said("断点清单"), "find": said("找供方"), "outside": said("外地供方")}
    return [View(str(word), reverse(f"supply:{name}"), here=name == here) for name, word in words.items()]


@require_GET
@needs(SEE)
def broken(request: HttpRequest) -> HttpResponse:
    """List who waits for whom, how many people and orders stand behind it, and since when."""
    actor, at = _actor(request), clock.now()
    asked = request.GET.get("view", "")
    all_needs = Need.objects.visible_to(actor)
    offered = set(Match.objects.visible_to(actor).filter(state="offered").values_list("need", flat=True))
    views = [View(str(word), f"?view={name}", all_needs.filter(state__in=states).count(), here=asked == name)
             for name, (word, states) in VIEWS.items()]  # fmt: skip
    views.append(View(str(said("等点头")), "?view=offered", len(offered), "ask", here=asked == "offered"))
    view = asked if asked in VIEWS or asked == "offered" else "broken"
    if view == "broken":
        views[0] = View(views[0].word, views[0].href, views[0].count, here=True)
    chosen = all_needs.filter(pk__in=offered) if view == "offered" else all_needs.filter(state__in=VIEWS[view][1])
    rows = [_need(one, at) for one in chosen.select_related("enterprise").order_by("-workers", "since", "id")[:_MOST]]
    sums = [(one.workers, one.orders_fen) for one in queries.broken(actor)]
    context = {
        "title": said("产业链供需对接"), "tabs": tabs("broken"), "views": views, "rows": rows,
        "line": said(
            "{n}处没接上，停着{workers}人，等着{yuan}的订单", n=len(sums), workers=sum(n for n, _ in sums),
            yuan=in_yuan(sum(n for _, n in sums))
        ),
        "columns": [
            Column(said("谁在等"), "name"), Column(said("缺什么"), "text", "xl"), Column(said("状态"), "state", "xl"),
            Column(said("时限"), "clock", "xl"), Column(said("停着"), "number", "m"), Column(said("断了几天"), "number", "m"),
            Column(said("订单"), "text", "l"), Column(said("原来等谁"), "text", "2xl"),
        ],
        "news": [
            Link(str(said("报缺什么")), reverse("supply:new", args=["needs"]), "plus"),
            Link(str(said("登记产品")), reverse("supply:new", args=["makings"]), "plus"),
        ] if actor.may(ASK) else [],
        "empty": said("没有"), "hint": said("企业在手机上报，走访时听到的也记在这里。"),
    }  # fmt: skip
    return TemplateResponse(request, "supply/broken.html", context)


def _need(one: Need, at: datetime) -> Row:
    cells = [
        Cell("name", one.enterprise.name), Cell("text", one.product), Cell("state", NEED.state(one)),
        Cell("clock", acts.clock_of(one) or Clock()), Cell("number", one.workers), Cell("number", (local(at).date() - one.since).days),
        Cell("text", in_yuan(one.orders_fen) if one.orders_fen else ""), Cell("text", waits_of(one)),
    ]  # fmt: skip
    return Row(str(one.id), one.enterprise.name, NEED.desk(one), cells)


# ------------------------------------------------------------------------------------------------ search

COLUMNS = (
    Column(said("供方"), "name"), Column(said("产品"), "text", "xl"), Column(said("规格"), "text", "2xl"),
    Column(said("能给多少"), "text", "l"),
    Column(said("在哪里"), "text", "l"), Column(said("怎么知道的"), "text", "2xl"),
)  # fmt: skip


def found_rows(found: list[queries.Found], href: Any) -> list[Row]:
    """Draw suppliers; `href` gives where one leads."""
    here, elsewhere = said("本地企业自己报的"), said("那家企业自己公开的")
    return [
        Row(f"{one.kind}-{one.id}", one.name, href(one), [
            Cell("name", one.name), Cell("text", one.product), Cell("text", one.says), Cell("text", one.spare), Cell("text", one.where),
            Cell("text", said("{source}，{day}核过", source=one.source, day=day_of(one.seen_on)) if one.source and one.seen_on
                 else here if one.kind == "making" else elsewhere),
        ])
        for one in found
    ]  # fmt: skip


@require_GET
@needs(SEE)
def find(request: HttpRequest) -> HttpResponse:
    """Search by words who makes it, here and elsewhere."""
    actor, text = _actor(request), request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = queries.find(text, actor) if text else []

    def href(one: queries.Found) -> str:
        return (
            reverse("supply:desk_outside" if one.kind == "outside" else "supply:desk_makings", args=[one.id]) if one.kind != "card" else ""
        )

    context = {
        "title": said("找供方"), "tabs": tabs("find"), "q": text, "columns": COLUMNS, "rows": found_rows(found, href),
        "line": said("搜本地企业报的、外地登记的、别处企业公开的；写行里的叫法，两个字就行"),
    }  # fmt: skip
    return TemplateResponse(request, "supply/find.html", context)


# ------------------------------------------------------------------------------------------------ one thing


@require_GET
@needs(SEE)
def one(request: HttpRequest, sort: str, id: UUID) -> HttpResponse:
    """Show one thing; a need with who may have it and what was tried."""
    more: dict[str, Any] = {}
    back = (
        Link(str(said("外地供方")), reverse("supply:outside"))
        if sort == "outside"
        else Link(str(said("断点清单")), reverse("supply:broken"))
    )
    if sort == "needs":
        more["sections"] = _about(acts.found(Need, id, _actor(request)), _actor(request))
    if sort == "matches":
        match = acts.found(Match, id, _actor(request))
        back = Link(str(NEED.title(match.need)), NEED.desk(match.need))
    return acts.thing(request, SORTS[sort], id, back=back, **more)


def _about(need: Need, actor: Actor) -> list[dict[str, Any]]:
    tries = [
        Row(str(it.id), it.supplier, MATCH.desk(it), [
            Cell("name", it.supplier), Cell("text", f"{it.quantity}{it.unit}"), Cell("state", MATCH.state(it)),
            Cell("clock", acts.clock_of(it) or Clock()), Cell("text", it.answer or it.words),
        ])
        for it in Match.objects.filter(need=need.id).order_by("-id")
    ]  # fmt: skip
    columns = [
        Column(said("供方"), "name"), Column(said("问多少"), "text", "l"), Column(said("到哪一步"), "state", "xl"),
        Column(said("时限"), "clock", "xl"), Column(said("怎么说"), "text", "2xl"),
    ]  # fmt: skip
    sections: list[dict[str, Any]] = [{"name": said("问过的"), "columns": columns, "rows": tries}] if tries else []
    if need.state == "open" and actor.may(DESK):
        found = [it for it in queries.find(need.product, actor, but=need.enterprise_id) if it.kind != "card"]

        def href(it: queries.Found) -> str:
            name = "supplier" if it.kind == "outside" else "making"

            return f"{reverse('supply:propose', args=[need.id])}?{urlencode({name: it.id})}"

        note = said("点一家去问；一家都没有的，到“外地供方”登记，或请外地帮找")
        sections.append({"name": said("可能有的"), "note": note, "columns": COLUMNS, "rows": found_rows(found, href)})
    return sections


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def act(request: HttpRequest, sort: str, id: UUID, verb: str) -> HttpResponse:
    """Do one act about one thing."""
    return acts.act(request, SORTS[sort], id, verb)


# ------------------------------------------------------------------------------------------------ asking a supplier


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DESK)
def propose(request: HttpRequest, id: UUID) -> HttpResponse:
    """Ask one supplier for a need."""
    actor, at = _actor(request), clock.now()
    if request.method != "POST":
        return _propose(request, id)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _propose(request, id, notice=notice, errors=errors)

    named = {name: request.GET[name] for name in ("making", "supplier") if request.GET.get(name)}
    given = {"need": id, "quantity": request.POST.get("quantity") or "0", "words": request.POST.get("words", ""), **named}
    answer = run("supply.match.propose", given, actor=actor, at=at, key=key_of(request))
    return answered(request, answer, to=f"{reverse('supply:desk_needs', args=[id])}?done=new", again=again, back=request.get_full_path())


def _propose(request: HttpRequest, id: UUID, *, notice: Notice | None = None, errors: dict[str, str] | None = None) -> TemplateResponse:
    need = acts.found(Need, id, _actor(request))
    supplier = _supplier(request)
    fields = [
        Field("quantity", said("先问多少"), "number", value=need.quantity, unit=need.unit),
        Field("words", said("说一句"), "area", required=False, max_length=300, hint=said("只有需方和专班看得到")),
    ]
    posted = {field.name: request.POST[field.name] for field in fields if field.name in request.POST}
    context = {
        "title": said("去问{name}", name=supplier or said("一家")), "name": NEED.title(need), "line": NEED.line(need),
        "state": NEED.state(need),
        "clock": acts.clock_of(need), "facts": NEED.facts(need, clock.now()), "fields": acts.put_back(fields, posted, errors or {}),
        "thens": [
            said("供方只看到要什么、要多少、哪个镇街，看不到是谁要；两边都点头以后才见面。"),
            said("第一次问，这件同时是一件诉求，有时限。"),
        ],
        "notice": notice, "open": True, "primary": said("去问"), "key": str(key_of(request)), "back": NEED.desk(need),
        "action": request.get_full_path(), "saves": f"propose-{need.id}", "version": need.state_at.isoformat(),
    }  # fmt: skip
    return TemplateResponse(request, "ui/act.html", context)


def _supplier(request: HttpRequest) -> str:
    for name, model in (("making", Making), ("supplier", Outside)):
        try:
            id = UUID(request.GET.get(name, ""))
        except ValueError:
            continue
        it: Any = acts.found(model, id, _actor(request))
        return it.enterprise.name if isinstance(it, Making) else it.name
    return ""


# ------------------------------------------------------------------------------------------------ writing down for a firm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ASK)
def new(request: HttpRequest, sort: str) -> HttpResponse:
    """Write down for a firm what it needs or makes: the firm is found first."""
    if sort not in ("needs", "makings"):
        raise Http404
    actor, at = _actor(request), clock.now()
    title = str(said("替企业报缺什么") if sort == "needs" else said("替企业登记产品"))
    back = reverse("supply:broken")
    with_firm = bool(request.GET.get("firm"))
    if request.method != "POST" or not with_firm:
        if request.method == "POST":
            with acting(actor):
                page = registry.choose_any(request, title, back=back)
                page.render()
            return page
        firm = registry.firm_asked(request, ASK) if with_firm else None
        return told(request, sort, firm, title, back) if firm else registry.choose_any(request, title, back=back)
    return post(request, sort, title, back, at=at, own=False)


def fields_of(sort: str, at: datetime) -> list[Field]:
    """Give what is asked of a need or a product."""
    return need_fields(at) if sort == "needs" else making_fields(None)


def told(
    request: HttpRequest, sort: str, firm: registry.Enterprise, title: str, back: str, *, own: bool = False,
    posted: dict[str, Any] | None = None, notice: Notice | None = None, errors: dict[str, str] | None = None,
) -> TemplateResponse:  # fmt: skip
    """Draw the form of a need or a product."""
    then = said("对接专班两个工作日内找供方，找到了告诉您。") if sort == "needs" else said("有人要的时候来问您，谁要了什么不公开。")
    context = {
        "head": title, "title": title, "name": firm.name, "line": jurisdiction.name(firm.region), "notice": notice, "open": True,
        "fields": acts.put_back(fields_of(sort, clock.now()), posted or {}, errors or {}), "primary": said("交上去"),
        "key": str(key_of(request)), "back": back, "action": request.get_full_path(), "saves": f"{sort}-{firm.id}", "version": "1",
        "thens": [then],
    }  # fmt: skip
    return TemplateResponse(request, "ui/act_phone.html" if own else "ui/act.html", context)


def post(request: HttpRequest, sort: str, title: str, back: str, *, at: datetime, own: bool) -> HttpResponse:
    """Take the form of a need or a product."""
    actor = _actor(request)
    with acting(actor):
        firm = registry.firm_asked(request, ASK)
        fields = fields_of(sort, at)
    if firm is None:
        with acting(actor):
            page = registry.choose_own(request, title)
            page.render()
        return page
    chosen = firm
    posted = acts.read(request, fields)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return told(request, sort, chosen, title, back, own=own, posted=posted, notice=notice, errors=errors)

    if errors := unfit(fields, posted):
        with acting(actor):
            page = again(notice=None, errors=errors)
            page.render()
        page.status_code = 422
        return page
    given = {name: value for name, value in posted.items() if value != ""} | {"enterprise": firm.id}
    answer = run("supply.need.tell" if sort == "needs" else "supply.making.tell", given, actor=actor, at=at, key=key_of(request))
    to = ""
    if answer.ok:
        kind = SORTS[sort]
        to = (kind.own if own else kind.desk)(answer.result)
        to += f"?firm={firm.id}&done=new" if own and request.GET.get("firm") else "?done=new"
    return answered(request, answer, to=to, again=again, back=request.get_full_path())


# ------------------------------------------------------------------------------------------------ found elsewhere


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def outside(request: HttpRequest) -> HttpResponse:
    """List suppliers found elsewhere, the longest unseen first, and keep a new one."""
    actor, at = _actor(request), clock.now()
    if request.method != "POST":
        return _outside(request)
    place = _own_place(actor)
    fields = outside_fields(None, at)
    posted = acts.read(request, fields)
    errors = unfit(fields, posted)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _outside(request, posted=posted, notice=notice, errors=errors)

    if errors:
        with acting(actor):
            page = again(notice=None, errors=errors)
            page.render()
        page.status_code = 422
        return page
    given = {name: value for name, value in posted.items() if value != ""} | {"place": place or 0}
    answer = run("supply.outside.keep", given, actor=actor, at=at, key=key_of(request))
    return answered(request, answer, to=f"{reverse('supply:outside')}?done=new", again=again)


def _own_place(actor: Actor) -> int | None:
    return next((hat.place for hat in actor.hats if DESK in hat.rights and hat.place), None)


def _outside(
    request: HttpRequest, *, posted: dict[str, Any] | None = None, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    actor, at = _actor(request), clock.now()
    rows = [
        Row(str(it.id), it.name, OUTSIDE.desk(it), [
            Cell("name", it.name), Cell("text", it.product), Cell("text", it.where), Cell("text", it.source),
            Cell("text", day_of(it.found_on)), Cell("state", State(str(OUTSIDE.process.states[it.state]), TONES[it.state])),
        ])
        for it in Outside.objects.visible_to(actor).order_by("state", "found_on", "name")[:_MOST]
    ]  # fmt: skip
    done = Notice(said("记下了，找供方时会出现。"), "ok") if request.GET.get("done") else None
    context = {
        "title": said("外地供方"), "tabs": tabs("outside"), "line": said("在别处找到的供方，写明从哪里知道的、哪天核的；最久没核的排前面"),
        "columns": [
            Column(said("供方"), "name"), Column(said("产品"), "text", "xl"), Column(said("在哪里"), "text", "l"),
            Column(said("从哪里知道的"), "text", "2xl"), Column(said("哪天核的"), "text", "l"), Column(said("状态"), "state", "l"),
        ],
        "rows": rows, "notice": notice or done, "key": str(key_of(request)),
        "fields": acts.put_back(outside_fields(None, at), posted or {}, errors or {}) if _own_place(actor) else [],
    }  # fmt: skip
    return TemplateResponse(request, "supply/outside.html", context)
