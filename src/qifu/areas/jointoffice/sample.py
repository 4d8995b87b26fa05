"""What the sample district of the demo has of menu and joint office, made by the product's own actions from packs/sample/joint.yaml."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.areas.casework import api as casework
from qifu.kernel.access import acting
from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Publish a menu and lead some orders along. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "joint.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at - timedelta(days=4))) as hands:
        stage = Stage(named, hands, at)
        keeper = f"officer:{given['keeper']}"
        place = next(hat.place for hat in stage.who(keeper).hats if hat.place)
        with acting(stage.who(keeper)):
            codes = {office.name: office.code for office in casework.offices_for(place, at=clock.now())}
        menu: dict[str, str] = {}
        for one in given["menu"]:
            item = stage.do("jointoffice.item.offer", keeper, **{**one, "place": place, "office": codes[one["office"]]})
            menu[one["name"]] = str(item.id)
        for one in given["orders"]:
            hands.set(at - timedelta(days=3, minutes=-20))
            _order(stage, one, menu, codes, at)


def _order(stage: Stage, one: dict[str, Any], menu: dict[str, str], codes: dict[str, str], at: datetime) -> None:
    firm, leader, clerk = one["firm"], f"officer:{one['leader']}", f"officer:{one['clerk']}"
    if one["stage"] == "ordered":
        stage.hands.set(at - timedelta(hours=3))
    made = stage.do(
        "jointoffice.session.order", f"contact:{firm}", enterprise=stage.named[f"enterprise:{firm}"],
        items=[menu[name] for name in one["items"]], wants=one["wants"],
    )  # fmt: skip
    if one["stage"] == "ordered":
        return
    day = local(at).date() + timedelta(days=one["day"])
    group = {"day": day, "hour": "14:00", "offices": [codes[name] for name in one["offices"]], "leaders": one["leaders"]}
    stage.do("jointoffice.session.set_group", leader, sitting=made.id, **group)
    if one["stage"] == "tasks":
        stage.hands.set(datetime.combine(day, time(16), ZONE))
        stage.do("jointoffice.session.hold", clerk, sitting=made.id, minutes=one["minutes"])
        stage.do("jointoffice.session.give_out", clerk, sitting=made.id, tasks=one["tasks"])
