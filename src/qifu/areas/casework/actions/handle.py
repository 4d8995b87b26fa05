"""From classification to the end: give it out, take it on, return it, wait, go up, solve, call back, close out, open again."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, NotFound
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said
from qifu.kernel.workflow import Moved
from qifu.kernel.workflow.lengthening import lengthen

from .. import learning, offices, queries, refusals
from ..handbook import handbook
from ..models import Case, Help
from ..terms import ANSWER_MOST, BESIDE_MOST, COMPLEX, COMPLEXITY, ENDED, GROUNDS, NOT_SOLVED, RUNGS, SIMPLE, WAITS
from ..workflow import CASES, HELPING
from .record import hour_of


@dataclass(frozen=True, kw_only=True)
class Of:
    case: UUID


@dataclass(frozen=True, kw_only=True)
class Classify:
    case: UUID
    kind: str = field(metadata={"label": "哪一类"})
    complexity: str = field(default=COMPLEX, metadata={"label": "要不要交办"})


@action("casework.classify", "分类")
def classify(given: Classify, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Say what kind of trouble it is, and whether it is answered at once."""
    if given.kind not in handbook().kinds:
        raise BadInput({"kind": said("还没有选哪一类。")})
    _one_of(given.complexity, COMPLEXITY, "complexity")
    seen = learning.suggested(queries.case(given.case, actor))
    told = {"suggested": seen.kind, "version": seen.version} if seen else {}
    with CASES.move("classify", given.case, actor=actor, at=at, key=key, kind=given.kind, complexity=given.complexity, **told) as case:
        if case.kind != given.kind:
            case.kind_why = ""
        case.kind, case.complexity = given.kind, given.complexity
    return case


@dataclass(frozen=True, kw_only=True)
class Answer:
    case: UUID
    answer: str = field(metadata={"label": "答复", "most": ANSWER_MOST})
    source: str = field(default="", metadata={"label": "依据", "most": 200})


@action("casework.answer", "当场答复")
def answer(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Answer a simple case at once, with the source of the answer."""
    words = _answer(given.answer)
    home = offices.home_of(actor)
    with CASES.move("answer", given.case, actor=actor, at=at, key=key, by=home.name if home else "") as case:
        case.answer, case.answer_source, case.complexity = words, given.source.strip(), SIMPLE
        case.handler, case.handler_name = actor.id, actor.name[:80]
        case.office, case.office_name = (home.code, home.name) if home else ("", "")
        case.ended, case.reason = "explained", ""
    return case


@dataclass(frozen=True, kw_only=True)
class Assign:
    """Give a case out. `over` says why, where the office has its hands full already. `days` (working days to solve it) or
    `until` (HH:MM of the same or the next day) is a limit set at a table, instead of the rung's."""

    case: UUID
    office: str = field(metadata={"label": "交给哪个单位"})
    rung: str = field(default="local", metadata={"label": "哪一级办"})
    over: str = field(default="", metadata={"label": "为什么还派给它", "most": 500})
    days: int | None = field(default=None, metadata={"label": "几个工作日办结"})
    until: str = field(default="", metadata={"label": "几点前反馈"})


@action("casework.assign", "交办")
def assign(given: Assign, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Give a case to an office, or to another one while nobody took it on. Refuses TooManyInHand unless it says why."""
    before = queries.case(given.case, actor)
    verb = "reassign" if before.state == "assigned" else "assign"
    office = _office(given.office, before, at=at)
    # A special group works with the days of its own rung, whoever gives it the case.
    rung = offices.rung_of(office.code) or _rung(given.rung)
    _load(office, before, given.over, at=at)
    with CASES.move(
        verb, given.case, actor=actor, at=at, key=key, office=office.name, rung=rung, over=int(bool(given.over.strip()))
    ) as case:
        _give(case, office, rung)
        case.until = hour_of(given.until) if given.until else case.until if given.days is None else None
        case.resolve_days = given.days or case.resolve_days
        case.contester = case.reason = ""
        if given.over.strip():
            case.reason = given.over.strip()
    return case


@dataclass(frozen=True, kw_only=True)
class Many:
    cases: tuple[UUID, ...] = field(metadata={"label": "诉求"})


@action("casework.assign_many", "按分类交办")
def assign_many(given: Many, *, actor: Actor, at: datetime, key: UUID | None = None) -> list[tuple[UUID, str]]:
    """Give each classified case to the office that its kind mostly belongs to; those that may not are left out.

    Gives (case, office's name) of those that were given out."""
    done = []
    for id in given.cases:
        one = queries.case(id, actor)
        office = likely_office(one, at=at)
        if one.state == "classified" and office is not None:
            assign(Assign(case=id, office=office.code), actor=actor, at=at)
            done.append((id, office.name))
    return done


def likely_office(case: Case, *, at: datetime) -> offices.Office | None:
    """Give the office that a case of this kind mostly goes to. None above one's own reach: that is chosen, not guessed."""
    kind = handbook().kinds.get(case.kind)
    return offices.likely(offices.that_handle(case.region, at=at, above=False), kind.offices if kind else ())


def _give(case: Case, office: offices.Office, rung: str) -> None:
    days = handbook().rungs[rung]
    case.office, case.office_name, case.rung = office.code, office.name, rung
    case.handler = case.handler_name = ""
    case.respond_days, case.resolve_days = days.respond, days.resolve


def _load(office: offices.Office, case: Case, over: str, *, at: datetime) -> None:
    """The guard of towns and bureaus: no more than so many open cases for each who can handle them, without a say (SYS-39)."""
    people = offices.people_in([office.code], at=at)[office.code]
    held, most = queries.in_hand([office.code]).get(office.code, 0), handbook().load * people
    if held >= most and not over.strip() and case.office != office.code:
        raise refusals.TooManyInHand(
            said("{office}手里有{held}件，{people}个人能办，已到上限，没有派。", office=office.name, held=held, people=people)
        )


def _office(code: str, case: Case, *, at: datetime) -> offices.Office:
    found = offices.named(code, case.region, at=at)
    if found is None:
        raise NotFound("没有这个单位，或那里没有人能办。", fix="另选一个单位。")
    return found


def _rung(code: str) -> str:
    if code not in RUNGS:
        raise BadInput({"rung": said("没有这一级。")})
    return code


def _one_of(code: str, words: dict[str, str], name: str) -> str:
    if code not in words:
        raise BadInput({name: said("还没有选。")})
    return code


def _answer(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise refusals.NoAnswer()
    return words


# ------------------------------------------------------------------------------------------------ in the office's hands


@action("casework.take", "接办")
def take(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Take a case on under one's own name."""
    before = queries.case(given.case, actor)
    with CASES.move("take", given.case, actor=actor, at=at, key=key, office=before.office_name) as case:
        case.handler, case.handler_name, case.caller, case.reason = actor.id, actor.name[:80], "", ""
    return case


@action("casework.take_many", "批量接办")
def take_many(given: Many, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Take many on; the refused are named and stay where they are."""
    moved = CASES.move_many("take", given.cases, actor=actor, at=at)
    Case._base_manager.filter(pk__in=moved.moved).update(handler=actor.id, handler_name=actor.name[:80], caller="", reason="")
    return moved


@dataclass(frozen=True, kw_only=True)
class Contest:
    case: UUID
    ground: str = field(metadata={"label": "为什么退"})
    reason: str = field(metadata={"label": "说明", "most": 500})


@action("casework.contest", "退单")
def contest(given: Contest, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Return a dispatch that is not one's own; a referee decides, and one's clock stands still meanwhile."""
    with CASES.move("contest", given.case, actor=actor, at=at, key=key, ground=_one_of(given.ground, GROUNDS, "ground")) as case:
        case.contester, case.reason = actor.id, given.reason
    return case


@dataclass(frozen=True, kw_only=True)
class Settle:
    case: UUID
    office: str = field(metadata={"label": "定给哪个单位"})
    reason: str = field(metadata={"label": "裁定理由", "most": 500})


@action("casework.settle", "裁定退单")
def settle(given: Settle, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Say who handles it: the same office, or another. It is not returned a second time."""
    before = queries.case(given.case, actor)
    office = _office(given.office, before, at=at)
    upheld = int(office.code != before.office)
    with CASES.move("settle", given.case, actor=actor, at=at, key=key, office=office.name, upheld=upheld) as case:
        _give(case, office, case.rung)
        case.reason = given.reason
    return case


@dataclass(frozen=True, kw_only=True)
class Wait:
    case: UUID
    why: str = field(metadata={"label": "等什么"})
    reason: str = field(default="", metadata={"label": "说明", "most": BESIDE_MOST})


@action("casework.wait", "等一等")
def wait(given: Wait, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Stop the clock with a reason."""
    with CASES.move("wait", given.case, actor=actor, at=at, key=key, why=_one_of(given.why, WAITS, "why")) as case:
        case.reason = "：".join(str(part) for part in (WAITS[given.why], given.reason.strip()) if part)
    return case


@action("casework.go_on", "接着办")
def go_on(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Go on; the working days of waiting are given back."""
    with CASES.move("go_on", given.case, actor=actor, at=at, key=key) as case:
        case.reason = ""
    return case


@dataclass(frozen=True, kw_only=True)
class Escalate:
    case: UUID
    office: str = field(metadata={"label": "报给谁"})
    rung: str = field(default="", metadata={"label": "哪一级"})
    reason: str = field(default="", metadata={"label": "卡在哪里", "most": 500})


@action("casework.escalate", "往上报")
def escalate(given: Escalate, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Hand a case up a rung, with where it is stuck."""
    before = queries.case(given.case, actor)
    higher = RUNGS[RUNGS.index(before.rung) + 1 :]
    rung = given.rung or (higher[0] if higher else before.rung)
    if given.rung and given.rung not in higher:
        raise BadInput({"rung": said("要选比现在高的一级。")})
    office = _office(given.office, before, at=at)
    if not given.rung and (own := offices.rung_of(office.code)) in higher:
        rung = own
    with CASES.move("escalate", given.case, actor=actor, at=at, key=key, rung=rung, office=office.name) as case:
        _give(case, office, rung)
        case.reason = given.reason
    return case


@action("casework.coordinate", "接手协调")
def coordinate(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Take over what came up: one's own office leads from here."""
    home = offices.home_of(actor)
    before = queries.case(given.case, actor)
    office = offices.Office(before.office, before.office_name, 0) if offices.own(actor, before.office) or home is None else home
    with CASES.move("coordinate", given.case, actor=actor, at=at, key=key, office=office.name) as case:
        case.office, case.office_name, case.handler, case.handler_name = office.code, office.name, actor.id, actor.name[:80]
        case.caller = ""
    return case


# ------------------------------------------------------------------------------------------------ more time


@dataclass(frozen=True, kw_only=True)
class AskMore:
    case: UUID
    days: int = field(metadata={"label": "再要几个工作日"})
    reason: str = field(metadata={"label": "为什么", "most": 300})


@action("casework.ask_more", "申请延期")
def ask_more(given: AskMore, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Ask for more working days; the deadline stays until another person allows it."""
    if not 1 <= given.days <= 20:
        raise BadInput({"days": said("延期填1到20个工作日。")})
    with CASES.move("ask_more", given.case, actor=actor, at=at, key=key, days=given.days) as case:
        case.more_days, case.more_by, case.more_why = given.days, actor.id, given.reason
    return case


@action("casework.allow_more", "批准延期")
def allow_more(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Allow what was asked for: the deadline moves by so many working days and says why."""
    days = queries.case(given.case, actor).more_days
    with CASES.move("allow_more", given.case, actor=actor, at=at, key=key, days=days) as case:
        case.resolve_days, case.more_days, case.more_by = case.resolve_days + days, 0, ""
    lengthen(CASES, case, "resolve", days=days, because=said("延期{days}个工作日，{name}批准", days=days, name=actor.name))
    return case


@action("casework.deny_more", "不同意延期")
def deny_more(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Leave the deadline as it is."""
    with CASES.move("deny_more", given.case, actor=actor, at=at, key=key) as case:
        case.more_days, case.more_by = 0, ""
    return case


# ------------------------------------------------------------------------------------------------ the end


@dataclass(frozen=True, kw_only=True)
class Resolve:
    case: UUID
    ended: str = field(metadata={"label": "结果"})
    answer: str = field(metadata={"label": "给企业的答复", "most": ANSWER_MOST})


@action("casework.resolve", "办结")
def resolve(given: Resolve, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Say that it is solved, with the words that go back to the asker; help that is still out is no longer asked for.

    Another person calls back."""
    words = _answer(given.answer)
    with CASES.move("resolve", given.case, actor=actor, at=at, key=key, ended=_one_of(given.ended, ENDED, "ended")) as case:
        case.ended, case.answer, case.reason = given.ended, words, ""
        case.handler, case.handler_name = actor.id, actor.name[:80]
        case.caller = ""
    for helping in Help.objects.filter(case=case.id, state="asked").order_by("id").values_list("id", flat=True):
        with HELPING.move("drop", helping, actor=actor, at=at):
            pass
    return case


@dataclass(frozen=True, kw_only=True)
class Confirm:
    case: UUID
    score: int | None = field(default=None, metadata={"label": "打几分"})


@action("casework.call_back", "回访：解决了")
def call_back(given: Confirm, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Write down that the asker was called and says that it is solved; by another person than the handler."""
    with CASES.move("call_back", given.case, actor=actor, at=at, key=key, score=_score(given.score)) as case:
        case.caller, case.score = actor.id, given.score
    return case


@action("casework.agree", "确认解决")
def agree(given: Confirm, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Let the enterprise itself say that it is solved, with a score."""
    with CASES.move("agree", given.case, actor=actor, at=at, key=key, score=_score(given.score)) as case:
        case.score = given.score
    return case


def _score(score: int | None) -> int:
    if score is not None and not 1 <= score <= 5:
        raise BadInput({"score": said("打1到5分。")})
    return score or 0


@dataclass(frozen=True, kw_only=True)
class NotSolved:
    case: UUID
    why: str = field(metadata={"label": "哪里没解决"})
    reason: str = field(default="", metadata={"label": "说明", "most": BESIDE_MOST})


@action("casework.reject", "回访：没解决")
def reject(given: NotSolved, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Write down that the asker was called and says that it is not solved: it is open again with the same office."""
    with CASES.move("reject", given.case, actor=actor, at=at, key=key, why=_one_of(given.why, NOT_SOLVED, "why")) as case:
        _again(case, given)
    return case


@action("casework.not_solved", "还没解决")
def not_solved(given: NotSolved, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Let the enterprise itself say that it is not solved, also after the closing out."""
    with CASES.move("not_solved", given.case, actor=actor, at=at, key=key, why=_one_of(given.why, NOT_SOLVED, "why")) as case:
        _again(case, given)
    return case


def _again(case: Case, given: NotSolved) -> None:
    case.reason = "：".join(str(part) for part in (NOT_SOLVED[given.why], given.reason.strip()) if part)
    case.reopenings += 1
    case.caller = case.contester = ""
    case.score = None


@action("casework.close", "销号")
def close(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Close out what was confirmed; by another person than the handler."""
    with CASES.move("close", given.case, actor=actor, at=at, key=key) as case:
        pass
    return case


@action("casework.close_many", "批量销号")
def close_many(given: Many, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Close out all that may be; the refused are named."""
    return CASES.move_many("close", given.cases, actor=actor, at=at)


# ------------------------------------------------------------------------------------------------ one trouble, told twice


@dataclass(frozen=True, kw_only=True)
class Merge:
    case: UUID
    into: str = field(metadata={"label": "并到哪一件"})


@action("casework.merge", "并案")
def merge(given: Merge, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Merge a case into another one, named by its number. It leaves both sides of the count; it can be taken apart again."""
    main = queries.cases(actor).filter(number=given.into.strip().upper()).first()
    if main is None:
        raise NotFound("没有这个编号，或不在您的范围内。", fix="核对要并到的那件的编号。")
    if main.id == given.case or main.state == "merged" or main.compartment:
        raise refusals.NotItself()
    with CASES.move("merge", given.case, actor=actor, at=at, key=key, into=main.number) as case:
        case.merged_into = main
    return case


@action("casework.unmerge", "拆开")
def unmerge(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Take a merged case apart: it is classified anew."""
    before = queries.case(given.case, actor)
    number = before.merged_into.number if before.merged_into else ""
    with CASES.move("unmerge", given.case, actor=actor, at=at, key=key, **{"from": number}) as case:
        case.merged_into = None
        case.office = case.office_name = case.handler = case.handler_name = ""
    return case
