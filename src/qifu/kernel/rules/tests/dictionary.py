"""The facts that the tests decide by, and small words for them."""

from datetime import datetime

from qifu.kernel.rules import BOOL, DATE, FEN, INSTANT, INT, TEXT, Fact, Facts, enum
from qifu.kernel.rules.kinds import ZONE

SIZE = enum(above=("规模以上", "above designated size"), limit_above="限额以上", small="规模以下")
ZONES = enum(normal="一般区域", control="管控区", lockdown="封控区")

FACTS = Facts(
    Fact("size", SIZE, "企业规模", "统计局", zh_is="{}", zh_not="非{}"),
    Fact("site_zone", ZONES, "厂区所在区域", "卫健局"),
    Fact("old_zone", ZONES, "原来所在区域", "卫健局"),
    Fact("industry", TEXT, "行业", "统计局"),
    Fact("whitelist", BOOL, "在白名单内", "经信局", en="on the white list", en_not="not on the white list"),
    Fact("promised", BOOL, "已签承诺书", "企业"),
    Fact("invest", FEN, "设备投资", "经信局", max=10**14, en="equipment investment"),
    Fact("loans", FEN, "贷款余额", "金融办"),
    Fact("balance", FEN, "收支差额", "财政局", min=-(10**9), max=10**9),
    Fact("headcount", INT, "用工人数", "人社局", "人", max=1_000_000),
    Fact("change", INT, "人数变动", "人社局", "人", min=-6, max=6),
    Fact("founded", DATE, "成立日期", "市场监管局"),
    Fact("planned_start", INSTANT, "计划复工时间", "企业", en="planned start"),
)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)
