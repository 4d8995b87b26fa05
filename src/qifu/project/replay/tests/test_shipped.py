"""Tests the scenarios that ship, through the command an operator types, in a database of their own."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from qifu.areas.resumption.models import Application
from qifu.areas.resumption.workflow import RESUMPTION
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import machine, worn_by
from qifu.kernel.access.models import Grant
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, figure, rollup, rows
from qifu.kernel.journal import sealing
from qifu.kernel.workflow.proof import drift
from qifu.project import database as server
from qifu.project import scratch

from .mini import FENGHUA, WENLING, disagreeing, shanghai
from .test_scenario_files import FIRMS, TINY


def _values(figures: dict[str, Any]) -> dict[str, Any]:
    return {id: entry["value"] for id, entry in figures.items()}


def _databases(server: SimpleNamespace) -> set[str]:
    with server.admin() as session:
        return {name for (name,) in session.execute("SELECT datname FROM pg_database WHERE datname LIKE 'qifu_replay%'").fetchall()}


def test_an_unexpected_refusal_is_1_and_listed(replay, database_server, tmp_path):
    """Tests that what was refused is told with its sentence and its place in the file, and no database is left behind."""
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY, encoding="utf-8")
    done = replay(file)
    assert done.code == 1, done.err
    assert [(one["code"], one["on"], one["place"]) for one in done.report["refused"]] == [
        ("NoApprovalNeeded", "enterprise:A1", "lines[1].lines[0]"),
        ("NotThere", "application:A1", "lines[1].lines[1]"),
        ("NoApprovalNeeded", "enterprise:A2", "lines[1].lines[0]"),
        ("NotThere", "application:A2", "lines[1].lines[1]"),
    ]
    assert "现在不用审批" in done.err
    assert "5 条，4 条被拒" in done.err
    assert done.report["figures"]["R02"]["value"] == 3
    assert _databases(database_server) == set()


def test_a_database_that_stands_is_never_taken_for_a_replay(replay, database_server, tmp_path):
    """Tests that --keep names a free database: the product's own, or one kept before, is not dropped for it."""
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY, encoding="utf-8")
    with database_server.admin() as session:
        session.execute("CREATE DATABASE qifu_replay_stands")
    try:
        done = replay(file, "--keep", "qifu_replay_stands")
        assert (done.code, done.report) == (2, {})
        assert "已经有叫这个名字的库，没有动它" in done.err
        with database_server.admin() as session:
            tables = "SELECT count(*) FROM pg_database d, pg_shdepend s WHERE d.datname = 'qifu_replay_stands' AND s.dbid = d.oid"
            assert session.execute(tables).fetchone() == (0,)
        assert replay(file, "--keep", "Kept; here").code == 2
    finally:
        server.drop(database_server.var, "qifu_replay_stands")


def test_a_place_that_is_none_ends_it_before_the_first_line_and_keeps_nothing(replay, database_server, tmp_path):
    """Tests that a slip in the last row's place is told with the line, and that no half-played database stays."""
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    file = tmp_path / "tiny.yaml"
    late = '      - {at: "+5..10m", actor: bureau, do: calendar.lay, with: {place: "place:江口镇镇"}}\n'
    file.write_text(TINY + late, encoding="utf-8")
    done = replay(file, "--keep", "qifu_replay_half")
    assert (done.code, done.report) == (2, {})
    assert "lines[1].lines[2]：没有叫“江口镇镇”的地方" in done.err
    assert _databases(database_server) == set()


def test_a_town_of_another_district_is_meant_only_by_its_whole_name(replay, tmp_path):
    """Tests that a town which the scenario's district has not is never taken from another one by its bare name."""
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    file = tmp_path / "tiny.yaml"
    late = '      - {at: "+5..10m", actor: bureau, do: calendar.lay, with: {place: "place:姜山镇"}}\n'
    file.write_text(TINY + late, encoding="utf-8")
    done = replay(file)
    assert (done.code, done.report) == (2, {})
    assert "lines[1].lines[2]：奉化区没有“姜山镇”，鄞州区姜山镇才有；真是那里的，写“鄞州区姜山镇”" in done.err
    file.write_text(TINY + late.replace("姜山镇", "鄞州区姜山镇"), encoding="utf-8")
    assert "姜山镇" not in replay(file).err


def test_another_crisis_elsewhere_is_played_without_code(replay):
    """Tests the second pack: its own words, checklist, areas and numbers, by the same actions."""
    done = replay(WENLING)
    assert done.code == 0, done.err
    assert done.report["refused"] == []
    values = _values(done.figures)
    assert {id: values[id] for id in ("F22", "F23", "F24", "F25", "F26", "R10", "R13", "R14", "E01", "E03")} == {
        "F22": 3, "F23": 31, "F24": 8, "F25": 5, "F26": 0, "R10": 18, "R13": 39, "R14": 2, "E01": "三级响应", "E03": 3,
    }  # fmt: skip
    assert (done.figures["F23"]["of"], done.figures["F91"]["value"]) == (34, "2019-08-11T06:00:00+08:00")
    assert {row["label"] for row in done.figures["E03"]["list"]} == {"石塘镇沿海转移区", "大溪镇积水区", "东部新区防风警戒区"}
    assert disagreeing(done.figures) == []


@pytest.mark.slow
def test_fenghua_gives_the_published_figures(replay, database, settings):
    """Tests the eleven days whole: each figure and its list, and that figures fall with their events.

    Seconds are of the replay's own CPU: the wall's depend on who else is on the machine."""
    settings.VAR = database.var
    try:
        done = replay(FENGHUA, "--keep", "qifu_kept")
        assert done.code == 0, done.err
        assert done.report["refused"] == []
        assert done.cpu < 180
        _published(done.figures)
        with scratch.pointed_at("qifu_kept"):
            _with_events_removed()
    finally:
        server.drop(database.var, "qifu_kept")


def _published(figures: dict[str, Any]) -> None:
    expected = {
        "F22": 9, "F23": 552, "F24": 109, "F25": 32, "F26": 662, "F27": 2128, "F28": 2126, "F29": 2042, "F30": 117,
        "F91": "2020-02-10T00:00:00+08:00",
    }  # fmt: skip
    assert {id: figures[id]["value"] for id in expected} == expected
    assert (figures["F23"]["of"], figures["F23"]["rate"], figures["F24"]["of"], figures["F24"]["rate"]) == (570, 96.8, 109, 100.0)
    assert figures["F26"]["values"] == {"firms": 662, "staff": 2576}
    assert {id: len(figures[id]["list"]) for id in expected} == {**expected, "F91": 1}
    assert {part: len(rows) for part, rows in figures["F26"]["lists"].items()} == {"firms": 662, "staff": 2576}
    assert disagreeing(figures) == []
    assert figures["F25"]["as_of"] == "2020-02-12T00:00:00+08:00"
    for id, entry in figures.items():
        assert len({row["id"] for row in entry["list"]}) == len(entry["list"]), id
        assert all(row["label"] and row["label"] != row["id"] for row in entry["list"]), id


def _with_events_removed() -> None:
    at = shanghai("2020-02-17T23:50")
    with clock.use(clock.Fixed(at)):
        with acting(DOOR):
            system = machine("system")
        corrector, labour = _somebody("corrector", at), _somebody("labour_clerk", at)

        def value(id: str) -> int:
            with acting(system):
                return figure(id, moment=Moment(clock.now()), actor=system).value

        with acting(system):
            latest, other = Application._base_manager.filter(facets__contains=["size:above"], state="resumed").order_by("number")[:2]
            rectifying = Application._base_manager.filter(facets__contains=["size:above"], state="rectifying").first()
            worker = _gone_home(system, at)
        contact = _contact_of(rectifying.enterprise_id, at)
        assert run("resumption.withdraw", {"application": rectifying.id, "reason": "暂不复工"}, actor=contact).ok
        assert value("F23") == 552
        wrong = {"verb": "accept", "reason": "never_happened"}
        assert run("resumption.correct", {"application": latest.id, **wrong}, actor=corrector).code == "ChainBreaks"
        assert value("F23") == 552
        assert run("resumption.correct", {"application": latest.id, **wrong, "following": True}, actor=corrector).ok
        assert value("F23") == 551
        assert run("registry.retract_fact", {"worker": worker, "fact": "went_home", "reason": "问错了人"}, actor=labour).ok
        assert (value("F27"), value("F28"), value("F23")) == (2127, 2126, 551)
        assert run("resumption.correct", {"application": other.id, **wrong, "following": True}, actor=corrector).ok
        assert value("F23") == 550
        with sealing.whole():
            rollup.roll(at + timedelta(days=1))
            assert (drift(RESUMPTION), rollup.drift()) == ([], [])
        assert value("F23") == 550


def _somebody(role: str, at: Any) -> Actor:
    with acting(DOOR):
        return worn_by(Grant._base_manager.filter(role=role).values_list("person", flat=True)[0], at=at, strong=True)


def _contact_of(enterprise: Any, at: Any) -> Actor:
    with acting(DOOR):
        return worn_by(Grant._base_manager.filter(for_party=enterprise).values_list("person", flat=True)[0], at=at, strong=False)


def _gone_home(system: Actor, at: Any) -> Any:
    return rows("F27", moment=Moment(at), actor=system).rows[0].id
