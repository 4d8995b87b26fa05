"""Tests that a list goes in whole or not at all, goes on after a kill, and that what could not enter comes back."""

from datetime import date, datetime

import pytest

from qifu.kernel.access import Actor, Hat, Scope, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake import target
from qifu.kernel.intake.actions import Commit, Fix, Upload, receive_and_stage
from qifu.kernel.intake.models import Import, StagedRow
from qifu.kernel.journal.models import Entry as JournalEntry

from . import corpus
from .lists import Register, firms

AT = datetime(2020, 2, 7, 9, 12, tzinfo=ZONE)
PLACE = 330213


def _actor(place: int = PLACE, *, right: str = "test.import", id: str = "zhou") -> Actor:
    hat = Hat(role="clerk", rights=frozenset({right}), scope=Scope(regions=(place,)), place=place, label="区经信局")
    return Actor(id=id, name="周敏", hats=(hat,))


@pytest.fixture
def register(monkeypatch):
    found = Register()
    monkeypatch.setattr(target, "_targets", dict(target._targets))
    monkeypatch.setattr("qifu.kernel.jurisdiction.district_of", lambda region, on=None: 330213)
    target.register(firms(found))
    return found


def _upload(data: bytes, filename: str = "复工企业摸底表（终版）2.xlsx", *, actor: Actor | None = None):
    return receive_and_stage(Upload("test.firms", filename, data), actor=actor or _actor(), at=AT)


def _towns(each: int = 4) -> bytes:
    towns = ("江口", "西坞", "溪口")
    return corpus.workbook(corpus.thirteen_towns(towns, each=each), merges=dict.fromkeys(towns, corpus.MERGES))


def _staged(made: Import) -> list[StagedRow]:
    with acting(_actor()):
        return list(StagedRow.objects.filter(source=made).order_by("block", "place"))


def _reload(made: Import) -> Import:
    with acting(_actor()):
        return Import.objects.get(id=made.id)


def test_a_list_of_several_towns_is_read_whole(database, register):
    answer = _upload(_towns())
    assert isinstance(answer, Done), answer
    made = answer.result
    assert made.counts == {
        "rows": 27, "good": 0, "doubtful": 12, "wrong": 0, "others": 15, "enters": 12, "entered": 0,
        "kinds": {"title": 3, "header": 6, "total": 3, "note": 3},
    }  # fmt: skip
    assert made.warnings == []
    by_label = {column["label"]: column for column in made.columns}
    assert by_label["员工数 ▸ 重点地区"]["field"] == "key_staff"
    assert by_label["员工数 ▸ 重点地区"]["notes"] == {"“无”当0": 9}
    assert by_label["所在镇（街道）"]["ditto"] == 9
    assert by_label["计划复工时间"]["field"] == "start"
    assert by_label["序号"]["field"] == ""


def test_commit_calls_the_one_action_once_with_every_row_that_may_enter(database, register):
    made = _upload(_towns()).result
    answer = run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert isinstance(answer, Done), answer
    assert register.calls == 1
    assert len(register.rows) == 12
    row = register.rows["江口第1机械有限公司"]
    assert row == {
        "name": "江口第1机械有限公司", "code": None, "town": 1, "size": "above", "contact": "徐会计", "phone": ("13800000001",),
        "staff": 101, "key_staff": 0, "start": date(2020, 2, 18),
    }  # fmt: skip
    assert [d.says for d in register.doubts["江口第1机械有限公司"]] == ["没有填代码，先按名称入库"]
    assert _reload(made).counts["entered"] == 12
    with acting(_actor()):
        assert list(JournalEntry.objects.filter(process="intake").order_by("seq").values_list("verb", flat=True)) == ["upload", "commit"]


def test_a_second_commit_enters_nothing_twice(database, register):
    made = _upload(_towns()).result
    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    answer = run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert isinstance(answer, Refused)
    assert answer.says == "没有可以入库的行，什么都没有写入。"
    assert len(register.rows) == 12
    assert _reload(made).counts["entered"] == 12


MIXED = [
    ["序号", "企业名称", "统一社会信用代码", "镇街", "联系电话", "员工总数", "复工时间"],
    [1, "桥头橡胶有限公司", corpus.CODE, "江口", "13800000001", "约400", "2.18"],
    [2, "后江弹性元件有限公司", "9.13302E+17", "江口", "1385000002", 12, "2.18"],
    [3, "尚桥厨具有限公司", "", "西坞江口", "13800000003", 12, "2.18"],
    [4, "塔下轴承有限公司", "", "溪口", "13800000004", 12, "2月30日"],
    [5, "好人电器有限公司", "", "溪口", "13800000005", 12, "2月18日"],
    [6, "好人电器有限公司", "", "溪口", "13800000006", 13, "2月18日"],
    ["", "", "", "", "", "", ""],
    [7, "无代码公司", "", "溪口", "13800000007/0574-88888888", "1,200", "2020-02-18"],
    [8, "", "", "", "", "", ""],
]


def test_wrong_and_doubtful_rows_stay_out_and_can_be_put_right_here(database, register):
    made = _upload(corpus.workbook({"名单": MIXED})).result
    assert {k: made.counts[k] for k in ("rows", "good", "doubtful", "wrong", "others")} == {
        "rows": 10, "good": 0, "doubtful": 3, "wrong": 4, "others": 3,
    }  # fmt: skip
    rows = {row.title: row for row in _staged(made)}
    says = {row.row: [p[3] for p in row.problems if p[4] == 2] for row in _staged(made)}
    assert says[2] == ["要一个整数，这里是大约的数"]
    assert says[3] == ["这里是10位"]
    assert says[4] == ["写了两个镇街"]
    assert says[5] == ["没有这一天"]

    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert set(register.rows) == {"好人电器有限公司", "无代码公司"}
    assert register.rows["无代码公司"]["phone"] == ("13800000007", "057488888888")

    answer = run("intake.fix", Fix(made.id, rows["桥头橡胶有限公司"].id, {"staff": "400"}), actor=_actor(), at=AT)
    assert isinstance(answer, Done), answer
    assert answer.result.verdict == 0
    answer = run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert isinstance(answer, Done), answer
    assert register.rows["桥头橡胶有限公司"]["staff"] == 400
    assert set(register.rows) == {"好人电器有限公司", "无代码公司", "桥头橡胶有限公司"}
    assert _reload(made).counts["entered"] == 3
