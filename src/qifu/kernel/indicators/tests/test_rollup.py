"""The roll-up may make a figure quicker, never different."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, happened, known_now, lacking, reached, rollup, standing
from qifu.kernel.indicators.together import values
from qifu.kernel.journal import reading
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.tests.toy.models import Loan
from qifu.kernel.workflow.tests.toy.process import LOAN, draft

pytestmark = pytest.mark.usefixtures("database")

MEASURES = [
    standing("toy.loan", "lent"),
    standing("toy.loan", "asked", where={"size": "above"}),
    reached("toy.loan", "back"),
    reached("toy.loan", "lent", where={"size": "above"}),
    happened("toy.loan", "lend"),
]


def _small():
    return Loan.objects.filter(facets__contains=["size:small"]).values("id")


def from_the_journal(measure, moment):
    """The slow obvious sum over the journal, for the oracle."""
    sql, params = measure._flat(moment) if measure.each else measure._query(moment, grouped=False)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def test_figures_from_sums_equal_figures_from_the_journal():
    """Tests every measure at every day and at odd hours, over months, with late reports, corrections and rolls between."""
    draw = random.Random(7)
    place = jurisdiction.by_name("莼湖街道").id
    with acting(DOOR):
        system = machine("system")
    with clock.use(clock.Fixed(at("2020-01-29"))) as now:
        clerk, corrector = officer("town_clerk", place), officer("corrector", place)
        loans = []
        for day in range(40):
            now.set(at("2020-01-29") + timedelta(days=day))
            with acting(clerk):
                new = [draft(place, facets=draw.choice([["size:above"], ["size:small"]])) for _ in range(2)]
                loans.extend(LOAN.open_many(new, actor=clerk, at=now.now()))
            for loan in draw.sample(loans, min(4, len(loans))):
                now.advance(timedelta(minutes=20))
                verb = draw.choice(["lend", "give_back", "ask_again", "mend", "mended"])
                # A return may be told up to a day late.
                told = now.now() - timedelta(hours=draw.choice([0, 20])) if verb == "give_back" else now.now()
                try:
                    with acting(clerk), LOAN.move(verb, loan, actor=clerk, at=told):
                        pass
                except ActionRefused:
                    pass
            if day % 5 == 3:
                with acting(corrector):
                    for loan in draw.sample(loans, 2):
                        entry = reading.latest_standing(loan.id, "toy.loan")[-1]
                        if entry.verb != "ask":
                            LOAN.correct(entry, actor=corrector, at=None, reason="wrong_firm")
            if day % 3 == 0:
                with acting(system):
                    rollup.roll(now.now())
        with acting(system):
            assert rollup.drift() == []
            assert rollup.mark(connection.cursor()).day == at("2020-03-08").date()
            for day in range(-1, 41):
                for hour in (0, 9, 23):
                    moment = Moment(at("2020-01-29", f"{hour:02d}:30") + timedelta(days=day))
                    together = values(MEASURES, moment)
                    for measure in MEASURES:
                        truth = from_the_journal(measure, moment)
                        assert measure.value(moment) == together[measure] == truth, (measure, moment)
            assert MEASURES[2].value(Moment(now.now())) > 3


def test_a_sum_that_was_tampered_with_is_found():
    """Tests that the nightly comparison names a day whose sum is not the journal's."""
    place = jurisdiction.by_name("莼湖街道").id
    with acting(DOOR):
        system = machine("system")
    with clock.use(clock.Fixed(at("2020-02-10"))) as now:
        clerk = officer("town_clerk", place)
        with acting(clerk):
            LOAN.open(draft(place), actor=clerk, at=now.now())
        now.set(at("2020-02-12"))
        with acting(system):
            rollup.roll(now.now())
            assert rollup.drift() == []
        with acting(system), connection.cursor() as cursor:
            cursor.execute("UPDATE indicators_daysum SET n = n + 1")
            assert rollup.drift() != []


def test_many_figures_at_once_are_what_each_says_by_itself():
    """Tests measures asked together as known at an earlier horizon, and by one who reaches rows only as their party."""
    place = jurisdiction.by_name("莼湖街道").id
    with clock.use(clock.Fixed(at("2020-02-10", "09:00"))) as now:
        clerk, firm = officer("town_clerk", place), uuid7()
        own = contact(firm, place)
        with acting(clerk):
            LOAN.open_many([draft(place, facets=["size:above"], party=firm if n else None) for n in range(3)], actor=clerk, at=now.now())
        with acting(clerk):
            known = known_now(at=now.now())
        now.advance(timedelta(hours=1))
        with acting(clerk):
            loans = LOAN.open_many([draft(place, facets=["size:small"], party=firm)], actor=clerk, at=now.now())
        asked = [standing("toy.loan", "asked"), standing("toy.loan", "asked", where={"size": "above"}), happened("toy.loan", "ask")]
        with acting(clerk), LOAN.move("lend", loans[0], actor=clerk, at=now.now(), fen=700):
            pass
        mixed = [
            *asked,
            *(reached("toy.loan", *states, by="party") for states in (["asked"], ["lent"], ["asked", "lent"])),
            *(reached("toy.loan", "asked", "lent", where=where) for where in (None, {"size": "above"})),
            *(happened("toy.loan", verb, sum="fen") for verb in ("lend", "ask")),
            *(measure("toy.loan", "asked", among=_small) for measure in (standing, reached)),
            reached("toy.loan", "asked", among=_small, by="party"),
            lacking(reached("toy.loan", "asked"), reached("toy.loan", "lent")),
        ]
        for actor, horizon, expected in ((clerk, known, [3, 3, 3]), (clerk, None, [3, 3, 4]), (own, None, [2, 2, 3])):
            moment = Moment(now.now(), horizon)
            with acting(actor):
                found = values(mixed, moment)
                assert [found[one] for one in asked] == expected
                assert found == {one: one.value(moment) for one in mixed}
                assert (found[happened("toy.loan", "lend", sum="fen")], found[mixed[-1]]) == ((0, 3) if horizon else (700, expected[0]))
