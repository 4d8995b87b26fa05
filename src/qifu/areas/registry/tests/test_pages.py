"""Tests that the pages show what is within reach, ask the right, keep what was filled in, and say refusals in words."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from qifu.areas.registry import api
from qifu.areas.registry.models import Enterprise, Worker
from qifu.areas.registry.urls import urlpatterns
from qifu.kernel.access import DOOR, Actor, acting, sessions
from qifu.kernel.access.models import Account
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.intake.models import Import
from qifu.kernel.journal import reading
from qifu.kernel.journal.models import Attempt
from qifu.kernel.web import COOKIE

from .test_importing import book
from .world import HERE, THERE, bureau, clerk, code, contact_of, district, do, firm, town, worker

pytestmark = pytest.mark.urls("qifu.areas.registry.tests.urlconf")
NOW = at("2020-02-10")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.use(clock.Fixed(NOW)):
        yield


def signed_in(actor: Actor) -> Client:
    """Give a browser in which this person has signed in."""
    with acting(DOOR):
        account = Account._base_manager.create(person_id=actor.person, login=str(actor.person), created_at=NOW)
        token = sessions.start(account, at=NOW, strong=True)
    client = Client()
    client.cookies[COOKIE] = token
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[-3000:]
    return response.content.decode()


def test_the_list_searches_filters_sorts_and_shows_the_own_town_only(database: SimpleNamespace) -> None:
    """Tests that foreign names are absent from the bytes and each filter says what it left."""
    mine = firm(size="above", over_100m="1")
    firm("泽信商贸有限公司", uscc="", size="small")
    theirs = firm("溪口竹木制品厂", place=THERE)
    browser = signed_in(clerk(HERE))
    page = text(browser.get("/desk/enterprises"))
    assert mine.name in page
    assert "泽信商贸" in page
    assert theirs.name not in page
    assert theirs.uscc not in page
    page = text(browser.get("/desk/enterprises?q=钧凯&sort=-staff"))
    assert mine.name in page
    assert "泽信商贸" not in page
    assert "泽信商贸" in text(browser.get("/desk/enterprises?view=unsettled"))
    assert "这样筛没有结果" in text(browser.get("/desk/enterprises?q=不存在的厂"))
    assert "这样筛没有结果" in text(browser.get(f"/desk/enterprises?region={town(THERE)}"))
    for nonsense in ("page=0", "page=x", "page=999999", "region=abc", "region=999999999", "sort=x;--", "view=x", "q=%00%ff"):
        assert browser.get(f"/desk/enterprises?{nonsense}").status_code == 200, nonsense
    assert text(browser.get(f"/desk/enterprises/{theirs.id}"), 404).count(theirs.name) == 0
    asking = browser.get(f"/desk/enterprises/export?region={town(THERE)}")["Location"]
    assert "没有导出" in text(browser.post(asking, {"form": "xlsx", "purpose": "核对"}), 422)
    asking = browser.get("/desk/enterprises/export?q=钧凯")["Location"]
    page = load_workbook(BytesIO(browser.post(asking, {"form": "xlsx", "purpose": "核对"}).content)).active
    cells = [cell for row in page.iter_rows(values_only=True) for cell in row if cell is not None]
    assert mine.name in cells and theirs.name not in cells and "查找：钧凯" in " ".join(map(str, cells)) and "用途：核对" in cells[0]


def test_the_page_of_an_enterprise_tells_all_and_a_number_only_for_the_record(database: SimpleNamespace) -> None:
    """Tests facts, sites, rights of key lists with their origin, masked contacts, and the look."""
    row = firm(contact="金军芳", phone="16472025951", staff=64)
    keeper = officer("key_list_clerk", district())
    key_list = do(
        "registry.publish_key_list", keeper, name="民生名单", level="province", document="浙经信5号", since="2020-02-05", opens=["loans"]
    )
    do("registry.put_on_key_list", keeper, key_list=key_list.id, enterprises=[row.id])
    worker(row, contact_of(row))
    actor = clerk(HERE)
    browser = signed_in(actor)
    page = text(browser.get(f"/desk/enterprises/{row.id}"))
    for word in (
        row.uscc,
        "规上",
        "主要场所",
        "金军芳",
        "164****5951",
        "民生名单 浙经信5号",
        "专项贷款",
        "名单上1人",
        "登记入册",
        "列入重点名单",
    ):
        assert word in page, word
    assert "16472025951" not in page
    assert "傅刚珠" not in page
    with acting(actor):
        post = api.contacts_of(row.id)[0]
    page = text(browser.post(f"/desk/enterprises/{row.id}/contacts/{post.id}/phone"))
    assert "16472025951" in page
    with acting(actor):
        (entry,) = reading.entries(process="look")
        assert (entry.data["fields"], entry.subject) == ("phone", post.id)


def test_an_enterprise_is_registered_changed_and_settled_in_the_browser(database: SimpleNamespace) -> None:
    """Tests the way of a clerk: a blank code, the queue, the right code; and a form that keeps what was filled in."""
    actor = clerk(HERE)
    browser = signed_in(actor)
    text(browser.get("/desk/enterprises/new"))
    given = {
        "name": "泽信商贸有限公司",
        "uscc": "",
        "region": str(town()),
        "size": "small",
        "over_100m": "",
        "category": "none",
        "staff": "x",
    }
    page = text(browser.post("/desk/enterprises/new", given), 409)
    assert "要是一个整数" in page
    assert "泽信商贸有限公司" in page
    done = browser.post("/desk/enterprises/new", given | {"staff": "12"}, follow=True)
    assert "已放进“待核企业”" in text(done)
    with acting(actor):
        row = Enterprise.objects.get()
    page = text(browser.get("/desk/enterprises/unsettled"))
    assert "还没有填统一社会信用代码" in page
    assert "没有保存" in text(browser.post(f"/desk/enterprises/{row.id}/settle", {"uscc": "123"}), 409)
    assert "已经核准" in text(browser.post(f"/desk/enterprises/{row.id}/settle", {"uscc": code(8001)}, follow=True))
    form = {"name": row.name, "size": "above", "over_100m": "0", "category": "none", "region": str(town()), "staff": "12", "reason": ""}
    assert "还没有写改动的理由" in text(browser.post(f"/desk/enterprises/{row.id}/change", form), 409)
    assert "改动已经存好" in text(browser.post(f"/desk/enterprises/{row.id}/change", form | {"reason": "见年报"}, follow=True))
    with acting(actor):
        row = Enterprise.objects.get()
        assert (row.size, row.size_source, row.size_reason, row.uscc) == ("above", "override", "见年报", code(8001))
    page = text(browser.get(f"/desk/enterprises/{row.id}"))
    assert "人工认定：见年报" in page


def test_sites_contacts_and_hand_over_in_the_browser(database: SimpleNamespace) -> None:
    """Tests the forms of an enterprise's page."""
    row, actor = firm(), bureau()
    browser = signed_in(actor)
    here = f"/desk/enterprises/{row.id}"
    text(browser.get(f"{here}/sites/new"))
    site = {"kind": "dormitory", "name": "二号宿舍", "region": str(town(THERE)), "address": "", "capacity": "40"}
    assert "场所已经增加" in text(browser.post(f"{here}/sites/new", site, follow=True))
    assert "已有一个同名的同类场所" in text(browser.post(f"{here}/sites/new", site), 409)
    text(browser.get(f"{here}/contacts/new"))
    assert "手机号码是11位" in text(browser.post(f"{here}/contacts/new", {"name": "任妹", "phone": "164"}), 409)
    assert "联系人已经增加" in text(
        browser.post(f"{here}/contacts/new", {"name": "任妹", "phone": "16488206514", "main": "on"}, follow=True)
    )
    with acting(actor):
        post = api.contacts_of(row.id)[0]
        site_id = api.sites_of(row.id)[1].id
    assert "任妹不能再登录" in text(browser.get(f"{here}/contacts/{post.id}/hand-over"))
    done = browser.post(f"{here}/contacts/{post.id}/hand-over", {"name": "孟桦", "phone": "16466421953"}, follow=True)
    assert "联系人已经更换" in text(done)
    assert "场所已经停用" in text(browser.post(f"{here}/sites/{site_id}/close", follow=True))
    assert "以前的联系人1位" in text(browser.get(here))


def test_key_lists_and_task_forces_in_the_browser(database: SimpleNamespace) -> None:
    """Tests that a list takes firms by name or code, and a force takes people; and who may not."""
    row = firm()
    browser = signed_in(officer("key_list_clerk", district()))
    text(browser.get("/desk/key-lists"))
    text(browser.get("/desk/key-lists/new"))
    form = {"name": "民生名单", "level": "city", "since": "2020-02-05", "opens": ["loans", "permits"]}
    done = browser.post("/desk/key-lists/new", form, follow=True)
    assert "名单已经建好" in text(done)
    here = done.redirect_chain[0][0].split("?")[0]
    assert "“没有的厂”没有找到" in text(browser.post(f"{here}/put", {"firms": f"{row.uscc}\n没有的厂"}), 409)
    assert row.name in text(browser.post(f"{here}/put", {"firms": "奉化钧凯金属结构"}, follow=True))
    assert text(signed_in(clerk()).post(f"{here}/put", {"firms": row.name}), 403)
    browser = signed_in(bureau())
    text(browser.get("/desk/task-forces/new"))
    form = {"name": "评估一组", "kind": "assessment", "region": str(district()), "until": ""}
    done = browser.post("/desk/task-forces/new", form, follow=True)
    here = done.redirect_chain[0][0].split("?")[0]
    member = {"person": "韩宇巧", "phone": "16439857185", "unit": "区卫健局", "role": "assessor", "lead": "on"}
    page = text(browser.post(f"{here}/join", member, follow=True))
    assert "韩宇巧" in page
    assert "区卫健局 评估组员" in page
    assert "已经是这个专班的成员" in text(browser.post(f"{here}/join", member), 409)
    assert "专班已经撤销" in text(browser.post(f"{here}/end", follow=True))
    assert "评估一组" in text(browser.get("/desk/task-forces"))


def test_a_list_comes_in_through_the_pages(database: SimpleNamespace) -> None:
    """Tests file, preview, a column chosen by hand, a row put right, commit, and the returned file."""
    actor = bureau()
    browser = signed_in(actor)
    assert "导入企业名单" in text(browser.get("/desk/import"))
    assert "还没有选文件" in text(browser.post("/desk/import?kind=registry.enterprises"))
    wrong_kind = SimpleUploadedFile("名单.xlsx", b"%PDF-1.7")
    assert "没有导入" in text(browser.post("/desk/import?kind=registry.enterprises", {"file": wrong_kind}), 409)
    content = book(
        江口街道=[
            ["企业名称", "信用代码", "员工人数", "甲乙丙"],
            ["钧凯金属结构", code(9001), "64", "金军芳"],
            ["泽信商贸", "", "约12", ""],
        ]
    )
    done = browser.post("/desk/import?kind=registry.enterprises", {"file": SimpleUploadedFile("名单.xlsx", content)}, follow=True)
    page = text(done)
    here = done.redirect_chain[0][0]
    assert "要一个整数，这里是大约的数" in page
    assert "入库1家" in page
    with acting(actor):
        made = Import.objects.get(sha256__isnull=False, step="judged")
        staged = made.staged.get(verdict=2)
    page = text(browser.post(f"{here}/columns", {"column-D": "contact"}, follow=True))
    assert "人工选定" in page
    with acting(actor):
        staged = made.staged.get(verdict=2)
    assert "入库2家" in text(browser.post(f"{here}/rows", {f"{staged.id}.staff": "12"}, follow=True))
    assert "已入库2家" in text(browser.post(f"{here}/commit", follow=True))
    with acting(actor):
        assert {(e.name, e.staff, e.provisional) for e in api.enterprises_in_scope(actor)} == {
            ("钧凯金属结构", 64, False), ("泽信商贸", 12, True),
        }  # fmt: skip
    text(signed_in(clerk(THERE)).get(here), 404)
    content = book(江口街道=[["企业名称", "员工人数"], ["错的厂", "约5"]])
    done = browser.post("/desk/import?kind=registry.enterprises", {"file": SimpleUploadedFile("二.xlsx", content)}, follow=True)
    here = done.redirect_chain[0][0]
    answer = browser.post(f"{here}/returned")
    assert answer.content[:2] == b"PK"
    assert "没有可以入库的行" in text(browser.post(f"{here}/commit"), 409)
    assert "已经作废" in text(browser.post(f"{here}/discard", follow=True))
    assert "已经作废" in text(browser.get(here))


def test_the_contact_keeps_the_roster_on_the_phone(database: SimpleNamespace) -> None:
    """Tests one worker, a file of workers, a dated fact, and that another firm's worker is nobody's."""
    row, other = firm(), firm("别家厂")
    stranger = worker(other, contact_of(other))
    own = contact_of(row)
    browser = signed_in(own)
    assert row.name in text(browser.get("/home/firm"))
    assert "名单还是空的" in text(browser.get("/home/workers"))
    text(browser.get("/home/workers/new"))
    assert "手机号码是11位" in text(browser.post("/home/workers/new", {"name": "傅刚珠", "phone": "1649"}), 409)
    form = {"name": "傅刚珠", "phone": "16492093449", "origin_province": "42", "origin_city": "十堰市", "id_number": ""}
    assert "傅刚珠" in text(browser.post("/home/workers/new", form, follow=True))
    text(browser.get("/home/workers/import"))
    content = book(员工=[["姓名", "手机"], ["戴淑勤", "16424449263"]])
    done = browser.post("/home/workers/import", {"file": SimpleUploadedFile("员工.xlsx", content)}, follow=True)
    assert "入库1人" in text(done)
    assert "已入库1人" in text(browser.post(f"{done.redirect_chain[0][0]}/commit", follow=True))
    with acting(own):
        assert Worker.objects.count() == 2
        one = next(w for w in Worker.objects.all() if w.name.reveal() == "傅刚珠")
    page = text(browser.post(f"/home/workers/{one.id}/fact", {"fact": "went_home", "on": "2020-01-20"}, follow=True))
    assert "已返乡" in page
    assert "已经登记过了" in text(browser.post(f"/home/workers/{one.id}/fact", {"fact": "went_home", "on": "2020-01-20"}), 409)
    assert "已登记离职" in text(browser.post(f"/home/workers/{one.id}/left", follow=True))
    text(browser.get(f"/home/workers/{stranger.id}"), 404)
    text(browser.get(f"/home/workers?firm={other.id}"), 404)
    text(browser.get("/desk/enterprises"), 403)


def test_every_page_declares_whom_it_lets_in_and_turns_the_others_away(database: SimpleNamespace) -> None:
    """Tests each address of the area: a stranger is sent to the login, one without the right is refused and recorded."""
    row = firm()
    nobody = signed_in(officer("volunteer", town()))
    known = {"id": row.id, "site": row.id, "post": row.id, "entry": row.id, "grant": row.id, "row": row.id, "choice": "skip"}
    for pattern in urlpatterns:
        route = pattern.name
        wanted = {key: known[key] for key in pattern.pattern.converters}
        address = reverse(f"registry:{route}", kwargs=wanted)
        assert pattern.callback.permission.kind == "rights", route
        for answer in (Client().get(address), Client().post(address)):
            assert (answer.status_code, answer.url[:6]) == (302, "/login"), route
        for answer in (nobody.get(address), nobody.post(address)):
            assert answer.status_code == 403, route
            assert row.name not in answer.content.decode()
    with acting(bureau()):
        assert Attempt.objects.filter(forbidden=True, code="NotYours").count() == 2 * len(urlpatterns)
