"""What the sample district of the demo has of mobilisation, made by the product's own actions."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Person, everything
from qifu.kernel.actions import run
from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.documents import papers, typeset

from .models import Post, Sitting, Trainee, Turn

_ON_DUTY = ("MC0009", "MC0010", "MC0011", "MC0012", *(f"MC{n:04d}" for n in range(17, 34)))
_LEADERS = tuple(f"MC{n:04d}" for n in (5, 6, 7, 8, 14, 15, 16))


class _Stage(Stage):
    def actor(self, number: str) -> Actor:
        return self.who(f"officer:{number}")

    def move(self, name: str, who: Actor, /, **given: Any) -> Any:
        """Do one act of the area, three minutes after the last."""
        return self.do(f"mobilisation.{name}", who, after=3, **given)


_CHECKS = papers.Sheet(
    title="开工前消防自查表",
    columns=(papers.Column("查什么", width=2), papers.Column("怎样才算好", width=4), papers.Column("查过")),
    rows=[
        ("消防通道", "门能推开，门口和过道不堆东西", ""), ("电源", "停产时断开的逐路合上，电线不发烫、没有老鼠咬过", ""),
        ("灭火器", "指针在绿区，一伸手够得到", ""), ("危险品仓库", "门锁好，专人管，通风开着", ""),
        ("宿舍和食堂", "不同楼；同楼的当天报区消防救援大队", ""),
    ],
    filler="安全员", checker="值班负责人",
)  # fmt: skip


def seed(people: Mapping[str, UUID], *, at: datetime) -> None:
    """Make notices, courses, a rota with somebody on duty now, and what else there is. `people`: officer:<number> -> person."""
    with clock.use(clock.Fixed(at - timedelta(hours=8))) as hands:
        stage = _Stage(people, hands, at)
        _notices(stage)
        _rota(stage, at)
        course = _courses(stage, at)
        _volunteers(stage, at, course)
        _loan(stage, at)


def _notices(stage: _Stage) -> None:
    writer, publisher = stage.actor("MC0009"), stage.actor("MC0005")
    home = writer.hats[0].place
    towns = {"places": [home], "roles": ["town_clerk", "town_leader", "zone_clerk"]}
    first = stage.move(
        "write_notice", writer, place=home, title="关于做好企业复工后消防安全工作的通知", number="明复工办〔2026〕8号", rule=towns,
        text="各镇街、开发区：\n\n企业复工后，每天开工前查一遍消防通道、电源和危险品仓库，查过的拍照上传。\n\n"
        "宿舍和食堂同楼的，今天内报区消防救援大队。\n\n有问题打值班电话，随时有人接。",
    )  # fmt: skip
    stage.move("enclose_notice", writer, notice=first.id, content=typeset.pdf(_CHECKS), name="开工前消防自查表.pdf")
    stage.move("hand_in_notice", writer, notice=first.id)
    stage.move("publish_notice", publisher, notice=first.id)
    with acting(DOOR):
        found = list(everything(Person).filter(grants__role__in=towns["roles"]).order_by("id").values_list("id", flat=True).distinct()[:14])
    for person in found:
        with acting(DOOR):
            who = worn_by(person, at=clock.now())
        stage.hands.advance(timedelta(minutes=11))
        run("mobilisation.confirm_notice", {"notice": first.id}, actor=who)
    second = stage.move(
        "write_notice", writer, place=home, title="规上企业复工申请改为网上办理", sms=True,
        text="各规上企业：\n\n从今天起，复工申请在网上填，手机打开就能办，不用到窗口。\n\n已经交过纸质材料的不用重填，镇街会替您录入。",
        rule={"places": [home], "roles": ["enterprise_contact"], "sizes": ["above"]}, confirm_by=clock.now() + timedelta(days=5),
    )  # fmt: skip
    stage.move("hand_in_notice", writer, notice=second.id)
    stage.move("publish_notice", publisher, notice=second.id)
    third = stage.move(
        "write_notice", writer, place=home, title="周末各镇街值班安排", text="周六、周日各镇街留一位带班领导在岗，值班电话保持畅通。",
        rule={"places": [home], "roles": ["town_leader"]},
    )  # fmt: skip
    stage.move("hand_in_notice", writer, notice=third.id)


def _rota(stage: _Stage, at: datetime) -> None:
    planner = stage.actor("MC0010")
    today = local(at).date()
    roster = stage.move(
        "plan_rota", planner, place=planner.hats[0].place, title="复工复产应急值班表", first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=26), phone="16400550110",
    )  # fmt: skip
    off = [today + timedelta(days=n) for n in (4, 5, 6)]
    hands = [{"person": stage.named[f"officer:{n}"], "posts": ["值班员"], "off": off if n == "MC0017" else []} for n in _ON_DUTY]
    hands += [{"person": stage.named[f"officer:{n}"], "posts": ["带班领导"]} for n in _LEADERS]
    stage.move("choose_people", planner, roster=roster.id, people=hands)
    stage.move("fill_rota", planner, roster=roster.id)
    stage.move("publish_rota", planner, roster=roster.id)
    with acting(planner):
        turns = list(Turn._base_manager.filter(roster=roster.id).order_by("starts_at", "post"))
    stage.hands.set(at - timedelta(minutes=20))
    for one in (one for one in turns if one.starts_at <= at < one.ends_at and one.person):
        with acting(DOOR):
            who = worn_by(one.person, at=clock.now())
        stage.move("take_duty", who, turn=one.id)
    _ask(stage, [one for one in turns if one.starts_at > at + timedelta(days=1)])


def _ask(stage: _Stage, ahead: list[Turn]) -> None:
    """Let a colleague ask 黄泽 for the first swap that the rules allow."""
    other = stage.named["officer:MC0017"]
    for one in ahead:
        if one.post != "值班员" or one.person in (None, other):
            continue
        with acting(DOOR):
            who = worn_by(one.person, at=clock.now())
        if run("mobilisation.ask_swap", {"turn": one.id, "person": other, "why": "那天要送老人看病"}, actor=who).ok:
            return


_HELPERS = (
    ("陈晓", "1998-05", "明川青年突击队", "会开车"),
    ("林海", "1991-11", "区机关党委", ""), ("周小雨", "2001-02", "明川职教中心", "护理"),
    ("吴建国", "1968-09", "蓝天救援队", "搭帐篷、开叉车"), ("黄丽", "1985-03", "临江街道商会", ""),
    ("徐宁", "1996-07", "明川青年突击队", "电脑"),
    ("方圆", "1979-12", "", "会闽南话"), ("何敏", "1999-10", "文昌街道团工委", ""),
    ("沈涛", "1988-01", "蓝天救援队", "开车"), ("罗青", "2002-04", "", ""),
)  # fmt: skip


_FIRE = """灭火器多久看一次压力表
* 每个月
- 每年
- 用过才看
解：指针在绿区才是好的。

厂房里能不能隔出宿舍
- 能，隔开就行
* 不能
解：住宿和生产、仓库同楼，出事跑不出来。

开工前要查哪些（不止一个）
* 消防通道有没有堵
* 电源和线路
* 危险品仓库
- 门口绿化

着了小火，先做什么
* 喊人、断电、用灭火器
- 先拍照
- 回去拿东西

安全出口能不能锁
- 晚上可以锁
* 有人的时候不能锁"""
_GUARD = """上岗先做什么
* 洗手、戴好口罩再领红马甲
- 直接上岗

有人不肯配合怎么办
* 好好说，说不通叫现场负责人
- 拦住不让走
解：志愿者只引导，不处置。"""


def _courses(stage: _Stage, at: datetime) -> UUID:
    """Open a course for towns and contacts that some have passed, and one for volunteers; gives the latter."""
    stage.hands.set(at - timedelta(hours=7, minutes=30))
    keeper = stage.actor("MC0011")
    home, today = keeper.hats[0].place, local(at).date()
    film = {"title": "企业复工消防安全", "minutes": "12", "link": "https://www.example.org/xiaofang", "text": ""}
    read = {
        "title": "消防安全告知书", "minutes": "3", "link": "",
        "text": "开工前查消防通道、电源、危险品仓库，查过的拍照。\n宿舍、厂房、仓库不同楼。\n"
        "安全出口有人的时候不锁。\n四懂：懂危险、懂预防、懂扑救、懂逃生。",
    }  # fmt: skip
    content = {
        "title": "复工消防安全", "text": "复工企业和镇街经办人都要学，手机上20分钟。", "phone": "16400550112", "lessons": [film, read],
        "questions": _FIRE, "drawn": 4, "tries": 3, "live": False, "finish_by": today + timedelta(days=6),
        "rule": {"places": [home], "roles": ["town_clerk", "zone_clerk", "bureau_clerk"]},
    }  # fmt: skip
    fire = stage.move("write_course", keeper, place=home, content=content)
    stage.move("open_course", keeper, course=fire.id)
    with acting(keeper):
        people = list(Trainee._base_manager.filter(course=fire.id).order_by("name"))
    for number, one in enumerate(people[:9]):
        _learn(stage, one, finish=number < 6)
    words = "到岗先洗手戴口罩。\n只引导、不处置，有事叫现场负责人。\n累了就说，随时可以歇。"
    content = {
        "title": "志愿者上岗前", "text": "读完答两题，就能派岗。", "phone": "16400550111", "questions": _GUARD,
        "lessons": [{"title": "上岗须知", "minutes": "3", "link": "", "text": words}],
    }  # fmt: skip
    guard = stage.move("write_course", keeper, place=home, content=content)
    stage.move("open_course", keeper, course=guard.id)
    live = {
        "title": "新调来的同志：企业走访怎么做", "text": "半天，讲走访、记意见、转办。", "live": True,
        "rule": {"places": [home], "roles": ["liaison"]}, "finish_by": today + timedelta(days=10),
    }  # fmt: skip
    made = stage.move("write_course", keeper, place=home, content=live)
    start = datetime.combine(today + timedelta(days=3), time(14), ZONE)
    room = {"where": "区企服中心三楼会议室", "minutes": 120, "seats": 30}
    for days in (0, 3):
        stage.move("call_meeting", keeper, course=made.id, starts_at=start + timedelta(days=days), **room)
    stage.move("open_course", keeper, course=made.id)
    return guard.id  # type: ignore[no-any-return]


def _learn(stage: _Stage, one: Trainee, *, finish: bool) -> None:
    """Let one of the list open the film; and, to `finish`, see it through, read, and answer all."""
    assert one.person is not None
    with acting(DOOR):
        who = worn_by(one.person, at=clock.now())
    stage.move("learn", who, trainee=one.id, step="open", lesson=0)
    if not finish:
        return
    stage.hands.advance(timedelta(minutes=9))
    stage.move("learn", who, trainee=one.id, step="done", lesson=0)
    stage.move("learn", who, trainee=one.id, step="done", lesson=1)
    stage.move("learn", who, trainee=one.id, step="begin")
    with acting(who):
        sitting = Sitting._base_manager.filter(trainee=one.id).select_related("trainee__course").get()
        questions = sitting.trainee.course.questions
    answers = [{"question": number, "options": questions[number]["right"]} for number, _ in sitting.drawn]
    stage.move("learn", who, trainee=one.id, step="hand_in", answers=answers)


def _volunteers(stage: _Stage, at: datetime, course: UUID) -> None:
    """Let ten join, seven come, four be credited; one forgets to sign out."""
    stage.hands.set(at - timedelta(hours=7))
    organiser = stage.actor("MC0011")
    today = local(at).date()
    call = stage.move(
        "call_up", organiser, place=organiser.hats[0].place, title="企业门口和卡口志愿者", need=40, phone="16400550111",
        text="早晚高峰在企业门口和卡口引导、帮老人扫码、送物资。\n自己带水杯，红马甲和口罩现场领。", assembly="每天7:30，区企服中心一楼",
        first_day=today, last_day=today + timedelta(days=20), posts=("临江工业园大门", "青溪卡口", "区企服中心引导台"), course=course,
    )  # fmt: skip
    with acting(organiser):
        spots = list(Post._base_manager.filter(call=call.id).order_by("name"))
    found = [
        stage.move("join", organiser, code=call.code, name=name, born=born, office=office, skills=skills, phone=f"164005502{n:02d}")
        for n, (name, born, office, skills) in enumerate(_HELPERS)
    ]
    with acting(organiser):
        taught = {one.volunteer_id: one.id for one in Trainee._base_manager.filter(course=course)}
    for one in found[:8]:
        reason = "现场集中培训过"
        stage.move("excuse_trainee", organiser, trainee=taught[one.volunteer.id], reason=reason)
    stage.move("train_volunteers", organiser, volunteers=[one.volunteer.id for one in found[:8]])
    for n, one in enumerate(found[:7]):
        stage.move("post_volunteers", organiser, volunteers=[one.volunteer.id], post=spots[n % 3].id)
    stays = [stage.move("sign_in", organiser, post=spots[n % 3].code, code=one.code) for n, one in enumerate(found[:7])]
    stage.hands.set(at - timedelta(hours=2))
    for n, one in enumerate(found[:5]):
        stage.move("sign_out", organiser, post=spots[n % 3].code, code=one.code)
    stage.move("credit_stays", organiser, stays=[one.id for one in stays[:4]])
    stage.move("certify", organiser, volunteer=found[0].volunteer.id)


def _loan(stage: _Stage, at: datetime) -> None:
    """Let one go whose work is covered, and one ask 黄泽 to cover."""
    stage.hands.set(at - timedelta(hours=1))
    today = local(at).date()
    goes, covers, leader = stage.actor("MC0023"), stage.actor("MC0024"), stage.actor("MC0014")
    days = {"place": goes.hats[0].place, "first_day": today, "last_day": today + timedelta(days=9)}
    first = stage.move(
        "ask_loan", goes, **days, to="文昌街道核查组", task="白天在街道核查复工企业", cover=covers.person, cover_work="来电登记、每日台账"
    )
    stage.move("cover_loan", covers, loan=first.id)
    stage.move("approve_loan", leader, loan=first.id)
    stage.move(
        "ask_loan",
        stage.actor("MC0025"),
        **days,
        to="青溪卡口",
        task="夜里查验货车",
        cover=stage.named["officer:MC0017"],
        cover_work="收文",
    )
