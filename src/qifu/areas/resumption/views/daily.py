"""The daily report: filled in already on the contact's phone; for the town a list of who has not told, with their numbers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.values import read_whole, uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import key_of, notice_of, status_of
from qifu.ui.parts import Notice, View
from qifu.ui.words import day_of, say_day, say_moment

from .. import daily
from ..models import DailyReport
from .home import APPLY, address, choose, firm_of

_SEE = "resumption.see"


def _rows(firm: Enterprise, *, day: date, law: response.Law, posted: Any = None, errors: dict[str, str] | None = None) -> dict[str, Any]:
    """Give what the form shows: each number with what it was, and what the day is compared with."""
    known, last = daily.start_with(firm, day=day, law=law)
    told = daily.of_day(firm.id, day)
    if told is not None:
        known = {name: getattr(told, name) for name in daily.CORE} | told.answers
    shown = {name: posted.get(name, value) for name, value in known.items()} if posted is not None else known
    before = getattr(last, "at_work", None)
    was = _("昨天 %(n)s，") if last is not None and (day - last.day).days == 1 else _("上次 %(n)s，")

    def row(name: str, label: str, hint: str, unit: str = "", **more: Any) -> SimpleNamespace:
        return SimpleNamespace(
            name=name, label=label, hint=hint, unit=unit, value=shown.get(name), error=(errors or {}).get(name, ""),
            positive=dict(daily.asked(law).positive).get(name, ""), **more,
        )  # fmt: skip

    rows = [
        row("at_work", _("今天到岗"), (was % {"n": before} if last else "") + _("全员 %(n)s") % {"n": known["expected"]}, asks=True),
        row("running", _("开的生产线"), (was % {"n": last.running} if last else "") + _("共 %(n)s") % {"n": known["capacity"]}),
    ]
    same = daily.asked(law).same
    for one in daily.asked(law).fields:
        earlier = (
            was.rstrip("，,").rstrip() % {"n": last.answers.get(one.name, 0)} if last and last.answers.get(one.name) is not None else ""
        )
        rows.append(row(one.name, one.label, one.hint or earlier, one.unit, follows=one.name in same))
    wholes = [
        row("expected", _("全员"), _("名册上应到的人，不算已离职的")),
        row("capacity", _("平时的生产线"), _("没有生产线的，填班组、柜台或车辆数")),
    ]
    return {"rows": rows, "wholes": wholes, "told": told, "last": last, "known": known, "before": before, "first": last is None}


def _day(request: HttpRequest, today: date) -> date:
    try:
        asked = date.fromisoformat((request.POST.get("day") if request.method == "POST" else request.GET.get("day")) or "")
    except ValueError:
        return today
    return asked if today - daily.OLDEST <= asked <= today else today


@require_http_methods(["GET", "HEAD", "POST"])
@needs(APPLY)
def tell(request: HttpRequest) -> HttpResponse:
    """Show the day filled in as yesterday; a POST tells it. What is odd is asked beside the number and never blocks."""
    if request.method == "POST":
        return _tell(request)
    firm = firm_of(request)
    return choose(request) if firm is None else _page(request, firm)


def _page(request: HttpRequest, firm: Enterprise, *, posted: Any = None, errors: dict[str, str] | None = None, refused: Any = None) -> Any:
    at = clock.now()
    today = local(at).date()
    day = _day(request, today)
    law = response.law(firm.region, at)
    start = datetime.combine(day, datetime.min.time(), ZONE)
    context: dict[str, Any] = {
        "head": _("复工日报"), "back": address("home", request), "day": day, "day_words": say_day(start, at=at), "firm": firm,
        "days": _days(request, firm, today=today, here=day) if request.GET.get("days") else [],
        "pick": f"{address('daily', request)}{'&' if '?' in address('daily', request) else '?'}days=1",
    }  # fmt: skip
    if not daily.reports(firm, law):
        context |= {"idle": True, "notices": []}
        return TemplateResponse(request, "resumption/daily.html", context)
    shown = _rows(firm, day=day, law=law, posted=posted, errors=errors)
    end = daily.due(day, daily.asked(law))
    late, told = at >= end, shown["told"]
    by = f"{daily.asked(law).by:%H:%M}"
    if told is not None:
        line = _("%(at)s 报过，改了再报一次就行") % {"at": say_moment(told.told_at, at=at)}
    elif late:
        line = _("过了 %(by)s，现在报也算数，会注明时间") % {"by": by}
    elif shown["first"]:
        line = _("第一次报，按申请和登记填好了，请核对。%(by)s前") % {"by": by}
    else:
        line = _("已按昨天填好，有变化的改一下。%(by)s前") % {"by": by}
    asks = daily.odd(_numbers(posted, shown["known"]), before=shown["before"]) if posted is not None or told is not None else ""
    context |= shown | {
        "line": line, "late": late, "asks": asks, "whys": list(daily.WHY.items())[:4],
        "why": posted.get("why", "") if posted is not None else told.why if told else "",
        "action": address("daily", request), "key": str(key_of(request) if posted is not None else uuid7()),
        "notices": [notice_of(refused, back="")] if refused is not None and not errors else [],
        "primary": _("改好了，再报") if told is not None else _("上报") if shown["first"] else _("和昨天一样，上报"),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/daily.html", context)


def _numbers(posted: Any, known: dict[str, Any]) -> dict[str, int]:
    def read(name: str) -> int:
        word = str(posted.get(name, "") if posted is not None else "")
        return int(known[name] or 0) if (number := read_whole(word)) is None else number

    return {name: read(name) for name in daily.CORE}


def _days(request: HttpRequest, firm: Enterprise, *, today: date, here: date) -> list[View]:
    """Give the last week: which days were told, and each opens."""
    found = []
    root = address("daily", request)
    join = "&" if "?" in root else "?"
    for back in range(daily.OLDEST.days + 1):
        day = today - timedelta(days=back)
        told = daily.of_day(firm.id, day)
        word = f"{day_of(day)} {_('到岗 %(n)s') % {'n': told.at_work} if told else _('没有报')}"
        found.append(View(word, f"{root}{join}day={day}", here=day == here))
    return found


def _tell(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with acting(actor):
        firm = firm_of(request)
        if firm is None:
            return choose(request)
        fields = daily.asked(response.law(firm.region, at)).fields
    given: dict[str, Any] = {"enterprise": firm.id, "why": request.POST.get("why", ""), "day": _day(request, local(at).date())}
    given |= {name: request.POST.get(name, "").strip() for name in daily.CORE}
    given["answers"] = {one.name: request.POST.get(one.name, "") for one in fields}
    if pressed := _pressed(request, at):
        given["pressed_at"] = pressed
    if given["why"] not in daily.WHY:
        given["why"] = ""
    answer = run("resumption.report_day", given, actor=actor, at=at, key=key_of(request))
    if answer.ok:
        to = address("daily_done", request)
        took = _took(request.POST)
        more = f"day={answer.result.day}" + (f"&took={took}" if took else "")
        return HttpResponseRedirect(f"{to}{'&' if '?' in to else '?'}{more}")
    with acting(actor):
        page = _page(request, firm, posted=request.POST, errors=dict(answer.errors or {}), refused=answer)
    page.status_code = status_of(answer)
    return page  # type: ignore[no-any-return]


def _took(given: Mapping[str, Any]) -> int:
    """Give the seconds that the report took, as the page counted them; 0 where it did not, or where they are too many to boast of."""
    took = read_whole(given.get("took", "")) or 0
    return took if took < 600 else 0


def _pressed(request: HttpRequest, at: datetime) -> datetime | None:
    """Give when the contact pressed, by the server's clock: the phone says both its then and its now, and may be an hour wrong."""
    try:
        then = clock.read_instant(request.POST.get("pressed_at", "").replace("Z", "+00:00"))
        now = clock.read_instant(request.POST.get("sent_at", "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return at - (now - then) if then.tzinfo and now.tzinfo and now >= then else None


@require_GET
@needs(APPLY)
def done(request: HttpRequest) -> HttpResponse:
    """Show what was told with the three rates that it makes, and who sees it."""
    firm = firm_of(request)
    if firm is None:
        return choose(request)
    at = clock.now()
    today = local(at).date()
    day = _day(request, today)
    told = daily.of_day(firm.id, day)
    if told is None:
        return HttpResponseRedirect(address("daily", request))
    law = response.law(firm.region, at)
    what = daily.asked(law)
    place = daily.rate_of_place(firm.region, law)
    kind = jurisdiction.place(firm.region).kind
    rates = [
        SimpleNamespace(
            name=_("员工返岗率"), value=daily.rate(told.at_work, told.expected), of=f"{told.at_work} / {told.expected}{_('人')}"
        ),
        SimpleNamespace(
            name=_("产能恢复率"), value=daily.rate(told.running, told.capacity), of=f"{told.running} / {told.capacity}{_('条')}"
        ),
    ]
    if place is not None:
        whole = {"town": _("全镇复工率"), "zone": _("全区复工率")}.get(kind, _("全街道复工率"))
        rates.append(SimpleNamespace(name=whole, value=daily.rate(*place), of=_("%(a)s / %(b)s家") % {"a": place[0], "b": place[1]}))
    by = f"{what.by:%H:%M}"
    bureau = _("区里的主管部门")
    context = {
        "head": _("复工日报"), "close": address("home", request), "told": told, "rates": rates, "number": number_of(told),
        "took": _took(request.GET),
        "received": say_moment(told.recorded_at, at=at, style="short"),
        "asof": say_moment(told.told_at, at=at, style="short"),
        "why": daily.WHY.get(told.why, ""), "late": told.late, "by": by,
        "positive": [says for name, says in what.positive if told.answers.get(name)],
        "asks": daily.odd({n: getattr(told, n) for n in daily.CORE}, before=_before(firm.id, day)) if not told.why else "",
        "mend": f"{address('daily', request)}{'&' if '?' in address('daily', request) else '?'}day={day}",
        "still": at < daily.due(day, what), "seers": [
            SimpleNamespace(name=f"{jurisdiction.name(firm.region)}、{bureau}", note=_("看您的数；别的企业看不到")),
            SimpleNamespace(name=_("市里、每日公报"), note=_("只看合计")),
        ],
    }  # fmt: skip
    return TemplateResponse(request, "resumption/daily_done.html", context)


def _before(enterprise: UUID, day: date) -> int | None:
    last = daily.latest(enterprise, before=day)
    return last.at_work if last else None


def number_of(told: DailyReport) -> str:
    """Give the number by which one can ask about a report: its day, and the last of its id."""
    return f"{told.day:%m%d}-{int(told.id) % 10000:04d}" + (f"-{told.revision}" if told.revision > 1 else "")


# ------------------------------------------------------------------------------------------------ for the town


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_SEE)
def owing(request: HttpRequest) -> HttpResponse:
    """List who has not told the day, with whom to call; a POST shows the numbers (on the record) or sends the reminder."""
    at = clock.now()
    today = local(at).date()
    if not _at_a_desk(request):
        return HttpResponseRedirect(address("home", request))
    if request.method != "POST":
        return _owing(request, _day(request, today))
    day, numbers, notice = _day(request, today), {}, None
    one = request.POST.get("application", "")
    given: dict[str, Any] = {"day": day} | ({"application": one} if one else {})
    verb = "remind_owing" if request.POST.get("do") == "remind" else "call_owing"
    answer = run(f"resumption.{verb}", given, actor=request.actor, at=at, key=key_of(request))
    if not answer.ok:
        notice = notice_of(answer, back="")
    elif verb == "remind_owing":
        notice = Notice(_("短信已发给 %(n)s 家的联系人") % {"n": answer.result}, "ok")
    else:
        numbers = answer.result
        notice = None if numbers else Notice(_("已经报了，或没有登记联系电话"), "info")
    with acting(request.actor):
        page = _owing(request, day, numbers=numbers, notice=notice)
    page.status_code = 200 if answer.ok else status_of(answer)
    return page


def _at_a_desk(request: HttpRequest) -> bool:
    return any(hat.place is not None for hat in request.actor.hats)


_MOST = 300


def _said_last(told: DailyReport) -> str:
    return _("上次 %(day)s，到岗 %(n)s") % {"day": day_of(told.day), "n": told.at_work}


def _owing(request: HttpRequest, day: date, *, numbers: dict[UUID, str] | None = None, notice: Notice | None = None) -> HttpResponse:
    at = clock.now()
    found = list(daily.owing(request.actor, day)[: _MOST + 1])
    total, of = daily.owing(request.actor, day).count(), daily.at_work(request.actor, day).count()
    last = daily.last_told([one.enterprise_id for one in found], until=day)
    rows = []
    for one in found[:_MOST]:
        told = last.get(one.enterprise_id)
        posts = registry.contacts_of(one.enterprise_id)
        gone = (day - told.day).days if told else None
        rows.append(
            SimpleNamespace(
                application=one, name=one.enterprise.name, town=jurisdiction.name(one.region),
                contact=posts[0].name if posts else _("没有登记联系人"), masked=posts[0].phone_masked if posts else "",
                phone=(numbers or {}).get(one.enterprise_id, ""),
                last=_said_last(told) if told else _("还没有报过"),
                gone=gone,
            )
        )  # fmt: skip
    today = local(at).date()
    days = [
        View({0: _("今天"), 1: _("昨天")}.get(back, day_of(one)), f"?day={one}", here=one == day)
        for back, one in enumerate(today - timedelta(days=back) for back in range(7))
    ]
    context = {
        "title": _("没有报日报的"), "day": day, "days": days, "rows": rows, "total": total, "of": of, "told": of - total,
        "rate": daily.rate(of - total, of), "more": len(found) > _MOST, "notice": notice, "at": at, "key": str(uuid7()),
        "action": request.path,
    }  # fmt: skip
    return TemplateResponse(request, "resumption/daily_owing.html", context)
