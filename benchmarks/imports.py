"""A list of 100,000 enterprises through upload, staging and commit, against reading it and a bare COPY; and killed.

    .venv/bin/python -m benchmarks.imports [--rows 100000]

Each import runs in a process of its own, which tells its CPU (with its PostgreSQL backend's) and its peak memory. The
floor is python-calamine reading the same file and COPY into a plain table without index; it runs before and after each
import, and medians are compared, since one floor of three seconds is as steady as the machine is quiet. Afterwards one
import is killed (SIGKILL) while it reads, while it judges and in the middle of its commit, and each time run again."""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from .measure import backend_cpu, scratch
from .table import Line

ROWS = 100_000
TIMES, MEMORY = 4.0, 512
ROUNDS = 3
HEAD = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "所在镇街",
    "规模",
    "亿元以上",
    "行业代码",
    "员工人数",
    "地址",
    "法定代表人",
    "必需类别",
    "成立日期",
)
WITH_CONTACTS = (*HEAD[:10], "联系人", "联系电话")
_DATABASE = "bench_imports"


# ------------------------------------------------------------------------------------------------------- the file


def write(path: Path, *, rows: int, contacts: bool) -> None:
    """Write the list: one row in a hundred without a code, one in fifty with a wrong one."""
    from openpyxl import Workbook

    from qifu.kernel.values.codes import uscc_check_digit

    draw = random.Random(7)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("企业")
    sheet.append(WITH_CONTACTS if contacts else HEAD)
    towns = ("江口街道", "西坞街道", "溪口镇", "莼湖街道", "大堰镇", "裘村镇", "松岙镇")
    for n in range(rows):
        body = "91330213" + "".join(draw.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=9))
        code = "" if n % 100 == 99 else body + ("0" if n % 50 == 25 and uscc_check_digit(body) != "0" else uscc_check_digit(body))
        name = f"宁波{draw.choice('甬澜银塘剡江岳林锦屏')}{draw.choice('川海东南明华')}{n}{draw.choice(('机械', '服饰', '电器', '食品'))}有限公司"
        person = draw.choice("王李张周徐陈") + draw.choice("晓建国明丽") + draw.choice("明芳军平")
        row = [n + 1, name, code, draw.choice(towns), draw.choice(("规上", "规下", "规下")), draw.choice(("是", "否", "否", "否")),
               draw.choice(("C3489", "C2929", "F5211", "C1810")), draw.randint(1, 900), f"奉化区江口街道第{n}号", person]  # fmt: skip
        sheet.append(
            [*row, person, str(13_800_000_000 + n)] if contacts else [*row, draw.choice(("一般", "一般", "群众生活必需")), "2008-05-12"]
        )
    book.save(path)


# ----------------------------------------------------------------------------------------------- what a child does


def _child(what: str, path: Path, id: str, target: str) -> dict[str, Any]:
    """Do one thing on the bench's database and tell what it cost."""
    import resource

    import django

    django.setup()
    from django.db import connection

    from qifu.kernel.access import acting
    from qifu.kernel.access.hats import worn_by
    from qifu.kernel.calendar import clock
    from qifu.project import scratch as databases

    at = clock.now()
    with databases.pointed_at(_DATABASE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        laps: dict[str, float] = {}
        lap, counts = _Lap(laps), dict[str, Any]()
        if what == "floor":
            _floor(path, lap)
        else:
            from qifu.kernel.access.scope import DOOR
            from qifu.kernel.actions import run
            from qifu.kernel.intake import process
            from qifu.kernel.intake.actions import Commit, Upload
            from qifu.kernel.intake.models import Import

            with acting(DOOR):
                actor = worn_by(os.environ["BENCH_OFFICER"], at=at, strong=True)
            content = path.read_bytes()
            lap.begin()
            if not id:
                answer = run("intake.upload", Upload(target, path.name, content), actor=actor, at=at)
                assert answer.ok, answer
                id = str(answer.result.id)
                lap("upload")
            del content
            made = process.stage(id, actor=actor, at=at)
            lap("stage")
            answer = run("intake.commit", Commit(made.id), actor=actor, at=at)
            assert answer.ok, answer
            lap("commit")
            with acting(actor):
                done = Import.objects.get(id=made.id)
                assert done.step == Import.Step.COMMITTED, done.step
                assert done.counts["enters"] == done.counts["entered"], done.counts
                counts = done.counts
        return {"id": id, "laps": laps, "counts": counts, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


class _Lap:
    """CPU seconds of Python and its backend since the last call."""

    def __init__(self, laps: dict[str, float]) -> None:
        self.laps = laps
        self.backend: int | None = None

    def begin(self) -> None:
        self.last = time.process_time() + backend_cpu(self.backend)

    def __call__(self, name: str) -> None:
        now = time.process_time() + backend_cpu(self.backend)
        self.laps[name], self.last = now - self.last, now


def _floor(path: Path, lap: _Lap) -> None:
    from python_calamine import CalamineWorkbook

    from qifu.project import database

    with database.superuser(Path(os.environ["QIFU_VAR"]), name=_DATABASE) as session:
        lap.backend = session.info.backend_pid
        lap.begin()
        rows = list(CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())
        lap("read")
        session.execute(f"CREATE TABLE bare ({', '.join(f'c{n} text' for n in range(len(rows[0])))})")
        with session.cursor() as cursor, cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        lap("copy")
        session.execute("DROP TABLE bare")


def _run(what: str, path: Path, *, id: str = "", target: str = "registry.enterprises") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.imports", "--child", what, "--file", str(path), "--id", id, "--target", target]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _told(child: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = child.communicate()
    if child.returncode:
        raise RuntimeError(f"the import failed: {child.returncode}")
    return json.loads(out.splitlines()[-1])


# ---------------------------------------------------------------------------------------------------- measurements


def main(rows: int = ROWS) -> list[Line]:
    """Write the lists, import them in turns with the floor, then kill one."""
    with scratch(f"{_DATABASE}_empty"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    from qifu.project import scratch as databases

    here = Path(os.environ["QIFU_VAR"])
    for contacts in (False, True):
        path = here / f"list-{rows}-{'contacts' if contacts else 'plain'}.xlsx"
        if not path.exists():
            write(path, rows=rows, contacts=contacts)
        floors, imports, memory, laps = list[float](), list[float](), 0.0, dict[str, list[float]]()
        # Sealing a contact costs what the sealing costs, each time alike: one round of it is enough.
        for _ in range(1 if contacts else ROUNDS):
            with databases.fresh(here, _DATABASE):
                _appoint()
                for what in ("floor", "import", "floor"):
                    told = _told(_run(what, path))
                    print(f"{path.name}: {what} {told['laps']} {told['memory']:.0f} MB", flush=True)
                    (imports if what == "import" else floors).append(sum(told["laps"].values()))
                    if what == "import":
                        assert told["counts"]["wrong"] == 0, told["counts"]
                        memory = max(memory, told["memory"])
                        for name, spent in told["laps"].items():
                            laps.setdefault(name, []).append(spent)
                assert _counted()["enterprises"] == rows, _counted()
        ours, floor = median(imports), median(floors)
        parts = ", ".join(f"{name} {median(spent):.1f}" for name, spent in laps.items())
        words = f"{ours / floor:.2f}x ({ours:.1f} s / {floor:.1f} s CPU: {parts})"
        if contacts:
            yield Line(f"the same with contacts sealed: {rows:,} persons, grants and posts more, once", words)
        else:
            spread = f"{min(imports):.1f} to {max(imports):.1f} s of {len(imports)}, floor {min(floors):.1f} to {max(floors):.1f} s of {len(floors)}"
            yield Line(
                f"import of {rows:,} enterprises, 12 columns / calamine and bare COPY, medians",
                f"{words}; {spread}",
                f"≤ {TIMES:.0f}x",
                ours / floor <= TIMES,
            )
            yield Line("its peak memory", f"{memory:.0f} MB", f"< {MEMORY} MB", memory < MEMORY)
            yield from _killed(here, path, rows=rows)


def _killed(here: Path, path: Path, *, rows: int) -> Iterator[Line]:
    """Kill one import while reading, while judging and in its commit; run it to its end; count what is there."""
    from qifu.project import database
    from qifu.project import scratch as databases

    blocks = -(-rows // 5000)
    with databases.fresh(here, _DATABASE), database.superuser(here, name=_DATABASE) as session:
        _appoint()
        points = {
            "reading": "SELECT id FROM intake_import WHERE watermark >= %s" % (blocks // 3),
            "judging": "SELECT id FROM intake_import WHERE watermark >= %s" % blocks,
            # The rows of an open transaction are nobody's: its statements tell how far it is.
            "committing": "SELECT id FROM intake_import WHERE step = 'judged' AND EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE '%INSERT INTO journal_entry%' AND state LIKE '%' AND xact_start < clock_timestamp() - interval '1 second')",
        }
        id, seen = "", []
        for name, reached in points.items():
            child = _run("import", path, id=id)
            while child.poll() is None and not (found := session.execute(reached).fetchone()):
                time.sleep(0.01)
            assert child.poll() is None, f"it was done before it was {name}"
            child.send_signal(signal.SIGKILL)
            child.wait()
            id = str(found[0])
            _wait_gone(session)
            seen.append(f"{name} (block {session.execute('SELECT watermark FROM intake_import').fetchone()[0]} of {blocks})")
            there = _counted()
            assert there["enterprises"] == there["journal"] == 0, (name, there)
        _told(_run("import", path, id=id))
        there = _counted()
        doubled = session.execute(
            "SELECT count(*) FROM (SELECT name FROM registry_enterprise GROUP BY name HAVING count(*) > 1) t"
        ).fetchone()[0]
        whole = there == {"imports": 1, "blocks": blocks, "enterprises": rows, "sites": rows, "journal": rows} and not doubled
        yield Line(
            f"killed while {', '.join(seen)}, run again",
            f"{there['enterprises']:,} enterprises, {there['sites']:,} sites, {there['journal']:,} entries, {doubled} doubled, nothing in between",
            "whole", whole,
        )  # fmt: skip


def _wait_gone(session: Any) -> None:
    """Wait until the server has noticed that the client is no more."""
    with suppress(TimeoutError):
        for _ in range(1000):
            there = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'qifu' AND state <> 'idle'"
            if not session.execute(there).fetchone():
                return
            time.sleep(0.05)
        raise TimeoutError


def _appoint() -> None:
    from qifu.kernel import jurisdiction
    from qifu.kernel.access import DOOR, acting
    from qifu.kernel.access.hats import machine
    from qifu.kernel.access.tests.factories import officer
    from qifu.kernel.calendar import clock
    from qifu.kernel.journal import reading

    with acting(DOOR):
        system = machine("system")
    with acting(system):
        reading.make_months([clock.today()])
    district = next(p for p in jurisdiction.lineage(jurisdiction.by_name("莼湖街道").id) if jurisdiction.place(p).kind == "district")
    os.environ["BENCH_OFFICER"] = str(officer("bureau_clerk", district).person)


def _counted() -> dict[str, int]:
    from qifu.project import database

    tables = {
        "imports": "intake_import", "blocks": "intake_block", "enterprises": "registry_enterprise", "sites": "registry_site",
        "journal": "journal_entry WHERE process = 'registry.enterprise'",
    }  # fmt: skip
    with database.superuser(Path(os.environ["QIFU_VAR"]), name=_DATABASE) as session:
        return {name: session.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in tables.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--id", default="", help=argparse.SUPPRESS)
    parser.add_argument("--target", default="registry.enterprises", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(_child(given.child, given.file, given.id, given.target)))
    else:
        for line in main(given.rows):
            print(line)
