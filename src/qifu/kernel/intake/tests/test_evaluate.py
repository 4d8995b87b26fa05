"""Tests that rows end in exactly one place, and that what stands in other rows is taken into account."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake import Context
from qifu.kernel.intake.evaluate import Evaluator, cut, masked
from qifu.kernel.intake.layout import Head, Other
from qifu.kernel.intake.mapping import Vocabulary, guess

from . import corpus
from .lists import firms

CONTEXT = Context(actor=Actor(id="x", name="x"), at=datetime(2020, 2, 7, tzinfo=ZONE), region=1, year=2020)
LABELS = ("企业名称", "统一社会信用代码", "镇街", "联系人及电话", "员工总数", "复工时间")


def _judge(rows, *, labels=LABELS, sheet="名单", **more):
    evaluator = Evaluator(firms(), CONTEXT)
    head = Head(sheet, tuple(labels), tuple("ABCDEFGH"[: len(labels)]))
    samples = list(zip(*rows, strict=True)) if rows else [()] * len(labels)
    plan = evaluator.plan(head, guess(labels, samples, vocabulary=Vocabulary(firms())))
    judged = evaluator.judge(plan, list(range(2, 2 + len(rows))), [list(row) for row in rows], **more)
    return evaluator, plan, judged


def _says(judged, row):
    return [problem.says for problem in judged.problems.get(row, ())]


GOOD = ["甲", corpus.CODE, "江口", "徐会计13800000001", 12.0, "2.18"]


def test_a_good_row_is_good():
    _, _, judged = _judge([GOOD])
    assert (judged.verdicts, judged.enters, judged.problems) == ([0], [True], {})


def test_ditto_is_the_row_above_also_across_blocks():
    evaluator, plan, judged = _judge([GOOD, ["乙", "", "同上", "", "", ""], ["丙", "", "〃", "", "", ""]])
    assert judged.columns["town"] == [1, 1, 1]
    later = evaluator.judge(plan, [9], [["丁", "", "同上", "", "", ""]])
    assert later.columns["town"] == [1]


def test_ditto_without_a_row_above_is_blank():
    _, _, judged = _judge([["甲", "", "同上", "", "", ""]])
    assert judged.columns["town"] == [None]


def test_the_name_of_the_sheet_is_the_town_where_no_column_says_it():
    _, _, judged = _judge([["甲", 3.0]], labels=("企业名称", "员工总数"), sheet="江口")
    assert judged.columns["town"] == [1]
    _, _, judged = _judge([["甲", 3.0]], labels=("企业名称", "员工总数"), sheet="Sheet1")
    assert judged.columns["town"] == [None]


def test_a_row_without_its_name_is_wrong_and_one_with_nothing_at_all_is_blank():
    _, _, judged = _judge([["", corpus.CODE, "江口", "", 1.0, ""], ["", "", "", "", "", ""]])
    assert judged.verdicts == [2, None]
    assert _says(judged, 0) == ["没有填企业名称"]


def test_the_second_row_of_one_firm_is_doubtful_and_waits():
    rows = [
        GOOD,
        ["乙", corpus.CODE, "西坞", "", "", ""],
        ["丙", "", "溪口", "", "", ""],
        ["丙", "", "溪口", "", "", ""],
        ["丙", "", "西坞", "", "", ""],
    ]
    _, _, judged = _judge(rows)
    assert judged.verdicts == [0, 1, 1, 1, 1]
    assert judged.enters == [True, False, True, False, True]
    assert _says(judged, 1) == ["和名单 第2行的统一社会信用代码相同"]


def test_a_formula_without_a_value_is_wrong():
    _, _, judged = _judge([["甲", corpus.CODE, "江口", "徐会计13800000001", "", "2.18"]], formulas={0: [4]})
    assert _says(judged, 0) == ["公式没有存下算出的值，用表格软件打开、保存一次再上传"]
    assert judged.verdicts == [2]


def test_a_fix_takes_the_place_of_what_was_written():
    _, _, judged = _judge([["甲", corpus.CODE, "江口", "徐会计138", "约9", "2.18"]], fixes={0: {"staff": "9", "phone": "13800000001"}})
    assert judged.verdicts == [0]
    assert (judged.columns["staff"], judged.columns["phone"]) == ([9], [("13800000001",)])


def test_true_and_one_are_not_one_cell():
    evaluator, plan, _ = _judge([[*GOOD[:4], 1.0, ""]])
    judged = evaluator.judge(plan, [3, 4], [["乙", "", "江口", "", True, ""], ["丙", "", "江口", "", 1.0, ""]])
    assert judged.columns["staff"] == [None, 1]
    assert _says(judged, 0)[-1] == "要一个整数"


def test_totals_are_compared_with_the_rows_above_each():
    rows = [["甲", "", "江口", "", 1.0, ""], ["乙", "", "江口", "", 2.0, ""], ["丙", "", "西坞", "", 4.0, ""]]
    evaluator, plan, _ = _judge(rows, stops=[4, 9])  # a total in row 4 would stand between 乙 and 丙
    assert evaluator.total(plan, Other(4, "total", "小计 2家", ("小计", "2家", "", "", 3.0, ""))) == []
    assert evaluator.total(plan, Other(9, "total", "总计 3家", ("总计", "3家", "", "", 7.0, ""))) == []
    assert evaluator.total(plan, Other(10, "total", "总计 4家", ("总计", "4家", "", "", 8.0, ""))) == [
        "名单 第10行合计写4家，上面实有0家", "名单 第10行合计的员工总数写8，上面加起来是0",
    ]  # fmt: skip


def test_numbers_of_people_are_masked_in_lists():
    assert masked("徐会计13800006021") == "徐会计138****6021"
    assert masked("91330213MA2AE8KX1T") == "9133****KX1T"
    assert masked("约400，2月30日") == "约400，2月30日"
    assert cut("徐会计", True) == "徐**"


WORDS = ("", "同上", "约400", "江口", "2.2", corpus.CODE, "13800000001")
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=6), st.floats(), st.booleans())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, min_size=6, max_size=6), max_size=30))
def test_any_cells_end_in_one_verdict_per_row(rows):
    evaluator, plan, judged = _judge(rows)
    assert len(judged.verdicts) == len(judged.enters) == len(rows)
    for i, verdict in enumerate(judged.verdicts):
        problems = judged.problems.get(i, [])
        assert verdict is None or verdict == max((p.verdict for p in problems), default=0)
        assert judged.enters[i] == (verdict is not None and all(p.enters for p in problems))
    only = [i for i, enters in enumerate(judged.enters) if enters]
    numbers = list(range(2, 2 + len(rows)))
    batch = evaluator.batch(plan, numbers, judged, only=only)
    assert [entry.row for entry in batch] == batch.rows == [numbers[i] for i in only]
    assert all(set(entry.values) == {f.key for f in firms().fields} for entry in batch)
