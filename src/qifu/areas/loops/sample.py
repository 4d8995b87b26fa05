"""What the sample district of the demo has of outside loops, made by the product's own actions from packs/sample/loops.yaml."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel.access import acting
from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock

from .actions.taking import gate
from .models import Platform, Renewal
from .signing import sign


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Register platforms and let signed work orders come in. `named`: officer:<number>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "loops.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at - timedelta(days=2))) as hands:
        stage = Stage(named, hands, at)
        for one in given["platforms"]:
            added = stage.do("loops.add", f"officer:{given['keeper']}", **one["platform"])
            if one["platform"]["how"] == "hook":
                _confirmed(stage, added.platform, f"officer:{given['second']}")
            for order in one.get("orders", ()):
                hands.set(at - timedelta(hours=order["hours"]))
                _taken(stage, added.platform.slug, added.key.reveal(), order["order"])


def _confirmed(stage: Stage, platform: Platform, second: str) -> None:
    with acting(stage.who(second)):
        renewal = Renewal.objects.get(platform=platform, decided_at=None)
    stage.do("loops.confirm_key", second, renewal=renewal.id)


def _taken(stage: Stage, slug: str, key: str, order: Mapping[str, Any]) -> None:
    body, time = json.dumps(order, ensure_ascii=False).encode(), str(int(stage.hands.now().timestamp()))
    stage.do("loops.take", gate(), slug=slug, body=body, time=time, sign=sign(key, time=time, body=body), after=0)
