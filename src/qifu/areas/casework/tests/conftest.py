"""The small world of these tests."""

import pytest

from .factories import monday


@pytest.fixture
def people(database):
    """Give the people of a desk on a Monday morning; `people.hands` turns the clock."""
    with monday() as found:
        yield found
