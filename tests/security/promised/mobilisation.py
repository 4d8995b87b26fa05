"""What these promise: notices, duty, volunteers and secondment."""

from typing import Any
from uuid import uuid4

from qifu.areas.mobilisation import workflow as mobilisation
from qifu.areas.mobilisation.models import Call, Course, Notice, Roster, Stay, Trainee, Turn, Volunteer
from qifu.areas.mobilisation.models import Loan as Lent

from ..promising import BEFORE, CLOCKWORK, EARLY, HOURS, NOW, Case, Promise, Row

TELLS = {"control_office", "bureau_clerk", "town_clerk", "zone_clerk", "replay"}
"""Writes notices; organises volunteers."""
ISSUES = {"control_office", "approver", "leader", "town_leader", "replay"}
PLANS = {"control_office", "town_clerk", "zone_clerk", "replay"}
JOINS = {"volunteer", "replay"}
ON_DUTY = {
    "liaison", "town_clerk", "town_leader", "zone_clerk", "bureau_clerk", "approver", "fire_clerk", "health_clerk", "labour_clerk",
    "education_clerk", "control_office", "key_list_clerk", "leader", "call_taker", "industry_clerk", "unit_admin", "group_member", "replay",
}  # fmt: skip
LENDS = {"approver", "town_leader", "leader", "replay"}
TEACHES = {*TELLS, "fire_clerk", "health_clerk"}
LEARNS = {*ON_DUTY, "enterprise_contact", "volunteer"}
STUDIED: dict[str, Any] = {"seen": {"0": {"opened": "x", "done": "x"}}}
AHEAD: dict[str, Any] = {"starts_at": NOW + 24 * HOURS, "ends_at": NOW + 33 * HOURS}

PROMISES: dict[str, Promise] = {
    "mobilisation.notice": Promise(
        mobilisation.NOTICES,
        mobilisation,
        opens=("write", TELLS, 0 * HOURS, "written_at", {"version"}),
        who={
            **dict.fromkeys(("edit", "enclose", "leave_out", "hand_in", "drop"), TELLS),
            **dict.fromkeys(("send_back", "publish", "replace", "take_back"), ISSUES),
        },
        steps={
            "drafted": {"edit": "drafted", "enclose": "drafted", "leave_out": "drafted", "hand_in": "review", "drop": "dropped"},
            "review": {"send_back": "drafted", "publish": "published", "drop": "dropped"},
            "published": {"replace": "superseded", "take_back": "withdrawn"},
            "superseded": {},
            "withdrawn": {},
            "dropped": {},
        },
        stamps={
            "hand_in": "handed_in_at",
            "publish": "published_at",
            "replace": "ended_at",
            "take_back": "ended_at",
            "drop": "ended_at",
        },
        idle="confirm_by",
        seen="mobilisation.duty",
        may_hold={"publish": {"audience", "version"}, "replace": {"version"}, "enclose": {"digest"}, "leave_out": {"file"}},
        facts={"author": "somebody"},
        cases=[
            Case("who wrote does not publish", "review", "publish", "control_office", "AnotherPublishes", by="writers"),
            Case("another does", "review", "publish", "approver", None),
        ],
    ),
    "mobilisation.roster": Promise(
        mobilisation.ROSTERS,
        mobilisation,
        opens=("plan", PLANS, 0 * HOURS, None, {"days"}),
        who=dict.fromkeys(("people", "fill", "publish", "drop"), PLANS),
        steps={
            "drafted": {"people": "drafted", "fill": "drafted", "publish": "published", "drop": "dropped"},
            "published": {},
            "dropped": {},
        },
        stamps={"publish": "published_at"},
        idle="published_at",
        seen="mobilisation.duty",
        may_hold={"people": {"people"}, "fill": {"filled", "empty"}, "publish": {"duties"}},
    ),
    "mobilisation.turn": Promise(
        mobilisation.TURNS,
        mobilisation,
        opens=("plan", PLANS, 0 * HOURS, None, {"day", "shift"}),
        who={
            **dict.fromkeys(("assign", "publish", "change", "drop"), PLANS),
            **dict.fromkeys(("ask", "agree", "decline", "unask", "take", "hand_over"), ON_DUTY),
            "stand_in": LENDS,
        },
        steps={
            "drafted": {"assign": "drafted", "publish": "published", "drop": "dropped"},
            "published": {"ask": "asked", "change": "published", "stand_in": "published", "take": "on_duty"},
            "asked": {"agree": "published", "decline": "published", "unask": "published", "change": "published", "stand_in": "published"},
            "on_duty": {"hand_over": "handed_over"},
            "handed_over": {},
            "dropped": {},
        },
        late={"hand_over": 2 * HOURS},
        stamps={"take": "taken_at", "hand_over": "handed_over_at"},
        idle="taken_at",
        seen="registry.see",
        may_hold={verb: {"person"} for verb in ("assign", "ask", "agree", "change", "stand_in")},
        facts={"starts_at": NOW, "ends_at": NOW + 9 * HOURS},
        cases=[
            Case("one asks for one's own", "published", "ask", "bureau_clerk", None, AHEAD, by="person"),
            Case("not for another's", "published", "ask", "bureau_clerk", "NotYourDuty", AHEAD),
            Case("nor for what has begun", "published", "ask", "bureau_clerk", "BegunAlready", by="person"),
            Case("who is asked agrees", "asked", "agree", "bureau_clerk", None, AHEAD, by="swap_person"),
            Case("another does not", "asked", "agree", "bureau_clerk", "NotAskedYou", AHEAD, by="person"),
            Case("nor when it has begun", "asked", "agree", "bureau_clerk", "BegunAlready", by="swap_person"),
            Case("who is asked declines", "asked", "decline", "bureau_clerk", None, AHEAD, by="swap_person"),
            Case("another does not decline", "asked", "decline", "bureau_clerk", "NotAskedYou", AHEAD),
            Case("who asked takes it back", "asked", "unask", "bureau_clerk", None, AHEAD, by="person"),
            Case("another does not take it back", "asked", "unask", "bureau_clerk", "NotYourDuty", AHEAD),
            Case("one takes on one's own", "published", "take", "bureau_clerk", None, by="person"),
            Case("also an hour before", "published", "take", "bureau_clerk", None, {"starts_at": NOW + HOURS}, by="person"),
            Case("not sooner", "published", "take", "bureau_clerk", "NotYetTime", AHEAD, by="person"),
            Case("nor when it is over", "published", "take", "bureau_clerk", "NotYetTime", {"ends_at": NOW}, by="person"),
            Case("nor another's", "published", "take", "bureau_clerk", "NotYourDuty"),
            Case("one hands over one's own", "on_duty", "hand_over", "bureau_clerk", None, by="person"),
            Case("not another's", "on_duty", "hand_over", "bureau_clerk", "NotYourDuty"),
            Case("what is over is not changed", "published", "change", "control_office", "BegunAlready", {"ends_at": NOW}),
            Case("nor while somebody is asked", "asked", "change", "control_office", "BegunAlready", {"ends_at": NOW}),
            *[
                Case("and nobody stands in for what is over", state, "stand_in", "approver", "BegunAlready", {"ends_at": NOW})
                for state in ("published", "asked")
            ],
        ],
    ),
    "mobilisation.call": Promise(
        mobilisation.CALLS,
        mobilisation,
        opens=("call", TELLS, 0 * HOURS, "called_at", {"need"}),
        who={"close": TELLS, "extend": TELLS, "reopen": TELLS},
        may_hold={"extend": {"need"}},
        steps={"open": {"close": "closed", "extend": "open"}, "closed": {"reopen": "open"}},
        stamps={"close": "closed_at"},
        idle="called_at",
        seen="mobilisation.duty",
    ),
    "mobilisation.volunteer": Promise(
        mobilisation.VOLUNTEERS,
        mobilisation,
        opens=("join", JOINS, 0 * HOURS, "joined_at", set()),
        who={**dict.fromkeys(("train", "post", "leave"), TELLS), "learn": LEARNS},
        steps={
            "joined": {"train": "trained", "learn": "trained", "post": "posted", "leave": "left"},
            "trained": {"post": "posted", "leave": "left"},
            "posted": {"post": "posted", "leave": "left"},
            "left": {},
        },
        stamps={"train": "trained_at", "learn": "trained_at", "post": "posted_at"},
        idle="joined_at",
        seen="mobilisation.duty",
        may_hold={"post": {"post"}},
        cases=[
            Case("where a course is asked for, its pass says who was trained", "joined", "train", "town_clerk", "NotPassed", {"asks": 1}),
            Case("elsewhere the organiser does", "joined", "train", "town_clerk", None),
            Case("and nobody is posted without it", "trained", "post", "town_clerk", "NotPassed", {"asks": 1, "trained_at": BEFORE}),
            Case("nobody is posted untrained", "joined", "post", "town_clerk", "NotTrained", {"trained_at": None}),
            *[Case("trained is", state, "post", "town_clerk", None, {"trained_at": BEFORE}) for state in ("joined", "trained", "posted")],
        ],
    ),
    "mobilisation.stay": Promise(
        mobilisation.STAYS,
        mobilisation,
        opens=("come", JOINS, 0 * HOURS, "came_at", {"post"}),
        who={"go": JOINS, **dict.fromkeys(("mend", "credit", "void"), TELLS)},
        steps={
            "in": {"go": "out", "mend": "out", "void": "void"},
            "out": {"mend": "out", "credit": "credited", "void": "void"},
            "credited": {},
            "void": {},
        },
        stamps={"go": "went_at", "credit": "credited_at"},
        idle="credited_at",
        seen="mobilisation.duty",
        may_hold={"go": {"minutes"}, "mend": {"minutes"}},
        facts={"came_at": BEFORE},
        cases=[
            Case("what is clear is credited", "out", "credit", "town_clerk", None, {"went_at": BEFORE + 12 * HOURS}),
            Case("what is not signed out is not", "out", "credit", "town_clerk", "HoursUnclear", {"went_at": None}),
            Case("nor what is too long", "out", "credit", "town_clerk", "HoursUnclear", {"went_at": BEFORE + 13 * HOURS}),
            Case("nor what never began", "out", "credit", "town_clerk", "HoursUnclear", {"came_at": None, "went_at": BEFORE}),
            Case("unless mended", "out", "credit", "town_clerk", None, {"went_at": BEFORE + 13 * HOURS, "mended_by": "x"}),
        ],
    ),
    "mobilisation.loan": Promise(
        mobilisation.LOANS,
        mobilisation,
        opens=("ask", ON_DUTY, 0 * HOURS, "asked_at", {"days"}),
        who={
            **dict.fromkeys(("cover", "rename", "drop"), ON_DUTY),
            **dict.fromkeys(("approve", "recall"), LENDS),
            "expire": {*CLOCKWORK, "replay"},
        },
        steps={
            "asked": {"cover": "covered", "rename": "asked", "drop": "dropped"},
            "covered": {"rename": "asked", "approve": "away", "drop": "dropped"},
            "away": {"recall": "back", "expire": "back"},
            "back": {},
            "dropped": {},
        },
        stamps={"approve": "approved_at", "recall": "back_at", "expire": "back_at"},
        idle="asked_at",
        seen="registry.see",
        may_hold={"rename": {"person"}, "approve": {"hours"}},
        runs={"away": ("until", NOW + 24 * HOURS, "", "expire")},
        facts={"hours": 24, "asker": "somebody"},
        cases=[
            Case("who is to cover agrees", "asked", "cover", "bureau_clerk", None, by="cover"),
            Case("another does not", "asked", "cover", "bureau_clerk", "CoverAnswers", by="person"),
            Case("who goes asks another", "asked", "rename", "bureau_clerk", None, by="person"),
            Case("also later", "covered", "rename", "bureau_clerk", None, by="person"),
            Case("who asked for it may too", "asked", "rename", "bureau_clerk", None, by="asker"),
            Case("nobody else", "asked", "rename", "bureau_clerk", "NotYourLoan"),
            Case("who goes calls it off", "asked", "drop", "bureau_clerk", None, by="person"),
            Case("also when covered", "covered", "drop", "bureau_clerk", None, by="person"),
            Case("nobody else calls it off", "covered", "drop", "bureau_clerk", "NotYourLoan"),
            Case("who goes does not approve", "covered", "approve", "approver", "OwnLoan", by="person"),
            Case("another approves", "covered", "approve", "approver", None),
            Case("not before a course that is asked for", "covered", "approve", "approver", "NotPassed", {"taught": 1}),
        ],
    ),
    "mobilisation.course": Promise(
        mobilisation.COURSES,
        mobilisation,
        opens=("write", TEACHES, 0 * HOURS, "written_at", set()),
        who=dict.fromkeys(("edit", "open", "close", "drop"), TEACHES),
        steps={"drafted": {"edit": "drafted", "open": "open", "drop": "dropped"}, "open": {"close": "closed"}, "closed": {}, "dropped": {}},
        stamps={"open": "opened_at", "close": "closed_at", "drop": "closed_at"},
        idle="written_at",
        seen="mobilisation.duty",
        may_hold={"open": {"audience"}},
    ),
    "mobilisation.trainee": Promise(
        mobilisation.TRAINEES,
        mobilisation,
        opens=("call", LEARNS, 0 * HOURS, "called_at", set()),
        who={**dict.fromkeys(("study", "come", "sit", "pass", "fail"), LEARNS), **dict.fromkeys(("again", "excuse"), TEACHES)},
        steps={
            "called": {"study": "learning", "come": "learning", "sit": "learning", "pass": "passed", "excuse": "excused"},
            "learning": {
                "study": "learning",
                "come": "learning",
                "sit": "learning",
                "pass": "passed",
                "fail": "failed",
                "excuse": "excused",
            },
            "failed": {"again": "learning", "excuse": "excused"},
            "passed": {},
            "excused": {},
        },
        stamps={"come": "came_at", "pass": "passed_at"},
        idle="called_at",
        seen="registry.see",
        may_hold={"study": {"lesson", "done"}, "sit": {"number", "score"}, "pass": {"score"}},
        facts=STUDIED,
        cases=[
            *[
                Case(f"one does one's own: {verb}", state, verb, "town_clerk", None, by="person")
                for verb in ("study", "come", "sit", "pass")
                for state in ("called", "learning")
            ],
            *[
                Case(f"and no other's: {verb}", "learning", verb, "town_clerk", "NotYourCourse")
                for verb in ("study", "come", "sit", "pass")
            ],
            Case("one's own tries end", "learning", "fail", "town_clerk", None, by="person"),
            Case("not another's", "learning", "fail", "town_clerk", "NotYourCourse"),
            Case("nothing may lack", "learning", "pass", "town_clerk", "StillLacking", {"seen": {}}, by="person"),
            Case("the keeper gives tries", "failed", "again", "town_clerk", None),
            Case("not to oneself", "failed", "again", "town_clerk", "OwnExcuse", by="person"),
            *[Case("the keeper excuses", state, "excuse", "town_clerk", None) for state in ("called", "learning", "failed")],
            Case("not oneself", "called", "excuse", "town_clerk", "OwnExcuse", by="person"),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Notice: lambda ground, facts, save: {"title": "通知", "text": "试", "office": "区", "author_name": "x"},
    Roster: lambda ground, facts, save: {
        "title": "表",
        "first_day": NOW.date(),
        "last_day": NOW.date(),
        "rest_hours": 16,
        "most_in_week": 3,
        "planner": "x",
        "planner_name": "x",
    },
    Turn: lambda ground, facts, save: {
        "roster_id": uuid4(),
        "day": NOW.date(),
        "shift": "day",
        "shift_name": "白班",
        "post": "岗",
        "points": 2,
    },
    Call: lambda ground, facts, save: {
        "title": "招募",
        "text": "试",
        "office": "区",
        "phone": "1",
        "need": 1,
        "first_day": NOW.date(),
        "last_day": NOW.date(),
        "code": uuid4().hex[:8],
        "organiser": "x",
        "organiser_name": "x",
    },
    Volunteer: lambda ground, facts, save: {
        "call_id": ground.call if facts.pop("asks", 0) else uuid4(),
        "name": "人",
        "phone": "13800000000",
        "born_in": EARLY.date(),
        "digest": "0",
        "sender": "0",
    },
    Course: lambda ground, facts, save: {"title": "培训", "office": "区", "keeper": "x", "keeper_name": "x"},
    Trainee: lambda ground, facts, save: {
        "course_id": ground.course,
        "name": "人",
        "place": ground.place,
        **({} if "person" in facts else {"person": uuid4()}),
    },
    Stay: lambda ground, facts, save: {"volunteer_id": uuid4(), "post_id": uuid4()},
    Lent: lambda ground, facts, save: {
        "name": "人",
        "to": "卡口",
        "task": "查验",
        "first_day": NOW.date(),
        "last_day": NOW.date(),
        "cover_name": "人",
        "cover_work": "文件",
        **({} if "person" in facts else {"person": uuid4()}),
        **({} if "cover" in facts else {"cover": uuid4()}),
        **({"course_id": ground.course} if facts.pop("taught", 0) else {}),
    },
}
"""Columns without which no row of theirs can stand."""
