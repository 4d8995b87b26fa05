"""联系过了: a dated fact before anybody goes, its figure with the hour of each, and who may write it."""

from qifu.areas.visits.models import Contact, Visit
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.indicators import Moment, figure, rows
from qifu.kernel.journal.models import Entry
from qifu.kernel.values import uuid7

from .factories import Town, december


def test_who_was_reached_and_when_is_a_record_of_its_own(town: Town) -> None:
    """Tests the first and a second contact, that a phone's second delivery is none, the figure at three hours, and no visit by it."""
    one, _ = town.firms(2)
    key = uuid7()
    town.do("visits.contact", town.wang, enterprise=one.id, met="韩立东", words="明天可以来", key=key)
    again = town.do("visits.contact", town.wang, enterprise=one.id, met="韩立东", words="明天可以来", key=key)
    town.hands.set(december("21", "09:00"))
    town.do("visits.contact", town.li, enterprise=one.id, way="site", met="门卫")
    with acting(town.clerk):
        made = list(Contact.objects.order_by("at").values_list("enterprise", "way", "met", "officer_name"))
        assert made == [(one.id, "phone", "韩立东", "王联企"), (one.id, "site", "门卫", "李联企")] and again.met == "韩立东"
        assert not Visit.objects.exists()
        told = list(Entry._base_manager.filter(process="visits.contact").order_by("seq").values_list("first", "data"))
        assert told == [(True, {"way": "phone"}), (False, {"way": "site"})]
        before, after = (
            figure("F41", moment=Moment(asof), actor=town.clerk) for asof in (december("20", "13:59"), december("21", "12:00"))
        )
        assert (before.value, after.value, after.of) == (0, 1, 2)
        (row,) = rows("F41", moment=Moment(december("21", "12:00")), actor=town.clerk).rows
        assert (row.label, row.cells[1:]) == (one.name, ("2021-12-20 14:00", "打电话", "王联企"))


def test_nobody_named_a_closed_firm_and_another_town_are_refused(town: Town) -> None:
    """Tests each sentence, and that nothing was written."""
    firm, away = town.firm(), town.firm(place=town.other)
    assert town.refused("visits.contact", town.wang, enterprise=firm.id, met=" ").errors == {"met": "还没有填“和谁”。"}
    assert town.refused("visits.contact", town.wang, enterprise=away.id, met="门卫").code == "NotFound"
    assert town.refused("visits.contact", town.contacts[firm.id], enterprise=firm.id, met="自己").code == "NotYours"
    with acting(town.bureau):
        assert not Contact.objects.exists()


def test_it_is_written_in_the_hand_and_read_at_the_desk(town: Town) -> None:
    """Tests the form of both pages, the sentence that comes back where a name lacks, and the line on the enterprise's page."""
    firm = town.firm()
    town.give([firm], town.wang)
    phone, desk = browser(town.wang), browser(town.clerk)
    assert "没去，先联系过了" in phone.get(f"/visits/firms/{firm.id}").content.decode()
    bare = phone.post(f"/visits/firms/{firm.id}/contact", {"way": "phone", "met": "", "key": str(uuid7())})
    assert bare.status_code == 422 and "还没有填“和谁”" in bare.content.decode()
    assert phone.post(f"/visits/firms/{firm.id}/contact", {"way": "phone", "met": "韩立东", "key": str(uuid7())}).status_code == 302
    assert (
        desk.post(f"/visits/firms/{firm.id}/contact", {"way": "site", "met": "门卫", "back": "desk", "key": str(uuid7())}).status_code
        == 302
    )
    page = desk.get(f"/desk/visits/firms/{firm.id}").content.decode()
    assert "王联企 打电话 韩立东" in page and "经办 当面 门卫" in page
