"""Tests of the roster and of the dated facts of workers (DECISIONS 20, FEATURES 1.3, 12.10)."""

from types import SimpleNamespace

from django.db import connection

from qifu.areas.registry import api
from qifu.areas.registry.models import Worker
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.indicators import Moment, rows
from qifu.kernel.journal import reading

from .world import AT, EVENING, THERE, bureau, clerk, contact_of, district, do, firm, fresh, refuse, value, worker

FIGURES = ("F26", "F27", "F28", "F29", "F30")


def survey(origin: str = "湖北省") -> None:
    do(
        "registry.open_survey", officer("labour_clerk", district()), place="奉化区", title="外来员工调查", origin_province=origin,
        since="2020-01-15", purpose="安排返岗和住宿",
    )  # fmt: skip


def figures(actor) -> list[int]:
    return [value(id, actor).value for id in FIGURES]


def test_each_fact_of_a_worker_raises_its_figure_by_one(database: SimpleNamespace) -> None:
    """Tests that facts are independent, counted once, listed with masked names, and lost again when retracted."""
    survey()
    row, actor = firm(), bureau()
    own = contact_of(row)
    one = worker(row, own)
    two = worker(row, own, "戴淑勤")
    worker(row, own, "王本地", origin_province="浙江")
    assert figures(actor) == [1, 0, 0, 0, 0]
    assert value("F26", actor).values == {"firms": 1, "staff": 2}
    for fact, on in (("went_home", "2020-01-15"), ("plans_return", "2020-01-18"), ("dissuaded", "2020-02-01"), ("returned", "2020-02-06")):
        do("registry.worker_fact", own, worker=one.id, fact=fact, on=on)
    assert figures(actor) == [1, 1, 1, 1, 1]
    do("registry.worker_fact", own, worker=two.id, fact="went_home", on="2020-01-09")
    assert value("F27", actor).value == 2
    assert value("F27", actor, on=at("2020-01-10")).value == 1
    assert refuse("registry.worker_fact", own, worker=two.id, fact="went_home", on="2020-01-09").code == "NothingChanged"
    with acting(actor):
        listed = rows("F27", moment=Moment(EVENING), actor=actor).rows
        assert sorted(r.label for r in listed) == ["傅**", "戴**"]
        assert listed[0].cells[2] == "湖北省"
    do("registry.retract_fact", own, worker=two.id, fact="went_home", reason="看错人")
    assert value("F27", actor).value == 1
    assert fresh(Worker, two.id, actor).went_home_on is None
    do("registry.worker_fact", own, worker=two.id, fact="went_home", on="2020-01-12")
    assert value("F27", actor).value == 2


def test_returns_count_from_the_survey_day_on_and_relatives_with_them(database: SimpleNamespace) -> None:
    """Tests F30: 15 January counts, the 14th does not, a relative does; and that F26 counts staff alone."""
    survey()
    row, actor = firm(), bureau()
    own = contact_of(row)
    result = do(
        "registry.add_workers_many", own, enterprise=row.id,
        rows=[
            {"name": "钱凡", "origin_province": "湖北", "relative_key": "a", "relation": "兄弟姐妹", "key": "b"},
            {"name": "钱平", "origin_province": "420000", "key": "a", "phone": "16492093449"},
            {"name": "早回", "origin_province": "湖北"},
        ],
    )  # fmt: skip
    kin, one, early = result.ids
    told = do(
        "registry.worker_facts_many", own,
        rows=[
            {"worker": kin, "fact": "returned", "on": "2020-01-20"},
            {"worker": one, "fact": "returned", "on": "2020-01-15"},
            {"worker": early, "fact": "returned", "on": "2020-01-14"},
            {"worker": kin, "fact": "observed_home", "on": "2020-01-20"},
            {"worker": one, "fact": "returned", "on": "2020-03-01"},
        ],
    )  # fmt: skip
    assert (told.recorded, told.refused) == (4, {4: "日期还没有到，没有保存。"})
    assert value("F30", actor).value == 2
    assert value("F26", actor).values == {"firms": 1, "staff": 2}
    assert fresh(Worker, kin, actor).observed == "home"
    with acting(own):
        assert api.workers_count(row.id) == 2


def test_leaving_out_all_surveyed_workers_of_a_firm_lowers_the_firms_by_one(database: SimpleNamespace) -> None:
    """Tests that F26 is counted out of the rosters."""
    survey()
    actor = bureau()
    firms = [firm(f"第{n}厂", uscc="") for n in range(3)]
    for number, row in enumerate(firms):
        worker(row, contact_of(row), origin_province="湖北省" if number else "贵州省")
    assert value("F26", actor).value == 2


def test_the_newest_survey_of_the_district_says_which_origin_counts(database: SimpleNamespace) -> None:
    """Tests that no origin is built in: without a survey nothing counts, and another survey counts another province."""
    row, actor = firm(), bureau()
    worker(row, contact_of(row), origin_province="贵州")
    assert value("F26", actor).value == 0
    survey()
    assert value("F26", actor).value == 0
    survey("贵州省")
    assert value("F26", actor).value == 1
    wrong = refuse("registry.open_survey", actor, place="奉化区", title="x", origin_province="没有省", since="2020-01-15", purpose="x")
    assert wrong.says == "没有找到这个省份，没有保存。"
    small = refuse("registry.open_survey", actor, place="江口街道", title="x", origin_province="湖北", since="2020-01-15", purpose="x")
    assert small.says == "调查按区县开展，这里不是区县，没有保存。"


def test_the_record_says_neither_who_nor_from_where(database: SimpleNamespace) -> None:
    """Tests that names, numbers and origins are on no journal row, and stand sealed in the table."""
    row = firm()
    own = contact_of(row)
    one = worker(row, own, phone="16492093449", id_number="420302199003070011")
    do("registry.worker_fact", own, worker=one.id, fact="observed_cdc", on="2020-02-07")
    with acting(own):
        bodies = "".join(bytes(e.body).decode() for e in reading.entries(process="registry.worker").defer(None))
        assert [e.entered for e in reading.timeline(one)] == ["observed_cdc", "listed"]
        for word in ("傅刚珠", "16492093449", "420302199003070011", "湖北", '"42"', "十堰"):
            assert word not in bodies
        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM registry_worker t")
            stored = cursor.fetchone()[0]
        for word in ("傅刚珠", "16492093449", "420302199003070011"):
            assert word not in stored
        found = Worker.objects.get()
        assert (str(found.name), found.name.reveal(), str(found.phone)) == ("傅**", "傅刚珠", "164****3449")


def test_a_roster_is_refused_in_words_and_row_by_row(database: SimpleNamespace) -> None:
    """Tests wrong phones, numbers and provinces, the same worker twice, another firm's roster, and a missing relative."""
    row, other = firm(), firm("别家厂")
    own = contact_of(row)
    result = do(
        "registry.add_workers_many", own, enterprise=row.id,
        rows=[
            {"name": "甲", "phone": "1649209344"},
            {"name": "乙", "id_number": "420302199003070017"},
            {"name": "丙", "origin_province": "江户省"},
            {"name": "丁", "phone": "16492093449"},
            {"name": "丁", "phone": "164 9209 3449"},
            {"name": "戊", "relative_key": "没有"},
            {"name": "己", "enterprise": other.id},
            {"name": " "},
        ],
    )  # fmt: skip
    assert (result.created, result.unchanged) == (1, 1)
    assert result.ids[3] == result.ids[4]
    assert list(result.refused) == [0, 1, 2, 5, 6, 7]
    assert result.refused[0] == "手机号码是11位，这里是10位。没有登记。"
    assert result.refused[5] == "没有找到随同的那名员工，没有登记。"
    with acting(bureau()):
        assert Worker.objects.count() == 1
    assert refuse("registry.add_worker", clerk(THERE), name="庚", enterprise=row.id).code == "NotFound"
    assert refuse("registry.add_worker", own, name="丁", phone="16492093449", enterprise=row.id).code == "NothingChanged"


def test_only_who_may_tell_tells_facts(database: SimpleNamespace) -> None:
    """Tests that another firm finds nothing, a town clerk without the right is refused, and nothing is written."""
    row = firm()
    one = worker(row, contact_of(row))
    assert refuse("registry.worker_fact", contact_of(firm("别家厂")), worker=one.id, fact="returned").code == "NotFound"
    assert refuse("registry.worker_fact", clerk(), worker=one.id, fact="returned").code == "NotYours"
    assert refuse("registry.worker_fact", contact_of(row), worker=one.id, fact="病了").code == "BadInput"
    assert fresh(Worker, one.id, bureau()).returned_on is None


def test_a_worker_who_left_is_off_the_roster_and_keeps_the_history(database: SimpleNamespace) -> None:
    """Tests that leaving lowers the staff and not what happened before."""
    survey()
    row, actor = firm(), bureau()
    own = contact_of(row)
    one = worker(row, own)
    do("registry.worker_fact", own, worker=one.id, fact="went_home", on="2020-01-20")
    do("registry.worker_left", own, when=AT, worker=one.id)
    assert value("F26", actor).values == {"firms": 0, "staff": 0}
    assert value("F27", actor).value == 1
    with acting(own):
        assert api.workers_count(row.id) == 0
