"""How a case is drawn: state, clock, holder, way, whose time it was, what happened. Call inside `acting`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.urls import reverse

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import actor_now
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.journal.models import Entry
from qifu.kernel.language import said
from qifu.kernel.web import address_of, opens
from qifu.kernel.workflow.engine import workflows
from qifu.ui.parts import Clock, Event, Fact, Paper, Share, State, Stop, Why
from qifu.ui.words import moment_of, say_deadline, say_moment, say_span

from .. import queries
from ..handbook import handbook
from ..models import Case, Remark, Supervision
from ..terms import ENDED, GROUNDS, NOT_SOLVED, OPEN, STATES, SUPERVISION_STATES, WAITS, Back, Channel
from ..workflow import CASES

TONES = {
    "recorded": ("idle", "ring"),
    "classified": ("idle", "dot"),
    "answered": ("ok", "check"),
    "assigned": ("info", "dot"),
    "contested": ("ask", "flag"),
    "handling": ("info", "half"),
    "waiting": ("ask", "pause"),
    "escalated": ("info", "dot"),
    "coordinating": ("info", "half"),
    "resolved": ("info", "user"),
    "confirmed": ("ok", "ok"),
    "closed_out": ("ok", "check"),
    "reopened": ("ask", "flag"),
    "merged": ("idle", "minus"),
}
_SUPERVISION_TONES = {
    "asked": ("ask", "flag"),
    "replied": ("info", "user"),
    "sent_back": ("ask", "flag"),
    "confirmed": ("ok", "check"),
    "withdrawn": ("idle", "minus"),
}
OTHERS = said("对方")
CALLERS = said("回访人")
REFEREE = said("督查")
_CLOCKS = {clock.name: clock.label for clock in CASES.clocks}
_OFFICES_TURN = ("assigned", "handling", "escalated", "coordinating", "reopened")


def state_of(case: Case) -> State:
    """Draw the state."""
    return State(said(STATES[case.state]), *TONES[case.state])


def clock_of(case: Case) -> Clock | None:
    """Draw the clock that runs, or whom it waits for; None where nothing is due any more."""
    if case.state == "waiting":
        return Clock(case.due_at, waits_for=OTHERS)
    return Clock(case.due_at) if case.due_at else None


def holder_of(case: Case) -> str:
    """Say in whose hands it is; '' where nobody must do anything."""
    if case.state in ("recorded", "classified"):
        return said("{office}分办", office=case.intake_office)
    if case.state in _OFFICES_TURN or case.state == "waiting":
        return f"{case.office_name} {case.handler_name}".strip()
    return {"contested": REFEREE, "resolved": CALLERS, "confirmed": CALLERS}.get(case.state, "")


def firm_of(case: Case) -> str:
    """Name the firm: as it is registered, as it was said, or that none was."""
    return case.firm or said("没有说是哪家")


def kind_of(case: Case) -> str:
    """Name the kind; '' where none is known."""
    kind = handbook().kinds.get(case.kind)
    return kind.name if kind else ""


def line_of(case: Case) -> str:
    """Say what it is in one line: number, kind, channel, place."""
    words = [case.number, kind_of(case), Channel(case.channel).label, jurisdiction.name(case.region)]
    return " · ".join(str(word) for word in words if word)


def desk_of(case: Case, verb: str = "") -> str:
    """Give the address of a case at the desk, or of one act on it."""
    return reverse("casework:act", args=[case.id, verb]) if verb else address_of("casework:subject", case.id)


def supervision_of(one: Supervision) -> str:
    """Give the address of a supervision."""
    return reverse("casework:supervision", args=[one.id])


def supervised(one: Supervision) -> SimpleNamespace:
    """Draw a supervision: where it stands, its clock, its page."""
    state = State(said(SUPERVISION_STATES[one.state]), *_SUPERVISION_TONES[one.state])
    return SimpleNamespace(it=one, state=state, clock=Clock(one.due_at) if one.due_at else None, href=supervision_of(one))


def papers_of(case: Case) -> list[Paper]:
    """Draw the numbered papers about a case, the newest first."""
    return [
        Paper(one.title, reverse("papers:paper", args=[one.id]), one.number + (said("，已作废") if hasattr(one, "withdrawal") else ""))
        for one in issuing.of(case.id)
    ]


def register_of(case: Case) -> str:
    """Give the page of its enterprise, '' where there is none or where the register is not this reader's."""
    href = address_of("registry:enterprise", case.enterprise_id) if case.enterprise_id else ""
    return href if href and opens(href, actor_now()) else ""


def facts_of(case: Case, *, short: bool = False) -> list[Fact]:
    """Draw whose trouble it is, how it came and how the answer goes back."""
    firm = Fact(said("企业"), firm_of(case), href=register_of(case))
    if case.enterprise_id is None and case.firm:
        firm = Fact(said("企业"), case.firm, note=said("名录里没有"))
    asker = " ".join(part for part in (case.asker.reveal() if case.asker else "", str(case.phone) if case.phone else "") if part)
    if not asker and case.enterprise_id:
        contacts = registry.contacts_of(case.enterprise_id)
        asker = f"{contacts[0].name} {contacts[0].phone_masked}".strip() if contacts else ""
    came = said("{channel}，{at}", channel=Channel(case.channel).label, at=moment_of(case.recorded_at or case.state_at))
    facts = [
        firm,
        Fact(said("谁反映的"), asker or said("没有留")),
        Fact(said("怎么来的"), came),
        Fact(said("怎么回"), Back(case.answer_channel).label),
    ]
    if not short:
        facts.append(Fact(said("哪一级办"), handbook().rungs[case.rung].name))
        facts.append(
            Fact(
                said("哪一类"),
                kind_of(case) or said("还没有分"),
                note=said("因为提到{words}", words=case.kind_why) if case.kind_why else "",
            )
        )
        if case.source_number:
            facts.append(Fact(said("对方单号"), case.source_number, note=Channel(case.channel).label))
        if case.score:
            facts.append(Fact(said("企业打分"), said("{n}分", n=case.score)))
    return facts


def whys_of(case: Case, *, at: datetime) -> list[Why]:
    """Explain the clock that runs: how much is left, since when, what is promised, what moved it."""
    run = queries.clock_run(case.id)
    if run is None:
        return []
    label = _CLOCKS.get(run.name, run.name)
    if run.paused_at is not None:
        return [Why(said("“{clock}”的时钟从{at}停着：{why}", clock=label, at=moment_of(run.paused_at), why=case.reason), "ask")]
    left = run.due_at - at
    word = said("还剩{t}", t=say_span(left)) if left > timedelta() else said("已过{t}", t=say_span(left))
    begun = said("“{clock}”从{at}起算，{due}", clock=label, at=moment_of(run.started_at), due=say_deadline(run.due_at, at=at))
    found = [
        Why(
            said("{left}：{begun}", left=word, begun=begun), "stop" if left <= timedelta() else "info", "", handbook().rungs[case.rung].name
        )
    ]
    found += [Why(said(because), "info") for because in run.because[-2:]]
    if case.more_days:
        found.append(Why(said("申请延期{n}个工作日：{why}", n=case.more_days, why=case.more_why), "ask"))
    return found


_WAY = (
    (said("记下"), "recorded_at", ()),
    (said("交办"), "assigned_at", ("recorded", "classified", "contested")),
    (said("接办"), "taken_at", ("assigned", "reopened")),
    (said("办结"), "resolved_at", ("handling", "waiting", "escalated", "coordinating")),
    (said("回访"), "", ("resolved",)),
    (said("销号"), "closed_at", ("confirmed",)),
)


def stops_of(case: Case, history: Sequence[Entry], *, at: datetime) -> list[Stop]:
    """Draw the moments of its way: those behind with when and who, the one now, those to come."""
    if case.state == "answered":
        return [
            Stop(said("记下"), say_moment(case.recorded_at, at=at), "done"),
            Stop(said("当场答复"), say_moment(case.answered_at, at=at), "done"),
        ]
    last = {entry.verb: entry for entry in history}
    called = last.get("call_back") or last.get("agree")
    who = {"交办": last.get("assign"), "接办": last.get("take"), "办结": last.get("resolve"), "回访": called, "销号": last.get("close")}
    stops, past = [], True
    for word, column, states in _WAY:
        when = getattr(case, column) if column else (called.at if called else None)
        if case.state in states:
            past = False
            stops.append(Stop(word, say_deadline(case.due_at, at=at) if case.due_at else "", "now"))
        elif past and when:
            entry = who.get(word)
            stops.append(Stop(word, f"{say_moment(when, at=at)} {entry.actor_name if entry else ''}".strip(), "done"))
        else:
            stops.append(Stop(word, "", "next"))
    return stops


def used_of(case: Case, history: Sequence[Entry], *, at: datetime) -> tuple[tuple[Share, ...], str]:
    """Add up whose time it was, from the record alone: each office from when it was given the case until it let go."""
    spans: dict[str, timedelta] = {}
    office = case.intake_office
    for entry, following in zip(history, [*history[1:], None], strict=True):
        office = str(entry.data.get("office") or office)
        whose = {
            "recorded": case.intake_office, "classified": case.intake_office, "waiting": said("等对方"), "contested": REFEREE,
            "resolved": CALLERS, "confirmed": CALLERS,
        }.get(entry.entered, office if entry.entered in _OFFICES_TURN else "")  # fmt: skip
        until = following.at if following else at
        if whose and until > entry.at:
            spans[whose] = spans.get(whose, timedelta()) + (until - entry.at)
    if not spans:
        return (), ""
    shares = tuple(
        Share(max(int(span.total_seconds() // 60), 1), who, str(min(n, 4)), note=say_span(span))
        for n, (who, span) in enumerate(spans.items(), start=1)
    )
    whole = say_span(sum(spans.values(), timedelta()))
    return shares, said("从记下到现在{t}，时间用在", t=whole) if case.state in OPEN else said("从记下到办完{t}，时间用在", t=whole)


# ------------------------------------------------------------------------------------------------ what happened

_NOTES = {
    "note": said("写了一笔"),
    "called": said("回访没打通"),
    "supervise": said("督办"),
    "keep": said("存下照片"),
    "issue": said("发出文书"),
}


def events_of(entries: Sequence[Entry], remarks: Sequence[Remark] = (), *, most: int = 0, names: bool = True) -> list[Event]:
    """Draw the timeline, newest first, each remark's words with its entry. Without `names` only offices are named."""
    words = {(one.at, one.kind): one.text for one in remarks}
    found = []
    for entry in reversed(entries):
        if entry.reverses:
            found.append(Event(entry.at, said("更正：上面这条不算"), entry.actor_name, "stop"))
            continue
        late = said("{x}补记", x=f"{local(entry.recorded_at):%H:%M}") if entry.recorded_at - entry.at > timedelta(minutes=15) else ""
        text = words.get((entry.at, entry.verb), "")
        found.append(Event(entry.at, _says(entry, names=names), text or late, "ask" if entry.verb == "supervise" else ""))
    if found and not found[0].tone:
        found[0] = Event(found[0].at, found[0].what, found[0].note, "now")
    return found[:most] if most else found


def _says(entry: Entry, *, names: bool) -> str:
    table = workflows.get(entry.process, CASES)
    move = table.moves.get(entry.verb)
    label = move.label if move else (table.opening.label if entry.verb == table.opening.verb else _NOTES.get(entry.verb, entry.verb))
    data = entry.data
    score = said("{n}分", n=data.get("score")) if data.get("score") else ""
    given = data.get("office") if entry.verb in ("assign", "reassign", "settle", "escalate", "ask", "supervise") else ""
    more = {
        "record": Channel(str(data.get("channel"))).label if data.get("channel") in Channel.values else "",
        "classify": handbook().kinds[str(data.get("kind"))].name if data.get("kind") in handbook().kinds else "",
        "wait": WAITS.get(str(data.get("why")), ""), "contest": GROUNDS.get(str(data.get("ground")), ""),
        "resolve": ENDED.get(str(data.get("ended")), ""), "reject": NOT_SOLVED.get(str(data.get("why")), ""),
        "not_solved": NOT_SOLVED.get(str(data.get("why")), ""), "merge": data.get("into"), "unmerge": data.get("from"),
        "ask_more": said("{n}个工作日", n=data.get("days")), "allow_more": said("{n}个工作日", n=data.get("days")),
        "call_back": score, "agree": score,
    }.get(entry.verb, given)  # fmt: skip
    what = said("{what}：{told}", what=label, told=more) if more else label
    who = entry.actor_name if names else ""
    return said("{who} {what}", who=who, what=what) if who else str(what)
