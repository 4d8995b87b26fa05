"""Tests that figures come out of events: each equals a count by hand, and one more row gives exactly one more."""

from collections.abc import Callable

import pytest

from qifu.kernel.actions import run

from .mini import SURVEYED, Pack, disagreeing, expected, figures, mini, new_worker, numbers, play, real, refused, shanghai, spare

pytestmark = pytest.mark.usefixtures("database")


def test_every_figure_equals_the_count_by_hand_and_its_list(tmp_path):
    """Tests that a scenario of twenty firms gives what its lists say, with as many rows behind each number."""
    pack = mini()
    runner = play(pack.write(tmp_path))
    found = figures(runner)
    assert refused(runner.played) == []
    assert numbers(found) == expected(pack)
    assert disagreeing(found) == []
    assert all(found[id]["value"] > 0 for id in ("F22", "F23", "F24", "F25", "F26", "F27", "F28", "F29", "F30"))
    assert {row["label"] for row in found["F23"]["list"]} == {row["name"] for row in pack.lists["above"] if row["applies_at"]}
    assert [row["label"] for row in found["F91"]["list"]] == ["最早复工时间"]


def _team(pack: Pack) -> None:
    pack.lists["teams"].append(
        pack.lists["teams"][0]
        | {"number": "10", "name": "评估十组", "leader": "季临川", "members": "季临川/区经信局/16470009901", "territory": ""}
    )


def _above(**wanted: bool) -> Callable[[Pack], None]:
    return lambda pack: pack.lists["above"].append(spare("above", pack, applies_at=True, lacks=False, **wanted))


def _worker(**facts: str) -> Callable[[Pack], None]:
    def add(pack: Pack) -> None:
        staffed = next(w["enterprise"] for w in pack.lists["workers"] if w["origin_province"] == SURVEYED and not w["relative_of"])
        new_worker(pack, staffed, **facts)

    return add


def _first_worker_of_a_firm(pack: Pack) -> None:
    staffed = {w["enterprise"] for w in pack.lists["workers"] if w["origin_province"] == SURVEYED}
    new_worker(pack, next(row["key"] for row in pack.lists["above"] if row["key"] not in staffed))


def _relative(pack: Pack) -> None:
    worker = next(w for w in pack.lists["workers"] if w["origin_province"] == SURVEYED and not w["relative_of"])
    new_worker(
        pack, worker["enterprise"], relative_of=worker["key"], relation="配偶", returned_on="2020-01-20", surveyed_on=worker["surveyed_on"]
    )


@pytest.mark.parametrize(
    ("figure", "add", "others"),
    [
        ("F22", _team, {}),
        ("F23", _above(over_100m=False, asks_early_at=False), {"F23 of": 1}),
        ("F24", _above(over_100m=True, asks_early_at=False), {"F24 of": 1, "F23": 1, "F23 of": 1}),
        ("F25", _above(over_100m=False, asks_early_at=True), {"F23": 1, "F23 of": 1}),
        ("F26", _first_worker_of_a_firm, {"F26 staff": 1}),
        ("F27", _worker(went_home_on="2020-01-14"), {"F26 staff": 1}),
        ("F28", _worker(plans_return_on="2020-02-08"), {"F26 staff": 1}),
        ("F29", _worker(dissuaded_on="2020-02-08"), {"F26 staff": 1}),
        ("F30", _relative, {}),
    ],
)
def test_one_more_row_raises_its_figure_by_exactly_one(tmp_path, figure, add, others):
    """Tests that a row that qualifies raises its figure by one, and no other than it must."""
    pack = mini(above=3, small=1, workers=8)
    before = expected(pack)
    add(pack)
    runner = play(pack.write(tmp_path))
    found = figures(runner)
    assert refused(runner.played) == []
    assert numbers(found) == before | {name: before[name] + more for name, more in ({figure: 1} | others).items()}
    assert disagreeing(found) == []


def test_another_measure_sets_another_instant(tmp_path):
    """Tests that F91 follows the law: a rule from above entered on the 9th moves it, and the day before keeps its own."""
    pack = mini(above=2, small=1, workers=4)
    pack.data["people"].append({"key": "second", "name": "钟立", "role": "control_office", "place": "奉化区", "phone": "16470009902"})
    later = {"key": "not_before", "place": "奉化区", "value": {"at": "2020-02-12T08:00:00+08:00"}, "document": "延迟复工的补充通知"}
    pack.line(
        at="2020-02-09T16:00", actor="control", do="response.enact", as_={"id": "asked:later"},
        with_=later | {"level": "province", "issuer": "省政府办公厅"},
    )  # fmt: skip
    pack.line(at="2020-02-09T16:30", actor="second", do="response.approve", on="asked:later", with_={"document": "已核对原文"})
    for row in pack.lists["above"] + pack.lists["small"]:
        row["applies_at"] = row["starts_at"] = ""
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    now, then = figures(runner)["F91"], figures(runner, asof=shanghai("2020-02-09T12:00"))["F91"]
    assert (then["value"], now["value"]) == ("2020-02-10T00:00:00+08:00", "2020-02-12T08:00:00+08:00")
    assert len(then["list"]) == len(now["list"]) == 1
    assert then["list"][0]["id"] != now["list"][0]["id"]


def test_a_figure_of_an_earlier_evening_equals_the_count_of_that_evening(tmp_path):
    """Tests that as of any evening F23 counts those who had applied by then: all of a day are accepted within the hour."""
    pack = mini()
    runner = play(pack.write(tmp_path))
    for day in ("2020-02-06", "2020-02-07", "2020-02-09", "2020-02-11", "2020-02-14", "2020-02-17"):
        by_hand = {row["name"] for row in pack.lists["above"] if row["applies_at"] and row["applies_at"][:10] <= day}
        found = figures(runner, asof=shanghai(f"{day}T23:30"))
        assert {row["label"] for row in found["F23"]["list"]} == by_hand, day
        assert (found["F23"]["value"], found["F22"]["value"]) == (len(by_hand), len(pack.lists["teams"]) if day > "2020-02-06" else 0)
        assert disagreeing(found) == []


def test_the_order_of_lines_in_the_file_does_not_matter(tmp_path):
    """Tests that a scenario written backwards gives the same figures: time decides, not the place in the file."""
    pack = mini(above=5, small=2, workers=10)
    pack.data["lines"].reverse()
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    assert numbers(figures(runner)) == expected(pack)


def test_a_refusal_that_was_expected_is_none_and_changes_nothing(tmp_path):
    """Tests that the excluded trade's application waits where it was, and that an expected refusal that fails to come is told."""
    pack = mini(above=2, small=3, workers=4)
    pack.line(
        at="2020-02-12T09:00", actor="bureau", do="registry.open_survey", refused="NotYours",
        with_={"title": "再查", "origin_province": "湖北省", "since": "2020-02-01", "purpose": "重复", "place": "奉化区"},
    )  # fmt: skip
    runner = play(pack.write(tmp_path))
    assert [(code, on) for _, on, code, _ in refused(runner.played)] == [("done", "")]
    found = figures(runner)
    waiting = next(row["name"] for row in real("small") if row["key"] == "S0019")
    assert waiting in {row["label"] for row in found["R12"]["list"]}
    assert waiting not in {row["label"] for row in found["R13"]["list"]}


def test_a_hat_given_during_the_play_is_worn_from_then_on(tmp_path):
    """Tests that who acted before a team was formed is on it afterwards: the runner forgets who wore what."""
    pack = mini(above=2, small=1, workers=4)
    row = next(row for row in pack.lists["above"] if row["applies_at"])
    leader = next(team["leader"] for team in pack.lists["teams"] if row["place"] in team["territory"].split(";"))
    pack.line(at="2020-02-06T09:00", actor=f"member:{leader}", do="registry.open_survey", refused="NotYours", with_={
        "title": "问", "origin_province": "湖北省", "since": "2020-02-01", "purpose": "问", "place": "奉化区"})  # fmt: skip
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    assert numbers(figures(runner)) == expected(pack)
    gone = run(
        "resumption.withdraw", {"application": runner.played.named[f"application:{row['key']}"]}, actor=runner._actor(f"member:{leader}")
    )
    assert gone.code == "NotYours"
