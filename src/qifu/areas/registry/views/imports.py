"""A list comes in: file, preview, columns, rows put right here or in a returned file, commit. Nothing is half done.

A small file is read while the person waits; a large one by the worker, while the page shows how far it is and may be
left. After a kill it goes on from where it was."""

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import pages
from qifu.kernel import intake
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake import Unreadable, process, signing
from qifu.kernel.intake.models import Import
from qifu.kernel.language import listed, retold, said
from qifu.kernel.values import read_whole
from qifu.kernel.web import needs
from qifu.ui.parts import Action, Doubt, Field, Link, Mapped, Notice, Option, Paper, Problem, Share, Stop, View

from .common import actor_of, address, again, go, show

RIGHTS = ("registry.import", "registry.worker.edit", "access.grant", "case.import", "visits.keep")
"""Who comes to this page; areas above offer lists of their own here (`Target.desk`), each with its right."""
SIGN = "registry.import_sign"
_WAY = (said("选文件"), said("看对不对"), said("入库"))
_HOW = {"列名相同": "ok", "列名相近": "ok", "按内容认出": "ask", "上次这样对的": "ok", "人工选定": "ok"}
_MOST = 30
_SOON = 300_000
"""Bytes of a file that is read at once; a larger one is the worker's."""
_MOST_SIGNED = 2000


def _kinds(actor: Actor) -> list[Any]:
    return [one for one in intake.targets().values() if one.desk and actor.may(one.right)]


def _known(kind: str) -> bool:
    return kind in intake.targets() and intake.target_named(kind).desk


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
            "title": _("导入{label}").format(label=chosen.label) if chosen else _("导入"),
            "steps": _steps(0),
            "stage": "drop",
            "accept": ".xlsx,.xls,.et,.csv,.txt,.json",
            "paste": True,
            "drop_hint": _("现成的表直接放上来：.xls、.et、.xlsx、.csv 都行，标题、合计、一个镇一张表都不用改"),
            "error": error,
            "recent": recent,
            "action": f"{address('imports')}?kind={kind}",
            "kinds": [View(one.label, f"{address('imports')}?kind={one.name}", None, "", one.name == kind) for one in kinds],
        }
        return show(request, "import_start", context)

    if request.method != "POST":
        return build()
    return upload(request, kind=request.GET.get("kind", ""), build=build, then="import")


def upload(request: HttpRequest, *, kind: str, build: Any, then: str, **place: Any) -> HttpResponse:
    """Keep the file and go to the page that reads it."""
    actor, file = actor_of(request), request.FILES.get("file")
    pasted = request.POST.get("pasted", "").strip()
    if (file is None and not pasted) or not _known(kind):
        with acting(actor):
            return build(_("还没有选文件，没有导入。"))  # type: ignore[no-any-return]
    name, content = (file.name or _("名单"), file.read()) if file is not None else (_("粘贴的文字.txt"), pasted.encode())
    given = {"target": kind, "filename": name, "content": content, **place}
    answer = run("intake.upload", given, actor=actor, at=clock.now())
    if isinstance(answer, Refused):
        with acting(actor):
            page = build(f"{answer.says}{answer.fix}")
            page.status_code = 409
            return page  # type: ignore[no-any-return]
    if answer.result.size < _SOON:
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
            _("{sent_by_name}送来，{value}人").format(
                sent_by_name=made.sent_by_name, value=made.counts["enters"] - made.counts.get("entered", 0)
            ),
            f"{made.sent_at.astimezone(ZONE):%m-%d %H:%M}",
        )
        for made in found[:50]
        if not signing.refusal(made, actor=actor, at=at)
    ]
    return show(request, "import_waiting", {"title": _("等您复核的名单"), "papers": papers})


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
            "title": made.filename,
            "made": made,
            "label": _label(made),
            "rows": made.watermark * process.CHUNK,
            "steps": _steps(1),
            "failed": Notice(says, "stop") if says else None,
            "reading": made.step == Import.Step.RECEIVED,
            "back": address("imports"),
        }
        return show(request, "import_reading", context)
    under_way = made.step in (Import.Step.WAITING, Import.Step.SIGNED)
    skip = read_whole(request.GET.get("skip", ""), most=5) or 0
    found = _preview(made, actor, about=request.GET.get("of", "")[:60], skip=skip)
    return show(request, "import_signing" if under_way else "import", found)


def _preview(made: Import, actor: Actor, *, about: str = "", skip: int = 0) -> dict[str, Any]:
    seen = process.preview(made.id, actor=actor, at=clock.now(), most=_MOST, about=about)
    counts, unit = seen.counts, seen.target.unit
    under_way = made.step in (Import.Step.WAITING, Import.Step.SIGNED)
    ready = counts["enters"] - counts.get("entered", 0)
    waiting = seen.asked + counts["wrong"]
    committed = made.step == Import.Step.COMMITTED
    href = address("import", made.id)
    kinds = listed(f"{word}{count}" for word, count in seen.kinds)
    shares = [
        Share(counts["good"], _("可入库"), "ok", href),
        Share(counts["doubtful"], _("待核"), "ask", f"{href}#doubt"),
        Share(counts["wrong"], _("要改"), "stop", f"{href}#problems"),
        Share(counts["others"], _("不是名单里的：%s") % kinds if kinds else _("不是名单里的"), "idle", href),
    ]
    result = made.result
    done = (
        _("新登记{result}{unit}，更新{result2}{unit}，原样{result3}{unit}。{result4}").format(
            result=result["created"], unit=unit, result2=result["updated"], result3=result["unchanged"], result4=retold(result["says"])
        )
        if result
        else ""
    )
    return {
        "title": _("导入{label}").format(label=seen.target.label),
        "made": made,
        "steps": _steps(2 if committed else 1),
        "file_line": _file_line(made),
        "total": counts["rows"],
        "shares": shares,
        "sum_note": Link(seen.warnings[0], "") if seen.warnings else None,
        "map_note": _("{mapped}列认出来了，{value}列不导入").format(mapped=seen.mapped, value=len(seen.columns) - seen.mapped),
        "mapped": _mapped(seen),
        "map_action": address("import_columns", made.id),
        "problems": [] if under_way else [_problem(row, seen) for row in seen.wrong if row.problems],
        "problems_total": counts["wrong"],
        "problems_rest": max(counts["wrong"] - len(seen.wrong), 0),
        "problems_more": address("import_returned", made.id) if counts["wrong"] > len(seen.wrong) else "",
        "mend_action": address("import_rows", made.id),
        "doubt": _doubt(seen, made, about=about, skip=skip) if seen.doubtful and not under_way else None,
        "doubts_total": seen.asked,
        "later_settled": counts["doubtful"] - seen.asked if counts["enters"] > counts["good"] else 0,
        **_way_in(made, ready=ready, unit=unit, actor=actor),
        "foot_note": _("待核%(asked)d%(unit)s、要改%(wrong)d%(unit)s留在这里，不丢")
        % {"asked": seen.asked, "wrong": counts["wrong"], "unit": unit}
        if waiting
        else "",
        "later": address("imports"),
        "done": Notice(_("已入库{what}{unit}。{done}").format(what=counts.get("entered", 0), unit=unit, done=done), "ok")
        if committed
        else None,
        "receipt": reverse(seen.target.receipt, args=[made.id]) if committed and seen.target.receipt else "",
        "returned": address("import_returned", made.id) if waiting else "",
        "discard": "" if committed or not actor.may(seen.target.right) else address("import_discard", made.id),
        **_second_person(made, actor=actor),
    }


def _way_in(made: Import, *, ready: int, unit: str, actor: Actor) -> dict[str, Any]:
    """Give the one button: to a second person, or into the register."""
    target = intake.target_named(made.target)
    if ready <= 0 or not actor.may(target.right) or made.step == Import.Step.WAITING:
        return {"action": "", "primary": ""}
    if target.sign and made.step != Import.Step.SIGNED:
        return {"action": address("import_send", made.id), "primary": _("送复核{ready}{unit}").format(ready=ready, unit=unit)}
    return {
        "action": address("import_commit", made.id),
        "primary": _("先入库{ready}{unit}").format(ready=ready, unit=unit)
        if made.counts["wrong"] or made.counts["doubtful"]
        else _("入库{ready}{unit}").format(ready=ready, unit=unit),
    }


def _second_person(made: Import, *, actor: Actor) -> dict[str, Any]:
    """Give what the second person reads and signs, and what the first may do meanwhile."""
    if not intake.target_named(made.target).sign:
        return {}
    at, says = clock.now(), ""
    under_way = made.step in (Import.Step.WAITING, Import.Step.SIGNED)
    if made.step == Import.Step.WAITING:
        says = _("{sent_by_name}{astimezone:%m-%d %H:%M}送复核，等另一个人签字。签字前什么都不写入。").format(
            sent_by_name=made.sent_by_name, astimezone=made.sent_at.astimezone(ZONE)
        )
    elif made.signed_at:
        says = _("{signed_by_name}{astimezone:%m-%d %H:%M}已复核签字。").format(
            signed_by_name=made.signed_by_name, astimezone=made.signed_at.astimezone(ZONE)
        )
    elif made.sent_back:
        says = _("复核人退回，要改：{sent_back}").format(sent_back=made.sent_back)
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
    notes = listed(made.notes[:2], "；")
    return _("{filename}，{sheets}张表").format(filename=made.filename, sheets=sheets) + (f"。{notes}" if notes else "")


def _mapped(seen: Any) -> list[Mapped]:
    choices = [Option("", _("不导入")), *(Option(key, label) for key, label in seen.choices)]
    letters = pages.unique(column["letter"] for column in seen.columns)
    return [
        Mapped(
            letter,
            column["label"] or _("（没有列名）"),
            tuple(column.get("samples", ())[:3]),
            column["field"],
            choices,
            column["told"],
            _HOW.get(column["how"], "idle") if not column["wrong"] else "stop",
        )
        for letter, column in zip(letters, seen.columns, strict=True)
    ]


def _problem(row: Any, seen: Any) -> Problem:
    worst = max(row.problems, key=lambda problem: problem.verdict)
    known = {key for key, _ in seen.choices}
    field = worst.field if worst.field in known else ""
    # 约400 is offered as 400: a person says yes by keeping it.
    about = re.fullmatch(r"[约近大概]+(\d{1,6})[人名]?", worst.was)
    mend = Field(f"{row.id}.{field}", worst.label, value=about[1] if about else "", required=False)
    return Problem(row.place, row.title, worst.label, worst.was, worst.says, mend)


def _doubt(seen: Any, made: Import, *, about: str, skip: int) -> Doubt:
    """Ask one question with plain answers: is it the firm that stands here, is it the row above, is it right as written."""
    place = skip % len(seen.doubtful)
    row = seen.doubtful[place]
    why = next((one for one in row.problems if not one.enters), row.problems[0])
    pairs = tuple((one.label, one.was or _("没有填"), one.says, not one.enters) for one in row.problems)
    skipped = Action(_("不要这行"), "", address("import_choose", made.id, row.id, "skip"), (_("原文件里还在"),))
    if why.meant:
        question = _("是不是登记库里的那一家")
        answers = [
            Action(_("就是那一家"), "", address("import_choose", made.id, row.id, "same"), (_("并到登记的企业，不另建"),)),
            Action(_("是另一家"), "", address("import_choose", made.id, row.id, "enter"), (_("另建1家"),)),
            skipped,
        ]
    elif why.says.startswith("和在办的"):
        question = _("是不是在办的那一件")
        answers = [
            Action(_("就是那一件，不再记"), "", address("import_choose", made.id, row.id, "skip"), (_("那一件还在办"),)),
            Action(_("是另一件"), "", address("import_choose", made.id, row.id, "enter"), (_("这行也入库"),)),
        ]
    elif why.says.startswith("和"):
        question = _("这两行是不是同一%s") % seen.target.unit
        answers = [
            Action(_("同一%s，重复了") % seen.target.unit, "", address("import_choose", made.id, row.id, "skip"), (_("留前面那行"),)),
            Action(_("不是，都要"), "", address("import_choose", made.id, row.id, "enter"), (_("这行也入库"),)),
        ]
    else:
        question = _("照这样入库吗")
        answers = [
            Action(_("照这样入库"), "", address("import_choose", made.id, row.id, "enter"), (_("之后还可以更正"),)),
            skipped,
        ]
    of = f"&of={quote(about)}" if about else ""
    later = f"{address('import', made.id)}?skip={place + 1}{of}#doubt" if len(seen.doubtful) > 1 else ""
    chips = [
        View(label, f"{address('import', made.id)}?of={quote(label)}#doubt", count, "", label == about) for label, count in seen.doubts
    ]
    return Doubt(
        f"{row.title or row.place}：{question}",
        row.place,
        _("表里写的"),
        _("怎么了"),
        pairs,
        answers,
        number=place + 1,
        total=len(seen.doubtful) if about else seen.asked,
        kinds=chips if len(chips) > 1 or about else (),
        later=later,
    )


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
    return _act(request, id, "intake.fix_many", rows=fixes) if fixes else go("import", id)


@needs(*RIGHTS)
@require_POST
def choose(request: HttpRequest, id: UUID, row: UUID, choice: str) -> HttpResponse:
    """Decide what becomes of a doubtful row: "same" takes over what the question proposes."""
    if choice != "same":
        return _act(request, id, "intake.choose", row=row, choice=choice)
    with acting(actor_of(request)):
        meant = process.meant(id, row, actor=actor_of(request))
    return _act(request, id, "intake.fix", row=row, values=meant)


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
