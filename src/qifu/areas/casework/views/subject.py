"""One case at the desk: whose it is, where it stands, what may be done now, why, what happened; and the forms of its acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel.access import ActionRefused, Actor, NotYours, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import filled, key_of, notice_of, safe, status_of, unfit
from qifu.ui.parts import Fact, Field, Link, Notice, Option
from qifu.ui.seen import check_unmoved, hidden
from qifu.ui.words import say_deadline, say_span

from .. import beside, learning, offices, queries, worklist
from ..actions.handle import likely_office
from ..handbook import handbook
from ..models import Case, Help
from ..photos import photos_of
from ..terms import ANSWER_MOST, BESIDE_MOST, COMPLEXITY, ENDED, GROUNDS, HELP_STATES, NOT_SOLVED, RUNGS, WAITS
from ..workflow import CASES
from ..worklist import Worklist
from . import drawing
from .possible import actions_for
from .worklist import SEE, done_toasts, wanted

PHOTO = "casework.case"


@require_GET
@needs(SEE)
def subject(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one case to an officer."""
    case = queries.case(id, request.actor)
    return TemplateResponse(request, "casework/subject.html", sheet(request, case) | {"toasts": done_toasts(request)})


def sheet(request: HttpRequest, case: Case, *, notice: Notice | None = None) -> dict[str, Any]:
    """Give the context of the page. Call inside `acting`."""
    actor, at = request.actor, clock.now()
    standing = reading.latest_standing(case.id, CASES.name)
    moves = [entry for entry in standing if entry.entered]
    shares, words = drawing.used_of(case, moves, at=at)
    found = SimpleNamespace(
        id=str(case.id), name=case.title, href=drawing.desk_of(case), number=case.number, line=drawing.line_of(case),
        state=drawing.state_of(case), clock=drawing.clock_of(case), stands=_stands(case, actor, at=at), held="", tools=[],
        notice=notice or _notice(case), facts=drawing.facts_of(case), stops=drawing.stops_of(case, moves, at=at),
        used=shares, used_words=words, checks=[], checks_note="", checks_link=None, checks_foot="",
        actions=actions_for(case, actor=actor, at=at), whys=drawing.whys_of(case, at=at), whys_note="",
        papers=drawing.papers_of(case), papers_note="",
        events=drawing.events_of(reading.timeline(case), list(case.remarks.all())), events_note=said("全部留痕，不能删改"),
        more="", **_neighbours(request, case),
    )  # fmt: skip
    return {
        "subject": found, "case": case, "photos": photos_of(case.id),
        "may_photograph": actor.may("case.record") or actor.may("case.handle"),
        "photo_kind": PHOTO, "here": drawing.desk_of(case),
        "helps": [_helping(one) for one in queries.helps_of(case.id)],
        "supervisions": [drawing.supervised(one) for one in queries.supervisions_of(case.id)],
        "merged": list(case.merged.all()[:20]), "beside": beside.parts(case, actor), "alike": _alike(case, actor, at=at),
    }  # fmt: skip


def _helping(one: Help) -> SimpleNamespace:
    """Draw who was asked to help: the clock while it runs, afterwards how it ended."""
    return SimpleNamespace(it=one, clock=drawing.Clock(one.due_at) if one.due_at else None, word=said(HELP_STATES[one.state]))


def _alike(case: Case, actor: Actor, *, at: datetime) -> list[SimpleNamespace]:
    """Give the likely duplicates while the case is young: later they only disturb."""
    if case.state not in ("recorded", "classified", "assigned", "reopened"):
        return []
    found = queries.alike(f"{case.title}。{case.text}", actor, at=at, enterprise=case.enterprise_id, region=case.region, but=case.id)
    may = CASES.moves["merge"].right(case) in actor.rights
    return [drawn_alike(one, merge=drawing.desk_of(case, "merge") if may else "") for one in found]


def drawn_alike(one: queries.Alike, *, merge: str = "") -> SimpleNamespace:
    """Draw a likely duplicate with the reason why it is shown."""
    words = "、".join(one.words)
    why = said("同一家，都提到“{words}”", words=words) if one.same_firm else said("都提到“{words}”", words=words)
    return SimpleNamespace(
        case=one.case, href=drawing.desk_of(one.case), state=drawing.state_of(one.case), firm=drawing.firm_of(one.case), why=why,
        merge=f"{merge}?into={one.case.number}" if merge else "", answer=one.case.answer if one.case.standing == "solved" else "",
    )  # fmt: skip


def _stands(case: Case, actor: Actor, *, at: datetime) -> str:
    holder = drawing.holder_of(case)
    due = said("{at}办", at=say_deadline(case.due_at, at=at)) if case.due_at else ""
    whose = said("您") if worklist.is_mine(case, actor) else holder
    held = said("现在在{whose}手里{t}", whose=whose, t=say_span(at - case.state_at)) if holder else ""
    if due and held:
        return said("{due}，{held}", due=due, held=held)
    return due or held


def _notice(case: Case) -> Notice | None:
    """Show the words that stand with the present state."""
    if case.state == "merged" and case.merged_into is not None:
        link = Link(case.merged_into.title, drawing.desk_of(case.merged_into))
        return Notice(said("已并到{number}，跟着那一件办。", number=case.merged_into.number), "info", "", link)
    words = {
        "contested": said("退单的理由"), "waiting": said("在等"), "reopened": said("没解决的地方"), "assigned": said("交办说明"),
        "escalated": said("卡在哪里"), "coordinating": said("卡在哪里"),
    }.get(case.state)  # fmt: skip
    return Notice(said("{what}：{told}", what=words, told=case.reason), "ask") if words and case.reason else None


def _neighbours(request: HttpRequest, case: Case) -> dict[str, Any]:
    words = QueryDict(request.GET.urlencode(), mutable=True)
    words.pop("done", None)
    query = words.urlencode()
    want = wanted(words, request.actor)
    list_ = f"{reverse('casework:worklist')}?{query}" if query else reverse("casework:worklist")
    nothing = {"back": Link(want.view.label, list_), "place": "", "previous": "", "next": ""}
    if not query:
        return nothing
    ids = Worklist(request.actor, clock.now()).ids(want)
    if case.id not in ids:
        return nothing
    here = ids.index(case.id)

    def beside(place: int) -> str:
        return f"{reverse('casework:subject', args=[ids[place]])}?{query}" if 0 <= place < len(ids) else ""

    return nothing | {"place": said("第{x}件", x=here + 1), "previous": beside(here - 1), "next": beside(here + 1)}


# ------------------------------------------------------------------------------------------------ acts


@dataclass(frozen=True)
class Act:
    """One act: the action it runs, what its page asks, and the words of its button."""

    action: str
    title: str
    fields: Callable[[Case, Actor, datetime], list[Field]] | None = None
    primary: str = ""
    thens: tuple[str, ...] = ()


def _area(name: str, label: str, hint: str = "", *, most: int = 500, needed: bool = True) -> Field:
    return Field(name, label, "area", hint=hint, required=needed, max_length=most)


def _choice(name: str, label: str, words: Mapping[str, str], *, value: str = "", hint: str = "") -> Field:
    return Field(name, label, "choice", value=value, hint=hint, options=tuple(Option(code, word) for code, word in words.items()))


def _offices(name: str, label: str, case: Case, at: datetime, *, value: str = "", but: str = "", hint: str = "") -> Field:
    found = [one for one in offices.that_handle(case.region, at=at) if one.code != but]
    codes = [one.code for one in found]
    held, people = queries.in_hand(codes), offices.people_in(codes, at=at)
    most = handbook().load
    options = tuple(
        Option(
            one.code,
            said("{office}：手里{n}件，{p}人能办{full}", office=one.name, n=held.get(one.code, 0), p=people[one.code],
                 full=said("，已满") if held.get(one.code, 0) >= most * people[one.code] else ""),
        )
        for one in found
    )  # fmt: skip
    return Field(name, label, "select", value=value, options=options, hint=hint, placeholder=said("选一个单位"))


def _leads(kind: str, case: Case, at: datetime) -> str:
    """Name the special group that leads a kind here; '' where there is none, and of a confidential case."""
    found = handbook().kinds.get(kind)
    group = offices.group_for(found.groups, case.region, at=at) if found and not case.compartment else None
    return group.name if group else ""


def _classify(case: Case, actor: Actor, at: datetime) -> list[Field]:
    seen = handbook().guess(f"{case.title}。{case.text}")
    kinds = {kind.code: kind.name for kind in handbook().kinds.values()}
    why = (
        said("按词看像“{kind}”，因为提到{words}", kind=kinds[seen.kind], words="、".join(seen.words))
        if seen.kind
        else said("词里看不出是哪一类")
    )
    if group := _leads(seen.kind, case, at):
        why = said("{why}，由{group}牵头", why=why, group=group)
    if learnt := learning.suggested(case):
        of = said("学来的建议：{kind}，把握{share}%（第{n}版）", kind=kinds[learnt.kind], share=round(100 * learnt.sure), n=learnt.version)
        if group := _leads(learnt.kind, case, at):
            of = said("{of}，由{group}牵头", of=of, group=group)
        why = said("{why}。{of}", why=why, of=of)
    return [
        Field("kind", said("哪一类"), "select", value=case.kind or seen.kind, hint=why,
              options=tuple(Option(code, name) for code, name in kinds.items()), placeholder=said("选一类")),
        _choice("complexity", said("要不要交办"), COMPLEXITY, value=case.complexity or ("simple" if seen.simple else "complex")),
    ]  # fmt: skip


def _assign(case: Case, actor: Actor, at: datetime) -> list[Field]:
    likely, group = likely_office(case, at=at), _leads(case.kind, case, at)
    rungs = {code: said("{name}：{a}个工作日接办，{b}个工作日办结", name=handbook().rungs[code].name, a=handbook().rungs[code].respond,
                        b=handbook().rungs[code].resolve) for code in RUNGS}  # fmt: skip
    return [
        _offices(
            "office",
            said("交给哪个单位"),
            case,
            at,
            value=likely.code if likely else "",
            hint=said("这一类由{group}牵头，可以直接交给它", group=group) if group else "",
        ),
        _choice("rung", said("哪一级办"), rungs, value=case.rung, hint=said("先在属地和部门办，办不了再往上报")),
        _area("over", said("单位已满还派给它，为什么"), said("没满就空着"), needed=False),
    ]


def _rungs_above(case: Case) -> dict[str, str]:
    return {code: str(handbook().rungs[code].name) for code in RUNGS[RUNGS.index(case.rung) + 1 :]}


_SCORES = ((5, said("很满意")), (4, said("满意")), (3, said("一般")), (2, said("不满意")), (1, said("很不满意")))


def _scores(needed: bool = False) -> Field:
    return Field(
        "score", said("企业打几分"), "choice", required=needed,
        options=tuple(Option(str(n), said("{n}分 {word}", n=n, word=word)) for n, word in _SCORES),
    )  # fmt: skip


ACTS: dict[str, Act] = {
    "classify": Act("casework.classify", said("分类"), _classify, said("分好了")),
    "answer": Act(
        "casework.answer", said("当场答复"),
        lambda c, a, at: [
            _area("answer", said("怎么答的"), said("照着念给对方听，或发给对方"), most=ANSWER_MOST),
            Field("source", said("依据"), hint=said("哪个文件、哪一条，或者问了谁"), required=False, max_length=200),
        ],
        said("答复"),
    ),
    "assign": Act("casework.assign", said("交办"), _assign, said("交办")),
    "reassign": Act("casework.assign", said("改派"), _assign, said("改派")),
    "take": Act("casework.take", said("接办")),
    "go_on": Act("casework.go_on", said("接着办")),
    "coordinate": Act("casework.coordinate", said("接手协调")),
    "close": Act("casework.close", said("销号")),
    "unmerge": Act("casework.unmerge", said("拆开")),
    "allow_more": Act("casework.allow_more", said("批准延期")),
    "deny_more": Act("casework.deny_more", said("不同意延期")),
    "tried": Act("casework.tried", said("没打通")),
    "contest": Act(
        "casework.contest", said("退单"),
        lambda c, a, at: [_choice("ground", said("为什么退"), GROUNDS),
                         _area("reason", said("说明"), said("写清该归谁、依据是什么，督查照着裁"))],
        said("退单"),
    ),
    "settle": Act(
        "casework.settle", said("裁定退单"),
        lambda c, a, at: [_offices("office", said("定给哪个单位"), c, at, value=c.office),
                         _area("reason", said("裁定理由"), said("两边都看得到"))],
        said("裁定"),
    ),
    "wait": Act(
        "casework.wait", said("等一等"),
        lambda c, a, at: [_choice("why", said("等什么"), WAITS),
                         _area("reason", said("说明"), said("等谁、大约等到哪天"), most=BESIDE_MOST, needed=False)],
        said("停下时钟"),
    ),
    "escalate": Act(
        "casework.escalate", said("往上报"),
        lambda c, a, at: [
            _choice("rung", said("报到哪一级"), _rungs_above(c), value=next(iter(_rungs_above(c)), "")),
            _offices("office", said("报给哪个单位牵头"), c, at), _area("reason", said("卡在哪里"), said("试过什么、还差什么")),
        ],
        said("往上报"),
    ),
    "resolve": Act(
        "casework.resolve", said("办结"),
        lambda c, a, at: [_choice("ended", said("结果"), ENDED, value="solved"),
                         _area("answer", said("给企业的答复"), said("写清做了什么、结果怎样，会原样给企业看"), most=ANSWER_MOST)],
        said("办结"),
    ),
    "ask_more": Act(
        "casework.ask_more", said("申请延期"),
        lambda c, a, at: [Field("days", said("再要几个工作日"), "number", max_length=2),
                         _area("reason", said("为什么"), most=300)],
        said("申请"),
    ),
    "call_back": Act("casework.call_back", said("回访：解决了"), lambda c, a, at: [_scores()], said("记下")),
    "reject": Act(
        "casework.reject", said("回访：没解决"),
        lambda c, a, at: [_choice("why", said("哪里没解决"), NOT_SOLVED),
                         _area("reason", said("对方怎么说"), most=BESIDE_MOST, needed=False)],
        said("重新打开"),
    ),
    "merge": Act(
        "casework.merge", said("并案"),
        lambda c, a, at: [Field("into", said("并到哪一件"), hint=said("主件的编号"), max_length=24)], said("并过去"),
    ),
    "ask_help": Act(
        "casework.ask_help", said("请协办"),
        lambda c, a, at: [_offices("office", said("请哪个单位"), c, at, but=c.office), _area("ask", said("请办什么"))], said("发出"),
    ),
    "supervise": Act(
        "casework.supervise", said("督办"),
        lambda c, a, at: [
            _area("text", said("督办什么"), said("{office}照着回复，由您确认", office=c.office_name), most=1000),
            Field("days", said("几个工作日内回复"), "number", value=str(handbook().press), required=False, max_length=2),
        ],
        said("发出督办"),
    ),
    "note": Act("casework.note", said("写一笔"), lambda c, a, at: [_area("text", said("内容"), most=1000)], said("写下")),
}  # fmt: skip


CALLS = ("call_back", "reject", "answer")
"""Acts for which one telephones."""


@require_POST
@needs(SEE)
def phone(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the asker's number to who is about to call; the look is written down."""
    verb = request.POST.get("verb", "") if request.POST.get("verb") in CALLS else "call_back"
    answer = run("casework.look", {"case": id}, actor=request.actor, at=clock.now())
    with acting(request.actor):
        case = queries.case(id, request.actor)
        notice = None if answer.ok else notice_of(answer, back=drawing.desk_of(case))
        page = _form(request, case, verb, {}, errors={}, notice=notice, phone=answer.result if answer.ok else "")
        page.render()
    return page


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Ask what an act needs, then do it; a refusal comes back on the same page with everything that was typed."""
    if verb not in ACTS:
        raise Http404
    if request.method != "POST":
        case = queries.case(id, request.actor)
        return _form(request, case, verb, {"into": request.GET.get("into", "")}, errors={}, notice=_foreseen(case, verb, request.actor))
    chosen, posted, actor, at = ACTS[verb], request.POST.dict(), request.actor, clock.now()
    with acting(actor):
        case = queries.case(id, actor)
        fields = chosen.fields(case, actor, at) if chosen.fields else []
        moved = _moved(case, request)
    if moved is not None:
        return _again(request, id, verb, posted, refusal=moved)
    errors = unfit(fields, posted)
    if errors:
        return _again(request, id, verb, posted, errors=errors)
    given = {field.name: posted.get(field.name, "") for field in fields if posted.get(field.name, "") != ""}
    answer = run(chosen.action, {"case": id, **given}, actor=actor, at=at, key=key_of(request))
    if answer.ok:
        back = safe(request, posted.get("back", ""), drawing.desk_of(case))
        return HttpResponseRedirect(f"{back}{'&' if '?' in back else '?'}done={verb}")
    return _again(request, id, verb, posted, refusal=answer, errors=dict(answer.errors or {}))


def _moved(case: Case, request: HttpRequest) -> ActionRefused | None:
    try:
        check_unmoved(case, request)
    except ActionRefused as refusal:
        return refusal
    return None


def _again(
    request: HttpRequest, id: UUID, verb: str, posted: Mapping[str, Any], *, refusal: Any = None, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    with acting(request.actor):
        case = queries.case(id, request.actor)
        notice = notice_of(refusal, back=drawing.desk_of(case, verb)) if refusal is not None and not errors else None
        if ACTS[verb].fields:
            response = _form(request, case, verb, posted, errors=errors or {}, notice=notice)
        else:
            response = TemplateResponse(request, "casework/subject.html", sheet(request, case, notice=notice))
        response.render()
    response.status_code = 422 if errors else status_of(refusal)
    return response


def _foreseen(case: Case, verb: str, actor: Actor) -> Notice | None:
    """Say already on opening why it will not go, so that nobody types in vain."""
    if verb not in CASES.moves:
        return None
    choice = next((c for c in CASES.possible(case, actor=actor, at=clock.now()) if c.move.verb == verb), None)
    if choice is None:
        return Notice(said("这件现在是“{word}”，不能“{label}”。", word=drawing.state_of(case).word, label=CASES.moves[verb].label), "stop")
    if isinstance(choice.refusal, NotYours):
        raise choice.refusal
    return notice_of(choice.refusal, back=drawing.desk_of(case, verb)) if choice.refusal else None


def _form(
    request: HttpRequest, case: Case, verb: str, posted: Mapping[str, Any], *, errors: Mapping[str, str], notice: Notice | None,
    phone: str = "",
) -> TemplateResponse:  # fmt: skip
    chosen, at = ACTS[verb], clock.now()
    fields = chosen.fields(case, request.actor, at) if chosen.fields else []
    fields = filled(fields, {name: value for name, value in posted.items() if value != ""}, errors)
    move = CASES.moves.get(verb)
    here = drawing.desk_of(case)
    back = safe(request, str(posted.get("back", "")), here)
    asked = [Fact(said("说的是"), case.text[:600])]
    if verb in ("call_back", "reject") and case.answer:
        asked.append(Fact(said("给的答复"), case.answer[:600]))
    context = {
        "case": case, "title": chosen.title, "name": case.title, "line": drawing.line_of(case), "state": drawing.state_of(case),
        "clock": drawing.clock_of(case), "fields": fields, "thens": [*([move.then] if move and move.then else []), *chosen.thens],
        "notice": notice, "action": drawing.desk_of(case, verb), "primary": chosen.primary or chosen.title,
        "hidden": hidden(case, key=key_of(request) if posted.get("key") else None, back="" if back == here else back), "back": back,
        "saves": f"case-{verb}-{case.id}", "version": case.state_at.isoformat(), "asked": asked,
        "phone": phone, "masked": str(case.phone) if case.phone and verb in CALLS else "",
    }  # fmt: skip
    return TemplateResponse(request, "casework/act.html", context)
