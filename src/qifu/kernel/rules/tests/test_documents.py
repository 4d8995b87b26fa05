"""Decision documents: dates, parameters, tables, versions and layers."""

import copy
from datetime import date, datetime, timedelta

import pytest

from qifu.kernel.rules import (
    BOOL,
    DATE,
    FEN,
    INSTANT,
    INT,
    TEXT,
    AddedLayer,
    Fact,
    Facts,
    FloatRefused,
    ForbiddenFact,
    Gap,
    NotInForce,
    Origin,
    Overflow,
    Overlap,
    RuleRefused,
    UnknownFact,
    Unused,
    WrongDeclaration,
    WrongExample,
    WrongType,
    WrongValue,
    enum,
    in_force,
    load_document,
)

from .dictionary import local

FACTS = Facts(
    Fact("size", enum(above="规模以上", limit_above="限额以上", small="规模以下"), "企业规模", zh_is="{}"),
    Fact("essential", enum(none="一般企业", utility="公共事业运行必需", supply="应急物资生产必需"), "必需类别"),
    Fact("industry", TEXT, "行业"),
    Fact("site_zone", enum(normal="一般区域", control="管控区", lockdown="封控区"), "厂区所在区域"),
    Fact("planned_start", INSTANT, "计划复工时间"),
    Fact("whitelist", BOOL, "在白名单内"),
    Fact("regime", enum(approval="审批", filing="备案", none="取消审批"), "管理方式"),
    Fact("headcount", INT, "用工人数", "人社局", "人", max=1_000_000),
    Fact("invest", FEN, "设备投资", max=10**12),
    Fact("founded", DATE, "成立日期"),
)

TRIAGE = {
    "id": "resumption-triage",
    "title": "复工申请分流",
    "valid": {"from": date(2020, 2, 8), "to": date(2020, 2, 18)},
    "known": {"published": "2020-02-08"},
    "origin": {"level": "district", "document": "关于做好企业复工申报工作的通知", "article": "第二条"},
    "regions": ["330213"],
    "parameters": {
        "not_before": {
            "type": "instant",
            "zh": "最早复工时间",
            "values": [{"from": "2020-02-08", "value": "2020-02-09T24:00", "ref": "浙政办"}],
        },
        "crowding": {
            "zh": "人员聚集行业",
            "values": [
                {"from": "2020-02-01", "value": ["H61", "H62", "R"]},
                {"from": "2020-02-15", "value": ["R"]},
            ],
        },
    },
    "conditions": [
        {
            "id": "after_date",
            "text": "不早于2月9日24时复工",
            "if": "essential != 'none' or planned_start >= not_before",
            "fix": "把计划复工时间改到2月9日24时以后",
            "origin": {"level": "province", "document": "关于延迟企业复工和学校开学的通知"},
        },
        {"id": "not_crowding", "text": "不属于人员聚集行业", "if": "not prefix(industry, crowding)", "article": "第四条"},
        {"id": "open_zone", "text": "不在封控、管控区", "if": "site_zone = 'normal'", "on_unknown": "fail"},
    ],
    "outcomes": {
        "hit": "first",
        "rows": [
            {"id": "free", "when": "regime = 'none'", "then": "start"},
            {"id": "early", "when": "essential != 'none' and planned_start < not_before", "then": "early"},
            {"id": "forward", "when": "size = 'above'", "then": "forward"},
        ],
        "otherwise": "town",
        "labels": {"start": "无需审批", "early": "提前复工", "forward": ["镇街盖章上报", "forwarded"], "town": "镇街办理"},
    },
    "tests": [
        {
            "name": "规上",
            "at": "2020-02-11",
            "input": {
                "size": "above",
                "essential": "none",
                "industry": "C38",
                "site_zone": "normal",
                "planned_start": "2020-02-10T00:00",
                "regime": "approval",
            },
            "output": {"outcome": True, "result": "forward", "failed": [], "held": []},
        }
    ],
}
FIRM = {
    "size": "above",
    "essential": "none",
    "industry": "C38",
    "site_zone": "normal",
    "planned_start": local(2020, 2, 10),
    "regime": "approval",
}
ON = date(2020, 2, 11)


def changed(path, value, of=TRIAGE):
    """A copy with one place set, or taken out when the value is ...; `path` is keys and indices."""
    made = copy.deepcopy(of)
    place = made
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    elif isinstance(place, list) and path[-1] == len(place):
        place.append(value)
    else:
        place[path[-1]] = value
    return made


def load(mapping=TRIAGE, facts=FACTS, **options):
    return load_document(mapping, facts, **options)


def test_triage_decides_with_reasons_and_their_origin():
    """Tests an early start of a crowding trade: what failed, why, whose rule, what to do."""
    document = load()
    decision = document.decide({**FIRM, "planned_start": local(2020, 2, 8, 8), "industry": "R90"}, on=ON)
    assert (decision.outcome, decision.result, decision.label, decision.row) == (
        False,
        "forward",
        "镇街盖章上报",
        "forward",
    )
    assert decision.failed == ("after_date", "not_crowding")
    assert decision.why == "规模以上"
    after, crowding, zone = decision.conditions
    assert after.origin == Origin("province", "关于延迟企业复工和学校开学的通知")
    assert after.origin.says() == "省级《关于延迟企业复工和学校开学的通知》"
    assert crowding.origin.says() == "区级《关于做好企业复工申报工作的通知》第四条"
    assert zone.origin.says("en") == "district: 关于做好企业复工申报工作的通知, 第二条"
    assert after.fix == "把计划复工时间改到2月9日24时以后"
    assert crowding.says() == "行业为“R90”，要求行业不属于人员聚集行业"
    assert after.parts[1].gap == timedelta(hours=40)


@pytest.mark.parametrize(
    ("facts", "outcome", "result", "row"),
    [
        (FIRM, True, "forward", "forward"),
        ({**FIRM, "size": "small"}, True, "town", "otherwise"),
        ({**FIRM, "regime": "none"}, True, "start", "free"),
        ({**FIRM, "essential": "supply", "planned_start": local(2020, 2, 7)}, True, "early", "early"),
        ({**FIRM, "essential": "supply"}, True, "forward", "forward"),
        ({**FIRM, "regime": None}, True, None, None),
        ({**FIRM, "site_zone": None}, False, "forward", "forward"),
        ({**FIRM, "industry": None}, None, "forward", "forward"),
        ({}, False, None, None),
    ],
)
def test_the_first_row_that_holds_gives_the_result(facts, outcome, result, row):
    """Tests order, default, and that an unknown row before keeps the result open."""
    decision = load().decide(facts, on=ON)
    assert (decision.outcome, decision.result, decision.row) == (outcome, result, row)
    assert bool(decision.open_rows) is (result is None)


def test_unknown_holds_or_fails_as_the_document_says():
    """Tests on_unknown: the answer stays unknown, the count differs."""
    decision = load().decide({**FIRM, "industry": None, "site_zone": None}, on=ON)
    assert [(c.id, c.outcome, c.counts_as) for c in decision.conditions] == [
        ("after_date", True, True),
        ("not_crowding", None, None),
        ("open_zone", None, False),
    ]
    assert (decision.failed, decision.held) == (("open_zone",), ("not_crowding",))


def test_an_unknown_row_does_not_hold_up_what_comes_to_the_same():
    """Tests that a result is given when every way to read what is unknown gives it."""
    same = changed(["outcomes", "rows", 0, "then"], "forward")
    decision = load(same).decide({**FIRM, "regime": None}, on=ON)
    assert (decision.result, decision.row) == ("forward", "forward")
    rows = [{"when": "whitelist", "then": "town"}]
    table = changed(["outcomes", "rows"], rows)
    assert load(changed(["tests"], [], table)).decide(FIRM, on=ON).result == "town"
    other = changed(["outcomes", "rows", 0, "then"], "start", changed(["tests"], [], table))
    decision = load(other).decide(FIRM, on=ON)
    assert (decision.result, decision.row, decision.open_rows) == (None, None, ("r1",))


def test_a_row_may_name_a_condition():
    """Tests that a condition's id stands for it, unknown counting as the condition says."""
    rows = [{"when": "open_zone", "then": "town"}, {"when": "not_crowding", "then": "start"}]
    document = load(changed(["tests"], [], changed(["outcomes", "rows"], rows)))
    assert document.decide({**FIRM, "site_zone": None}, on=ON).result == "start"
    assert document.decide({**FIRM, "industry": None}, on=ON).result == "town"
    assert document.decide({**FIRM, "site_zone": None, "industry": None}, on=ON).result is None
    assert document.periods[0].rows[0].zh == "不在封控、管控区"


def test_a_parameter_changes_on_its_day_without_a_release():
    """Tests the last day of the old list and the first of the new one."""
    document = load()
    crowded = {**FIRM, "industry": "H61"}
    assert [p.start for p in document.periods] == [date(2020, 2, 8), date(2020, 2, 15)]
    assert document.decide(crowded, on=date(2020, 2, 8)).failed == ("not_crowding",)
    assert document.decide(crowded, on=date(2020, 2, 14)).failed == ("not_crowding",)
    assert document.decide(crowded, on=date(2020, 2, 15)).failed == ()
    assert document.decide({**FIRM, "industry": "R"}, on=date(2020, 2, 18)).failed == ("not_crowding",)


@pytest.mark.parametrize(("on", "holds"), [(7, False), (8, True), (18, True), (19, False)])
def test_a_document_holds_from_its_first_to_its_last_day(on, holds):
    """Tests both ends of the validity."""
    document, day = load(), date(2020, 2, on)
    assert document.holds(day) is holds
    if holds:
        assert document.decide(FIRM, on=day).outcome is True
    else:
        with pytest.raises(NotInForce, match="2020年2月8日至2020年2月18日"):
            document.decide(FIRM, on=day)
    assert load(changed(["valid", "to"], ...)).holds(date(2030, 1, 1))


def test_a_document_can_be_read_aloud():
    """Tests the lines that a page about the rule shows."""
    assert load().describe(on=ON) == [
        "不早于2月9日24时复工（省级《关于延迟企业复工和学校开学的通知》）",
        "不属于人员聚集行业（区级《关于做好企业复工申报工作的通知》第四条）",
        "不在封控、管控区（区级《关于做好企业复工申报工作的通知》第二条）",
        "管理方式为取消审批的，无需审批",
        "必需类别不是一般企业且计划复工时间早于2020年2月9日24时的，提前复工",
        "规模以上的，镇街盖章上报",
        "其他的，镇街办理",
    ]
    assert load().describe(on=ON, language="en")[-2:] == ["If size is above: forwarded", "Otherwise: town"]


def test_every_reading_of_a_parameter():
    """Tests the declared, the borrowed and the guessed type of a value."""
    parameters = {
        "a_fen": [{"from": "2020-01-01", "value": 100}],
        "b": [{"from": "2020-01-01", "value": "1元"}],
        "c": [{"from": "2020-01-01", "value": 3}],
        "d": {"like": "size", "values": [{"from": "2020-01-01", "value": "above"}]},
        "e": {"like": "size", "many": True, "values": [{"from": "2020-01-01", "value": ["above", "small"]}]},
        "f": [{"from": "2020-01-01", "value": datetime(2020, 2, 10)}],  # noqa: DTZ001 - as YAML reads a local time
        "g": [{"from": "2020-01-01", "value": True}],
        "h_bp": [{"from": "2020-01-01", "value": 2000}],
        "i": {"type": "text", "many": True, "values": [{"from": "2020-01-01", "value": []}]},
        "j": [{"from": "2020-01-01", "value": "20%"}],
        "k": {"type": "text", "values": [{"from": "2020-01-01", "value": "330213"}]},
        "m": [{"from": "2020-01-01", "value": "330213"}],
    }
    text = (
        "invest >= a_fen and invest <= b and headcount = c and size = d and size in e and planned_start = f"
        " and whitelist = g and pct(invest, h_bp) = 20分 and industry not in i and pct(invest, j) = 20分"
        " and industry = k and industry = m"
    )
    mapping = {
        **{k: TRIAGE[k] for k in ("id", "title", "valid", "origin")},
        "round": "down",
        "parameters": parameters,
        "conditions": [{"id": "all", "text": "全部", "if": text}],
    }
    facts = {**FIRM, "invest": 100, "headcount": 3, "whitelist": True, "industry": "330213"}
    assert load(mapping).decide(facts, on=ON).outcome is True
    assert load(mapping).decide({**facts, "invest": 101}, on=ON).outcome is False


_SPARE = "parameters.spare.values[0].value"
REFUSED = [
    ([], {"id": 1}, WrongDeclaration, "title"),
    (["titel"], "x", WrongDeclaration, "titel"),
    (["title"], "", WrongDeclaration, "title"),
    (["title"], 3, WrongDeclaration, "title"),
    (["title"], ..., WrongDeclaration, "title"),
    (["id"], "Triage!", WrongDeclaration, "id"),
    (["version"], 0, WrongDeclaration, "version"),
    (["version"], True, WrongDeclaration, "version"),
    (["version"], 1.5, FloatRefused, "version"),
    (["valid", "from"], "2020-2-8", WrongDeclaration, "valid.from"),
    (["valid", "from"], "2020-02-19", WrongDeclaration, "valid"),
    (["valid", "until"], "2020-02-19", WrongDeclaration, "valid.until"),
    (["known", "supersedes"], 1, WrongDeclaration, "known.supersedes"),
    (["origin", "level"], "village", WrongDeclaration, "origin.level"),
    (["origin", "document"], ..., WrongDeclaration, "origin.document"),
    (["regions", 0], 330213, WrongDeclaration, "regions[0]"),
    (["round"], "nearest", WrongDeclaration, "round"),
    ([True], {}, WrongDeclaration, ""),
    (["conditions"], [], WrongDeclaration, "conditions"),
    (["conditions"], {}, WrongDeclaration, "conditions"),
    (["conditions", 0, "if"], "planned_strat >= not_before", UnknownFact, "conditions[0].if"),
    (["conditions", 0, "if"], "planned_start >= 2020-02-10 and not_before = not_before", WrongType, "conditions[0].if"),
    (["conditions", 0, "if"], "native_place = 'x'", ForbiddenFact, "conditions[0].if"),
    (["conditions", 0, "if"], 3, WrongDeclaration, "conditions[0].if"),
    (["conditions", 0, "id"], "size", WrongDeclaration, "conditions[0].id"),
    (["conditions", 0, "id"], "not_before", WrongDeclaration, "conditions[0].id"),
    (["conditions", 1, "id"], "after_date", WrongDeclaration, "conditions"),
    (["conditions", 0, "on_unknown"], "pass", WrongDeclaration, "conditions[0].on_unknown"),
    (["conditions", 0, "text"], ..., WrongDeclaration, "conditions[0].text"),
    (["conditions", 0, "fixx"], "x", WrongDeclaration, "conditions[0].fixx"),
    (["parameters", "spare"], [{"from": "2020-02-01", "value": 1}], Unused, "parameters.spare"),
    (["parameters", "native_place"], [{"from": "2020-02-01", "value": 1}], ForbiddenFact, "parameters"),
    (["parameters", "crowding", "zh"], "籍贯名单", ForbiddenFact, "parameters"),
    (["parameters", "size"], [{"from": "2020-02-01", "value": 1}], WrongDeclaration, "parameters.size"),
    (["parameters", "crowding", "values"], [], Gap, "parameters.crowding"),
    (["parameters", "crowding", "values", 0, "from"], "2020-02-09", Gap, "parameters.crowding"),
    (["parameters", "crowding", "values", 1, "from"], "2020-02-01", Overlap, "parameters.crowding.values[1]"),
    (["parameters", "crowding", "values", 1, "from"], "2020-02-19", Unused, "parameters.crowding"),
    (["parameters", "crowding", "values", 1, "value"], [1], WrongType, "parameters.crowding.values[1].value"),
    (["parameters", "crowding", "values", 1, "value"], None, WrongDeclaration, "parameters.crowding.values[1].value"),
    (["parameters", "crowding", "values", 0, "value"], [], WrongDeclaration, "parameters.crowding"),
    (["parameters", "not_before", "type"], "float", WrongDeclaration, "parameters.not_before.type"),
    (["parameters", "spare"], {"type": "int", "values": [{"from": "2020-02-01", "value": "1元"}]}, WrongType, _SPARE),
    (["parameters", "spare"], {"type": "fen", "values": [{"from": "2020-02-01", "value": "many"}]}, WrongType, _SPARE),
    (["parameters", "spare"], {"type": "rate", "values": [{"from": "2020-02-01", "value": "1元"}]}, WrongType, _SPARE),
    (["parameters", "not_before", "like"], "sise", WrongDeclaration, "parameters.not_before.like"),
    (
        ["parameters", "not_before", "values", 0, "value"],
        "9日",
        WrongType,
        "parameters.not_before.values[0].value",
    ),
    (["outcomes", "hit"], "any", WrongDeclaration, "outcomes.hit"),
    (["outcomes", "rows"], [], WrongDeclaration, "outcomes.rows"),
    (["outcomes", "rows", 0, "then"], "strat", WrongDeclaration, "outcomes.rows[0].then"),
    (["outcomes", "rows", 0, "when"], "regime = 'non'", WrongType, "outcomes.rows[0].when"),
    (["outcomes", "rows", 1, "id"], "free", WrongDeclaration, "outcomes.rows"),
    (["outcomes", "rows", 2, "when"], "regime = 'none' and size = 'above'", Unused, "outcomes.rows[2]"),
    (["outcomes", "otherwise"], "twon", WrongDeclaration, "outcomes.otherwise"),
    (["outcomes", "otherwise"], ..., Gap, "outcomes.rows"),
    (["outcomes", "labels", "town"], ["a", "b", "c"], WrongDeclaration, "outcomes.labels.town"),
    (["tests", 0, "output", "result"], "town", WrongExample, "tests[0].output.result"),
    (["tests", 0, "output", "outcome"], False, WrongExample, "tests[0].output.outcome"),
    (["tests", 0, "output", "failed"], ["open_zone"], WrongExample, "tests[0].output.failed"),
    (["tests", 0, "output", "held"], ["open_zone"], WrongExample, "tests[0].output.held"),
    (["tests", 0, "output", "paid"], 1, WrongDeclaration, "tests[0].output.paid"),
    (["tests", 0, "input", "sise"], "above", WrongDeclaration, "tests[0].input.sise"),
    (["tests", 0, "input", "size"], "huge", WrongDeclaration, "tests[0].input.size"),
    (["tests", 0, "at"], "2020-03-01", NotInForce, "tests[0]"),
]


@pytest.mark.parametrize(("path", "given", "kind", "where"), REFUSED)
def test_a_faulty_document_does_not_load(path, given, kind, where):
    """Tests each fault, its kind, the place in the document, and a sentence in both languages."""
    with pytest.raises(RuleRefused) as refused:
        load(given if not path else changed(path, given))
    assert type(refused.value) is kind
    assert refused.value.path == where or not path
    assert refused.value.says.endswith("。")
    assert refused.value.en.endswith(".")


@pytest.mark.parametrize(
    ("path", "given", "fix"),
    [
        (["titel"], "x", "是否指 title？"),
        (["zzzz"], "x", "可用：id、version、"),
        (["conditions", 0, "fixx"], "x", "是否指 fix？"),
        (["outcomes", "otherwise"], "twon", "是否指 town？"),
        (["outcomes", "otherwise"], "zzzz", ""),
        (["parameters", "not_before", "like"], "sise", "是否指 size？"),
        (["parameters", "not_before", "like"], "zzzz", ""),
        (["conditions", 0, "if"], "planned_strat >= not_before", "是否指 planned_start（计划复工时间）？"),
        (["outcomes", "rows", 2, "when"], "regime = 'none'", "把“forward”提前，或删去。"),
    ],
)
def test_a_fault_in_a_document_comes_with_its_remedy(path, given, fix):
    """Tests the nearest name where there is one, and nothing invented where there is none."""
    with pytest.raises(RuleRefused) as refused:
        load(changed(path, given))
    assert refused.value.fix.startswith(fix)
    assert bool(refused.value.fix) is bool(fix)


def test_a_document_may_hold_for_one_day():
    """Tests that the first and the last day may be the same."""
    document = load(changed(["tests"], [], changed(["valid"], {"from": "2020-02-15", "to": "2020-02-15"})))
    assert [document.holds(date(2020, 2, d)) for d in (14, 15, 16)] == [False, True, False]


def test_nesting_is_refused_before_it_is_read():
    """Tests that a deep document says so, in lists and in mappings."""
    for wrap in (lambda v: [v], lambda v: {"a": v}):
        deep = "x"
        for _ in range(20):
            deep = wrap(deep)
        with pytest.raises(WrongDeclaration, match="套得太深"):
            load({**TRIAGE, "regions": deep})


def test_a_table_that_no_row_answers_gives_no_result():
    """Tests a table without default that cannot be proved: nothing holds, nothing is open."""
    mapping = unique(("headcount * 2 > 5", "a"))
    mapping["outcomes"]["hit"] = "first"
    decision = load(mapping).decide({"headcount": 1}, on=ON)
    assert (decision.result, decision.row, decision.label, decision.open_rows) == (None, None, "", ())
    assert load(mapping).decide({"headcount": 3}, on=ON).row == "r1"


def test_a_document_without_a_table_gives_a_plain_verdict():
    """Tests that conditions alone are enough."""
    mapping = {k: TRIAGE[k] for k in ("id", "title", "valid", "origin")}
    mapping["conditions"] = [{"id": "a", "text": "甲", "if": "whitelist"}]
    decision = load(mapping).decide({"whitelist": True}, on=ON)
    assert (decision.outcome, decision.result, decision.row) == (True, None, None)


def test_a_later_period_is_proved_today():
    """Tests that a value which would overflow only next month is refused now."""
    mapping = {
        **{k: TRIAGE[k] for k in ("id", "title", "origin")},
        "valid": {"from": "2020-02-08"},
        "parameters": {"factor": [{"from": "2020-02-01", "value": 2}, {"from": "2020-03-01", "value": 10**9}]},
        "conditions": [{"id": "c", "text": "甲", "if": "invest * factor >= 1元"}],
    }
    with pytest.raises(Overflow) as refused:
        load(mapping)
    assert (refused.value.path, refused.value.column) == ("conditions[0].if", 8)
    assert load(changed(["parameters", "factor", 1, "value"], 9_000_000, mapping))


def test_the_key_that_yaml_turned_into_a_truth_value_is_explained():
    """Tests that `on:` without quotes is told apart from an unknown key."""
    with pytest.raises(WrongDeclaration) as refused:
        load({**TRIAGE, True: 1})
    assert "引号" in refused.value.fix


def test_too_many_rows_and_periods_are_refused():
    """Tests the limits of a document."""
    with pytest.raises(WrongDeclaration):
        load(changed(["conditions"], TRIAGE["conditions"] * 70))
    dates = [{"from": date(2020, 1, 1) + timedelta(days=i), "value": [str(i)]} for i in range(150)]
    long = changed(["valid"], {"from": "2020-01-01"}, changed(["parameters", "crowding", "values"], dates))
    long["parameters"]["not_before"]["values"][0]["from"] = "2020-01-01"
    with pytest.raises(WrongDeclaration) as refused:
        load(long)
    assert refused.value.path == "parameters"


def test_the_digest_is_of_the_content():
    """Tests that order of keys does not matter and a changed word does."""
    assert load().digest == load(dict(reversed(TRIAGE.items()))).digest
    assert load().digest != load(changed(["title"], "别的")).digest
    assert len(load().digest) == 64


# ---------------------------------------------------------------- UNIQUE tables


def unique(*rows, otherwise=None, condition="true"):
    table = {"hit": "unique", "rows": [{"when": w, "then": t} for w, t in rows]}
    return {
        **{k: TRIAGE[k] for k in ("id", "title", "valid", "origin")},
        "conditions": [{"id": "base", "text": "甲", "if": condition}],
        "outcomes": table | ({"otherwise": otherwise} if otherwise else {}),
    }


TIERS = [("headcount < 20", "micro"), ("headcount between 20 and 299", "small"), ("headcount >= 300", "large")]


def test_a_unique_table_that_covers_everything_once_loads():
    """Tests tiers, and the result at each boundary."""
    document = load(unique(*TIERS))
    found = [document.decide({"headcount": n}, on=ON).result for n in (0, 19, 20, 299, 300, 1_000_000)]
    assert found == ["micro", "micro", "small", "small", "large", "large"]
    assert document.decide({}, on=ON).result is None


@pytest.mark.parametrize(
    ("rows", "kind", "witness"),
    [
        ([("headcount <= 20", "a"), *TIERS[1:]], Overlap, "用工人数=20人"),
        ([("headcount < 19", "a"), *TIERS[1:]], Gap, "用工人数=19人"),
        ([*TIERS[:2], ("headcount > 300", "a")], Gap, "用工人数=300人"),
        ([("size = 'above'", "a"), ("size = 'small'", "b")], Gap, "企业规模=限额以上"),
        ([("size != 'above'", "a"), ("size in ['above', 'small']", "b")], Overlap, "企业规模=规模以下"),
        ([("prefix(industry, 'C')", "a"), ("prefix(industry, 'C3')", "b")], Overlap, "行业=“C3”"),
        ([("prefix(industry, 'C')", "a"), ("industry = 'D'", "b")], Gap, "行业="),
        (
            [("planned_start <= 2020-02-10T00:00", "a"), ("planned_start >= 2020-02-10T00:00", "b")],
            Overlap,
            "计划复工时间=2020年2月10日0时",
        ),
        (
            [("whitelist", "a"), ("not whitelist and headcount > 5", "b"), ("headcount < 3", "c")],
            Overlap,
            "在白名单内=是，用工人数=0人",
        ),
        ([("whitelist", "a")], Gap, "在白名单内=否"),
        ([("not whitelist", "a")], Gap, "在白名单内=是"),
        ([("headcount < 1000000", "a")], Gap, "用工人数=1000000人"),
        ([("headcount > 0", "a")], Gap, "用工人数=0人"),
        ([("founded < 2020-02-10", "a"), ("founded > 2020-02-10", "b")], Gap, "成立日期=2020年2月10日"),
        ([("founded < 2020-02-10", "a"), ("founded >= 2020-02-09", "b")], Overlap, "成立日期=2020年2月9日"),
        ([("founded <= 2020-02-10", "a"), ("founded > 2020-02-11", "b")], Gap, "成立日期=2020年2月11日"),
        (
            [("planned_start < 2020-02-10T00:00", "a"), ("planned_start > 2020-02-10T00:00", "b")],
            Gap,
            "计划复工时间=2020年2月10日0时",
        ),
        ([("whitelist and headcount > 5", "a"), ("not whitelist", "b")], Gap, "在白名单内=是，用工人数=0人"),
    ],
)
def test_a_unique_table_with_overlap_or_gap_names_a_case(rows, kind, witness):
    """Tests that the proof finds the case and says it."""
    with pytest.raises(kind) as refused:
        load(unique(*rows))
    assert witness in refused.value.says


def test_a_default_fills_gaps_but_no_overlap():
    """Tests otherwise in a UNIQUE table, and that a certain row wins over an open one."""
    document = load(unique(("size = 'above'", "a"), ("size = 'small' and whitelist", "b"), otherwise="c"))
    assert document.decide({"size": "limit_above"}, on=ON).result == "c"
    assert document.decide({"size": "small"}, on=ON).result is None
    assert document.decide({"size": "above"}, on=ON).result == "a"
    with pytest.raises(Overlap):
        load(unique(("size = 'above'", "a"), ("whitelist", "b"), otherwise="c"))


def test_in_a_unique_table_a_row_that_holds_decides_over_open_ones():
    """Tests that exclusive rows need not all be known."""
    document = load(unique(("whitelist and headcount > 5", "a"), ("not whitelist or headcount <= 5", "b"), condition="true"))
    assert document.decide({"headcount": 5}, on=ON).result == "b"
    assert document.decide({"headcount": 6}, on=ON).result is None


def test_what_cannot_be_proved_cannot_be_unique():
    """Tests arithmetic, two facts, months and too many cases; the same table loads as first."""
    for rows in (
        [("headcount * 2 > 5", "a"), ("headcount * 2 <= 5", "b")],
        [("headcount > 5 + headcount", "a"), ("headcount <= 5", "b")],
    ):
        with pytest.raises(WrongDeclaration) as refused:
            load(unique(*rows))
        assert "hit: first" in refused.value.fix
        mapping = unique(*rows, otherwise="c")
        mapping["outcomes"]["hit"] = "first"
        assert load(mapping)
    wide = " or ".join(
        f"{name} in [{', '.join(str(i * 3) + unit for i in range(90))}]" for name, unit in (("headcount", ""), ("invest", "元"))
    )
    with pytest.raises(WrongDeclaration):
        load(unique((wide, "a"), (f"not ({wide})", "b")))


def test_choices_of_two_facts_may_be_compared_in_a_unique_table():
    """Tests that finite facts are proved whatever the form of the condition."""
    facts = Facts(*(Fact(n, enum("p", "q"), n) for n in ("one", "other")))
    mapping = unique(("one = other", "a"), ("one != other", "b"))
    assert load(mapping, facts).decide({"one": "p", "other": "q"}, on=ON).result == "b"


def test_a_list_emptied_by_a_later_value_is_proved_too():
    """Tests that each period is proved apart, and a row dead in one period only is allowed."""
    rows = [{"when": "industry in names", "then": "a"}, {"when": "industry not in names", "then": "b"}]
    mapping = unique(("true", "a"))
    mapping["outcomes"]["rows"] = rows
    mapping["parameters"] = {
        "names": {
            "type": "text",
            "many": True,
            "values": [{"from": "2020-02-01", "value": ["C"]}, {"from": "2020-02-12", "value": []}],
        }
    }
    document = load(mapping)
    assert [document.decide({"industry": "C"}, on=date(2020, 2, d)).result for d in (11, 12)] == ["a", "b"]
    mapping["parameters"]["names"]["values"] = [{"from": "2020-02-01", "value": []}]
    with pytest.raises(Unused):
        load(mapping)


# ---------------------------------------------------------------- versions


def version(number, start, end=None, *, supersedes=None, known=None, level="district"):
    made = copy.deepcopy(TRIAGE)
    made |= {"version": number, "valid": {"from": start} | ({"to": end} if end else {}), "tests": []}
    made["known"] = {"supersedes": supersedes} if supersedes else {}
    made["origin"]["level"] = level
    made["parameters"]["crowding"]["values"] = [{"from": "2020-02-01", "value": ["R"]}]
    made["parameters"]["not_before"]["values"][0]["from"] = "2020-02-01"
    return load(made, known=known)


def test_the_version_of_the_day_decides():
    """Tests succession, both ends, a hole, and a newer version over an older one."""
    versions = [
        version(3, "2020-03-01"),
        version(1, "2020-02-08", "2020-02-18"),
        version(2, "2020-02-15", "2020-02-20"),
    ]
    days = [(8, 1), (14, 1), (15, 2), (18, 2), (20, 2)]
    assert [in_force(versions, on=date(2020, 2, d)).version for d, _ in days] == [v for _, v in days]
    assert in_force(versions, on=date(2021, 1, 1)).version == 3
    for day in (date(2020, 2, 7), date(2020, 2, 21)):
        with pytest.raises(NotInForce):
            in_force(versions, on=day)
    with pytest.raises(NotInForce, match="这份文件在2020年2月11日没有生效的版本"):
        in_force([], on=ON)
    with pytest.raises(NotInForce, match="《复工申请分流》在2020年2月7日没有生效的版本"):
        in_force(versions[:1], on=date(2020, 2, 7))


def test_as_known_then_replays_the_version_of_then():
    """Tests that a correction known later does not change what was decided before it was known."""
    first = version(1, "2020-02-08", "2020-02-18", known=100)
    corrected = version(2, "2020-02-08", "2020-02-12", supersedes=1, known=200)
    both = [first, corrected]
    assert in_force(both, on=ON, known=199).version == 1
    assert in_force(both, on=ON, known=200).version == 2
    assert in_force(both, on=ON).version == 2
    assert in_force(both, on=date(2020, 2, 13), known=199).version == 1
    with pytest.raises(NotInForce):
        in_force(both, on=date(2020, 2, 13))
    with pytest.raises(NotInForce):
        in_force(both, on=ON, known=99)
    assert in_force([version(1, "2020-02-08"), corrected], on=ON, known=0).version == 1


def test_versions_are_of_one_document_and_no_lower_level():
    """Tests mixing, repetition, and a lower level that would take the place of a higher one."""
    one = version(1, "2020-02-08")
    with pytest.raises(WrongDeclaration):
        in_force([one, load(changed(["id"], "other"))], on=ON)
    with pytest.raises(WrongDeclaration):
        in_force([one, version(1, "2020-02-09")], on=ON)
    with pytest.raises(AddedLayer):
        in_force([one, version(2, "2020-02-09", level="town")], on=ON)
    assert in_force([one, version(2, "2020-02-09", level="city")], on=ON).version == 2
    with pytest.raises(WrongValue):
        in_force([one], on=local(2020, 2, 11))


# ---------------------------------------------------------------- layers

LAYER = {
    "id": "town-extra",
    "title": "某镇补充要求",
    "valid": {"from": "2020-02-10"},
    "origin": {"level": "town", "document": "某镇通知"},
    "stricter_than": {
        "of": "resumption-triage",
        "reason": "园区供水检修",
        "approved_by": {"level": "district", "name": "区复工专班", "document": "专班〔2020〕3号"},
        "until": "2020-02-14",
    },
    "conditions": [{"id": "few", "text": "首日到岗不超过50人", "if": "headcount <= 50"}],
}


def test_an_approved_layer_adds_its_condition_with_its_origin_until_its_end():
    """Tests that the layer works on its days, shows whose it is, and falls away by itself."""
    base = load()
    layer = load(LAYER, above=base)
    many_people = {**FIRM, "headcount": 60}
    for day, failed in [(9, ()), (10, ("town-extra.few",)), (14, ("town-extra.few",)), (15, ())]:
        decision = base.decide(many_people, on=date(2020, 2, day), layers=[layer])
        assert decision.failed == failed
        assert decision.outcome is (not failed)
        assert decision.result == "forward"
    answer = base.decide(many_people, on=ON, layers=[layer]).conditions[-1]
    assert answer.origin.says() == "镇街级《某镇通知》"
    assert layer.layer.says() == "加严理由：园区供水检修；由区复工专班（专班〔2020〕3号）批准，到2020年2月14日为止"
    assert layer.describe(on=ON)[-1] == layer.layer.says()
    assert layer.valid_to == date(2020, 2, 14)


@pytest.mark.parametrize(
    ("path", "given", "where"),
    [
        (["stricter_than"], ..., "stricter_than"),
        (["stricter_than", "reason"], ..., "stricter_than.reason"),
        (["stricter_than", "reason"], "", "stricter_than.reason"),
        (["stricter_than", "approved_by"], ..., "stricter_than.approved_by"),
        (["stricter_than", "until"], ..., "stricter_than.until"),
        (["stricter_than", "of"], ..., "stricter_than.of"),
        (["stricter_than", "of"], "something-else", "stricter_than.of"),
        (["stricter_than", "approved_by", "level"], "town", "stricter_than.approved_by.level"),
        (["valid", "to"], "2020-02-15", "valid.to"),
    ],
)
def test_a_layer_without_reason_approval_from_above_and_end_does_not_load(path, given, where):
    """Tests FEATURES 2.15: each missing piece, a town's own approval, and a longer life than was approved."""
    with pytest.raises(AddedLayer) as refused:
        load(changed(path, given, LAYER), above=load())
    assert refused.value.path == where
    if given is not ... or path != ["stricter_than"]:
        without = path != ["stricter_than", "of"] or given is ...
        if without:
            with pytest.raises(AddedLayer):
                load(changed(path, given, LAYER))


def test_a_layer_only_adds_conditions_and_comes_from_below():
    """Tests that a layer has no outcomes, is of a lower level, and may end before its approval does."""
    base = load()
    with pytest.raises(WrongDeclaration):
        load({**LAYER, "outcomes": {"rows": [{"when": "whitelist", "then": "a"}]}}, above=base)
    with pytest.raises(WrongDeclaration):
        load(changed(["origin", "level"], "district", LAYER), above=base)
    with pytest.raises(WrongDeclaration):
        load(changed(["stricter_than", "approved_by", "name"], ..., LAYER), above=base)
    short = load(changed(["valid", "to"], "2020-02-12", LAYER), above=base)
    assert short.valid_to == date(2020, 2, 12)
    assert load(changed(["valid", "to"], "2020-02-14", LAYER), above=base).valid_to == date(2020, 2, 14)


def test_a_document_that_is_no_layer_of_this_one_is_refused_at_the_decision():
    """Tests that nothing slips in as a layer, neither a plain document nor another's layer."""
    base = load()
    plain = load(changed(["stricter_than"], ..., LAYER))
    other = load(changed(["stricter_than", "of"], "something-else", LAYER))
    for layer in (plain, other):
        with pytest.raises(AddedLayer):
            base.decide(FIRM, on=ON, layers=[layer])
