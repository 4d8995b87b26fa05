"""The process of reopening as one table (DOMAIN W20): one level, or two where the whole school was quarantined."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import law, refusals, rules
from .models import School
from .terms import PROCESS, STATES

# ---------------------------------------------------------------- guards: named sentences, asked by every way of moving


def outside_closed_areas(school: School, actor: Actor, at: datetime) -> None:
    """Inside an area where nobody gathers a school stays closed (SYS-24)."""
    if area := law.closed_area(school.region, school.site_id, at):
        raise refusals.SchoolInClosedArea(
            _("“{name}”在{title}内（{document}），现在不能复课。", name=school.name, title=area.measure.title, document=area.document)
        )


def list_is_complete(school: School, actor: Actor, at: datetime) -> None:
    """Every item of the self-check in force is confirmed."""
    rule, _origin = law.rule_at(school.region, at)
    if left := rules.missing(rule.checks, school.checks):
        raise refusals.CheckIncomplete(_("自查还有{n}项没有确认：{names}。", n=len(left), names=listed(left[:4])))


def date_is_allowed(school: School, actor: Actor, at: datetime) -> None:
    """The day of reopening is not before the measure's."""
    rule, origin = law.rule_at(school.region, at)
    planned = school.planned_at
    if rule.reopening_from is not None and planned is not None and planned < rule.reopening_from:
        since = rule.reopening_from
        raise refusals.TooEarly(
            _("开学不早于{since:%-m月%-d日}（{says}），没有改动。", since=since, says=origin.says() if origin else rule.title)
        )


def may_report(school: School, actor: Actor, at: datetime) -> None:
    """A complete self-check, outside of the closed areas."""
    list_is_complete(school, actor, at)
    outside_closed_areas(school, actor, at)


def may_consent(school: School, actor: Actor, at: datetime) -> None:
    """Another person than the reporter, one level, an open area, an allowed day."""
    if school.two_levels:
        raise refusals.TwoLevels()
    by_another_person(school, actor, at)
    outside_closed_areas(school, actor, at)
    date_is_allowed(school, actor, at)


def may_study(school: School, actor: Actor, at: datetime) -> None:
    """Only where the whole school was quarantined; by another person than the reporter."""
    if not school.two_levels:
        raise refusals.OneLevel()
    by_another_person(school, actor, at)


def may_reply(school: School, actor: Actor, at: datetime) -> None:
    """Another person than the one who reported and the one who studied; an open area, an allowed day."""
    by_another_person(school, actor, at)
    if school.studier and school.studier == actor.id:
        raise refusals.StudierMayNotReply()
    outside_closed_areas(school, actor, at)
    date_is_allowed(school, actor, at)


def by_another_person(school: School, actor: Actor, at: datetime) -> None:
    """Who reported does not decide."""
    if school.reporter and school.reporter == actor.id:
        raise refusals.ReporterMayNotConsent()


def may_open(school: School, actor: Actor, at: datetime) -> None:
    """Not before the day that was consented to, nor before the measure's, and not in a closed area."""
    rule, _origin = law.rule_at(school.region, at)
    not_before = max((day for day in (school.planned_at, rule.reopening_from) if day is not None), default=None)
    if not_before is not None and at < not_before:
        raise refusals.TooEarly(
            _("同意的开学时间是{not_before:%-m月%-d日 %H:%M}，还没到。", not_before=not_before), fix="到时间再点“开学”。"
        )
    outside_closed_areas(school, actor, at)


# ---------------------------------------------------------------- the table

MOVES = [
    Move("quarantine", "整校隔离", ("closed", "self_checked", "reported", "studied", "consented", "district_replied", "open"), "quarantined", "school.district_reply", strong=True, then="学校停课；解除后要两级批复才能复课。"),
    Move("release", "解除隔离", ("quarantined",), "released", "school.district_reply", strong=True, then="学校可以自查、报告。"),
    Move("self_check", "交自查", ("closed", "self_checked"), "self_checked", "school.report", data=("confirmed", "of"), then="全部确认后就能报告。"),
    Move("check_again", "交自查", ("released",), "released", "school.report", data=("confirmed", "of"), then="全部确认后就能报告。"),
    Move("report", "报告教育局", ("self_checked", "released"), "reported", "school.report", guard=may_report, data=("absent",), stamp="reported_at", then="教育局一个工作日内答复。"),
    Move("consent", "同意复课", ("reported",), "consented", "school.consent", guard=may_consent, strong=True, stamp="consented_at", then="学校马上看到，到时间可以开学。"),
    Move("study", "研判后报区防控办", ("reported",), "studied", "school.consent", guard=may_study, then="区防控办看到报告和研判意见。"),
    Move("refuse", "不同意，退回学校", ("reported",), "closed", "school.consent", guard=by_another_person, strong=True, then="学校看到理由，改好可以重报。"),
    Move("district_reply", "批复同意", ("studied",), "district_replied", "school.district_reply", guard=may_reply, strong=True, then="学校马上看到，到时间可以开学。"),
    Move("district_refuse", "批复不同意", ("studied",), "closed", "school.district_reply", guard=by_another_person, strong=True, then="学校和教育局看到理由，改好可以重报。"),
    Move("open", "开学", ("consented", "district_replied"), "open", "school.report", guard=may_open, stamp="opened_at", data=("absent",), then="列入已开学名单，按检测日安排检测。"),
    Move("close", "停课", ("consented", "district_replied", "open"), "closed", "school.consent", strong=True, then="学校看到理由，再开要重新自查、报告。"),
]  # fmt: skip

REOPENING = Workflow(
    PROCESS,
    School,
    opening=Opening("register", "登记学校", "school.consent", data=("pupils", "staff")),
    start="closed",
    moves=MOVES,
    states=STATES,
    clocks=[Clock("consent", "一个工作日内答复", Allow(days=1), frozenset({"reported"}), owner="office")],
)
