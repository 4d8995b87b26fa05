"""A trend and a map may be asked at once; what they show is what each day and each place would have answered alone."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Moment, happened, known_now, lacking, reached, rollup, spread, spreads, standing
from qifu.kernel.journal import reading
from qifu.kernel.workflow.tests.toy.process import LOAN, draft

pytestmark = pytest.mark.usefixtures("database")

MEASURES = [
    standing("toy.loan", "lent"),
    standing("toy.loan", "asked", "lent", where={"size": "above"}),
    reached("toy.loan", "back"),
    reached("toy.loan", "lent", "back"),
    happened("toy.loan", "lend"),
]


def test_a_trend_and_a_map_are_what_each_day_and_place_would_say():
    """Tests every measure by day and by place, with late reports and corrections, before and after rolls, now and as known once."""
    draw = random.Random(11)
    towns = [one.id for one in jurisdiction.children(jurisdiction.by_code("330213").id)][:3]
    with acting(DOOR):
        system = machine("system")
    with clock.use(clock.Fixed(at("2020-02-01"))) as now:
        clerks = {town: officer("town_clerk", town) for town in towns}
        correctors = {town: officer("corrector", town) for town in towns}
        loans, known = [], None
        for day in range(12):
            now.set(at("2020-02-01") + timedelta(days=day))
            for town in towns:
                with acting(clerks[town]):
                    loans.extend(
                        (town, one) for one in LOAN.open_many([draft(town, facets=["size:above"])], actor=clerks[town], at=now.now())
                    )
            for town, loan in draw.sample(loans, min(6, len(loans))):
                now.advance(timedelta(minutes=9))
                verb = draw.choice(["lend", "give_back", "ask_again"])
                told = now.now() - timedelta(hours=draw.choice([0, 20])) if verb == "give_back" else now.now()
                try:
                    with acting(clerks[town]), LOAN.move(verb, loan, actor=clerks[town], at=told):
                        pass
                except ActionRefused:
                    pass
            if day % 4 == 3:
                town, loan = draw.choice(loans)
                with acting(correctors[town]):
                    entry = reading.latest_standing(loan.id, "toy.loan")[-1]
                    if entry.verb != "ask":
                        LOAN.correct(entry, actor=correctors[town], at=None, reason="wrong_firm")
            if day == 7:
                with acting(system):
                    known = known_now(at=now.now())
            if day == 9:
                with acting(system):
                    rollup.roll(now.now())
        now.advance(timedelta(hours=1))
        with acting(system):
            for moment in (Moment(now.now()), Moment(now.now(), known), Moment(at("2020-02-09", "11:00"))):
                together = spreads(MEASURES, moment=moment, days=6)
                for measure in MEASURES:
                    found = together[measure]
                    assert found == spread(measure, moment=moment, days=6)
                    assert len(found.days) == 6 and found.days[-1] == local(moment.asof).date()
                    ends = [min(at(str(day + timedelta(days=1)), "00:00") - timedelta(microseconds=1), moment.asof) for day in found.days]
                    assert found.values == tuple(measure.value(replace(moment, asof=end)) for end in ends), (measure, moment)
                    for town in towns:
                        alone = measure.value(replace(moment, within=(town,)))
                        assert found.within((town,)) == alone, (measure, moment, town)
            assert spread(MEASURES[2], moment=Moment(now.now())).values[-1] > 2
            assert MEASURES[4].value(Moment(now.now(), known)) < MEASURES[4].value(Moment(now.now()))


def test_who_lacks_is_named_and_leaves_the_list_when_done():
    """Tests that the list of those who have not yet is the whole less those who have, on every day and as known once."""
    town = jurisdiction.by_name("莼湖街道").id
    without = lacking(reached("toy.loan", "asked"), reached("toy.loan", "lent"))
    with clock.use(clock.Fixed(at("2020-02-01"))) as now:
        clerk = officer("town_clerk", town)
        with acting(clerk):
            one, other = LOAN.open_many([draft(town), draft(town)], actor=clerk, at=now.now())
        with acting(clerk):
            before = known_now(at=now.now())
        now.advance(timedelta(days=1))
        with acting(clerk), LOAN.move("lend", one, actor=clerk, at=now.now()):
            pass
        with acting(clerk):
            assert without.rows(Moment(now.now())) == [(other.id, 1)]
            assert without.value(Moment(at("2020-02-01", "12:00"))) == 2
            assert without.value(Moment(now.now(), before)) == 2
