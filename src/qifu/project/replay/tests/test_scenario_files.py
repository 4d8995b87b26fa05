"""Tests what a scenario file may say, and that one that cannot be played says where and why before anything is made."""

from collections import Counter

import pytest

from qifu.project.replay.command import main
from qifu.project.replay.runner import check
from qifu.project.replay.scenario import AsOf, WrongScenario, load

from .mini import FENGHUA, PACKS, WENLING, mini, shanghai

TINY = """
scenario: tiny
place: "330213"
from: 2020-02-10T08:00
until: 2020-02-10T20:00
figures: {F23: 2020-02-10T12:00}
lists: {firms: {file: firms.csv}}
people:
  - {key: bureau, name: 周敏, role: bureau_clerk, place: 奉化区, phone: "16470000002"}
lines:
  - at: 2020-02-10T09:00
    actor: replay
    do: registry.register_many
    list: firms
    row: {name: "{name}", region: "place:{place}", size: small, contact: "{contact}", phone: "{phone}"}
    as: {ids: "enterprise:{key}", contacts: "contact:{key}"}
  - each: firms
    when: applies_at
    lines:
      - {at: "{applies_at}", actor: "contact:{key}", do: resumption.submit, on: "enterprise:{key}", as: {id: "application:{key}"}}
      - {at: "+5..10m", actor: bureau, do: resumption.accept, on: "application:{key}"}
"""
FIRMS = """key,name,place,contact,phone,applies_at
A1,甲公司,江口街道,余一,16470008001,2020-02-10T10:00
A2,乙公司,莼湖街道,余二,16470008002,2020-02-10T11:00
A3,丙公司,莼湖街道,余三,16470008003,
"""


def _write(folder, text=TINY, firms=FIRMS):
    (folder / "firms.csv").write_text(firms, encoding="utf-8")
    file = folder / "tiny.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_is_read_into_lines_in_order_of_time(tmp_path):
    """Tests that a generator gives a chain per row, a list one line, each where and when it says."""
    scenario = load(_write(tmp_path))
    check(scenario)
    assert Counter(line.do for line in scenario.lines) == {"registry.register_many": 1, "resumption.submit": 2, "resumption.accept": 2}
    assert [line.on for line in scenario.lines if line.do == "resumption.submit"] == ["enterprise:A1", "enterprise:A2"]
    first = next(line for line in scenario.lines if line.do == "resumption.accept")
    assert shanghai("2020-02-10T10:05") <= first.at <= shanghai("2020-02-10T10:10")
    assert scenario.figures == {"F23": AsOf(shanghai("2020-02-10T12:00"))}
    assert scenario.lines == tuple(sorted(scenario.lines))


def test_what_lies_after_the_end_is_not_played(tmp_path):
    """Tests that an earlier end leaves out the later lines and says how many."""
    scenario = load(_write(tmp_path, TINY.replace("until: 2020-02-10T20:00", "until: 2020-02-10T10:30")))
    assert (len(scenario.lines), scenario.later) == (3, 2)


@pytest.mark.parametrize("name", ["above", "small", "workers"])
def test_leaving_out_one_row_moves_no_other_rows_times(tmp_path, name):
    """Tests that what is drawn for a row is its own: without one row, every other line stands at the same instant."""
    pack = mini(above=40, small=30, workers=60)
    before = Counter(_acts(load(pack.write(tmp_path / "before"))))
    gone = pack.leave_out(name, next(row["key"] for row in pack.lists[name][3:] if row.get("applies_at", "-")))["key"]
    pack.lists["workers"] = [w for w in pack.lists["workers"] if gone not in (w["enterprise"], w["relative_of"])]
    after = Counter(_acts(load(pack.write(tmp_path / "after"))))
    assert not after - before
    assert before - after or name == "workers"


def test_the_place_in_the_file_moves_no_times(tmp_path):
    """Tests that a file written backwards has the same lines at the same instants."""
    pack = mini(above=40, small=30, workers=60)
    before = Counter(_acts(load(pack.write(tmp_path / "before"))))
    pack.data["lines"].reverse()
    assert Counter(_acts(load(pack.write(tmp_path / "after")))) == before


def _acts(scenario):
    return [(line.at, line.actor, line.do, line.on) for line in scenario.lines if not line.rows]


def test_the_times_are_the_same_on_every_reading():
    """Tests that nothing is drawn by chance."""
    assert _acts(load(FENGHUA)) == _acts(load(FENGHUA))


def test_a_demo_counts_its_days_back_from_now(tmp_path):
    """Tests D-2T09:30 and N-40m, in the file and in its lists."""
    text = TINY.replace("from: 2020-02-10T08:00", "from: D-2T08:00").replace("until: 2020-02-10T20:00", "until: N-1m")
    text = text.replace("at: 2020-02-10T09:00", "at: D-2T09:00")
    firms = FIRMS.replace("2020-02-10T10:00", "DT09:30").replace("2020-02-10T11:00", "N-40m")
    scenario = load(_write(tmp_path, text, firms), now=shanghai("2026-03-05T12:30"))
    assert (scenario.start, scenario.end) == (shanghai("2026-03-03T08:00"), shanghai("2026-03-05T12:29"))
    at = [line.at for line in scenario.lines if line.do == "resumption.submit"]
    assert at == [shanghai("2026-03-05T09:30"), shanghai("2026-03-05T11:50")]


def test_a_figure_may_be_asked_about_within_a_place(tmp_path):
    """Tests that a figure may name its own moment, its own place, or both; without a moment it is the end's."""
    text = TINY.replace("2020-02-10T12:00}", "{at: 2020-02-10T12:00, place: 江口街道}, R02: {place: 江口街道}}")
    scenario = load(_write(tmp_path, text))
    assert scenario.figures == {"F23": AsOf(shanghai("2020-02-10T12:00"), "江口街道"), "R02": AsOf(scenario.end, "江口街道")}


def test_somebody_may_stand_for_some_rows_only(tmp_path):
    """Tests that people made from a list may be those of some of its rows."""
    text = TINY.replace(
        "lines:", '  - {each: firms, when: applies_at, key: "head:{key}", name: "{contact}", role: leader, place: 奉化区}\nlines:', 1
    )
    assert [one.key for one in load(_write(tmp_path, text)).people] == ["bureau", "head:A1", "head:A2"]


WRONG = {
    "a missing key": ("place:", "plaze:", "缺少 place"),
    "a key that is none": ("    actor: replay", "    aktor: replay\n    actor: replay", "lines[0]：没有 aktor 这一项"),
    "an unknown action": ("do: registry.register_many", "do: registry.registre", "lines[0]：没有 registry.registre 这个动作"),
    "a field that the action has not": (
        'on: "enterprise:{key}"',
        "with: {firm: 1}",
        "resumption.submit 没有 firm 这一项",
    ),
    "somebody unknown": ("actor: bureau", "actor: buerau", "lines[1].lines[1]：没有叫 buerau 的人"),
    "something unknown": ('accept, on: "application:{key}"', 'accept, on: "aplication:{key}"', "没有叫 aplication:A1 的东西"),
    "a bad time": ("at: 2020-02-10T09:00", "at: 10 Feb", "lines[0]：“10 Feb”不是时间"),
    "a bad time in a list": ("{applies_at}", "{name}", "lines[1].lines[0] A1：“甲公司”不是时间"),
    "a time before the start": ("at: 2020-02-10T09:00", "at: 2020-02-09T09:00", "lines[0]：2020-02-09T09:00 早于开始"),
    "no time at first": ('at: "{applies_at}"', 'at: "+5m"', "第一步要写明时间"),
    "a span turned round": ("+5..10m", "+10..5m", "前后颠倒"),
    "no such list": ("list: firms", "list: firmz", "lines[0]：没有清单 firmz"),
    "no file": ("file: firms.csv", "file: gone.csv", "lists.firms：清单 gone.csv 打不开"),
    "no such column": ("when: applies_at", "when: aplies_at", "没有 aplies_at 这一列"),
    "no such column to fill in": ("size: small", 'size: "{siz}"', "要的 siz 不是清单里的一列"),
    "a subject where there is none": ("    list: firms", "    list: firms\n    on: x", "lines[0]：没有 on 这一项"),
    "an unknown figure": ("figures: {F23:", "figures: {F99:", "figures：没有 F99 这个指标"),
    "a figure asked in a way that is none": ("{F23: 2020-02-10T12:00}", "{F23: {town: 江口街道}}", "figures.F23：没有 town 这一项"),
    "a name that is a list": ('as: {id: "application:{key}"}', "as: {id: [a]}", "lines[1].lines[0] A1：“['a']”要写成一个词"),
    "columns that are no words": (
        "lines:\n  - at",
        '  - {each: firms, split: {column: name, by: ";", as: [[a]]}, key: "{key}", name: x, role: leader, place: 奉化区}\nlines:\n  - at',
        "people[1]：“['a']”不是列名",
    ),
    "a list to take from that is none": (
        "file: firms.csv",
        "file: firms.csv, fill: {team: {from: firms, where: [key], has: key, take: key}}",
        "lists.firms.fill.team：where 要写成一个词",
    ),
    "no YAML": ("lists: {firms", "lists: {{firms", "不是 YAML"),
    "no person's key": ("{key: bureau,", "{", "people[0]：缺少 key"),
    "one key for two": (
        "lines:\n  - at",
        "  - {key: bureau, name: 吴用, role: bureau_clerk, place: 奉化区}\nlines:\n  - at",
        "bureau 指着两个人",
    ),
    "an end before the start": ("until: 2020-02-10T20:00", "until: 2020-02-09T20:00", "until 是 2020-02-09T20:00，早于 from"),
    "a figure at a bad time": ("{F23: 2020-02-10T12:00}", "{F23: noon}", "figures.F23：“noon”不是时间"),
    "lists that are a list": ("lists: {firms: {file: firms.csv}}", "lists: [firms.csv]", "lists 要写成一组"),
    "figures that are a list": ("figures: {F23: 2020-02-10T12:00}", "figures: [F23]", "figures 要写成一组"),
    "people that are none": ("people:\n  - {key: bureau, ", "people: 5\nnobody:\n  - {key: bureau, ", "people 要写成一项一项的"),
    "no steps": ('    lines:\n      - {at: "{applies_at}"', '    lines:\n    line:\n      - {at: "{applies_at}"', "lines[1]：缺少 lines"),
    "an actor that is a number": ("actor: replay", "actor: 5", "lines[0]：actor 要写成一个词"),
    "an act that is a list": ("do: resumption.accept", "do: [resumption.accept]", "lines[1].lines[1]：do 要写成一个词"),
    "names that are a word": ('as: {id: "application:{key}"}', "as: id", "lines[1].lines[0]：as 要写成一组"),
    "a while that no calendar holds": ("+5..10m", "+9999999999d", "lines[1].lines[1] A1：“+9999999999d”太久了"),
    "a day after the last": ("+5..10m", "+3000000d", "lines[1].lines[1] A1：2020-02-10T10:00 以后 3000000 天"),
    "a cell split at nothing": (
        "lines:\n  - at",
        '  - {each: firms, split: {column: contact, by: "", as: [n]}, key: "{n}", name: x, role: leader, place: 奉化区}\nlines:\n  - at',
        "people[1]：缺少 by",
    ),
}

WRONG_LISTS = {
    "a comma without quotes": ("A1,甲公司,江口街道", "A1,甲,公司,江口街道", "lists.firms：清单 firms.csv 第2行比表头多1格"),
    "two columns of one name": ("contact,phone", "phone,phone", "lists.firms：清单 firms.csv 有两列都叫 phone"),
    "one key for two rows": ("A2,", "A1,", "lines[0]：清单里有两行都叫 enterprise:A1"),
    "a cell as long as a book": ("A2,乙公司", f"A2,{'乙' * 200_000}", "lists.firms：清单 firms.csv 第3行读不下去"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_says_where_and_why_and_nothing_is_made(tmp_path, capsys, fault):
    """Tests that each slip is told in one clear sentence with its place, exit code 2, before a database is made."""
    found, instead, says = WRONG[fault]
    assert TINY.count(found) >= 1
    file = _write(tmp_path, TINY.replace(found, instead, 1))
    assert main([str(file), "--report", str(tmp_path / "report.json")]) == 2
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert told.startswith("剧本有误：")
    assert says in told
    assert not (tmp_path / "report.json").exists()


@pytest.mark.parametrize("fault", WRONG_LISTS)
def test_a_wrong_list_says_where_and_why_and_nothing_is_made(tmp_path, capsys, fault):
    """Tests that a row that would be read as something else, or mistaken for another, is told before anything is played."""
    found, instead, says = WRONG_LISTS[fault]
    file = _write(tmp_path, firms=FIRMS.replace(found, instead, 1))
    assert main([str(file), "--report", str(tmp_path / "report.json")]) == 2
    assert says in capsys.readouterr().err.strip().splitlines()[-1]
    assert not (tmp_path / "report.json").exists()


def test_an_instant_of_another_zone_is_shanghais(tmp_path):
    """Tests that days and evenings are counted by Shanghai's clocks, however an instant is written."""
    scenario = load(_write(tmp_path, TINY.replace("from: 2020-02-10T08:00", "from: 2020-02-09T23:30Z")))
    assert (scenario.start, scenario.start.hour, scenario.start.day) == (shanghai("2020-02-10T07:30"), 7, 10)


def test_a_file_that_is_not_there(tmp_path, capsys):
    """Tests the slip of the keyboard in the file's name, and a report that could not be written in the end."""
    assert main([str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml 打不开" in capsys.readouterr().err
    assert main([str(_write(tmp_path)), "--report", str(tmp_path / "no" / "report.json")]) == 2
    assert "report.json" in capsys.readouterr().err
    assert main([str(_write(tmp_path)), "--report", str(tmp_path)]) == 2
    assert "是一个文件夹" in capsys.readouterr().err


@pytest.mark.parametrize("file", [FENGHUA, WENLING, *PACKS.glob("*/scenarios/*.yaml")], ids=lambda file: file.stem)
def test_every_scenario_that_ships_is_right(file):
    """Tests that the scenarios of the packs name only what there is, and hold no line after their end."""
    scenario = load(file)
    check(scenario)
    assert scenario.later == 0


def test_a_wrong_name_is_found_before_it_is_needed(tmp_path):
    """Tests that a name in the input is looked for too, and that plain words are left alone."""
    text = TINY.replace('accept, on: "application:{key}"', 'assign, on: "application:{key}", with: {team: "enterprise:A9"}')
    with pytest.raises(WrongScenario, match=r"lines\[1\].lines\[1\]：没有叫 enterprise:A9 的东西"):
        check(load(_write(tmp_path, text)))
    check(load(_write(tmp_path, text.replace("enterprise:A9", "bureau"))))
