"""What a land has of other platforms: one with a key in force and an order, and a renewal that waits."""

import json
from typing import Any
from uuid import UUID

from qifu.areas.loops import signing
from qifu.areas.loops.actions.taking import gate
from qifu.areas.loops.models import Order, Renewal
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock


def loops_of(land: Any, bureau: Any) -> dict[str, UUID]:
    """Register a platform, let another person put its key into force, take an order, propose a new key."""
    word, slug = land.canary, f"loop-{land.name}"
    given = {"name": f"{word}热线", "channel": "loop:12345", "how": "hook", "callback": "https://loop.example/", "slug": slug}
    proposed = run("loops.add", given, actor=bureau)
    assert proposed.ok, proposed
    second = officer("bureau_clerk", land.district, name=f"{word}科长")
    with acting(second):
        renewal = Renewal.objects.get(platform=proposed.result.platform)
    assert run("loops.confirm_key", {"renewal": renewal.id}, actor=second).ok
    told = {"number": f"GD-{land.name}", "text": f"{word}停电三小时", "firm": f"{word}小厂", "asker": f"{word}会计"}
    body, time = json.dumps(told).encode(), str(int(clock.now().timestamp()))
    sign = signing.sign(proposed.result.key.reveal(), time=time, body=body)
    taken = run("loops.take", {"slug": slug, "time": time, "sign": sign, "body": body}, actor=gate())
    assert taken.ok, taken
    waiting = run("loops.propose_key", {"platform": proposed.result.platform.id}, actor=bureau)
    assert waiting.ok, waiting
    with acting(second):
        order = Order.objects.get(number=f"GD-{land.name}")
    return {"platform": proposed.result.platform.id, "loop_order": order.id}
