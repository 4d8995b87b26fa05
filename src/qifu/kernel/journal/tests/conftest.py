"""A journal with real rows: loans of the toy process, opened and moved, sealed by a key of the test's own."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.journal import sealing, writing
from qifu.kernel.workflow.tests.toy.process import LOAN, draft


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keep the signing key of a test out of the developer's folder."""
    settings.VAR = tmp_path


@pytest.fixture
def now(database):
    writing.forget_era()
    with clock.use(clock.Fixed(at("2020-02-10"))) as hands:
        yield hands
    writing.forget_era()


@pytest.fixture
def place(database):
    return jurisdiction.by_name("莼湖街道").id


@pytest.fixture
def clerk(place):
    return officer("town_clerk", place)


@pytest.fixture
def lend(now, place, clerk):
    """Give a function that opens loans and lends them in batches: 2n rows in two transactions."""

    def run(count=3, *, fen=0):
        with acting(clerk):
            loans = LOAN.open_many([draft(place, title=f"书{i}", facets=["size:above"]) for i in range(count)], actor=clerk, at=clock.now())
        now.advance(timedelta(minutes=1))
        with acting(clerk):
            LOAN.move_many("lend", [loan.id for loan in loans], actor=clerk, at=clock.now(), **({"fen": fen} if fen else {}))
        return loans

    return run


@pytest.fixture
def sealed(lend):
    """Give a journal of three seals (6, 4 and 8 rows) and two rows not yet sealed."""
    made = []
    for count in (3, 2, 4):
        lend(count)
        made.append(sealing.seal(at=clock.now()))
    lend(1)
    return SimpleNamespace(seals=made, rows=20)
