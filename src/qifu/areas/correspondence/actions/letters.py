"""A letter is written by one, signed by another, called about, answered, filed."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.files import enclosing
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import letters, queries, refusals, wire
from ..models import Call, Letter, Parcel
from ..terms import ASK, ENDS, LETTER, WRITE
from ..workflow import LETTERS

IN_HAND = ("handling", "coordinating", "waiting", "assigned")


@dataclass(frozen=True, kw_only=True)
class Write:
    """A letter about a case. `peer` is an installation that we trust; without it the letter goes on paper."""

    case: UUID
    to_name: str = field(default="", metadata={"label": "发给哪个单位", "most": 80})
    title: str = field(metadata={"label": "标题", "most": 80})
    need: str = field(metadata={"label": "正文", "most": 3000})
    days: int = field(default=5, metadata={"label": "几个工作日内回"})
    peer: UUID | None = field(default=None, metadata={"label": "怎么发"})
    to_contact: str = field(default="", metadata={"label": "对方联系人", "most": 40})
    to_phone: str = field(default="", metadata={"label": "对方电话", "most": 30})


@action("correspondence.write", "起草商请函")
def write(given: Write, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """Write a letter about a case in hand. Refuses NotOpenCase, NoSuchPeer, BadInput."""
    case = casework.case(given.case)
    if case is None or case.compartment:
        raise NotFound()
    if case.state not in IN_HAND:
        raise refusals.NotOpenCase()
    peer = None
    if given.peer is not None:
        peer = next((one for one in queries.trusted(case.region) if one.id == given.peer), None)
        if peer is None:
            raise refusals.NoSuchPeer()
    to = peer.name if peer else given.to_name.strip()
    errors = {} if to else {"to_name": said("还没有填发给哪个单位。")}
    if not 1 <= given.days <= 30:
        errors["days"] = said("填1到30个工作日。")
    if errors:
        raise BadInput(errors)
    letter = Letter(
        case=case, peer=peer, to_name=to, to_contact=given.to_contact.strip(), to_phone=given.to_phone.strip(),
        title=given.title.strip(), need=given.need.replace("\x00", "").strip(), days=given.days,
        organ=queries.organ_of(actor, case.region, at=at), writer=actor.id, writer_name=actor.name[:80], writers=[actor.id],
        region=case.region, district=jurisdiction.district_of(case.region),
    )  # fmt: skip
    return LETTERS.open(letter, actor=actor, at=at, key=key, days=given.days)


@dataclass(frozen=True, kw_only=True)
class Of:
    letter: UUID


@dataclass(frozen=True, kw_only=True)
class Enclose:
    letter: UUID
    content: bytes = field(repr=False, metadata={"label": "文件"})
    name: str = field(default="", metadata={"label": "附件名称", "most": 120})


@action("correspondence.enclose", "商请函加附件")
def enclose(given: Enclose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """Let a picture or PDF go along with a draft; whoever adds it has written at it, and another signs.

    Refuses TooManyAlong, TooHeavy for a letter that goes as a message, and what is neither picture nor PDF."""
    queries.letter(given.letter, actor)
    digest = sha256(given.content).hexdigest()[:16]
    with LETTERS.move("enclose", given.letter, actor=actor, at=at, key=key, digest=digest) as letter:
        hat = require(actor, WRITE, at=at, on=letter)
        enclosing.enclose(letter, given.content, kind=letters.ALONG, name=given.name, hat=hat, actor=actor, at=at)
        if letter.peer_id is not None:
            letters.load(letter)
        letter.written_by(actor)
    return letter


@dataclass(frozen=True, kw_only=True)
class LeaveOut:
    letter: UUID
    file: UUID


@action("correspondence.leave_out", "商请函去掉附件")
def leave_out(given: LeaveOut, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """Let a file go along no longer. Refuses NotFound."""
    with LETTERS.move("leave_out", given.letter, actor=actor, at=at, key=key, file=given.file.hex) as letter:
        enclosing.leave_out(letter, given.file)
        letter.written_by(actor)
    return letter


@action("correspondence.sign", "签发商请函")
def sign(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """Sign a letter: it gets its number and its paper, and goes out as a signed message where the other side takes one.

    Refuses AnotherSigns, NoSuchPeer, TooHeavy."""
    before = queries.letter(given.letter, actor)
    if before.peer is not None and before.peer.state != "trusted":
        raise refusals.NoSuchPeer()
    hat = require(actor, "letter.sign", at=at, on=before)
    with LETTERS.move("sign", given.letter, actor=actor, at=at, key=key, way="message" if before.peer else "paper") as letter:
        issued = letters.issue(letter, actor=actor, hat=hat, at=at)
        letter.number, letter.signer, letter.signer_name = issued.number, actor.id, actor.name[:80]
    if letter.peer is not None:
        _post(letter, at=at)
    return letter


def _post(letter: Letter, *, at: datetime) -> Parcel:
    case = letter.case
    body: dict[str, Any] = {
        "letter": letter.id.hex, "number": letter.number, "organ": letter.organ, "title": letter.title, "text": letter.need,
        "days": letter.days, "case": case.number, "writer": letter.writer_name, "firm": case.firm,
    }  # fmt: skip
    if letter.enclosed:
        body["files"] = wire.told(letters.load(letter))
    made = Parcel(
        peer=letter.peer, kind=ASK, about=letter.id, body=body, made_at=at, next_at=at, region=letter.region, district=letter.district
    )
    made.save(force_insert=True)
    return made


@action("correspondence.withdraw", "撤回草稿")
def withdraw(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """Do not send a draft."""
    with LETTERS.move("withdraw", given.letter, actor=actor, at=at, key=key) as letter:
        pass
    return letter


@dataclass(frozen=True, kw_only=True)
class Phoned:
    letter: UUID
    who: str = field(metadata={"label": "打给谁", "most": 60})
    words: str = field(metadata={"label": "说了什么", "most": 500})
    phone: str = field(default="", metadata={"label": "电话", "most": 30})
    reached: bool = field(default=True, metadata={"label": "打通了没有"})


@action("correspondence.call", "记一次电话")
def call(given: Phoned, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Write a call down: who was called, when, what was said."""
    letter = queries.letter(given.letter, actor)
    hat = require(actor, WRITE, at=at, on=letter)
    words, who = given.words.replace("\x00", "").strip(), given.who.strip()
    errors = ({} if who else {"who": said("还没有填打给谁。")}) | ({} if words else {"words": said("还没有写内容。")})
    if errors:
        raise BadInput(errors)
    made = Call(
        letter=letter, who=who, phone=given.phone.strip(), words=words, reached=given.reached, by=actor.id,
        by_name=actor.name[:80], at=at, region=letter.region, district=letter.district,
    )  # fmt: skip
    made.save(force_insert=True)
    writing.record(LETTER, letter, verb="called", actor=actor, hat=hat, at=at, reached=int(given.reached))
    return made


@dataclass(frozen=True, kw_only=True)
class Answered:
    letter: UUID
    ended: str = field(metadata={"label": "结果"})
    answer: str = field(metadata={"label": "对方怎么答复", "most": 5000})
    answer_from: str = field(default="", metadata={"label": "谁答复的", "most": 80})
    their_number: str = field(default="", metadata={"label": "对方文号", "most": 60})


@action("correspondence.answer", "填写回函")
def answer(given: Answered, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """Write down what the other office answered on paper or by telephone."""
    words = given.answer.replace("\x00", "").strip()
    if given.ended not in ENDS:
        raise BadInput({"ended": said("还没有选结果。")})
    if not words:
        raise BadInput({"answer": said("还没有写对方怎么答复。")})
    with LETTERS.move("answer", given.letter, actor=actor, at=at, key=key, ended=given.ended) as letter:
        letter.ended, letter.answer, letter.answer_from = given.ended, words, given.answer_from.strip() or letter.to_name
        letter.their_number = given.their_number.strip() or letter.their_number
    return letter


@action("correspondence.file", "归档")
def file(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Letter:
    """File the answer."""
    with LETTERS.move("file", given.letter, actor=actor, at=at, key=key) as letter:
        pass
    return letter


@action("correspondence.again", "再发一次")
def again(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Parcel:
    """Send a message once more that did not arrive: the same message, so that it is never taken twice. Refuses NothingWrong."""
    letter = queries.letter(given.letter, actor)
    hat = require(actor, WRITE, at=at, on=letter)
    parcel = Parcel.objects.select_for_update().filter(about=letter.id, state__in=("given_up", "refused")).order_by("-made_at").first()
    if parcel is None or letter.state != "sent":
        raise refusals.NothingWrong()
    parcel.state, parcel.tries, parcel.next_at, parcel.why = "queued", 0, at, ""
    parcel.save(update_fields=["state", "tries", "next_at", "why"])
    writing.record(LETTER, letter, verb="again", actor=actor, hat=hat, at=at)
    return parcel
