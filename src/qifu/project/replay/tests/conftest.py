"""Each test plays on a database put back, with its own keys in a folder of its own."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qifu.kernel.journal import writing
from qifu.kernel.privacy import keys

ROOT = Path(__file__).resolve().parents[5]


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keep keys out of the developer's folder, and forget those of the database before."""
    settings.VAR = tmp_path / "var"
    keys.forget()
    writing.forget_era()
    yield
    keys.forget()
    writing.forget_era()


@pytest.fixture
def replay(database_server: SimpleNamespace, tmp_path: Path):
    """Give `qifu replay` on this run's server: what it printed, its exit code, its report and its seconds of CPU."""
    if database_server.var is None:
        pytest.skip("a foreign server lends one database, and a replay makes its own")

    def run_it(file: Path, *more: str) -> SimpleNamespace:
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("QIFU_", "DJANGO_"))}
        environment = keep | {"QIFU_VAR": str(database_server.var), "QIFU_TEST_DB": "1", "PYTHONPATH": str(ROOT / "src")}
        report = tmp_path / "report.json"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-m", "qifu.project.command", "replay", str(file), "--report", str(report), *more],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=1800,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return SimpleNamespace(
            code=done.returncode, out=done.stdout, err=done.stderr, report=found, figures=found.get("figures", {}),
            cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        )  # fmt: skip

    return run_it
