"""What the sample district of the demo has of services, made by the product's own actions from packs/sample/services.yaml."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel import notify
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.actions import run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local

FIRE, LABOUR, TAKER, WRITER, SECOND, OPENER = "MC0067", "MC0079", "MC0145", "MC0017", "MC0018", "MC0019"
TIMES = "9:00、10:30、14:00、15:30"


class SampleRefused(RuntimeError):
    """The sample and the rules no longer agree."""


class _Silent:
    name = "silent"

    def send(self, message: notify.Message) -> None:
        """Let it go: nobody of the sample has a telephone."""


class _Stage:
    """The people and firms of the sample, and the hands of its clock."""

    def __init__(self, named: Mapping[str, UUID], hands: clock.Fixed, at: datetime) -> None:
        self.named, self.hands, self.at = named, hands, at
        self.known: dict[str, Actor] = {}

    def officer(self, number: str) -> Actor:
        return self._person(f"officer:{number}")

    def contact(self, firm: str) -> Actor:
        return self._person(f"contact:{firm}")

    def _person(self, key: str) -> Actor:
        if key not in self.known:
            with acting(DOOR):
                self.known[key] = worn_by(self.named[key], at=clock.now(), strong=True)
        return self.known[key]

    def firm(self, name: str) -> UUID:
        return self.named[f"enterprise:{name}"]

    def do(self, name: str, who: Actor, /, **given: Any) -> Any:
        """Do one act, a minute after the last, but never later than now."""
        self.hands.set(min(self.hands.now() + timedelta(minutes=1), self.at))
        answer = run(f"services.{name}", given, actor=who)
        if not answer.ok:
            raise SampleRefused(f"{name} {given}: {answer.errors or answer.says}")
        return answer.result

    def day(self, days: int) -> date:
        return local(self.at).date() + timedelta(days=days)


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Make times, appointments, answers, orders and losses. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "services.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at - timedelta(days=3))) as hands, notify.using(_Silent()):
        stage = _Stage(named, hands, at)
        for number, code in ((FIRE, "fire"), (LABOUR, "labour")):
            who = stage.officer(number)
            span = {"first": stage.day(-1), "last": stage.day(10), "times": TIMES, "days_off": True}
            stage.do("open_times", who, service=code, place=who.hats[0].place, capacity=2, **span)
        for one in given["articles"]:
            article = stage.do("article.write", stage.officer(WRITER), **one)
            stage.do("article.publish", stage.officer(SECOND), article=article.id)
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
    one["id"] = stage.do("appointment.ask", who, **given, channel="phone" if by_phone else "page").id


def _outcome(stage: _Stage, one: dict[str, Any]) -> None:
    who = stage.officer(FIRE)
    if "outcome" in one:
        stage.do("appointment.serve", who, appointment=one["id"], outcome=one["outcome"], words=one["words"])
    if "missed" in one:
        stage.do("appointment.miss", who, appointment=one["id"], why=one["missed"], words=one["words"])


def _order(stage: _Stage, one: dict[str, Any]) -> None:
    firm, office = stage.contact(one["firm"]), stage.officer(OPENER)
    order = stage.do("order.apply", firm, enterprise=stage.firm(one["firm"]), offer=one["offer"], wanted=one["wanted"]).id
    if "open" in one:
        stage.do("order.open", office, order=order, accounts=one["open"])
    if one.get("use"):
        stage.do("order.use", firm, order=order)
    if "sets" in one:
        stage.do("order.buy", firm, order=order, sets=one["sets"], price=one["price"], invoice=one["invoice"])
    if one.get("stage") == "verified":
        stage.do("order.verify", office, order=order)


def _certificate(stage: _Stage, one: dict[str, Any]) -> None:
    firm, office = stage.contact(one["firm"]), stage.officer(OPENER)
    told = {name: one[name] for name in ("kind", "loss", "cause", "contract", "counterparty")}
    found = stage.do("certificate.find", firm, enterprise=stage.firm(one["firm"]), **told).id
    if one["stage"] == "claimed":
        stage.do("certificate.hand_in", firm, certificate=found, papers="合同、停航通知、对方来函")
        stage.do("certificate.issue", office, certificate=found, issued_number="3302A0/000417", issued_on=stage.day(-3))
        stage.do("certificate.claim", firm, certificate=found, saved=one["saved"], ground=one["ground"])
