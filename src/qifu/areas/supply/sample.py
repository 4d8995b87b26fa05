"""What the sample district of the demo has of supply, made by the product's own actions from packs/sample/supply.yaml."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local


class _Stage(Stage):
    def of_firm(self, name: str, one: Mapping[str, Any]) -> Any:
        """Tell something as a firm's contact."""
        told = {key: value for key, value in one.items() if key not in ("firm", "from", "ask")}
        return self.do(name, f"contact:{one['firm']}", enterprise=self.named[f"enterprise:{one['firm']}"], after=1, **told)


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Tell products and needs, keep outside suppliers, ask one. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "supply.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at - timedelta(hours=20))) as hands:
        stage = _Stage(named, hands, at)
        desk = f"officer:{given['desk']}"
        place = next(hat.place for hat in stage.who(desk).hats if hat.place)
        for one in given["makings"]:
            stage.of_firm("supply.making.tell", one)
        outside = {one["name"]: stage.do("supply.outside.keep", desk, place=place, **one) for one in given["outside"]}
        today: date = local(at).date()
        for one in given["needs"]:
            days = {"by": today + timedelta(days=one["by"]), "since": today - timedelta(days=one["since"])}
            need = stage.of_firm("supply.need.tell", {**one, **days})
            if "ask" in one:
                match = stage.do("supply.match.propose", desk, need=need.id, supplier=outside[one["ask"]].id)
                stage.do("supply.match.note_yes", desk, match=match.id, answer=given["answer"])
