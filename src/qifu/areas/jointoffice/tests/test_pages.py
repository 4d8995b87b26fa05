"""The pages by story: the enterprise orders on its phone, the monitor sets a group, the clerk gives promises out."""

from datetime import timedelta

from qifu.areas.jointoffice.models import Session
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at

from .factories import World


def test_an_enterprise_orders_and_reads_who_comes_and_what_was_promised(fenghua: World) -> None:
    """Tests menu, order, group, minutes and promises in the browser; what lacks comes back with what was typed."""
    firm = fenghua.firm()
    phone, leader, clerk = browser(fenghua.contacts[firm.id]), browser(fenghua.monitor), browser(fenghua.clerk)
    assert "用工对接" in text(phone.get("/home/joint/"))
    empty = phone.post("/home/joint/order", {"wants": "缺普工二十人"})
    assert empty.status_code == 409 and "还没有点菜单上的服务" in text(empty) and "缺普工二十人" in text(empty)
    items = [str(item.id) for item in fenghua.menu]
    done = phone.post("/home/joint/order", {"items": items, "wants": "缺普工二十人", "wished_on": "2020-02-18", "wished_half": "pm"})
    assert done.status_code == 302, text(done)
    with acting(fenghua.bureau):
        one = Session.objects.get(enterprise=firm.id)
    own, desk = f"/home/joint/{one.id}", f"/desk/joint/{one.id}"
    assert "撤回" in text(phone.get(own)) and firm.name in text(leader.get("/desk/joint/"))
    form = text(leader.get(f"{desk}/set_group"))
    assert "2月18日 下午" in form and "checked" in form
    blank = leader.post(f"{desk}/set_group", {"day": "2020-02-18", "hour": "两点", "minutes": "90", "offices": ["区人社局"]})
    assert blank.status_code == 422 and "14:00" in text(blank)
    given = {"day": "2020-02-18", "hour": "14:00", "minutes": "90", "offices": ["区人社局"], "people": [str(fenghua.clerk.person)]}
    assert leader.post(f"{desk}/set_group", {**given, "leaders": "用工线 镇街员"}).status_code == 302
    assert "镇街员（用工线）" in text(phone.get(own))
    invitation = phone.get(f"{own}.ics")
    assert invitation["Content-Type"].startswith("text/calendar") and "DTSTART:20200218T060000Z" in text(invitation)
    late = phone.post(f"{own}/withdraw", {"words": ""})
    assert late.status_code == 409 and "班子已经定好" in text(late)

    fenghua.hands.set(at("2020-02-18", "16:00"))
    phone, clerk = browser(fenghua.contacts[firm.id]), browser(fenghua.clerk)
    assert clerk.post(f"{desk}/hold", {"minutes": "企业缺普工二十人。"}).status_code == 302
    assert "区人社局：" in text(clerk.get(f"{desk}/give_out"))
    wrong = clerk.post(f"{desk}/give_out", {"tasks": "尽快解决宿舍"})
    assert wrong.status_code == 422 and "第1行看不出谁来办" in text(wrong) and "尽快解决宿舍" in text(wrong)
    assert clerk.post(f"{desk}/give_out", {"tasks": "区人社局：三天内组织线上招工"}).status_code == 302
    page = text(clerk.get(desk))
    assert "三天内组织线上招工" in page and "待接办" in page and "会办纪要" in page
    mine = text(phone.get(own))
    assert "承诺您的事" in mine and "企业缺普工二十人。" in mine and "经信员" not in mine


def test_the_district_keeps_its_menu_in_the_browser(fenghua: World) -> None:
    """Tests adding, a second one of the same name, and taking off; a town reads it and finds no form for the district's."""
    desk, town = browser(fenghua.bureau), browser(fenghua.clerk)
    given = {"name": "物流对接", "says": "帮着找车", "office": "区经信局", "brings": "货单", "days": "2"}
    assert desk.post("/desk/joint/menu", given).status_code == 302
    twice = desk.post("/desk/joint/menu", given)
    assert twice.status_code == 409 and "菜单上已经有这一项" in text(twice) and "帮着找车" in text(twice)
    item = fenghua.menu[0]
    off = desk.post(f"/desk/joint/menu/{item.id}/take_off", {"words": "这周都在外面"})
    assert off.status_code == 302 and "这周都在外面" in text(desk.get(f"/desk/joint/menu/{item.id}"))
    assert "物流对接" in text(town.get("/desk/joint/menu"))


def test_a_call_taker_orders_for_a_firm_found_by_two_words(fenghua: World) -> None:
    """Tests the way of the telephone: find, tick, order; and that the order names how it came."""
    firm = fenghua.firm()
    desk = browser(fenghua.taker)
    found = text(desk.get("/desk/joint/new?q=试验组团"))
    assert firm.name in found and f"firm={firm.id}" in found
    page = text(desk.get(f"/desk/joint/new?firm={firm.id}"))
    assert "断链帮扶" in page
    done = desk.post(f"/desk/joint/new?firm={firm.id}", {"items": [str(fenghua.menu[1].id)], "channel": "phone", "wished_half": ""})
    assert done.status_code == 302, text(done)
    assert "电话，接线员" in text(desk.get(done["Location"]))


def test_a_form_whose_order_moved_meanwhile_says_so_and_changes_nothing(fenghua: World) -> None:
    """Tests the monitor's open page while the enterprise takes its order back: what was typed is kept, no group is set."""
    firm = fenghua.firm()
    one = fenghua.ordered(firm)
    leader = browser(fenghua.monitor)
    seen = hidden(leader.get(f"/desk/joint/{one.id}/call_off"), "seen")
    fenghua.hands.advance(timedelta(minutes=1))
    fenghua.ok("jointoffice.session.set_group", by=fenghua.monitor, sitting=one.id, day="2020-02-18", hour="14:00", offices=["区人社局"])
    late = leader.post(f"/desk/joint/{one.id}/call_off", {"seen": seen, "words": "路封了"})
    assert late.status_code == 409 and "已经有人往前办了" in text(late) and "路封了" in text(late)
    assert fenghua.fresh(one).state == "group_set"


def test_a_town_reads_the_district_s_services_in_its_menu_and_does_not_open_them(fenghua: World) -> None:
    """Tests that a service is a link for who keeps it only: above a town it opens nowhere."""
    above = [item for item in fenghua.menu if item.region == fenghua.district]
    assert above, "the district offers something"
    town, district = text(browser(fenghua.clerk).get("/desk/joint/menu")), text(browser(fenghua.bureau).get("/desk/joint/menu"))
    for item in above:
        address = f"/desk/joint/menu/{item.id}"
        assert item.name in town and address not in town and address in district
