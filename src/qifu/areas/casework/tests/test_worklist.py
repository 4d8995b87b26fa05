"""The worklist of cases: what stands beside a view is what stands in it."""

import pytest

from qifu.areas.casework.models import Case
from qifu.areas.casework.worklist import Want, Worklist, mine, views
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

from .factories import Desk, desk


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))):
        yield desk()


def test_each_view_counts_exactly_what_it_lists(people: Desk) -> None:
    """Tests counts against lists for all, with a case that waits for the same person in two ways counted once."""
    people.recorded()
    people.classified("技工社保接续办不了")
    people.assigned(text="宿舍热水器坏了没人修")
    longer = people.handling(text="通行证三天没有批下来")
    people.ok(run("casework.ask_more", {"case": longer.id, "days": 2, "reason": "批文刚到"}, actor=people.labour))
    people.resolved(text="高速口货车进不来")
    people.recorded("区长批示要办的事", channel="instruction")
    seen = 0
    for who in (people.bureau, people.labour, people.supervisor, people.call_taker, people.town_clerk, people.leader):
        with acting(who):
            found = Worklist(who, clock.now())
            offered = {view.name: Want(view) for view in views(who)}
            counts = found.count(offered)
            for name, want in offered.items():
                listed = found.rows(found.ids(want))
                assert counts[name] == len(listed), (who.name, name)
                seen += len(listed)
            assert counts["all"] == Case.objects.count()
    assert seen > 30
    with acting(people.supervisor):
        (one,) = (slice for slice in mine(people.supervisor) if slice.only)
        found = Worklist(people.supervisor, clock.now())
        (waits,) = found.rows(found.ids(Want(next(view for view in views(people.supervisor) if view.name == "mine"))))
        assert (waits.id, one.state) == (longer.id, "handling")
