"""What the sample district of the demo has of cases, made by the product's own actions from packs/sample/cases.yaml."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.models import Department
from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock

from .actions.record import letterbox
from .offices import FORCE

TAKER, SECOND, CLERK, LEAD = "MC0145", "MC0146", "MC0017", "MC0018"
PRESSER, DISCIPLINE = "MC0523", "MC0524"
ORDER = ("recorded", "classified", "assigned", "contested", "handling", "waiting", "coordinating", "resolved", "closed", "reopened")


class _Stage(Stage):
    def officer(self, number: str) -> Actor:
        return self.who(f"officer:{number}")

    def office(self, name: str) -> str:
        """Give the code of an office by its name: a special group's, or a department's."""
        if group := self.named.get(f"force:{name}"):
            return f"{FORCE}{group}"
        with acting(self.officer(CLERK)):
            return Department.objects.values_list("code", flat=True).get(name=name)

    def take(self, name: str, who: Actor, /, *, minutes: int = 20, **given: Any) -> Any:
        """Do one act of the area."""
        return self.do(f"casework.{name}", who, after=minutes, **given)


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Make the cases of the sample. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "cases.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at)) as hands:
        stage = _Stage(named, hands, at)
        for number, one in enumerate(sorted(given["cases"], key=lambda row: -row["days"])):
            hands.set(at - timedelta(days=one["days"], minutes=600 - 20 * number))
            _case(stage, one)
        for one in given["reports"]:
            hands.set(at - timedelta(days=one["days"], minutes=200))
            _report(stage, one)


def _case(stage: _Stage, one: dict[str, Any]) -> None:
    own = bool(one.get("own"))
    who = stage.who(f"contact:{one['firm']}") if own else stage.officer(TAKER)
    told = {name: one[name] for name in ("text", "title", "asker", "phone", "until") if name in one}
    told |= {"channel": one.get("channel", "phone_page" if own else "hotline"), "firm": one.get("firm_text", "")}
    if "firm" in one:
        told["enterprise"] = stage.named[f"enterprise:{one['firm']}"]
    case = stage.take("record", who, **told)
    if one["stage"] == "answered":
        stage.take("answer", stage.officer(TAKER), case=case.id, answer=one["answer"], source=one["source"])
        return
    reach = ORDER.index(one["stage"])
    if reach >= 1:
        stage.take("classify", stage.officer(CLERK), case=case.id, kind=one.get("kind") or case.kind or "other")
    if reach >= 2:
        stage.take("assign", stage.officer(CLERK), case=case.id, office=stage.office(one["office"]))
    if one["stage"] == "contested":
        stage.take("contest", stage.officer(one["by"]), case=case.id, ground=one["ground"], reason=one["reason"])
    if reach >= 4:
        _handle(stage, one, case.id)
    if "press" in one:
        _press(stage, one["press"], case.id)


def _press(stage: _Stage, one: dict[str, Any], case: UUID) -> None:
    presser = stage.officer(PRESSER)
    pressed = stage.take("supervise", presser, case=case, text=one["text"], minutes=150)
    if "reply" in one:
        stage.take("reply_supervision", stage.officer(one["by"]), supervision=pressed.id, reply=one["reply"], minutes=170)
        stage.take("confirm_supervision", presser, supervision=pressed.id, minutes=45)


def _report(stage: _Stage, one: dict[str, Any]) -> None:
    """Drop it as the letterbox does for whoever rings up; discipline reads it and takes it on."""
    who = stage.officer(DISCIPLINE)
    place = next(place.id for place in jurisdiction.named(one["place"]) if place.id in who.scope.regions)
    told = {"text": one["text"], "region": place, "asker": one["asker"], "channel": "hotline"}
    case = stage.take("report", letterbox(), **told).id
    if one["stage"] == "handling":
        stage.take("classify", who, case=case, kind="conduct", minutes=90)
        stage.take("assign", who, case=case, office=stage.office("区纪委监委"))
        stage.take("take", who, case=case)


def _handle(stage: _Stage, one: dict[str, Any], case: UUID) -> None:
    by = stage.officer(one["by"])
    stage.take("take", by, case=case, minutes=95)
    if one["stage"] == "waiting":
        stage.take("wait", by, case=case, why=one["why"], reason=one["reason"])
    if one["stage"] == "coordinating":
        stage.take("escalate", by, case=case, office=stage.office("区经信局"), rung=one["rung"], reason=one["reason"], minutes=900)
        stage.take("coordinate", stage.officer(LEAD), case=case)
    if one["stage"] in ("resolved", "closed", "reopened"):
        stage.take("resolve", by, case=case, ended="solved", answer=one["answer"], minutes=1500)
    if one["stage"] == "closed":
        stage.take("call_back", stage.officer(TAKER), case=case, score=one["score"], minutes=300)
        stage.take("close", stage.officer(SECOND), case=case)
    if one["stage"] == "reopened":
        stage.take("reject", stage.officer(TAKER), case=case, why=one["why"], reason=one["words"], minutes=600)
