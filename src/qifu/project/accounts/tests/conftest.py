from collections.abc import Iterator
from datetime import datetime

import pytest

from qifu.kernel import notify
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.privacy import keys

from .people import Letterbox


@pytest.fixture(autouse=True)
def own_keys(database) -> Iterator[None]:
    """The keys of the test before are gone with its rows."""
    keys.forget()
    yield
    keys.forget()


@pytest.fixture
def now(database) -> Iterator[clock.Fixed]:
    # Not the scenario's year: signed cookies are dated by the machine's clock.
    with clock.use(clock.Fixed(datetime(2026, 3, 2, 9, 0, tzinfo=ZONE))) as hands:
        yield hands


@pytest.fixture
def letterbox(database) -> Iterator[Letterbox]:
    box = Letterbox()
    with notify.using(box):
        yield box
