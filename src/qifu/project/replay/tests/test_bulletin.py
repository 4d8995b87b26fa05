"""Tests that the bulletin of 17 February comes out of replayed events: its sentence says what the replay's report says."""

import pytest

from qifu.areas.insight import composing, issue, told
from qifu.areas.insight.models import Bulletin
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import indicators

from .mini import figures, mini, play

pytestmark = pytest.mark.usefixtures("database")


def test_the_sentences_of_17_february_say_what_the_replay_counts(tmp_path):
    """Tests every plain number and denominator of the bulletin, its words, and the rows behind, against the report."""
    runner = play(mini().write(tmp_path))
    report = figures(runner)
    end, system = runner.scenario.end, runner.machines["system"]
    place = jurisdiction.by_code(runner.scenario.place)
    with clock.use(clock.Fixed(end)):
        answer = run("insight.draft", {"place": place.id, "asof": end}, actor=system)
        assert answer.ok, answer
        with acting(system):
            bulletin = Bulletin.objects.get(pk=answer.result.id)
            text = "".join(issue.issue_of(bulletin).texts)
            compared = set()
            for number in bulletin.figures:
                asked, told_there = told.asked_of(number), report[number["id"]]
                if asked.place is not None or number["id"] in runner.scenario.figures:
                    continue
                if asked.attribute in ("value", "of"):
                    assert number["value"] == told_there["value" if asked.attribute == "value" else "of"], number
                    assert number["words"] in text
                    compared.add(number["id"])
                if asked.attribute == "rate":
                    assert number["value"] == round(told_there["rate"] * 10)
                if asked.attribute == "value":
                    rows = composing.rows(indicators[asked.figure], asked, told.moment_of(bulletin, number))
                    assert {str(id) for id, _ in rows} == {row["id"] for row in told_there["list"]}
    assert {"R01", "F23", "F24", "R15"} <= compared
    assert f"{report['R01']['value']}家规上工业企业中，{report['F23']['value']}家的复工申请已受理" in text
