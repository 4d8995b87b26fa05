"""The process of resumption as one table (DOMAIN W1), with its two same-day clocks."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.kernel.access import Actor, require
from qifu.kernel.calendar import Allow
from qifu.kernel.language import listed, said
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow
from qifu.ui.words import moment_of

from . import refusals, rules
from .models import Application, Burden, Item, Permit
from .terms import CLOSED, STATES, BurdenKind, Route

FIELD = timedelta(hours=24)
"""How long after the visit an assessor without a network may still report it."""


# ---------------------------------------------------------------- guards: named sentences, asked by every way of moving


def forwarded_if_needed(application: Application, actor: Actor, at: datetime) -> None:
    """Above designated size the town forwards with its stamp before the district accepts (E-03)."""
    if application.route == Route.DISTRICT and application.state == "submitted":
        raise refusals.NotForwarded()


def for_the_district(application: Application, actor: Actor, at: datetime) -> None:
    """What the town decides itself is not forwarded."""
    if application.route != Route.DISTRICT:
        raise refusals.NotForwarded("这家由镇街决定，不用转区里。", fix="直接受理。")


def trade_is_open(application: Application, actor: Actor, at: datetime) -> None:
    """A trade that gathers people is not accepted while the measure stands (SYS-105)."""
    law = response.law(application.region, at, incident=application.incident)
    measure = law.one("excluded_trades")
    if measure and any(application.enterprise.industry.startswith(prefix) for prefix in law.excluded_trades()):
        origin = response.origin_of(measure).says()
        raise refusals.ExcludedTrade(said("这个行业暂缓复工，现在不受理（{origin}）。", origin=origin), fix="放开时会通知，资料都留着。")


def sites_are_open(application: Application, actor: Actor, at: datetime) -> None:
    """At least one site lies where work may resume: permission follows the site, not the enterprise (SYS-20)."""
    closed = closed_sites(application, at=at)
    if closed and len(closed) == len(registry.sites_of(application.enterprise_id)):
        site, area = next(iter(closed.values()))
        raise refusals.SiteClosed(
            said("“{name}”在{title}内（{document}），现在不能复工。", name=site.name, title=area.measure.title, document=area.document)
        )


def closed_sites(application: Application, *, at: datetime) -> dict[UUID, tuple[registry.Site, Any]]:
    """Give the sites that lie in an area where work may not resume, each with its area."""
    law = response.law(application.region, at, incident=application.incident)
    found = {}
    for site in registry.sites_of(application.enterprise_id):
        area = law.zone_of(site.region, site.id)
        if area is not None and area.measure.params["effects"].get("resume") == "refuse":
            found[site.id] = (site, area)
    return found


def every_item_seen(application: Application, actor: Actor, at: datetime) -> None:
    """Each required item has a result before the assessment is handed in."""
    if left := rules.required_left(_items(application)):
        raise refusals.NotYetAssessed(said("还有{n}项没看：{names}。", n=len(left), names=listed(left[:4])))


def nothing_to_mend(application: Application, actor: Actor, at: datetime) -> None:
    """It passes only when every required item is right or waived."""
    every_item_seen(application, actor, at)
    if mend := rules.to_mend(_items(application)):
        raise refusals.ItemsToMend(said("还有必须整改的项目：{names}。", names=listed(mend[:4])))


def something_to_mend(application: Application, actor: Actor, at: datetime) -> None:
    """Rectification names what is to be put right."""
    if not rules.to_mend(_items(application)):
        raise refusals.NothingToMend()


def on_the_team(application: Application, actor: Actor, at: datetime) -> None:
    """Only the assigned team assesses."""
    if application.team_id and not any(hat.task_force == application.team_id for hat in actor.hats):
        raise refusals.WrongTeam()


def may_pass(application: Application, actor: Actor, at: datetime) -> None:
    """The team, and a clean list."""
    on_the_team(application, actor, at)
    nothing_to_mend(application, actor, at)


def may_demand(application: Application, actor: Actor, at: datetime) -> None:
    """The team, and a named fault."""
    on_the_team(application, actor, at)
    something_to_mend(application, actor, at)


def another_person_decides(application: Application, actor: Actor, at: datetime) -> None:
    """The assessor may not decide (DECISIONS 12)."""
    if application.assessor and application.assessor == actor.id:
        raise refusals.AssessorMayNotDecide()


def may_approve(application: Application, actor: Actor, at: datetime) -> None:
    """Another person, a settled code, an open site."""
    another_person_decides(application, actor, at)
    if not registry.decidable(application.enterprise):
        raise refusals.CodeUnsettled()
    sites_are_open(application, actor, at)


def may_refuse(application: Application, actor: Actor, at: datetime) -> None:
    """Another person, one who decides on this route, and a decision that two have made: a refusal burdens."""
    another_person_decides(application, actor, at)
    decided_by_two(application, actor, at, BurdenKind.REFUSAL, "decided")


def may_suspend(application: Application, actor: Actor, at: datetime) -> None:
    """A suspension that two have decided (burdens)."""
    decided_by_two(application, actor, at, BurdenKind.SUSPENSION, "provisional", "in_force")


def decided_by_two(application: Application, actor: Actor, at: datetime, kind: BurdenKind, *states: str) -> None:
    """Refuse NeedsTwo unless another has proposed this and the actor has decided it."""
    require(actor, f"resumption.decide.{application.route}", at=at, on=application)
    decided = Burden._base_manager.filter(application=application.id, kind=kind, state__in=states, decided_by=actor.id)
    if not decided.exclude(asked_by=actor.id).exists():
        raise refusals.NeedsTwo()


def nothing_burdens(application: Application, actor: Actor, at: datetime) -> None:
    """What was suspended goes on only when no suspension holds any more."""
    if Burden._base_manager.filter(application=application.id, kind=BurdenKind.SUSPENSION, state__in=("provisional", "in_force")).exists():
        raise refusals.StillBurdened()


def refusal_revoked(application: Application, actor: Actor, at: datetime) -> None:
    """A refusal is decided anew only where it was revoked, the response goes on and nothing newer is under way."""
    if not Burden._base_manager.filter(application=application.id, kind=BurdenKind.REFUSAL, state="revoked").exists():
        raise refusals.StillRefused()
    newer = Application._base_manager.filter(enterprise=application.enterprise_id, incident=application.incident_id).exclude(
        state__in=CLOSED
    )
    if application.incident.state != "declared" or newer.exists():
        raise refusals.NothingToReopen()


def may_start(application: Application, actor: Actor, at: datetime) -> None:
    """Not before the day on the permit, and not while the site is closed."""
    if application.may_start_from is not None and at < application.may_start_from:
        raise refusals.NotYet(said("允许开工的时间是{at}，还没到。", at=moment_of(application.may_start_from)))
    sites_are_open(application, actor, at)


def may_file(application: Application, actor: Actor, at: datetime) -> None:
    """Filing with commitment: only under that regime, and only where nothing stands in the way (E-06)."""
    if application.regime != "filing":
        raise refusals.NotYet("现在是审批制，不能只备案。", fix="等受理和评估。")
    trade_is_open(application, actor, at)
    sites_are_open(application, actor, at)


def _items(application: Application) -> list[tuple[str, bool, str]]:
    return list(Item._base_manager.filter(application=application.id).values_list("name", "required", "result"))


def end_permits(application: Application, *, at: datetime, why: str) -> int:
    """End the permits of an application; gives how many sites lost theirs."""
    return Permit._base_manager.filter(application=application.id, ended_at__isnull=True).update(ended_at=at, why_ended=why)


# ---------------------------------------------------------------- the table

MOVES = [
    Move("forward", "盖章转区里", ("submitted",), "forwarded", "resumption.forward", guard=for_the_district, then="区经信局马上看到，企业收到“已转区里”。"),
    Move(
        "accept", "受理", ("submitted", "forwarded"), "accepted", "resumption.accept.{route}",
        guard=lambda a, who, at: (forwarded_if_needed(a, who, at), trade_is_open(a, who, at))[0],
        stamp="accepted_at", notice="accepted", then="企业收到受理回执，当天评估的时钟开始走。",
    ),
    Move("return", "请企业补材料", ("submitted", "forwarded"), "returned", "resumption.accept.{route}", data=("missing",), notice="returned", then="企业收到要补的一项和最晚时间。"),
    Move("resubmit", "补好再交", ("returned",), "submitted", "resumption.apply", then="回到待受理，排在原来的位置。"),
    Move("assign", "分派评估组", ("accepted",), "assigned", "resumption.assign.{route}", data=("team",), notice="assigned", then="组长马上收到，企业看到谁来、大约几点。"),
    Move("reassign", "改派", ("assigned",), "assigned", "resumption.assign.{route}", data=("team",), then="原来的小组不再看到这一家。"),
    Move("pass", "评估通过", ("assigned",), "passed", "resumption.assess", guard=may_pass, data=("items", "fixed"), stamp="passed_at", backdate=FIELD, then="转另一位审批人决定。"),
    Move("demand", "要求整改", ("assigned",), "rectifying", "resumption.assess", guard=may_demand, data=("items", "to_mend"), backdate=FIELD, notice="rectify", then="企业收到要改的几项，评估的时钟暂停。"),
    Move("mended", "整改好了，再来看", ("rectifying",), "assigned", "resumption.apply", then="原来的小组再来看，只看要改的几项。"),
    Move("approve", "批准复工", ("passed",), "approved", "resumption.decide.{route}", guard=may_approve, data=("conditions",), strong=True, stamp="decided_at", notice="approved", then="企业马上收到复工通知，进今天的复工名单。"),
    Move("send_back", "退回再评估", ("passed",), "assigned", "resumption.decide.{route}", guard=another_person_decides, data=("reason",), then="原来的小组再看一次，要写明看哪一项。"),
    Move("refuse", "不批准", ("passed",), "refused", "resumption.burden", guard=may_refuse, data=("reason",), strong=True, notice="refused", then="企业收到理由和申诉途径。"),
    Move("file", "备案并承诺", ("submitted",), "approved", "resumption.apply", guard=may_file, stamp="decided_at", then="即刻可以按时开工，当天下午抽查。"),
    Move("start", "报告开工", ("approved",), "resumed", "resumption.start", guard=may_start, stamp="started_at", backdate=timedelta(days=2), then="进复工名单，明天起每天报到岗情况。"),
    Move("suspend", "暂停", ("approved", "resumed"), "suspended", "resumption.burden", guard=may_suspend, data=("reason",), strong=True, notice="suspended", then="许可即时停用，企业收到理由和申诉途径。"),
    Move("restore", "恢复", ("suspended",), "approved", "resumption.lapse", guard=nothing_burdens, notice="restored", then="许可恢复，企业可以开工。"),
    Move("reopen", "重新决定", ("refused",), "passed", "resumption.lapse", guard=refusal_revoked, then="不批准被撤销，回到待决定，另作决定。"),
    Move("look_again", "整改后再评估", ("suspended",), "assigned", "resumption.assign.{route}", data=("team",), then="小组到现场再看。"),
    Move("withdraw", "撤回申请", ("submitted", "forwarded", "returned", "accepted", "assigned", "rectifying", "passed"), "withdrawn", "resumption.apply", data=("reason",), then="申请关闭，以后可以再交。"),
    Move("lapse", "响应结束，不用再办", ("submitted", "forwarded", "returned", "accepted", "assigned", "rectifying", "passed", "suspended"), "lapsed", "resumption.lapse", notice="lapsed", then="响应结束，开工不用再申请。"),
]  # fmt: skip


RESUMPTION = Workflow(
    "resumption.application",
    Application,
    opening=Opening("submit", "提交申请", "resumption.apply", data=("early", "head_count"), stamp="submitted_at"),
    start="submitted",
    moves=MOVES,
    states=STATES,
    clocks=[
        # The promise of the day of handing in: a running case keeps it (the measure same_day).
        Clock("accept", "当日受理", lambda a: Allow(days=a.accept_days), frozenset({"submitted", "forwarded"}), owner="office"),
        Clock(
            "assess",
            "当日评估",
            lambda a: Allow(days=a.assess_days),
            frozenset({"accepted", "assigned"}),
            frozenset({"rectifying"}),
            owner="office",
        ),
        Clock("decide", "一个工作日内决定", Allow(days=1), frozenset({"passed"}), owner="office"),
    ],
)
