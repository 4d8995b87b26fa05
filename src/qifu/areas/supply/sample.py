"""What the sample district of the demo has of supply, made by the product's own actions from packs/sample/supply.yaml."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel import notify
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local


class SampleRefused(RuntimeError):
    """The sample and the rules no longer agree."""


class _Silent:
    name = "silent"

    def send(self, message: notify.Message) -> None:
        """Let it go: nobody of the sample has a telephone."""


class _Stage:
    """The people and firms of the sample, and the hands of its clock."""

    def __init__(self, named: Mapping[str, UUID], hands: clock.Fixed) -> None:
        self.named, self.hands = named, hands
        self.known: dict[str, Actor] = {}

    def who(self, key: str) -> Actor:
        if key not in self.known:
            with acting(DOOR):
                self.known[key] = worn_by(self.named[key], at=clock.now(), strong=True)
        return self.known[key]

    def do(self, name: str, key: str, /, **given: Any) -> Any:
        self.hands.advance(timedelta(minutes=1))
        answer = run(f"supply.{name}", given, actor=self.who(key))
        if not answer.ok:
            raise SampleRefused(f"{name} {given}: {answer.errors or answer.says}")
        return answer.result

    def of_firm(self, name: str, one: Mapping[str, Any]) -> Any:
        """Tell something as a firm's contact."""
        told = {key: value for key, value in one.items() if key not in ("firm", "from", "ask")}
        return self.do(name, f"contact:{one['firm']}", enterprise=self.named[f"enterprise:{one['firm']}"], **told)


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Tell products and needs, keep outside suppliers, ask one. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "supply.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at - timedelta(hours=20))) as hands, notify.using(_Silent()):
        stage = _Stage(named, hands)
        desk = f"officer:{given['desk']}"
        place = next(hat.place for hat in stage.who(desk).hats if hat.place)
        for one in given["makings"]:
            stage.of_firm("making.tell", one)
        outside = {one["name"]: stage.do("outside.keep", desk, place=place, **one) for one in given["outside"]}
        today: date = local(at).date()
        for one in given["needs"]:
            days = {"by": today + timedelta(days=one["by"]), "since": today - timedelta(days=one["since"])}
            need = stage.of_firm("need.tell", {**one, **days})
            if "ask" in one:
                match = stage.do("match.propose", desk, need=need.id, supplier=outside[one["ask"]].id)
                stage.do("match.note_yes", desk, match=match.id, answer=given["answer"])
