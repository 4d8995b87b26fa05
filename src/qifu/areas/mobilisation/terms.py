"""The words of mobilisation: states, rights, audiences, and the limits of a rota and of a volunteer's stay."""

from datetime import timedelta

from qifu.kernel.language import said

NOTICE, ROSTER, TURN = "mobilisation.notice", "mobilisation.roster", "mobilisation.turn"
CALL, VOLUNTEER, STAY = "mobilisation.call", "mobilisation.volunteer", "mobilisation.stay"
COURSE, TRAINEE, LOAN = "mobilisation.course", "mobilisation.trainee", "mobilisation.loan"

WRITE, PUBLISH = "mobilisation.notice", "mobilisation.publish"
ROTA, DUTY = "mobilisation.rota", "mobilisation.duty"
ORGANISE, LEND = "mobilisation.organise", "mobilisation.lend"

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
MOST_DAYS, MOST_PEOPLE = 62, 120
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
