"""Rules and answers in words, as a notice and a kind clerk would say them."""

from datetime import date

import pytest

from qifu.kernel.rules import BOOL, FEN, INSTANT, INT, RATE, TEXT, Fact, Facts, Parameter, many, parse
from qifu.kernel.rules.kinds import money, span, spoken

from .dictionary import FACTS, local

ON = date(2020, 2, 11)
TRADES = {"crowding": Parameter(many(TEXT), ("H61", "R"), zh="人员聚集行业", en="a trade that gathers people")}

GOLDEN = [
    (
        "size = 'above' and not prefix(industry, crowding)",
        "规模以上且行业不属于人员聚集行业",
        "size is above designated size and industry is not a trade that gathers people",
    ),
    ("size in ['above', 'limit_above']", "规模以上或限额以上", "size is above designated size or limit above"),
    ("size != 'above'", "非规模以上", "size is not above designated size"),
    ("site_zone = 'normal'", "厂区所在区域为一般区域", "site zone is normal"),
    ("not (site_zone in ['control', 'lockdown'])", "厂区所在区域不是管控区或封控区", "site zone is not control or lockdown"),
    ("site_zone != old_zone", "厂区所在区域不是原来所在区域", "site zone is not old zone"),
    ("industry = 'C38'", "行业为“C38”", "industry is “C38”"),
    ("prefix(industry, 'C')", "行业以“C”开头", "industry starts with “C”"),
    ("not prefix(industry, ['C', 'D', 'E'])", "行业不以“C”、“D”或“E”开头", "industry does not start with “C”, “D” or “E”"),
    ("whitelist", "在白名单内", "on the white list"),
    ("not whitelist", "不在白名单内", "not on the white list"),
    ("whitelist = false", "不在白名单内", "not on the white list"),
    ("whitelist != false", "在白名单内", "on the white list"),
    ("not promised", "未签承诺书", "not promised"),
    ("whitelist = promised", "“在白名单内”与“已签承诺书”一致", "“on the white list” and “promised” agree"),
    ("invest >= 100万元", "设备投资不低于100万元", "equipment investment is at least 1,000,000 yuan"),
    ("not (invest >= 100万元)", "设备投资低于100万元", "equipment investment is less than 1,000,000 yuan"),
    ("100万元 < invest", "设备投资高于100万元", "equipment investment is more than 1,000,000 yuan"),
    ("headcount <= 50", "用工人数不超过50人", "headcount is at most 50"),
    ("headcount < 50", "用工人数少于50人", "headcount is fewer than 50"),
    ("headcount > 50", "用工人数多于50人", "headcount is more than 50"),
    ("headcount != 50", "用工人数不是50人", "headcount is not 50"),
    ("headcount between 5 and 300", "用工人数在5人至300人之间（含两端）", "headcount is from 5 to 300"),
    ("headcount not between 5 and 300", "用工人数不在5人至300人之间（含两端）", "headcount is not from 5 to 300"),
    ("planned_start >= 2020-02-09T24:00", "计划复工时间不早于2020年2月9日24时", "planned start is not before 2020-02-10 00:00"),
    ("planned_start < 2020-02-10 08:30", "计划复工时间早于2020年2月10日8时30分", "planned start is before 2020-02-10 08:30"),
    ("founded > 2019-02-01", "成立日期晚于2019年2月1日", "founded is after 2019-02-01"),
    ("months_since(founded) >= 12", "自成立日期起满12个月", "whole months since founded are at least 12"),
    ("months_since(founded) < 12", "自成立日期起不满12个月", "whole months since founded are fewer than 12"),
    ("months_since(founded) > 12", "自成立日期起满13个月", "whole months since founded are more than 12"),
    ("months_since(founded) <= 12", "自成立日期起不满13个月", "whole months since founded are at most 12"),
    ("invest <= 3 * headcount * 1元", "设备投资不超过3乘以用工人数乘以1元",
     "equipment investment is at most 3 times headcount times 1 yuan"),
    ("whitelist or promised", "在白名单内或者已签承诺书", "on the white list or promised"),
    (
        "whitelist and (promised or headcount > 5) and size = 'small'",
        "在白名单内，（已签承诺书或者用工人数多于5人），且规模以下",
        "on the white list, (promised or headcount is more than 5), and size is small",
    ),
    ("not (whitelist and promised)", "不在白名单内或者未签承诺书", "not on the white list or not promised"),
    ("not (whitelist or not promised)", "不在白名单内且已签承诺书", "not on the white list and promised"),
    ("change + 1 in [2, 3]", "人数变动加上1为2人或3人", "change plus 1 is 2 or 3"),
    ("change + 1 not in [2, 3]", "人数变动加上1不是2人或3人", "change plus 1 is not 2 or 3"),
    ("not (headcount between change and 9)", "用工人数不在人数变动至9人之间（含两端）", "headcount is not from change to 9"),
    ("whitelist != promised", "“在白名单内”与“已签承诺书”不一致", "“on the white list” and “promised” differ"),
    ("months_since(founded) = 12", "自成立日期起满12个月、不满13个月", "whole months since founded are exactly 12"),
    ("months_since(founded) != 12", "自成立日期起的整月数不是12", "whole months since founded are not 12"),
    ("invest = 1元", "设备投资为1元", "equipment investment is exactly 1 yuan"),
    ("true", "始终成立", "always"),
    ("not true", "始终不成立", "never"),
    ("false", "始终不成立", "never"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zh", "en"), GOLDEN)
def test_a_rule_reads_as_a_notice_would_say_it(text, zh, en):
    """Tests golden sentences in both languages."""
    rule = parse(text, facts=FACTS, returns=BOOL, parameters=TRADES if "crowding" in text else None)
    assert rule.sentence("zh") == zh
    assert rule.sentence("en") == en


def test_a_fact_may_bring_its_own_phrases():
    """Tests patterns of a fact in both languages, affirmed and denied, and the usual denials of a phrase."""
    facts = Facts(
        Fact("trade", TEXT, "行业", zh_is="从事{}", zh_not="不从事{}", en_is="works in {}", en_not="does not work in {}"),
        *(Fact(f"b{i}", BOOL, zh) for i, zh in enumerate(["有消防预案", "曾停产", "已经复工", "需现场评估", "重点企业"])),
    )
    named = {"trades": Parameter(many(TEXT), ("C",), zh="制造业", en="manufacturing")}
    rule = parse("trade in trades", facts=facts, returns=BOOL, parameters=named)
    assert (rule.sentence("zh"), rule.sentence("en")) == ("从事制造业", "works in manufacturing")
    rule = parse("trade not in trades", facts=facts, returns=BOOL, parameters=named)
    assert (rule.sentence("zh"), rule.sentence("en")) == ("不从事制造业", "does not work in manufacturing")
    denied = [parse(f"not b{i}", facts=facts, returns=BOOL).sentence("zh") for i in range(5)]
    assert denied == ["没有消防预案", "未曾停产", "尚未复工", "不需现场评估", "非重点企业"]


@pytest.mark.parametrize(
    ("text", "kind", "zh", "en"),
    [
        (
            "min(pct(invest, 20%, down), 50万元)",
            FEN,
            "设备投资的20%（不足1分的舍去），最高50万元",
            "20% of equipment investment (rounded down to a fen), at most 500,000 yuan",
        ),
        ("max(change, 0)", INT, "人数变动，最低0人", "change, at least 0"),
        ("max(change, headcount)", INT, "人数变动、用工人数中最大的一个", "the greatest of change, headcount"),
        ("pct(headcount, 1250, half_up)", INT, "用工人数的12.5%（四舍五入到1）", "12.5% of headcount (rounded half up to a whole number)"),
        (
            "tier(invest, [0: 0元, 100万元: 1.5万元])",
            FEN,
            "按设备投资分档（0元起为0元，100万元起为1.5万元）",
            "by equipment investment: 0 yuan from 0 yuan, 15,000 yuan from 1,000,000 yuan",
        ),
        ("(invest - 1元) * 2", FEN, "（设备投资减去1元）乘以2", "(equipment investment minus 1 yuan) times 2"),
        ("invest - (invest - 1元)", FEN, "设备投资减去（设备投资减去1元）",
         "equipment investment minus (equipment investment minus 1 yuan)"),
        ("-change", INT, "负的人数变动", "minus change"),
    ],
)  # fmt: skip
def test_an_amount_reads_as_its_policy_would_say_it(text, kind, zh, en):
    """Tests what a number is made of, with cap, rounding and tiers."""
    rule = parse(text, facts=FACTS, returns=kind)
    assert (rule.sentence("zh"), rule.sentence("en")) == (zh, en)


ANSWERS = [
    ("invest >= 100万元", {"invest": 86_000_000}, "设备投资86万元，要求不低于100万元，差14万元",
     "equipment investment: 860,000 yuan; required: at least 1,000,000 yuan; short by 140,000 yuan"),
    ("invest >= 100万元", {"invest": 120_000_000}, "设备投资120万元，符合不低于100万元的要求",
     "equipment investment: 1,200,000 yuan, as required: at least 1,000,000 yuan"),
    ("invest <= 100万元", {"invest": 100_000_001}, "设备投资1000000.01元，要求不超过100万元，超出0.01元",
     "equipment investment: 1,000,000.01 yuan; required: at most 1,000,000 yuan; over by 0.01 yuan"),
    ("invest = 1元", {"invest": 300}, "设备投资3元，要求为1元，相差2元",
     "equipment investment: 3 yuan; required: exactly 1 yuan; off by 2 yuan"),
    ("headcount >= 50", {"headcount": 48}, "用工人数48人，要求不少于50人，差2人",
     "headcount: 48; required: at least 50; short by 2"),
    ("headcount between 5 and 9", {"headcount": 12}, "用工人数12人，要求在5人至9人之间，超出3人",
     "headcount: 12; required: from 5 to 9; over by 3"),
    ("headcount between 5 and 9", {"headcount": 1}, "用工人数1人，要求在5人至9人之间，差4人",
     "headcount: 1; required: from 5 to 9; short by 4"),
    ("headcount not between 5 and 9", {"headcount": 6}, "用工人数6人，要求不在5人至9人之间",
     "headcount: 6; required: not from 5 to 9"),
    ("planned_start >= 2020-02-09T24:00", {"planned_start": local(2020, 2, 8, 8)},
     "计划复工时间2020年2月8日8时，要求不早于2020年2月9日24时，早了1天16小时",
     "planned start: 2020-02-08 08:00; required: not before 2020-02-10 00:00; early by 1 day 16 hours"),
    ("founded <= 2019-02-01", {"founded": date(2019, 2, 4)}, "成立日期2019年2月4日，要求不晚于2019年2月1日，晚了3天",
     "founded: 2019-02-04; required: not after 2019-02-01; late by 3 days"),
    ("months_since(founded) >= 12", {"founded": date(2019, 12, 1)}, "成立日期至今2个月，要求不少于12个月，差10个月",
     "founded: 2 months; required: at least 12 months; short by 10 months"),
    ("invest <= 3 * change * 1元", {"invest": 1000, "change": 3}, "设备投资10元，要求不超过3乘以人数变动乘以1元（9元），超出1元",
     "equipment investment: 10 yuan; required: at most 3 times change times 1 yuan (9 yuan); over by 1 yuan"),
    ("site_zone = 'normal'", {"site_zone": "control"}, "厂区所在区域为管控区，要求厂区所在区域为一般区域",
     "site zone is control; required: site zone is normal"),
    ("size = 'above'", {"size": "small"}, "企业规模为规模以下，要求规模以上", "size is small; required: size is above designated size"),
    ("not prefix(industry, 'H')", {"industry": "H61"}, "行业为“H61”，要求行业不以“H”开头",
     "industry is “H61”; required: industry does not start with “H”"),
    ("whitelist", {"whitelist": False}, "不在白名单内，要求在白名单内", "not on the white list; required: on the white list"),
    ("whitelist", {"whitelist": True}, "在白名单内", "on the white list"),
    ("whitelist", {}, "还不知道：在白名单内（由经信局提供）；要求在白名单内",
     "Not yet known: on the white list; required: on the white list"),
    ("whitelist or headcount >= 5", {"whitelist": False, "headcount": 3},
     "以下各项至少要有一项：不在白名单内，要求在白名单内；用工人数3人，要求不少于5人，差2人",
     "At least one is required: not on the white list; required: on the white list;"
     " headcount: 3; required: at least 5; short by 2"),
    ("whitelist or headcount >= 5", {"whitelist": True}, "在白名单内或者用工人数不少于5人",
     "on the white list or headcount is at least 5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "facts", "zh", "en"), ANSWERS)
def test_an_answer_says_what_is_there_what_is_asked_and_what_is_missing(text, facts, zh, en):
    """Tests golden explanations in both languages."""
    answer = parse(text, facts=FACTS, returns=BOOL).decide(facts, on=ON).conditions[0]
    assert answer.says("zh") == zh
    assert answer.says("en") == en


def test_a_verdict_tells_what_stands_in_the_way_and_otherwise_everything():
    """Tests that satisfied conditions are left out while another is not."""
    rule = parse("whitelist and promised", facts=FACTS, returns=BOOL)
    assert rule.decide({"whitelist": True, "promised": False}, on=ON).explain() == ["未签承诺书，要求已签承诺书"]
    assert rule.decide({"whitelist": True, "promised": True}, on=ON).explain() == ["在白名单内", "已签承诺书"]
    assert rule.decide({"whitelist": True}, on=ON).explain("en") == ["Not yet known: promised; required: promised"]


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0元", "0 yuan"),
        (1, "0.01元", "0.01 yuan"),
        (150, "1.50元", "1.50 yuan"),
        (999_900, "9999元", "9,999 yuan"),
        (1_000_000, "1万元", "10,000 yuan"),
        (1_010_000, "1.01万元", "10,100 yuan"),
        (1_000_100, "10001元", "10,001 yuan"),
        (9_999_990_000, "9999.99万元", "99,999,900 yuan"),
        (10_000_000_000, "1亿元", "100,000,000 yuan"),
        (15_000_000_000, "1.5亿元", "150,000,000 yuan"),
        (-50_000_000, "-50万元", "-500,000 yuan"),
        (89_971_202_971, "899712029.71元", "899,712,029.71 yuan"),
    ],
)
def test_money_is_said_exactly(fen, zh, en):
    """Tests that an amount is shortened only where nothing is lost."""
    assert (money(fen, "zh"), money(fen, "en")) == (zh, en)


def test_lengths_of_time_are_said_up_to_the_second():
    """Tests days, hours, minutes, and that the shortest length is one second."""
    a, b = local(2020, 2, 8), local(2020, 2, 10, 16, 5, 1)
    assert span(b - a, "zh") == "2天16小时5分1秒"
    assert span(b - a, "en") == "2 days 16 hours 5 minutes 1 second"
    assert span(local(2020, 2, 8, 0, 0, 0) - local(2020, 2, 7, 23, 59, 59), "zh") == "1秒"


def test_every_value_has_its_words():
    """Tests values as an answer shows them: unknown, rates, lists, seconds and their parts."""
    at = local(2020, 2, 10, 8, 0, 5)
    cases = [
        (None, FEN, "未知", "unknown"),
        (0, RATE, "0%", "0%"),
        (2000, RATE, "20%", "20%"),
        (-1250, RATE, "-12.5%", "-12.5%"),
        (5, RATE, "0.05%", "0.05%"),
        (12_345, INT, "12345", "12,345"),
        (True, BOOL, "是", "yes"),
        (False, BOOL, "否", "no"),
        (("a", "b"), many(TEXT), "“a”、“b”", "“a”, “b”"),
        (at, INSTANT, "2020年2月10日8时0分5秒", "2020-02-10 08:00:05"),
        (at.replace(second=0, microsecond=500_000), INSTANT, "2020年2月10日8时0分0.5秒", "2020-02-10 08:00:00.5"),
        (at.replace(second=0), INSTANT, "2020年2月10日8时", "2020-02-10 08:00"),
    ]
    for value, kind, zh, en in cases:
        assert (spoken(value, kind, "zh"), spoken(value, kind, "en")) == (zh, en)
