"""Tests the figures of the articles: each scenario whole by the command, and on a cut that a figure falls with its rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qifu.areas.response.models import ControlArea
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import figure

from .mini import FENGHUA, Pack, Row, cut, disagreeing, figures, play, refused

ZHENHAI, WUXING, JIAXING, JIASHAN = (
    FENGHUA.parent / f"{name}.yaml" for name in ("zhenhai-2021", "wuxing-2020", "jiaxing-2022", "jiashan-2022")
)


def _whole(replay: Any, file: Any) -> dict[str, Any]:
    """Play a scenario by the command; all went as the file says, and each figure has its rows."""
    done = replay(file)
    assert (done.code, done.report["refused"]) == (0, []), done.err
    assert disagreeing(done.figures) == []
    for id, entry in done.figures.items():
        assert len({row["id"] for row in entry["list"]}) == len(entry["list"]), id
        assert all(row["label"] and row["label"] != row["id"] for row in entry["list"]), id
    return done.figures


def _by(found: dict[str, Any], ids: Any) -> dict[str, Any]:
    """Give the figures asked for: value, "F23 of" the denominator, "F39 solved" one of several numbers."""
    given = {}
    for id in ids:
        figure, _, part = id.partition(" ")
        given[id] = found[figure]["of" if part == "of" else "value"] if part in ("", "of") else found[figure]["values"][part]
    return given


def _moves(count: Callable[[Pack], dict[str, int]], pack: Pack, change: Callable[[Pack], None], moved: dict[str, int], folder: Any) -> None:
    """Change a cut; by hand and by the product its figures move by this much, and no other does."""
    before = count(pack)
    change(pack)
    expected = before | {id: before[id] + more for id, more in moved.items()}
    assert count(pack) == expected
    _as_counted(pack, folder, expected)


def _as_counted(pack: Pack, folder: Any, expected: dict[str, int]) -> None:
    """Play a cut; its figures are those counted by hand from its lists, with as many rows behind each."""
    runner = play(pack.write(folder))
    assert refused(runner.played) == []
    found = figures(runner)
    assert _by(found, expected) == expected
    assert disagreeing(found) == []


# ------------------------------------------------------------------------------------------------ Zhenhai, December 2021


def test_xiepu_and_luotuo_give_the_published_figures(replay):
    """Tests of Xiepu 11 people, 69 visits, 72 opinions of which 45 are answered or solved and 27 in hand: what was passed on stands
    in casework by the same count, and its sum holds; and the officer whose sixth visit and fifth opinion were of the 21st (F40).
    Of Luotuo 8 supervision groups, a visit to every enterprise above designated size and every key work within one working day of
    unsealing (F43), and all of its enterprises at work again (F44)."""
    found = _whole(replay, ZHENHAI)
    expected = {"F37": 11, "F38": 69, "F39": 72, "F39 solved": 45, "F39 open": 27, "V2": 0, "F88": 11, "F41": 52, "F41 of": 52}
    assert _by(found, expected) == expected
    recorded, merged, solved, left = (found[id]["value"] for id in ("C01", "C02", "C03", "C04"))
    answered_at_once = found["F39"]["values"]["solved"] - solved
    assert recorded - merged == solved + left == found["F39"]["value"] - answered_at_once
    assert left == found["F39"]["values"]["open"]
    assert {found[id]["place"] for id in ("F42", "F43", "R40")} == {"骆驼街道"}
    assert found["F42"]["value"] == 8
    assert (found["F43"]["rate"], found["R40"]["rate"]) == (100.0, 100.0)
    assert serials(found)["蒋丽琳"] == [("2021-12-20", 3), ("2021-12-21", 3), 5], "F40: the sixth visit on the 21st, and the fifth opinion"
    lists = cut(ZHENHAI).lists["luotuo"]
    assert found["F43"]["of"] == sum(1 for row in lists if row["size"] == "above")
    assert found["R40"]["of"] == len(lists)


def zhenhai() -> Pack:
    """Cut to nine enterprises of Luotuo and five visits in Xiepu."""
    return cut(
        ZHENHAI, luotuo=lambda row: row["key"] in {"L001", "L002", "L003", "L004", "L030", "L031", "L040", "L041"},
        firms=lambda row: row["key"] <= "X005", visits=lambda row: row["key"] <= "V05",
    )  # fmt: skip


def _opinions(visits: list[Row], ended: tuple[str, ...]) -> tuple[int, int]:
    """Count what was said on visits, and what of it was answered at once or solved since."""
    said = [(row, part.split("/")[2]) for row in visits for part in row["said"].split(";") if part]
    return len(said), sum(then == "answered" or row["outcome"] in ended for row, then in said)


def serials(found: dict[str, Any]) -> dict[str, list[Any]]:
    """Give of each officer, from the rows behind F38 and F39, (day, visits made) and at the end the opinions (F40)."""
    days = [(row["cells"][2], row["cells"][1][:10]) for row in found["F38"]["list"]]
    opinions = [row["cells"][2] for row in found["F39"]["list"]]
    return {
        officer: [*((day, days.count((officer, day))) for day in sorted({d for o, d in days if o == officer})), opinions.count(officer)]
        for officer in {o for o, _ in days}
    }


def serials_by_hand(pack: Pack) -> dict[str, list[Any]]:
    """Count the same from the list of visits."""
    made: dict[str, list[Row]] = {}
    for row in pack.lists["visits"]:
        made.setdefault(next(m["name"] for m in pack.lists["members"] if m["key"] == row["member"]), []).append(row)
    return {
        officer: [
            *((day, sum(row["at"].startswith(day) for row in rows)) for day in sorted({row["at"][:10] for row in rows})),
            sum(len(row["said"].split(";")) for row in rows if row["said"]),
        ]
        for officer, rows in made.items()
    }  # fmt: skip


def zhenhai_by_hand(pack: Pack) -> dict[str, int]:
    """Count the figures from the lists."""
    luotuo, visits = pack.lists["luotuo"], pack.lists["visits"]
    said, solved = _opinions(visits, ("resolved",))
    return {
        "F37": len({row["member"] for row in visits}), "F38": len(visits), "F39": said, "F39 solved": solved, "F39 open": said - solved,
        "F41": sum(bool(row["contacted_at"]) for row in pack.lists["firms"]),
        "F42": len(pack.lists["groups"]), "F43": sum(row["visit_at"][:10] in ("2021-12-20", "2021-12-21") for row in luotuo),
        "F43 of": sum(row["size"] == "above" for row in luotuo), "R40": sum(bool(row["starts_at"]) for row in luotuo),
        "R40 of": len(luotuo),
    }  # fmt: skip


def _one_more_group(pack: Pack) -> None:
    pack.lists["groups"].append(
        pack.lists["groups"][0] | {"number": "9", "name": "督促九组", "leader": "g9", "lead_name": "季临", "lead_phone": "16470009911"}
    )


def _late_and_not_at_all(pack: Pack) -> None:
    pack.data["until"] = "2021-12-22T12:00"
    pack.row("luotuo", "L001")["visit_at"] = "2021-12-22T09:00"
    pack.row("luotuo", "L030")["visit_at"] = ""


def _not_started(pack: Pack) -> None:
    pack.row("luotuo", "L040")["starts_at"] = ""


def _one_visit_less(pack: Pack) -> None:
    pack.leave_out("visits", next(row["key"] for row in pack.lists["visits"] if row["outcome"] == "resolved" and ";" in row["said"]))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (_one_more_group, {"F42": 1}),
        (_late_and_not_at_all, {"F43": -2}),
        (_not_started, {"R40": -1}),
        (_one_visit_less, {"F37": -1, "F38": -1, "F39": -2, "F39 solved": -2}),
    ],
)
def test_zhenhai_s_figures_move_with_their_rows(tmp_path, change, moved):
    """Tests that a visit a day late, one that was not made, and an enterprise that has not started leave their figure alone."""
    _moves(zhenhai_by_hand, zhenhai(), change, moved, tmp_path)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("less", ["", "V08"])
def test_an_officer_s_sixth_visit_and_fifth_opinion_are_their_own(tmp_path, less):
    """Tests F40 on one officer's visits: without the first of them the last is the fifth, with four opinions, and nobody else's
    numbers move."""
    pack = cut(ZHENHAI, luotuo=lambda row: row["key"] in {"L001", "L002", "L030"}, visits=lambda row: row["member"] in ("m08", "m09"))
    before = serials_by_hand(pack)
    assert before["蒋丽琳"] == [("2021-12-20", 3), ("2021-12-21", 3), 5]
    if less:
        first = min((row for row in pack.lists["visits"] if row["member"] == "m08"), key=lambda row: row["at"])
        assert first["key"] == less
        pack.leave_out("visits", less)
        expected = before | {"蒋丽琳": [("2021-12-20", 2), ("2021-12-21", 3), 4]}
    else:
        expected = before
    assert serials_by_hand(pack) == expected
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    assert serials(figures(runner)) == expected


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("lifted", "first_day"), [("2021-12-19", "2021-12-20"), ("2021-12-20", "2021-12-21")])
def test_xiepu_is_unsealed_on_the_19th_and_its_team_goes_on_the_20th(tmp_path, lifted, first_day):
    """Tests F41: the area's own day of lifting, every enterprise reached by telephone that evening, nobody of the team out on that
    day, all of it on the next; moved by a day in the file, all move with it."""
    pack = cut(ZHENHAI, luotuo=lambda row: row["key"] in {"L001", "L002", "L030"}, visits=lambda row: row["at"] < "2021-12-20T09:00")
    if lifted != "2021-12-19":
        for line in pack.data["lines"]:
            if line.get("on") == "area:xiepu" and line["do"] == "response.area.lift":
                line["at"] = f"{lifted}T18:10"
        for row in pack.lists["visits"]:
            row["at"] = row["at"].replace("2021-12-20", first_day)
        for row in pack.lists["firms"]:
            row["contacted_at"] = row["contacted_at"].replace("2021-12-19", lifted)
    runner = play(pack.write(tmp_path))
    assert refused(runner.played) == []
    xiepu, system = jurisdiction.by_name("澥浦镇").id, runner.machines["system"]
    with acting(system):
        (area,) = ControlArea._base_manager.filter(places__contains=[xiepu])
    assert local(area.lifted_at).date() == date.fromisoformat(lifted)
    moment = runner.moments()["F37"]
    with acting(system):
        found = [
            figure("F37", moment=replace(moment, asof=at(day, "23:59")), actor=system).value for day in (lifted, first_day)
        ]  # fmt: skip
    assert found == [0, len({row["member"] for row in pack.lists["visits"]})]
    assert found[1] == 11
    with acting(system):
        reached = [
            figure("F41", moment=replace(moment, asof=at(day, hour)), actor=system).value
            for day, hour in ((lifted, "18:30"), (lifted, "23:59"), (first_day, "23:59"))
        ]
    assert reached == [0, len(pack.lists["firms"]), len(pack.lists["firms"])]


# ------------------------------------------------------------------------------------------------ Jiaxing, May 2022


@pytest.mark.slow
def test_jiaxing_gives_the_published_figures(replay):
    """Tests 162 problems collected and 106 solved (F46), 6,500 and more enterprises above designated size with somebody of their
    own, 100 of them on the list of the largest (F47), 6 service groups (F48) and 90 and more workers found (F49)."""
    found, counted = _whole(replay, JIAXING), jiaxing_by_hand(cut(JIAXING))
    # What the article says to the unit, and what it says as "6,500 and more", "90 and more": here it is what the lists hold.
    published = {"F39": 162, "F39 solved": 106, "F39 open": 56, "F47 listed": 100, "F48": 6, "F47": 6512, "F47 of": 6512, "F49": 93}
    assert counted == published
    assert _by(found, published) == published


def jiaxing() -> Pack:
    """Cut to eight of the largest with their visits, the project that looked for workers, and one that is not on the list."""
    visited = [row["firm"] for row in cut(JIAXING).lists["visits"]]
    firms = {*visited[:7], "P001", "J0200"}
    pack = cut(
        JIAXING, firms=lambda row: row["key"] in firms, visits=lambda row: row["firm"] in firms, groups=lambda row: row["number"] <= "2",
        workers=lambda row: row["key"] in {"W001", "W002", "W003", "W101"},
    )  # fmt: skip
    officers = {row["officer"] for row in pack.lists["firms"]}
    pack.lists["officers"] = [row for row in pack.lists["officers"] if row["key"] in officers]
    return pack


def jiaxing_by_hand(pack: Pack) -> dict[str, int]:
    """Count the figures from the lists."""
    firms, visits = pack.lists["firms"], pack.lists["visits"]
    said, solved = _opinions(visits, ("resolved", "abroad"))
    asked = min((row["at"][:10] for row in visits if row["firm"] == "P001"), default="9999")
    return {
        "F39": said, "F39 solved": solved, "F39 open": said - solved, "F48": len(pack.lists["groups"]),
        "F47": sum(bool(row["officer"]) and not row["category"] for row in firms), "F47 of": sum(not row["category"] for row in firms),
        "F47 listed": sum(bool(row["officer"] and row["top"]) for row in firms),
        "F49": sum(row["hired_on"] > asked for row in pack.lists["workers"]),
    }  # fmt: skip


def _not_solved_after_all(pack: Pack) -> None:
    next(row for row in pack.lists["visits"] if row["outcome"] == "resolved" and row["said"].count("/pass/") == 1)["outcome"] = "handling"


def _one_worker_less(pack: Pack) -> None:
    pack.leave_out("workers", "W002")


def _off_the_list(pack: Pack) -> None:
    next(row for row in pack.lists["firms"] if row["top"])["top"] = ""


def _without_somebody_of_its_own(pack: Pack) -> None:
    pack.row("firms", "J0200")["officer"] = ""


def _hired_before_it_asked(pack: Pack) -> None:
    pack.row("workers", "W001")["hired_on"] = "2022-04-29"


def _nobody_asked(pack: Pack) -> None:
    for row in [row for row in pack.lists["visits"] if row["firm"] == "P001"]:
        pack.lists["visits"].remove(row)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (_not_solved_after_all, {"F39 solved": -1, "F39 open": 1}),
        (_one_worker_less, {"F49": -1}),
        (_hired_before_it_asked, {"F49": -1}),
        (_off_the_list, {"F47 listed": -1}),
        (_without_somebody_of_its_own, {"F47": -1}),
        (_nobody_asked, {"F49": -3, "F39": -1, "F39 solved": -1}),
    ],
)
def test_jiaxing_s_figures_move_with_their_rows(tmp_path, change, moved):
    """Tests that a case still in hand is not solved, and that workers count for an enterprise that had said it lacks them."""
    _moves(jiaxing_by_hand, jiaxing(), change, moved, tmp_path)


# ------------------------------------------------------------------------------------------------ Jiashan, May 2022


@pytest.mark.slow
def test_jiashan_gives_the_published_figures(replay):
    """Tests 1,518 league bodies and 45 groups (F57), 2,578 person-times (F58) and 18,000 hours (R58)."""
    expected = {"F57": 1518, "F57 calls": 45, "F58": 2578, "R58": 18_000}
    assert _by(_whole(replay, JIASHAN), expected) == expected


def jiashan() -> Pack:
    """Cut to two groups of twelve volunteers in all, with their stays."""
    kept = {row["key"] for row in cut(JIASHAN).lists["volunteers"] if row["call"] in ("t01", "t02")}
    kept = set(sorted(kept)[:12])
    return cut(
        JIASHAN, calls=lambda row: row["key"] in ("t01", "t02"), volunteers=lambda row: row["key"] in kept,
        stays=lambda row: row["volunteer"] in kept,
    )  # fmt: skip


def jiashan_by_hand(pack: Pack) -> dict[str, int]:
    """Count the figures from the lists."""
    lasted = [datetime.fromisoformat(row["went_at"]) - datetime.fromisoformat(row["came_at"]) for row in pack.lists["stays"]]
    return {
        "F57": len({row["office"] for row in pack.lists["volunteers"]}), "F57 calls": len(pack.lists["calls"]),
        "F58": len(lasted), "R58": sum(lasted, timedelta()) // timedelta(hours=1),
    }  # fmt: skip


@pytest.mark.usefixtures("database")
def test_jiashan_s_figures_move_with_their_rows(tmp_path):
    """Tests that one more body, a stay left out and a shorter one move their own figures, and no other."""
    pack = jiashan()
    before = jiashan_by_hand(pack)
    pack.lists["volunteers"].append(pack.lists["volunteers"][0] | {"key": "p9999", "phone": "16470009921", "office": "新来的团支部"})
    pack.lists["stays"].pop()
    short = pack.lists["stays"][0]
    short["went_at"] = (datetime.fromisoformat(short["came_at"]) + timedelta(hours=1)).isoformat()
    expected = jiashan_by_hand(pack)
    assert (expected["F57"], expected["F58"]) == (before["F57"] + 1, before["F58"] - 1)
    assert expected["R58"] < before["R58"]
    _as_counted(pack, tmp_path, expected)


# ------------------------------------------------------------------------------------------------ Wuxing, February 2020


def test_wuxing_gives_the_published_figures(replay):
    """Tests 522 commissioners (33 leaders, 489 cadres) of 944 enterprises and projects, 30 million saved by a certificate, and the
    digital services: 116 firms, 1,315 video and 9,000 ringback accounts, 8, 116 and 38 firms of the named services."""
    found = _whole(replay, WUXING)
    expected = {
        "F88": 522, "F88 leaders": 33, "F88 cadres": 489, "F88 firms": 944, "V5": 944, "V5 of": 944, "R01": 333, "R06": 28,
        "F89": 30_000_000, "F73": 116, "F75": 1315, "F75 ringback": 9000, "F76": 8, "F76 lantern": 116, "F76 thermal": 38,
    }  # fmt: skip
    assert _by(found, expected) == expected


def wuxing() -> Pack:
    """Cut to the enterprises of one town's orders, those of the certificates, a few others, and whoever has them."""
    whole = cut(WUXING)
    users = list(dict.fromkeys(row["firm"] for row in whole.lists["orders"]))[:5]
    users += [row["firm"] for row in whole.lists["orders"] if row["offer"] == "return_pass" or row["more"]][:2]
    firms = {*users, *(row["firm"] for row in whole.lists["certificates"]), "E0001", "E0002", "E0040"}
    pack = cut(WUXING, firms=lambda row: row["key"] in firms, orders=lambda row: row["firm"] in firms)
    officers = {row["officer"] for row in pack.lists["firms"]}
    pack.lists["officers"] = [row for row in pack.lists["officers"] if row["key"] in officers]
    return pack


def wuxing_by_hand(pack: Pack) -> dict[str, int]:
    """Count the figures from the lists."""
    leaders = {row["key"] for row in pack.lists["officers"] if row["leads"]}
    held = [row["officer"] for row in pack.lists["firms"] if row["officer"]]
    orders = pack.lists["orders"]

    def firms(*offers: str) -> int:
        return len({row["firm"] for row in orders if row["offer"] in offers})

    def accounts(offer: str) -> int:
        return sum(int(row["accounts"] or 0) + int(row["more"] or 0) for row in orders if row["offer"] == offer)

    return {
        "F88": len(set(held)), "F88 leaders": len(set(held) & leaders), "F88 cadres": len(set(held) - leaders), "F88 firms": len(held),
        "F89": sum(int(row["saved"].removesuffix("万")) * 10_000 for row in pack.lists["certificates"] if row["saved"]),
        "F73": firms("lantern", "cloud_video", "ringback", "return_pass"), "F75": accounts("cloud_video"),
        "F75 ringback": accounts("ringback"), "F76": firms("return_pass"), "F76 lantern": firms("lantern"), "F76 thermal": firms("thermal"),
    }  # fmt: skip


def _without_an_officer(pack: Pack) -> None:
    row = next(row for row in pack.lists["firms"] if row["officer"].startswith("c0") and row["key"] == "E0001")
    row["officer"] = ""


def _without_a_return_pass(pack: Pack) -> None:
    pack.lists["orders"].remove(next(row for row in pack.lists["orders"] if row["offer"] == "return_pass"))


def _saved_but_not_told(pack: Pack) -> None:
    next(row for row in pack.lists["certificates"] if row["saved"])["saved"] = ""


def _one_more_user(pack: Pack) -> None:
    new = next(row["key"] for row in pack.lists["firms"] if not any(one["firm"] == row["key"] for one in pack.lists["orders"]))
    pack.lists["orders"].append(pack.lists["orders"][0] | {"key": "Q900", "firm": new, "offer": "ringback", "accounts": "7", "more": ""})


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (_without_an_officer, {"F88": -1, "F88 leaders": -1, "F88 firms": -1}),
        (_without_a_return_pass, {"F76": -1}),
        (_saved_but_not_told, {"F89": -30_000_000}),
        (_one_more_user, {"F73": 1, "F75 ringback": 7}),
    ],
)
def test_wuxing_s_figures_move_with_their_rows(tmp_path, change, moved):
    """Tests that a row left out or added moves its own figures by itself, and no other."""
    _moves(wuxing_by_hand, wuxing(), change, moved, tmp_path)
