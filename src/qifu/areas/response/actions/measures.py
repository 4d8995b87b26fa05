"""Depart from a measure within its limits, or ask above; enter a rule from above."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.areas.response import api, packs
from qifu.areas.response.models import Measure, Proposal
from qifu.areas.response.process import PROPOSALS
from qifu.areas.response.refusals import NeedsApproval, NoIncident, NoSuchMeasure, TooLong, WrongMeasure
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7

from .departing import SetMeasure, adds_a_layer, departure_of, may_set, set_local, within_limits
from .finding import ground_of_level, label
from .writing import ask_above, at_words, base_of, put, stop, tell_measure, version_of


@action("response.measure.set", "本地调整措施")
def set_measure(given: SetMeasure, *, actor: Actor, at: datetime, key: UUID | None = None) -> Measure:
    """Set a local version at once where the rule leaves that free.

    Refuses AddsALayer (stricter than the rule above; its origin is shown), NeedsApproval, BelowTheRule, NotYourLevel."""
    if key is not None and (again := Measure.objects.filter(pk=key).first()):
        return again
    departure = departure_of(given, actor=actor, at=at)
    hat = may_set(departure, actor, at)
    within_limits(departure)
    if departure.change.stricter:
        raise adds_a_layer(departure)
    if departure.policy == "approval":
        raise NeedsApproval(
            _("“{title}”由{says}规定，放宽要上一级同意，没有改动。", title=departure.base.title, says=api.origin_of(departure.base).says())
        )
    return set_local(departure, document=given.document, reason=given.reason, actor=actor, hat=hat, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class SwitchRegime:
    """Approval, filing with commitment, or none: from a date, in a place, for some categories (none named: all)."""

    place: str = field(metadata=label("地方"))
    regime: Literal["approval", "filing", "none"] = field(metadata=label("办理方式"))
    categories: list[str] = field(default_factory=list, metadata=label("企业类别"))
    incident: UUID | None = field(default=None, metadata=label("事件"))
    reason: str = field(default="", metadata=label("原因", most=300))
    since: datetime | None = field(default=None, metadata=label("生效时间"))
    until: datetime | None = field(default=None, metadata=label("到期时间"))
    document: str = field(default="", metadata=label("依据文件", most=200))

    def as_measure(self) -> SetMeasure:
        """Give it as the version of a measure that it is."""
        value = {"regime": self.regime, "categories": list(self.categories)}
        return SetMeasure(
            key="regime", place=self.place, value=value, incident=self.incident, reason=self.reason,
            since=self.since, until=self.until, document=self.document,
        )  # fmt: skip


@action("response.regime", "切换办理方式")
def switch_regime(given: SwitchRegime, *, actor: Actor, at: datetime, key: UUID | None = None) -> Measure:
    """Switch the regime on a date; cases that run keep the version that they were submitted under."""
    return set_measure(given.as_measure(), actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class EndMeasure:
    """A local version is taken back; the rule above holds again."""

    measure: UUID = field(metadata=label("措施"))
    reason: str = field(default="", metadata=label("原因", most=300))


@action("response.measure.end", "停止本地调整")
def end_measure(given: EndMeasure, *, actor: Actor, at: datetime, key: UUID | None = None) -> Measure:
    """Stop a local version from now on. Measures of the level stop only with the level."""
    row = Measure.objects.select_for_update().filter(pk=given.measure).first()
    if row is None:
        raise NotFound()
    hat = require(actor, "response.measure", at=at, on=row)
    if row.base_id is None or not (row.ends_at is None or row.ends_at > at):
        raise NoSuchMeasure("这不是正在执行的本地调整，没有改动。", fix="随级别执行的措施，只随级别停止。")
    stop([row], because="taken_back", actor=actor, hat=hat, at=at)
    row.refresh_from_db()
    tell_measure(
        row, _("{at_words}起停止，恢复执行{says}。", at_words=at_words(at), says=api.origin_of(base_of(row)).says()), actor=actor, at=at
    )
    return row


# ---------------------------------------------------------------- asking above


@dataclass(frozen=True, kw_only=True)
class Propose(SetMeasure):
    """A version that needs the office above: reason and end are not optional here."""


@action("response.propose", "报上一级同意")
def propose(given: Propose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Proposal:
    """Ask the office above for a local version; nothing holds until it has approved. Refuses AddsALayer where forbidden."""
    departure = departure_of(given, actor=actor, at=at)
    may_set(departure, actor, at)
    within_limits(departure)
    if departure.change.stricter and departure.policy == "forbidden":
        raise adds_a_layer(departure)
    if not given.reason:
        raise WrongMeasure("还没有写原因，没有报送。", fix="写明为什么要和上级规定不一样。")
    if departure.change.stricter and given.until is None:
        raise TooLong("比上级规定更严的，要写明到期日，没有报送。", fix="填到期日，到时自动恢复上级规定。")
    proposal = Proposal(
        id=uuid7(), incident=departure.incident, base=departure.base, kind="local", place=departure.place, params=departure.params,
        stricter=departure.change.stricter, since=departure.since, until=departure.until, reason=given.reason,
        origin_level=departure.level, origin_issuer=jurisdiction.name(departure.place), document=given.document,
        asked_by=actor.id, asked_by_name=actor.name, region=departure.place, district=departure.incident.district,
    )  # fmt: skip
    return ask_above(proposal, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class Enact(SetMeasure):
    """A rule from above is entered here: by one person from the document, checked by a second."""

    level: Literal["state", "province", "city"] = field(metadata=label("发文级别"))
    issuer: str = field(metadata=label("发文单位", most=120))


@action("response.enact", "登记上级规定")
def enact(given: Enact, *, actor: Actor, at: datetime, key: UUID | None = None) -> Proposal:
    """Enter a rule from above; it holds once another person has checked it against the document."""
    departure = departure_of(given, actor=actor, at=at)
    incident = departure.incident
    require(actor, "response.measure", at=at, on=incident)
    if not given.document:
        raise WrongMeasure("还没有写文件名称和文号，没有登记。", fix="照上级文件填写。")
    ground = ground_of_level(incident.region, given.level, at)
    proposal = Proposal(
        id=uuid7(), incident=incident, base=departure.base, kind="above", place=ground, params=departure.params,
        stricter=departure.change.stricter, since=departure.since, until=given.until, reason=given.reason,
        origin_level=given.level, origin_issuer=given.issuer, document=given.document,
        asked_by=actor.id, asked_by_name=actor.name, region=incident.region, district=incident.district,
    )  # fmt: skip
    return ask_above(proposal, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to what was asked for."""

    proposal: UUID = field(metadata=label("报批"))
    answer: str = field(default="", metadata=label("意见", most=300))
    document: str = field(default="", metadata=label("批文", most=200))


@action("response.approve", "同意报批")
def approve(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Measure:
    """Approve; the version is written and holds from its own instant, or from now if that has passed."""
    with PROPOSALS.move("approve", given.proposal, actor=actor, at=at, key=key, document=given.document) as fresh:
        incident = fresh.incident
        if incident.state != "declared":
            raise NoIncident("这个事件已经结束，报批没有意义了。", fix="退回这项报批。")
        hat = require(actor, "response.approve_layer", at=at, on=fresh)
        since = max(fresh.since, at)
        if fresh.until is not None and fresh.until <= since:
            raise TooLong("申请的到期日已经过了，没有同意。", fix="退回，让下级重新报。")
        base = fresh.base
        if fresh.kind == "local" and not (base.ends_at is None or base.ends_at > since):
            raise NoSuchMeasure("所依据的规定已经停止，报批没有意义了。", fix="退回这项报批。")
        fresh.decided_by, fresh.decided_by_name, fresh.answer = actor.id, actor.name, given.answer
        made = version_of(
            fresh.incident, base, place=fresh.place, region=fresh.region, params=fresh.params, since=since, until=fresh.until,
            origin=packs.Origin(fresh.origin_level, fresh.origin_issuer, fresh.document), reason=fresh.reason,
            stricter=fresh.stricter and fresh.kind == "local", local=fresh.kind == "local", at=at,
            set_by=(fresh.asked_by, fresh.asked_by_name), approved_by=(actor.id, actor.name),
        )  # fmt: skip
        put(made, actor=actor, hat=hat, at=at)
        fresh.made = made
    tell_measure(made, "", actor=actor, at=at)
    return made


@action("response.refuse", "退回报批")
def refuse(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Proposal:
    """Send back what was asked for; the rule stays as it is."""
    with PROPOSALS.move("refuse", given.proposal, actor=actor, at=at, key=key) as fresh:
        fresh.decided_by, fresh.decided_by_name, fresh.answer = actor.id, actor.name, given.answer
    return fresh


@action("response.withdraw", "撤回报批")
def withdraw(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Proposal:
    """Take back what one has asked for oneself."""
    with PROPOSALS.move("withdraw", given.proposal, actor=actor, at=at, key=key) as fresh:
        pass
    return fresh
