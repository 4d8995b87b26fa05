"""The small world of these tests."""

import pytest

from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock

from .factories import desk


@pytest.fixture
def people(database):
    """Give the people of a desk on a Monday morning; `people.hands` turns the clock."""
    with clock.use(clock.Fixed(at("2022-05-09"))) as hands:
        found = desk()
        found.hands = hands
        yield found
