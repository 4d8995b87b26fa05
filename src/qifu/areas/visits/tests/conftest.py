import pytest

from qifu.kernel.calendar import clock

from .factories import december
from .factories import town as made_town


@pytest.fixture
def town(database):
    """Give a town on Monday, 20 December 2021, two in the afternoon."""
    with clock.use(clock.Fixed(december("20", "14:00"))) as hands:
        yield made_town(hands)
