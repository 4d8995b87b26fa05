"""Tests that a list goes in whole or not at all, goes on after a kill, and that what could not enter comes back."""

import io
import json
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from qifu.kernel.access import ActionRefused, Actor, Hat, Scope, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake import process, target
from qifu.kernel.intake.actions import Choose, Commit, Discard, Fix, Map, Return, Upload, receive_and_stage
from qifu.kernel.intake.models import Block, Import, Original, RememberedMapping, StagedRow
from qifu.kernel.intake.sender import tell_sender
from qifu.kernel.journal.models import Attempt
from qifu.kernel.journal.models import Entry as JournalEntry
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.privacy import keys
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.timer import timer

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
    keys.forget()
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


def test_a_doubtful_row_can_be_let_in_or_left_out(database, register):
    made = _upload(corpus.workbook({"名单": MIXED})).result
    twice = next(row for row in _staged(made) if row.row == 7)
    assert [p[3] for p in twice.problems if not p[5]] == ["和名单 第6行的企业名称、镇街相同"]
    run("intake.choose", Choose(made.id, next(row for row in _staged(made) if row.row == 6).id, "skip"), actor=_actor(), at=AT)
    assert run("intake.choose", Choose(made.id, twice.id, "enter"), actor=_actor(), at=AT).ok
    assert run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    assert register.rows["好人电器有限公司"]["staff"] == 13
    assert set(register.rows) == {"好人电器有限公司", "无代码公司"}


def test_a_wrong_row_cannot_be_let_in(database, register):
    made = _upload(corpus.workbook({"名单": MIXED})).result
    wrong = next(row for row in _staged(made) if row.row == 2)
    answer = run("intake.choose", Choose(made.id, wrong.id, "enter"), actor=_actor(), at=AT)
    assert isinstance(answer, Refused)
    assert answer.says == "这一行还有错，不能照这样入库。"
    assert next(row for row in _staged(made) if row.row == 2).choice == ""


def test_a_row_that_the_area_turns_away_stays_here_with_its_reason(database, register):
    register.turned_away.add("无代码公司")
    made = _upload(corpus.workbook({"名单": MIXED})).result
    assert run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    row = next(row for row in _staged(made) if row.row == 9)
    assert (row.verdict, row.entered, row.refused) == (2, False, "登记库里已有同名企业，代码不同")
    assert _reload(made).counts["entered"] == 1
    register.turned_away.clear()
    assert not run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    assert run("intake.fix", Fix(made.id, row.id, {"code": corpus.OTHER_CODE}), actor=_actor(), at=AT).ok
    assert run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    assert register.rows["无代码公司"]["code"] == corpus.OTHER_CODE


def test_when_the_area_refuses_the_whole_list_nothing_has_happened(database, register, monkeypatch):
    class Full(ActionRefused):
        says = "登记库正在维护，没有入库。"

    def commit(entries, *, actor, at, source):
        for _ in entries:
            pass
        raise Full()

    target._targets["test.firms"] = firms(None, name="test.firms")
    object.__setattr__(target._targets["test.firms"], "commit", commit)
    made = _upload(_towns()).result
    before = (_reload(made).counts, len(_staged(made)))
    answer = run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert isinstance(answer, Refused)
    assert answer.says == Full.says
    assert (_reload(made).counts, len(_staged(made))) == before
    assert _reload(made).step == Import.Step.JUDGED
    with acting(_actor()):
        assert not RememberedMapping.objects.exists()


# ---------------------------------------------------------------------------------------------------------- mapping


def test_another_mapping_judges_all_rows_anew(database, register):
    made = _upload(corpus.workbook({"名单": [["企业名称", "备注数"], ["甲", 3], ["乙", "x"]]})).result
    assert made.counts["wrong"] == 0
    answer = run("intake.map", Map(made.id, {"备注数": "staff"}), actor=_actor(), at=AT)
    assert isinstance(answer, Done), answer
    assert answer.result.counts["wrong"] == 1
    assert {c["label"]: c["how"] for c in answer.result.columns} == {"企业名称": "列名相同", "备注数": "人工选定"}


def test_two_columns_for_one_field_are_refused_and_nothing_changes(database, register):
    made = _upload(corpus.workbook({"名单": [["企业名称", "别名"], ["甲", "乙"]]})).result
    answer = run("intake.map", Map(made.id, {"别名": "name"}), actor=_actor(), at=AT)
    assert isinstance(answer, Refused)
    assert "两列都对到了企业名称" in answer.says
    assert _reload(made).mapping == made.mapping


def test_an_unknown_field_is_refused(database, register):
    made = _upload(corpus.workbook({"名单": [["企业名称", "别名"], ["甲", "乙"]]})).result
    assert not run("intake.map", Map(made.id, {"别名": "region"}), actor=_actor(), at=AT).ok


def test_the_mapping_of_an_office_is_remembered_for_its_next_file(database, register):
    rows = [["企业名称", "备注数"], ["甲", 3]]
    made = _upload(corpus.workbook({"名单": rows})).result
    run("intake.map", Map(made.id, {"备注数": "staff"}), actor=_actor(), at=AT)
    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    rows[1][0] = "乙"
    again = _upload(corpus.workbook({"名单": rows})).result
    assert {c["label"]: (c["field"], c["how"]) for c in again.columns}["备注数"] == ("staff", "上次这样对的")
    other = _upload(corpus.workbook({"名单": rows}), actor=_actor(330212)).result
    assert {c["label"]: c["field"] for c in other.columns}["备注数"] == ""


def test_mapping_does_not_change_after_the_commit(database, register):
    made = _upload(_towns()).result
    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert not run("intake.map", Map(made.id, {"单位名称": ""}), actor=_actor(), at=AT).ok


# ---------------------------------------------------------------------------------------------------------- preview


def test_the_preview_says_what_a_person_needs_before_they_say_yes(database, register):
    towns = ("江口", "西坞")
    sheets = corpus.thirteen_towns(towns)
    sheets["江口"].insert(-1, [9, "写在合计线下面的公司", "", "江口", "是", "王厂长13800000099", 5, 0, "2.18"])
    sheets["西坞"][3][6] = "约400"
    made = _upload(corpus.workbook(sheets, merges=dict.fromkeys(towns, corpus.MERGES))).result
    with acting(_actor()):
        seen = process.preview(made.id, actor=_actor(), at=AT)
    counts = seen.counts
    assert counts["rows"] == counts["good"] + counts["doubtful"] + counts["wrong"] + counts["others"] == 19
    assert seen.kinds == (("标题", 2), ("表头", 4), ("合计", 2), ("说明", 2))
    assert [(row.place, row.title, row.problems[-1].says) for row in seen.wrong] == [
        ("西坞 第4行", "西坞第0机械有限公司", "要一个整数，这里是大约的数")
    ]
    assert seen.warnings == ("西坞 第8行合计的员工总数写406，上面加起来是306",)
    told = {column["label"]: column["told"] for column in seen.columns}
    assert told["所在镇（街道）"] == "列名相近，“同上”按上一行补，共6处"
    assert told["员工数 ▸ 总数"] == "列名相同，合并表头已拆开，1处要改"
    assert told["序号"] == "原文件里留着"
    contact = next(column for column in seen.columns if column["label"] == "联系人及电话")
    assert contact["samples"][0] == "徐会计138****0000"
    assert "13800000000" not in repr(seen.columns) + repr(seen.wrong) + repr(seen.others)


def test_a_total_that_disagrees_is_said(database, register):
    sheets = corpus.thirteen_towns(("江口",))
    sheets["江口"][-2][1] = "5家"
    made = _upload(corpus.workbook(sheets, merges={"江口": corpus.MERGES})).result
    assert made.warnings == ["江口 第8行合计写5家，上面实有4家"]


# ------------------------------------------------------------------------------------------------- what comes back


def test_rows_that_did_not_enter_come_back_with_what_to_change(database, register):
    rows = [list(row) for row in MIXED]
    rows[1][5] = "=1+1约"
    made = _upload(corpus.workbook({"名单": rows})).result
    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    answer = run("intake.return", Return(made.id), actor=_actor(), at=AT)
    assert isinstance(answer, Done), answer
    (page,) = load_workbook(io.BytesIO(answer.result)).worksheets
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells[0][0].startswith("周敏（区经信局）　2020-02-07 09:12 导出")
    assert cells[1] == ["怎么改", *rows[0], "原来在第几行"]
    assert [row[-1] for row in cells[2:]] == ["名单 第2行", "名单 第3行", "名单 第4行", "名单 第5行", "名单 第7行"]
    assert cells[3][0] == "统一社会信用代码：表格软件把它变成了9.13302E+17，原来的数字已经丢失；手机：这里是10位"
    assert all(cell.data_type in "sn" for row in page.iter_rows() for cell in row)
    assert all(cell.value is None for row in page.iter_rows() for cell in row if cell.data_type == "n")
    with acting(_actor()):
        assert JournalEntry.objects.filter(process="intake", verb="return").count() == 1


def test_the_returned_file_can_be_uploaded_again(database, register):
    made = _upload(corpus.workbook({"名单": MIXED})).result
    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    data = run("intake.return", Return(made.id), actor=_actor(), at=AT).result
    again = _upload(data).result
    assert again.counts["good"] + again.counts["doubtful"] + again.counts["wrong"] == 5
    assert {c["label"]: c["field"] for c in again.columns}["怎么改"] == ""


def test_discarding_drops_the_file_and_keeps_the_record(database, register):
    made = _upload(_towns()).result
    assert run("intake.discard", Discard(made.id), actor=_actor(), at=AT).ok
    with acting(_actor()):
        assert (Original.objects.count(), Block.objects.count(), StagedRow.objects.count()) == (0, 0, 0)
    assert _reload(made).step == Import.Step.DISCARDED
    assert not run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    assert register.rows == {}


# ------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("make", [corpus.far_cell, corpus.entities, corpus.broken_deflate, lambda: corpus.workbook({"名单": [[""]]})])
def test_an_unreadable_file_leaves_nothing_behind(database, register, make):
    answer = _upload(make())
    assert isinstance(answer, Refused)
    assert answer.says.endswith("。")
    with acting(_actor()):
        assert (Original.objects.count(), Block.objects.count(), StagedRow.objects.count()) == (0, 0, 0)
        made = Import.objects.get()
    assert (made.step, made.error) == (Import.Step.FAILED, answer.says)
    assert not run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    assert register.rows == {}


def test_a_name_that_disagrees_with_the_content_is_refused_at_the_door(database, register):
    answer = _upload(b"%PDF-1.4", "名单.xlsx")
    assert isinstance(answer, Refused)
    assert answer.code == "NotWhatItSays"
    with acting(_actor()):
        assert Import.objects.count() == 0


def test_without_the_right_nothing_is_kept_and_the_attempt_is_on_the_record(database, register):
    answer = _upload(_towns(), actor=_actor(right="other"))
    assert isinstance(answer, Refused)
    assert answer.code == "NotYours"
    with acting(_actor()):
        assert Import.objects.count() == 0
        assert list(Attempt.objects.values_list("action", "code", "forbidden")) == [("intake.upload", "NotYours", True)]


def test_another_place_can_neither_see_nor_touch_it(database, register):
    made = _upload(_towns()).result
    other = _actor(330212, id="other")
    with acting(other):
        assert Import.objects.count() == Block.objects.count() == StagedRow.objects.count() == Original.objects.count() == 0
    for name, given in (
        ("intake.commit", Commit(made.id)), ("intake.return", Return(made.id)), ("intake.discard", Discard(made.id)),
        ("intake.map", Map(made.id, {})),
    ):  # fmt: skip
        assert run(name, given, actor=other, at=AT).code == "NotFound"
    assert register.rows == {}
    assert run("intake.upload", Upload("test.firms", "a.xlsx", _towns(), region=330213), actor=other, at=AT).code in (
        "NotYours",
        "NotFound",
    )


def test_what_is_kept_is_sealed(database, register):
    _upload(_towns())
    with database.admin() as session:
        for table in ("intake_original", "intake_block"):
            for (sealed,) in session.execute(f"SELECT sealed FROM {table}"):
                assert "徐会计".encode() not in sealed
                assert sealed[:2] != b"PK"


# ----------------------------------------------------------------------------------------------------------- kills

CHILD = """
import sys, django
from datetime import datetime
from uuid import UUID
django.setup()
from qifu.kernel.intake import process, target
from qifu.kernel.intake.tests import lists, test_process
import qifu.kernel.jurisdiction
target.register(lists.firms())
process.stage(UUID(sys.argv[1]), actor=test_process._actor(), at=test_process.AT, chunk=10)
"""


def _many(count: int) -> bytes:
    rows = [["企业名称", "镇街", "员工总数"], *([f"企业{n}号", "江口", n if n % 7 else "约9"] for n in range(count))]
    return corpus.workbook({"名单": rows})


@pytest.mark.slow
def test_killed_at_three_points_it_goes_on_and_writes_nothing_twice(database, register):
    made = run("intake.upload", Upload("test.firms", "a.xlsx", _many(4000)), actor=_actor(), at=AT).result
    seen = []
    for more in (5, 20, 30):
        before = _reload(made).watermark
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(made.id)], env=database.environment)
        until = time.monotonic() + 60
        while child.poll() is None and _reload(made).watermark < before + more and time.monotonic() < until:
            time.sleep(0.002)
        child.send_signal(signal.SIGKILL)
        child.wait()
        seen.append(_reload(made).watermark)
        assert _reload(made).step == Import.Step.RECEIVED
    assert 0 < seen[0] < seen[1] < seen[2] < 400, seen
    done = process.stage(made.id, actor=_actor(), at=AT, chunk=10)
    assert done.counts["rows"] == 4001
    assert done.counts["wrong"] == 572
    assert done.watermark == 400
    with acting(_actor()):
        assert Block.objects.count() == 400
    assert process.stage(made.id, actor=_actor(), at=AT, chunk=10).watermark == 400
    run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert len(register.rows) == 4000 - 572


def test_a_commit_that_is_killed_has_not_happened(database, register):
    made = _upload(_many(300)).result

    class Killed(BaseException):
        pass

    def commit(entries, *, actor, at, source):
        for count, _ in enumerate(entries):
            if count == 150:
                raise Killed

    whole = target._targets["test.firms"].commit
    object.__setattr__(target._targets["test.firms"], "commit", commit)
    with pytest.raises(Killed):
        run("intake.commit", Commit(made.id), actor=_actor(), at=AT)
    assert _reload(made).step == Import.Step.JUDGED
    object.__setattr__(target._targets["test.firms"], "commit", whole)
    assert run("intake.commit", Commit(made.id), actor=_actor(), at=AT).ok
    assert len(register.rows) == 300 - 43


def test_whoever_has_gone_on_is_told_once_that_the_list_may_be_gone_on_with(database, register):
    """Tests that who waits at the page hears nothing, and that the message names rows and no row's content."""
    made, sender = _upload(_towns()).result, uuid7()
    for later in (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=3)):
        with clock.use(clock.Fixed(AT + later)):
            tell_sender(made.id, sender, worker=timer())
    with acting(timer()):
        (told,) = Outgoing._base_manager.all()
    assert (told.kind, told.person, told.about) == ("intake.ready", sender, made.id)
    assert set(json.loads(told.words.reveal())) == {"file", "rows", "wrong"}
