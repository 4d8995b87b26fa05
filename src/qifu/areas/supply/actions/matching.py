"""A match: the desk asks a supplier, the supplier answers, the enterprise agrees; delivered or not. A need is one case of casework."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said

from .. import queries, refusals
from ..models import Call, Making, Match, Need, Outside
from ..terms import NEED
from ..workflow import CALLS, MATCHES, NEEDS


@dataclass(frozen=True, kw_only=True)
class Propose:
    """Ask one supplier for a need: a maker here (`making`) or one found elsewhere (`supplier`). `quantity` 0: all of it."""

    need: UUID
    making: UUID | None = field(default=None, metadata={"label": "本地供方"})
    supplier: UUID | None = field(default=None, metadata={"label": "外地供方"})
    quantity: int = field(default=0, metadata={"label": "先问多少"})
    words: str = field(default="", metadata={"label": "说一句", "most": 300})


@action("supply.match.propose", "去问一家")
def propose(given: Propose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Ask a supplier; the first time, the need becomes a case with a clock. The maker is not told who needs it.

    Refuses NeedIsOver, OwnMaking, NotAsked; a supplier that is being asked already is not asked again."""
    need = NEEDS.lock(given.need)
    if need.state != "open":
        raise refusals.NeedIsOver()
    making = Making.objects.visible_to(actor).filter(pk=given.making, state="making").first() if given.making else None
    outside = Outside.objects.visible_to(actor).filter(pk=given.supplier, state="known").first() if given.supplier else None
    if (given.making and making is None) or (given.supplier and outside is None):
        raise NotFound()
    if (making is None) == (outside is None):
        raise refusals.NotAsked()
    if making is not None and making.enterprise_id == need.enterprise_id:
        raise refusals.OwnMaking()
    quantity = given.quantity or need.quantity
    if not 0 < quantity <= need.quantity:
        raise BadInput({"quantity": said("“先问多少”不能多于要的{n}{unit}。", n=need.quantity, unit=need.unit)})
    as_case(need, actor=actor, at=at)
    name = making.enterprise.name if making is not None else outside.name if outside is not None else ""
    match = Match(
        need=need, making=making.id if making else None, outside=outside, supplier=name[:120], office=need.office, quantity=quantity,
        unit=need.unit, by=need.by, words=given.words.strip(), proposer=actor.id,
        region=need.region, party=need.party, district=need.district,
    )  # fmt: skip
    match.facets = ["from:here" if making else "from:elsewhere"]
    match = MATCHES.open(match, actor=actor, at=at, key=key, quantity=quantity)
    if making is not None:
        call = Call(
            match=match.id, making=making, enterprise=making.enterprise, office=making.enterprise.name[:80], product=need.product,
            quantity=quantity, unit=need.unit, by=need.by, town=jurisdiction.name(need.region)[:60], proposer=actor.id,
            region=making.region, party=making.party, district=making.district,
        )  # fmt: skip
        CALLS.open(call, actor=actor, at=at)
    return match


def as_case(need: Need, *, actor: Actor, at: datetime) -> casework.Case:
    """Let a need be a case, once: given to the desk's own office where that takes work from there."""
    text = said(
        "缺{product}{quantity}{unit}，最晚{by}要。{says}", product=need.product, quantity=need.quantity, unit=need.unit,
        by=need.by.isoformat(), says=need.says,
    )  # fmt: skip
    known = casework.by_origin(NEED, [need.id]).get(need.id)
    if known is not None:
        return known
    title = said("供需对接：缺{product}", product=need.product)
    words = casework.Record(
        text=text, title=title, channel="counter", enterprise=need.enterprise_id, asker=need.teller, origin_kind=NEED, origin=need.id
    )
    case = casework.record(words, actor=actor, at=at)
    own = casework.own_office(actor)
    if own and any(office.code == own for office in casework.offices_for(need.region, at=at)):
        casework.give(case, office=own, why=said("产业链专班自己办"), actor=actor, at=at)
    Need.objects.filter(pk=need.id).update(case=case.id, case_number=case.number)
    return case


@dataclass(frozen=True, kw_only=True)
class Answered:
    match: UUID
    answer: str = field(metadata={"label": "供方怎么说", "most": 300})


@action("supply.match.note_yes", "登记供方答应")
def note_yes(given: Answered, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Write down that a supplier elsewhere can. Refuses MakerAnswersItself for one of here."""
    with MATCHES.move("note_yes", given.match, actor=actor, at=at, key=key) as match:
        match.answer, match.answered_by = given.answer.strip(), actor.id
    return match


@action("supply.match.note_no", "登记供方做不了")
def note_no(given: Answered, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Write down that a supplier elsewhere cannot, and why."""
    with MATCHES.move("note_no", given.match, actor=actor, at=at, key=key) as match:
        match.answer, match.answered_by = given.answer.strip(), actor.id
    return match


@dataclass(frozen=True, kw_only=True)
class OfMatch:
    match: UUID


@dataclass(frozen=True, kw_only=True)
class MatchWords:
    match: UUID
    words: str = field(metadata={"label": "原因", "most": 300})


@action("supply.match.agree", "要这一家")
def agree(given: OfMatch, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Say yes for the enterprise. Refuses AnotherAgrees for who proposed it, SupplierAnswered for who answered for
    the supplier, NeedIsOver once the need is met or agreed: its name is told to no second maker."""
    need = Match.objects.filter(pk=given.match).values_list("need", flat=True).first()
    if need is not None:
        NEEDS.lock(need)
    with MATCHES.move("agree", given.match, actor=actor, at=at, key=key) as match:
        match.agreed_at = at
    return match


@action("supply.match.refuse", "不要这一家")
def refuse(given: MatchWords, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Say no for the enterprise, with why."""
    with MATCHES.move("refuse", given.match, actor=actor, at=at, key=key) as match:
        match.words = given.words.strip()
    return match


@action("supply.match.deliver", "货到了")
def deliver(given: OfMatch, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Say that it came."""
    with MATCHES.move("deliver", given.match, actor=actor, at=at, key=key) as match:
        pass
    return match


@action("supply.match.fail", "没成")
def fail(given: MatchWords, *, actor: Actor, at: datetime, key: UUID | None = None) -> Match:
    """Say that it did not come, and why; the link is broken again."""
    with MATCHES.move("fail", given.match, actor=actor, at=at, key=key) as match:
        match.words = given.words.strip()
    return match


# ------------------------------------------------------------------------------------------------ the maker's side


@dataclass(frozen=True, kw_only=True)
class CallAnswered:
    inquiry: UUID
    answer: str = field(metadata={"label": "怎么供", "most": 300})


@action("supply.call.accept", "能供")
def accept(given: CallAnswered, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Say as a maker that it can, with price and day. Refuses DeskDoesNotAnswer."""
    with CALLS.move("accept", given.inquiry, actor=actor, at=at, key=key) as call:
        call.answer, call.answered_by = given.answer.strip(), actor.id
    return call


@action("supply.call.decline", "供不了")
def decline(given: CallAnswered, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Say as a maker that it cannot, and why."""
    with CALLS.move("decline", given.inquiry, actor=actor, at=at, key=key) as call:
        call.answer, call.answered_by = given.answer.strip(), actor.id
    return call


# ------------------------------------------------------------------------------------------------ to another city


@dataclass(frozen=True, kw_only=True)
class NeedWords:
    need: UUID
    words: str = field(metadata={"label": "原因", "most": 300})


@action("supply.need.pass_on", "请外地帮找")
def pass_on(given: NeedWords, *, actor: Actor, at: datetime, key: UUID | None = None) -> Need:
    """Let a need that nobody here can meet be asked of another city, by its case. Refuses StillTrying."""
    need = NEEDS.lock(given.need)
    if queries.is_trying(need.id):
        raise refusals.StillTrying()
    case = as_case(need, actor=actor, at=at)
    with NEEDS.move("pass_on", given.need, actor=actor, at=at, key=key, case=str(case.id)) as need:
        need.words, need.passed_by = given.words.strip(), actor.id
    return need


@action("supply.need.found", "外地找到了")
def found(given: NeedWords, *, actor: Actor, at: datetime, key: UUID | None = None) -> Need:
    """Write down who was found elsewhere; the link is whole again. Refuses AnotherFinds for who passed it on."""
    workers = NEEDS.lock(given.need).workers
    with NEEDS.move("found", given.need, actor=actor, at=at, key=key, workers=workers) as need:
        need.words = given.words.strip()
    return need


@action("supply.need.bring_back", "接着在本地找")
def bring_back(given: NeedWords, *, actor: Actor, at: datetime, key: UUID | None = None) -> Need:
    """Take a need back from the other city."""
    with NEEDS.move("bring_back", given.need, actor=actor, at=at, key=key) as need:
        need.words = given.words.strip()
    return need
