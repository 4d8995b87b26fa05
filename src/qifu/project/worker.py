"""The background half: jobs from procrastinate's queue, the timer, news and seals, and a heartbeat that tells of them."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection, transaction
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app as job_app
from procrastinate.contrib.django.utils import connector_params

from qifu.kernel import events, journal
from qifu.kernel.calendar import clock
from qifu.kernel.workflow import timer as timers
from qifu.project.health import HEARTBEAT_EVERY, WORKER
from qifu.project.models import Heartbeat

log = logging.getLogger("qifu.worker")


@dataclass(frozen=True)
class Round:
    """One thing done again and again: what, how often (seconds), and the call that takes the time of now."""

    name: str
    every: float
    call: Callable[[datetime], object]


def rounds() -> list[Round]:
    """Give what the kernel asks to be done regularly; the queue is not among it."""
    found = [Round("timer", 5, timers.tick), Round("news", 2, lambda at: events.deliver(actor=timers.timer()))]
    if hasattr(journal, "seal"):
        found.append(Round("seal", 600, lambda at: journal.seal(at=at)))
    return found


def beat(at: datetime, *, trouble: str = "") -> None:
    """Write down that the worker is alive at `at`, and what troubles it (a word, no secrets)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE qifu_worker")
        Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": at, "trouble": trouble})


def go_round(todo: list[Round], ending: threading.Event) -> None:
    """Do each round when its time comes, beat every ten seconds, until told to end. One failing stops no other."""
    due = {each.name: 0.0 for each in todo}
    trouble: dict[str, str] = {}
    next_beat = 0.0
    while not ending.is_set():
        close_old_connections()
        for each in todo:
            if time.monotonic() < due[each.name] or ending.is_set():
                continue
            due[each.name] = time.monotonic() + each.every
            try:
                each.call(clock.now())
                trouble.pop(each.name, None)
            except Exception as failed:
                # Whatever broke, the other rounds go on and /healthz names this one; the log tells it once.
                says = f"{each.name}: {type(failed).__name__}"
                if trouble.get(each.name) != says:
                    log.exception("%s failed", each.name)
                trouble[each.name] = says
                next_beat = 0.0
        if time.monotonic() >= next_beat:
            try:
                beat(clock.now(), trouble="; ".join(trouble.values()))
                next_beat = time.monotonic() + HEARTBEAT_EVERY.total_seconds()
            except DatabaseError:
                log.warning("the database does not answer; trying again")
        ending.wait(0.5)


def main() -> int:
    """Run until SIGTERM or SIGINT; a job under way is given ten seconds to end."""
    ending = threading.Event()
    circle = threading.Thread(target=go_round, args=(rounds(), ending), name="rounds", daemon=True)
    circle.start()
    try:
        asyncio.run(_work_queue())
    finally:
        ending.set()
        circle.join(timeout=10)
    return 0


async def _work_queue() -> None:
    params = connector_params()
    # The queue's own connection has no actor, so it is the worker role from its first breath.
    params["options"] = "-c role=qifu_worker"
    app = job_app.with_connector(PsycopgConnector(kwargs=params, min_size=1, max_size=4))
    loop = asyncio.get_running_loop()
    async with app.open_async():
        work = asyncio.create_task(
            app.run_worker_async(
                concurrency=2,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=10,
            )
        )
        # Unconditionally: a child that was started in the background inherits SIGINT ignored.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            log.info("worker stopped")
