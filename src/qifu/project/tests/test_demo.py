"""Tests that `qifu demo` comes up whole, heals, starts again with its data, and leaves nothing running."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from qifu.project import database

ROOT = Path(__file__).resolve().parents[4]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(database.foreign(), reason="the demo has a server of its own")]


class Demo:
    """A demo without the sample district, started the way `make demo &` in a script starts it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        keep = {key: value for key, value in os.environ.items() if not key.startswith(("QIFU_", "DJANGO_", "MAKE"))}
        self.environment = keep | {"QIFU_VAR": str(var), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *sys.path])}
        self.log = var / "terminal.txt"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "qifu.project.command", "demo", "--no-sample", "--port", str(self.port)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # What a shell does to a background job: SIGINT is ignored, and the child inherits that.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509
            )

    def healthz(self) -> tuple[int, dict[str, str]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    def wait_until_well(self, *, seconds: float) -> float:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            assert self.process and self.process.poll() is None, self.said()
            if self.healthz()[0] == 200:
                return time.monotonic() - began
            time.sleep(0.2)
        raise AssertionError(f"not well after {seconds} s: {self.healthz()}\n{self.said()}")

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        assert self.process
        os.kill(self.process.pid, number)
        return self.process.wait(timeout=60)

    def said(self) -> str:
        files = [self.log, *sorted((self.var / "log").glob("*.log"))]
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in files if file.exists())

    def has_said(self, words: str, *, seconds: float = 10) -> bool:
        until = time.monotonic() + seconds
        while words not in self.said() and time.monotonic() < until:
            time.sleep(0.1)
        return words in self.said()

    def processes(self) -> list[str]:
        """Give the command lines of all that runs with this demo's data."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
                if str(self.var).encode() in told and int(entry.name) != os.getpid():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found


@pytest.fixture
def demo() -> Iterator[Demo]:
    var = Path(tempfile.mkdtemp(prefix="qifu-demo-"))
    var.chmod(0o755)
    started = Demo(var)
    yield started
    if started.process and started.process.poll() is None:
        started.end(signal.SIGTERM)
    database.erase(var)
    shutil.rmtree(var)


def test_demo_lives_heals_and_leaves_nothing_behind(demo: Demo) -> None:
    """Tests one life: up, killed parts come back, Ctrl-C though started in the background, up again with its data."""
    demo.start()
    demo.wait_until_well(seconds=120)
    assert demo.has_said(f":{demo.port}/")

    # A second one on the same data is told where the first is.
    second = subprocess.run(
        [sys.executable, "-m", "qifu.project.command", "demo", "--port", "1"],
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f":{demo.port}/" in second.stderr

    with database.superuser(demo.var, name="qifu") as session:
        session.execute("CREATE TABLE kept AS SELECT generate_series(1, 10) AS n")
    for killed in ("worker", "granian", "postgres"):
        _kill(demo, killed)
        demo.wait_until_well(seconds=90)

    assert demo.end(signal.SIGINT) == 0
    assert demo.processes() == []
    assert not database.status(demo.var).running
    assert demo.healthz()[0] == 0

    demo.start()
    demo.wait_until_well(seconds=90)
    with database.superuser(demo.var, name="qifu") as session:
        assert session.execute("SELECT count(*) FROM kept").fetchone() == (10,)
    # Killed outright it can stop nothing itself; its children end all the same, and the next start finds the database.
    assert demo.process
    demo.process.kill()
    demo.process.wait()
    until = time.monotonic() + 20
    while any("qifu.project" in line for line in demo.processes()) and time.monotonic() < until:
        time.sleep(0.2)
    assert not any("qifu.project" in line for line in demo.processes())
    assert database.status(demo.var).running
    demo.start()
    demo.wait_until_well(seconds=60)
    assert demo.end(signal.SIGTERM) == 0
    assert demo.processes() == []


def _kill(demo: Demo, name: str) -> None:
    if name == "postgres":
        pid = database.status(demo.var).pid
    else:
        pid = next(int(e.name) for e in Path("/proc").glob("[0-9]*") if _is(e, name, demo))
    assert pid
    os.kill(pid, signal.SIGKILL)
    time.sleep(1)


def _is(entry: Path, name: str, demo: Demo) -> bool:
    with suppress(OSError):
        line = (entry / "cmdline").read_bytes()
        return name.encode() in line and str(demo.var).encode() in (entry / "environ").read_bytes()
    return False


def test_port_in_use_is_a_sentence(demo: Demo) -> None:
    """Tests that a busy port is named, with what to do, and nothing is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        demo.start()
        assert demo.process
        assert demo.process.wait(timeout=60) == 1
    assert "PORT=" in demo.said()
    assert demo.processes() == []


def test_ending_during_the_start_stops_the_database_too(demo: Demo) -> None:
    """Tests that Ctrl-C before the pages are up leaves nothing running."""
    demo.start()
    until = time.monotonic() + 60
    while not database.status(demo.var).running and time.monotonic() < until:
        time.sleep(0.1)
    demo.end(signal.SIGINT)
    assert demo.processes() == []
    assert not database.status(demo.var).running
