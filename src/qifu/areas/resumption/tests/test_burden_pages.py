"""An act that burdens, by hand: proposed on the desk, answered on the phone, decided by another, read as a letter."""

from datetime import timedelta

import pytest

from qifu.areas.resumption.models import Application, Burden
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def test_a_suspension_by_hand_from_both_sides(town):
    """Tests what each reads and may press, with a form that lacks something, and that the proposer finds no button to decide."""
    firm = town.firm()
    application = town.approved(firm)
    with acting(town.bureau):
        item = application.items.filter(required=True, department="economy").first()
        application.items.filter(pk=item.pk).update(result="fix", note="测温点没有人")
    bureau, contact = browser(town.bureau), browser(town.contacts[firm.id])
    page = text(bureau.get(f"/desk/applications/{application.id}"))
    assert "拟处理" in page and "企业先陈述，另一位决定" in page
    form = f"/desk/applications/{application.id}/burden/suspension"
    given = {"ground": "risk", "basis": "《通告》第三条", "reason": "测温点没有人", "items": [item.code], "days": "3"}
    assert "测温点没有人" in text(bureau.get(form))
    lacking = bureau.post(form, given | {"basis": ""})
    assert lacking.status_code == 422 and "测温点没有人" in lacking.content.decode()
    with acting(town.bureau):
        assert not Burden._base_manager.exists()
    done = bureau.post(form, given)
    assert done.status_code == 302
    page = text(bureau.get(done["Location"]))
    assert "企业已经收到" in page and "还没有陈述" in page and "不作处理" in page and "决定书，企业看得到" in page
    with acting(town.bureau):
        burden = Burden._base_manager.get()
    own = f"/home/burdens/{burden.id}"
    assert "拟作“暂停复工”处理" in text(contact.get("/home/"))
    assert "可以陈述" in text(contact.get(own))
    empty = contact.post(own, {"words": ""})
    assert empty.status_code == 422 and "还没有填" in text(empty)
    said = contact.post(own, {"words": "下午起有专人测温"})
    assert said.status_code == 302 and "收到了" in text(contact.get(said["Location"]))
    town.hands.advance(timedelta(minutes=1))
    approver = browser(town.approver, strong=True)
    page = text(approver.get(f"/desk/burdens/{burden.id}"))
    assert "下午起有专人测温" in page and "确认执行" in page
    unanswered = approver.post(f"/desk/burdens/{burden.id}/confirm", {"answer": ""})
    assert "怎么看的" in text(unanswered)
    own_decision = browser(town.bureau, strong=True).post(f"/desk/burdens/{burden.id}/confirm", {"answer": "已核"})
    assert own_decision.status_code == 403
    decided = approver.post(f"/desk/burdens/{burden.id}/confirm", {"answer": "上午仍没有人"})
    assert decided.status_code == 302 and "决定书已发给企业" in text(approver.get(decided["Location"]))
    page = text(contact.get(own))
    assert "处理决定书" in page and "上午仍没有人" in page and f"{local(clock.now() + timedelta(days=3)):%-m月%-d日}" in page
    with acting(town.bureau):
        assert Application._base_manager.get(pk=application.id).state == "suspended"
    assert firm.name in text(approver.get("/desk/burdens/?view=holds"))


def test_others_see_nothing_of_it(town):
    """Tests another firm's contact and a town elsewhere: not found, and not in their lists."""
    application, other = town.approved(town.firm()), town.firm()
    burden = town.ok(town.proposed(application))
    assert browser(town.contacts[other.id]).get(f"/home/burdens/{burden.id}").status_code == 404
    elsewhere = browser(officer("town_clerk", town.other))
    assert elsewhere.get(f"/desk/burdens/{burden.id}").status_code == 404
    assert "没有" in text(elsewhere.get("/desk/burdens/"))
    assert elsewhere.post(f"/desk/burdens/{burden.id}/drop", {"answer": "x"}).status_code == 404
