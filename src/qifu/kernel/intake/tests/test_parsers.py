"""Tests that cells as offices fill them are read, that doubt is said, and that nothing is guessed in silence."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake import Context, Doubt, Note, Wrong, parsers
from qifu.kernel.intake.target import Odd
from qifu.kernel.values import Uscc
from qifu.kernel.values.codes import uscc_check_digit

from . import corpus

CONTEXT = Context(actor=Actor(id="x", name="x"), at=datetime(2020, 2, 7, tzinfo=ZONE), region=1, year=2020)
DAY = date(2020, 2, 18)


def _read(prepare, cell):
    """Give (value, kind of oddity, sentence)."""
    try:
        return prepare(CONTEXT)(cell), None, ""
    except Odd as odd:
        return odd.value, type(odd), odd.says


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2.18", Note), (2.18, Note), ("2月18日", Note), ("2月18号", Note), ("2/18", Note), ("２．１８", Note),
        (43879.0, Note), ("43879", Note),
        ("2020/2/18", None), ("2020-02-18", None), ("2020.2.18", None), ("2020年2月18日", None), ("20200218", None), (20200218.0, None),
        ("2020-02-18 09:30", None), (date(2020, 2, 18), None), (datetime(2020, 2, 18, 9, tzinfo=ZONE), None),
    ],
)  # fmt: skip
def test_a_day_is_read_in_all_the_ways_it_is_written(cell, kind):
    assert _read(parsers.date(), cell)[:2] == (DAY, kind)


@pytest.mark.parametrize(
    ("cell", "says"),
    [("2月30日", "没有这一天"), ("下周", "看不出是哪一天"), (7.0, "看不出是哪一天"), ("1800-01-01", "看不出是哪一天"),
     (True, "看不出是哪一天"),
     ("2020-13-01", "没有这一天"), (13.5, "没有这一天"), ("1930-01-01", "这个日期不合常理")],
)  # fmt: skip
def test_no_day_is_wrong(cell, says):
    assert _read(parsers.date(), cell)[1:] == (Wrong, says)


def test_a_number_that_may_be_two_days_is_doubtful_and_stays_out():
    value, kind, says = _read(parsers.date(), 2.2)
    assert (value, kind, says) == (date(2020, 2, 2), Doubt, "可能是2月2日，也可能是2月20日")
    assert _read(parsers.date(), "2.2") == (date(2020, 2, 2), Note, "没写年份，按2020年")
    assert _read(parsers.date(), 2.3)[:2] == (date(2020, 2, 3), Note)  # there is no 30 February


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [(412.0, 412, None), ("412", 412, None), ("1,200", 1200, None), ("４１２", 412, None), ("412人", 412, Note), ("12.0", 12, None),
     ("无", 0, Note), ("/", 0, Note), ("0", 0, None), (" 7 ", 7, None)],
)  # fmt: skip
def test_a_count_is_read(cell, value, kind):
    assert _read(parsers.count(), cell)[:2] == (value, kind)


@pytest.mark.parametrize("cell", ["约400", "400左右", "四百", "12.5", 12.5, -3.0, "-3", "3-5", "1e5", True, 1e300, float("inf"), "100多人"])
def test_a_count_that_is_no_whole_number_is_wrong(cell):
    try:
        kind = _read(parsers.count(), cell)[1]
    except (ValueError, ArithmeticError):  # the evaluator says the same
        kind = Wrong
    assert kind is Wrong


@pytest.mark.parametrize("cell", ["是", "√", "规上", "规上企业", " 是 ", "Ｙ", True, 1.0])
def test_above_scale_in_many_words(cell):
    assert _read(parsers.choice({"above": ("规上", "规上企业"), "small": ("小微",)}, yes="above", no="small"), cell)[0] == "above"


def test_an_unknown_choice_is_wrong_or_goes_in_doubtful():
    options = {"above": ("规上",), "small": ("小微",)}
    assert _read(parsers.choice(options), "很大") == (None, Wrong, "只能是其中一个：规上、小微")
    assert _read(parsers.choice(options, other="unknown"), "很大")[:2] == ("unknown", Doubt)


def test_yes_and_no():
    assert _read(parsers.boolean(yes=("规上",)), "规上")[0] is True
    assert _read(parsers.boolean(), "×")[0] is False
    assert _read(parsers.boolean(), "也许")[1] is Wrong


@pytest.mark.parametrize("cell", ["3.30213E+17", 3.30213e17, "9.13302E+17", "9.13E17"])
def test_a_code_that_a_sheet_destroyed_goes_in_without_it(cell):
    value, kind, says = _read(parsers.credit_code(), cell)
    assert value is None
    assert kind is Doubt
    assert "丢失" in says


def test_a_wrong_code_goes_in_doubtful_with_its_reason():
    wrong = corpus.CODE[:-1] + ("0" if corpus.CODE[-1] != "0" else "1")
    assert _read(parsers.credit_code(), wrong)[:2] == (None, Doubt)
    assert _read(parsers.credit_code(stops=True), wrong)[1] is Wrong
    assert _read(parsers.credit_code(), f" {corpus.CODE.lower()} ")[0] == corpus.CODE


def test_a_wrong_identity_number_stops_its_row_before_it_is_entered():
    """Tests the right one in any writing, and that a wrong digit, an old number, a lost one and a birth after today are said."""
    assert _read(parsers.identity_number(), "420302 19900307 0011")[0] == "420302199003070011"
    assert _read(parsers.identity_number(), "４２０３０２１９９００３０７００１１")[0] == "420302199003070011"
    for wrong in ("420302199003070017", "420302900307001", "护照E1234567", "420302209003070018", 4.20302199003070e17, "4.20302E+17"):
        value, kind, says = _read(parsers.identity_number(), wrong)
        assert (value, kind) == (None, Wrong) and says and "4203021990" not in says
    assert _read(parsers.identity_number(stops=False), "420302199003070017")[1] is Doubt


LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
firsts = st.text(LETTERS, min_size=9, max_size=9).map(lambda text: f"91330213{text}")
codes = firsts.map(lambda first: first + uscc_check_digit(first))


@given(
    st.lists(codes, min_size=1, max_size=40),
    st.integers(0, 39),
    st.integers(0, 17),
    st.sampled_from(LETTERS + "OISZa "),
)
def test_the_codes_of_a_column_are_proved_at_once_exactly_where_each_is_right(column, which, place, character):
    plain_ones = parsers.credit_code()(CONTEXT).plain_ones
    assert plain_ones(tuple(column)) == column
    assert all(isinstance(code, Uscc) for code in plain_ones(tuple(column)))
    which %= len(column)
    changed = column[which][:place] + character + column[which][place + 1 :]
    if changed != column[which]:
        column[which] = changed
        right = isinstance(_read(parsers.credit_code(), changed)[0], Uscc) and changed.isupper() and " " not in changed
        assert plain_ones(tuple(column)) == [None if i == which and not right else code for i, code in enumerate(column)]


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), codes), min_size=1, max_size=20))
def test_whatever_stands_in_a_column_of_codes_reads_as_it_does_alone(column):
    for cell, plain in zip(column, parsers.credit_code()(CONTEXT).plain_ones(column), strict=True):
        assert plain is None or (plain, None) == _read(parsers.credit_code(), cell)[:2]


@pytest.mark.parametrize(
    ("cell", "numbers", "kind"),
    [
        ("13800000001", ("13800000001",), None), (13800000001.0, ("13800000001",), None), ("138 0000 0001", ("13800000001",), None),
        ("0574-88888888", ("057488888888",), None), ("+86 13800000001", ("13800000001",), None),
        ("13800000001/13900000002", ("13800000001", "13900000002"), Note),
        ("13800000001、0574-88888888", ("13800000001", "057488888888"), Note),
        ("13800000001 13900000002", ("13800000001", "13900000002"), Note),
        ("13800000001\n13900000002", ("13800000001", "13900000002"), Note),
        ("徐会计13800000001", ("13800000001",), Doubt), ("1385000002", None, Wrong), ("12345", None, Wrong), ("见名片", None, Wrong),
    ],
)  # fmt: skip
def test_one_or_two_telephones(cell, numbers, kind):
    assert _read(parsers.phones(), cell)[:2] == (numbers, kind)


def test_a_telephone_that_does_not_stop_the_row():
    assert _read(parsers.phones(stops=False), "1385000002")[:2] == ((), Doubt)


@pytest.mark.parametrize("cells", [("13800000001", "13900000002"), (13800000001.0, 13900000002.0)])
def test_a_column_of_plain_mobiles_is_read_at_once(cells):
    assert parsers.phones()(CONTEXT).whole(cells) == [("13800000001",), ("13900000002",)]


@pytest.mark.parametrize(
    "cells", [("13800000001", "1390000000"), ("12800000001",), (13800000001.5,), (1.0,), ("13800000001", 13800000001.0)]
)
def test_a_column_with_any_other_is_read_one_by_one(cells):
    assert parsers.phones()(CONTEXT).whole(cells) is None


@pytest.mark.parametrize(
    ("cell", "name", "phone"),
    [("徐会计13800000001", "徐会计", "13800000001"), ("徐会计 13800000001", "徐会计", "13800000001"),
     ("联系人：徐会计（13800000001）", "徐会计", "13800000001"),
     ("13800000001徐会计", "徐会计", "13800000001"),
     ("徐会计13800000001/13900000002", "徐会计", "13800000001/13900000002")],
)  # fmt: skip
def test_contact_and_telephone_in_one_cell_are_parted(cell, name, phone):
    assert parsers.split_contact(cell, name="n", phone="p") == {"n": name, "p": phone}


def test_two_people_in_one_cell_are_doubtful():
    with pytest.raises(Doubt) as caught:
        parsers.split_contact("徐会计13800000001，王厂长13900000002", name="n", phone="p")
    assert caught.value.value == {"n": "徐会计", "p": "13800000001"}


TOWN = parsers.named(lambda context: {"江口街道": 1, "西坞街道": 2, "溪口镇": 3, "江口镇": 4}, what="镇街", endings="街道|镇|乡")


@pytest.mark.parametrize(("cell", "value"), [("西坞街道", 2), ("西坞", 2), ("溪口", 3), ("奉化区溪口镇", 3), (" 西 坞 ", 2), ("西坞镇", 2)])
def test_a_short_name_that_fits_one_place_is_that_place(cell, value):
    assert _read(TOWN, cell)[0] == value


@pytest.mark.parametrize(
    ("cell", "says"), [("西坞溪口", "写了两个镇街"), ("江口", "有2个镇街都叫这个名字，写全称"), ("北京", "没有这个镇街")]
)
def test_a_name_that_fits_none_or_several_is_wrong(cell, says):
    assert _read(TOWN, cell)[1:] == (Wrong, says)


def test_text_keeps_what_was_written_without_stray_blanks():
    assert _read(parsers.text(), "  宁波　甬澜\n机械（集团）有限公司 ")[0] == "宁波 甬澜 机械（集团）有限公司"
    assert _read(parsers.text(), 3302.0)[0] == "3302"
    assert _read(parsers.text(), "=1+1")[0] == "=1+1"
    assert _read(parsers.text(), '="0012"')[0] == "0012"
    assert _read(parsers.text(most=5), "一二三四五六")[1] is Wrong


anything = st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.dates(), st.datetimes())


@given(anything)
def test_no_cell_makes_a_parser_do_anything_but_answer_or_doubt(cell):
    for prepare in (parsers.text(), parsers.count(), parsers.boolean(), parsers.date(), parsers.phones(), parsers.credit_code(), TOWN,
                    parsers.choice({"a": ("甲",)})):  # fmt: skip
        try:
            _read(prepare, cell)
        except (ValueError, ArithmeticError):
            assert isinstance(cell, float)
