"""The calendar of a place by month, and its decrees: what they change is counted before they are laid."""

from calendar import Calendar
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import calendar_for, clock
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.calendar.days import DayIs, WorkingDays, days_words
from qifu.kernel.calendar.models import LocalDecree
from qifu.kernel.calendar.tables import decrees_in_force, year_of
from qifu.kernel.web import needs
from qifu.kernel.workflow.models import ClockRun
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, Notice, Option
from qifu.ui.words import say_moment

from .actions import RIGHT

WEEK = Calendar(firstweekday=0)
HEADS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
FIRST, LAST = date(2004, 1, 1), date(2099, 12, 1)


def home_of(actor: Actor) -> int:
    """Give the place whose calendar an actor keeps: that of the widest hat with the right."""
    at = clock.now()
    places = [hat.place for hat in actor.hats if RIGHT in hat.rights and hat.valid(at) and hat.place]
    return min(places, key=lambda place: len(jurisdiction.lineage(place)))


@require_safe
@needs(RIGHT)
def month(request: HttpRequest) -> HttpResponse:
    """Show one month, each day as it counts here and why, and below it the decrees of this place."""
    return _month(request)


def _month(request: HttpRequest, notice: Notice | None = None) -> TemplateResponse:
    place, at = home_of(request.actor), clock.now()  # type: ignore[attr-defined]
    first = _first(request.GET.get("month", ""), at)
    calendar = WorkingDays(lineage=jurisdiction.lineage(place), national=year_of, decrees=decrees_in_force())
    today = local(at).date()
    weeks = [
        [_day(on, calendar.day(on), today) if on.month == first.month else None for on in week]
        for week in WEEK.monthdatescalendar(first.year, first.month)
    ]
    before, after = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
    decrees = LocalDecree.objects.filter(region__in=jurisdiction.lineage(place)).order_by("-recorded_at", "-id")[:60]
    context = {
        "place": jurisdiction.name(place), "first": first, "weeks": weeks, "heads": [_(word) for word in HEADS],
        "notice": notice or _done(request, place),
        "works": sum(day.works for week in weeks for day in week if day),
        "missing": year_of(first.year) is None,
        "before": f"{before:%Y-%m}" if before >= FIRST else "", "after": f"{after:%Y-%m}" if after <= LAST else "",
        "decrees": [_decree(one, place, at) for one in decrees],
    }  # fmt: skip
    return TemplateResponse(request, "workdays/month.html", context)


def _first(word: str, at: datetime) -> date:
    try:
        first = date.fromisoformat(f"{word}-01")
    except ValueError:
        return local(at).date().replace(day=1)
    return first if FIRST <= first <= LAST else local(at).date().replace(day=1)


def _day(on: date, what: DayIs, today: date) -> Any:
    named = what.kind in ("holiday", "makeup", "decree")
    return SimpleNamespace(on=on, works=what.is_workday, name=what.name if named else "", today=on == today, changed=what.kind == "decree")


def _decree(one: LocalDecree, place: int, at: datetime) -> Any:
    days = [one.from_date + timedelta(days=n) for n in range((one.to_date - one.from_date).days + 1)]
    return SimpleNamespace(
        it=one, days=days_words(days, year=0), laid=say_moment(one.recorded_at, at=at, style="full"),
        back=say_moment(one.revoked_at, at=at, style="full") if one.revoked_at else "",
        own=one.region == place, where=jurisdiction.name(one.region),
    )  # fmt: skip


def _done(request: HttpRequest, place: int) -> Notice | None:
    done = request.GET.get("done", "")
    if done == "laid":
        return Notice(_("已发布。未办结的期限正在按新的日历重新计算，算完会写在下面"), "ok")
    if done == "back":
        return Notice(_("已撤销。未办结的期限正在重新计算"), "ok")
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a decree, show what it touches, and lay it on the second press."""
    if request.method != "POST":
        return _form(request, {}, {})
    posted = request.POST.dict()
    errors = _lacks(posted)
    if errors or posted.get("do") != "lay":
        with acting(request.actor):  # type: ignore[attr-defined]
            page = _form(request, posted, errors, seen=not errors)
            page.render()
        page.status_code = 422 if errors else 200
        return page
    given = _given(request)
    answer = run("calendar.lay", given, actor=request.actor, at=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    to = f"{reverse('workdays:month')}?month={request.POST.get('from_date', '')[:7]}&done=laid"
    return answered(request, answer, to=to, again=lambda *, notice, errors: _form(request, posted, errors, notice=notice))


def _given(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    return {
        "place": home_of(request.actor),  # type: ignore[attr-defined]
        "from_date": posted.get("from_date", ""), "to_date": posted.get("to_date", "") or posted.get("from_date", ""),
        "works": posted.get("works", ""), "reason": posted.get("reason", ""), "document": posted.get("document", ""),
    }  # fmt: skip


def _fields() -> list[Field]:
    kinds = [Option("no", _("休息"), _("不计入办理期限")), Option("yes", _("上班"), _("计入办理期限"))]
    return [
        Field("from_date", _("从哪天"), "date"),
        Field("to_date", _("到哪天"), "date", hint=_("两天都算在内；只有一天就填同一天"), required=False),
        Field("works", _("这几天"), "choice", options=kinds),
        Field("reason", _("事由"), hint=_("比如：全区停工一天"), max_length=120),
        Field("document", _("依据的文件"), hint=_("文件名和文号"), max_length=120),
    ]  # fmt: skip


def _lacks(posted: dict[str, str]) -> dict[str, str]:
    errors = {
        field.name: _("还没有填“%(label)s”。") % {"label": field.label}
        for field in _fields()
        if field.required and not posted.get(field.name, "").strip()
    }
    for name in ("from_date", "to_date"):
        if posted.get(name) and _date(posted[name]) is None:
            errors[name] = _("日期写成 2020-02-10 这样。")
    return errors


def _date(word: str) -> date | None:
    try:
        return clock.read_day(word)
    except ValueError:
        return None


def _form(
    request: HttpRequest, posted: dict[str, str], errors: dict[str, str], *, seen: bool = False, notice: Notice | None = None
) -> TemplateResponse:
    place = home_of(request.actor)  # type: ignore[attr-defined]
    fields = [field if field.name != "works" else _chosen(field, posted) for field in filled(_fields(), posted, errors)]
    context: dict[str, Any] = {
        "place": jurisdiction.name(place), "fields": fields, "notice": notice, "key": str(key_of(request)), "posted": posted, "seen": None,
    }  # fmt: skip
    if seen:
        from_date = _date(posted["from_date"]) or FIRST
        from_then = datetime.combine(from_date, datetime.min.time(), ZONE)
        open_ones = ClockRun._base_manager.filter(region__in=jurisdiction.reach(place), stopped_at__isnull=True, due_at__gt=from_then)
        calendar = calendar_for(place)
        to_date = _date(posted.get("to_date", "")) or from_date
        days = [from_date + timedelta(days=n) for n in range(min(max((to_date - from_date).days + 1, 0), 62))]
        works = posted["works"] == "yes"
        context["seen"] = {
            "days": days_words(days, year=local(clock.now()).year) if days else "",
            "changed": sum(calendar.is_workday(day) != works for day in days),
            "count": open_ones.count(), "works": works,
        }  # fmt: skip
    return TemplateResponse(request, "workdays/new.html", context)


def _chosen(field: Field, posted: dict[str, str]) -> Field:
    return replace(field, options=[replace(option, on=option.value == posted.get("works")) for option in field.options])


@require_POST
@needs(RIGHT)
def back(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a decree back; a refusal stands above the calendar."""
    answer = run("calendar.take_back", {"decree": id}, actor=request.actor, at=clock.now(), key=key_of(request))  # type: ignore[attr-defined]
    return answered(request, answer, to=f"{reverse('workdays:month')}?done=back", again=lambda *, notice, errors: _month(request, notice))
