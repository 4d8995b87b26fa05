"""Tests what stands in an address that nobody means: it is read as nothing, and no page breaks over it."""

import pytest

from qifu.areas.response.models import ControlArea, Incident
from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import at, officer
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


def test_nor_does_a_form_break_over_it_that_only_looks_something_up(place):
    """Tests the search inside the form of an area, which is sent along with it: nothing is drawn, and the page comes again."""
    with acting(place.bureau):
        incident = Incident.objects.get()
    address = f"/desk/response/areas/draw?incident={incident.id}"
    page = browser(officer("control_office", place.district)).post(address, {"q": "\x00甲", "find": "1"})
    assert page.status_code == 409
    with acting(place.bureau):
        assert not ControlArea.objects.exists()
