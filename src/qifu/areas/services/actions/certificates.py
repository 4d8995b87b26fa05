"""Certificates from outside: the loss is found, the papers gathered, the paper issued elsewhere, the value saved confirmed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said

from .. import refusals
from ..models import Certificate
from ..numbering import district_place, number, scope_of
from ..terms import Paper, catalogue
from ..workflow import CERTIFICATES
from .orders import fen_of


def paper_of(code: str) -> Paper:
    """Give a kind of certificate of the pack; refuses NoSuchService."""
    found = catalogue().papers.get(code)
    if found is None:
        raise refusals.NoSuchService()
    return found


@dataclass(frozen=True, kw_only=True)
class Find:
    enterprise: UUID
    kind: str = field(metadata={"label": "办哪一种"})
    loss: str = field(metadata={"label": "可能损失多少"})
    cause: str = field(metadata={"label": "怎么回事", "most": 500})
    contract: str = field(default="", metadata={"label": "合同号", "most": 60})
    counterparty: str = field(default="", metadata={"label": "对方公司", "most": 120})


@action("services.certificate.find", "报损失")
def find(given: Find, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Write down a loss that a certificate may avert; found by the enterprise itself or by whoever visits it."""
    paper, firm = paper_of(given.kind), registry.enterprise(given.enterprise)
    loss = fen_of(given.loss, "loss", said("可能损失多少"))
    office = f"{jurisdiction.name(district_place(firm.region))}{said('企服中心')}"
    one = Certificate(
        number=number("ZM", at), enterprise=firm, kind=paper.code, office=office, loss_fen=loss, cause=given.cause,
        contract=given.contract, counterparty=given.counterparty, issuer=str.__str__(paper.issuer),
        finder_name=actor.name[:80], **scope_of(firm),
    )  # fmt: skip
    one.facets = [f"kind:{paper.code}"]
    return CERTIFICATES.open(one, actor=actor, at=at, key=key, kind=paper.code, fen=loss)


@dataclass(frozen=True, kw_only=True)
class HandIn:
    certificate: UUID
    papers: str = field(metadata={"label": "交了哪些", "most": 500})


@action("services.certificate.hand_in", "交证明材料")
def hand_in(given: HandIn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Hand in the papers, each named."""
    with CERTIFICATES.move("hand_in", given.certificate, actor=actor, at=at, key=key) as one:
        one.papers, one.words = given.papers, ""
    return one


@dataclass(frozen=True, kw_only=True)
class Reason:
    certificate: UUID
    words: str = field(metadata={"label": "原因", "most": 300})


@action("services.certificate.return", "退回证明材料")
def give_back(given: Reason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Ask the enterprise for what lacks."""
    with CERTIFICATES.move("return", given.certificate, actor=actor, at=at, key=key) as one:
        one.words = given.words
    return one


@dataclass(frozen=True, kw_only=True)
class Issue:
    certificate: UUID
    issued_number: str = field(metadata={"label": "证书号", "most": 60})
    issued_on: date = field(metadata={"label": "出证日期"})


@action("services.certificate.issue", "登记已出证")
def issue(given: Issue, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Write down what the outside office issued; a number stands once for each issuer."""
    today = local(at).date()
    if not (today.year - 1 <= given.issued_on.year and given.issued_on <= today):
        raise BadInput({"issued_on": said("“出证日期”不能晚于今天，核对证书上的日期。")})
    with CERTIFICATES.move("issue", given.certificate, actor=actor, at=at, key=key, on=given.issued_on.isoformat()) as one:
        one.issued_number, one.issued_on, one.words = given.issued_number.strip(), given.issued_on, ""
    return one


@action("services.certificate.refuse", "登记没有出证")
def refuse(given: Reason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Write down that the outside office did not issue it, why, and what else may help."""
    with CERTIFICATES.move("refuse", given.certificate, actor=actor, at=at, key=key) as one:
        one.words = given.words
    return one


@dataclass(frozen=True, kw_only=True)
class Claim:
    certificate: UUID
    saved: str = field(metadata={"label": "挽回多少"})
    ground: str = field(metadata={"label": "依据", "most": 500})


@action("services.certificate.claim", "报挽回损失")
def claim(given: Claim, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Say how much the certificate saved, and on what that rests. Refuses MoreThanLost; it counts when another confirms it."""
    saved = fen_of(given.saved, "saved", said("挽回多少"))
    if saved > CERTIFICATES.lock(given.certificate).loss_fen:
        raise refusals.MoreThanLost()
    with CERTIFICATES.move("claim", given.certificate, actor=actor, at=at, key=key, fen=saved) as one:
        one.saved_fen, one.ground, one.claimer, one.claimer_name = saved, given.ground, actor.id, actor.name[:80]
    return one


@dataclass(frozen=True, kw_only=True)
class Of:
    certificate: UUID


@action("services.certificate.confirm", "核实挽回损失")
def confirm(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Confirm the value saved, as another person than who reported it."""
    saved = CERTIFICATES.lock(given.certificate).saved_fen
    with CERTIFICATES.move("confirm", given.certificate, actor=actor, at=at, key=key, fen=saved, yuan=saved // 100) as one:
        pass
    return one


@action("services.certificate.ask_again", "退回挽回损失")
def ask_again(given: Reason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Send a reported value back with what does not fit."""
    with CERTIFICATES.move("ask_again", given.certificate, actor=actor, at=at, key=key) as one:
        one.saved_fen, one.claimer, one.claimer_name, one.words = 0, "", "", given.words
    return one


@action("services.certificate.drop", "不办证明了")
def drop(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Certificate:
    """Give it up before anything was issued."""
    with CERTIFICATES.move("drop", given.certificate, actor=actor, at=at, key=key) as one:
        pass
    return one
