"""Gives a running demo with the sample district: one of its own, or the one that QIFU_BENCH_DEMO names."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROLES = (
    "enterprise_contact", "town_clerk", "town_leader", "bureau_clerk", "assessor", "approver", "fire_clerk", "control_office", "leader",
    "auditor",
)  # fmt: skip


@contextmanager
def demo() -> Iterator[str]:
    """Start the demo and give its address; take it away afterwards."""
    if address := os.environ.get("QIFU_BENCH_DEMO"):
        yield address.rstrip("/")
        return
    home = Path(tempfile.mkdtemp(prefix="qifu-bench-"))
    home.chmod(0o755)
    try:
        command = [sys.executable, "-m", "qifu.project.command", "demo", "--port", "{port}"]
        with running(command, env=os.environ | {"QIFU_VAR": str(home)}) as address:
            yield address
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(command: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None) -> Iterator[str]:
    """Start what serves at {port}, a free one, and give its address once it answers; stop all of it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [word.format(port=port) for word in command]
    process = subprocess.Popen(words, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        _await(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 900
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=30) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    raise RuntimeError("the demo did not come up")


class Visitor:
    """One person's browser without a screen: keeps its cookies and its connection."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.line = HTTPConnection(self.host, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Give status, kind and text of an answer; where it leads elsewhere, the text is the address."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip"}
        body = None
        if form is not None:
            body, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            content = gzip.decompress(content)
        kind = answer.headers.get("Content-Type", "")
        words = answer.headers.get("Location", "") or (content.decode() if kind.startswith("text/html") else "")
        return answer.status, kind, words

    def enter(self, role: str) -> str:
        """Sign in as a role with one touch; give where it leads."""
        _, _, page = self.ask("GET", "/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "no form at the door"
        status, _, to = self.ask("POST", "/demo/enter", {"csrfmiddlewaretoken": token[1], "role": role})
        assert status == 302, (role, status)
        return to
