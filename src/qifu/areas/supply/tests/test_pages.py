"""The pages by story: a firm tells a need on its phone, the desk finds a maker, both say yes."""

from qifu.areas.supply.models import Call, Match, Need
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text

from .factories import World


def test_a_broken_link_is_told_on_the_phone_and_mended_from_the_desk(fenghua: World) -> None:
    """Tests both phones and the desk; what lacks comes back with what was typed, and no name is shown before both agree."""
    buyer, maker = fenghua.firm(), fenghua.firm()
    phone, other, desk = browser(fenghua.contacts[buyer.id]), browser(fenghua.contacts[maker.id]), browser(fenghua.desk)
    made = {"product": "丁腈密封圈", "capacity": "5000", "free": "2000", "unit": "只", "per": "day"}
    assert other.post("/home/supply/new/makings", made).status_code == 302
    blank = phone.post("/home/supply/new/needs", {"product": "密封圈", "unit": "只", "by": "2020-02-24"})
    assert blank.status_code == 422 and "还没有填“要多少”" in text(blank) and "密封圈" in text(blank)
    lack = {"product": "密封圈", "quantity": "1000", "unit": "只", "by": "2020-02-24", "workers": "120", "orders": "300万"}
    assert phone.post("/home/supply/new/needs", lack).status_code == 302
    with acting(fenghua.desk):
        need = Need.objects.get()
    assert "停着120人" in text(desk.get("/desk/supply/"))
    page = text(desk.get(f"/desk/supply/needs/{need.id}"))
    assert maker.name in page and "propose?making=" in page
    asked = page.split("propose?making=")[1].split('"')[0]
    form = f"/desk/supply/needs/{need.id}/propose?making={asked}"
    assert maker.name in text(desk.get(form))
    much = desk.post(form, {"quantity": "2000"})
    assert much.status_code == 422 and "不能多于" in text(much)
    assert desk.post(form, {"quantity": "1000"}).status_code == 302
    with acting(fenghua.desk):
        call, match = Call.objects.get(), Match.objects.get()
    theirs = text(other.get(f"/home/supply/calls/{call.id}"))
    assert "莼湖街道" in theirs and buyer.name not in theirs
    assert other.post(f"/home/supply/calls/{call.id}/accept", {"answer": "每只1.8元"}).status_code == 302
    fenghua.hear()
    mine = text(phone.get(f"/home/supply/matches/{match.id}"))
    assert "每只1.8元" in mine and maker.name not in mine
    assert phone.post(f"/home/supply/matches/{match.id}/agree", {}).status_code == 302
    fenghua.hear()
    assert maker.name in text(phone.get(f"/home/supply/matches/{match.id}"))
    assert buyer.name in text(other.get(f"/home/supply/calls/{call.id}"))
    assert phone.post(f"/home/supply/matches/{match.id}/deliver", {}).status_code == 302
    fenghua.hear()
    assert "接上了" in text(phone.get(f"/home/supply/needs/{need.id}"))


def test_the_desk_searches_and_keeps_what_it_found_elsewhere(fenghua: World) -> None:
    """Tests the search by words, its empty answer, and the register of outside suppliers."""
    desk = browser(fenghua.desk)
    assert "没有找到" in text(desk.get("/desk/supply/find?q=密封圈"))
    given = {"name": "苏州新密封件厂", "where": "江苏苏州", "product": "橡胶密封圈", "source": "苏州工信局电话"}
    assert desk.post("/desk/supply/outside", {**given, "source": ""}).status_code == 422
    assert desk.post("/desk/supply/outside", given).status_code == 302
    found = text(desk.get("/desk/supply/find?q=密封圈"))
    assert "苏州新密封件厂" in found and "苏州工信局电话，2月17日核过" in found
    twice = desk.post("/desk/supply/outside", given)
    assert twice.status_code == 409 and "已经登记过了" in text(twice)


def test_a_town_reads_what_its_enterprise_was_offered_by_a_supplier_elsewhere(fenghua: World) -> None:
    """Tests that the page opens for a town's clerk although the supplier elsewhere is kept by the district alone."""
    need, known = fenghua.lacks(fenghua.firm()), fenghua.keeps(phone="0512-86500000")
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, supplier=known.id)
    theirs = browser(fenghua.clerk).get(f"/desk/supply/matches/{match.id}")
    assert theirs.status_code == 200 and known.name in text(theirs) and "0512-86500000" not in text(theirs)
    assert "0512-86500000" in text(browser(fenghua.desk).get(f"/desk/supply/matches/{match.id}"))
