"""Keeps a set of child processes and our own PostgreSQL running, and stops all of it at a signal."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from qifu.project import database
from qifu.project.postgres import DatabaseRefused

STOP_SECONDS = 12
STEADY_SECONDS = 60
LONGEST_WAIT = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep alive, and how it has fared."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    started: float = 0.0
    again_at: float = 0.0
    wait: float = 0.5
    log: Path | None = None


class Supervisor:
    """Starts children, starts them again when they die (waiting longer each time), stops them together."""

    def __init__(self, children: Sequence[Child], *, var: Path, say: Callable[[str], None]) -> None:
        self.children = list(children)
        self.var = var
        self.say = say
        self.ending = False

    def listen(self) -> None:
        """Take SIGINT and SIGTERM, also where they were inherited as ignored (started in the background)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            self._start(child)

    def watch(self, *, ready: Callable[[], bool] | None = None, on_ready: Callable[[], None] | None = None) -> None:
        """Keep all of it alive until a signal comes; calls `on_ready` once `ready` first holds."""
        look_at_database = ask_again = 0.0
        while not self.ending:
            for child in self.children:
                self._keep(child)
            if time.monotonic() >= look_at_database:
                look_at_database = time.monotonic() + 3
                self._keep_database()
            if ready and on_ready and time.monotonic() >= ask_again:
                ask_again = time.monotonic() + 0.5
                if ready():
                    on_ready()
                    ready = None
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the children (first politely), then our PostgreSQL."""
        for child in self.children:
            self._signal(child, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(timeout=max(0.1, until - time.monotonic()))
        for child in self.children:
            self._signal(child, signal.SIGKILL)
            if child.process:
                child.process.wait()
        database.stop(self.var)

    def _start(self, child: Child) -> None:
        with child.log.open("ab") if child.log else nullcontext() as output:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Its own session: Ctrl-C reaches only us, and we stop the children in order.
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no threads here)
            )
        child.started = time.monotonic()

    def _keep(self, child: Child) -> None:
        if child.process and child.process.poll() is None:
            if time.monotonic() - child.started > STEADY_SECONDS:
                child.wait = 0.5
            return
        if child.process:
            self.say(f"{child.name} 意外退出，{child.wait:.0f} 秒后重启。 {child.name} ended, starting it again.")
            self._signal(child, signal.SIGKILL)
            child.process = None
            child.again_at = time.monotonic() + child.wait
            child.wait = min(child.wait * 2, LONGEST_WAIT)
        if time.monotonic() >= child.again_at:
            self._start(child)

    def _keep_database(self) -> None:
        if database.status(self.var).running:
            return
        self.say("数据库意外停止，正在重启。 The database stopped, starting it again.")
        try:
            database.start(self.var)
        except DatabaseRefused as refused:
            self.say(str(refused))

    @staticmethod
    def _signal(child: Child, number: signal.Signals) -> None:
        if child.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, number)


def _die_with_parent() -> None:
    """Ask Linux to end this child if the supervisor is killed outright."""
    with suppress(OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
