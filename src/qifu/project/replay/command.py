"""`qifu replay FILE [--speed N] [--report FILE.json] [--keep NAME]`."""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

BAR = 40
SCRATCH = "qifu_replay_"
"""What a replay calls its database: this and the number of its process."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"qifu replay：用法有误，见 qifu replay --help。 Wrong usage: {message}\n")


def main(argv: Sequence[str]) -> int:
    """Replay a scenario on a fresh database.

    Exit 0 where all went as the file says, 1 where a line was refused that should have taken place (or the other way
    round), 2 where the file cannot be played; nothing has been made then."""
    parser = _Parser(prog="qifu replay", description="在全新的库里按剧本重演。 Replay a scenario on a fresh database.")
    parser.add_argument("file", type=Path, help="剧本文件 scenario file (YAML)")
    parser.add_argument("--speed", type=_speed, help="一秒当几秒；不写则尽快 seconds of the file per second; as fast as possible without")
    parser.add_argument("--report", type=Path, help="把指标和名单写到这个文件 write figures and lists to this file")
    parser.add_argument("--keep", metavar="NAME", help="留下这个库，供打开查看 keep the database under this name")
    given = parser.parse_args(argv)
    import django

    django.setup()
    from .runner import check
    from .scenario import WrongScenario, load

    try:
        scenario = load(given.file)
        check(scenario)
        if given.report and given.report.is_dir():
            raise WrongScenario(f"报告 {given.report} 是一个文件夹，要写到一个文件。")
        if given.report and not os.access(given.report if given.report.exists() else given.report.absolute().parent, os.W_OK):
            raise WrongScenario(f"报告 {given.report} 写不进去，先建好文件夹。")
        if given.keep:
            _free(given.keep)
        return _replay(scenario, given)
    except WrongScenario as problem:
        print(f"剧本有误：{problem}", file=sys.stderr)
        return 2


def _speed(text: str) -> float:
    speed = float(text)
    if speed <= 0:
        raise ValueError(text)
    return speed


def _free(name: str) -> None:
    """Refuse a name under which there is a database already: what a replay would make there, it would first drop."""
    from django.conf import settings

    from qifu.project import database

    from .scenario import WrongScenario

    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise WrongScenario(f"--keep {name}：库名用小写字母、数字和下划线，字母开头，最多63个。")
    with database.superuser(settings.VAR) as session:
        if session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            raise WrongScenario(f"--keep {name}：已经有叫这个名字的库，没有动它；换一个名字。")


def _replay(scenario: Any, given: argparse.Namespace) -> int:
    from django.conf import settings

    from qifu.project import scratch

    from . import report
    from .runner import Runner

    began = time.monotonic()
    print(f"{scenario.title}：{len(scenario.lines)} 条", file=sys.stderr)
    if scenario.later:
        print(f"{scenario.later} 条在结束时间 {scenario.end:%Y-%m-%d %H:%M} 以后，没有重演。", file=sys.stderr)
    _sweep(settings.VAR)
    # A name of its own, so that two replays at once leave each other alone.
    with scratch.fresh(settings.VAR, given.keep or f"{SCRATCH}{os.getpid()}", keep=bool(given.keep)):
        runner = Runner(scenario, progress=_bar)
        played = runner.play(wait=_pace(scenario.start, given.speed))
        print(file=sys.stderr)
        result = {
            "scenario": scenario.name,
            "title": scenario.title,
            "until": scenario.end.isoformat(),
            "lines": played.lines,
            "refused": [
                {
                    "at": r.line.at.isoformat(), "actor": r.line.actor, "do": r.line.do, "on": r.line.on, "place": r.line.place,
                    "code": r.code, "says": r.says, **({"errors": dict(r.errors)} if r.errors else {}),
                }
                for r in played.refusals
            ],
            "figures": report.figures(runner.machines["system"], asof=scenario.end, moments=runner.moments()),
        }  # fmt: skip
    for id, asked in scenario.figures.items():
        if asked.place:
            result["figures"][id]["place"] = asked.place
    if given.report:
        given.report.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    for id, one in result["figures"].items():
        of = f" / {one['of']}" if "of" in one else ""
        print(f"{id:5} {one['label']}  {one['value']}{of} {one['unit']}  {one.get('values', '')} {one.get('place', '')}".rstrip())
    for refusal in played.refusals[:20]:
        says = refusal.errors or refusal.says
        print(
            f"被拒 {refusal.line.at:%m-%d %H:%M} {refusal.line.actor} {refusal.line.do} {refusal.line.on}：{refusal.code} {says}",
            file=sys.stderr,
        )
    print(f"{played.lines} 条，{len(played.refusals)} 条被拒，{time.monotonic() - began:.1f} 秒", file=sys.stderr)
    return 1 if played.refusals else 0


def _sweep(var: Path) -> None:
    """Drop what replays left that were killed before they could."""
    from qifu.project import database

    with database.superuser(var) as session:
        found = session.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{SCRATCH}[0-9]+$"]).fetchall()
    for (name,) in found:
        try:
            os.kill(int(name.removeprefix(SCRATCH)), 0)
        except ProcessLookupError:
            database.drop(var, name)
        except PermissionError:
            pass


def _bar(done: int, of: int) -> None:
    if done % max(of // 200, 1) == 0 or done == of:
        full = done * BAR // of
        print(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{of}", end="", file=sys.stderr, flush=True)


def _pace(start: datetime, speed: float | None) -> Callable[[datetime], None]:
    if not speed:
        return lambda at: None
    began = time.monotonic()

    def wait(at: datetime) -> None:
        left = (at - start).total_seconds() / speed - (time.monotonic() - began)
        if left > 0:
            time.sleep(left)

    return wait
