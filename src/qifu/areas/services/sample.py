"""What the sample district of the demo has of services, made by the product's own actions from packs/sample/services.yaml."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel.access import Actor, acting
from qifu.kernel.actions.stage import Stage
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local

FIRE, LABOUR, TAKER, WRITER, SECOND, OPENER = "MC0067", "MC0079", "MC0145", "MC0017", "MC0018", "MC0019"
TIMES = "9:00、10:30、14:00、15:30"


class _Stage(Stage):
    def officer(self, number: str) -> Actor:
        return self.who(f"officer:{number}")

    def contact(self, firm: str) -> Actor:
        return self.who(f"contact:{firm}")

    def firm(self, name: str) -> UUID:
        return self.named[f"enterprise:{name}"]

    def serve(self, name: str, who: Actor, /, **given: Any) -> Any:
        """Do one act of the area, a minute after the last."""
        return self.do(f"services.{name}", who, after=1, **given)

    def day(self, days: int) -> date:
        return local(self.at).date() + timedelta(days=days)


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Make times, appointments, answers, orders and losses. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "services.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at - timedelta(days=3))) as hands:
        stage = _Stage(named, hands, at)
        for number, code in ((FIRE, "fire"), (LABOUR, "labour")):
            who = stage.officer(number)
            span = {"first": stage.day(-1), "last": stage.day(10), "times": TIMES, "days_off": True}
            stage.serve("open_times", who, service=code, place=who.hats[0].place, capacity=2, **span)
        for one in given["articles"]:
            article = stage.serve("article.write", stage.officer(WRITER), **one)
            stage.serve("article.publish", stage.officer(SECOND), article=article.id)
        for one in given["appointments"]:
            _appointment(stage, one)
        for one in given["orders"]:
            _order(stage, one)
        for one in given["certificates"]:
            _certificate(stage, one)
        hands.set(at)
        for one in given["appointments"]:
            _outcome(stage, one)


def _appointment(stage: _Stage, one: dict[str, Any]) -> None:
    given = {"enterprise": stage.firm(one["firm"]), "service": "fire", "topic": one["topic"], "wants": one["wants"]}
    if "time" in one:
        start = datetime.combine(stage.day(one["day"]), time.fromisoformat(one["time"]), ZONE)
        with acting(stage.officer(FIRE)):
            given["slot"] = Slot.objects.get(service="fire", starts_at=start).id
    by_phone = one["topic"] == "equipment"
    who = stage.officer(TAKER) if by_phone else stage.contact(one["firm"])
    one["id"] = stage.serve("appointment.ask", who, **given, channel="phone" if by_phone else "page").id


def _outcome(stage: _Stage, one: dict[str, Any]) -> None:
    who = stage.officer(FIRE)
    if "outcome" in one:
        stage.serve("appointment.serve", who, appointment=one["id"], outcome=one["outcome"], words=one["words"])
    if "missed" in one:
        stage.serve("appointment.miss", who, appointment=one["id"], why=one["missed"], words=one["words"])


def _order(stage: _Stage, one: dict[str, Any]) -> None:
    firm, office = stage.contact(one["firm"]), stage.officer(OPENER)
    order = stage.serve("order.apply", firm, enterprise=stage.firm(one["firm"]), offer=one["offer"], wanted=one["wanted"]).id
    if "open" in one:
        stage.serve("order.open", office, order=order, accounts=one["open"])
    if one.get("use"):
        stage.serve("order.use", firm, order=order)
    if "sets" in one:
        stage.serve("order.buy", firm, order=order, sets=one["sets"], price=one["price"], invoice=one["invoice"])
    if one.get("stage") == "verified":
        stage.serve("order.verify", office, order=order)


def _certificate(stage: _Stage, one: dict[str, Any]) -> None:
    firm, office = stage.contact(one["firm"]), stage.officer(OPENER)
    told = {name: one[name] for name in ("kind", "loss", "cause", "contract", "counterparty")}
    found = stage.serve("certificate.find", firm, enterprise=stage.firm(one["firm"]), **told).id
    if one["stage"] == "claimed":
        stage.serve("certificate.hand_in", firm, certificate=found, papers="合同、停航通知、对方来函")
        stage.serve("certificate.issue", office, certificate=found, issued_number="3302A0/000417", issued_on=stage.day(-3))
        stage.serve("certificate.claim", firm, certificate=found, saved=one["saved"], ground=one["ground"])
