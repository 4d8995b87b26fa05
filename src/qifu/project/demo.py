"""`make demo`: everything on one machine, from nothing to an address, and all of it gone at Ctrl-C."""

import fcntl
import hashlib
import http.client
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType

from qifu.project import database
from qifu.project.postgres import DatabaseRefused
from qifu.project.supervisor import Child, Supervisor

SETTINGS = "qifu.project.settings.demo"


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


def web_command(*, host: str, port: int, workers: int = 2, threads: int = 8) -> list[str]:
    """Give the command line of the web server."""
    return [
        sys.executable,
        *("-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--backpressure", str(8 * threads)),
        *("--no-ws", "--no-access-log", "--log-level", "warning", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "8"),
        "qifu.project.wsgi:application",
    ]


def need_port(host: str, port: int, *, otherwise: str) -> None:
    """Refuse an address that is taken: the web server would share the port with whoever has it, and each get some of the requests."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise DatabaseRefused(
                f"端口 {port} 已被占用，或没有 {host} 这个地址：换一个，例如 {otherwise}。 Port {port} is in use: choose another."
            ) from None


def main(var: Path, *, host: str, port: int, sample: bool = True) -> int:
    """Run the demo until SIGINT or SIGTERM. Refuses a port in use and a second demo on the same data."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ.setdefault("QIFU_ADDRESS", f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}")
    # Unconditionally: what make starts in the background inherits SIGINT ignored (DECISIONS 31).
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if os.environ.get("MAKELEVEL"):
        threading.Thread(target=_follow_make, args=(os.getppid(),), daemon=True).start()
    try:
        with _alone(var, host=host, port=port):
            try:
                return _run(var, host=host, port=port, sample=sample)
            finally:
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, signal.SIG_IGN)
                database.stop(var)
                say("已全部停止，数据仍在。 All stopped; the data stays.")
    except KeyboardInterrupt:
        return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _follow_make(make: int) -> None:
    """End when make does. It passes SIGTERM on, but not SIGINT, which it expects a terminal to give to both; while it
    then waits for us it holds SIGINT blocked, which can be seen."""
    while os.getppid() == make:
        with suppress(OSError, StopIteration, ValueError):
            lines = Path(f"/proc/{make}/status").read_text().splitlines()
            blocked = next(line for line in lines if line.startswith("SigBlk:")).split()[1]
            if int(blocked, 16) & 1 << (signal.SIGINT - 1):
                break
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)


def _run(var: Path, *, host: str, port: int, sample: bool) -> int:
    began = time.monotonic()
    say("1/4 数据库 database ...")
    database.start(var)
    database.prepare(var)
    logging.getLogger("procrastinate.blueprints").setLevel(logging.WARNING)
    import django

    django.setup()
    say("2/4 数据结构 schema ...")
    from qifu.project import schema

    schema.bring_up_to_date()
    say("3/4 页面资源与示例区县 pages, sample district ...")
    collect_static(var)
    if sample:
        seed_once(var)
    say("4/4 服务与后台 server, worker ...")
    log = var / "log"
    log.mkdir(exist_ok=True)
    children = [
        Child("web", web_command(host=host, port=port), log=log / "web.log"),
        Child("worker", [sys.executable, "-m", "qifu.project.command", "worker"], log=log / "worker.log"),
    ]
    supervisor = Supervisor(children, var=var, say=say)
    supervisor.listen()
    try:
        supervisor.start()
        supervisor.watch(
            ready=lambda: is_well(host, port),
            on_ready=lambda: say(_welcome(host, port, seconds=time.monotonic() - began, log=log)),
        )
    finally:
        supervisor.stop()
    return 0


def _welcome(host: str, port: int, *, seconds: float, log: Path) -> str:
    lines = [
        "",
        f"  企服已就绪（{seconds:.0f} 秒）：http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/",
        "  Ready. Ctrl-C 停止全部；再次启动只需几秒，数据保留；make demo-reset 从头开始。",
        f"  日志 logs: {log}",
    ]
    if host == "127.0.0.1":
        lines += ["  从另一台机器打开 from another machine: HOST=0.0.0.0 make demo"]
    lines += [
        "  注意：换一台机器打开时，扫码用的摄像头、离线使用和本机加密需要 https；在 localhost 不需要。",
        "  Camera, offline use and in-browser encryption need https there; localhost needs none.",
        "",
    ]
    return "\n".join(lines)


def seed_once(var: Path) -> bool:
    """Build the sample district if this data has none yet; says whether it was built.

    One that was broken off is thrown away first: nobody has worked on it, since the pages were never up."""
    done, begun = var / "run" / "sample.json", var / "run" / "sample.begun"
    if done.exists():
        return False
    from qifu.project import sample, schema, scratch

    if begun.exists() and not database.foreign():
        say("  上次没有建完，重新来过。 Broken off last time: starting over.")
        name = database.role_settings(var, "qifu")["NAME"]
        database.drop(var, name)
        database.prepare(var, name)
        schema.bring_up_to_date()
    begun.touch()
    began = time.monotonic()
    with nullcontext() if database.foreign() else scratch.unhurried(var, database.role_settings(var, "qifu")["NAME"]):
        sample.seed(progress=_Progress())
    done.write_text(json.dumps({"seconds": round(time.monotonic() - began, 1)}))
    begun.unlink()
    return True


class _Progress:
    """A line that moves on a terminal, and a line each tenth in a log."""

    def __init__(self) -> None:
        self.said = -1

    def __call__(self, done: int, of: int) -> None:
        share = done * 100 // max(of, 1)
        step = share if sys.stdout.isatty() else share // 10 * 10
        if step != self.said:
            self.said = step
            over = sys.stdout.isatty() and step < 100
            print(f"  {step}%", end="\r" if over else "\n", flush=True)


def collect_static(var: Path) -> bool:
    """Gather, hash and compress the pages' files if any changed; says whether it was done."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    mark = var / "run" / "static.sha256"
    if mark.exists() and mark.read_text() == digest.hexdigest():
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(digest.hexdigest())
    return True


def is_well(host: str, port: int) -> bool:
    """Ask /healthz."""
    client = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=3)
    try:
        client.request("GET", "/healthz")
        return client.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        client.close()


@contextmanager
def _alone(var: Path, *, host: str, port: int) -> Iterator[None]:
    database.secret_key(var)
    with (var / "run" / "demo.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise DatabaseRefused(f"演示已在运行：{handle.read().strip()}。 The demo is running already, at that address.") from None
        need_port(host, port, otherwise=f"PORT={port + 1} make demo")
        handle.truncate(0)
        handle.write(f"http://localhost:{port}/\n")
        handle.flush()
        yield
