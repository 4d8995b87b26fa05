"""The tables of mobilisation: a notice, a rota and its duties."""

from datetime import datetime, timedelta

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.language import said
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .courses import lacking, passed
from .models import Call, Course, Loan, Notice, Roster, Stay, Trainee, Turn, Volunteer
from .terms import (
    CALL,
    CALL_STATES,
    COURSE,
    COURSE_STATES,
    DUTY,
    EARLY,
    JOIN,
    LAPSE,
    LEARN,
    LEND,
    LOAN,
    LOAN_STATES,
    LONGEST,
    NOTICE,
    NOTICE_STATES,
    ORGANISE,
    PUBLISH,
    ROSTER,
    ROSTER_STATES,
    ROTA,
    STAY,
    STAY_STATES,
    TRAIN,
    TRAINEE,
    TRAINEE_STATES,
    TURN,
    TURN_STATES,
    VOLUNTEER,
    VOLUNTEER_STATES,
    WRITE,
)


def by_another_than_the_author(notice: Notice, actor: Actor, at: datetime) -> None:
    """Nobody who wrote at it publishes it."""
    if actor.id in notice.writers:
        raise refusals.AnotherPublishes()


NOTICES = Workflow(
    NOTICE,
    Notice,
    opening=Opening("write", "起草通知", WRITE, data=("version",), stamp="written_at"),
    start="drafted",
    moves=[
        Move("edit", "改", ("drafted",), "drafted", WRITE),
        Move("enclose", "加附件", ("drafted",), "drafted", WRITE, data=("digest",)),
        Move("leave_out", "去掉附件", ("drafted",), "drafted", WRITE, data=("file",)),
        Move("hand_in", "送核发", ("drafted",), "review", WRITE, stamp="handed_in_at", then="另一位同事看过再发，您这里看得到发没发。"),
        Move("send_back", "退回改", ("review",), "drafted", PUBLISH, then="写的人看到要改什么。"),
        Move(
            "publish", "发布", ("review",), "published", PUBLISH, guard=by_another_than_the_author, data=("audience", "version"),
            stamp="published_at", then="名单上的人马上看到，谁确认、谁没确认都列出来。",
        ),
        Move("replace", "有新版", ("published",), "superseded", PUBLISH, data=("version",), stamp="ended_at"),
        Move("take_back", "收回", ("published",), "withdrawn", PUBLISH, stamp="ended_at", then="名单上的人看到已收回和原因，不用再确认。"),
        Move("drop", "不发了", ("drafted", "review"), "dropped", WRITE, stamp="ended_at", then="这一稿留底，不再改。"),
    ],
    states=NOTICE_STATES,
)  # fmt: skip

ROSTERS = Workflow(
    ROSTER,
    Roster,
    opening=Opening("plan", "新排一张表", ROTA, data=("days",)),
    start="drafted",
    moves=[
        Move("people", "定人", ("drafted",), "drafted", ROTA, data=("people",)),
        Move("fill", "自动排班", ("drafted",), "drafted", ROTA, data=("filled", "empty"), then="空着的班按规则补上，每一班写明为什么。"),
        Move(
            "publish", "公布", ("drafted",), "published", ROTA, data=("duties",), stamp="published_at",
            then="值班的人看到自己的班，之后换班要对方答应。",
        ),
        Move("drop", "不用这张表", ("drafted",), "dropped", ROTA),
    ],
    states=ROSTER_STATES,
)  # fmt: skip


def own(turn: Turn, actor: Actor, at: datetime) -> None:
    """The duty is the actor's."""
    if str(turn.person) != actor.id:
        raise refusals.NotYourDuty()


def own_and_ahead(turn: Turn, actor: Actor, at: datetime) -> None:
    """The duty is the actor's and has not begun."""
    own(turn, actor, at)
    if turn.starts_at <= at:
        raise refusals.BegunAlready()


def own_and_now(turn: Turn, actor: Actor, at: datetime) -> None:
    """The duty is the actor's, and it is its time."""
    own(turn, actor, at)
    if not turn.starts_at - EARLY <= at < turn.ends_at:
        raise refusals.NotYetTime()


def asked_of_me(turn: Turn, actor: Actor, at: datetime) -> None:
    """The swap was asked of the actor, and the duty has not begun."""
    if str(turn.swap_person) != actor.id:
        raise refusals.NotAskedYou()
    if turn.starts_at <= at:
        raise refusals.BegunAlready()


def not_over(turn: Turn, actor: Actor, at: datetime) -> None:
    """The duty has not ended."""
    if turn.ends_at <= at:
        raise refusals.BegunAlready()


TURNS = Workflow(
    TURN,
    Turn,
    opening=Opening("plan", "排班", ROTA, data=("day", "shift")),
    start="drafted",
    moves=[
        Move("assign", "排人", ("drafted",), "drafted", ROTA, data=("person",)),
        Move("publish", "公布", ("drafted",), "published", ROTA),
        Move("ask", "请人换班", ("published",), "asked", DUTY, guard=own_and_ahead, data=("person",), then="对方答应以前，班还是您的。"),
        Move("agree", "答应换班", ("asked",), "published", DUTY, guard=asked_of_me, data=("person",), then="这个班从现在起是您的。"),
        Move("decline", "换不了", ("asked",), "published", DUTY, guard=asked_of_me, then="对方看到您换不了，班还是他的。"),
        Move("unask", "不换了", ("asked",), "published", DUTY, guard=own_and_ahead),
        Move("change", "换人", ("published", "asked"), "published", ROTA, guard=not_over, data=("person",), then="原来的人和新的人都看得到。"),
        Move(
            "stand_in", "顶班", ("published", "asked"), "published", LEND, guard=not_over, data=("person",),
            then="抽调期间的班由顶班的人值，两个人都收到消息。",
        ),
        Move("take", "接班", ("published",), "on_duty", DUTY, guard=own_and_now, stamp="taken_at", then="大家看到现在是您在岗。"),
        Move(
            "hand_over", "交班", ("on_duty",), "handed_over", DUTY, guard=own, stamp="handed_over_at", backdate=timedelta(hours=2),
            then="下一班先看到您写的。",
        ),
        Move("drop", "取消", ("drafted",), "dropped", ROTA),
    ],
    states=TURN_STATES,
)  # fmt: skip


CALLS = Workflow(
    CALL,
    Call,
    opening=Opening("call", "发布招募", ORGANISE, data=("need",), stamp="called_at"),
    start="open",
    moves=[
        Move("close", "截止报名", ("open",), "closed", ORGANISE, stamp="closed_at", then="海报上的码不再收人，已报名的照常。"),
        Move("extend", "改人数和日期", ("open",), "open", ORGANISE, data=("need",)),
        Move("reopen", "再招", ("closed",), "open", ORGANISE, then="海报上的码又能报名。"),
    ],
    states=CALL_STATES,
)


def trained(volunteer: Volunteer, actor: Actor, at: datetime) -> None:
    """Whoever is posted was trained in protection first."""
    if volunteer.trained_at is None:
        raise refusals.NotTrained()
    course = Course._base_manager.filter(calls=volunteer.call_id).first()
    if course is not None and not passed(course.id, volunteer=volunteer.id):
        raise refusals.NotPassed(
            said("{name}还没有学完《{course}》，没有派岗。", name=volunteer.name, course=course.title), fix="志愿者打开自己的页面就能学。"
        )


def taught_by_hand(volunteer: Volunteer, actor: Actor, at: datetime) -> None:
    """Where a call asks for a course, its own pass says who was trained."""
    course = Course._base_manager.filter(calls=volunteer.call_id).first()
    if course is not None and not passed(course.id, volunteer=volunteer.id):
        raise refusals.NotPassed(
            said("{name}还没有学完《{course}》，没有记上。", name=volunteer.name, course=course.title),
            fix="志愿者打开自己的页面就能学；当面教过的，在培训里记免学。",
        )


VOLUNTEERS = Workflow(
    VOLUNTEER,
    Volunteer,
    opening=Opening("join", "报名", JOIN, stamp="joined_at"),
    start="joined",
    moves=[
        Move("train", "记上培训", ("joined",), "trained", ORGANISE, guard=taught_by_hand, stamp="trained_at", then="可以派岗了。"),
        Move("learn", "学完培训", ("joined",), "trained", LEARN, stamp="trained_at"),
        Move("post", "派岗", ("joined", "trained", "posted"), "posted", ORGANISE, guard=trained, data=("post",), stamp="posted_at"),
        Move("leave", "退出", ("joined", "trained", "posted"), "left", ORGANISE, then="不再派岗，做过的时长都在。"),
    ],
    states=VOLUNTEER_STATES,
)


COURSES = Workflow(
    COURSE,
    Course,
    opening=Opening("write", "起草培训", TRAIN, stamp="written_at"),
    start="drafted",
    moves=[
        Move("edit", "改", ("drafted",), "drafted", TRAIN),
        Move(
            "open", "开班", ("drafted",), "open", TRAIN, data=("audience",), stamp="opened_at", then="名单上的人收到消息，在手机上就能学。"
        ),
        Move("close", "结束", ("open",), "closed", TRAIN, stamp="closed_at", then="不再收人、不再催；学完的都在。"),
        Move("drop", "不办了", ("drafted",), "dropped", TRAIN, stamp="closed_at", then="这一稿留底，不再改。"),
    ],
    states=COURSE_STATES,
)


def learns_oneself(trainee: Trainee, actor: Actor, at: datetime) -> None:
    """Whoever learns is the actor: the person, or the volunteer at the door of their call."""
    mine = (
        actor.id == str(trainee.person)
        if trainee.person
        else trainee.volunteer is not None and actor.id == f"call:{trainee.volunteer.call_id}"
    )
    if not mine:
        raise refusals.NotYourCourse()


def has_all(trainee: Trainee, actor: Actor, at: datetime) -> None:
    """Nothing of the course lacks."""
    learns_oneself(trainee, actor, at)
    if lacking(trainee.course, trainee):
        raise refusals.StillLacking()


def another(trainee: Trainee, actor: Actor, at: datetime) -> None:
    """Nobody decides about their own training."""
    if actor.id == str(trainee.person):
        raise refusals.OwnExcuse()


TRAINEES = Workflow(
    TRAINEE,
    Trainee,
    opening=Opening("call", "通知培训", LEARN, stamp="called_at"),
    start="called",
    moves=[
        Move("study", "学", ("called", "learning"), "learning", LEARN, guard=learns_oneself, data=("lesson", "done")),
        Move("come", "签到", ("called", "learning"), "learning", LEARN, guard=learns_oneself, stamp="came_at"),
        Move("sit", "交卷", ("called", "learning"), "learning", LEARN, guard=learns_oneself, data=("number", "score")),
        Move("pass", "学完", ("called", "learning"), "passed", LEARN, guard=has_all, data=("score",), stamp="passed_at"),
        Move("fail", "机会用完", ("learning",), "failed", LEARN, guard=learns_oneself, then="找开班的单位，学一遍再给机会。"),
        Move("again", "再给机会", ("failed",), "learning", TRAIN, guard=another, then="答题次数重新算。"),
        Move("excuse", "免学", ("called", "learning", "failed"), "excused", TRAIN, guard=another, then="算学过，写明为什么。"),
    ],
    states=TRAINEE_STATES,
)  # fmt: skip


def hours_clear(stay: Stay, actor: Actor, at: datetime) -> None:
    """The stay was signed out in time, or an organiser has said when it ended."""
    if stay.came_at is None or stay.went_at is None or (stay.went_at - stay.came_at > LONGEST and not stay.mended_by):
        raise refusals.HoursUnclear()


STAYS = Workflow(
    STAY,
    Stay,
    opening=Opening("come", "签到", JOIN, data=("post",), stamp="came_at"),
    start="in",
    moves=[
        Move("go", "签退", ("in",), "out", JOIN, data=("minutes",), stamp="went_at"),
        Move("mend", "补记签退", ("in", "out"), "out", ORGANISE, data=("minutes",), then="写明几点走的，记您补的。"),
        Move("credit", "记上时长", ("out",), "credited", ORGANISE, guard=hours_clear, stamp="credited_at", then="算进人次和时长。"),
        Move("void", "不算", ("in", "out"), "void", ORGANISE, then="不算人次和时长，记录留着。"),
    ],
    states=STAY_STATES,
)


def cover_answers(loan: Loan, actor: Actor, at: datetime) -> None:
    """Only who is to cover answers."""
    if str(loan.cover) != actor.id:
        raise refusals.CoverAnswers()


def goes_oneself(loan: Loan, actor: Actor, at: datetime) -> None:
    """Who is to go, or who asked for it, may change it."""
    if actor.id not in (str(loan.person), loan.asker):
        raise refusals.NotYourLoan()


def by_another_than_who_goes(loan: Loan, actor: Actor, at: datetime) -> None:
    """Who is lent does not approve it; and a course that is asked for comes first."""
    if actor.id == str(loan.person):
        raise refusals.OwnLoan()
    if loan.course is not None and not passed(loan.course.id, person=loan.person):
        raise refusals.NotPassed(
            said("{name}还没有学完《{course}》，没有同意。", name=loan.name, course=loan.course.title),
            fix="学完再来；当面教过的，在培训里记免学。",
        )


LOANS = Workflow(
    LOAN,
    Loan,
    opening=Opening("ask", "报名抽调", DUTY, data=("days",), stamp="asked_at"),
    start="asked",
    moves=[
        Move("cover", "答应顶班", ("asked",), "covered", DUTY, guard=cover_answers, then="领导同意以后开始。"),
        Move("rename", "换一位顶班", ("asked", "covered"), "asked", DUTY, guard=goes_oneself, data=("person",), then="等新的一位答应。"),
        Move(
            "approve", "同意抽调", ("covered",), "away", LEND, guard=by_another_than_who_goes, data=("hours",), stamp="approved_at",
            then="到期自己结束，本职工作由顶班的人办。",
        ),
        Move("recall", "提前回来", ("away",), "back", LEND, stamp="back_at", then="顶班到此为止。"),
        Move("expire", "到期回来", ("away",), "back", LAPSE, stamp="back_at"),
        Move("drop", "不去了", ("asked", "covered"), "dropped", DUTY, guard=goes_oneself),
    ],
    states=LOAN_STATES,
    clocks=[Clock("until", "抽调到期", lambda loan: Allow(hours=loan.hours), frozenset({"away"}), lapse="expire")],
)  # fmt: skip
