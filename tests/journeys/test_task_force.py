"""A special group (专班) by hand: the bureau gives it a case, a member takes it on, two offices are asked to help, one of them answers,
the group solves it, a call-taker calls back, another closes it out; whoever is no member is offered nothing.

With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

import re

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.casework.tests.factories import desk
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GROUP, TITLE = "交通保障专班", "货车在高速口进不来"


def formed(people, *members):
    """Form a group of people from several departments, the first as its leader; gives its office."""
    group = people.ok(run("registry.form_task_force", {"name": GROUP, "kind": "special_team"}, actor=people.bureau))
    for number, who in enumerate(members):
        member = {"person": who.person, "role": "group_member", "lead": not number}
        people.ok(run("registry.add_member", {"task_force": group.id, "member": member}, actor=people.bureau))
    return f"force:{group.id}"


class Worklist(Hands):
    """The worklist as one after another sees it."""

    def counts(self, *views):
        """Give what stands behind these views at the side."""
        self.page.goto("/desk/cases/")
        found = {}
        for view in views:
            count = self.page.locator(f".views a[href='?view={view}'] .count")
            found[view] = int(count.inner_text())
        return found

    def titles(self, words):
        """Give the titles of the rows that an address of the list shows."""
        self.page.goto(f"/desk/cases/?{words}")
        return [one.strip() for one in self.page.locator("#list td.name a").all_inner_texts()]


def test_a_special_group_leads_a_case_and_only_its_members_have_it(page, live):
    """Tests every step by its button, the list and counts of a member, of helpers, of others, and what stands of the group above."""
    people = desk()
    leader, member = people.labour, officer("industry_clerk", people.district, name="戚科员", department="区交通局")
    office = formed(people, leader, member)
    stranger = officer("town_clerk", people.other, name="外镇经办")
    firm = people.firm("奉化钧凯结构有限公司")
    case = people.classified(f"{TITLE}，原料三车压在路上", enterprise=firm.id)
    address = f"/desk/cases/{case.id}"
    hands = Worklist(page, live)

    hands.sign_in(people.bureau)
    page.goto(f"{address}/assign")
    page.get_by_label("交给哪个单位").select_option(office)
    hands.shot("force-assign", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="交办").click()
    page.get_by_text("待接办").first.wait_for()

    hands.sign_in(people.fire)
    assert hands.counts("mine", "ours") == {"mine": 0, "ours": 0}
    page.goto(address)
    assert page.get_by_text(GROUP).first.is_visible()
    for word in ("接办", "退单", "写答复", "选单位"):
        assert not page.get_by_role("button", name=word, exact=True).count() and not page.get_by_role("link", name=word, exact=True).count()
    hands.sign_in(stranger)
    assert hands.titles("view=all") == hands.titles("view=all&q=高速口") == []
    assert page.goto(address).status == 404

    hands.sign_in(member, 390)
    assert hands.counts("mine", "ours") == {"mine": 1, "ours": 1}
    page.get_by_role("link", name=TITLE).first.click()
    hands.shot("force-take", 1440, 390)
    hands.size(390)
    page.get_by_role("button", name="接办").click()
    page.get_by_text("办理中").first.wait_for()
    for helper, ask in (("区消防救援大队", "看看卸货的通道够不够宽"), (f"place:{people.town}", "到高速口接一下三辆车")):
        page.goto(f"{address}/ask_help")
        page.get_by_label("请哪个单位").select_option(helper)
        page.get_by_label("请办什么").fill(ask)
        hands.shot("force-ask-help", 1440, 390)
        hands.size(390)
        page.get_by_role("button", name="发出").click()
        page.locator(".case-list", has_text=ask).wait_for()
    assert hands.titles("view=mine") == [f"{TITLE}，原料三车压在路上"]

    hands.sign_in(people.town_clerk)
    assert page.goto("/desk/cases/helps").status == 200 and page.get_by_role("link", name="到高速口接一下三辆车").count() == 1
    assert not page.get_by_text("看看卸货的通道够不够宽").count(), "another office's help is not one's own"
    hands.sign_in(people.fire, 390)
    assert hands.counts("mine", "ours") == {"mine": 0, "ours": 0}, "who helps does not lead"
    page.goto("/desk/cases/helps")
    assert page.locator(".case-list li").count() == 1 and page.locator(".case-list li .clock").count() == 1
    hands.shot("force-helps", 1440, 390)
    hands.size(390)
    page.get_by_role("link", name="看看卸货的通道够不够宽").click()
    page.get_by_label("回复").fill("通道四米，够一辆车进出。")
    hands.shot("force-help", 1440, 390)
    hands.size(390)
    page.get_by_role("button", name="回复").click()
    page.get_by_text("没有等我们协办的").wait_for()

    hands.sign_in(leader)
    assert hands.counts("mine", "ours") == {"mine": 0, "ours": 1}, "another member has it in hand"
    hands.sign_in(member)
    page.goto(address)
    assert page.get_by_text("通道四米，够一辆车进出。").is_visible()
    page.get_by_role("link", name="写答复").first.click()
    page.get_by_label("给企业的答复").fill("三辆车都进了厂，司机当天返回。")
    page.get_by_role("button", name="办结").click()
    page.get_by_text("待回访").first.wait_for()
    helps = page.locator("section.part", has=page.get_by_role("heading", name="协办")).locator("li")
    assert [re.sub(r"\s+", "", one)[-3:] for one in helps.all_inner_texts()] == ["已协办", "不用了"]
    hands.shot("force-solved", 1440, 390)
    assert hands.counts("mine", "ours") == {"mine": 0, "ours": 0}
    hands.sign_in(people.town_clerk)
    page.goto("/desk/cases/helps")
    assert page.get_by_text("没有等我们协办的").is_visible(), "nobody waits for help on what is solved"

    hands.sign_in(people.call_taker)
    page.goto(f"{address}/call_back")
    page.get_by_label("5分 很满意").check()
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("待销号").first.wait_for()
    hands.sign_in(people.second)
    page.goto(address)
    page.get_by_role("button", name="销号").click()
    page.get_by_text("已销号").first.wait_for()
    hands.shot("force-closed", 1440, 390)

    hands.sign_in(people.supervisor)
    page.goto("/desk/cases/offices")
    row = page.locator("tbody tr", has_text=GROUP)
    assert [row.locator("td").nth(n).inner_text().strip() for n in (1, 4, 10)] == ["0", "1", "2"], "open, solved, people"
    row.get_by_role("link", name="0").first.click()
    assert page.locator(".chip", has_text=GROUP).count() == 1, "the filter names the group, not its code"
    page.goto("/desk/cases/evaluation")
    hands.shot("force-evaluation", 1440, 390)
    led, helped = (page.locator("section.part", has=page.get_by_role("heading", name=name)) for name in ("牵头办的", "协办的"))
    assert [one.inner_text().strip() for one in led.locator("tbody td:first-child").all()] == [GROUP]
    assert [one.inner_text().strip() for one in helped.locator("tbody td:first-child").all()] == ["区消防救援大队"]
    hands.sign_in(member)
    page.goto("/desk/cases/offices")
    assert page.locator("tbody tr").count() == 1 and page.locator("tbody tr", has_text=GROUP).count() == 1
    assert [said for said in hands.broken if "404" not in said] == [], "but for what the stranger did not find"
