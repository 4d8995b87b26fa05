"""What delivery promises: each entry to each listener once, in the order of knowing, and one that fails harms nobody else."""

import pytest

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver, listen, listen_many, listeners
from qifu.kernel.workflow.tests.toy.process import LOAN, draft
from qifu.kernel.workflow.timer import timer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def lend():
    """Give a function that writes so many entries, each in a transaction of its own, and tells their subjects."""
    place = jurisdiction.by_name("莼湖街道").id
    with clock.use(clock.Fixed(at("2020-02-10"))):
        clerk = officer("town_clerk", place)

        def many(count):
            made = []
            for _ in range(count):
                with acting(clerk):
                    made.append(LOAN.open(draft(place), actor=clerk, at=clock.now()).id)
            return made

        yield many


@pytest.fixture
def heard():
    """Register two listeners for the test: one that hears one by one, and one that hears a set at once."""
    found = {"one": [], "sets": []}
    before = dict(listeners)
    listen(f"{LOAN.name}.*", name="test.one")(lambda event, actor: found["one"].append(event.subject))
    listen_many(f"{LOAN.name}.{LOAN.opening.verb}.v1", name="test.sets")(
        lambda events, actor: found["sets"].append([event.subject for event in events])
    )
    listen("nothing.of.this", name="test.idle")(lambda event, actor: found["one"].append("never"))
    yield found
    listeners.clear()
    listeners.update(before)


def test_each_entry_is_heard_once_and_in_order(lend, heard):
    """Tests that a second delivery tells nothing again, and that a set comes whole."""
    made = lend(3)
    assert deliver(actor=timer()) > 0
    assert heard == {"one": made, "sets": [made]}
    assert deliver(actor=timer()) == 0
    later = lend(1)
    deliver(actor=timer())
    assert heard == {"one": [*made, *later], "sets": [made, later]}


def test_small_batches_tell_all(lend, heard):
    """Tests that batches that end between transactions lose nothing and repeat nothing."""
    made = lend(5)
    while deliver(actor=timer(), limit=2):
        pass
    assert heard["one"] == made
    assert [subject for heard_at_once in heard["sets"] for subject in heard_at_once] == made


def test_one_that_fails_keeps_its_place(lend, heard):
    """Tests that a listener that fails hears the same again, and that those before it have heard it once."""
    fails = [True]

    def fail(event, actor):
        if fails:
            raise RuntimeError("not today")
        heard["one"].append("mended")

    listen(f"{LOAN.name}.*", name="test.fails")(fail)
    made = lend(1)
    with pytest.raises(RuntimeError):
        deliver(actor=timer())
    assert heard == {"one": made, "sets": [made]}
    fails.clear()
    deliver(actor=timer())
    assert heard == {"one": [*made, "mended"], "sets": [made]}
