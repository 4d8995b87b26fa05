"""Pages of returns: the templates, one template as a grid whose cells are mapped, and the table of a day to check and hand in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Moment, indicators
from qifu.kernel.web import needs
from qifu.ui.parts import Clock, State

from . import actions, book, computing, guessing, queries
from .models import Blank, Filing
from .nav import FILL, KEEP, SEE
from .terms import BLANK_STATES, FILING_STATES, MOST_BYTES, STEPS, WHY, WORD_PARTS
from .workflow import TABLES, TEMPLATES

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {"mapping": "ask", "on": "ok", "stopped": "idle", "filled": "ask", "released": "ok"}
BLANK_VERBS = {"map", "unmap", "retime", "start", "change", "stop", "fill"}
FILING_VERBS = {"fill_again", "release", "take_back"}


def _of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def home_of(actor: Actor, at: datetime) -> int | None:
    """Give the place for which somebody keeps returns: that of the widest hat with the right."""
    places = [hat.place for hat in actor.hats if KEEP in hat.rights and hat.valid(at) and hat.place]
    return min(places, key=lambda place: len(jurisdiction.lineage(place)), default=None)


def _state(row: Blank | Filing) -> State:
    words = BLANK_STATES if isinstance(row, Blank) else FILING_STATES
    return State(words[row.state], TONES[row.state])


# ------------------------------------------------------------------------------------------------ the list


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """List the templates with what they did today, and take in a new one."""
    return _list(request)


def _list(request: HttpRequest, *, answer: Any = None, given: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor, at = _of(request), clock.now()
    found = queries.blanks()
    today = {one.blank_id: one for one in Filing.objects.filter(day=local(at).date()).defer("values")}
    context = {
        "rows": [SimpleNamespace(it=one, state=_state(one), today=_today(today.get(one.id))) for one in found],
        "home": jurisdiction.name(home) if actor.may(KEEP) and (home := home_of(actor, at)) else "",
        "answer": answer,
        "given": given or {},
        "before": [one for one in found if one.state in ("mapping", "on")],
        "most": MOST_BYTES // 1024 // 1024,
    }
    return TemplateResponse(request, "returns/blanks.html", context, status=status)


def _today(filing: Filing | None) -> SimpleNamespace | None:
    if filing is None:
        return None
    return SimpleNamespace(it=filing, state=_state(filing), clock=Clock(filing.due_at) if filing.due_at else None)


@require_POST
@needs(KEEP)
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a template."""
    actor, at = _of(request), clock.now()
    file = request.FILES.get("file")
    given = {name: request.POST.get(name, "") for name in ("name", "hour", "unit", "follows")}
    if file is None:
        with acting(actor):
            says = SimpleNamespace(says=_("还没有选文件，没有收下。"), fix=_("选上级发下来的 .xlsx 表。"))
            return _list(request, answer=says, given=given, status=409)
    content = file.read(MOST_BYTES + 1)
    name = given["name"].strip() or (file.name or "").rpartition(".")[0]
    given_follows = given.pop("follows")
    sent = {**given, "name": name[:80], "place": home_of(actor, at) or 0, "filename": file.name or "", "content": content}
    if given_follows:
        sent["follows"] = given_follows
    answer = run("returns.upload", sent, actor=actor, at=at)
    if answer.ok:
        return HttpResponseRedirect(reverse("returns:blank", args=[answer.result.id]))
    with acting(actor):
        return _list(request, answer=_said(answer), given=given, status=409)


def _said(answer: Any) -> SimpleNamespace:
    errors = getattr(answer, "errors", None) or {}
    return SimpleNamespace(says=" ".join(str(one) for one in errors.values()) or answer.says, fix="" if errors else answer.fix)


# ------------------------------------------------------------------------------------------------ one template


@require_GET
@needs(SEE)
def blank(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a template as a grid; ?cell= opens a cell to be mapped, ?try=1 shows what would stand there now."""
    return _blank(request, id, asked=request.GET)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _blank(request: HttpRequest, id: UUID, *, asked: Mapping[str, Any], answer: Any = None, status: int = 200) -> HttpResponse:
    actor, at = _of(request), clock.now()
    it = queries.blank(id)
    body = actions.body_of(it.id)
    names = book.sheets(body)
    number = min(_number(str(asked.get("sheet", ""))), len(names) - 1)
    grid = book.grid(body, number)
    mapped = {(cell["sheet"], cell["cell"]): cell for cell in it.cells}
    tried = _tried(it, body, at) if asked.get("try") else None
    chosen = _chosen(grid, str(asked.get("cell", "")))
    may_map = it.state == "mapping" and actor.may(KEEP)
    context = {
        "it": it, "state": _state(it), "answer": answer, "grid": grid,
        "sheets": [SimpleNamespace(number=n, name=name, here=n == number) for n, name in enumerate(names)],
        "rows": _drawn(grid, mapped, tried=tried, chosen=chosen.address if chosen else "", links=True),
        "columns": [SimpleNamespace(letter=guessing.letters(n), width=_width(one)) for n, one in enumerate(grid.widths, 1)],
        "panel": _panel(it, grid, chosen, mapped, at) if chosen else None,
        "taken": it.follows and queries.blank(it.follows), "lost": _lost(it) if may_map else [],
        "mapped": _lines(it, tried), "tried": tried is not None, "problems": _missing(tried.missing, names) if tried else [],
        "acts": _acts(TEMPLATES, it, actor, at, {"start", "change", "stop"}),
        "may_map": may_map, "may_fill": it.state == "on" and actor.may(FILL), "today": local(at).date(),
        "days": [SimpleNamespace(it=one, state=_state(one)) for one in queries.filings(it)],
    }  # fmt: skip
    return TemplateResponse(request, "returns/blank.html", context, status=status)


def _lost(it: Blank) -> list[str]:
    """Name the figures of the edition before that have no cell here yet."""
    there = {(cell["figure"], cell["part"], cell["place"]) for cell in it.cells}
    gone = [cell for cell in it.lost if (cell["figure"], cell["part"], cell["place"]) not in there]
    return [f"{cell['cell']} {indicators[cell['figure']].label}" if cell["figure"] in indicators else str(cell["cell"]) for cell in gone]


def _tried(it: Blank, body: bytes, at: datetime) -> computing.Computed:
    """Compute as of now without keeping anything."""
    last = Filing.objects.filter(blank=it.id).order_by("-day").first()
    return computing.Computer(it, body, Moment(at)).compute(last.values if last else [])


def _chosen(grid: book.Grid, address: str) -> book.Square | None:
    plain = address.strip().upper().replace("$", "")
    return grid.squares.get(grid.under.get(plain, plain))


def _width(characters: float) -> int:
    """Give one of the widths that the style sheet knows: 1 to 6."""
    return next((n for n, most in enumerate((5, 9, 13, 19, 29), 1) if characters <= most), 6)


def _drawn(
    grid: book.Grid, mapped: Mapping[book.Place, Any], *, tried: computing.Computed | None, chosen: str, links: bool
) -> list[SimpleNamespace]:
    lines = {(line["sheet"], line["cell"]): line for line in tried.lines} if tried else {}
    values = tried.values if tried else {}
    gone = {(one["sheet"], one["cell"]) for one in tried.missing} if tried else set()
    sums = _worked(grid, tried)
    drawn = []
    for number, squares in grid.rows:
        found = []
        for square in squares:
            at = (grid.number, square.address)
            line, cell = lines.get(at), mapped.get(at)
            kind = "gone" if at in gone else "on" if cell else square.kind
            text = _shown(square, line, values.get(at), cell, sums)
            changed = bool(line and line["before"] is not None and line["before"] != line["text"])
            found.append(
                SimpleNamespace(
                    address=square.address, text=text, kind=kind, wide=square.wide, high=square.high, bold=square.bold, align=square.align,
                    here=square.address == chosen, changed=changed, line=line, links=links and square.kind != "formula",
                )
            )  # fmt: skip
        drawn.append(SimpleNamespace(number=number, squares=found))
    return drawn


def _shown(square: book.Square, line: Any, value: Any, cell: Any, sums: Mapping[str, str]) -> str:
    if line is not None:
        return str(value) if isinstance(value, str) else str(line["text"]) or square.text
    if cell is not None:
        return f"{square.text}{'' if square.kind == 'words' else computing.label_of(cell)}"
    return sums.get(square.address, "") if square.kind == "formula" else square.text


def _worked(grid: book.Grid, tried: computing.Computed | None) -> dict[str, str]:
    """Give what the formulas of a filled sheet come to, in the words of its number formats."""
    if tried is None or not tried.values:
        return {}
    return grid_sums(grid, tried.body, tried.values)


def grid_sums(grid: book.Grid, body: bytes, values: Mapping[book.Place, book.Value]) -> dict[str, str]:
    """Give what formulas come to, as people read it."""
    found = {}
    for address, value in book.worked_out(body, grid.number, values).items():
        if value is None:
            continue
        share = book.is_share(grid.squares[address].format)
        found[address] = f"{round(value * 100, 1):g}%" if share else f"{round(value, 2):g}" if value % 1 else str(int(value))
    return found


def _panel(it: Blank, grid: book.Grid, square: book.Square, mapped: Mapping[book.Place, Any], at: datetime) -> SimpleNamespace:
    """Give the cell beside the grid: what stands around it, what is mapped, what may be meant, and everything to choose from."""
    places = jurisdiction.reach(it.region, local(at).date())
    cell = mapped.get((grid.number, square.address))
    left, above = guessing.words_around(grid, square.address)
    guesses = guessing.guesses(grid, square.address, places, it.region)
    first = cell or ({"figure": guesses[0].figure, "part": guesses[0].part, "place": guesses[0].place} if guesses else {})
    parts = {name: word for one in indicators.values() for name, word in computing.parts_of(one)}
    return SimpleNamespace(
        square=square, cell=cell, left=left, above=above,
        guesses=[SimpleNamespace(figure=g.figure, part=g.part, place=g.place, word=_guess_word(g, it.region)) for g in guesses],
        figure=first.get("figure", ""), part=first.get("part", "value"), place=first.get("place", it.region),
        figures=[SimpleNamespace(id=one.id, label=one.label, unit=one.unit) for one in indicators.values()],
        parts=list(parts.items()), words=list(WORD_PARTS.items()),
        places=[SimpleNamespace(id=place, name=jurisdiction.name(place)) for place in places],
        label=computing.label_of(cell) if cell else "",
        means=indicators[first["figure"]].definition if first.get("figure") in indicators else "",
    )  # fmt: skip


def _guess_word(guess: guessing.Guess, home: int) -> str:
    if guess.part in WORD_PARTS:
        return str(WORD_PARTS[guess.part])
    words = computing.label_of({"figure": guess.figure, "part": guess.part, "place": guess.place})
    return words if guess.place != home else words.partition(" ")[2]


def _lines(it: Blank, tried: computing.Computed | None) -> list[SimpleNamespace]:
    texts = {(line["sheet"], line["cell"]): line["text"] for line in tried.lines} if tried else {}
    return [
        SimpleNamespace(
            sheet=cell["sheet"], cell=cell["cell"], label=computing.label_of(cell), text=texts.get((cell["sheet"], cell["cell"]), "")
        )
        for cell in it.cells
    ]


def _acts(workflow: Any, row: Any, actor: Actor, at: datetime, verbs: set[str]) -> list[SimpleNamespace]:
    """Give the moves from here that this person's roles know, each allowed or with its reason."""
    return [
        SimpleNamespace(
            verb=choice.move.verb, label=choice.move.label, then=choice.move.then, allowed=choice.allowed, refused=choice.refusal,
            main=choice.move.verb in ("start", "release"), says=choice.move.verb == "take_back",
        )
        for choice in workflow.possible(row, actor=actor, at=at)
        if choice.move.verb in verbs and actor.may(choice.move.right(row))
    ]  # fmt: skip


@require_POST
@needs(KEEP)
def act_on_blank(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Map or unmap a cell, set the hour, put in use, change, stop, or fill a day by hand."""
    actor, at = _of(request), clock.now()
    with acting(actor):
        queries.blank(id)
    here = reverse("returns:blank", args=[id])
    if verb not in BLANK_VERBS:
        return HttpResponseRedirect(here)
    post = request.POST
    given: dict[str, Any] = {"blank": id}
    if verb in ("map", "unmap"):
        given |= {"sheet": _number(post.get("sheet", "")), "cell": post.get("cell", "")}
    if verb == "map":
        place = post.get("place", "")
        given |= {"part": post.get("part", "value"), "figure": post.get("figure", ""), "down": bool(post.get("down"))}
        given["place"] = int(place) if place.isdecimal() and len(place) < 10 else 0
    if verb == "retime":
        given["hour"] = post.get("hour", "")
    if verb == "fill" and post.get("day"):
        given["day"] = post["day"]
    answer = run(f"returns.{verb}", given, actor=actor, at=at)
    if answer.ok and verb == "fill":
        return HttpResponseRedirect(reverse("returns:filing", args=[answer.result.id]))
    if answer.ok:
        asked = {"sheet": given["sheet"], "cell": given["cell"]} if verb in ("map", "unmap") else {}
        return HttpResponseRedirect(f"{here}?{urlencode(asked)}" if asked else here)
    status = 403 if answer.refusal is not None and answer.refusal.forbidden else 409
    with acting(actor):
        return _blank(request, id, asked=given, answer=_said(answer), status=status)


@require_GET
@needs(SEE)
def template(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the template as it was uploaded."""
    it = queries.blank(id)
    return _file(actions.body_of(it.id), it.filename)


def _file(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=SHEET)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


# ------------------------------------------------------------------------------------------------ the table of a day


@require_GET
@needs(SEE)
def filing(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the table of a day: what changed since the last one is marked, what is missing is said."""
    return _filing(request, id)


def _filing(request: HttpRequest, id: UUID, *, answer: Any = None, status: int = 200) -> HttpResponse:
    actor, at = _of(request), clock.now()
    it = queries.filing(id)
    body = actions.body_of(it.blank_id)
    names = book.sheets(body)
    number = min(_number(request.GET.get("sheet", "")), len(names) - 1)
    grid = book.grid(body, number)
    full = computing.Computed(body, computing.values_of(it.values, body), it.values, it.missing)
    mapped = {(line["sheet"], line["cell"]): line for line in it.values}
    changed = [line for line in it.values if line["before"] is not None and line["before"] != line["text"]]
    context = {
        "it": it, "state": _state(it), "clock": Clock(it.due_at) if it.due_at else None, "answer": answer, "grid": grid,
        "sheets": [SimpleNamespace(number=n, name=name, here=n == number) for n, name in enumerate(names)],
        "rows": _drawn(grid, mapped, tried=full, chosen="", links=False),
        "columns": [SimpleNamespace(letter=guessing.letters(n), width=_width(one)) for n, one in enumerate(grid.widths, 1)],
        "changed": [{**line, "label": computing.label_of(line)} for line in changed if line["number"] is not None],
        "same": len(it.values) - len(changed), "missing": _missing(it.missing, names),
        "acts": _acts(TABLES, it, actor, at, FILING_VERBS), "kept": _kept(it.id),
        "before": _beside(it, -1), "after": _beside(it, 1),
    }  # fmt: skip
    return TemplateResponse(request, "returns/filing.html", context, status=status)


def _missing(found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[SimpleNamespace]:
    """Say of each cell that could not be filled why not."""
    return [
        SimpleNamespace(sheet=one["sheet"], name=names[one["sheet"]], cell=one["cell"], why=WHY[one["why"]].format(id=one["figure"]))
        for one in found
    ]


def _kept(id: UUID) -> Sequence[SimpleNamespace]:
    return [SimpleNamespace(it=one, word=STEPS[one.step], short=one.digest[:12]) for one in queries.kept(id)]


def _beside(it: Filing, way: int) -> Filing | None:
    found = Filing.objects.filter(blank=it.blank_id).defer("values")
    return found.filter(day__lt=it.day).order_by("-day").first() if way < 0 else found.filter(day__gt=it.day).order_by("day").first()


@require_GET
@needs(SEE)
def table(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the table of a day as .xlsx: the newest bytes that are kept."""
    it = queries.filing(id)
    stem = it.blank.filename.rpartition(".")[0] or it.blank.name
    mark = "" if it.state == "released" else "未核对"
    return _file(actions.body_of(it.id), f"{stem}{it.day:%Y%m%d}{mark}.xlsx")


@require_POST
@needs(KEEP, FILL)
def act_on_filing(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Fill again, release, or take back."""
    actor, at = _of(request), clock.now()
    with acting(actor):
        queries.filing(id)
    if verb not in FILING_VERBS:
        raise Http404
    given = {"filing": id} | ({"reason": request.POST.get("reason", "")} if verb == "take_back" else {})
    answer = run(f"returns.{verb}", given, actor=actor, at=at)
    if answer.ok:
        return HttpResponseRedirect(reverse("returns:filing", args=[id]))
    status = 403 if answer.refusal is not None and answer.refusal.forbidden else 409
    with acting(actor):
        return _filing(request, id, answer=_said(answer), status=status)
