"""Look-backs (回头看): who is drawn, by a rule that anybody can count again, and the process of one look (FEATURES 2.16, E-06)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.areas.response import api as response
from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.language import said
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import daily, refusals
from .models import Application, DailyReport, Draw, Inspection

STATES = {
    "drawn": "待看",
    "mending": "整改中",
    "again": "待再看",
    "fine": "没有问题",
    "escalated": "转拟暂停",
    "dropped": "不用再看",
}
OPEN = ("drawn", "mending", "again")
"""States in which a look waits for somebody."""
WAITING = ("drawn", "again")
"""States in which the town must go and look."""
WHY = {"filed": "备案后核对", "silent": "没报日报", "odd": "日报有异常", "share": "随机抽取"}


# ---------------------------------------------------------------- what is asked, and the rule of drawing: data of the pack


@dataclass(frozen=True)
class Question:
    """One line of the short list."""

    code: str
    name: str
    ask: str


@dataclass(frozen=True)
class Rule:
    """How many are drawn and by when they are looked at. `percent` of the firms at work in a town, `least` one where there is one;
    `filed` percent of those that file; `days` working days by reason (0: the same day); `rest` days in which nobody is drawn by
    chance twice; `silent` days without a report, `most` a day for silent and odd ones."""

    questions: tuple[Question, ...]
    at: time = time(7, 30)
    percent: int = 5
    least: int = 1
    filed: int = 100
    rest: int = 14
    silent: int = 2
    most: int = 10
    days: tuple[tuple[str, int], ...] = (("filed", 0), ("share", 1), ("silent", 0), ("odd", 1))
    mend: tuple[int, ...] = (1, 2, 3, 5, 7)

    def allowed(self, why: str) -> int:
        """Give the working days for a reason."""
        return dict(self.days).get(why, 1)


@cache
def rule_of(pack: str) -> Rule | None:
    """Give the rule of a pack; None where it has none, and then nobody is drawn."""
    path = settings.PACKS / pack / "lookback.yaml"
    if not pack or not path.exists():
        return None
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    draw = data["draw"]
    return Rule(
        tuple(Question(one["code"], said(one["name"]), said(one["ask"])) for one in data["questions"]),
        time.fromisoformat(draw["at"]), draw["percent"], draw["least"], draw["filed"],
        draw["rest"], draw["silent"], draw["most"], tuple(draw["days"].items()), tuple(data["mend"]),
    )  # fmt: skip


def seed(day: date, place: int) -> str:
    """Give the fixed seed of a day and a place: whoever knows the two can draw again."""
    return f"{day.isoformat()}/{place}"


def lot(seed: str, enterprise: UUID) -> str:
    """Give an enterprise's lot; the smallest are drawn."""
    return sha256(f"{seed}/{enterprise}".encode()).hexdigest()


def share(firms: Iterable[UUID], *, seed: str, percent: int, least: int = 0) -> list[UUID]:
    """Draw the share: the smallest lots, rounded up, at least `least` where there are so many."""
    ranked = sorted(firms, key=lambda firm: lot(seed, firm))
    return ranked[: max(-(-len(ranked) * percent // 100), min(least, len(ranked)))]


def filed_is_drawn(application: Application, rule: Rule, day: date) -> bool:
    """Say whether a firm that filed on this day is looked at: its own lot against the share, so that each is known at once."""
    return int(lot(seed(day, application.region), application.enterprise_id), 16) % 100 < rule.filed


def silent_or_odd(running: Sequence[Application], *, day: date, rule: Rule) -> dict[UUID, str]:
    """Give why an application's firm is looked at for what it told, or did not, up to the day before; the silent first."""
    before = day - timedelta(days=1)
    firms = [one.enterprise_id for one in running]
    last, earlier = daily.last_told(firms, until=before), daily.last_told(firms, until=before - timedelta(days=1))
    quiet, strange = {}, {}
    for one in running:
        told: DailyReport | None = last.get(one.enterprise_id)
        since = told.day if told else one.started_at.astimezone(ZONE).date() if one.started_at else day
        if (before - since).days >= rule.silent:
            quiet[one.id] = "silent"
        elif told is not None and told.day == before:
            known: Mapping[str, Any] = {name: getattr(told, name) for name in daily.CORE}
            prior = earlier.get(one.enterprise_id)
            if daily.odd(known, before=prior.at_work if prior else None):
                strange[one.id] = "odd"
    return quiet | strange


def end_of(day: date) -> datetime:
    """Give the end of a day (exclusive)."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def hours_to(day: date, at: datetime) -> int:
    """Give the whole hours left until a day's end; at least one."""
    return max(int((end_of(day) - at).total_seconds() // 3600), 1)


# ---------------------------------------------------------------- guards


def one_who_was_sent(inspection: Inspection, actor: Actor, at: datetime) -> None:
    """Where a person was named, that person looks."""
    if inspection.assigned_to and actor.person is not None and str(actor.person) != inspection.assigned_to:
        raise refusals.SentToAnother()


def not_own_visit(inspection: Inspection, actor: Actor, at: datetime) -> None:
    """Who assessed a firm does not look back at it: a second pair of eyes is the point."""
    one_who_was_sent(inspection, actor, at)
    if inspection.application is not None and inspection.application.assessor == actor.id:
        raise refusals.OwnVisit()


def may_escalate(inspection: Inspection, actor: Actor, at: datetime) -> None:
    """Only what may be suspended is sent on to be suspended."""
    not_own_visit(inspection, actor, at)
    if inspection.application is None or inspection.application.state not in ("approved", "resumed"):
        raise refusals.NothingToBurden()


# ---------------------------------------------------------------- the table

_LOOK, _LAPSE, _SEND = "resumption.assess", "resumption.lapse", "resumption.assign.town"

LOOKBACKS = Workflow[Inspection](
    "resumption.lookback",
    Inspection,
    opening=Opening("draw", "抽到", _LAPSE, data=("why", "days"), stamp="drawn_at"),
    start="drawn",
    moves=[
        Move(
            "ok", "没有问题", WAITING, "fine", _LOOK, guard=not_own_visit,
            data=("asked", "wrong"), stamp="looked_at", notice="fine", then="企业收到“没有问题”。",
        ),
        Move(
            "mend", "要求整改", WAITING, "mending", _LOOK, guard=not_own_visit,
            data=("asked", "wrong", "hours"), stamp="looked_at", notice="mending", then="企业收到要改的几项和期限；到期再来看。",
        ),
        Move(
            "escalate", "转拟暂停", WAITING, "escalated", _LOOK, guard=may_escalate,
            data=("asked", "wrong"), stamp="looked_at", then="接着去拟暂停；企业先陈述，另一位决定。",
        ),
        Move("mended", "整改好了", ("mending",), "again", "resumption.apply", then="镇街马上看到，再来看一次。"),
        Move("due", "整改到期", ("mending",), "again", _LAPSE, then="镇街再去看一次。"),
        Move("drop", "不用再看", OPEN, "dropped", _LAPSE, data=("why",), then="响应结束或已经停工，不用再看。"),
    ],
    states=STATES,
    clocks=[
        Clock("look", "去看", lambda i: Allow(days=i.days), frozenset(WAITING), owner="office"),
        Clock("mend", "企业整改", lambda i: Allow(hours=max(i.mend_hours, 1)), frozenset({"mending"}), lapse="due"),
    ],
)  # fmt: skip


def law_and_rule(region: int, at: datetime) -> tuple[response.Law, Rule] | None:
    """Give the law of a place with the rule of its incident's pack; None where nothing holds or the pack has no rule."""
    law = response.law(region, at)
    rule = rule_of(law.incident.pack) if law.incident is not None else None
    return (law, rule) if rule is not None else None


def towns_to_draw(at: datetime) -> list[int]:
    """Give the towns with firms at work whose morning hour has come and that have not drawn today; inside `acting`."""
    now = local(at)
    drawn = Draw._base_manager.filter(day=now.date()).values("region")
    towns = Application._base_manager.filter(state="resumed").exclude(region__in=drawn).order_by("region").values_list("region", flat=True)
    found = []
    for town in towns.distinct():
        known = law_and_rule(town, at)
        if known is not None and now.time() >= known[1].at:
            found.append(town)
    return found
