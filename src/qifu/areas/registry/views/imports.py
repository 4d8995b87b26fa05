"""A list comes in: file, preview, columns, rows put right here or in a returned file, commit. Nothing is half done.

Reading goes on while the page shows how far it is, and again after a kill: the page asks for it anew."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import pages
from qifu.kernel import intake
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake import Unreadable, process, signing
from qifu.kernel.intake.models import Import
from qifu.kernel.web import needs
from qifu.ui.parts import Action, Doubt, Field, Link, Mapped, Notice, Option, Paper, Problem, Share, Stop, View

from .common import actor_of, address, again, go, show

KINDS = ("registry.enterprises", "registry.sites", "registry.workers", "registry.officers")
RIGHTS = ("registry.import", "registry.worker.edit", "access.grant")
SIGN = "registry.import_sign"
_WAY = ("选文件", "看对不对", "入库")
_HOW = {"列名相同": "ok", "列名相近": "ok", "按内容认出": "ask", "上次这样对的": "ok", "人工选定": "ok"}
_MOST = 30
_MOST_SIGNED = 2000


def _kinds(actor: Actor) -> list[Any]:
    return [intake.target_named(name) for name in KINDS if actor.may(intake.target_named(name).right)]


def _steps(now: int) -> list[Stop]:
    return [Stop(word, stands="done" if i < now else "now" if i == now else "next") for i, word in enumerate(_WAY)]


@needs(*RIGHTS)
def start(request: HttpRequest) -> HttpResponse:
    """Choose what kind of list it is, give the file, or go on with one that is under way."""
    actor = actor_of(request)

    def build(error: str = "") -> Any:
        kinds = _kinds(actor)
        kind = request.GET.get("kind") or request.POST.get("kind") or (kinds[0].name if kinds else "")
        recent = [
            Paper(
                made.filename,
                address("import", made.id),
                f"{_label(made)}，{made.get_step_display()}",
                f"{made.created_at.astimezone(ZONE):%m-%d %H:%M}",
            )
            for made in Import.objects.visible_to(actor).exclude(step=Import.Step.DISCARDED).order_by("-created_at")[:10]  # type: ignore[attr-defined]
        ]
        chosen = next((one for one in kinds if one.name == kind), None)
        context = {
            "title": f"导入{chosen.label}" if chosen else "导入", "steps": _steps(0), "stage": "drop", "accept": ".xlsx,.csv",
            "drop_hint": "直接用办公室现成的表：标题行、合计行、一个镇一张表都不用改", "error": error, "recent": recent,
            "action": f"{address('imports')}?kind={kind}",
            "kinds": [View(one.label, f"{address('imports')}?kind={one.name}", None, "", one.name == kind) for one in kinds],
        }  # fmt: skip
        return show(request, "import_start", context)

    if request.method != "POST":
        return build()
    return upload(request, kind=request.GET.get("kind", ""), build=build, then="import")


def upload(request: HttpRequest, *, kind: str, build: Any, then: str, **place: Any) -> HttpResponse:
    """Keep the file and go to the page that reads it."""
    actor, file = actor_of(request), request.FILES.get("file")
    if file is None or kind not in KINDS:
        with acting(actor):
            return build("还没有选文件，没有导入。")  # type: ignore[no-any-return]
    given = {"target": kind, "filename": file.name or "名单", "content": file.read(), **place}
    answer = run("intake.upload", given, actor=actor, at=clock.now())
    if isinstance(answer, Refused):
        with acting(actor):
            page = build(f"{answer.says}{answer.fix}")
            page.status_code = 409
            return page  # type: ignore[no-any-return]
    if answer.result.size < 300_000:
        _read(answer.result.id, actor)
    return go(then, answer.result.id)


def _label(made: Import) -> str:
    return intake.target_named(made.target).label


def _read(id: UUID, actor: Actor) -> None:
    try:
        process.stage(id, actor=actor, at=clock.now())
    except Unreadable:
        # The import keeps the sentence; its page shows it.
        return


@needs(SIGN)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the lists that wait for a second person, the oldest first."""
    actor, at = actor_of(request), clock.now()
    found = Import.objects.visible_to(actor).filter(step=Import.Step.WAITING).order_by("sent_at")  # type: ignore[attr-defined]
    papers = [
        Paper(
            f"{_label(made)}：{made.filename}",
            address("import", made.id),
            f"{made.sent_by_name}送来，{made.counts['enters'] - made.counts.get('entered', 0)}人",
            f"{made.sent_at.astimezone(ZONE):%m-%d %H:%M}",
        )
        for made in found[:50]
        if not signing.refusal(made, actor=actor, at=at)
    ]
    return show(request, "import_waiting", {"title": "等您复核的名单", "papers": papers})


@needs(*RIGHTS, SIGN)
@require_safe
def shown(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show how far the reading is, or the preview, or what became of the list."""
    return _shown(request, id)


def _shown(request: HttpRequest, id: UUID) -> Any:
    actor = actor_of(request)
    made = process.find(id, actor=actor)
    if made.step in (Import.Step.RECEIVED, Import.Step.FAILED, Import.Step.DISCARDED):
        says = f"{made.error}{made.fix}" if made.step == Import.Step.FAILED else ""
        context = {
            "title": made.filename, "made": made, "label": _label(made), "rows": made.watermark * process.CHUNK, "steps": _steps(1),
            "failed": Notice(says, "stop") if says else None, "reading": made.step == Import.Step.RECEIVED, "back": address("imports"),
        }  # fmt: skip
        return show(request, "import_reading", context)
    under_way = made.step in (Import.Step.WAITING, Import.Step.SIGNED)
    return show(request, "import_signing" if under_way else "import", _preview(made, actor))


def _preview(made: Import, actor: Actor) -> dict[str, Any]:
    seen = process.preview(made.id, actor=actor, at=clock.now(), most=_MOST)
    counts, unit = seen.counts, seen.target.unit
    under_way = made.step in (Import.Step.WAITING, Import.Step.SIGNED)
    ready = counts["enters"] - counts.get("entered", 0)
    waiting = counts["doubtful"] + counts["wrong"]
    committed = made.step == Import.Step.COMMITTED
    doubts = [] if under_way else [row for row in seen.doubtful if not row.entered and not row.choice]
    href = address("import", made.id)
    shares = [
        Share(counts["good"], f"{unit}没问题", "ok", href),
        Share(counts["doubtful"], f"{unit}要看一眼", "ask", f"{href}#doubt"),
        Share(counts["wrong"], f"{unit}要改", "stop", f"{href}#problems"),
        Share(counts["others"], "行不是名单（标题、合计、空行）", "idle", href),
    ]
    result = made.result
    done = (
        f"新登记{result['created']}{unit}，更新{result['updated']}{unit}，原样{result['unchanged']}{unit}。{result['says']}"
        if result
        else ""
    )
    return {
        "title": f"导入{seen.target.label}", "made": made, "steps": _steps(2 if committed else 1), "file_line": _file_line(made),
        "total": counts["rows"], "shares": shares, "sum_note": Link(seen.warnings[0], "") if seen.warnings else None,
        "map_note": f"{seen.mapped}列认出来了，{len(seen.columns) - seen.mapped}列不导入", "mapped": _mapped(seen),
        "map_action": address("import_columns", made.id),
        "problems": [] if under_way else [_problem(row, seen) for row in seen.wrong if row.problems],
        "problems_total": counts["wrong"], "problems_rest": max(counts["wrong"] - len(seen.wrong), 0),
        "problems_more": address("import_returned", made.id) if counts["wrong"] > len(seen.wrong) else "",
        "mend_action": address("import_rows", made.id), "doubt": _doubt(doubts, made, counts["doubtful"]) if doubts else None,
        "doubts_total": len(doubts),
        **_way_in(made, ready=ready, unit=unit, actor=actor),
        "foot_note": f"还有{waiting}{unit}留在这里等改" if waiting else "", "later": address("imports"),
        "done": Notice(f"已入库{counts.get('entered', 0)}{unit}。{done}", "ok") if committed else None,
        "returned": address("import_returned", made.id) if waiting else "",
        "discard": "" if committed or not actor.may(seen.target.right) else address("import_discard", made.id),
        **_second_person(made, actor=actor),
    }  # fmt: skip


def _way_in(made: Import, *, ready: int, unit: str, actor: Actor) -> dict[str, Any]:
    """Give the one button: to a second person, or into the register."""
    target = intake.target_named(made.target)
    if ready <= 0 or not actor.may(target.right) or made.step == Import.Step.WAITING:
        return {"action": "", "primary": ""}
    if target.sign and made.step != Import.Step.SIGNED:
        return {"action": address("import_send", made.id), "primary": f"送复核{ready}{unit}"}
    return {"action": address("import_commit", made.id), "primary": f"入库{ready}{unit}"}


def _second_person(made: Import, *, actor: Actor) -> dict[str, Any]:
    """Give what the second person reads and signs, and what the first may do meanwhile."""
    if not intake.target_named(made.target).sign:
        return {}
    at, says = clock.now(), ""
    under_way = made.step in (Import.Step.WAITING, Import.Step.SIGNED)
    if made.step == Import.Step.WAITING:
        says = f"{made.sent_by_name}{made.sent_at.astimezone(ZONE):%m-%d %H:%M}送复核，等另一个人签字。签字前什么都不写入。"
    elif made.signed_at:
        says = f"{made.signed_by_name}{made.signed_at.astimezone(ZONE):%m-%d %H:%M}已复核签字。"
    elif made.sent_back:
        says = f"复核人退回，要改：{made.sent_back}"
    entries = process.entering(made, actor=actor, at=at, most=_MOST_SIGNED + 1) if under_way else []
    may_sign = made.step == Import.Step.WAITING and not signing.refusal(made, actor=actor, at=at)
    return {
        "stand": Notice(says, "ok" if made.signed_at else "ask") if says else None,
        "entries": [pages.officer_line(entry.values, region=made.region) for entry in entries[:_MOST_SIGNED]],
        "entries_more": len(entries) > _MOST_SIGNED,
        "sign": address("import_sign", made.id) if may_sign else "",
        "send_back": address("import_send_back", made.id) if may_sign else "",
        "take_back": address("import_take_back", made.id) if under_way and actor.may(intake.target_named(made.target).right) else "",
    }


def _file_line(made: Import) -> str:
    sheets = len(made.sheets)
    notes = "；".join(made.notes[:2])
    return f"{made.filename}，{sheets}张表" + (f"。{notes}" if notes else "")


def _mapped(seen: Any) -> list[Mapped]:
    choices = [Option("", "不导入"), *(Option(key, label) for key, label in seen.choices)]
    letters = pages.unique(column["letter"] for column in seen.columns)
    return [
        Mapped(
            letter, column["label"] or "（没有列名）", tuple(column.get("samples", ())[:3]), column["field"], choices, column["told"],
            _HOW.get(column["how"], "idle") if not column["wrong"] else "stop",
        )
        for letter, column in zip(letters, seen.columns, strict=True)
    ]  # fmt: skip


def _problem(row: Any, seen: Any) -> Problem:
    worst = max(row.problems, key=lambda problem: problem.verdict)
    known = {key for key, _ in seen.choices}
    field = worst.field if worst.field in known else ""
    return Problem(row.place, row.title, worst.label, worst.was, worst.says, Field(f"{row.id}.{field}", worst.label, required=False))


def _doubt(rows: list[Any], made: Import, total: int) -> Doubt:
    row = rows[0]
    pairs = tuple((problem.label, problem.was or "没有填", problem.says, True) for problem in row.problems)
    answers = [
        Action("照这样入库", "照这样", address("import_choose", made.id, row.id, "enter"), ("信用代码不对的先进待核，之后再核准。",)),
        Action("不要这行", "不要", address("import_choose", made.id, row.id, "skip"), ("原文件里还在。",)),
    ]
    return Doubt(f"{row.title or row.place}，照这样入库吗", row.place, "表里写的", "怎么了", pairs, answers, number=1, total=total)


@needs(*RIGHTS)
@require_POST
def read(request: HttpRequest, id: UUID) -> HttpResponse:
    """Read the file, from where it was left; answered when it is read."""
    _read(id, actor_of(request))
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address("import", id)
        return response
    return go("import", id)


def _act(request: HttpRequest, id: UUID, name: str, *, done: str = "", **given: Any) -> HttpResponse:
    answer = run(name, {"source": id, **given}, actor=actor_of(request), at=clock.now())
    if isinstance(answer, Done):
        return go("import", id, done=done)
    if answer.refusal is not None and answer.code == "SecondFactorNeeded":
        raise answer.refusal
    return again(request, answer, lambda: _shown(request, id))


@needs(*RIGHTS)
@require_POST
def columns(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change which column is which field."""
    with acting(actor_of(request)):
        found = list(process.find(id, actor=actor_of(request)).columns)
    letters = pages.unique(column["letter"] for column in found)
    chosen = {column["label"]: request.POST.get(f"column-{letter}", column["field"]) for letter, column in zip(letters, found, strict=True)}
    return _act(request, id, "intake.map", columns=chosen)


@needs(*RIGHTS)
@require_POST
def rows(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put rows right here instead of in the file."""
    fixes: dict[str, dict[str, str]] = {}
    for name, value in request.POST.items():
        row, _, field = name.partition(".")
        if field and str(value).strip():
            fixes.setdefault(row, {})[field] = str(value)
    answer: Done | Refused = Done(None)
    for row, values in fixes.items():
        # Judging anew gives every row another id: it is found again by its place.
        answer = _fix(id, row, values, actor_of(request))
        if isinstance(answer, Refused):
            return again(request, answer, lambda: _shown(request, id))
    return go("import", id)


def _fix(id: UUID, row: str, values: dict[str, str], actor: Actor) -> Done | Refused:
    return run("intake.fix", {"source": id, "row": row, "values": values}, actor=actor, at=clock.now())


@needs(*RIGHTS)
@require_POST
def choose(request: HttpRequest, id: UUID, row: UUID, choice: str) -> HttpResponse:
    """Decide what becomes of a doubtful row."""
    return _act(request, id, "intake.choose", row=row, choice=choice)


@needs(*RIGHTS)
@require_POST
def commit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Enter every row that may enter."""
    return _act(request, id, "intake.commit", done="committed")


@needs(*RIGHTS)
@require_POST
def send(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the list to a second person."""
    return _act(request, id, "intake.send", done="sent")


@needs(*RIGHTS)
@require_POST
def take_back(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take the list back before it has entered."""
    return _act(request, id, "intake.take_back", done="taken_back")


@needs(SIGN)
@require_POST
def sign(request: HttpRequest, id: UUID) -> HttpResponse:
    """Sign the list as the second person."""
    return _act(request, id, "intake.sign", done="signed")


@needs(SIGN)
@require_POST
def send_back(request: HttpRequest, id: UUID) -> HttpResponse:
    """Send the list back with what is to be put right."""
    return _act(request, id, "intake.send_back", done="sent_back", reason=request.POST.get("reason", ""))


@needs(*RIGHTS)
@require_POST
def returned(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the rows that did not enter, as a file with a column that says what to change."""
    answer = run("intake.return", {"source": id}, actor=actor_of(request), at=clock.now())
    if isinstance(answer, Refused):
        return again(request, answer, lambda: _shown(request, id))
    response = HttpResponse(answer.result, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E8%A6%81%E6%94%B9%E7%9A%84%E8%A1%8C.xlsx"
    return response


@needs(*RIGHTS)
@require_POST
def discard(request: HttpRequest, id: UUID) -> HttpResponse:
    """Drop the file and its rows."""
    answer = run("intake.discard", {"source": id}, actor=actor_of(request), at=clock.now())
    if isinstance(answer, Done):
        return go("imports", done="discarded")
    return again(request, answer, lambda: _shown(request, id))
