"""Tests that figures fall with the events they rest on: reversed, retracted or left out; and stand where they must."""

import pytest

from qifu.areas.registry.models import Worker
from qifu.areas.resumption.models import Application
from qifu.areas.resumption.workflow import RESUMPTION
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Known, Moment, figure, rollup
from qifu.kernel.journal import sealing
from qifu.kernel.workflow.proof import drift

from .mini import SINCE, SURVEYED, Pack, disagreeing, expected, figures, mini, numbers, play, refused, shanghai

pytestmark = pytest.mark.usefixtures("database")


def _applied(pack: Pack, place: int = 0) -> str:
    """Give the key of a firm that applied in the ordinary way and passed at once."""
    return [r["key"] for r in pack.lists["above"] if r["applies_at"] and not r["asks_early_at"] and not r["lacks"]][place]


def _only_accepted(pack: Pack) -> str:
    """Let one more firm's application stop at its acceptance; give its key."""
    chain = next(e for e in pack.data["lines"] if e.get("when") == "!asks_early_at applies_at")
    key = _applied(pack, 1)
    others = [row["key"] for row in pack.lists["above"] if row["applies_at"] and not row["asks_early_at"] and row["key"] != key]
    chain["when"] = {"key": others}
    pack.line(each="above", when={"key": key}, lines=chain["lines"][:3])
    return key


def _act(runner, do, *, actor, at="2020-02-18T10:00", **given):
    runner.hands.set(shanghai(at))
    with clock.use(runner.hands):
        return run(do, given, actor=runner._actor(actor), at=shanghai(at))


def _sound(found):
    assert disagreeing(found) == []
    with sealing.whole():
        assert drift(RESUMPTION) == []
        assert rollup.drift() == []


def test_reversing_an_acceptance_takes_one_off(tmp_path):
    """Tests that an acceptance that never was is counted no more, on its own day too, and the application waits again."""
    pack = mini(above=5, small=1, workers=6)
    key = _only_accepted(pack)
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    before = figures(runner)
    application = runner.played.named[f"application:{key}"]
    done = _act(runner, "resumption.correct", actor="corrector", application=application, verb="accept", reason="never_happened")
    assert done.ok, done
    after = figures(runner)
    assert numbers(after) == numbers(before) | {"F23": before["F23"]["value"] - 1}
    assert {row["id"] for row in before["F23"]["list"]} - {row["id"] for row in after["F23"]["list"]} == {str(application)}
    day = shanghai(f"{pack.row('above', key)['applies_at'][:10]}T23:59")
    assert str(application) not in {row["id"] for row in figures(runner, asof=day)["F23"]["list"]}
    with acting(runner.machines["system"]):
        assert Application._base_manager.get(pk=application).state == "forwarded"
    _sound(after)


def test_reversing_an_acceptance_that_others_rest_on(tmp_path):
    """Tests that a step with others upon it is not reversed alone, and with `following` takes all of them along."""
    pack = mini(above=5, small=1, workers=6)
    for row in pack.lists["above"]:
        row["over_100m"] = "1"
    key = _applied(pack)
    runner = play(pack.write(tmp_path))
    before = figures(runner)
    application = runner.played.named[f"application:{key}"]
    wrong = {"application": application, "verb": "accept", "reason": "wrong_firm"}
    assert _act(runner, "resumption.correct", actor="corrector", **wrong).code == "ChainBreaks"
    assert numbers(figures(runner)) == numbers(before)
    assert _act(runner, "resumption.correct", actor="corrector", following=True, **wrong).ok
    after = figures(runner)
    less = {name: numbers(before)[name] - 1 for name in ("F23", "F24", "F24 of")}
    assert numbers(after) == numbers(before) | less
    _sound(after)


def test_withdrawn_after_acceptance_stays_accepted(tmp_path):
    """Tests that an enterprise that withdraws takes nothing from the acceptances of the office."""
    pack = mini(above=5, small=1, workers=6)
    key = _only_accepted(pack)
    pack.line(
        at="2020-02-17T20:00", actor=f"contact:{key}", do="resumption.withdraw", on=f"application:{key}", with_={"reason": "订单取消"}
    )
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    found = figures(runner)
    assert found["F23"]["value"] == expected(pack)["F23"]
    assert next(row["cells"][1] for row in found["F23"]["list"] if row["id"] == str(runner.played.named[f"application:{key}"])) == "已撤回"
    _sound(found)


def test_a_correction_written_in_the_file(tmp_path):
    """Tests the worked example of docs/scenarios.md: one line at the end of the file takes one off."""
    pack = mini(above=5, small=1, workers=6)
    pack.line(
        at="2020-02-17T21:00", actor="corrector", do="resumption.correct", on=f"application:{_applied(pack)}",
        with_={"verb": "accept", "reason": "wrong_firm", "following": True},
    )  # fmt: skip
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    assert figures(runner)["F23"]["value"] == expected(pack)["F23"] - 1


def test_leaving_out_that_one_worker_went_home(tmp_path):
    """Tests that the same scenario without one worker's journey gives one less, and everything else as it was."""
    pack = mini(above=3, small=1, workers=12)
    before = expected(pack)
    next(w for w in pack.lists["workers"] if w["origin_province"] == SURVEYED and w["went_home_on"])["went_home_on"] = ""
    runner = play(pack.write(tmp_path))
    found = figures(runner)
    assert refused(runner.played) == []
    assert numbers(found) == before | {"F27": before["F27"] - 1}
    _sound(found)


def test_retracting_a_fact(tmp_path):
    """Tests that each fact told wrongly of a worker leaves its own figure, and no other."""
    pack = mini(above=3, small=1, workers=12)
    runner = play(pack.write(tmp_path))
    before = numbers(figures(runner))
    ours = [w for w in pack.lists["workers"] if w["origin_province"] == SURVEYED and not w["relative_of"]]
    columns = {"F27": "went_home", "F28": "plans_return", "F29": "dissuaded", "F30": "returned"}
    for id, fact in columns.items():
        told = next(w for w in ours if w[f"{fact}_on"] >= (SINCE if id == "F30" else "2019"))
        worker = runner.played.named[f"worker:{told['key']}"]
        done = _act(runner, "registry.retract_fact", actor="labour", worker=worker, fact=fact, reason="问错了人")
        assert done.ok, done
        before |= {id: before[id] - 1}
        assert numbers(figures(runner)) == before, fact
        with acting(runner.machines["system"]):
            assert getattr(Worker.objects.get(pk=worker), f"{fact}_on") is None
    _sound(figures(runner))


def test_leaving_out_all_surveyed_workers_of_one_firm(tmp_path):
    """Tests that a firm without workers of the surveyed origin is no such firm, and its staff is no such staff."""
    pack = mini(above=3, small=1, workers=16)
    before = expected(pack)
    workers = pack.lists["workers"]
    firm = next(w["enterprise"] for w in workers if w["origin_province"] == SURVEYED and not w["relative_of"])
    gone = [w for w in workers if w["enterprise"] == firm and w["origin_province"] == SURVEYED]
    for worker in gone:
        workers.remove(worker)
    runner = play(pack.write(tmp_path))
    found = figures(runner)
    assert refused(runner.played) == []
    assert numbers(found) == expected(pack)
    assert found["F26"]["value"] == before["F26"] - 1
    assert found["F26"]["values"]["staff"] == before["F26 staff"] - sum(1 for w in gone if not w["relative_of"])
    _sound(found)


def test_a_correction_changes_the_past_as_known_now_not_as_known_then(tmp_path):
    """Tests that what is put right on the 18th about the 16th changes the 16th as we know it now; the seal of the 17th
    still gives what was known that evening."""
    pack = mini(above=5, small=1, workers=6)
    key = _only_accepted(pack)
    pack.row("above", key)["applies_at"] = "2020-02-16T09:00:00+08:00"
    pack.row("above", _applied(pack))["applies_at"] = "2020-02-17T09:00:00+08:00"
    runner = play(pack.write(tmp_path))
    system, moment = runner.machines["system"], shanghai("2020-02-16T23:59")
    with acting(system):
        seals = sealing.seals()
    assert len(seals) > 10
    evening = seals[-1]
    assert evening.at == "2020-02-17T15:30:00.000000+00:00"
    known = Known(number=evening.number, era=evening.era, horizon=evening.horizon, at=shanghai("2020-02-17T23:30"))
    application = runner.played.named[f"application:{key}"]
    with acting(system):
        before = figure("F23", moment=Moment(moment), actor=system).value
    done = _act(runner, "resumption.correct", actor="corrector", application=application, verb="accept", reason="entered_twice")
    assert done.ok, done
    with acting(system):
        assert figure("F23", moment=Moment(moment), actor=system).value == before - 1
        assert figure("F23", moment=Moment(moment, known=known), actor=system).value == before
        eve = seals[-3]
        then = Known(number=eve.number, era=eve.era, horizon=eve.horizon)
        assert figure("F23", moment=Moment(moment, known=then), actor=system).value < before
