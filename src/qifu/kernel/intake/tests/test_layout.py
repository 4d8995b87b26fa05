"""Tests that the list is found inside a sheet, and that every row of the sheet is accounted for exactly once."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qifu.kernel.intake.layout import lay_out, pack, unpack
from qifu.kernel.intake.mapping import Vocabulary
from qifu.kernel.intake.reader import Sheet

from .lists import firms

KNOWS = Vocabulary(firms()).knows


def _sheet(rows: Sequence[Sequence[Any]], *, merges: Sequence[Any] = (), name: str = "名单", first: int = 0) -> Sheet:
    width = max(map(len, rows))
    even = [list(row) + [""] * (width - len(row)) for row in rows]
    return Sheet(name, rows=lambda: iter([list(row) for row in even]), merges=tuple(merges), first_column=first)


def _laid(rows, *, chunk: int = 5000, **more):
    blocks = list(lay_out(_sheet(rows, **more), 0, knows=KNOWS, chunk=chunk))
    for block in blocks:
        assert len(block.numbers) == len(block.rows)
        assert all(len(row) == block.head.width for row in block.rows)
    return blocks


def _kinds(blocks):
    return [(other.row, other.kind) for block in blocks for other in block.others]


HEAD = ["序号", "企业名称", "镇街", "员工数"]


def test_a_header_in_the_first_row():
    (block,) = _laid([HEAD, [1, "甲", "江口", 3], [2, "乙", "江口", 4]])
    assert block.head.labels == ("序号", "企业名称", "镇街", "员工数")
    assert block.head.letters == ("A", "B", "C", "D")
    assert block.numbers == [2, 3]
    assert _kinds([block]) == [(1, "header")]


def test_a_header_below_titles_and_blank_rows():
    (block,) = _laid([["奉化区复工企业摸底表"], [], ["单位：家", "", "", "2020年2月7日"], HEAD, [1, "甲", "江口", 3]])
    assert block.head.rows == (4,)
    assert _kinds([block]) == [(1, "title"), (3, "title"), (4, "header")]
    assert block.blanks == 1
    assert block.numbers == [5]


def test_a_header_of_two_levels_with_merged_cells():
    rows = [["企业名称", "员工数", "", "备注"], ["", "总数", "重点地区", ""], ["甲", 412, 0, ""]]
    (block,) = _laid(rows, merges=[((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3))])
    assert block.head.labels == ("企业名称", "员工数 ▸ 总数", "员工数 ▸ 重点地区", "备注")
    assert block.head.merged == 2
    assert _kinds([block]) == [(1, "header"), (2, "header")]
    assert block.rows == [["甲", 412, 0, ""]]


def test_a_header_of_two_levels_whose_merges_were_lost():
    rows = [["企业名称", "员工数", "", "备注"], ["", "总数", "重点地区", ""], ["甲", 412, 0, ""]]
    (block,) = _laid(rows)
    assert block.head.labels == ("企业名称", "员工数 ▸ 总数", "员工数 ▸ 重点地区", "备注")


def test_a_group_row_above_the_known_words():
    rows = [["基本情况", "", "复工情况", ""], ["企业名称", "镇街", "员工数", "复工时间"], ["甲", "江口", 3, "2.18"]]
    (block,) = _laid(rows, merges=[((0, 0), (0, 1)), ((0, 2), (0, 3))])
    assert block.head.labels == ("基本情况 ▸ 企业名称", "基本情况 ▸ 镇街", "复工情况 ▸ 员工数", "复工情况 ▸ 复工时间")


def test_a_first_row_of_data_is_not_taken_for_a_second_level():
    (block,) = _laid([["企业名称", "镇街", "联系人", ""], ["甲公司", "江口", "徐会计", ""]])
    assert block.rows == [["甲公司", "江口", "徐会计"]]


def test_totals_sections_footnotes_and_repeated_headers_are_not_rows():
    rows = [
        HEAD,
        ["一、规上企业"],
        [1, "甲", "江口", 3],
        ["小计", "", "", 3],
        HEAD,
        [2, "合力叉车有限公司", "江口", 4],
        ["", "合 计", "", 7],
        [3, "写在合计线下面的公司", "江口", 1],
        ["总计：3家", "", "", 8],
        ["填表人：周敏", "", "审核：王", ""],
        ["注：以上数据截至2月7日"],
    ]
    (block,) = _laid(rows)
    assert [row[1] for row in block.rows] == ["甲", "合力叉车有限公司", "写在合计线下面的公司"]
    assert _kinds([block]) == [
        (1, "header"), (2, "note"), (4, "total"), (5, "header"), (7, "total"), (9, "total"), (10, "note"), (11, "note"),
    ]  # fmt: skip


def test_a_cell_merged_downwards_holds_for_each_of_its_rows():
    rows = [["镇街", "企业名称", "员工数"], ["江口", "甲", 1], ["", "乙", 2], ["西坞", "丙", 3], ["", "丁", 4]]
    (block,) = _laid(rows, merges=[((1, 0), (2, 0)), ((3, 0), (4, 0))])
    assert [row[0] for row in block.rows] == ["江口", "江口", "西坞", "西坞"]
    assert block.filled == 2


def test_columns_that_begin_further_right_keep_their_letters():
    (block,) = _laid([HEAD, [1, "甲", "江口", 3]], first=2)
    assert block.head.letters == ("C", "D", "E", "F")


def test_a_list_without_a_header_is_not_lost():
    (block,) = _laid([["甲公司", 138], ["乙公司", 139]])
    assert block.head.labels == ("A列", "B列")
    assert len(block.rows) == 2


def test_a_list_of_one_column():
    (block,) = _laid([["企业名称"], ["甲"], ["乙"]])
    assert block.rows == [["甲"], ["乙"]]


def test_labels_are_unlike_each_other():
    (block,) = _laid([["企业名称", "电话", "电话", ""], ["甲", "1", "2", "x"]])
    assert block.head.labels == ("企业名称", "电话", "电话 #2", "D列")


def test_an_empty_sheet_gives_nothing():
    assert _laid([["", ""], ["  ", ""]]) == []


def test_blocks_are_the_same_each_time_and_end_at_the_chunk():
    rows = [HEAD, *([n, f"企业{n}", "江口", n] for n in range(1, 250))]
    blocks = _laid(rows, chunk=50)
    assert [len(block.rows) for block in blocks] == [50, 50, 50, 50, 49]
    assert [block.numbers for block in blocks] == [block.numbers for block in _laid(rows, chunk=50)]


def test_what_is_packed_comes_back_without_invisible_characters():
    (block,) = _laid([HEAD, [1, "甲\u202e乙\0", "江口\u200b", 3.5], [2, "好\n人", True, ""]])
    assert unpack(pack(block)) == [[1, "甲乙", "江口", 3.5], [2, "好\n人", True, ""]]
    assert block.unseen == 2


WORDS = ("合计", "小计：3家", "企业名称", "序号", "甲公司", "合力叉车", "填表人：周", "一、规上", " ", "总数", "江口")
CELL = st.one_of(
    st.just(""),
    st.sampled_from(WORDS),
    st.integers(0, 9),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=90), st.integers(1, 40))
def test_every_row_is_accounted_for_once_and_the_quick_way_finds_what_the_slow_way_finds(rows, chunk):
    whole = [[*HEAD, "备注"], *([n, f"企业{n}", "江口", n, "x"] for n in range(45)), *rows]
    quick = _laid(whole, chunk=chunk)
    # A merge far below makes every row go the slow way.
    slow = _laid(whole, chunk=chunk, merges=[((10_000, 0), (10_001, 0))])
    assert [b.rows for b in quick] == [b.rows for b in slow]
    assert [(b.others, b.blanks, b.numbers) for b in quick] == [(b.others, b.blanks, b.numbers) for b in slow]
    written = max(n for n, row in enumerate(whole, start=1) if any(str(cell).strip() for cell in row))
    assert sum(block.counted for block in quick) == written
    seen = [n for block in quick for n in [*block.numbers, *(o.row for o in block.others)]]
    assert len(seen) == len(set(seen))
