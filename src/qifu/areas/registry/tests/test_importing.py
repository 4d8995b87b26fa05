"""Tests that the lists of this area come in as offices keep them, and that no row is lost or half done."""

import io
from types import SimpleNamespace
from typing import Any

from openpyxl import Workbook

from qifu.areas.registry import api, queries
from qifu.areas.registry.models import Enterprise, Site, Worker
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import Done, Refused
from qifu.kernel.intake import process
from qifu.kernel.intake.actions import Upload, receive_and_stage

from .world import AT, HERE, THERE, bureau, clerk, code, contact_of, district, do, firm, refuse, town, value


def book(**sheets: list[list[Any]]) -> bytes:
    """Make an .xlsx of sheets of rows."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def receive(actor, target: str, content: bytes, **given: Any):
    done = receive_and_stage(Upload(target, "名单.xlsx", content, **given), actor=actor, at=AT)
    assert isinstance(done, Done), done
    return done.result


def test_a_sheet_per_town_with_titles_and_totals_becomes_enterprises(database: SimpleNamespace) -> None:
    """Tests title rows, 合计 rows, a sheet per town, contact and phone in one cell, and codes blank, wrong and taken."""
    actor = bureau()
    taken = firm("别家电子厂")
    wrong = code(3001)[:-1] + ("0" if code(3001)[-1] != "0" else "1")
    header = ["序号", "单位名称", "统一社会信用代码", "规模", "联系人及电话", "员工数"]
    content = book(
        江口街道=[
            ["2020年2月规上企业名单"], header,
            [1, "宁波奉化钧凯金属结构有限公司", code(3000), "规上", "金军芳16472025951", 64],
            [2, "泽信商贸有限公司", "", "小微", "薛峰 16403103099", "12人"],
            [3, "撞码厂", taken.uscc, "小微", "", 5],
            ["合计", "", "", "", "", 81],
        ],
        溪口镇=[header, [1, "溪口竹木制品厂", wrong, "限上", "孟桦 16466421953", 30]],
    )  # fmt: skip
    made = receive(actor, "registry.enterprises", content, region=district())
    assert (made.counts["good"], made.counts["doubtful"], made.counts["wrong"]) == (1, 2, 1)
    with acting(actor):
        assert not Enterprise.objects.exclude(pk=taken.id).exists()
    done = do("intake.commit", actor, source=made.id)
    assert (done.created, done.says) == (3, "2家的信用代码还要核对，在“待核企业”里。")
    with acting(actor):
        found = {e.name: e for e in api.enterprises_in_scope(actor)}
        assert found["溪口竹木制品厂"].region == town(THERE)
        assert (found["溪口竹木制品厂"].size, found["溪口竹木制品厂"].uscc_written) == ("limit_above", wrong)
        assert (found["泽信商贸有限公司"].staff, found["泽信商贸有限公司"].provisional) == (12, True)
        assert [c.phone_masked for c in api.contacts_of(found["宁波奉化钧凯金属结构有限公司"].id)] == ["164****5951"]
        assert queries.unsettled(actor).count() == 2
        wrong_rows = process.preview(made.id, actor=actor, at=AT).wrong
        assert [row.problems[0].says for row in wrong_rows] == ["已登记为“别家电子厂”，名称不一样"]
    assert refuse("intake.commit", actor, source=made.id).code == "NothingToCommit"
    assert value("R01", actor).value == 2


def test_a_list_without_towns_is_told_so_before_anything_enters(database: SimpleNamespace) -> None:
    """Tests that a district's list needs a town per row, and a town's own list does not."""
    content = book(名单=[["企业名称", "信用代码"], ["泽信商贸有限公司", code(3100)]])
    made = receive(bureau(), "registry.enterprises", content, region=district())
    assert (made.counts["good"], made.counts["wrong"]) == (0, 1)
    actor = clerk(THERE)
    made = receive(actor, "registry.enterprises", content)
    assert do("intake.commit", actor, source=made.id).created == 1
    with acting(actor):
        assert Enterprise.objects.get().region == town(THERE)


def test_two_columns_that_differ_in_brackets_only_are_not_read_into_one_field(database: SimpleNamespace) -> None:
    """Tests that the share of a number beside the number does not take its place: the second column waits for a person."""
    actor = clerk(THERE)
    content = book(
        名单=[
            ["企业名称", "信用代码", "员工人数（总数）", "员工人数（外地）"],
            ["泽信商贸有限公司", code(3200), 40, 12],
            ["企业名称", "信用代码", "员工人数（总数）", "员工人数（外地）"],
            ["泽远商贸有限公司", code(3201), 41, 13],
        ]
    )
    made = receive(actor, "registry.enterprises", content)
    assert (made.counts["good"], made.counts["kinds"]) == (2, {"header": 2})
    assert [(one["label"], one["field"]) for one in made.columns[2:]] == [("员工人数（总数）", "staff"), ("员工人数（外地） #2", "")]
    do("intake.commit", actor, source=made.id)
    with acting(actor):
        assert {e.name: e.staff for e in Enterprise.objects.all()} == {"泽信商贸有限公司": 40, "泽远商贸有限公司": 41}


def test_a_row_moved_by_a_comma_waits_and_loses_nothing(database: SimpleNamespace) -> None:
    """Tests that a row of a text with more cells than the header is asked about, wherever in the file it stands."""
    actor = clerk(THERE)
    lines = ["企业名称,信用代码,联系人,手机,地址"]
    lines += [f"泽信{n}号厂,{code(3300 + n)},傅刚,164920934{n:02d},中山路{n}号" for n in range(60)]
    lines[51] += ",后门"
    lines[55] = lines[55].replace("厂,", "厂,甲车间,", 1)
    done = receive_and_stage(Upload("registry.enterprises", "名单.csv", "\n".join(lines).encode("gb18030")), actor=actor, at=AT)
    assert isinstance(done, Done), done
    made = done.result
    assert (made.counts["good"], made.counts["doubtful"], made.counts["enters"]) == (58, 2, 58)
    with acting(actor):
        seen = process.preview(made.id, actor=actor, at=AT).doubtful
    says = "比表头多出“{}”，多半是前面的文字里有逗号，后面的格都错了位"
    assert [(row.row, row.problems[-1].says) for row in seen] == [(52, says.format("后门")), (56, says.format("中山路54号"))]
    assert do("intake.commit", actor, source=made.id).created == 58


def test_workers_come_in_for_the_own_firm_with_their_facts(database: SimpleNamespace) -> None:
    """Tests a contact's own roster: origin in one cell, dates without a year, and the figure that comes out."""
    do("registry.open_survey", bureau(), place="奉化区", title="调查", origin_province="湖北", since="2020-01-15", purpose="稳岗")
    row = firm()
    own = contact_of(row)
    content = book(
        员工=[
            ["姓名", "手机号码", "籍贯", "返乡日期", "返回日期", "安置方式"],
            ["傅刚珠", "16492093449", "湖北省十堰市", "1月15日", "1月19日", "集中"],
            ["戴淑勤", "16424449263", "湖北荆州", "2020-01-14", "", ""],
            ["王本地", "1642444926", "浙江省", "", "", ""],
        ]
    )
    made = receive(own, "registry.workers", content, region=row.region, party=row.id)
    assert made.counts["wrong"] == 1
    assert do("intake.commit", own, source=made.id).created == 2
    actor = bureau()
    assert [value(f, actor).value for f in ("F26", "F27", "F30")] == [1, 2, 1]
    with acting(own):
        assert sorted((w.name.reveal(), w.origin_city, w.observed) for w in Worker.objects.all()) == [
            ("傅刚珠", "十堰市", "cdc"), ("戴淑勤", "荆州", ""),
        ]  # fmt: skip


def test_sites_and_officers_come_in_as_lists(database: SimpleNamespace) -> None:
    """Tests that a site's firm is found by short name or code, and that officers get their hats."""
    actor = bureau()
    row = firm()
    content = book(
        场所=[
            ["企业名称", "信用代码", "类别", "场所名称", "镇街", "地址"],
            ["奉化钧凯金属结构", "", "宿舍", "二号宿舍", "溪口", "溪口镇人民路1号"],
            ["", row.uscc, "仓库", "", "", ""],
            ["没有这家厂", "", "食堂", "", "", ""],
        ]
    )
    made = receive(actor, "registry.sites", content, region=district())
    done = do("intake.commit", actor, source=made.id)
    assert (done.created, list(done.refused.values())) == (2, ["没有找到这家企业，或不在您的范围内，没有登记。"])
    with acting(actor):
        assert {(s.kind, s.region) for s in Site.objects.filter(enterprise=row)} == {
            ("production", town(HERE)), ("dormitory", town(THERE)), ("warehouse", town(HERE)),
        }  # fmt: skip
    admin = officer("system_admin", district())
    content = book(干部=[["姓名", "手机", "单位", "角色", "镇街"], ["韩国峰", "16468302252", "区经信局", "联企干部", "江口街道"]])
    made = receive(admin, "registry.officers", content, region=district())
    do("intake.send", admin, source=made.id)
    do("intake.sign", officer("approver", district()), source=made.id)
    assert do("intake.commit", admin, source=made.id).created == 1


def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(database: SimpleNamespace) -> None:
    """Tests that nothing is kept of such a file."""
    answer = receive_and_stage(Upload("registry.enterprises", "名单.xlsx", b"%PDF-1.7 nothing"), actor=clerk(), at=AT)
    assert isinstance(answer, Refused)
    assert "没有导入" in answer.says
