"""Invented rows for the components that one area's pages draw (day plan, bulletin, pass, signature), and for the pages of `ui.acts`."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import segno
from django.utils.safestring import mark_safe

from qifu.kernel.language import said
from qifu.ui.parts import Action, Event, Fact, Field, Link, Notice, State, Task, TaskGroup
from qifu.ui.samples import ASSESSING, NOW, SOON

SIGNATURE = "/static/ui/gallery-name.svg"


def _trip(number: int, name: str, town: str, reason: str, at: str, *, team: str = "1", **more: bool) -> SimpleNamespace:
    """One stop of a team's day."""
    stands = {"big": False, "held": False, "tells": False, "changed": False} | more
    return SimpleNamespace(
        id=f"{team}-{number}", number=number, name=name, href="#", town=town, reason=reason, at=at, team=team, was=team, **stands
    )


CREWS = (
    SimpleNamespace(
        id="1", name="评估一组", note="3家，14.2公里，17:10完", over=False, left=False,
        rows=(
            _trip(1, "朱应电子有限公司", "江口街道", "正在那里", "15:20", held=True),
            _trip(2, "甬澜气动元件有限公司", "江口街道", "亿元以上先看，离上一家1.8公里", "16:00", big=True),
            _trip(3, "方门汽配有限公司", "方桥街道", "您改的", "16:50", changed=True),
        ),
    ),
    SimpleNamespace(
        id="2", name="评估二组", note="1家，9.6公里，19:40完", over=True, left=False,
        rows=(_trip(1, "泉溪竹木制品有限公司", "大堰镇", "18:00前要看，到时19:10，会逾期", "19:10", team="2", tells=True),),
    ),
    SimpleNamespace(id="3", name="评估三组", note="还空着", over=False, left=False, rows=()),
    SimpleNamespace(
        id="", name="今天不派", note="1家", over=False, left=True,
        rows=(_trip(1, "康岭机械有限公司", "萧王庙街道", "企业说后天才到人", "", team=""),),
    ),
)  # fmt: skip
TEAMS = CREWS[:3]
SENTENCE = tuple(
    SimpleNamespace(text=text, href=href, here=here)
    for text, href, here in (
        ("到今天15时，全区已批准复工", "", False), ("552家", "#opens", True), ("，占规上企业的", "", False), ("96.8%", "#opens", False),
        ("，比昨天多", "", False), ("21家", "#opens", False), ("。", "", False),
    )
)  # fmt: skip
PASSES = (
    SimpleNamespace(shown=said("有效"), code="valid", word="有效", note="还有 7 天"),
    SimpleNamespace(shown=said("还没生效"), code="not_yet", word="还没生效", note="2月18日 0:00 起"),
)
SQUARE = mark_safe(segno.make("7K3M29PX", error="m", micro=False).svg_inline(scale=10, border=4, dark="#000", light="#fff", omitsize=True))

_EVENTS = (
    Event(NOW.replace(hour=14, minute=10), "单位受理，今天18:00前答复"),
    Event(NOW.replace(hour=13, minute=52), "企业约了开户，2月18日上午"),
)
_FACTS = (Fact("约的事", "企业开户"), Fact("时间", "2月18日 周二 9:30"), Fact("地点", "企服中心 3号窗"))
_REASON = Field("words", "原因", "area", hint="对方看得到", max_length=300)


def thing(**change: Any) -> dict[str, Any]:
    """The context of one thing on its way."""
    return {
        "title": "企业开户 澜禾精密部件", "line": "预约 2020-0217-0041", "state": ASSESSING, "clock": SOON, "back": "#",
        "back_word": "预约",
        "facts": _FACTS, "events": _EVENTS, "tools": (Link("打电话", "tel:00000000000", "phone"),), "sections": (), "notice": None,
        "acts": (
            Action("约好了", "约好了", "#", ("企业马上收到时间和地点。",), kind="main"),
            Action("不受理", "不受理", "#", ("企业收到原因。",), kind="danger", opens=True),
        ),
        "groups": (TaskGroup("要带的", (Task("营业执照", "", "原件", State("带上", "info")),)),),
    } | change  # fmt: skip


def act(**change: Any) -> dict[str, Any]:
    """The context of one act that asks."""
    return {
        "title": "不受理", "name": "企业开户 澜禾精密部件", "line": "预约 2020-0217-0041", "state": ASSESSING, "clock": SOON,
        "facts": _FACTS,
        "fields": (_REASON,), "thens": ("企业收到原因，可以另约。",), "notice": None, "open": True, "primary": "不受理", "danger": True,
        "action": "#", "back": "#", "saves": "sample-act", "version": "1", "key": "",
    } | change  # fmt: skip


PAGES: dict[str, tuple[str, str, Callable[[], dict[str, Any]]]] = {
    "thing": ("ui/thing.html", "一件事", thing),
    "thing_phone": ("ui/thing_phone.html", "一件事：手机", thing),
    "act": ("ui/act.html", "办一步", act),
    "act_refused": (
        "ui/act.html", "办一步：现在不能", lambda: act(open=False, notice=Notice("已经约好了，不能再不受理。先和企业另约时间。", "stop")),
    ),
    "act_phone": ("ui/act_phone.html", "办一步：手机", lambda: act(lines=("说明原因，对方马上看到。",))),
}  # fmt: skip
