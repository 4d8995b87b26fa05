"""The words of mobilisation: states, rights, audiences, and the limits of a rota and of a volunteer's stay."""

from datetime import timedelta

from qifu.kernel.language import said

NOTICE, ROSTER, TURN = "mobilisation.notice", "mobilisation.roster", "mobilisation.turn"
CALL, VOLUNTEER, STAY = "mobilisation.call", "mobilisation.volunteer", "mobilisation.stay"
COURSE, TRAINEE, LOAN = "mobilisation.course", "mobilisation.trainee", "mobilisation.loan"

TRAIN, LEARN = "mobilisation.train", "mobilisation.learn"
"""To keep courses; to be taught: everybody who can be in an audience."""

WRITE, PUBLISH = "mobilisation.notice", "mobilisation.publish"
ROTA, DUTY = "mobilisation.rota", "mobilisation.duty"
JOIN = "mobilisation.join"
"""Worn by a volunteer who has no account, in their own call only."""
ORGANISE, LEND, LAPSE = "mobilisation.organise", "mobilisation.lend", "mobilisation.lapse"

NOTICE_STATES = {
    "drafted": said("起草中"),
    "review": said("等人核发"),
    "published": said("已发布"),
    "superseded": said("有新版"),
    "withdrawn": said("已收回"),
    "dropped": said("不发了"),
}
ROSTER_STATES = {"drafted": said("排班中"), "published": said("已公布"), "dropped": said("不用了")}
TURN_STATES = {
    "drafted": said("排班中"),
    "published": said("已排定"),
    "asked": said("等人答应换班"),
    "on_duty": said("在岗"),
    "handed_over": said("已交班"),
    "dropped": said("取消"),
}

CALL_STATES = {"open": said("招募中"), "closed": said("已截止")}
VOLUNTEER_STATES = {"joined": said("已报名"), "trained": said("已培训"), "posted": said("已派岗"), "left": said("已退出")}
STAY_STATES = {"in": said("在岗"), "out": said("已签退"), "credited": said("已记时长"), "void": said("不算")}

LOAN_STATES = {
    "asked": said("等顶班的人答应"),
    "covered": said("等领导同意"),
    "away": said("抽调中"),
    "back": said("已回来"),
    "dropped": said("不去了"),
}

COURSE_STATES = {"drafted": said("起草中"), "open": said("培训中"), "closed": said("已结束"), "dropped": said("不办了")}
TRAINEE_STATES = {
    "called": said("还没开始"),
    "learning": said("在学"),
    "passed": said("学完"),
    "failed": said("机会用完"),
    "excused": said("免学"),
}
LEFT = ("called", "learning", "failed")
"""States of whoever has still to pass."""
PASSED = ("passed", "excused")
MOST_LESSONS, MOST_QUESTIONS = 8, 100
WATCHED = 0.8
"""Of a film so much of its length must have gone by before it counts as seen: people also watch it a little faster."""

ADULT = 18
LONGEST = timedelta(hours=12)
"""A stay that lasts longer was not signed out in time: its hours wait for the organiser."""
SAME_SCAN = timedelta(minutes=10)
"""Two scans so close are one."""
MOST_JOINS = 30
"""How many join from one network in a day."""

SIZES = {"above": said("规上"), "limit_above": said("限上"), "small": said("规下")}
CONTACT = "enterprise_contact"

SHIFTS = (
    {"code": "day", "name": "白班", "from": "08:30", "to": "17:30", "points": 2},
    {"code": "night", "name": "夜班", "from": "17:30", "to": "08:30", "points": 3},
)
"""The shifts that a new rota begins with; a night counts half as much again, a day off one more."""
POSTS = ("带班领导", "值班员")
REST_HOURS, MOST_IN_WEEK = 16, 3
"""Between two duties of one person at least so many hours, and in seven days at most so many duties."""
MOST_DAYS, MOST_PEOPLE, MOST_SHIFTS = 62, 120, 4
EARLY = timedelta(hours=1)
"""How long before its beginning a duty may be taken on."""

WHY_NOT = {
    "off": said("请假"),
    "double": said("这个时间已经在值别的班"),
    "rest": said("离上一班或下一班休息不够{hours}小时"),
    "week": said("七天里已经排了{most}个班"),
    "post": said("不值这个岗"),
}
"""Why somebody does not fit a duty."""
