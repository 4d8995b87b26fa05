"""Tests the figures of the articles: each scenario whole by the command, and on a cut that a figure falls with its rows."""

from typing import Any

import pytest

from .mini import FENGHUA, Pack, cut, disagreeing, figures, play, refused

ZHENHAI, WUXING = (FENGHUA.parent / f"{name}.yaml" for name in ("zhenhai-2021", "wuxing-2020"))


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


def _as_counted(pack: Pack, folder: Any, expected: dict[str, int]) -> None:
    """Play a cut; its figures are those counted by hand from its lists, with as many rows behind each."""
    runner = play(pack.write(folder))
    assert refused(runner.played) == []
    found = figures(runner)
    assert _by(found, expected) == expected
    assert disagreeing(found) == []


# ------------------------------------------------------------------------------------------------ Zhenhai, December 2021


def test_xiepu_gives_the_published_figures(replay):
    """Tests a town's service team: 11 people, 69 visits, 72 opinions of which 45 are answered or solved and 27 in hand, each with
    its rows; what was passed on stands in casework by the same count, and its sum holds."""
    found = _whole(replay, ZHENHAI)
    expected = {"F37": 11, "F38": 69, "F39": 72, "F39 solved": 45, "F39 open": 27, "V2": 0, "F88": 11}
    assert _by(found, expected) == expected
    recorded, merged, solved, left = (found[id]["value"] for id in ("C01", "C02", "C03", "C04"))
    answered_at_once = found["F39"]["values"]["solved"] - solved
    assert recorded - merged == solved + left == found["F39"]["value"] - answered_at_once
    assert left == found["F39"]["values"]["open"]


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
    pack = wuxing()
    before = wuxing_by_hand(pack)
    change(pack)
    expected = before | {id: before[id] + more for id, more in moved.items()}
    assert wuxing_by_hand(pack) == expected
    _as_counted(pack, tmp_path, expected)
