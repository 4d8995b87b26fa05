"""What the process of resumption promises, said here by hand and walked.

PROMISES does not read the table of the process. A walker plays every pair of steps through the actions and compares
state, stamps, clocks, deadline and record; a grid tries every forbidden (state, verb, role). Then the table itself is
spoiled, row by row, guard by guard, clock by clock, and each spoiling must be noticed."""

import copy
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from qifu.areas.registry.models import Enterprise, Site
from qifu.areas.resumption import workflow as table
from qifu.areas.resumption.models import Application, Burden, Permit
from qifu.areas.resumption.workflow import RESUMPTION
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, Actor, acting
from qifu.kernel.access.hats import machine, worn_by
from qifu.kernel.access.models import Grant, Person, TaskForce
from qifu.kernel.access.tests.factories import LONG_AGO, at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.proof import drift
from qifu.kernel.workflow.tests.spoiling import Spoiling, spoiled, spoilings

from .factories import World, member, world

# ---------------------------------------------------------------- the promises

APPLY = {"enterprise_contact", "town_clerk", "zone_clerk", "call_taker"}
TOWN_DESK = {"town_clerk", "zone_clerk"}
DESK = {"town": {*TOWN_DESK, "bureau_clerk"}, "district": {"bureau_clerk"}}
CLOCKWORK = {"timer", "system"}
"""Machines that do what follows from something else."""
DECIDES = {"town": {"town_leader", "approver"}, "district": {"approver"}}


def both(who: set[str]) -> dict[str, set[str]]:
    return {"town": who, "district": who}


WHO: dict[str, dict[str, set[str]]] = {
    "forward": both(TOWN_DESK),
    "accept": DESK,
    "return": DESK,
    "resubmit": both(APPLY),
    "assign": DESK,
    "reassign": DESK,
    "pass": both({"assessor", *TOWN_DESK}),
    "demand": both({"assessor", *TOWN_DESK}),
    "mended": both(APPLY),
    "approve": DECIDES,
    "send_back": DECIDES,
    "refuse": DECIDES,
    "restore": both(CLOCKWORK),
    "reopen": both(CLOCKWORK),
    "lapse": both(CLOCKWORK),
    "file": both(APPLY),
    "start": both({"enterprise_contact"}),
    "suspend": DECIDES,
    "look_again": DESK,
    "withdraw": both(APPLY),
}
"""verb -> route -> roles that may."""

OUT = {"withdraw": "withdrawn", "lapse": "lapsed"}
STEPS: dict[str, dict[str, str]] = {
    "submitted": {"forward": "forwarded", "accept": "accepted", "return": "returned", "file": "approved", **OUT},
    "forwarded": {"accept": "accepted", "return": "returned", **OUT},
    "returned": {"resubmit": "submitted", **OUT},
    "accepted": {"assign": "assigned", **OUT},
    "assigned": {"reassign": "assigned", "pass": "passed", "demand": "rectifying", **OUT},
    "rectifying": {"mended": "assigned", **OUT},
    "passed": {"approve": "approved", "send_back": "assigned", "refuse": "refused", **OUT},
    "approved": {"start": "resumed", "suspend": "suspended"},
    "resumed": {"suspend": "suspended"},
    "suspended": {"look_again": "assigned", "restore": "approved", "lapse": "lapsed"},
    "refused": {"reopen": "passed"},
    "withdrawn": {},
    "lapsed": {},
}
"""state -> verb -> target."""

STRONG = {"approve", "refuse", "suspend"}
LATE = {"pass": timedelta(hours=24), "demand": timedelta(hours=24), "start": timedelta(days=2)}
STAMPS = {
    "submit": ["submitted_at"], "accept": ["accepted_at"], "pass": ["passed_at", "assessed_at"], "demand": ["assessed_at"],
    "approve": ["decided_at"], "refuse": ["decided_at"], "file": ["decided_at"], "start": ["started_at"],
}  # fmt: skip
"""verb -> columns that it sets the first time, and never again."""
ALL_STAMPS = {name for names in STAMPS.values() for name in names}
RUNS = {"submitted": "accept", "forwarded": "accept", "accepted": "assess", "assigned": "assess", "passed": "decide"}
PAUSES = {"rectifying": "assess"}
MAY_HOLD = {
    "submit": {"early", "head_count"}, "return": {"missing"}, "assign": {"team"}, "reassign": {"team"}, "look_again": {"team"},
    "pass": {"items", "fixed"}, "demand": {"items", "to_mend"}, "approve": {"conditions"}, "send_back": {"reason"},
    "refuse": {"reason"}, "suspend": {"reason"}, "withdraw": {"reason"},
}  # fmt: skip
"""verb -> what its entry may hold: codes and counts, nothing on health, no words of a case."""
IN_THE_WAY = {
    ("submitted", "accept", "district"): "NotForwarded",
    ("submitted", "forward", "town"): "NotForwarded",
    ("submitted", "file", "town"): "NotYet",
    ("submitted", "file", "district"): "NotYet",
}
"""(state, verb, route) -> what the guard says of a fresh application there."""
FOLLOWS = {"restore", "reopen", "lapse"}
"""What no person does: it follows from something else."""
BY_TWO = {"refuse", "suspend"}
"""What nobody does alone: without another's proposal one hears NeedsTwo."""
TEAM_VERBS = {"pass": "NotYetAssessed", "demand": "NothingToMend"}
"""What the team hears of a list at which nobody has looked; others hear WrongTeam."""

SAME_DAY, NEXT_WORKING_DAY = at("2020-02-11", "00:00"), at("2020-02-12", "00:00")
"""Deadlines of what begins on Monday, 10 February."""
MORNING, EVENING = at("2020-02-10", "09:30"), at("2020-02-10", "18:00")

FILING = "utility"
"""The category that files instead of asking, in this world."""

# ---------------------------------------------------------------- the world


@dataclass
class Ground:
    """One district, an actor of every role, one application in every state, and the special ones that guards are about."""

    base: World
    by_role: dict[str, Actor] = field(default_factory=dict)
    standing: dict[tuple[str, str], Application] = field(default_factory=dict)
    cases: list[tuple[str, str, Application, Actor, str | None]] = field(default_factory=list)


@pytest.fixture(scope="module")
def ground(module_database: Any) -> Iterator[Ground]:
    """Build once for the module: real people, real applications, by real acts."""
    with clock.use(clock.Fixed(at("2020-02-10"))) as hands:
        yield build(hands)


def build(hands: clock.Fixed) -> Ground:
    ground = Ground(world(hands))
    ground.by_role = everybody(ground.base)
    filing(ground.base)
    hands.set(MORNING)
    for route in ("town", "district"):
        for state in STEPS:
            steps = shortest(route, state)
            if steps is not None:
                ground.standing[route, state] = Walk(ground, route).play(steps)
    let_all_contacts_be_one(ground)
    hands.set(EVENING)
    ground.cases = guard_cases(ground)
    hands.set(EVENING)
    return ground


def everybody(base: World) -> dict[str, Actor]:
    """Give an actor of every role of the installation, each reaching the whole district."""
    with (settings.PACKS / "roles.csv").open(encoding="utf-8", newline="") as file:
        roles = [row["code"] for row in csv.DictReader(file)]
    people = {role: officer(role, base.district, name=f"全区{role}") for role in roles}
    with acting(DOOR):
        people |= {role: machine(role) for role in ("timer", "system", "replay")}
    people["assessor"] = base.assessor
    return people


def let_all_contacts_be_one(ground: Ground) -> None:
    """Give one contact all firms of the ground, so that a grid needs one actor for this role."""
    with acting(DOOR):
        person = Person._base_manager.create(name="各家联系人", region=ground.base.town, district=330213)
        for application in ground.standing.values():
            Grant._base_manager.create(
                person=person, role_id="enterprise_contact", for_party=application.party, since=LONG_AGO,
                region=application.region, district=330213, party=application.party,
            )  # fmt: skip
        ground.by_role["enterprise_contact"] = worn_by(person.id, at=clock.now())


def filing(base: World) -> None:
    """Let one category work by filing with commitment, as the office above has allowed."""
    office = officer("control_office", base.district, department="防控办二")
    above = officer("control_office", jurisdiction.lineage(base.district)[1], department="市防控办")
    value = {"regime": "filing", "categories": [FILING]}
    given = {"key": "regime", "place": str(base.district), "value": value, "reason": "已全部评估", "until": at("2020-03-01")}
    asked = base.ok(run("response.propose", given, actor=office))
    base.ok(run("response.approve", {"proposal": asked.id}, actor=above))


# ---------------------------------------------------------------- the walker


def edges(route: str) -> list[tuple[str, str, str]]:
    """Give every promised step of a route: (state, verb, target)."""
    return [
        (state, verb, target)
        for state, verbs in STEPS.items()
        for verb, target in verbs.items()
        if (state, verb, route) not in IN_THE_WAY and not (route == "town" and state == "forwarded")
    ]


def shortest(route: str, state: str) -> list[str] | None:
    """Give the verbs that lead from handing in to a state."""
    ways: dict[str, list[str]] = {"submitted": []}
    queue = ["submitted"]
    for here in queue:
        for left, verb, target in edges(route):
            if left == here and target not in ways:
                ways[target] = [*ways[here], verb]
                queue.append(target)
    return ways.get(state)


def paths(route: str) -> list[list[str]]:
    """Give walks that play every step after every other that may come before it; none is the beginning of another."""
    found = []
    for state, verb, target in edges(route):
        lead = [*(shortest(route, state) or []), verb]
        found.append(lead)
        found += [[*lead, after] for left, after, _ in edges(route) if left == target]
    found.append(TOUR[route].split())
    return [way for way in found if not any(other != way and other[: len(way)] == way for other in found)]


TOUR = {
    "district": "return resubmit forward return resubmit forward accept assign reassign demand mended pass send_back demand mended pass"
    " approve suspend look_again pass approve start suspend look_again pass refuse",
    "town": "return resubmit accept assign demand mended pass send_back pass approve start suspend look_again pass approve start",
}
"""Long ways on which everything happens twice: stamps and counts are of the first time."""

PERFORMER = {
    "town": {"accept": "town_clerk", "return": "town_clerk", "assign": "town_clerk", "approve": "town_leader", "suspend": "town_leader"},
    "district": {"forward": "town_clerk"},
}
DESK_VERBS = {"accept", "return", "assign", "reassign", "look_again"}


class Walk:
    """Plays one application through the actions and compares each step with the promises."""

    def __init__(self, ground: Ground, route: str, **firm: Any) -> None:
        self.ground, self.base, self.route = ground, ground.base, route
        size = {"town": "small", "district": "above"}[route]
        self.base.hands.set(MORNING)
        self.firm = self.base.firm(size=size, **firm)
        self.runs: list[list[Any]] = []
        self.stamps: dict[str, datetime | None] = dict.fromkeys(ALL_STAMPS)
        self.been: list[str] = []
        self.state = ""
        self.office = ""
        self.burden: UUID | None = None
        answer = self.base.submit(self.firm, planned_at="2020-02-10T09:00")
        self.application = self.base.ok(answer)
        self.office = jurisdiction.name(self.firm.region)
        assert self.application.route == route
        self.expect("submit", "submitted")

    def play(self, verbs: Iterable[str]) -> Application:
        for verb in verbs:
            self.step(verb)
        return self.application

    def step(self, verb: str) -> None:
        target = STEPS[self.state][verb]
        self.base.hands.advance(timedelta(minutes=1))
        if verb in FOLLOWS:
            self.follow(verb)
        else:
            answer = run(*self.act(verb), actor=self.actor(verb))
            assert answer.ok, (self.route, self.state, verb, answer.code, answer.says)
        if verb == "forward":
            self.office = jurisdiction.name(self.base.district)
        self.expect(verb, target)

    def follow(self, verb: str) -> None:
        """Let happen what follows by itself: a burden that ends gives back, an incident that ends closes."""
        machine = self.ground.by_role["timer"]
        if verb == "restore":
            self.base.ok(run("resumption.burden.drop", {"burden": self.burden, "answer": "没有危险了"}, actor=self.base.bureau))
            deliver(actor=machine)
            return
        if verb == "reopen":
            deliver(actor=machine)
            self.revoke()
            deliver(actor=machine)
            deliver(actor=machine)
            return
        with acting(machine), RESUMPTION.move(verb, self.application.id, actor=machine, at=clock.now()):
            pass

    def revoke(self) -> None:
        """Let others revoke the refusal, and the office write it down."""
        asked = {"burden": self.burden, "way": "review", "organ": "区人民政府", "asked_on": "2020-02-10"}
        appeal = self.base.ok(run("resumption.appeal.ask", asked, actor=self.base.contacts[self.firm.id]))
        take = {"appeal": appeal.id, "organ": "奉化区人民政府", "case_number": "1号"}
        self.base.ok(run("resumption.appeal.take", take, actor=self.base.bureau))
        outcome = {"appeal": appeal.id, "outcome": "revoke", "document": "1号", "settled_on": "2020-02-10"}
        self.base.ok(run("resumption.appeal.settle", outcome, actor=officer("bureau_clerk", self.base.bureau.hats[0].place)))
        self.burden = None

    def actor(self, verb: str) -> Actor:
        if WHO[verb][self.route] >= {"enterprise_contact"}:
            return self.base.contacts[self.firm.id]
        if verb in ("pass", "demand"):
            return self.base.assessor
        if verb in PERFORMER[self.route]:
            return {"town_clerk": self.base.town_clerk, "town_leader": self.base.town_leader}[PERFORMER[self.route][verb]]
        return self.base.bureau if verb in DESK_VERBS else self.base.approver

    def act(self, verb: str) -> tuple[str, dict[str, Any]]:
        """Give the action and the input by which a person takes this step."""
        of: dict[str, Any] = {"application": self.application.id}
        if verb in BY_TWO:
            return "resumption.burden.confirm", {"burden": self.propose(verb), "answer": "已核"}
        if verb in ("pass", "demand"):
            given = of | {"conclusion": verb, "all_ok": True}
            first = {"code": self.item(), "result": "fix" if verb == "demand" else "ok"}
            return "resumption.assess", given | {"found": [first]}
        if verb in ("assign", "reassign", "look_again"):
            return "resumption.assign", of | {"team": self.base.team}
        more = {
            "return": {"missing": "口罩登记表"},
            "resubmit": {"answers": {"mask_days": 14}},
            "approve": {"conditions": "观察间搬到一楼"},
            "send_back": {"reason": "再看食堂"},
            "withdraw": {"reason": "改日再办"},
        }
        return f"resumption.{verb}", of | more.get(verb, {})

    def propose(self, verb: str) -> UUID:
        """Let the bureau propose, and where it is not urgent the enterprise say its word, all at this same minute."""
        with acting(self.base.bureau):
            self.application.items.filter(code=(item := the_item(self.application))).update(result="fix")
        if self.burden:
            # Approved anew, the firm is free of the last one; news of it would come by the worker.
            run("resumption.burden.drop", {"burden": self.burden, "answer": "已重新批准"}, actor=self.base.bureau)
        kind = {"refuse": "refusal", "suspend": "suspension"}[verb]
        given = {
            "enterprise": self.firm.id, "kind": kind, "ground": "items", "basis": "《通告》第三条", "reason": "测温记录不全",
            "items": [item], "days": 0 if verb == "refuse" else 3, "urgent": verb == "suspend",
        }  # fmt: skip
        burden = self.base.ok(run("resumption.burden.propose", given, actor=self.base.bureau))
        if verb == "refuse":
            word = {"burden": burden.id, "words": "没有意见"}
            self.base.ok(run("resumption.burden.say", word, actor=self.base.contacts[self.firm.id]))
        self.burden = burden.id
        return burden.id

    def item(self) -> str:
        with acting(self.base.bureau):
            return the_item(self.application)

    def expect(self, verb: str, target: str) -> None:
        """Compare what stands with what the promises say of this step."""
        now, left = clock.now(), self.state
        self.state = target
        self.turn_clocks(left, target, now)
        for column in STAMPS.get(verb, []):
            self.stamps[column] = self.stamps[column] or now
        first = target not in self.been
        self.been += [target] if first else []
        with acting(self.base.bureau):
            application = Application._base_manager.get(pk=self.application.id)
            entry = Entry._base_manager.filter(subject=application.id).order_by("-seq")[0]
            entries = Entry._base_manager.filter(subject=application.id).count()
            runs = [
                [run.name, run.started_at, run.due_at, run.paused_at, run.stopped_at, run.owner]
                for run in ClockRun._base_manager.filter(subject=application.id).order_by("started_at", "id")
            ]
            permits = Permit._base_manager.filter(application=application.id, ended_at__isnull=True).count()
        where = f"{self.route}: {left} {verb}"
        assert (application.state, application.state_at) == (target, now), where
        assert application.been == self.been, where
        assert {name: getattr(application, name) for name in ALL_STAMPS} == self.stamps, where
        assert runs == self.runs, where
        standing = [run[2] for run in self.runs if run[3] is None and run[4] is None]
        assert application.due_at == min(standing, default=None), where
        assert (entry.verb, entry.left, entry.entered, entry.first, entry.at, entry.sign) == (verb, left, target, first, now, 1), where
        assert set(entry.data) <= MAY_HOLD.get(verb, set()), where
        assert entries == getattr(self, "entries", 0) + 1, where
        assert permits == (1 if target in ("approved", "resumed") else 0), where
        self.entries = entries
        self.application = application

    def turn_clocks(self, left: str, target: str, now: datetime) -> None:
        """Turn the promised clocks: [name, started, due, paused, stopped, owner]."""
        ran, stood = RUNS.get(left), PAUSES.get(left)
        runs, stands = RUNS.get(target), PAUSES.get(target)
        open_ones = {run[0]: run for run in self.runs if run[4] is None}
        for name in {ran, stood} - {runs, stands, None}:
            open_ones[name][3:5] = [None, now]
        if stands and stands == ran:
            open_ones[stands][3] = now
        if runs and runs == stood:
            open_ones[runs][3] = None
        if runs and runs not in (ran, stood):
            self.runs.append([runs, now, NEXT_WORKING_DAY if runs == "decide" else SAME_DAY, None, None, self.office])


def the_item(application: Application) -> str:
    """Give an item that the team may answer for itself. Inside `acting`."""
    return str(application.items.filter(required=True, department="economy").values_list("code", flat=True)[0])


# ---------------------------------------------------------------- the grid of what is forbidden


def said(verb: str, application: Application, actor: Actor, when: datetime | None = None) -> str | None:
    """Ask the process whether a move may be made: the code of its refusal, or None. Inside `acting`."""
    move = RESUMPTION.moves.get(verb)
    if move is None:
        return "no such verb"
    try:
        RESUMPTION._check(move, application, actor=actor, at=when or clock.now(), now=clock.now())
    except ActionRefused as refusal:
        return refusal.code
    return None


def promised(state: str, verb: str, route: str, role: str, *, strong: bool) -> str | None:
    """Give what the promises say to a role that tries a verb in a state."""
    if role not in WHO[verb][route] and not (verb in BY_TWO and role in DECIDES["town"]):
        return "NotYours"
    if verb in STRONG and not strong:
        return "SecondFactorNeeded"
    if verb not in STEPS[state]:
        return "WrongState"
    if role not in WHO[verb][route]:
        return "NotYours"
    if verb in BY_TWO:
        return "NeedsTwo"
    if verb == "restore":
        return "StillBurdened"
    if verb == "reopen":
        return "StillRefused"
    if verb in TEAM_VERBS:
        return TEAM_VERBS[verb] if role == "assessor" else "WrongTeam"
    return IN_THE_WAY.get((state, verb, route))


def grid(ground: Ground, *, verbs: Iterable[str] = tuple(WHO), roles: Iterable[str] = ()) -> tuple[int, list[str]]:
    """Try every verb in every state as every role, with and without a second factor; give cells and disagreements."""
    cells, wrong = 0, []
    with acting(ground.by_role["system"]):
        for (route, state), application in ground.standing.items():
            for verb in verbs:
                for role in roles or ground.by_role:
                    actor = ground.by_role[role]
                    factors = (True, False) if role in WHO[verb][route] else (True,)
                    for strong in factors:
                        cells += 1
                        wanted = promised(state, verb, route, role, strong=strong)
                        found = said(verb, application, replace(actor, strong=strong))
                        if found != wanted:
                            wrong.append(f"{route} {state} {verb} {role} {strong}: {found}, not {wanted}")
    return cells, wrong


def told_late(ground: Ground, *, verbs: Iterable[str] = tuple(WHO)) -> list[str]:
    """Try every promised step a moment before and after what its row allows to be told late."""
    wrong, now = [], clock.now()
    with acting(ground.by_role["system"]):
        for (route, state), application in ground.standing.items():
            for verb in set(verbs) & set(STEPS[state]):
                actor = replace(ground.by_role[sorted(WHO[verb][route])[0]], strong=True)
                then = copy.copy(application)
                then.state_at = now - timedelta(days=9)
                allowed = LATE.get(verb, timedelta(0))
                within = said(verb, then, actor, now - allowed - timedelta(minutes=9))
                beyond = said(verb, then, actor, now - allowed - timedelta(minutes=11))
                if within == "ToldTooLate" or beyond != "ToldTooLate":
                    wrong.append(f"{route} {state} {verb}: {within}, {beyond}")
    return wrong


def words(ground: Ground) -> list[str]:
    """Compare what entries may hold, which verbs there are, and who may hand in, how late."""
    wrong = [f"a verb that nobody promised: {verb}" for verb in set(RESUMPTION.moves) - set(WHO)]
    rows = {"submit": RESUMPTION.opening, **RESUMPTION.moves}
    wrong += [f"{verb} may hold {row.data}" for verb, row in rows.items() if set(row.data) != MAY_HOLD.get(verb, set())]
    opening = RESUMPTION.opening
    return wrong + ([] if (opening.who, opening.backdate) == ("resumption.apply", timedelta(0)) else ["handing in is open to others"])


# ---------------------------------------------------------------- what the guards are about


def guard_cases(ground: Ground) -> list[tuple[str, str, Application, Actor, str | None]]:
    """Make for each guard what it must refuse, and beside it what it must let pass: (promise, verb, object, actor, code)."""
    base, stand = ground.base, ground.standing
    clerk, bureau, approver = base.town_clerk, base.bureau, replace(base.approver, strong=True)
    leader = replace(base.town_leader, strong=True)
    contact, timer = ground.by_role["enterprise_contact"], ground.by_role["timer"]
    open_firm = stand["district", "forwarded"]
    gathering = altered(open_firm, industry="R8760")
    filed = handed_in(ground, category=FILING)
    filer = base.contacts[filed.party]
    closed_at_passing = closed_site(ground, "passed")
    closed_at_start = closed_site(ground, "approved")
    closed_at_filing = in_a_closed_site(ground, handed_in(ground, category=FILING))
    looked = half_looked(ground)
    faulty = half_looked(ground, fix=True)
    other_team = member_of_another(ground)
    assessed = stand["district", "passed"]
    assessor_decides = replace(officer("approver", base.district, name="又评又批"), strong=True)
    own = copy.copy(assessed)
    own.assessor = assessor_decides.id
    nobody = copy.copy(assessed)
    nobody.assessor = ""
    early = copy.copy(stand["district", "approved"])
    early.may_start_from = EVENING + timedelta(minutes=1)
    due = copy.copy(early)
    due.may_start_from = EVENING
    undated = copy.copy(early)
    undated.may_start_from = None
    return [
        ("the town stamps first", "accept", stand["district", "submitted"], bureau, "NotForwarded"),
        ("what is forwarded is accepted", "accept", open_firm, bureau, None),
        ("a small one is accepted by its town", "accept", stand["town", "submitted"], clerk, None),
        ("a small one is not forwarded", "forward", stand["town", "submitted"], clerk, "NotForwarded"),
        ("an excluded trade waits", "accept", gathering, bureau, "ExcludedTrade"),
        ("an excluded trade does not file", "file", altered(filed, industry="R8760"), filer, "ExcludedTrade"),
        ("under approval nobody files", "file", stand["town", "submitted"], contact, "NotYet"),
        ("under filing one files", "file", filed, filer, None),
        ("no filing in a closed site", "file", closed_at_filing, base.contacts[closed_at_filing.party], "SiteClosed"),
        ("no approval in a closed site", "approve", closed_at_passing, approver, "SiteClosed"),
        ("no start in a closed site", "start", closed_at_start, base.contacts[closed_at_start.party], "SiteClosed"),
        ("what was not looked at does not pass", "pass", looked, base.assessor, "NotYetAssessed"),
        ("what is to be mended does not pass", "pass", faulty, base.assessor, "ItemsToMend"),
        ("what is to be mended is demanded", "demand", faulty, base.assessor, None),
        ("nothing is demanded without a fault", "demand", looked, base.assessor, "NothingToMend"),
        ("another team does not pass it", "pass", whole(ground), other_team, "WrongTeam"),
        ("another team demands nothing", "demand", faulty, other_team, "WrongTeam"),
        ("the team passes what is whole", "pass", whole(ground), base.assessor, None),
        ("the assessor does not approve", "approve", own, assessor_decides, "AssessorMayNotDecide"),
        ("the assessor does not send back", "send_back", own, assessor_decides, "AssessorMayNotDecide"),
        ("the assessor does not refuse", "refuse", own, assessor_decides, "AssessorMayNotDecide"),
        ("another approves", "approve", assessed, approver, None),
        ("another sends back", "send_back", assessed, approver, None),
        ("nobody refuses alone", "refuse", assessed, approver, "NeedsTwo"),
        ("what another proposed is refused", "refuse", ruled(ground, "passed", approver), approver, None),
        ("not what one proposed oneself", "refuse", ruled(ground, "passed", approver, by=approver.id), approver, "NeedsTwo"),
        ("nor what a third has decided", "refuse", ruled(ground, "passed", approver), replace(approver, id="third"), "NeedsTwo"),
        ("nobody suspends alone", "suspend", stand["district", "approved"], approver, "NeedsTwo"),
        ("what another proposed is suspended", "suspend", ruled(ground, "approved", approver), approver, None),
        ("what is suspended stays so", "restore", stand["district", "suspended"], timer, "StillBurdened"),
        ("and is given back when nothing holds it", "restore", freed(ground), timer, None),
        ("a refusal that stands is not decided anew", "reopen", stand["district", "refused"], timer, "StillRefused"),
        ("one that was revoked is", "reopen", annulled(ground), timer, None),
        ("not beside a newer application", "reopen", annulled(ground, newer=True), timer, "NothingToReopen"),
        ("who was never written down is nobody", "approve", nobody, approver, None),
        ("an unsettled code waits", "approve", altered(assessed, provisional=True), approver, "CodeUnsettled"),
        ("a closed firm is not approved", "approve", altered(assessed, closed_at=EVENING), approver, "CodeUnsettled"),
        ("not before the day on the permit", "start", early, contact, "NotYet"),
        ("from the day on the permit", "start", due, contact, None),
        ("a permit without a day", "start", undated, contact, None),
        ("a town leader refuses nothing of the district's", "refuse", assessed, leader, "NotYours"),
        ("and suspends nothing of it", "suspend", ruled(ground, "approved", leader), leader, "NotYours"),
    ]  # fmt: skip


def ruled(ground: Ground, state: str, decider: Actor, *, by: str = "another") -> Application:
    """Give one about which two have decided: the row that the guard asks for, as the process of burdens leaves it."""
    application = Walk(ground, "district").play(shortest("district", state) or [])
    with acting(ground.base.bureau):
        kind, after = {"passed": ("refusal", "decided"), "approved": ("suspension", "in_force")}[state]
        Burden._base_manager.create(
            enterprise_id=application.party, application_id=application.id, incident_id=application.incident_id, kind=kind,
            route="district", ground="items", basis="《通告》第三条", reason="测温记录不全", evidence=[{"item": "x"}], hours=24,
            asked_by=by, asked_by_name="拟的人", decided_by=decider.id if by != decider.id else "", until=EVENING, state=after,
            state_at=MORNING, region=application.region, district=application.district, party=application.party,
        )  # fmt: skip
    return application


def freed(ground: Ground) -> Application:
    """Give a suspended one whose burden has been lifted."""
    walk = Walk(ground, "district")
    application = walk.play(shortest("district", "suspended") or [])
    ground.base.hands.advance(timedelta(minutes=1))
    ground.base.ok(run("resumption.burden.drop", {"burden": walk.burden, "answer": "整改好了"}, actor=ground.base.bureau))
    return application


def annulled(ground: Ground, *, newer: bool = False) -> Application:
    """Give a refused one whose refusal was revoked, before the news has gone out; or beside one that was handed in since."""
    walk = Walk(ground, "district")
    application = walk.play(shortest("district", "refused") or [])
    ground.base.hands.advance(timedelta(minutes=1))
    if newer:
        ground.base.ok(ground.base.submit(walk.firm, planned_at="2020-02-10T09:00"))
    with acting(ground.base.bureau):
        Burden._base_manager.filter(pk=walk.burden).update(state="revoked")
    return application


def altered(application: Application, **firm: Any) -> Application:
    """Give a copy whose firm differs."""
    twin = copy.copy(application)
    twin._state = copy.copy(application._state)
    with acting(DOOR):
        system = machine("system")
    with acting(system):
        enterprise = Enterprise._base_manager.get(pk=application.enterprise_id)
    for name, value in firm.items():
        setattr(enterprise, name, value)
    twin._state.fields_cache = {**application._state.fields_cache, "enterprise": enterprise}
    return twin


def handed_in(ground: Ground, **firm: Any) -> Application:
    base = ground.base
    base.hands.set(MORNING)
    return base.ok(base.submit(base.firm(size="small", **firm), planned_at="2020-02-10T09:00"))


def closed_site(ground: Ground, state: str) -> Application:
    """Bring one to a state and then draw a lockdown around its site."""
    return in_a_closed_site(ground, Walk(ground, "district").play(shortest("district", state) or []))


def in_a_closed_site(ground: Ground, application: Application) -> Application:
    base = ground.base
    office = officer("control_office", base.district, department="防控办三")
    with acting(office):
        sites = [str(id) for id in Site._base_manager.filter(enterprise=application.enterprise_id).values_list("id", flat=True)]
    base.hands.advance(timedelta(minutes=1))
    area = base.ok(run("response.area.draw", {"klass": "lockdown", "document": "第1号通告", "sites": sites}, actor=office))
    base.ok(run("response.area.confirm", {"area": area.id}, actor=office))
    base.hands.advance(timedelta(minutes=1))
    return application


def half_looked(ground: Ground, *, fix: bool = False) -> Application:
    """Give one at which the team has looked: everything is right but one item, which is open or faulty."""
    application = whole(ground)
    with acting(ground.base.bureau):
        application.items.filter(code=the_item(application)).update(result="fix" if fix else "")
    return application


def whole(ground: Ground) -> Application:
    """Give one whose list is whole."""
    application = Walk(ground, "district").play(shortest("district", "assigned") or [])
    with acting(ground.base.bureau):
        application.items.update(result="ok")
    return application


def member_of_another(ground: Ground) -> Actor:
    with acting(DOOR):
        team = TaskForce._base_manager.create(
            name="评估二组", kind="assessment", place=ground.base.district, region=ground.base.district, district=330213, since=LONG_AGO
        )
    return member(team, ground.base.district, name="二组组员")


def guards(ground: Ground, *, verbs: Iterable[str] = tuple(WHO)) -> list[str]:
    """Ask each guard about its cases."""
    wrong = []
    with acting(ground.by_role["system"]):
        for promise, verb, application, actor, wanted in ground.cases:
            if verb not in verbs:
                continue
            found = said(verb, application, actor)
            if found != wanted:
                wrong.append(f"{promise}: {found}, not {wanted}")
    return wrong


# ---------------------------------------------------------------- the promises are kept


def test_every_path_leads_where_it_was_promised(ground: Ground) -> None:
    """Tests each step after each other by the people whose step it is: state, stamps, clocks, deadline, permits, record."""
    played = 0
    for route in ("town", "district"):
        ways = paths(route)
        for way in ways:
            Walk(ground, route).play(way)
        played += len(ways)
        pairs = {(a, b) for way in ways for a, b in zip(["submit", *way], way, strict=False)}
        assert {b for _, b in pairs} == {verb for _, verb, _ in edges(route)}
    with acting(ground.by_role["system"]):
        assert drift(RESUMPTION) == []
    assert played > 40


def test_filing_is_a_path_of_its_own(ground: Ground) -> None:
    """Tests that under filing an application is approved by its own act, at once, with a permit, and may start."""
    Walk(ground, "town", category=FILING).play(["file", "start"])


def test_every_forbidden_move_is_refused_for_its_reason(ground: Ground) -> None:
    """Tests every verb in every state on both routes as every role: allowed where promised, refused by the right name elsewhere."""
    ground.base.hands.set(EVENING)
    cells, wrong = grid(ground)
    assert wrong == []
    assert told_late(ground) == [] and words(ground) == []
    assert cells > 20 * 17 * len(ground.by_role)


def test_every_guard_refuses_what_it_is_about_and_nothing_else(ground: Ground) -> None:
    """Tests each guard with a case that it must refuse and one that it must let pass."""
    ground.base.hands.set(EVENING)
    assert guards(ground) == []


# ---------------------------------------------------------------- the table is spoiled


def noticed(ground: Ground, change: Spoiling) -> bool:
    """Say whether any promise breaks under a change of the table: the cheap questions first, then the walks."""
    ground.base.hands.set(EVENING)
    guarded = tuple({verb for _, verb, *_ in ground.cases})
    asks = {"row": (change.verb,), "guard": guarded}.get(change.about, ())
    roles = {"city_clerk", "town_leader"}.union(*(who for verb in asks for who in WHO[verb].values()))
    try:
        with spoiled(RESUMPTION, table, change):
            if words(ground) or (change.about == "row" and grid(ground, verbs=asks, roles=roles)[1]):
                return True
            if guards(ground, verbs=asks) or (change.about == "row" and told_late(ground, verbs=asks)):
                return True
            for route, way in ways(change):
                Walk(ground, route, **({"category": FILING} if "file" in way else {})).play(way)
    except Exception:
        return True
    return False


def ways(change: Spoiling) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give short ways past the place of a change, then the long ones; none where asking is enough."""
    if change.about in ("row", "guard", "data"):
        return
    if change.verb == "file":
        yield "town", ("file", "start")
        return
    for route in ("district", "town"):
        for state, verb, target in edges(route):
            if change.verb == verb or change.state in (state, target):
                yield route, (*(shortest(route, state) or ()), verb)
    yield from ((route, tuple(way.split())) for route, way in TOUR.items())


@pytest.mark.slow
def test_the_table_cannot_be_spoiled_unnoticed(ground: Ground) -> None:
    """Tests that without any row, guard, clock or stamp, or wider, a promise breaks; survivors are listed."""
    changes = list(spoilings(RESUMPTION, table, idle="started_at", seen="resumption.see"))
    survivors = [change.name for change in changes if not noticed(ground, change)]
    assert survivors == []
    assert len(changes) > 300
    assert not any(noticed(ground, Spoiling("nothing", lambda: None, about)) for about in ("guard", "clock")), "the sound table keeps them"
