"""Tests what stands in an address that nobody means: it is read as nothing, and no page breaks over it."""

import pytest

from qifu.areas.response.models import ControlArea, Incident
from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def place():
    with clock.use(clock.Fixed(at("2020-02-10"))) as hands:
        yield world(hands)


DAYS = [
    ("bureau_clerk", "/figures/?day="), ("bureau_clerk", "/desk/lists?day="), ("bureau_clerk", "/desk/visits/?since="),
    ("bureau_clerk", "/figures/?as_of="), ("leader", "/figures/?day="), ("supervisor", "/desk/cases/evaluation?last="),
]  # fmt: skip
WORDS = [
    ("bureau_clerk", "/desk/visits/?q="), ("bureau_clerk", "/desk/visits/territories?q="), ("bureau_clerk", "/desk/visits/opinions?q="),
    ("system_admin", "/desk/people?q="), ("bureau_clerk", "/desk/enterprises?q="),
]  # fmt: skip


NUMBERS = [
    ("system_admin", "/desk/messages/?from="),
    ("system_admin", "/desk/messages/?again="),
    ("bureau_clerk", "/desk/enterprises?region="),
]


@pytest.mark.parametrize("number", ["²", "9" * 5000])
@pytest.mark.parametrize(("role", "address"), NUMBERS)
def test_a_digit_that_is_no_number_is_read_as_none(place, role, address, number):
    """Tests ², which is a digit to Python, and more nines than it reads."""
    page = browser(officer(role, place.district)).get(address + number.replace("²", "%C2%B2"))
    assert page.status_code == 200


def test_a_place_that_there_is_not_is_read_as_none(place):
    """Tests the number of no place in the address of the visits' coverage."""
    assert browser(officer("bureau_clerk", place.district)).get("/desk/visits/?region=0").status_code == 200


def test_nor_is_it_one_of_a_form(place):
    """Tests that an incident is not declared for ², and that nothing is."""
    sent = {"pack": "epidemic", "level": "II", "place": "²", "title": "试试", "document": "试试", "confirm": "1"}
    assert browser(officer("control_office", place.district)).post("/desk/response/declare", sent).status_code in (409, 422)
    with acting(place.bureau):
        assert Incident.objects.count() == 1


def test_a_form_that_names_no_place_or_no_thing_comes_back_with_a_sentence(place):
    """Tests a plan of territories for a place that there is not, and numbers of telephone asked for nothing."""
    page = browser(officer("bureau_clerk", place.district))
    refused = page.post("/desk/visits/plans", {"place": "-1"})
    assert refused.status_code in (409, 422) and "没有找到" in refused.content.decode()
    assert page.post("/desk/visits/phones", {"id": "9" * 36}).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize(("role", "address"), DAYS)
def test_a_day_at_the_end_of_time_is_read_as_none(place, role, address, day):
    """Tests that no page reckons with the day before the first or after the last."""
    page = browser(officer(role, place.district)).get(address + day.replace("+", "%2B"))
    assert page.status_code == 200


@pytest.mark.parametrize(("role", "address"), WORDS)
def test_a_sign_that_no_text_holds_is_left_out_of_a_search(place, role, address):
    """Tests that NUL, which the database refuses to compare, finds what the words without it find."""
    page = browser(officer(role, place.district)).get(f"{address}%00")
    assert page.status_code == 200


def test_nor_does_a_list_of_names_break_over_it(place):
    """Tests a key list's names, one of which holds NUL: it is looked for without it, and nothing is put on the list."""
    keeper = officer("key_list_clerk", place.district)
    given = {"name": "试试名单", "level": "province", "document": "试试", "since": "2020-02-05", "opens": ["loans"]}
    made = run("registry.publish_key_list", given, actor=keeper)
    page = browser(keeper).post(f"/desk/key-lists/{made.result.id}/put", {"firms": "没有\x00这家", "since": "2020-02-10"})
    assert page.status_code in (409, 422)


def test_nor_does_a_form_break_over_it_that_only_looks_something_up(place):
    """Tests the search inside the form of an area, which is sent along with it: nothing is drawn, and the page comes again."""
    with acting(place.bureau):
        incident = Incident.objects.get()
    address = f"/desk/response/areas/draw?incident={incident.id}"
    page = browser(officer("control_office", place.district)).post(address, {"q": "\x00甲", "find": "1"})
    assert page.status_code == 409
    with acting(place.bureau):
        assert not ControlArea.objects.exists()
