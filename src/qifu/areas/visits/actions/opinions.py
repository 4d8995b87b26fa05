"""What an enterprise said: noted with a number, answered on the spot, passed on to become a case, solved when the firm says so."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Max

from qifu.areas.casework import api as casework
from qifu.areas.registry.api import Enterprise
from qifu.kernel.access import Actor
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .. import refusals
from ..models import DayLog, Opinion, Visit
from ..terms import OPINIONS
from ..workflow import SAID

Need = Literal["labour", "material", "transport", "money", "policy", "supplies", "power", "other"]
MOST = 1000
CASE_LATE = timedelta(hours=23)
"""How late a case may be told (casework keeps a day); a visit may be told later."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing said: in words, of which need, and what the officer did about it."""

    words: str = field(default="", metadata={"label": "意见", "most": MOST})
    need: Need = field(default="other", metadata={"label": "哪方面"})
    then: Literal["pass", "answered", "ask"] = field(default="pass", metadata={"label": "怎么办"})
    answer: str = field(default="", metadata={"label": "怎么答的", "most": 500})


@dataclass(frozen=True, kw_only=True)
class Answer:
    opinion: UUID = field(metadata={"label": "意见"})
    answer: str = field(metadata={"label": "怎么答的", "most": 500})


@dataclass(frozen=True, kw_only=True)
class PassOn:
    opinion: UUID = field(metadata={"label": "意见"})
    office: str = field(default="", metadata={"label": "想转给哪个部门", "most": 80})


@dataclass(frozen=True, kw_only=True)
class OfOpinion:
    opinion: UUID = field(metadata={"label": "意见"})
    why: str = field(default="", metadata={"label": "原因", "most": 100})


def note(given: Said, *, firm: Enterprise, visit: Visit | None = None, log: DayLog | None = None, actor: Actor, at: datetime) -> Opinion:
    """Number and note one opinion inside the open act (which has locked the enterprise). Refuses NoAnswer."""
    words, answer = given.words.strip(), given.answer.strip()
    if given.then == "answered" and not answer:
        raise refusals.NoAnswer()
    last = everything(Opinion).filter(enterprise=firm.id).aggregate(n=Max("number"))["n"] or 0
    opinion = Opinion(
        id=uuid7(), enterprise=firm, visit=visit, log=log, number=last + 1, need=given.need, words=words, to_ask=given.then == "ask",
        officer=actor.id, officer_name=actor.name[:80], facets=[*firm.facets, f"need:{given.need}"],
        region=firm.region, district=firm.district, party=firm.id, compartment=firm.compartment,
    )  # fmt: skip
    opinion = SAID.open(opinion, actor=actor, at=at, number=last + 1, need=given.need, visit=str(visit.id) if visit else "")
    if given.then == "answered":
        with SAID.move("answer", opinion.id, actor=actor, at=at, on_the_spot=1) as fresh:
            fresh.answer = answer
        return fresh
    return pass_to_casework(opinion, asker=visit.met if visit else "", actor=actor, at=at) if given.then == "pass" else opinion


def pass_to_casework(
    opinion: Opinion, *, asker: str = "", office: str = "", actor: Actor, at: datetime, key: UUID | None = None
) -> Opinion:
    """Let an opinion become a case inside the open act: numbered, timed, with somebody who has it. The same opinion is one case."""
    # A case told late begins to run when the office can know of it, at most its own limit before.
    told = max(at, clock.now() - CASE_LATE)
    text = opinion.words + (f"（{said('企业想转{office}', office=office)}）" if office else "")
    case = casework.record(
        casework.Record(
            text=text,
            channel="visit",
            enterprise=opinion.enterprise_id,
            asker=asker,
            origin_kind=OPINIONS,
            origin=opinion.id,
            said_at=told,
        ),
        actor=actor,
        at=told,
    )
    with SAID.move("pass_on", opinion.id, actor=actor, at=at, key=key, case=str(case.id), office=office) as fresh:
        fresh.case, fresh.case_number, fresh.office = case.id, case.number[:24], office
    return fresh


@action("visits.answer", "答复意见")
def answer(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Opinion:
    """Answer an opinion that needs nobody else. Refuses NoAnswer, WrongState."""
    if not given.answer.strip():
        raise refusals.NoAnswer()
    with SAID.move("answer", given.opinion, actor=actor, at=at, key=key, on_the_spot=0) as opinion:
        opinion.answer = given.answer.strip()
    return opinion


@action("visits.pass_on", "转办意见")
def pass_on(given: PassOn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Opinion:
    """Let an opinion become a case after all: the officer asked and nobody could answer."""
    opinion = SAID.lock(given.opinion)
    if SAID.delivered(key):
        return opinion
    return pass_to_casework(opinion, office=given.office.strip(), actor=actor, at=at, key=key)


@action("visits.solve", "确认意见解决")
def solve(given: OfOpinion, *, actor: Actor, at: datetime, key: UUID | None = None) -> Opinion:
    """Write down that the enterprise says it is solved."""
    with SAID.move("solve", given.opinion, actor=actor, at=at, key=key, case="") as opinion:
        pass
    return opinion


@action("visits.reopen", "意见还没解决")
def reopen(given: OfOpinion, *, actor: Actor, at: datetime, key: UUID | None = None) -> Opinion:
    """Write down that the enterprise says it is not solved after all."""
    with SAID.move("reopen", given.opinion, actor=actor, at=at, key=key, why=given.why.strip()) as opinion:
        pass
    return opinion
