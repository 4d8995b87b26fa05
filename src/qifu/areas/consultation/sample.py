"""What the sample district of the demo has of meetings and notes, made by the product's own actions from packs/sample/consultation.yaml."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local

from . import queries
from .models import Attendee, Task


class _Stage(Stage):
    def __init__(self, given: Mapping[str, Any], named: Mapping[str, UUID], hands: clock.Fixed, at: datetime) -> None:
        super().__init__(named, hands, at)
        self.secretary, self.leader = self.officer(given["secretary"]), self.officer(given["leader"])
        with acting(self.secretary):
            place = self.secretary.hats[0].place
            assert place is not None
            self.offices = {one.name: one.code for one in queries.offices(place, self.secretary, at=at)}

    def officer(self, number: str) -> Actor:
        return self.who(f"officer:{number}")

    def sit(self, name: str, who: Actor, /, *, minutes: int = 5, **given: Any) -> Any:
        """Do one act of the area, or of casework."""
        return self.do(name if "." in name else f"consultation.{name}", who, after=minutes, **given)

    def case(self, one: Mapping[str, Any]) -> UUID:
        with acting(self.secretary):
            return casework.Case.objects.get(firm=one["firm"], text__contains=one["like"], channel__in=("hotline", "phone_page")).id

    def tasks(self, one: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {"office": self.offices[task["office"]], "what": task["what"], "limit": task["limit"], "lead": task.get("lead", False)}
            for task in one.get("tasks", ())
        ]

    def answer(self, one: Mapping[str, Any], **where: Any) -> None:
        """Let the offices that have answered take on and solve their tasks."""
        for told in one.get("tasks", ()):
            if "answer" in told:
                with acting(self.secretary):
                    case = Task.objects.get(office=self.offices[told["office"]], **where).case_id
                by = self.officer(told["by"])
                self.sit("casework.take", by, case=case, minutes=20)
                self.sit("casework.resolve", by, case=case, ended="solved", answer=told["answer"], minutes=90)


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Make one meeting with tasks under way, one of tomorrow, and a note half answered. `named`: officer:<number>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "consultation.yaml").read_text(encoding="utf-8"))
    evening = datetime.combine(local(at).date() - timedelta(days=1), time.fromisoformat(given["note"]["at"]), ZONE)
    with clock.use(clock.Fixed(at - timedelta(hours=26))) as hands:
        stage = _Stage(given, named, hands, at)
        _held(stage, given["held"])
        hands.set(min(max(evening, hands.now()), at))
        _note(stage, given["note"], evening)
        _ahead(stage, given["ahead"])


def _planned(stage: _Stage, one: Mapping[str, Any], starts: datetime) -> UUID:
    told = {name: one[name] for name in ("title", "room", "chair")}
    with acting(stage.secretary):
        place = stage.secretary.hats[0].place
        assert place is not None
        carry = [item.id for item in queries.waiting(stage.secretary, region=place)]
    offices = [stage.offices[name] for name in one["offices"]]
    id: UUID = stage.sit("plan", stage.secretary, **told, starts_at=starts, offices=offices, carry=carry).id
    for item in one["items"]:
        stage.sit("put", stage.secretary, meeting=id, cases=[stage.case(item)], questions=[item["question"]], minutes=2)
    stage.sit("call", stage.secretary, meeting=id)
    return id


def _held(stage: _Stage, one: Mapping[str, Any]) -> None:
    meeting = _planned(stage, one, stage.hands.now() + timedelta(minutes=40))
    stage.sit("begin", stage.secretary, meeting=meeting, minutes=20)
    with acting(stage.secretary):
        came = {row.id: one["came"][row.office_name] for row in Attendee.objects.filter(meeting=meeting) if row.office_name in one["came"]}
        items = {item.case_id: item.id for item in queries.items_of(queries.meeting(meeting, stage.secretary))}
    stage.sit("came", stage.secretary, meeting=meeting, came=list(came), names=list(came.values()))
    for told in one["items"]:
        item = items[stage.case(told)]
        if "put_off" in told:
            stage.sit("put_off", stage.secretary, item=item, reason=told["put_off"])
        else:
            stage.sit("decide", stage.secretary, item=item, decision=told["decision"], tasks=stage.tasks(told), minutes=12)
            stage.answer(told, item=item)
    stage.sit("write", stage.secretary, meeting=meeting, words=one["words"], minutes=10)
    stage.sit("sign", stage.leader, meeting=meeting, minutes=15)


def _note(stage: _Stage, one: Mapping[str, Any], written: datetime) -> None:
    leader = {"leader": stage.leader.name, "leader_id": stage.leader.person}
    note = stage.sit("receive", stage.secretary, text=one["text"], written_at=min(written, stage.hands.now()), **leader, minutes=4).id
    stage.sit("give", stage.secretary, note=note, tasks=stage.tasks(one), minutes=6)
    stage.answer(one, note=note)


def _ahead(stage: _Stage, one: Mapping[str, Any]) -> None:
    stage.hands.set(stage.at)
    tomorrow = datetime.combine(local(stage.at).date() + timedelta(days=1), time(15), ZONE)
    _planned(stage, one, tomorrow)
