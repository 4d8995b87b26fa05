"""Meetings and notes of one district; all made by the product's actions."""

from datetime import datetime, timedelta
from typing import Any

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk
from qifu.areas.consultation.models import Item, Meeting, Note, Task
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.workflow.timer import timer


def ok(answer: Any) -> Any:
    """Give what was done; an act that was refused fails the test with its sentence."""
    assert answer.ok, (answer.code, answer.says, answer.errors)
    return answer.result


def planned(
    desk: Desk, *, starts: datetime | None = None, offices: tuple[str, ...] = ("区人社局", "区消防救援大队"), **more: Any
) -> Meeting:
    given = {
        "title": "用工会商",
        "starts_at": starts or clock.now() + timedelta(hours=3),
        "room": "政府201",
        "chair": "韩区长",
        "offices": offices,
    }
    return ok(run("consultation.plan", given | more, actor=desk.bureau))


def listed(desk: Desk, meeting: Meeting, case: Case, question: str = "宿舍谁来腾，今天能不能定") -> Item:
    given = {"meeting": meeting.id, "cases": [case.id], "questions": [question]}
    return ok(run("consultation.put", given, actor=desk.bureau))[0]


def held(desk: Desk, *cases: Case, **more: Any) -> tuple[Meeting, list[Item]]:
    meeting = planned(desk, **more)
    items = [listed(desk, meeting, case) for case in cases]
    ok(run("consultation.begin", {"meeting": meeting.id}, actor=desk.bureau))
    return meeting, items


def task(office: str, what: str = "腾出两百个床位", limit: str = "3", *, lead: bool = False) -> dict[str, Any]:
    return {"office": office, "what": what, "limit": limit, "lead": lead}


def decided(desk: Desk, item: Item, *tasks: dict[str, Any], decision: str = "人社牵头，三天内腾出宿舍") -> Item:
    return ok(run("consultation.decide", {"item": item.id, "decision": decision, "tasks": list(tasks)}, actor=desk.bureau))


def received(
    desk: Desk, text: str = "路口货车卡口的事今晚就协调，明天下午五点前报结果。", *, actor: Actor | None = None, **more: Any
) -> Note:
    given = {"text": text, "leader": "韩区长", "leader_id": desk.leader.person, "written_at": clock.now()}
    return ok(run("consultation.receive", given | more, actor=actor or desk.bureau))


def given_out(desk: Desk, note: Note, *tasks: dict[str, Any]) -> Note:
    return ok(run("consultation.give", {"note": note.id, "tasks": list(tasks)}, actor=desk.bureau))


def tasks_of(desk: Desk, **where: Any) -> dict[str, Task]:
    with acting(desk.bureau):
        return {one.office: one for one in Task.objects.filter(**where).select_related("case")}


def solve(case: Case, by: Actor, answer: str = "已办好，当场签了字。") -> None:
    ok(run("casework.take", {"case": case.id}, actor=by))
    ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": answer}, actor=by))


def news() -> None:
    """Deliver what has happened, as the worker does every two seconds."""
    deliver(actor=timer())
