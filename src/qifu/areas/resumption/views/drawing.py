"""How an application is drawn: state, clock, holder, way, time used, reasons, what happened. Call inside `acting`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.journal.models import Entry
from qifu.kernel.language import retold, said
from qifu.kernel.web import address_of
from qifu.kernel.workflow.models import ClockRun
from qifu.ui.parts import Clock, Event, Fact, Item, ItemGroup, Share, State, Stop, Why
from qifu.ui.words import moment_of, say_deadline, say_moment, say_span

from .. import queries
from ..actions.correct import WHY
from ..actions.items import OWN
from ..models import Application
from ..models import Item as Checked
from ..terms import GROUNDS, SIZES, STATES
from ..workflow import RESUMPTION

TONES = {
    "submitted": ("idle", "ring"),
    "forwarded": ("idle", "ring"),
    "returned": ("ask", "flag"),
    "accepted": ("info", "dot"),
    "assigned": ("info", "half"),
    "rectifying": ("ask", "flag"),
    "passed": ("info", "user"),
    "approved": ("ok", "ok"),
    "refused": ("stop", "no"),
    "resumed": ("ok", "check"),
    "suspended": ("stop", "pause"),
    "withdrawn": ("idle", "minus"),
}
ENTERPRISE = said("企业")
DECIDER = said("审批人")
WAITS_FOR_ENTERPRISE = ("returned", "rectifying")
LEVELS = {"state": said("国"), "province": said("省"), "city": said("市"), "district": said("区"), "town": said("镇")}
_LEVEL_WORD = re.compile(r"^(国家|省|市|区|县|镇)级?(?=《|关于|[^级]*〔)")
TRIADS = {"people": said("人员清"), "materials": said("物资足"), "rules": said("制度全")}
RESULTS = {
    "": (said("未看"), "idle", "ring"),
    "ok": (said("合格"), "ok", "check"),
    "fix": (said("待改"), "ask", "alert"),
    "waived": (said("免"), "idle", "minus"),
}
_WAY = (
    (said("企业交齐"), "submitted_at", ("returned",)),
    (said("镇街转来"), "", ("submitted",)),
    (said("受理"), "accepted_at", ("submitted", "forwarded")),
    (said("现场评估"), "assessed_at", ("accepted", "assigned", "rectifying")),
    (said("决定"), "decided_at", ("passed",)),
    (said("开工"), "started_at", ("approved",)),
)


def state_of(application: Application) -> State:
    """Draw the state."""
    return State(STATES.get(application.state, application.state), *TONES.get(application.state, ("idle", "ring")))


def clock_of(application: Application, *, why: bool = False) -> Clock | None:
    """Draw the clock that runs, or whom it waits for; None where nothing is due any more. `why` says in short why it is due then."""
    if application.state in WAITS_FOR_ENTERPRISE:
        return Clock(application.due_at, waits_for=ENTERPRISE)
    return Clock(application.due_at, because=_promise_of(application) if why else "") if application.due_at else None


_PROMISES = {
    "accept": (said("交齐"), "submitted_at", said("受理"), "accept_days"),
    "assess": (said("受理"), "accepted_at", said("评估"), "assess_days"),
    "decide": (said("评估通过"), "passed_at", said("决定"), ""),
}
"""By clock: what began it and when, what is promised, within how many working days (a decision: one)."""
_CLOCKS = {"submitted": "accept", "forwarded": "accept", "accepted": "assess", "assigned": "assess", "passed": "decide"}


def _promise_of(application: Application) -> str:
    """Say which promise runs and since when: 14:36受理，当日评估."""
    name = _CLOCKS.get(application.state, "")
    began, since, *_rest = _PROMISES.get(name, ("", ""))
    at = getattr(application, since) if since else None
    if at is None:
        return ""
    return _("%(at)s%(began)s，%(promise)s") % {"at": moment_of(at), "began": began, "promise": promise_words(application, name)}


def promise_words(application: Application, name: str) -> str:
    """Say what is promised: 当日评估, or within so many working days."""
    _began, _since, verb, within = _PROMISES.get(name, ("", "", "", ""))
    days = getattr(application, within) if within else int(name == "decide")
    return _("%(n)d个工作日内%(verb)s") % {"n": days, "verb": verb} if days else _("当日%(verb)s") % {"verb": verb}


def deadline_of(application: Application, *, at: datetime) -> list[Why]:
    """Explain the running clock: how much is left, since when, by which promise and on whose word, and what moved it."""
    run_ = queries.clock_run(application.id)
    if run_ is None or application.due_at is None:
        return _paused(application, run_)
    left = application.due_at - at
    word = _("还剩%s") % say_span(left) if left > timedelta() else _("已过%s") % say_span(left)
    moved = _("；").join(str(one) for one in run_.because[:2])
    promise = promise_words(application, run_.name)
    began = moment_of(run_.started_at)
    because = _("因为%(at)s起算，%(promise)s") % {"at": began, "promise": promise}
    law = response.law(application.region, run_.started_at, incident=application.incident)
    measure = law.one("same_day") if run_.name in ("accept", "assess") else None
    level, paper = "", _("本单位内部分工")
    if measure is not None:
        origin = response.origin_of(measure)
        level, paper = origin.badge, _paper(origin.says(), "level")
    tone = "stop" if left <= timedelta() else "info"
    return [Why(_("，").join(str(one) for one in (word, because)) + (_("；") + moved if moved else ""), tone, level, paper)]


def _paused(application: Application, run_: ClockRun | None) -> list[Why]:
    if run_ is None or run_.paused_at is None:
        return []
    words = _("时钟从%(at)s停着，等企业；补好再接着走") % {"at": moment_of(run_.paused_at)}
    return [Why(words, "ask", "", promise_words(application, run_.name))]


def holder_of(application: Application, *, team: str = "") -> str:
    """Say who must take the next step; '' where nobody must."""
    return {
        "submitted": application.office,
        "forwarded": application.office,
        "accepted": application.office,
        "assigned": team or said("评估小组"),
        "passed": DECIDER,
        "approved": ENTERPRISE,
        "returned": ENTERPRISE,
        "rectifying": ENTERPRISE,
    }.get(application.state, "")


def line_of(application: Application) -> str:
    """Say what it is in one line: number, size, town."""
    firm = application.enterprise
    words = [
        application.number,
        SIZES.get(firm.size, ""),
        said("亿元以上") if firm.over_100m else "",
        jurisdiction.name(application.region),
    ]
    return " · ".join(str(word) for word in words if word)


def facts_of(application: Application, *, at: datetime, short: bool = False) -> list[Fact]:
    """Draw who it is: the enterprise's card."""
    firm = application.enterprise
    contacts = registry.contacts_of(firm.id)
    contact = f"{contacts[0].name} {contacts[0].phone_masked}".strip() if contacts else said("还没有登记")
    sites = registry.sites_of(firm.id)
    where = "、".join(dict.fromkeys(jurisdiction.name(site.region) for site in sites[:3]))
    # Where all come back at once the number is not said twice.
    back = said("首批返岗{head_count:,}人", head_count=application.head_count)
    people = Fact(
        said("员工"),
        said("{staff:,}人", staff=firm.staff) if firm.staff else said("未登记"),
        note=said("首批全部返岗") if firm.staff and firm.staff == application.head_count else back,
    )
    planned = Fact(said("想开工"), say_moment(application.planned_at, at=at, style="full"))
    reach = Fact(said("联系人"), contact)
    card = reverse("registry:enterprise", args=[firm.id])
    if short:
        masks = application.answers.get("mask_days")
        supplies = [Fact(said("口罩"), said("{masks}天", masks=masks))] if isinstance(masks, int) else []
        return [people, planned, reach, Fact(said("厂区"), said("{n}处", n=len(sites)), note=where), *supplies]
    kind = _("，").join(
        str(word)
        for word in [
            SIZES.get(firm.size, ""),
            *([said("亿元以上")] if firm.over_100m else []),
            *([said("个体户")] if firm.individual else []),
        ]
    )
    code = firm.uscc or said("还没有核实")
    return [
        Fact(said("企业"), kind, href=card, note=firm.industry), reach,
        Fact(said("厂区"), sites[0].name if sites else said("没有登记"), note=where),
        Fact(said("信用代码"), code), people, planned,
    ]  # fmt: skip


def whys_of(application: Application) -> list[Why]:
    """Draw the reasons of triage, each with whose rule it is."""
    tones = {True: "ok", False: "stop", None: "ask"}
    return [
        Why(
            retold(reason["says"]),
            tones[reason["met"]],
            LEVELS.get(reason.get("level") or "", ""),
            _paper(reason.get("origin") or "", reason.get("level") or ""),
            "" if reason["met"] else (f"{_('，')}{retold(reason['fix'])}" if reason.get("fix") else ""),
        )
        for reason in application.triage
    ]


def _paper(origin: str, level: str) -> str:
    """Take the level's word off, since its badge stands before it."""
    return _LEVEL_WORD.sub("", origin) if level else origin


# ------------------------------------------------------------------------------------------------ the way


def stops_of(application: Application, history: Sequence[Entry], *, at: datetime) -> list[Stop]:
    """Draw the moments of its way: those behind with who and when, the one now, those to come."""
    done_at = {entry.verb: entry for entry in history}
    stops = []
    for word, column, states in _WAY:
        if not column and application.route != "district":
            continue
        entry = done_at.get(_VERB_OF.get(word, ""))
        when = getattr(application, column) if column else (entry.at if entry else None)
        # Above designated size the same state waits for the town first; elsewhere it waits for acceptance at once.
        now = application.state in states and not (word == "受理" and application.route == "district" and application.state == "submitted")
        if now:
            due = say_deadline(application.due_at, at=at) if application.due_at else ""
            stops.append(Stop(word, due, "now"))
        elif when:
            who = entry.actor_name if entry else ""
            stops.append(Stop(word, f"{say_moment(when, at=at)} {who}".strip(), "done"))
        else:
            stops.append(Stop(word, _coming(application, word, at=at), "next"))
    return stops


_VERB_OF = {"企业交齐": "submit", "镇街转来": "forward", "受理": "accept", "现场评估": "pass", "决定": "approve", "开工": "start"}


def _coming(application: Application, word: str, *, at: datetime) -> str:
    if word != "开工":
        return ""
    may = application.may_start_from or application.planned_at
    return said("最早{at}", at=moment_of(may))


@dataclass(frozen=True)
class Used:
    """Whose time it was: shares of minutes, and the sentence above them."""

    shares: tuple[Share, ...]
    words: str


def used_of(application: Application, history: Sequence[Entry], *, at: datetime) -> Used | None:
    """Add up whose time it was, from the entries that stand; None before the first hour has passed."""
    moves = [entry for entry in history if entry.entered]
    if not moves:
        return None
    spans: dict[str, timedelta] = {}
    for entry, following in zip(moves, [*moves[1:], None], strict=True):
        until = following.at if following else at
        who = _whose(entry, application)
        if who and until > entry.at:
            spans[who] = spans.get(who, timedelta()) + (until - entry.at)
    if not spans:
        return None
    shares = tuple(
        Share(max(int(span.total_seconds() // 60), 1), who, str(min(number, 4)), note=say_span(span))
        for number, (who, span) in enumerate(spans.items(), start=1)
    )
    total = sum(spans.values(), timedelta())
    return Used(
        shares, said("从提交到{x}{t}，时间用在", x=said("现在") if application.state in _UNFINISHED else said("办完"), t=say_span(total))
    )


_UNFINISHED = ("submitted", "forwarded", "returned", "accepted", "assigned", "rectifying", "passed")


def _whose(entry: Entry, application: Application) -> str:
    town = jurisdiction.name(entry.region)
    district = jurisdiction.name(queries.district_place(entry.region))
    office = district if application.route == "district" else town
    return {
        "submitted": town, "forwarded": district, "accepted": office, "assigned": str(entry.data.get("team") or said("评估小组")),
        "passed": DECIDER, "returned": ENTERPRISE, "rectifying": ENTERPRISE,
    }.get(entry.entered, "")  # fmt: skip


# ------------------------------------------------------------------------------------------------ what happened


def events_of(entries: Sequence[Entry], items: Sequence[Checked] = (), *, names: bool = True, most: int = 0) -> list[Event]:
    """Draw the timeline, newest first; a correction stands beside what it corrects. Without `names` only roles are named."""
    item_names = {item.code: item.name for item in items}
    roles = {} if names else queries.labels_of({entry.role for entry in entries})
    corrected = {entry.reverses: entry for entry in entries if entry.reverses}
    found = []
    for entry in reversed(entries):
        if entry.reverses:
            why = WHY.get(str(entry.data.get("why")), "")
            found.append(Event(entry.at, said("更正：上面这条不算{x}", x="，" + why if why else ""), _known(entry, roles), "stop"))
            continue
        note = said("已更正，不再计入") if entry.seq in corrected else _late(entry)
        found.append(Event(entry.at, _says(entry, item_names, roles), note, ""))
    if found and not found[0].tone:
        found[0] = Event(found[0].at, found[0].what, found[0].note, "now")
    return found[:most] if most else found


def _says(entry: Entry, item_names: dict[str, str], roles: Mapping[str, str]) -> str:
    data = entry.data
    who = roles.get(entry.role, "") if roles else entry.actor_name
    if entry.verb == "check":
        word = RESULTS.get(str(data.get("result")), ("",))[0]
        return said("{who} 核“{x}”：{word}", who=who, x=item_names.get(str(data.get("item")), data.get("item")), word=word)
    if entry.verb in ("leave", "arrive"):
        return f"{who}{(said('转出') if entry.verb == 'leave' else said('转入'))}{jurisdiction.name(entry.region)}"
    if entry.verb == RESUMPTION.opening.verb:
        early = said("，申请提前开工") if data.get("early") else ""
        return said("{who} {label}，首批{x}人{early}", who=who, label=RESUMPTION.opening.label, x=data.get("head_count", 0), early=early)
    move = RESUMPTION.moves.get(entry.verb)
    others = {"issue": said("发出文书"), "withdraw": said("撤销文书"), "keep": said("存下照片")}
    label = move.label if move else others.get(entry.verb, entry.verb)
    more = {
        "assign": data.get("team"), "reassign": data.get("team"), "look_again": data.get("team"),
        "demand": said("{data}项", data=data['to_mend']) if data.get("to_mend") else None,
        "refuse": GROUNDS.get(str(data.get("reason"))), "suspend": GROUNDS.get(str(data.get("reason"))),
        "approve": said("附条件") if data.get("conditions") else None,
        "issue": _paper_named(data), "withdraw": _paper_named(data),
    }.get(entry.verb)  # fmt: skip
    what = said("{what}：{told}", what=label, told=more) if more else label
    return said("{who} {what}", who=who, what=what) if who else what


def _paper_named(data: Mapping[str, Any]) -> str | None:
    """Name the paper of an entry: which kind it is, and its number."""
    kind = issuing.kinds.get(str(data.get("kind")))
    return said("{kind}，{number}", kind=kind.label, number=data.get("number", "")) if kind else data.get("number")


def _late(entry: Entry) -> str:
    """Say when it became known, where that was later than a quarter of an hour."""
    return said("{x}回传", x=f"{local(entry.recorded_at):%H:%M}") if entry.recorded_at - entry.at > timedelta(minutes=15) else ""


def _known(entry: Entry, roles: Mapping[str, str]) -> str:
    return said("{x} {at} 更正", x=roles.get(entry.role, "") if roles else entry.actor_name, at=moment_of(entry.recorded_at))


# ------------------------------------------------------------------------------------------------ the checklist


def checks_of(items: Sequence[Checked], *, may: frozenset[str] = frozenset()) -> list[ItemGroup]:
    """Draw the checklist by the three kinds; what another department keeps in its hands stands by itself, locked.

    `may` names the departments whose items this actor may write."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        kept = item.department in OWN
        name = _short(item.department_name) if kept else TRIADS.get(item.group, item.group)
        who = item.checked_by_name or (item.department_name if kept else said("评估组"))
        state = State(*RESULTS[item.result])
        groups.setdefault(name, []).append(
            Item(item.name, state, item.note or ("" if item.result else item.ask), who, kept and item.department not in may)
        )
    return [ItemGroup(name, rows) for name, rows in groups.items()]


def _short(department: str) -> str:
    for long, short in (("消防", said("消防")), ("卫生健康", said("卫健")), ("应急", said("应急")), ("人力", said("人社"))):
        if department.startswith(long):
            return short
    return department[:4]


def checks_note(items: Sequence[Checked]) -> str:
    """Say how the checklist stands: 11项：合格10项，待改1项."""
    counts = {word: sum(item.result == code for item in items) for code, (word, *_) in RESULTS.items()}
    rest = _("，").join(_("%(word)s%(n)d项") % {"word": word, "n": n} for word, n in counts.items() if n)
    return said("{n}项：{rest}", n=len(items), rest=rest)


# ------------------------------------------------------------------------------------------------ addresses


def desk_of(application: Application, verb: str = "") -> str:
    """Give the address of an application at the desk, or of one act on it."""
    if verb:
        return reverse("resumption:act", args=[application.id, verb])
    return address_of("resumption:subject", application.id)
