"""Every figure of the installation, as of any moment and as known at any seal, with exactly the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import Listing
from qifu.kernel.documents.papers import Column, Sheet
from qifu.kernel.indicators import Figure, Indicator, Known, Moment, Row, figure, figures, indicators
from qifu.kernel.journal.models import Seal
from qifu.kernel.language import in_chinese, plain
from qifu.kernel.language import listed as joined
from qifu.kernel.language import said as _
from qifu.kernel.web import needs, opens
from qifu.ui import nav, parts
from qifu.ui.words import say_moment, say_number

PAGE = 100
SEE = "insight.see"
AREAS = {
    "resumption": _("复工"), "registry": _("企业和人"), "casework": _("诉求"), "visits": _("走访"), "services": _("服务"),
    "supply": _("产业链供需"), "jointoffice": _("组团办公"), "mobilisation": _("值班和志愿者"), "passes": _("通行证"),
    "response": _("应对"), "schools": _("学校"),
}  # fmt: skip
"""The groups of the page, in its order: each area that counts something."""
PARTS = {
    "firms": _("企业"), "staff": _("员工"), "people": _("人"), "solved": _("已答复或解决"), "open": _("还在办"),
    "ringback": _("视频彩铃"), "lantern": _("员工健康申报"), "thermal": _("申请5G测温"),
    "leaders": _("区领导"), "cadres": _("其他干部"), "listed": _("重点名单上的"), "calls": _("招募"), "passed_on": _("请外地帮找"),
}  # fmt: skip
"""Words for the names of a figure's several numbers."""

nav.offer(nav.Door("figures:all", "数字", SEE, order=50))


@dataclass(frozen=True)
class Asked:
    """What the address asks: as of when, as known when, and the words to keep in links."""

    moment: Moment
    day: date
    words: dict[str, str]

    @property
    def query(self) -> str:
        return f"?{urlencode(self.words)}" if self.words else ""


def _asked(given: QueryDict) -> Asked:
    """Read the day (its last instant, or now) and the seal; what does not fit means now, and as known now."""
    now = local(clock.now())
    words: dict[str, str] = {}
    at, day = now, now.date()
    try:
        day = min(clock.read_day(given.get("day", "")), now.date())
    except ValueError:
        day = now.date()
    if day < now.date():
        at = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE) - timedelta(microseconds=1)
        words["day"] = day.isoformat()
    elif (asof := _instant(given.get("as_of", ""))) is not None and asof < now:
        at, day = local(asof), local(asof).date()
        words["as_of"] = at.isoformat()
    known = _known(given.get("known", ""), words)
    number = given.get("seal", "")
    if number.isdecimal() and len(number) < 9:
        seal = Seal.objects.filter(number=int(number)).first()
        if seal is not None:
            known = Known(seal.number, seal.era, seal.horizon, seal.at)
            words["seal"] = number
    return Asked(Moment(at, known, _within(given.get("place", ""), day, words)), day, words)


def _instant(word: str) -> datetime | None:
    """Read an instant with its zone: 2020-02-17T20:00:00+08:00; a plus that became a space is taken as one."""
    try:
        found = clock.read_instant(word.strip().replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _known(word: str, words: dict[str, str]) -> Known | None:
    """Read a horizon of the record, era.transaction: what a bulletin was computed from."""
    era, _, horizon = word.partition(".")
    if not (era.isdecimal() and horizon.isdecimal() and len(era) < 6 and len(horizon) < 18):
        return None
    words["known"] = word
    return Known(0, int(era), int(horizon))


def _within(word: str, day: date, words: dict[str, str]) -> tuple[int, ...] | None:
    """Narrow to a place; row security keeps to the actor's reach, whatever is asked for."""
    if not word.isdecimal() or len(word) > 9:
        return None
    try:
        found = jurisdiction.reach(int(word), day)
    except jurisdiction.UnknownPlace:
        return None
    words["place"] = word
    return found


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show all figures within the actor's reach."""
    asked, actor = _asked(request.GET), request.actor
    groups: dict[str, list[parts.Figure]] = {}
    scope = ""
    ids = sorted(indicators, key=lambda id: (id[0] != "F", len(id), id))
    for found in figures(ids, moment=asked.moment, actor=actor):
        scope = found.scope
        groups.setdefault(_group(found.indicator), []).append(_drawn(found, asked))
    order = list(AREAS.values())
    context = {
        "title": _("数字"),
        "line": _("{scope}，截至{say_moment}", scope=scope, say_moment=say_moment(asked.moment.asof, at=clock.now(), style="full")),
        "groups": sorted(groups.items(), key=lambda pair: order.index(pair[0])),
        "tabs": _days(asked, reverse("figures:all")),
        "day": asked.day,
        "latest": clock.today(),
    }
    return TemplateResponse(request, "figures/all.html", context)


def _group(indicator: Indicator) -> str:
    """Give the area's word, by the process that is counted (or waited for) or by the module that counts."""
    measure = getattr(indicator.numerator, "having", indicator.numerator)
    area = getattr(measure, "process", "").split(".")[0] or getattr(measure, "query", _group).__module__.split(".")[2]
    return AREAS[area]


def _days(asked: Asked, address: str) -> list[parts.View]:
    today = clock.today()
    near = [(_("今天"), today), (_("昨天"), today - timedelta(days=1)), (_("一周前"), today - timedelta(days=7))]
    return [parts.View(word, address if day == today else f"{address}?day={day}", here=day == asked.day) for word, day in near]


def _drawn(found: Figure, asked: Asked) -> parts.Figure:
    indicator = found.indicator
    value, unit = _value(found)
    return parts.Figure(
        indicator.label,
        value,
        unit,
        f"{reverse('figures:one', args=[indicator.id])}{asked.query}",
        _fraction(found),
        asof=asked.moment.asof,
        definition=indicator.definition,
        source=indicator.source,
        id=indicator.id,
    )


def _value(found: Figure) -> tuple[str, str]:
    if found.value is None:
        return _("还没有"), ""
    if isinstance(found.value, datetime):
        return say_moment(found.value, at=found.moment.asof, style="day"), f"{local(found.value):%H:%M}"
    if isinstance(found.value, int):
        return say_number(found.value), found.indicator.unit
    return str(found.value), ""


def _fraction(found: Figure) -> str:
    words = []
    if found.of is not None:
        share = f"，{found.rate / 10:.1f}%" if found.rate is not None else ""
        words.append(_("共{say_number}{unit}{share}", say_number=say_number(found.of), unit=found.indicator.unit, share=share))
    words += [f"{PARTS.get(name, name)}{say_number(value)}" for name, value in found.values.items()]
    return joined(words, "；")


# ------------------------------------------------------------------------------------------------ one figure


@require_GET
@needs(SEE)
def one(request: HttpRequest, id: str) -> HttpResponse:
    """Show one figure with its definition and a page of its rows."""
    asked, actor = _asked(request.GET), request.actor
    indicator = _indicator(id)
    part = request.GET.get("part", "") if request.GET.get("part", "") in indicator.parts else ""
    found = figure(id, moment=asked.moment, actor=actor)
    pairs = _pairs(indicator, part, asked.moment)
    page = _number(request.GET.get("page", ""), -(-len(pairs) // PAGE))
    shown = pairs[(page - 1) * PAGE : page * PAGE]
    rows = _rows(indicator, shown, actor)
    total = sum(weight for _, weight in pairs)
    weighs = any(weight != 1 for _, weight in pairs)
    here = reverse("figures:one", args=[id])
    words = asked.words | ({"part": part} if part else {})
    context = {
        "figure": _drawn(found, asked),
        "back": parts.Link(_("全部数字"), f"{reverse('figures:all')}{asked.query}"),
        "scope": found.scope,
        "known": _("按{say_moment}封存时所知", say_moment=say_moment(asked.moment.known.at, at=clock.now(), style="full"))
        if asked.moment.known and asked.moment.known.at
        else (_("按当时的记录") if asked.moment.known else _("按现在所知")),
        "moments": _moments(here),
        "tabs": _parts(here, indicator, part, asked),
        "total": len(pairs),
        "columns": _columns(indicator, weighs),
        "rows": [_line(row, indicator, weighs) for row in rows],
        "sums": _("各行加起来是{say_number}，正是这个数", say_number=say_number(total)) if weighs else "",
        "page": _page(page, len(pairs), len(shown), here, words),
        "export": f"{reverse('figures:export', args=[id])}?{urlencode(words)}" if pairs else "",
        "day": asked.day,
        "latest": clock.today(),
        "id": id,
        "seal": asked.words.get("seal", ""),
    }
    return TemplateResponse(request, "figures/one.html", context)


def _indicator(id: str) -> Indicator:
    if id not in indicators:
        raise Http404
    return indicators[id]


def _pairs(indicator: Indicator, part: str, moment: Moment) -> Sequence[tuple[UUID, int]]:
    measure = indicator.parts[part] if part else indicator.numerator
    found: Sequence[tuple[UUID, int]] = measure.rows(moment)
    return found


def _rows(indicator: Indicator, pairs: Sequence[tuple[UUID, int]], actor: Actor) -> list[Row]:
    described = indicator.describe([id for id, _ in pairs]) if indicator.describe else {}
    rows = []
    for id, weight in pairs:
        row = described.get(id)
        url = row.url if row and row.url and opens(row.url, actor) else ""
        rows.append(Row(id, weight, row.label, url, row.cells) if row else Row(id, weight, _("不在您能看的范围内")))
    return rows


def _number(word: str, last: int) -> int:
    return min(max(int(word), 1), max(last, 1)) if word.isdecimal() and len(word) < 7 else 1


def _moments(here: str) -> list[parts.View]:
    now = clock.now()
    seals = Seal.objects.order_by("-number")[:2]
    return [parts.View(_("按{say_moment}封存的看", say_moment=say_moment(seal.at, at=now)), f"{here}?seal={seal.number}") for seal in seals]


def _parts(here: str, indicator: Indicator, part: str, asked: Asked) -> list[parts.View]:
    if not indicator.parts:
        return []
    first = parts.View(indicator.label, f"{here}{asked.query}", here=not part)
    rest = [
        parts.View(PARTS.get(name, name), f"{here}?{urlencode(asked.words | {'part': name})}", here=name == part)
        for name in indicator.parts
    ]
    return [first, *rest]


def _columns(indicator: Indicator, weighs: bool) -> list[parts.Column]:
    columns = [parts.Column(_("名称"), "name"), *[parts.Column(word, "text") for word in indicator.columns]]
    return [*columns, parts.Column(_("数"), "number", "s")] if weighs else columns


def _line(row: Row, indicator: Indicator, weighs: bool) -> parts.Row:
    texts = [*row.cells, *[""] * len(indicator.columns)][: len(indicator.columns)]
    kind = "name" if row.url else "text"
    cells = [parts.Cell(kind, row.label), *[parts.Cell("text", text) for text in texts]]
    if weighs:
        cells.append(parts.Cell("number", row.weight))
    return parts.Row(str(row.id), row.label, row.url, cells)


def _page(page: int, total: int, shown: int, here: str, words: dict[str, str]) -> parts.Page | None:
    if total <= PAGE:
        return None
    first = (page - 1) * PAGE + 1

    def address(number: int) -> str:
        return f"{here}?{urlencode(words | {'page': str(number)})}"

    last = first + shown - 1
    return parts.Page(first, last, total, address(page - 1) if page > 1 else "", address(page + 1) if last < total else "")


@require_GET
@needs(SEE)
def export(request: HttpRequest, id: str) -> HttpResponse:
    """Lead to taking the rows behind a figure along: at once up to 500, above with a second person."""
    _indicator(id)
    words = request.GET.copy()
    words["list"], words["figure"] = "figures.rows", id
    return HttpResponseRedirect(f"{reverse('papers:export_new')}?{words.urlencode()}")


# ------------------------------------------------------------------------------------------------ the rows as a list that leaves


def count_rows(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    """Count the rows behind a figure at the moment that the address says."""
    found = _behind(filters)
    return min(len(found[2]), most + 1) if found else 0


def read_rows(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    """Give the rows behind a figure with its number, the moment and what each counts."""
    found = _behind(filters)
    if found is None:
        raise NotFound()
    indicator, asked, pairs = found
    here = local(asked.moment.asof)
    heads = [str(plain(word)) for word in ("名称", *indicator.columns, "数")]
    with in_chinese():
        lines = [row for start in range(0, len(pairs), 1000) for row in _rows(indicator, pairs[start : start + 1000], actor)][:most]
        rows = [
            (n, row.label, *[str(text) for text in [*row.cells, *[""] * len(indicator.columns)][: len(indicator.columns)]], row.weight)
            for n, row in enumerate(lines, 1)
        ]
    return Sheet(
        title=f"{indicator.id} {plain(indicator.label)}", rows=rows, unit=str(plain(indicator.unit)),
        columns=(
            Column("序号", "centre", 0.5), Column(heads[0], width=2.4), *(Column(word) for word in heads[1:-1]), Column("数", "number", 0.6)
        ),
        totals=("", "合计", *[""] * len(indicator.columns), sum(row.weight for row in lines)),
        office=next((hat.label for hat in actor.hats if hat.label), ""), as_of=f"截至{here:%Y年%-m月%-d日}{here:%H:%M}",
        note=str(plain(indicator.definition)), filler=actor.name, dated=local(at).date(),
    )  # fmt: skip


def _behind(filters: QueryDict) -> tuple[Indicator, Asked, Sequence[tuple[UUID, int]]] | None:
    indicator = indicators.get(filters.get("figure", ""))
    if indicator is None:
        return None
    asked = _asked(filters)
    part = filters.get("part", "")
    return indicator, asked, _pairs(indicator, part if part in indicator.parts else "", asked.moment)


exporting.register(Listing(name="figures.rows", label="数字背后的名单", needs=(SEE,), count=count_rows, read=read_rows))
