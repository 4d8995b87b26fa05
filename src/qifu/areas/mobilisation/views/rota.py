"""Pages of duties: who is on duty now, my own, the rotas, and the rota of a month to plan, print and take out."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, Hat, Scope, acting, enter
from qifu.kernel.actions import run
from qifu.kernel.calendar import calendar_for, clock
from qifu.kernel.documents import excel, papers, typeset
from qifu.kernel.language import said
from qifu.kernel.web import at_door, needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, State
from qifu.ui.parts import Notice as Says
from qifu.ui.words import say_moment, weekday

from .. import ics, queries, refusals
from ..actions import rota as acts
from ..models import Feed, Member, Roster, Turn
from ..terms import DUTY, MOST_IN_WEEK, POSTS, REST_HOURS, ROSTER_STATES, ROTA, SHIFTS, TURN_STATES
from ..workflow import ROSTERS, TURNS
from .notices import home_of, of

TONES = {"drafted": "idle", "published": "info", "asked": "ask", "on_duty": "ok", "handed_over": "idle", "dropped": "idle"}
TURN_ACTIONS = {
    "ask": "mobilisation.ask_swap", "agree": "mobilisation.agree_swap", "decline": "mobilisation.decline_swap",
    "unask": "mobilisation.unask_swap", "take": "mobilisation.take_duty", "hand_over": "mobilisation.hand_over",
    "assign": "mobilisation.assign_turn", "call": "mobilisation.call_duty",
}  # fmt: skip
ROSTER_ACTIONS = {"fill": "mobilisation.fill_rota", "publish": "mobilisation.publish_rota", "drop": "mobilisation.drop_rota"}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAST = timedelta(days=31)
"""How far back a calendar program is told duties."""


def state_of(turn: Turn) -> State:
    """Draw the state of a duty."""
    return State(TURN_STATES[turn.state], TONES[turn.state])


def when(turn: Turn) -> str:
    """Say when a duty is: 2月13日 周四 17:30—8:30."""
    start, end = clock.local(turn.starts_at), clock.local(turn.ends_at)
    return f"{say_moment(start, at=start, style='full')}—{end:%H:%M}"


# ------------------------------------------------------------------------------------------------ today and my own


@require_GET
@needs(DUTY)
def duty(request: HttpRequest) -> HttpResponse:
    """Show who is on duty now with a number to call, my next duties, and what colleagues ask of me."""
    return _duty(request)


def _duty(
    request: HttpRequest,
    *,
    link: str = "",
    notice: Says | None = None,
    errors: Mapping[str, str] | None = None,
    called: tuple[UUID, str] | None = None,
) -> TemplateResponse:
    actor, at = of(request), clock.now()
    groups: dict[int, SimpleNamespace] = {}
    for one in queries.now_on_duty(actor, at=at):
        group = groups.setdefault(one.region, SimpleNamespace(name=jurisdiction.name(one.region), phone=one.roster.phone, rows=[]))
        group.phone = group.phone or one.roster.phone
        number = called[1] if called and called[0] == one.id else ""
        group.rows.append(SimpleNamespace(it=one, state=state_of(one), number=number, reach=actor.hat_for(DUTY, at=at, on=one) is not None))
    mine = queries.own_turns(actor.person, since=at - timedelta(hours=12)) if actor.person else []
    asked = queries.asked_of(actor.person, at=at) if actor.person else []
    feed = queries.feed_of(actor.person) if actor.person else None
    context = {
        "groups": list(groups.values()), "notice": notice, "at": at, "mine": [_own(one, actor, at) for one in mine[:12]],
        "asked": [SimpleNamespace(it=one, when=when(one)) for one in asked], "feed": feed, "plans": actor.may(ROTA),
        "link": request.build_absolute_uri(reverse("mobilisation:feed", args=[link])) if link else "",
        "error": _("、").join(errors.values()) if errors else "",
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/duty.html", context)


def _own(turn: Turn, actor: Actor, at: datetime) -> SimpleNamespace:
    choices = {one.move.verb: one for one in TURNS.possible(turn, actor=actor, at=at)}
    return SimpleNamespace(
        it=turn, when=when(turn), state=state_of(turn), can={verb: one.allowed for verb, one in choices.items()},
        href=reverse("mobilisation:turn", args=[turn.id]),
    )  # fmt: skip


@require_GET
@needs(DUTY)
def turn(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one duty: what the one before left, take it on, hand it over, ask for a swap, or put another person on it."""
    return _turn(request, id)


def _turn(request: HttpRequest, id: UUID, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, at = of(request), clock.now()
    it = queries.turn(id, actor)
    roster = it.roster
    choices = {one.move.verb: one for one in TURNS.possible(it, actor=actor, at=at)}
    own = actor.person is not None and actor.person == it.person
    people: list[SimpleNamespace] = []
    plans = queries.plans(actor, roster)
    if plans or own:
        found = queries.members(roster)
        book = acts.book_of(roster, [one.person for one in found])
        people = [
            SimpleNamespace(it=one, why=acts.why_not(it, one, book), points=book.points(one.person))
            for one in found
            if one.person != it.person
        ]
        people.sort(key=lambda one: (bool(one.why), one.points, one.it.name))
    context = {
        "it": it, "roster": roster, "when": when(it), "state": state_of(it), "own": own, "notice": notice, "people": people, "plans": plans,
        "can": {verb: one.allowed for verb, one in choices.items()}, "why": {verb: one.refusal for verb, one in choices.items()},
        "last": queries.last_note(it), "error": _("、").join(errors.values()) if errors else "",
        "asked_me": it.state == "asked" and it.swap_person == actor.person, "place": jurisdiction.name(it.region),
        "may_assign": plans and it.state in ("drafted", "published", "asked") and it.ends_at > at,
        "note": request.POST.get("note", ""),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/turn.html", context)


@require_POST
@needs(DUTY, ROTA)
def act_on_turn(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Take on, hand over, ask, agree, decline, assign, or look up the number of who is on duty."""
    actor, at = of(request), clock.now()
    with acting(actor):
        queries.turn(id, actor)
    here = reverse("mobilisation:turn", args=[id])
    if verb not in TURN_ACTIONS:
        return HttpResponseRedirect(here)
    post = request.POST
    given: dict[str, Any] = {"turn": id}
    if verb in ("ask", "assign"):
        given["person"] = post.get("person") or (None if verb == "assign" else "")
    if verb == "ask":
        given["why"] = post.get("why", "")
    if verb == "hand_over":
        given |= {"note": post.get("note", ""), "to": post.get("to", "")}
    answer = run(TURN_ACTIONS[verb], given, actor=actor, at=at, key=None if verb == "call" else key_of(request))
    if verb == "call":
        with acting(actor):
            page = (
                _duty(request, called=(id, answer.result))
                if answer.ok
                else _duty(request, notice=Says(f"{answer.says}{answer.fix}", "stop"))
            )
            page.render()
        page.status_code = 200 if answer.ok else 409
        return page
    to = reverse("mobilisation:roster", args=[answer.result.roster_id]) if answer.ok and post.get("to_rota") else here
    return answered(request, answer, to=to, again=lambda **more: _turn(request, id, **more))


@require_POST
@needs(DUTY)
def renew(request: HttpRequest) -> HttpResponse:
    """Make a new secret link for my calendar, shown once; the one before opens nothing any more."""
    answer = run("mobilisation.new_feed", {}, actor=of(request), at=clock.now())
    with acting(of(request)):
        page = _duty(request, link=answer.result) if answer.ok else _duty(request, notice=Says(f"{answer.says}{answer.fix}", "stop"))
        page.render()
    return page


@require_GET
@at_door
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the duties of the person whose secret link this is, as a calendar file; an old link says so."""
    found = Feed._base_manager.filter(digest=acts.digest_of(token)).first()
    if found is None:
        raise refusals.NoSuchFeed()
    hat = Hat(role="feed", rights=frozenset(), scope=Scope(regions=(found.region,)))
    enter(Actor(id="feed", name="日历", hats=(hat,)))
    at = clock.now()
    turns = list(
        Turn._base_manager.filter(person=found.person, ends_at__gt=at - PAST, state__in=["published", "asked", "on_duty", "handed_over"])
        .select_related("roster")
        .order_by("starts_at")
    )
    response = HttpResponse(ics.calendar(_("值班"), turns, at=at), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="duty.ics"'
    response["Cache-Control"] = "private, max-age=300"
    return response


# ------------------------------------------------------------------------------------------------ rotas


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DUTY, ROTA)
def rosters(request: HttpRequest) -> HttpResponse:
    """List the rotas that concern me; begin a new one."""
    if request.method != "POST":
        return _rosters(request)
    actor, at, post = of(request), clock.now(), request.POST
    shifts = [
        {"name": name, "start": start, "end": end}
        for name, start, end in zip(post.getlist("shift"), post.getlist("from"), post.getlist("to"), strict=False)
        if name.strip()
    ]
    given = {
        "place": home_of(actor, ROTA, at) or 0, "title": post.get("title", ""), "first_day": post.get("first_day", ""),
        "last_day": post.get("last_day", ""), "posts": post.get("posts", "").splitlines(), "shifts": shifts,
        "rest_hours": post.get("rest_hours", ""), "most_in_week": post.get("most_in_week", ""), "phone": post.get("phone", ""),
    }  # fmt: skip
    answer = run("mobilisation.plan_rota", given, actor=actor, at=at, key=key_of(request))
    to = reverse("mobilisation:people", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _rosters(request, **more))


def _rosters(request: HttpRequest, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, at = of(request), clock.now()
    home = home_of(actor, ROTA, at)
    first = (clock.local(at).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    stands = {
        "title": _("{place}应急值班表").format(place=jurisdiction.name(home)) if home else "",
        "first_day": f"{first}", "last_day": f"{last}",
        "posts": "\n".join(POSTS), "rest_hours": f"{REST_HOURS}", "most_in_week": f"{MOST_IN_WEEK}", "phone": "",
    }  # fmt: skip
    fields = [
        Field("title", _("表名"), max_length=60),
        Field("first_day", _("从哪天"), "date"),
        Field("last_day", _("到哪天"), "date", hint=_("最多62天")),
        Field("posts", _("岗位"), "area", hint=_("一行一个，每个班每个岗位一个人")),
        Field("rest_hours", _("两班之间至少休息"), "number", unit=_("小时")),
        Field("most_in_week", _("七天里最多"), "number", unit=_("个班")),
        Field("phone", _("值班电话"), "tel", required=False, max_length=20),
    ]
    posted = request.POST.dict() if request.method == "POST" else stands
    rows = [
        SimpleNamespace(
            it=one, place=jurisdiction.name(one.region), state=State(ROSTER_STATES[one.state], "ok" if one.state == "published" else "ask")
        )
        for one in queries.rosters(actor)
    ]
    context = {
        "rows": rows, "may_plan": home is not None, "fields": filled(fields, posted, errors), "notice": notice, "shifts": SHIFTS,
        "key": str(key_of(request)), "open": request.method == "POST" or not rows, "shifts_error": (errors or {}).get("shifts", ""),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/rosters.html", context)


@require_GET
@needs(DUTY, ROTA)
def roster(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a rota as a table of days; `as` gives it as pdf or excel."""
    wanted = request.GET.get("as", "")
    if wanted:
        return _taken(queries.roster(id, of(request)), wanted)
    return _roster(request, id)


def grid(roster: Roster, actor: Actor) -> tuple[list[SimpleNamespace], list[SimpleNamespace]]:
    """Give the columns (shift and post) and the rows (days) of a rota with its duties."""
    columns = [
        SimpleNamespace(shift=shift["code"], name=shift["name"], hours=f"{shift['from']}—{shift['to']}", post=post, first=number == 0)
        for shift in roster.shifts
        for number, post in enumerate(roster.posts)
    ]
    by = {(one.day, one.shift, one.post): one for one in queries.turns(roster)}
    calendar = calendar_for(roster.region)
    rows = []
    for day in queries.days_of(roster):
        cells = []
        for column in columns:
            it = by.get((day, column.shift, column.post))
            mine = it is not None and it.person is not None and it.person == actor.person
            cells.append(SimpleNamespace(it=it, mine=mine, state=state_of(it) if it and it.state in ("asked", "on_duty") else None))
        noon = datetime.combine(day, datetime.min.time(), clock.ZONE)
        rows.append(SimpleNamespace(day=day, weekday=weekday(noon), off=not calendar.is_workday(day), cells=cells))
    return columns, rows


def _roster(request: HttpRequest, id: UUID, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, at = of(request), clock.now()
    it = queries.roster(id, actor)
    columns, rows = grid(it, actor)
    members, turns = queries.members(it), queries.turns(it)
    carried = Counter(one.person for one in turns if one.person)
    points: Counter[UUID] = Counter()
    nights: Counter[UUID] = Counter()
    for one in turns:
        if one.person:
            points[one.person] += one.points
            nights[one.person] += clock.local(one.ends_at).date() > one.day
    empty = [one for one in turns if one.person is None]
    choices = {one.move.verb: one for one in ROSTERS.possible(it, actor=actor, at=at)}
    plans = queries.plans(actor, it)
    heads = [SimpleNamespace(name=one["name"], hours=f"{one['from']}—{one['to']}", wide=len(it.posts)) for one in it.shifts]
    context = {
        "it": it, "place": jurisdiction.name(it.region), "columns": columns, "rows": rows, "heads": heads, "plans": plans, "notice": notice,
        "state": State(ROSTER_STATES[it.state], "ok" if it.state == "published" else "ask"), "total": len(turns), "empty": empty[:12],
        "empties": len(empty), "can": {verb: one.allowed for verb, one in choices.items()}, "today": clock.local(at).date(),
        "people": sorted(
            (SimpleNamespace(it=one, n=carried[one.person], points=points[one.person], nights=nights[one.person]) for one in members),
            key=lambda one: (-one.points, one.it.name),
        ),
        "words": _("、").join(errors.values()) if errors else "", "filled": len(turns) - len(empty),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/roster.html", context)


def sheet(roster: Roster) -> papers.Sheet:
    """Give a rota as a sheet for A4 landscape: one row for each day."""
    columns = [papers.Column(said("日期"), width=1.2)]
    columns += [
        papers.Column(post, "centre", band=f"{shift['name']} {shift['from']}—{shift['to']}")
        for shift in roster.shifts
        for post in roster.posts
    ]
    by = {(one.day, one.shift, one.post): one for one in queries.turns(roster)}
    rows: list[list[papers.Cell]] = []
    for day in queries.days_of(roster):
        noon = datetime.combine(day, datetime.min.time(), clock.ZONE)
        cells: list[papers.Cell] = [f"{day.month}-{day.day} {weekday(noon)}"]
        for shift in roster.shifts:
            for post in roster.posts:
                one = by.get((day, shift["code"], post))
                cells.append(one.name if one else "")
        rows.append(cells)
    note = said("值班电话：{phone}", phone=roster.phone) if roster.phone else ""
    return papers.Sheet(
        title=roster.title, columns=columns, rows=rows, office=jurisdiction.name(roster.region), filler=roster.planner_name, note=note,
        as_of=f"{roster.first_day}—{roster.last_day}",
    )  # fmt: skip


def _taken(roster: Roster, wanted: str) -> HttpResponse:
    if wanted == "pdf":
        content, kind, name = typeset.pdf(sheet(roster)), "application/pdf", f"{roster.title}.pdf"
    elif wanted == "excel":
        content, kind, name = excel.xlsx(sheet(roster)), SHEET, f"{roster.title}.xlsx"
    else:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


@require_POST
@needs(ROTA)
def act_on_roster(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Fill, publish or drop a rota."""
    actor = of(request)
    with acting(actor):
        queries.roster(id, actor)
    here = reverse("mobilisation:roster", args=[id])
    if verb not in ROSTER_ACTIONS:
        return HttpResponseRedirect(here)
    given: dict[str, Any] = {"roster": id}
    if verb == "fill":
        given["afresh"] = bool(request.POST.get("afresh"))
    answer = run(ROSTER_ACTIONS[verb], given, actor=actor, at=clock.now(), key=key_of(request))
    to = reverse("mobilisation:rosters") if verb == "drop" else here
    return answered(request, answer, to=to, again=lambda **more: _roster(request, id, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ROTA)
def people(request: HttpRequest, id: UUID) -> HttpResponse:
    """Choose who is on a rota, which posts they take, and when they are away."""
    if request.method != "POST":
        return _people(request, id)
    actor = of(request)
    with acting(actor):
        queries.roster(id, actor)
    hands, wrong = [], ""
    for person in request.POST.getlist("person"):
        days, odd = _days(request.POST.get(f"off-{person}", ""))
        wrong = wrong or odd
        hands.append({"person": person, "posts": request.POST.getlist(f"posts-{person}"), "off": days})
    here = reverse("mobilisation:roster", args=[id])
    if wrong:
        with acting(actor):
            page = _people(
                request, id, notice=Says(_("“{word}”看不懂是哪天，没有保存。写成 3-5 或 2020-03-05，逗号隔开。").format(word=wrong), "stop")
            )
            page.render()
        page.status_code = 422
        return page
    answer = run("mobilisation.choose_people", {"roster": id, "people": hands}, actor=actor, at=clock.now(), key=key_of(request))
    if answer.ok and request.POST.get("fill"):
        answer = run("mobilisation.fill_rota", {"roster": id}, actor=actor, at=clock.now())
    return answered(request, answer, to=here, again=lambda **more: _people(request, id, **more))


def _days(text: str) -> tuple[list[date], str]:
    """Read days off: 3-5，3-6 or 2020-03-05; a day of the month and month is of the year nearest to now. Gives what is not understood."""
    today = clock.today()
    found: list[date] = []
    for word in text.replace("，", " ").replace("、", " ").replace(",", " ").replace(".", "-").replace("/", "-").split():
        parts = word.replace("月", "-").replace("日", "").split("-")
        try:
            numbers = [int(part) for part in parts]
            if len(numbers) == 3:
                found.append(date(*numbers))
            else:
                month, day = numbers
                near = [date(year, month, day) for year in (today.year - 1, today.year, today.year + 1)]
                found.append(min(near, key=lambda one: abs(one - today)))
        except ValueError:
            return [], word
    return found, ""


def _people(request: HttpRequest, id: UUID, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, at = of(request), clock.now()
    it = queries.roster(id, actor)
    if not queries.plans(actor, it) or it.state != "drafted":
        raise refusals.BegunAlready("这张表已经公布，不能再定人。", fix="点开那一班，换人。")
    on: dict[UUID, Member] = {one.person: one for one in queries.members(it)}
    posted = set(request.POST.getlist("person")) if request.method == "POST" else None
    groups: dict[str, list[SimpleNamespace]] = {}
    for grant in acts.candidates(it, at=at):
        member = on.get(grant.person_id)
        key = str(grant.person_id)
        chosen = key in posted if posted is not None else member is not None
        posts = request.POST.getlist(f"posts-{key}") if posted is not None else (member.posts if member else [])
        off = (
            request.POST.get(f"off-{key}", "")
            if posted is not None
            else _("，").join(f"{d.month}-{d.day}" for d in member.off)
            if member
            else ""
        )
        office = grant.department.name if grant.department else _("没有写部门")
        groups.setdefault(office, []).append(
            SimpleNamespace(
                id=key, name=grant.person.name, title=grant.person.title, on=chosen, off=off, posts=[(p, p in posts) for p in it.posts]
            )
        )
    context = {
        "it": it, "groups": list(groups.items()), "notice": notice, "words": _("、").join(errors.values()) if errors else "",
        "key": str(key_of(request)), "back": reverse("mobilisation:roster", args=[id]), "many_posts": len(it.posts) > 1,
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/people.html", context)
