"""The papers of consultation: whose they are, what their templates fill in, and the minutes of a meeting from its records.

The words are data of the province (consultation.yaml); here stand only the facts that fill them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.models import Issued
from qifu.kernel.documents.papers import Column, Form, Letter, Line, Par, Table
from qifu.kernel.files import enclosing, keeping
from qifu.kernel.files.models import File

from . import queries
from .models import Attendee, Item, Meeting, Note, Paper, Task
from .terms import DISPATCH, DRAFT, KEEP, LETTER, READBACK, REQUEST, SEE, SIGN, SUPERVISION

MINUTES = "consultation.minutes"
_WORDS = {
    DISPATCH: ("交办单", "交"),
    SUPERVISION: ("督办单", "督"),
    LETTER: ("函", "函"),
    REQUEST: ("请示", "请"),
    READBACK: ("复诵单", "诵"),
}
_OFFICES = {"subdistrict": "办事处", "town": "人民政府", "township": "人民政府", "zone": "管理委员会", "park": "管理委员会"}
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_LONG = 600


def code_of(kind: str) -> str:
    """Give the code of an issued paper of a kind."""
    return f"consultation.{kind}"


def _along(issued: Issued) -> list[File]:
    paper = Paper._base_manager.filter(issued=issued.id).first()
    return enclosing.of(paper) if paper is not None else []


for _kind, (_label, _word) in _WORDS.items():
    issuing.register(
        issuing.Kind(
            code=code_of(_kind), label=_label, word=_word, see=(SEE, "case.see"), stamp=(DRAFT, SIGN), withdraw=(SIGN, KEEP), along=_along
        )
    )  # fmt: skip
issuing.register(issuing.Kind(code=MINUTES, label="会议纪要", word="会纪", see=(SEE,), stamp=(KEEP, SIGN), withdraw=(SIGN,)))


@cache
def words_of() -> Mapping[str, Any]:
    """Give the templates of this installation."""
    found: Mapping[str, Any] = yaml.safe_load((settings.PACKS / "zhejiang" / "consultation.yaml").read_text(encoding="utf-8"))
    return found


def organ_of(name: str, place: int) -> str:
    """Give an office's name as papers carry it: 区经信局 of 明川区 is 明川区经信局, 临江街道 is 临江街道办事处."""
    here = jurisdiction.place(place)
    if name[:1] == here.name[-1:] and name != here.name:
        return here.name[:-1] + name
    suffix = _OFFICES.get(here.kind, "")
    return name + suffix if name == here.name and suffix and not name.endswith(suffix) else name


# ---------------------------------------------------------------- filling a draft


def filled(
    kind: str, case: Case | None, note: Note | None, *, place: int, at: datetime, asked: casework.Supervision | None = None
) -> dict[str, str]:
    """Give title, addressee and text of a paper as its template says them, to be mended by hand."""
    script = words_of()[kind]["asked" if asked else "note" if note else "case"]
    facts = _facts(case, note, place=place, at=at)
    if asked is not None:
        facts |= {"office": asked.office_name, "ask": _plain(asked.ask)}
    body = [line for entry in script["body"] if (line := entry.format_map(facts).strip())]
    return {"title": script["title"].format_map(facts)[:100], "to": script["to"].format_map(facts)[:120], "body": "\n".join(body)}


def _facts(case: Case | None, note: Note | None, *, place: int, at: datetime) -> dict[str, str]:
    facts = {"place": jurisdiction.name(place), "today": _day(at)}
    if note is not None:
        tasks = queries.tasks_of(notes=[note.id]).get(note.id, [])
        lines = [_line(number, one) for number, one in enumerate(tasks, 1)]
        return facts | {
            "leader": note.leader,
            "text": _plain(note.text),
            "written": _moment(note.written_at),
            "tasks": "\n".join(lines),
            "offices": "、".join(one.office_name for one in tasks)[:120],
        }
    assert case is not None
    decided = Item.objects.filter(case=case.id, state="decided").select_related("meeting").order_by("decided_at")
    return facts | {
        "firm": case.firm or "有企业",
        "title": case.title,
        "number": case.number,
        "asked": _day(case.recorded_at) if case.recorded_at else "",
        "words": _short(case.text),
        "office": case.office_name or case.intake_office,
        "due": _moment(case.due_at) if case.due_at else _day(at),
        "used": f"{_day(case.assigned_at)}交办" if case.assigned_at else "已经收到",
        "decisions": "\n".join(f"{one.meeting.number}会商议定：{_plain(one.decision)}。" for one in decided),
    }


def _line(number: int, one: Task) -> str:
    return f"{number}. {one.office_name}：{_plain(one.what)}（{_moment(one.due_at)}前）"


# ---------------------------------------------------------------- drawing


def handed_in(case: UUID) -> str:
    """Say what came with a case, as it is read back: papers by name, photos by number (a telephone's name of one says nothing)."""
    kept = keeping.of([case]).get(case, [])
    names = [enclosing.title_of(one) or "PDF" for one in kept if not one.is_picture]
    photos = sum(one.is_picture for one in kept)
    return "；".join([*names, *([f"照片{photos}张"] if photos else [])])


def drawn(paper: Paper, *, signer: str, at: datetime) -> Letter | Form:
    """Draw a paper as it goes out: a letter with a red head, or a form for the sheet that is read back."""
    organ, day = organ_of(paper.organ, paper.place), local(at).date()
    pars = [_par(line) for line in paper.body.splitlines() if line.strip()]
    if paper.supervision is not None:
        # Not part of the text that is mended: number and date are the record's.
        pars.insert(0, _par(_asked(paper)))
    if paper.kind == READBACK:
        lines = [Line("编号", paper.case.number), Line("企业", paper.case.firm or "没有说是哪家")] if paper.case else []
        if paper.case:
            lines.append(Line("标题", paper.case.title, True))
            if came := handed_in(paper.case.id):
                lines.append(Line("收到的材料", came, True))
        return Form(
            title=paper.title,
            place=organ,
            lines=tuple(lines),
            text=tuple(pars),
            signatures=("复诵人：", "时间："),
            note=paper.contact,
            foot=f"{organ}　{day.year}年{day.month}月{day.day}日",
        )
    head = {DISPATCH: "交办单", SUPERVISION: "督办单"}.get(paper.kind, "")
    return Letter(
        organ=organ,
        title=paper.title,
        to=paper.to,
        body=tuple(pars),
        dated=day,
        head=f"{organ}{head}" if head else "",
        signer=signer if paper.kind == REQUEST else "",
        copies=f"{paper.copies.rstrip('。')}。" if paper.copies else "",
        contact=paper.contact,
        attachments=enclosing.titles(paper),
    )


def _asked(paper: Paper) -> str:
    """Say which supervision it is, and by when it is answered or when it was."""
    assert paper.case is not None
    one = casework.supervision_of(paper.case, paper.supervision)
    if one is None:
        return ""
    if one.replied_at is not None and one.state != "sent_back":
        return f"督办编号{one.number}，已于{_moment(one.replied_at)}回复。"
    return f"督办编号{one.number}" + (f"，请在{_moment(one.due_at)}前在系统里回复。" if one.due_at else "。")


def _par(line: str) -> Par:
    text = line.strip()
    return Par(text, "item" if text[:1].isdigit() else "")


def minutes(meeting: Meeting, *, at: datetime) -> Letter:
    """Draw the minutes of a meeting from its records: who sat there, what was decided, and each task with its time."""
    items, asked = queries.items_of(meeting), list(Attendee.objects.filter(meeting=meeting, off=False))
    decided, later = [one for one in items if one.state == "decided"], [one for one in items if one.state == "put_off"]
    tasks = queries.tasks_of(items=[one.id for one in decided])
    came = [one for one in asked if one.came]
    start = meeting.held_at or meeting.starts_at
    body: list[Par | str] = [
        f"{_moment(start)}，{meeting.chair}在{meeting.room}主持召开“{meeting.title}”，议了{len(decided)}件事。纪要如下："
    ]
    for number, one in enumerate(decided):
        body.append(Par(f"{_count(number)}、{one.case.title}", "heading"))
        body.append(f"（{one.case.firm + '，' if one.case.firm else ''}{one.case.number}）要议的是：{_plain(one.question)}。")
        body.append(f"会议议定：{_plain(one.decision)}。")
        body += [Par(_line(n, task), "item") for n, task in enumerate(tasks.get(one.id, ()), 1)]
    if meeting.words:
        body.append(Par(f"{_count(len(decided))}、别的事项", "heading"))
        body += [line.strip() for line in meeting.words.splitlines() if line.strip()]
    if later:
        body.append(Par("下次再议：" + "；".join(f"{one.case.title}" for one in later) + "。", ""))
    if came:
        body.append(Par("到会：" + "；".join(f"{one.office_name}{'（' + one.who + '）' if one.who else ''}" for one in came) + "。", ""))
    if absent := [one for one in asked if one.came is False]:
        body.append(Par("没有到会：" + "、".join(one.office_name for one in absent) + "。", ""))
    flat = [(one, task) for one in decided for task in tasks.get(one.id, ())]
    table = _table(flat) if len(flat) > 1 else None
    organ = organ_of(meeting.office_name, meeting.region)
    return Letter(
        organ=organ,
        head=f"{organ}会议纪要",
        title=meeting.title + ("" if meeting.title.endswith("纪要") else "纪要"),
        body=tuple(body),
        attachments=("任务清单",) if table else (),
        tables=(table,) if table else (),
        dated=local(at).date(),
        signer=meeting.signer_name,
        copies="、".join(dict.fromkeys([*(one.office_name for one in asked), *(task.office_name for _, task in flat)])) + "。"
        if asked or flat
        else "",
    )


def _count(number: int) -> str:
    if number < 10:
        return _NUMERALS[number]
    tens, ones = divmod(number + 1, 10)
    return f"{_NUMERALS[tens - 1] if tens > 1 else ''}十{_NUMERALS[ones - 1] if ones else ''}"


def _table(rows: Sequence[tuple[Item, Task]]) -> Table:
    columns = (
        Column("序号", "centre", 0.5),
        Column("单位", width=1.4),
        Column("办什么", width=2.8),
        Column("什么时候前", width=1.6),
        Column("任务编号", width=2.8),
    )
    told = [
        (n, task.office_name, task.what, _moment(task.due_at).partition("年")[2], task.case.number) for n, (_, task) in enumerate(rows, 1)
    ]
    return Table(title="任务清单", columns=columns, rows=told)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip("。")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONG else plain[: _LONG - 1] + "…"


def _day(at: datetime) -> str:
    there = local(at)
    return f"{there.year}年{there.month}月{there.day}日"


def _moment(at: datetime) -> str:
    """Say an exclusive moment as people do: the midnight after the 17th is 17日24时."""
    there = local(at)
    if there.hour == 0 and there.minute == 0:
        before = there - timedelta(days=1)
        return f"{before.year}年{before.month}月{before.day}日24时"
    return f"{_day(at)}{there.hour}时" + (f"{there.minute}分" if there.minute else "")
