"""A small scenario cut from the first rows of the real one, and what it must give, counted by hand from its lists."""

import copy
import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from qifu.kernel.calendar.clock import ZONE
from qifu.project.replay import report
from qifu.project.replay.runner import Played, Runner
from qifu.project.replay.scenario import _Loader, load

PACKS = Path(__file__).resolve().parents[5] / "packs"
FENGHUA = PACKS / "epidemic" / "scenarios" / "fenghua-2020.yaml"
WENLING = PACKS / "typhoon" / "scenarios" / "wenling-2019.yaml"
SURVEYED, SINCE = "湖北省", "2020-01-16"
DATES = ("went_home_on", "plans_return_on", "dissuaded_on", "returned_on", "observed", "observed_from", "observed_to")
Row = dict[str, str]


def real(name: str) -> list[Row]:
    """Give the rows of one of the real lists."""
    with (FENGHUA.parent / "fenghua-2020" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Pack:
    """A scenario in the making: the YAML as data, and its lists as rows."""

    data: dict[str, Any]
    lists: dict[str, list[Row]]

    def row(self, name: str, key: str) -> Row:
        """Give the row of a list by its key."""
        return next(row for row in self.lists[name] if row["key"] == key)

    def leave_out(self, name: str, key: str) -> Row:
        """Take a row off its list."""
        row = self.row(name, key)
        self.lists[name].remove(row)
        return row

    def line(self, **entry: Any) -> None:
        """Add a line; `with_` and `as_` stand for the words that Python keeps to itself."""
        self.data["lines"].append({key.rstrip("_"): value for key, value in entry.items()})

    def write(self, folder: Path) -> Path:
        """Write the scenario and its lists; give the file."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.lists.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        file = folder / "mini.yaml"
        file.write_text(json.dumps(self.data, ensure_ascii=False, default=str), encoding="utf-8")
        return file


def cut(file: Path, **keep: Callable[[Row], bool]) -> Pack:
    """Cut a scenario that ships down to the rows of its lists that are wanted; a list that is not named stays whole."""
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    lists = {}
    for name, spec in data["lists"].items():
        with (file.parent / spec["file"]).open(encoding="utf-8-sig", newline="") as rows:
            lists[name] = [row for row in csv.DictReader(rows) if name not in keep or keep[name](row)]
        spec["file"] = f"{name}.csv"
    return Pack(data, lists)


def mini(*, above: int = 12, small: int = 5, workers: int = 24) -> Pack:
    """Cut the real scenario down to its first firms above and below designated size, two essential ones and their workers."""
    data = yaml.load(FENGHUA.read_text(encoding="utf-8"), Loader=_Loader)
    for name, spec in data["lists"].items():
        spec["file"] = f"{name}.csv"
    firms = real("above")
    kept = firms[:above] + [row for row in firms[above:] if row["asks_early_at"]][:2]
    others = [row for number, row in enumerate(real("small")) if number < small or row["key"] == "S0019"]
    names = {row["key"] for row in kept + others}
    roster = [row for row in real("workers") if row["enterprise"] in names][:workers]
    there = {row["key"] for row in roster}
    roster = [row for row in roster if not row["relative_of"] or row["relative_of"] in there]
    return Pack(data, {"places": real("places"), "teams": real("teams"), "above": kept, "small": others, "workers": roster})


def spare(name: str, pack: Pack, **wanted: bool) -> Row:
    """Give the next row of a real list that the small one leaves out, with these columns filled (or blank: False)."""
    taken = {row["key"] for row in pack.lists[name]}

    def fits(row: Row) -> bool:
        return all((row[column] not in ("", "0")) is filled for column, filled in wanted.items())

    return copy.copy(next(row for row in real(name) if row["key"] not in taken and fits(row)))


def new_worker(pack: Pack, enterprise: str, **facts: str) -> Row:
    """Put one more worker of the surveyed origin on a firm's roster, with no facts but those given."""
    row = spare("workers", pack, relative_of=False) | dict.fromkeys(DATES, "")
    row |= {"enterprise": enterprise, "origin_province": SURVEYED, "surveyed_on": "2020-02-05"} | facts
    pack.lists["workers"].append(row)
    return row


def play(file: Path) -> Runner:
    """Play a scenario on the database that the test stands on."""
    runner = Runner(load(file))
    runner.play()
    return runner


def figures(runner: Runner, *, asof: datetime | None = None) -> dict[str, Any]:
    """Give every figure with its lists, at the scenario's moments or all of them at another one."""
    moments = {} if asof else runner.moments()
    return report.figures(runner.machines["system"], asof=asof or runner.scenario.end, moments=moments)


def refused(played: Played) -> list[tuple[str, str, str, Any]]:
    """Give what was refused without being expected to be."""
    return [(r.line.do, r.line.on, r.code, r.errors or r.says) for r in played.refusals]


def expected(pack: Pack) -> dict[str, Any]:
    """Count each figure from the lists, row by row."""
    above, workers = pack.lists["above"], pack.lists["workers"]
    ours = [w for w in workers if w["origin_province"] == SURVEYED]
    staff = [w for w in ours if not w["relative_of"]]
    applied = [row for row in above if row["applies_at"]]
    large = [row for row in applied if row["over_100m"] == "1"]
    return {
        "F22": len(pack.lists["teams"]),
        "F23": len(applied),
        "F23 of": len(above),
        "F24": sum(1 for row in large if not row["lacks"] or row["fixed_at"]),
        "F24 of": len(large),
        "F25": sum(1 for row in applied if row["asks_early_at"] and row["starts_at"] and row["starts_at"] < "2020-02-12"),
        "F26": len({w["enterprise"] for w in staff}),
        "F26 staff": len(staff),
        "F27": sum(1 for w in staff if w["went_home_on"]),
        "F28": sum(1 for w in staff if w["plans_return_on"]),
        "F29": sum(1 for w in staff if w["dissuaded_on"]),
        "F30": sum(1 for w in ours if w["returned_on"] >= SINCE),
        "F91": "2020-02-10T00:00:00+08:00",
    }


def numbers(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same numbers from a report."""
    return {id: found[id]["value"] for id in (f"F{n}" for n in (*range(22, 31), 91))} | {
        "F23 of": found["F23"]["of"],
        "F24 of": found["F24"]["of"],
        "F26 staff": found["F26"]["values"]["staff"],
    }


def disagreeing(found: Mapping[str, Any]) -> list[str]:
    """Name the figures whose list does not make their value: rows for a count, their sum, one row for an instant."""
    wrong = []
    for id, entry in found.items():
        parts = [(id, entry["value"], entry["list"])]
        parts += [(f"{id} {name}", value, entry["lists"][name]) for name, value in entry.get("values", {}).items()]
        for name, value, rows in parts:
            made = sum(row.get("weight", 1) for row in rows) if isinstance(value, int) else len(rows)
            if made != (value if isinstance(value, int) else int(value is not None)):
                wrong.append(f"{name}: {value} but {made}")
    return wrong


def shanghai(text: str) -> datetime:
    """Give an instant: shanghai("2020-02-16T20:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
