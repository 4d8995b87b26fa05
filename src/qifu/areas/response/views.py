"""Pages under /desk/response/: the crisis on one page, and each act shown with its consequences before it is done."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, NotFound, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.values import read_whole
from qifu.kernel.web import needs
from qifu.ui.parts import Event, Fact, Field, Notice, Option, State, View

from . import api, levels, packs, pages, queries, rules
from .actions.finding import pack_named
from .models import ControlArea, Incident, Measure, Proposal

SAID = {
    "declared": _("响应已经启动，措施开始执行，已经告知。"),
    "level": _("级别已经调整，措施已经切换，已经告知。"),
    "set": _("本地调整已经生效，已经告知。"),
    "later": _("本地调整已经设好，到时间自动生效。"),
    "asked": _("已经报批，同意后才生效；现行规定不变。"),
    "entered": _("已经登记。另一位同事对照文件核过，才生效；现行规定不变。"),
    "approve": _("已经同意，到生效时间起执行。"),
    "refuse": _("已经退回，现行规定不变。"),
    "withdraw": _("已经撤回，现行规定不变。"),
    "ended_measure": _("本地调整已经停止，恢复执行原来的规定。"),
    "drawn": _("草图已经存好。看清影响，再确认生效。"),
    "confirm": _("区域已经生效，已经告知。"),
    "drop": _("草图已经作废。"),
    "lift": _("区域已经解除，已经告知。"),
    "reclass": _("区域类别已经调整，已经告知。"),
    "ended": _("响应已经结束，措施停止，区域解除，已经告知。"),
}
NOBODY = Notice(_("这里现在没有正在应对的事件。"), "info")


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> TemplateResponse:
    """Give a page with what was said last."""
    said = SAID.get(request.GET.get("done", ""))
    return TemplateResponse(request, f"response/{template}.html", {"said": Notice(said, "ok") if said else None, **context}, status=status)


def go(name: str, *args: Any, **query: Any) -> HttpResponse:
    """Go to a page after an act."""
    tail = "&".join(f"{key}={value}" for key, value in query.items() if value)
    return HttpResponseRedirect(reverse(f"response:{name}", args=args) + (f"?{tail}" if tail else ""))


def again(request: HttpRequest, answer: Refused, build: Callable[[], TemplateResponse]) -> HttpResponse:
    """Show the form again after a refusal, with its sentence above and what was filled in kept."""
    with acting(request.actor):  # type: ignore[attr-defined]
        page = build()
        assert page.context_data is not None
        page.context_data["refused"] = Notice(listed(filter(None, [answer.says, answer.fix]), " "), "stop")
        page.context_data["fields"] = pages.with_errors(page.context_data.get("fields", ()), answer.errors)
    page.status_code = 409
    return page


def incident_asked(request: HttpRequest) -> Incident | None:
    """Give the incident that the page is about."""
    wanted = request.GET.get("incident") or request.POST.get("incident", "")
    return queries.chosen_incident(request.actor, clock.now(), wanted)  # type: ignore[attr-defined]


def must(request: HttpRequest) -> Incident:
    """Give the incident that a form is about. Refuses NotFound."""
    found = incident_asked(request)
    if found is None:
        raise NotFound("这里现在没有正在应对的事件。", fix="先启动响应。")
    return found


def adjustments(given: Any) -> dict[str, str]:
    """Give what was filled in for the pack: {"not_before.at": ...}."""
    return {name.removeprefix("adjust."): value for name, value in given.items() if name.startswith("adjust.") and value.strip()}


def day(text: str, *, end: bool = False) -> str | datetime:
    """Read a date of a form as an instant: the beginning of that day, now for today; anything else is left to the action."""
    try:
        found = clock.read_instant(text) if text.strip() else None
    except ValueError:
        return text
    if found is None or (found.date() == clock.today() and found.time() == time.min and not end):
        return ""
    return found.replace(tzinfo=found.tzinfo or clock.ZONE)


# ---------------------------------------------------------------- the crisis on one page


@needs("response.see")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the crisis on one page; on an ordinary day say so, and what to do if that changes."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    incident = incident_asked(request)
    if incident is None:
        past = [
            Event(clock.local(one.ended_at), _("{title}结束", title=one.title)) for one in queries.ended_lately(actor, at) if one.ended_at
        ]
        return show(
            request,
            "ordinary",
            {"title": _("应对"), "may": actor.may("response.level"), "past": past, "available": bool(packs.available())},
        )
    pack = pack_named(incident.pack)
    others = queries.incidents_for(actor, at)
    return show(
        request,
        "overview",
        {
            "title": incident.title,
            "incident": incident,
            "where": jurisdiction.name(incident.region),
            "state": pages.level_state(pack, incident.level),
            "meaning": pack.level(incident.level).meaning,
            "tabs": [
                View(f"{jurisdiction.name(one.region)} {one.title}", f"?incident={one.id}", here=one.id == incident.id) for one in others
            ]
            if len(others) > 1
            else [],
            "columns": pages.MEASURES,
            "measures": [pages.measure_row(row) for row in queries.in_force(incident, at)],
            "coming": [pages.measure_row(row) for row in queries.to_come(incident, at)],
            "area_columns": pages.AREAS_COLUMNS,
            "areas": [pages.area_row(row) for row in queries.areas(incident)],
            "lifted": [pages.area_row(row) for row in queries.lifted(incident)[:10]],
            "proposal_columns": pages.PROPOSALS_COLUMNS,
            "proposals": [pages.proposal_row(row) for row in queries.asked(incident)],
            "actions": pages.overview_actions(incident, actor, at=at),
            "told": pages.told(queries.notices(incident)),
            "asof": at,
        },
    )


# ---------------------------------------------------------------- declaring, the level, the end


@needs("response.level")
def declare(request: HttpRequest) -> HttpResponse:
    """Choose a pack and a level, see which measures would begin, confirm."""
    given = request.POST if request.method == "POST" else request.GET

    def build() -> TemplateResponse:
        return _declaring(request, given)

    if request.method != "POST":
        return build()
    fields = {name: given.get(name, "") for name in ("pack", "level", "place", "title", "document", "expect")}
    answer = run("response.declare", {**fields, "adjust": adjustments(given)}, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
    if isinstance(answer, Done):
        return go("overview", incident=answer.result.id, done="declared")
    return again(request, answer, build)


def _declaring(request: HttpRequest, given: Any) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    home = queries.home_of(actor, at, right="response.level")
    choices, broken = [], []
    for code in packs.available():
        try:
            choices.append(packs.load(code))
        except packs.PackError as problem:
            broken.append(problem.says)
    pack = next((one for one in choices if one.code == given.get("pack")), None)
    level = given.get("level") or (pack.suggested.get("level", "") if pack else "")
    fields = [
        Field(
            "pack",
            _("事件类别"),
            "select",
            value=given.get("pack", ""),
            options=[Option(p.code, p.name) for p in choices],
            placeholder=_("选一类"),
        ),
    ]
    context: dict[str, Any] = {
        "title": _("启动响应"),
        "fields": fields,
        "broken": broken,
        "pack": pack,
        "back": reverse("response:overview"),
    }
    if pack is None:
        return show(request, "declare", context)
    place = given.get("place") or (str(home) if home else "")
    fields += [
        Field("level", _("响应级别"), "choice", value=level, options=[Option(one.code, one.name, one.meaning) for one in pack.levels]),
        Field("place", _("地方"), value=jurisdiction.name(home) if home and read_whole(place) == home else place),
        Field("title", _("事件名称"), value=given.get("title") or pack.suggested.get("name", pack.name)),
        Field("document", _("依据文件"), value=given.get("document", ""), hint=_("名称和文号。"), required=False),
    ]
    return show(request, "declare", {**context, **_seen(given, pack, home, level, at)})


def _seen(given: Any, pack: packs.Pack, region: int | None, level: str, at: datetime, incident: Incident | None = None) -> dict[str, Any]:
    """Give a preview in parts, or why there is none."""
    if region is None or not pack.has_level(level):
        return {}
    adjust = adjustments(given)
    note = None
    try:
        seen = levels.preview(pack, region, level, at, incident=incident, adjust=adjust)
    except ActionRefused as refusal:
        note, adjust = Notice(listed(filter(None, [refusal.says, refusal.fix]), " "), "stop"), {}
        seen = levels.preview(pack, region, level, at, incident=incident)
    name = pack.level(level).name
    return {
        "seen": seen,
        "level_name": name,
        "not_so": note,
        "columns": pages.LINES,
        "on": [pages.line_row(line) for line in seen.on],
        "off": [pages.line_row(line) for line in seen.off],
        "stay": [pages.line_row(line) for line in seen.stay],
        "adjust": pages.adjust_fields(seen.on, {} if note else given),
        "thens": [
            _("{n}项措施开始执行", n=len(seen.on)) + (_("，{n}项停止", n=len(seen.off)) if incident else "") + _("，不变的照常执行。"),
            _("在办的申请按提交时的规定办完，新的申请按新规定。"),
            _("告知本地所有单位和企业，记入记录，写明您和时间。"),
        ],
        "hidden": [*((f"adjust.{key}", value) for key, value in adjust.items()), ("expect", seen.fingerprint)],
    }


@needs("response.level")
def level(request: HttpRequest) -> HttpResponse:
    """Choose a level, see what it switches on and off, confirm."""
    if request.method != "POST":
        return _levelling(request, request.GET)
    given = request.POST
    fields = {name: given.get(name, "") for name in ("incident", "level", "document", "expect")}
    answer = run("response.level", {**fields, "adjust": adjustments(given)}, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
    if isinstance(answer, Done):
        return go("overview", incident=answer.result.id, done="level")
    return again(request, answer, lambda: _levelling(request, given))


def _levelling(request: HttpRequest, given: Any) -> TemplateResponse:
    incident = must(request)
    pack, to = pack_named(incident.pack), given.get("level", "")
    tabs = [
        View(
            one.name + (_("（现在）") if one.code == incident.level else ""),
            f"?incident={incident.id}&level={one.code}",
            here=one.code == to,
        )
        for one in pack.levels
    ]
    context = {
        "title": _("调整级别"),
        "incident": incident,
        "state": pages.level_state(pack, incident.level),
        "tabs": tabs,
        "to": to,
        "fields": [Field("document", _("依据文件"), value=given.get("document", ""), hint=_("名称和文号。"), required=False)],
        "back": reverse("response:overview") + f"?incident={incident.id}",
    }
    if not to or to == incident.level:
        return show(request, "level", context)
    return show(request, "level", {**context, **_seen(given, pack, incident.region, to, clock.now(), incident)})


@needs("response.level")
def end(request: HttpRequest) -> HttpResponse:
    """List what ends with the incident, confirm."""
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("incident", "document")}
        answer = run("response.end", given, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
        if isinstance(answer, Done):
            return go("overview", done="ended")
        return again(request, answer, lambda: _ending(request))
    return _ending(request)


def _ending(request: HttpRequest) -> TemplateResponse:
    incident, at = must(request), clock.now()
    running, areas = len(levels.standing(incident, at)), list(queries.areas(incident))
    asked = queries.asked(incident).count()
    thens = [
        _("{running}项措施停止执行。", running=running),
        _("{n}个管理区域解除：{value}。", n=len(areas), value=listed(one.name for one in areas) or _("没有")),
    ]
    if asked:
        thens.append(_("{asked}件报批不再生效。", asked=asked))
    thens += [_("在办的申请不再受这些措施限制。"), _("告知本地所有单位和企业，记入记录。")]
    return show(
        request,
        "end",
        {
            "title": _("结束响应"),
            "incident": incident,
            "thens": thens,
            "fields": [Field("document", _("依据文件"), value=request.POST.get("document", ""), hint=_("名称和文号。"), required=False)],
            "back": reverse("response:overview") + f"?incident={incident.id}",
        },
    )


# ---------------------------------------------------------------- one measure


@needs("response.see")
@require_safe
def measure(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one version: what it says, on whose word, until when, and how far it may be changed."""
    return _measure(request, id)


def _measure(request: HttpRequest, id: UUID) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    row = queries.mine(Measure, id, actor, at)
    may = actor.hat_for("response.measure", at=at, on=row) is not None
    state = State(_("执行中"), "ok") if row.in_force(at) else State(_("未到时间"), "info") if row.since > at else State(_("已停止"), "idle")
    return show(
        request,
        "measure",
        {
            "title": row.title,
            "row": row,
            "state": state,
            "facts": pages.measure_facts(row),
            "base": row.base,
            "events": pages.versions_told(queries.versions(row), row),
            "may_enact": may and row.in_force(at) and row.base_id is None and row.kind not in ("area", "undertaking", "checklist"),
            "may_adjust": may and row.in_force(at) and row.kind not in ("area", "undertaking") and row.limits.get("by"),
            "may_end": may and row.base_id is not None and (row.ends_at is None or row.ends_at > at),
            "back": reverse("response:overview") + f"?incident={row.incident_id}",
        },
    )


@needs("response.measure")
def adjust(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change a measure for a place: at once where the rule leaves it free, else by asking the office above."""
    if request.method != "POST":
        return _adjusting(request, id, request.GET)
    actor, at, given = request.actor, clock.now(), request.POST  # type: ignore[attr-defined]
    with acting(actor):
        row = queries.mine(Measure, id, actor, at)
    fields = {
        "incident": row.incident_id,
        "key": row.key,
        "place": given.get("place", ""),
        "value": pages.value_given(row, given),
        "reason": given.get("reason", ""),
        "document": given.get("document", ""),
        "since": day(given.get("since", "")),
        "until": day(given.get("until", ""), end=True),
    }
    name = "response.propose" if given.get("do") == "propose" else "response.measure.set"
    answer = run(name, fields, actor=actor, at=at)
    if isinstance(answer, Done):
        if name == "response.propose":
            return go("proposal", answer.result.id, done="asked")
        return go("measure", answer.result.id, done="later" if answer.result.since > at else "set")
    return again(request, answer, lambda: _adjusting(request, id, given))


def _adjusting(request: HttpRequest, id: UUID, given: Any) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    row = queries.mine(Measure, id, actor, at)
    rule = row.base if row.base is not None else row
    home = queries.home_of(actor, at, right="response.measure") or row.incident.region
    value = pages.value_given(row, given) if request.method == "POST" else None
    essentials = api.law(row.incident.region, at, incident=row.incident).essentials()
    fields = [
        *pages.value_fields(row, essentials, value),
        Field("place", _("地方"), value=given.get("place") or jurisdiction.name(home)),
        Field("since", _("生效日期"), "date", value=given.get("since", ""), hint=_("不填就是现在。"), required=False),
        Field("until", _("到期日期"), "date", value=given.get("until", ""), hint=_longest(rule), required=False),
        Field("reason", _("原因"), "area", value=given.get("reason", ""), hint=_("加严和报批的必须写。"), required=False, max_length=300),
        Field("document", _("依据文件"), value=given.get("document", ""), required=False),
    ]
    policies = {rule.limits.get("stricter"), rule.limits.get("looser")}
    return show(
        request,
        "adjust",
        {
            "title": _("调整“{title}”", title=row.title),
            "row": row,
            "rule": rule,
            "facts": [
                one for one in pages.measure_facts(rule) if one.name in (_("内容"), _("出处"), _("可以改的级别"), _("放宽"), _("加严"))
            ],
            "fields": fields,
            "may_set": rule.limits.get("looser") == "free",
            "may_ask": "approval" in policies,
            "back": reverse("response:measure", args=[row.id]),
        },
    )


def _longest(rule: Measure) -> str:
    days = rule.limits.get("max_days")
    return _("最长{days}天；不填就是{days}天。到期自动恢复原来的规定。", days=days) if days else _("到期自动恢复原来的规定。")


@needs("response.measure")
def enact(request: HttpRequest, id: UUID) -> HttpResponse:
    """Enter a rule from above as its document says; another person checks it before it holds."""
    if request.method != "POST":
        return _enacting(request, id, request.GET)
    actor, at, given = request.actor, clock.now(), request.POST  # type: ignore[attr-defined]
    with acting(actor):
        row = queries.mine(Measure, id, actor, at)
        place = row.incident.region
    fields = {
        "incident": row.incident_id,
        "key": row.key,
        "place": str(place),
        "value": pages.value_given(row, given),
        "level": given.get("level", ""),
        "issuer": given.get("issuer", ""),
        "document": given.get("document", ""),
        "reason": given.get("reason", ""),
        "since": day(given.get("since", "")),
        "until": day(given.get("until", ""), end=True),
    }
    answer = run("response.enact", fields, actor=actor, at=at)
    if isinstance(answer, Done):
        return go("proposal", answer.result.id, done="entered")
    return again(request, answer, lambda: _enacting(request, id, given))


def _enacting(request: HttpRequest, id: UUID, given: Any) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    row = queries.mine(Measure, id, actor, at)
    value = pages.value_given(row, given) if request.method == "POST" else None
    essentials = api.law(row.incident.region, at, incident=row.incident).essentials()
    levels_above = [Option(code, rules.LEVEL_WORDS[code]) for code in ("city", "province", "state")]
    fields = [
        Field("level", _("发文级别"), "select", value=given.get("level", "") or "city", options=levels_above),
        Field("issuer", _("发文单位"), value=given.get("issuer", ""), hint=_("照文件写全称。")),
        Field("document", _("文件名称和文号"), value=given.get("document", "")),
        *pages.value_fields(row, essentials, value),
        Field("since", _("生效日期"), "date", value=given.get("since", ""), hint=_("不填就是现在。"), required=False),
        Field("until", _("到期日期"), "date", value=given.get("until", ""), hint=_("文件没写就不填。"), required=False),
        Field("reason", _("说明"), "area", value=given.get("reason", ""), required=False, max_length=300),
    ]
    return show(
        request,
        "enact",
        {
            "title": _("登记上级对“{title}”的规定", title=row.title),
            "facts": [one for one in pages.measure_facts(row) if one.name in (_("内容"), _("出处"))],
            "fields": fields,
            "back": reverse("response:measure", args=[row.id]),
        },
    )


@needs("response.measure")
def end_measure(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a local version back."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if request.method != "POST":
        return go("measure", id)
    answer = run("response.measure.end", {"measure": id, "reason": request.POST.get("reason", "")}, actor=actor, at=at)
    if isinstance(answer, Done):
        return go("measure", id, done="ended_measure")
    return again(request, answer, lambda: _measure(request, id))


@needs("response.see")
@require_safe
def proposal(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show what was asked for, and who may answer."""
    return _proposal(request, id)


def _proposal(request: HttpRequest, id: UUID) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    one = queries.mine(Proposal, id, actor, at)
    base = one.base
    where = jurisdiction.name(one.place) if one.place else _("整个事件范围")
    facts = [
        (_("现行规定"), f"{base.said}（{base.origin_says}）"),
        (_("改成"), rules.said(base.kind, one.params)),
        (_("地方"), where),
        (_("起"), pages.moment(one.since)),
        (_("止"), pages.moment(one.until)),
        (_("原因"), one.reason),
        (_("文件"), one.document),
        (_("报批人"), one.asked_by_name),
        (_("意见"), listed(filter(None, [one.decided_by_name, one.answer]), " ")),
    ]
    states = {
        "asked": (_("待上级定"), "ask"),
        "approved": (_("已同意"), "ok"),
        "refused": (_("已退回"), "stop"),
        "withdrawn": (_("已撤回"), "idle"),
    }
    return show(
        request,
        "proposal",
        {
            "title": _("报批：{title}", title=base.title),
            "one": one,
            "state": State(*states[one.state]),
            "facts": [Fact(name, text) for name, text in facts if text],
            "stricter": one.stricter and one.kind == "local",
            "actions": pages.answers(one, actor, at=at),
            "back": reverse("response:overview") + f"?incident={one.incident_id}",
        },
    )


@needs("response.approve_layer", "response.measure")
def answer(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Approve, send back or take back."""
    if request.method != "POST" or verb not in ("approve", "refuse", "withdraw"):
        return go("proposal", id)
    given = {"proposal": id, "answer": request.POST.get("answer", ""), "document": request.POST.get("document", "")}
    done = run(f"response.{verb}", given, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
    if isinstance(done, Done):
        return go("proposal", id, done=verb)
    return again(request, done, lambda: _proposal(request, id))


# ---------------------------------------------------------------- areas


@needs("response.zone")
def draw(request: HttpRequest) -> HttpResponse:
    """Choose class, ground and paper of an area; it is a draft until its effects were seen and confirmed."""
    if request.method != "POST" or request.POST.get("do") == "find":
        given = request.POST if request.method == "POST" else request.GET
        if request.method == "POST":
            with acting(request.actor):  # type: ignore[attr-defined]
                return _drawing(request, given)
        return _drawing(request, given)
    given = request.POST
    more = [part for part in given.get("more", "").replace("、", " ").replace("，", " ").split() if part]
    fields = {
        **{name: given.get(name, "") for name in ("incident", "klass", "document", "name")},
        "places": [*given.getlist("places"), *more],
        "sites": given.getlist("sites"),
        "since": day(given.get("since", "")),
    }
    answer = run("response.area.draw", fields, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
    if isinstance(answer, Done):
        return go("area", answer.result.id, done="drawn")
    return again(request, answer, lambda: _drawing(request, given))


def _drawing(request: HttpRequest, given: Any) -> TemplateResponse:
    incident, at = must(request), clock.now()
    classes = sorted(api.law(incident.region, at, incident=incident).measures("area"), key=api.severity, reverse=True)
    chosen_places = set(given.getlist("places"))
    chosen_sites = _ids(given.getlist("sites"))
    found = queries.sites_by_id(chosen_sites)
    found += [site for site in queries.sites_named(given.get("q", "").replace("\x00", "")) if site.id not in set(chosen_sites)]
    places = jurisdiction.children(incident.region, clock.local(at).date())
    kinds = [
        Option(
            row.params["area"],
            str(row.params.get("short", row.title)),
            _("{said}。解除条件：{what}", said=row.said, what=row.params.get("lift", "")),
        )
        for row in classes
    ]
    listed = [
        Option(str(site.id), f"{site.enterprise.name} {site.name}", jurisdiction.name(site.region), site.id in set(chosen_sites))
        for site in found
    ]
    fields = [
        Field("klass", _("区域类别"), "choice", value=given.get("klass", ""), options=kinds),
        Field(
            "places",
            _("镇街和开发区"),
            "ticks",
            required=False,
            options=[Option(str(one.id), one.name, on=str(one.id) in chosen_places) for one in places],
        ),
        Field("more", _("其他地方"), value=given.get("more", ""), hint=_("村、社区等，写名称，用空格分开。"), required=False),
        Field("q", _("单独的场所"), value=given.get("q", ""), hint=_("写企业名称里的两个字以上，找到再选。"), required=False),
        *([Field("sites", _("选场所"), "ticks", required=False, options=listed)] if listed else []),
        Field("document", _("文号"), value=given.get("document", "")),
        Field("since", _("生效日期"), "date", value=given.get("since", ""), hint=_("不填就是确认的时候。"), required=False),
        Field("name", _("区域名称"), value=given.get("name", ""), hint=_("不填就按地方起名。"), required=False),
    ]
    context = {
        "title": _("划定区域"),
        "incident": incident,
        "fields": fields,
        "back": reverse("response:overview") + f"?incident={incident.id}",
    }
    return show(request, "draw", context)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@needs("response.see")
@require_safe
def area(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an area, what it touches now, and what may be done with it."""
    return _area(request, id)


def _area(request: HttpRequest, id: UUID, *, lifting: bool = False) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    one = queries.mine(ControlArea, id, actor, at)
    effects = api.effects_preview(one, max(at, one.since)) if one.state in ("drawn", "in_force") else None
    others = [row for row in api.law(one.incident.region, at, incident=one.incident).measures("area") if row.params["area"] != one.klass]
    facts = [
        (_("范围"), pages.ground_words(one)),
        (_("影响"), rules.said("area", one.measure.params)),
        (_("条件"), one.condition),
        (_("文号"), one.document),
        (_("生效"), pages.moment(one.since)),
        (_("解除条件"), str(one.measure.params.get("lift", ""))),
        (_("解除"), pages.moment(one.lifted_at)),
        (_("解除文号"), one.lift_document),
    ]
    return show(
        request,
        "area",
        {
            "title": one.name,
            "area": one,
            "state": pages.area_state(one),
            "facts": [Fact(name, text) for name, text in facts if text],
            "effects": pages.effects_parts(effects) if effects else [],
            "effect_columns": pages.EFFECT_COLUMNS,
            "touched": effects.count if effects else 0,
            "warnings": effects.warnings if effects else (),
            "drawn": one.state == "drawn",
            "lifting": lifting,
            "actions": [] if lifting else pages.area_actions(one, actor, at=at),
            "classes": [Option(row.params["area"], str(row.params.get("short", row.title))) for row in others],
            "may_reclass": one.state == "in_force" and not lifting and actor.hat_for("response.zone", at=at, on=one) is not None,
            "fields": [],
            "back": reverse("response:overview") + f"?incident={one.incident_id}",
        },
    )


@needs("response.zone")
def move_area(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Confirm, drop, lift or reclass an area; lifting asks first."""
    if verb not in ("confirm", "drop", "lift", "reclass"):
        raise NotFound()
    if request.method != "POST":
        return _area(request, id, lifting=True) if verb == "lift" else go("area", id)
    given = {"area": id, "document": request.POST.get("document", "")}
    if verb == "reclass":
        given["klass"] = request.POST.get("klass", "")
    answer = run(f"response.area.{verb}", given, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
    if isinstance(answer, Done):
        return go("area", answer.result.id, done=verb)
    return again(request, answer, lambda: _area(request, id, lifting=verb == "lift"))
