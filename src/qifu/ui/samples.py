"""Invented people, firms and numbers for the gallery. They agree with each other across its pages and mean nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from qifu.kernel.calendar.clock import ZONE
from qifu.ui.context import Who
from qifu.ui.nav import Shown
from qifu.ui.parts import (
    Action,
    Answer,
    Cell,
    Chip,
    Clock,
    Column,
    Doubt,
    Event,
    Fact,
    Field,
    Figure,
    Filter,
    Item,
    ItemGroup,
    Link,
    Mapped,
    Notice,
    Option,
    Page,
    Paper,
    Photo,
    Problem,
    Role,
    Row,
    RowGroup,
    Share,
    State,
    Stop,
    Task,
    TaskGroup,
    View,
    ViewGroup,
    Why,
)

NOW = datetime(2020, 2, 17, 15, 40, tzinfo=ZONE)
TODAY_18 = NOW.replace(hour=18, minute=0)
TODAY_24 = (NOW + timedelta(days=1)).replace(hour=0, minute=0)
LONG = "宁波市奉化区江口街道桥头工业区甬澜气动元件与精密流体控制技术研究开发制造股份有限公司第三分公司"

ASSESSING = State("评估中", "info", "half")
TO_ASSIGN = State("待分派", "info", "dot")
TO_DECIDE = State("待决定", "info", "user")
TO_ACCEPT = State("待受理", "idle", "ring")
LACKING = State("待补材料", "ask", "flag")
MENDING = State("整改中", "ask", "flag")
GRANTED = State("已批准", "ok", "ok")
REFUSED = State("不批准", "stop", "no")
STATES = (TO_ACCEPT, TO_ASSIGN, ASSESSING, LACKING, TO_DECIDE, GRANTED, REFUSED)
MARKED = ("亿", "年产值亿元以上，优先评估")

WHO_DESK = Who("周敏", "区经信局", "奉化区", hats=("区经信局 受理岗",))
DOORS = [
    Shown("工作台", "/ui/pages/worklist/", "desk", True),
    Shown("评估安排", "#", "calendar", False),
    Shown("复工名单", "#", "table", False),
    Shown("诉求", "#", "chat", False),
    Shown("数字", "/ui/pages/figures/", "chart", False),
]
TABS = [
    Shown("首页", "/ui/pages/home/", "home", True),
    Shown("我的事", "#", "doc", False),
    Shown("消息", "#", "bell", False),
    Shown("我的", "#", "user", False),
]


def left(**span: int) -> Clock:
    """A clock that has so much left."""
    return Clock(due=NOW + timedelta(**span))


CLOCKS = (
    left(hours=-15, minutes=-40),
    left(days=-3),
    left(hours=2, minutes=20),
    left(hours=8, minutes=20),
    Clock(due=NOW + timedelta(hours=20, minutes=20)),
    Clock(due=NOW + timedelta(days=3)),
    Clock(due=TODAY_18, waits_for="企业"),
    Clock(due=TODAY_18, done_at=NOW - timedelta(hours=1)),
    Clock(due=NOW - timedelta(hours=5), done_at=NOW - timedelta(hours=1)),
    Clock(),
)

COLUMNS = (
    Column("企业", "name"),
    Column("镇街", "text", "m"),
    Column("状态", "state", "l"),
    Column("期限", "clock", "xl", sort="?sort=-due", sorted="ascending"),
    Column("现在在谁手里", "owner", "m"),
    Column("员工", "number", "xs", sort="?sort=staff"),
    Column("更新", "time", "s", drop=True),
)


def row(name: str, town: str, state: State, clock: Clock, owner: str, staff: int, at: str, **more: Any) -> Row:
    """One row of the sample worklist."""
    hour, minute = map(int, at.split(":"))
    mark = more.pop("mark", ("", ""))
    return Row(
        id=name,
        name=name,
        href="/ui/pages/subject/",
        preview=f"/ui/pages/_preview/?row={name}",
        cells=(
            Cell("name", name, mark=mark[0], mark_title=mark[1]),
            Cell("text", town),
            Cell("state", state),
            Cell("clock", clock),
            Cell("owner", owner, strong="我" in owner),
            Cell("number", staff),
            Cell("time", NOW.replace(hour=hour, minute=minute), drop=True),
        ),
        **more,
    )


ME = "周敏（我）"
SOON = Clock(due=TODAY_18)
TONIGHT = Clock(due=TODAY_24)
TOMORROW = Clock(due=NOW.replace(day=18, hour=12, minute=0))
YESTERDAY = Clock(due=NOW.replace(hour=0, minute=0))
GROUPS = (
    RowGroup(
        "已逾期",
        (
            row("奉川精密轴承有限公司", "溪口镇", ASSESSING, YESTERDAY, "评估三组", 286, "9:05", mark=MARKED),
            row("银塘模具制造有限公司", "莼湖镇", ASSESSING, YESTERDAY, "评估六组", 64, "10:32"),
            row("栖凤水产加工有限公司", "莼湖镇", State("待复查", "info", "half"), left(hours=-3, minutes=-40), "评估六组", 118, "11:20"),
        ),
        "3件，已列入办公室提醒，不对外公开",
    ),
    RowGroup(
        "今日到期",
        (
            row("甬澜气动元件有限公司", "江口街道", TO_ASSIGN, SOON, ME, 412, "15:22", mark=MARKED, selected=True),
            row("剡溪机电科技有限公司", "溪口镇", TO_ASSIGN, SOON, ME, 530, "15:10", mark=MARKED),
            row("大桥针织有限公司", "岳林街道", TO_ASSIGN, SOON, ME, 175, "14:55"),
            row("桃岭服饰有限公司", "尚田镇", TO_ASSIGN, SOON, ME, 208, "14:48"),
            row("方门汽配有限公司", "方桥街道", ASSESSING, SOON, "评估八组", 156, "15:31"),
            row("朱应电子有限公司", "江口街道", ASSESSING, SOON, "评估一组", 98, "15:29"),
            row("云屏化纤有限公司", "萧王庙街道", ASSESSING, SOON, "评估二组", 344, "15:26", mark=MARKED),
            row("大雷五金工具有限公司", "萧王庙街道", ASSESSING, SOON, "评估二组", 84, "14:40"),
            row("禾塘食品有限公司", "西坞街道", LACKING, Clock(due=TODAY_24, waits_for="企业"), "企业", 92, "14:05"),
            row("金峨泵阀有限公司", "西坞街道", TO_ACCEPT, TONIGHT, ME, 73, "15:38", fresh=True),
            row("东岙船舶配件有限公司", "松岙镇", TO_ACCEPT, TONIGHT, ME, 41, "15:36"),
            row("锦溪灯具有限公司", "锦屏街道", TO_ACCEPT, TONIGHT, ME, 127, "15:19"),
            row("翔鹤潭塑业有限公司", "裘村镇", TO_ACCEPT, TONIGHT, ME, 66, "15:11"),
            row("长汀包装材料有限公司", "岳林街道", TO_ACCEPT, TONIGHT, ME, 58, "15:02"),
        ),
        "14件",
    ),
    RowGroup(
        "明天及以后",
        (
            row("泉溪竹木制品有限公司", "大堰镇", MENDING, TOMORROW, "企业", 36, "13:47"),
            row("白杜铸造有限公司", "西坞街道", TO_DECIDE, TOMORROW, "何俊", 189, "13:20"),
            row("畸山纸业有限公司", "裘村镇", TO_DECIDE, TOMORROW, "何俊", 143, "13:02"),
            row("康岭机械有限公司", "萧王庙街道", MENDING, Clock(due=NOW.replace(day=19, hour=12, minute=0)), "企业", 51, "11:40"),
        ),
        "14件",
    ),
)
VIEWS = (
    ViewGroup(
        "我的",
        (
            View("我的待办", "?view=mine", 31, here=True),
            View("已逾期", "?view=late", 3, "stop"),
            View("今日到期", "?view=today", 14, "ask"),
            View("我关注的", "?view=watched", 6),
        ),
    ),
    ViewGroup(
        "本单位",
        (
            View("全部在办", "?view=all", 70),
            View("待受理", "?view=accept", 6),
            View("待分派", "?view=assign", 12),
            View("评估中", "?view=assess", 27),
            View("整改中", "?view=mend", 11),
            View("待决定", "?view=decide", 14),
        ),
    ),
    ViewGroup("跟一跟", (View("亿元以上", "?view=big", 9), View("卡在消防", "?view=fire", 8), View("还没申请", "?view=none", 1204))),
)
CHIPS = (Chip("规模", "规上", "?"), Chip("经办", "我和我分出的", "?"))
FILTERS = (
    Filter("镇街", (View("江口街道", "?town=1", 7), View("溪口镇", "?town=2", 5), View("西坞街道", "?town=3", 4))),
    Filter("状态", (View("待分派", "?state=1", 4), View("评估中", "?state=2", 9))),
    Filter("行业", (View("制造", "?trade=1", 28), View("食品", "?trade=2", 3))),
)

ASSIGN = Action(
    "分派给评估八组",
    "分派",
    "#assign",
    ("八组今天还能去2家，离厂1.8公里。组长马上收到，企业会看到“约16:00到”。",),
    kind="main",
    key="e",
)
ASK_MORE = Action("请企业补材料", "选要补的", "#more", ("时钟暂停，企业收到要补的一项和最晚时间。",), opens=True)
NOT_YET = Action("批准复工", refused="还不能：先评估；受理人和批准人不能是同一人，评估后转何俊。")
ACTIONS_ASSIGN = (ASSIGN, ASK_MORE, NOT_YET)
ACTIONS_DECIDE = (
    Action(
        "批准复工，附1项条件",
        "批准复工",
        "#approve",
        (
            "企业马上收到复工通知书，2月18日8:00起可开工",
            "412名员工的返岗安排同时生效",
            "江口街道、消防、公安今晚的名单里会有它",
            "条件：2月18日8:00前把备用出口清出来。到时没清，转李栋上门，不自动停工",
        ),
        kind="main",
        key="e",
    ),
    Action("退回八组再看", "退回", "#return", ("要写明看哪一项，时钟继续走。",), opens=True),
    Action(
        "不批准", "拟稿", "#refuse", ("要有依据和证据，先听企业说，再由第二人复核；信里写明到哪里申请复议。",), kind="danger", opens=True
    ),
    Action("改消防、住建的结论", refused="不能：归原部门，可以请他们复核。", who="李栋 8119、方晴 8120", fix=Link("请复核", "#ask")),
)
WHYS = (
    Why("已过最早开工时间 2月10日 0:00", "ok", "省", "开工时间的通知"),
    Why("厂区不在限制区内", "ok", "区", "办公室公告，今天 6:00 核对"),
    Why("人员、设备、制度三项齐", "ok", "区", "复工条件和流程，2月1日"),
    Why("防火巡查、灭火预案都有", "ok", "市", "消安委发文"),
    Why("评估人陈立，决定人何俊，不是同一人", "ok", "区", "经信局内部分工"),
    Why("备用出口堆了货：可以附条件批准，", "ask", "市", "消防指南第4条，防止层层加码", bound="不能因此不批"),
)
EVENTS = (
    Event(NOW.replace(hour=15, minute=22), "亿元以上排到最前，等周敏分派", tone="now"),
    Event(NOW.replace(hour=14, minute=36), "江口街道盖章转来，周敏受理，回执已发"),
    Event(NOW.replace(hour=14, minute=10), "企业交齐5份材料"),
    Event(NOW.replace(hour=11, minute=52), "徐会计扫江口街道海报，开始填写"),
)
EVENTS_FULL = (
    Event(NOW.replace(hour=16, minute=36), "八组提交评估：建议批准，附1项条件。转何俊决定", tone="now"),
    Event(NOW.replace(hour=16, minute=31), "企业徐会计在现场签字确认，留18张照片", "16:05离线填写，16:34回传"),
    Event(NOW.replace(hour=16, minute=21), "消防大队李栋核销“防火巡查”", tone="ok"),
    Event(NOW.replace(hour=15, minute=42), "周敏分派给八组，企业看到“约16:00到”", "八组离厂1.8公里，当天还能去2家"),
    Event(NOW.replace(hour=14, minute=36), "江口街道盖章转来，周敏受理，回执已发"),
    Event(NOW.replace(hour=14, minute=10), "企业交齐5份材料"),
    Event(NOW.replace(hour=11, minute=52), "徐会计扫江口街道海报，开始填写", "中途断网2次，内容都在"),
)
FACTS = (
    Fact("员工", "412人，其中省外96人", href="#"),
    Fact("想开工", "2月18日 周二 8:00"),
    Fact("联系人", "徐会计 138****6021", href="#"),
    Fact("包企", "王芸"),
)
FACTS_FULL = (
    Fact("企业", "规上，亿元以上，气动元件制造"),
    Fact("联系人", "徐会计 138****6021", href="#"),
    Fact("厂区", "江口街道 桥头工业区", href="#"),
    Fact("包企干部", "王芸 8866", href="#"),
    Fact("员工", "412人", href="#", note="其中省外96人"),
    Fact("想开工", "2月18日 周二 8:00"),
)
FINE = State("合格", "ok", "check")
CHECKS = (
    ItemGroup(
        "人员",
        (
            Item("花名册和来源地", FINE, "412人，抽查20人无误", "八组 陈立"),
            Item("返岗安排", FINE, "分3天到岗，名单已交", "八组 陈立"),
            Item("岗前培训", FINE, "412人全部签到", "八组 陈立"),
        ),
    ),
    ItemGroup(
        "设备",
        (
            Item("停机设备检修", FINE, "36台，检修单齐", "八组 沈琪"),
            Item("用电负荷", FINE, "已向供电所报备，先开2条线", "八组 沈琪"),
        ),
    ),
    ItemGroup(
        "制度",
        (
            Item("值班和报告", FINE, "组长为总经理，已演练一次", "八组 陈立"),
            Item("食堂和宿舍", FINE, "食堂分3批，宿舍2人一间", "八组 沈琪"),
        ),
    ),
    ItemGroup(
        "消防",
        (
            Item("防火巡查", FINE, "2月15日缺记，现场补看，16:21核销", "消防大队 李栋", locked=True),
            Item("灭火应急预案", FINE, "2月10日版", "消防大队 李栋", locked=True),
        ),
    ),
    ItemGroup(
        "住建",
        (Item("备用出口", State("待改", "ask", "alert"), "堆了货，企业答应2月18日8:00前清完", "住建局 方晴", locked=True),),
    ),
)
STOPS = (
    Stop("企业交齐", "14:10 5份材料"),
    Stop("街道转来", "14:36 江口"),
    Stop("受理", "14:36 周敏"),
    Stop("现场评估", "16:36 1项待改"),
    Stop("决定", "18:00前 何俊", "now"),
    Stop("开工", "最早2月18日 8:00", "next"),
)
USED = (
    Share(138, "企业", "1", note="2小时18分"),
    Share(26, "江口街道", "2", note="26分"),
    Share(118, "区经信局", "3", note="1小时58分"),
    Share(16, "消防", "4", note="16分"),
)
PAPERS = (
    Paper("复工登记表", "#", "徐会计 14:10 交", "2页"),
    Paper("员工汇总表", "#", "412人，身份证号已遮盖", "11页"),
    Paper("开工方案", "#", "第2版，2月16日", "9页"),
    Paper("申请承诺书", "#", "法定代表人已签", "1页"),
    Paper("实地勘定表", "#", "八组、消防、住建、企业四方签字", "3页"),
)
PREVIEW = SimpleNamespace(
    id="甬澜气动元件有限公司",
    name="甬澜气动元件有限公司",
    href="/ui/pages/subject/",
    line="FG-0217-0546 · 规上 · 亿元以上 · 江口街道",
    state=TO_ASSIGN,
    clock=SOON,
    held="在你手里 1小时4分",
    facts=FACTS,
    actions=ACTIONS_ASSIGN,
    whys=(
        Why("厂区不在限制区内", "ok", "", "办公室公告（2月16日），今天 6:00 核对"),
        Why("防火巡查记录缺2月15日一天，现场补看即可", "ask", "", "区消防救援大队要求，由消防核销，本局不能代改"),
        Why("今天18:00前评估完：14:36受理，当日受理当日评估", "info", "", "区里定为18:00，比市里的24:00早，到2月29日止"),
    ),
    events=EVENTS,
    notice=None,
)
SUBJECT = SimpleNamespace(
    name="甬澜气动元件有限公司",
    number="FG-0217-0546",
    state=TO_DECIDE,
    clock=SOON,
    stands="今天18:00前决定，现在在何俊手里 14分钟",
    back=Link("待决定 14件", "/ui/pages/worklist/"),
    place="第3件",
    previous="#previous",
    next="#next",
    tools=(Link("关注", "#", "bell"),),
    notice=None,
    facts=FACTS_FULL,
    stops=STOPS,
    used=USED,
    used_words="从企业动手到现在4小时58分，时间用在",
    checks=CHECKS,
    checks_note="10项：合格9项，待改1项",
    checks_link=Link("看18张照片", "#"),
    checks_foot="白底各项归所列部门，本局能看不能改。要改请找：李栋 8119、方晴 8120。",
    events=EVENTS_FULL,
    events_note="全部留痕，不能删改",
    events_kind="day",
    more="",
    actions=ACTIONS_DECIDE,
    whys=WHYS,
    whys_note="6条规则，逐条对过",
    papers=PAPERS,
    papers_note="从同一份填报生成，不用重抄",
)

PHONE_FIELD = Field("tel", "手机号", "tel", "139 0000 5210", max_length=13)
CODE_FIELD = Field("code", "短信验证码", "code", "", max_length=6)
NUMBERS = (
    Field("extinguishers", "灭火器", "number", "42", origin="来自 1月28日 报数", unit="只"),
    Field("generators", "备用发电机", "number", "2", origin="来自 2月14日 登记", unit="台"),
    Field("radios", "对讲机", "number", "6", hint="没有查到，请填", unit="部", asks="比同样大的厂少一半。没错就照填，不影响申请"),
)
WRONG = (
    Field(
        "patrolled_on",
        "最近一次巡查是哪天",
        "text",
        "3月15日 周日",
        error="3月15日还没到，是2月15日吗？",
        suggest="2月15日 周六",
        suggest_word="是，2月15日",
    ),
    Field("photo", "巡查记录照片", "photo", error="看不清字。靠近些、别反光", kept="这张先留着；实在拍不清也能交，由消防看"),
    Field("plan", "灭火预案", "shown", "灭火预案 2019 版.pdf", origin="来自 去年备案，2019年6月"),
)
ALL_FIELDS = (
    Field("name", "企业名称", "text", "甬澜气动元件有限公司", origin="来自企业登记"),
    Field("note", "说明", "area", "", hint="一两句话就行", required=False, placeholder="例如：先开2条线，19日再开1条"),
    Field("town", "镇街", "select", "", options=(Option("1", "江口街道"), Option("2", "溪口镇")), placeholder="选一个镇街"),
    Field(
        "meals",
        "食堂怎么开",
        "choice",
        "batches",
        options=(Option("batches", "分批吃", "错开时间，隔位坐"), Option("boxes", "送盒饭"), Option("closed", "不开食堂")),
    ),
    Field(
        "lines",
        "先开哪几条线",
        "ticks",
        options=(Option("a", "一车间", on=True), Option("b", "二车间"), Option("c", "三车间")),
    ),
    Field("pledge", "以上都属实", "tick", hint="写错了可以改，改过会留痕"),
    Field("paper", "员工名单", "file", hint="Excel、照片、群接龙都行"),
    PHONE_FIELD,
    replace(PHONE_FIELD, name="tel2", value="1390000521", error="只有10位，少一位", kept="已填的留着"),
)

STEPS = (Stop("放上文件"), Stop("对列、看错", stands="now"), Stop("入库", stands="next"), Stop("另一人核对签字", stands="next"))
NOT_TAKEN = Option("", "不导入")


def taken(letter: str, head: str, samples: tuple[str, ...], word: str, how: str, tone: str = "ok") -> Mapped:
    """One column of the sample file."""
    options = (Option(word, word), NOT_TAKEN) if word else (NOT_TAKEN,)
    return Mapped(letter, head, samples, word, options, how, tone)


MAPPED = (
    taken("B", "单位名称", ("甬澜气动元件",), "企业名称", "列名相近，577行都有"),
    taken("C", "统一社会信用代码", ("9.13302E+17",), "统一社会信用代码", "表格软件改坏了23个，按名称找回14个，9个待核", "ask"),
    taken("D", "所在镇（街道）", ("江口", "同上", "〃"), "镇街", "“同上”按上一行补，共41处"),
    taken("E", "规上企业", ("是", "√", "规上"), "规模", "三种写法都当“规上”"),
    taken("F", "联系人及电话", ("徐会计138****6021",), "联系人 + 手机", "按数字拆成两列，5处待核", "ask"),
    taken("G", "员工数 ▸ 总数", ("412", "约400"), "员工总数", "合并表头已拆开，2行不是整数", "stop"),
    taken("H", "员工数 ▸ 省外", ("0", "无"), "省外员工", "“无”当0，共37处"),
    taken("I", "计划复工时间", ("2.18", "43879", "2月18日"), "想开工日期", "三种写法都认作2020年2月18日"),
    taken("A", "序号", ("1", "2", "3"), "", "原文件里留着", "idle"),
)
MEND = "改成"
PROBLEMS = (
    Problem("江口 第17行", "桥头橡胶有限公司", "员工", "约400", "要一个整数", Field("m1", MEND, "text", "400", inputmode="numeric")),
    Problem("江口 第58行", "后江弹性元件有限公司", "手机", "1385****02", "只有10位", Field("m2", MEND, "tel", placeholder="11位手机号")),
    Problem(
        "西坞 第9行",
        "尚桥厨具有限公司",
        "镇街",
        "西坞江口",
        "写了两个镇街",
        Field("m3", MEND, "select", options=(Option("1", "西坞街道"), Option("2", "江口街道")), placeholder="选一个镇街"),
    ),
    Problem("溪口 第31行", "塔下轴承有限公司", "想开工", "2月30日", "没有这一天", Field("m4", MEND, "text", placeholder="例如 2月20日")),
)
DOUBT = Doubt(
    "这两行是不是同一家？",
    "名称只差“宁波”两字，电话相同，员工数不同。",
    "江口 第23行",
    "西坞 第52行",
    (
        ("名称", "剡江电器有限公司", "宁波剡江电器有限公司", True),
        ("代码", "9133****MA2F", "空", True),
        ("镇街", "江口街道", "西坞街道", True),
        ("手机", "139****4417", "139****4417", False),
        ("员工", "268", "41", True),
    ),
    (
        Action("一家企业，两个厂区", href="#one", then=("并成1家，员工309人",)),
        Action("同一家，重复了", href="#same", then=("留江口这行",)),
        Action("是两家", href="#two", then=("各建1家",)),
        Action("拿不准，问西坞街道", href="#ask", kind="quiet"),
    ),
    hint="登记库：剡江电器在江口，西坞有一个分厂。",
    number=1,
    total=21,
    kinds=(View("像同一家", "#", 7, here=True), View("代码待找", "#", 9), View("电话", "#", 5)),
)


def fig(name: str, value: str, fraction: str, trend: str, stuck: str, note: str, tone: str, points: str) -> Figure:
    """One sample indicator, in per cent."""
    rises = "多" in trend
    return Figure(name, value, "%", "/ui/pages/figure/", fraction, trend, rises, stuck, note, tone, points)


UP = "3,25 16,20.8 30,17 43,13.7 57,10.5 70,7.5 84,4.6 97,3"
DIP = "3,25 16,20.7 30,16.7 43,13.1 57,9.8 70,7.1 84,4.7 97,6"
FIGURES = (
    fig("规上企业申请受理", "96.8", "552 / 570家", "比昨天多21家", "卡在溪口、莼湖", "18家还没申请", "ask", UP),
    fig("亿元以上通过评估", "100", "109 / 109家", "比昨天多2家", "没有卡住的", "", "ok", UP),
    fig("规上企业开工", "80.9", "461 / 570家", "比昨天多23家", "卡在缺工", "36家已批没开", "ask", UP),
    fig("员工返岗", "73.0", "61,240 / 83,900人", "比昨天少12人", "卡在省外", "1.6万人没到", "ask", DIP),
    fig("企业诉求办结", "62.5", "45 / 72件", "比昨天多9件", "卡在交通局", "7件，2件明天到期", "stop", UP),
)
FIGURE = replace(
    FIGURES[0],
    asof=NOW,
    definition="申请受理过的规上企业数，除以在册规上企业数。一家企业受理多次只算一次。",
    source="复工申请的办理记录；在册名单来自2月7日导入，2月9日核对签字",
)
ROLES = (
    Role("applicant", "徐会计", "甬澜气动元件有限公司", "先试：替企业申请复工，大部分已替您填好", "home", "企业"),
    Role("intake", "周敏", "区经信局 受理岗", "先试：按 J、K 走一遍待办，按 E 分派", "desk", "区里"),
    Role("assessor", "陈立", "评估八组 组长", "先试：打开今天第一站的清单", "place", "区里"),
    Role("decider", "何俊", "区经信局 分管领导", "先试：批准一件，看看之后会发生什么", "shield", "区里"),
    Role("leader", "方局", "区复工办", "先试：点开一个数，看它的名单", "chart", "领导"),
    Role("fire", "李栋", "区消防大队", "先试：核销一条防火巡查", "fire", "领导"),
)
CONFIRMED, NEXT_UP, EMPTY = State("已确认", "ok"), State("下一步", "info"), State("未填", "idle")
TASKS = (
    TaskGroup(
        "企业的事",
        (
            Task("企业和厂址", "#", "青石镇 东塘路 18 号", CONFIRMED, stands="done"),
            Task("计划开工", "#", "2月19日 周三，先开 2 条线", CONFIRMED, stands="done"),
        ),
    ),
    TaskGroup(
        "人、物、承诺",
        (
            Task("员工名单", "#", "142人，外省 3人", CONFIRMED, "users", "done"),
            Task("安全物资", "/ui/pages/form_step/", "按1月报数替您填好，请核对", NEXT_UP, stands="now"),
            Task("消防", "/ui/pages/form_step_wrong/", "灭火预案已有，还缺巡查记录", EMPTY, "fire"),
            Task("承诺书", "#", "读完 9 条，签名", EMPTY),
        ),
    ),
)
HOME = (
    TaskGroup(
        "还缺 2 样",
        (
            Task("消防巡查记录", "#", "拍一张照片即可", icon="camera", clock=Clock(due=NOW.replace(hour=17, minute=0))),
            Task("3名外省员工的来处", "#", "可发链接，请本人填", icon="users"),
        ),
        "补齐才能批",
    ),
    TaskGroup(
        "到期",
        (
            Task("今日到岗人数", "#", "已按昨天填好，1分钟", icon="doc", clock=Clock(due=NOW.replace(hour=20, minute=30))),
            Task("银行问：要多久用款？", "#", "澄湖银行 李经理", icon="chat", clock=TOMORROW),
        ),
    ),
    TaskGroup("找上门的钱", (Task("电费退还", "#", "2月20日 周四前到账", icon="bank", money_fen=328640),), "不用申请"),
    TaskGroup(
        "刚有答复",
        (
            Task("轴承替代供应商", "#", "经发局找到2家，请看合不合用", stands="done"),
            Task("返岗包车 3人", "#", "2月19日 周三 7:30，座位已留", stands="done"),
        ),
    ),
)
LOCKED = TaskGroup(
    "归别的部门",
    (
        Task("灭火应急预案", "", "能看不能改", stands="locked", owner="消防大队 李栋 8119"),
        Task("员工名单", "#", "第3行的手机号少一位", State("请改", "stop"), stands="stop"),
    ),
)
SERVICES = (
    Link("员工返岗", "#", "bus"),
    Link("通行证", "#", "code"),
    Link("领物资", "#", "box"),
    Link("要贷款", "#", "bank"),
    Link("找配件", "#", "link"),
    Link("约辅导", "#", "calendar"),
    Link("看政策", "#", "book"),
    Link("有困难", "#", "help"),
)
ANSWERS = (
    Answer("企业和厂址", ("澜禾精密部件有限公司", "青石镇 东塘路 18 号"), "#", origin="来自企业登记"),
    Answer("计划开工", ("2月19日 周三，先开 2 条线",), "#"),
    Answer("员工", ("142人，本地 118、本省 21、外省 3",), "#"),
    Answer("安全物资", ("灭火器 42 只，备用发电机 2 台", "对讲机 6 部"), "#"),
    Answer("消防", ("灭火预案 1 份",), "#", "补", "还缺巡查记录，今天17:00前补也行"),
    Answer("承诺书", ("周敏芝 已签，8:26",), "#", "看"),
)
RECEIPT_STEPS = (
    Event("8:27", "已收到", tone="ok"),
    Event("12:00", "受理", tone="now"),
    Event("今天", "评估组到厂，约 40 分钟"),
    Event("24:00", "批复，短信告诉您"),
)
FIRE_NOTE = Notice("今天17:00前补消防巡查记录，拍一张照片。其余照常进行", "ask", "fire")


def worklist(**change: Any) -> dict[str, Any]:
    """The context of the worklist."""
    return {
        "title": "我的待办", "total": 31, "order": "最急的在前", "views": VIEWS, "save_view": "#", "chips": CHIPS,
        "filters": FILTERS, "clear": "?", "columns": COLUMNS, "groups": GROUPS, "page": None, "export": "#",
        "subject": PREVIEW, "bulk_asks": "/ui/pages/_bulk/", "updated": NOW,
    } | change  # fmt: skip


def step(**change: Any) -> dict[str, Any]:
    """The context of one form step."""
    return {
        "head": "第 4 步，共 6 步", "back": "/ui/pages/tasks/", "help": "#", "title": "现在有多少安全物资？",
        "hint": "大概数就行，评估时再核", "fields": NUMBERS, "action": "#", "primary": "没错，下一步", "saves": "sample-4",
        "saved_at": NOW, "notices": (Notice("对讲机够 3 个班组用，标准是 4 个。不影响申请，可顺便借 2 部", "ask"),),
    } | change  # fmt: skip


def imports(**change: Any) -> dict[str, Any]:
    """The context of the import preview: 620 = 550 + 21 + 6 + 43."""
    return {
        "title": "导入企业名单", "steps": STEPS, "total": 620, "stage": "check",
        "file_line": "复工企业摸底表（终版）2.xls　13张表，一个镇街一张　原文件原样留存，随时可以退回重来",
        "shares": (
            Share(550, "可入库", "ok", "#"), Share(21, "待核", "ask", "#doubt"), Share(6, "要改", "stop", "#"),
            Share(43, "不是企业：表头26、合计13、空行4", "idle", "#"),
        ),
        "sum_note": Link("合计行写576家，实有577家：溪口表第64行写在合计线下面", "#"),
        "map_note": "9列已对上8列，1列不导入。认错了就在这里改，下面跟着重算", "mapped": MAPPED, "map_action": "#",
        "problems": PROBLEMS, "problems_total": 6, "problems_rest": 2, "problems_more": "#", "mend_action": "#",
        "doubt": DOUBT, "doubts_total": 21, "action": "#", "primary": "先入库550家", "later": "#",
        "foot_note": "入库后，镇街马上看到自己的企业；待核21家、要改6家留在这里，不丢",
    } | change  # fmt: skip


def login(**change: Any) -> dict[str, Any]:
    """The context of the login page."""
    return {
        "step": "phone", "action": "#", "fields": (replace(PHONE_FIELD, value=""),), "roles": ROLES, "role_action": "#",
        "help": (Link("手机号换了", "#"), Link("请镇联络员替我填", "#")), "hotline": "96000",
    } | change  # fmt: skip


def figure(**change: Any) -> dict[str, Any]:
    """The context of one indicator."""
    return {
        "figure": FIGURE, "back": Link("全部数字", "/ui/pages/figures/"), "scope": "奉化区，13个镇街和开发区",
        "known": "按现在所知", "moments": (View("昨天 20:00", "#"), View("2月16日封存的", "#")), "total": 552,
        "columns": COLUMNS, "rows": [r for g in GROUPS for r in g.rows][:12], "export": "#",
        "page": Page(1, 12, 552, next="?page=2"),
    } | change  # fmt: skip


def home(**change: Any) -> dict[str, Any]:
    """The context of the enterprise's home."""
    return {
        "firm": "澜禾精密部件", "firms": (View("澜禾精密部件", "#", here=True), View("澜禾二厂", "#")), "find": "#",
        "next": SimpleNamespace(
            small="下一件事", what="今天14:00 评估八组到厂", where="组长 沈岚，3人，约40分钟", icon="users",
            primary=Link("看准备清单", "#"), second=Link("打给沈岚", "tel:00000000000", "phone"),
        ),
        "groups": HOME, "services": SERVICES, "contact": Link("镇联络员 何素梅", "#"), "hotline": "96000",
    } | change  # fmt: skip


CALM: dict[str, Any] = {
    "next": None,
    "calm": ("今天没有要您办的了", "明天18:00前报到岗数，到时提醒您"),
    "groups": (
        TaskGroup(
            "我们在办",
            (
                Task("复工申请", "#", "评估已过，等批复", icon="doc", clock=TONIGHT),
                Task("贷款 300万元", "#", "澄湖银行在看", icon="bank", clock=left(hours=6)),
            ),
        ),
        HOME[2],
    ),
}
RECEIPT: dict[str, Any] = {
    "head": "回执", "close": "/ui/pages/home/", "title": "申请已收到", "number": "复工 2020-0217-0386",
    "line": "2月17日 周一 15:40，短信已发到尾号 5210", "holder": "区经信局 受理岗", "holder_href": "#",
    "holder_note": "经办人 顾一舟，今天19:00前告诉您结果", "clock": left(hours=3, minutes=20), "steps": RECEIPT_STEPS,
    "notices": (FIRE_NOTE,), "primary": Link("补巡查记录", "#"),
    "others": (Link("存成图片", "#", "photo"), Link("打给受理岗", "tel:00000000000", "phone")),
}  # fmt: skip

PAGES: dict[str, tuple[str, str, Callable[[], dict[str, Any]]]] = {
    "login": ("ui/login.html", "登录：手机号", login),
    "login_code": (
        "ui/login.html", "登录：验证码",
        lambda: login(step="code", tel="13900005210", fields=(CODE_FIELD,), again="#", again_in=52, change="#", roles=()),
    ),
    "login_totp": (
        "ui/login.html", "登录：动态口令",
        lambda: login(
            step="totp", roles=(), help=(Link("换了手机，没有验证器", "#"),),
            fields=(replace(CODE_FIELD, name="token", label="动态口令", error="不对。口令30秒一换，填现在显示的"),),
        ),
    ),
    "worklist": ("ui/worklist.html", "工作台", worklist),
    "worklist_none": ("ui/worklist.html", "工作台：筛不到", lambda: worklist(total=0, groups=(), subject=None)),
    "worklist_done": ("ui/worklist.html", "工作台：办完了", lambda: worklist(total=0, groups=(), chips=(), subject=None)),
    "subject": ("ui/subject.html", "一件申请", lambda: {"subject": SUBJECT}),
    "subject_shut": (
        "ui/subject.html", "一件申请：只能看",
        lambda: {"subject": SimpleNamespace(**{
            **vars(SUBJECT), "actions": (), "name": LONG,
            "notice": Notice("您能看，不能办：这件归区经信局。要办请找何俊 8101", "info", "lock"),
        })},
    ),
    "home": ("ui/home.html", "企业首页", home),
    "home_calm": ("ui/home.html", "企业首页：没有要办的", lambda: home(**CALM)),
    "home_offline": (
        "ui/home.html", "企业首页：没有网",
        lambda: home(notices=(Notice("前 3 步存在这部手机里，有网就发出", "idle", "check"),), groups=HOME[:1]),
    ),
    "tasks": (
        "ui/tasks.html", "任务清单",
        lambda: {
            "head": "申请复工", "back": "/ui/pages/home/", "help": "#", "title": "做完 3 步，还有 3 步", "done": 3, "of": 6,
            "note": "随时可停，边填边存。8:20 已存好", "groups": TASKS, "primary": Link("核对安全物资", "/ui/pages/form_step/"),
        },
    ),
    "form_step": ("ui/form_step.html", "一步", step),
    "form_step_wrong": (
        "ui/form_step.html", "一步：有错",
        lambda: step(head="第 5 步，共 6 步", title="消防", hint="", fields=WRONG, primary="存好，下一步", notices=(), saves="sample-5"),
    ),
    "check_answers": (
        "ui/check_answers.html", "核对后提交",
        lambda: {
            "head": "核对后提交", "back": "/ui/pages/tasks/", "help": "#", "title": "请看一遍，没错就提交", "answers": ANSWERS,
            "action": "#", "primary": "提交申请", "foot_note": "提交后还能改，直到评估组出发",
        },
    ),
    "receipt": ("ui/receipt.html", "回执", lambda: RECEIPT),
    "import": ("ui/import.html", "导入：对列、看错", imports),
    "import_drop": (
        "ui/import.html", "导入：放文件",
        lambda: imports(
            stage="drop", accept=".xls,.xlsx,.csv", steps=(Stop("放上文件", stands="now"), *(replace(s, stands="next") for s in STEPS[1:])),
            drop_hint="xls、xlsx、csv，20 MB以内。合并表头、“同上”、写歪的日期都认得",
            recent=(Paper("规上企业名单.xlsx", "#", "周敏 2月7日，入库550家，何俊已核对签字", "620行"),),
        ),
    ),
    "figures": (
        "ui/figures.html", "全部数字",
        lambda: {
            "title": "数字", "line": "奉化区，截至2月17日 周一 15:40",
            "groups": (("企业", FIGURES[:3]), ("人和事", FIGURES[3:])),
            "tabs": (View("今天", "#", here=True), View("昨天 20:00封存", "#"), View("换一个时间", "#")),
        },
    ),
    "figure": ("ui/figure.html", "一个数和它的名单", figure),
    "figure_masked": (
        "ui/figure.html", "一个数：名单不能看", lambda: figure(masked="名单含个人信息，您这个身份只看总数。要看请找区复工办方局"),
    ),
    "400": ("ui/400.html", "看不懂的请求", lambda: {"back": "#"}),
    "403": ("ui/403.html", "不归您看", lambda: {"who": "这件归区经信局：何俊 8101", "back": "#"}),
    "404": ("ui/404.html", "没有这一页", dict),
    "500": ("ui/500.html", "系统出了问题", lambda: {"reference": "0217-7F3A"}),
    "refused": (
        "ui/refused.html",
        "没有办成",
        lambda: {
            "refusal": SimpleNamespace(says="这一步要由另一个人来办，同一个人不能既提出又确认。", fix="请另一位同事确认。"),
            "back": "#",
        },
    ),
    "csrf": ("ui/csrf.html", "放得太久", lambda: {"back": "#"}),
}  # fmt: skip

NOTHING: tuple[Any, ...] = ()
PAGE = Page(51, 100, 1204, "?page=1", "?page=3")
SOME_ROWS = GROUPS[1].rows[:4]
LONG_ROWS = (row(LONG, "江口街道", ASSESSING, SOON, "区经济和信息化局企业服务科评估协调专班", 128412, "15:22", mark=MARKED),)
LONG_FACTS = (Fact("企业", LONG, href="#"), Fact("厂区", LONG + "，东门进，停车找门卫"))
REFUSAL = ("企业收到拟不批准的理由，可以先说明", "第二人（不同科室）复核后才发出", "信里写明到哪里申请复议，60天内")
NOTICES = (
    Notice("已按昨天填好，没变就直接报", "ok"),
    Notice("还缺巡查记录，今天17:00前补也行", "ask", link=Link("去补", "#")),
    Notice("没有交上去：网断了。填的都存在这部手机里，有网就发出", "stop"),
    Notice("区里定为18:00，比市里的24:00早，到2月29日止", "info"),
)
PHOTOS = (Photo("#", "/static/ui/mark.svg", "14:08", "消火栓"), Photo("#", "/static/ui/mark.svg", "14:09", "食堂间距"))
PAPERS = (PHOTOS[0], Photo("#", "", "14:12", "检测报告.pdf"))
HIDDEN_FIGURE = Figure("困难职工", "少于5", "人", "#", "人数太少，不显示准确数")
