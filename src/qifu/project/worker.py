"""The background half: jobs from procrastinate's queue, the timer, news and seals, and a heartbeat that tells of them."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day

from django.db import DatabaseError, close_old_connections, connection, transaction
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app as job_app
from procrastinate.contrib.django.utils import connector_params

from qifu.areas.casework import api as casework
from qifu.areas.correspondence import api as correspondence
from qifu.areas.insight import api as insight
from qifu.areas.loops import api as loops
from qifu.areas.mobilisation import api as mobilisation
from qifu.areas.resumption import api as resumption
from qifu.areas.returns import api as returns
from qifu.areas.services import api as services
from qifu.areas.visits import api as visits
from qifu.kernel import events, journal
from qifu.kernel.access import DOOR, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import exporting, issuing
from qifu.kernel.indicators import rollup
from qifu.kernel.intake import process as intake
from qifu.kernel.journal import reading, sealing
from qifu.kernel.ladder import sweep as ladder
from qifu.kernel.notify import digests, outbox, receipts
from qifu.kernel.workflow import timer as timers
from qifu.project.accounts import door
from qifu.project.health import HEARTBEAT_EVERY, WORKER
from qifu.project.models import Heartbeat
from qifu.project.workdays.following import follow_years

NIGHT = time_of_day(2, 30)
log = logging.getLogger("qifu.worker")


@dataclass(frozen=True)
class Round:
    """One thing done again and again: what, how often (seconds), the call that takes the time of now, seconds to wait
    before the first time."""

    name: str
    every: float
    call: Callable[[datetime], object]
    after: float = 0.0


def quick_rounds() -> list[Round]:
    """Give what is asked for every few seconds or minutes and is soon done."""
    return [
        Round("months", 6 * 3600, _make_months),
        Round("timer", 5, timers.tick),
        Round("news", 2, lambda at: events.deliver(actor=timers.timer())),
        Round("papers", 2, lambda at: issuing.keep_waiting(timers.timer())),
        Round("exports again", 600, lambda at: exporting.again(timers.timer())),
        Round("seal", 600, lambda at: journal.seal(at=at), after=60),
        Round("tidy", 3600, _tidy, after=30),
        Round("bulletins", 60, draft_bulletins, after=20),
        Round("look-backs", 300, draw_look_backs, after=40),
        Round("returns", 30, fill_returns, after=25),
        Round("tomorrow", 300, mobilisation.remind, after=45),
        Round("missing logs", 600, visits.remind, after=50),
        Round("clocks of old opinions", 6 * 3600, lambda at: _all(visits.begin_clocks, at), after=65),
        Round("who waits for a time", 5, services.fill, after=12),
        Round("answers to review", 600, services.remind, after=55),
        Round("ladder", 60, ladder.sweep, after=35),
        Round("years", 60, follow_years, after=15),
    ]


def slow_rounds(at: datetime) -> list[Round]:
    """Give what may take minutes: the figures' sums each hour, the proofs each night at half past two."""
    night = datetime.combine(at.astimezone(clock.ZONE).date(), NIGHT, clock.ZONE)
    night += timedelta(days=night <= at)
    return [
        Round("exports", 3, lambda at: exporting.make_waiting(timers.timer())),
        Round("lists", 2, lambda at: intake.read_waiting(timers.timer(), at)),
        Round("sums", 3600, _roll, after=120),
        Round("lessons", 24 * 3600, learn, after=600),
        Round("proofs", 24 * 3600, _prove, after=(night - at).total_seconds()),
    ]


def message_rounds() -> list[Round]:
    """Give what waits for gateways, which may be slow: it has a circle of its own."""
    return [
        Round("messages", 1, outbox.carry),
        Round("letters", 5, correspondence.carry, after=3),
        Round("receipts", 30, receipts.poll, after=10),
        Round("texts", 60, receipts.approve),
        Round("left messages", 60, outbox.recover, after=20),
        Round("digests", 60, lambda at: _all(digests.send_due, at), after=15),
        Round("old messages", 3600, outbox.tidy, after=300),
        Round("loops", 5, loops.carry),
        Round("loops used", 3600, loops.tidy, after=320),
    ]


def _all(do: Callable[[datetime], int], at: datetime) -> int:
    """Do something that takes a part at a time until nothing is left; gives how many."""
    done = 0
    while part := do(at):
        done += part
    return done


def draft_bulletins(at: datetime) -> int:
    """Draft the bulletin of each place whose hour has come and that has none yet; gives how many."""
    actor = timers.timer()
    with acting(actor):
        places = insight.due(at)
    return sum(run("insight.draft", {"place": place}, actor=actor, at=at).ok for place in places)


def fill_returns(at: datetime) -> int:
    """Fill the table of each template whose hour has come and that has none of today; gives how many."""
    actor = timers.timer()
    with acting(actor):
        found = returns.due(at)
    return sum(run("returns.fill", {"blank": blank}, actor=actor, at=at).ok for blank in found)


def draw_look_backs(at: datetime) -> int:
    """Draw the day's look-backs of each town whose hour has come and that has not drawn yet; gives how many firms."""
    actor = timers.timer()
    with acting(actor):
        places = resumption.towns_to_draw(at)
    done = [run("resumption.lookback.draw", {"place": place}, actor=actor, at=at) for place in places]
    return sum(one.result for one in done if one.ok)


def learn(at: datetime) -> int:
    """Learn the suggested kind anew in each district whose last lesson is a month old; gives how many."""
    actor = timers.timer()
    if not casework.learning.installed():
        return 0
    with acting(actor):
        places = casework.learning.due(at)
    return sum(run("casework.learn", {"place": place}, actor=actor, at=at).ok for place in places)


def _make_months(at: datetime) -> None:
    with sealing.whole():
        reading.make_months([at.date(), at.date() + timedelta(days=31), at.date() + timedelta(days=62)])


def _tidy(at: datetime) -> None:
    with acting(DOOR):
        door.tidy(at)


def _roll(at: datetime) -> None:
    with sealing.whole():
        rollup.roll(at)


def _prove(at: datetime) -> None:
    """Prove journal, objects and sums. What disagrees is kept as a finding and told; the service goes on."""
    found = journal.prove(at=at)
    if not found.good:
        log.error("the journal does not agree: %s problems", found.report.count)
    with sealing.whole():
        if differing := rollup.drift():
            log.error("the sums differ from the journal in %s groups", len(differing))


def beat(at: datetime, *, trouble: str = "") -> None:
    """Write down that the worker is alive at `at`, and what troubles it (a word, no secrets)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE qifu_worker")
        Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": at, "trouble": trouble})


def go_round(todo: list[Round], ending: threading.Event, *, trouble: dict[str, str], beats: bool = True) -> None:
    """Do each round when its time comes until told to end, and beat every ten seconds. One failing stops no other.

    `trouble` is filled by name of the round, and shared with the circle that beats."""
    due = {each.name: time.monotonic() + each.after for each in todo}
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
        if beats and time.monotonic() >= next_beat:
            try:
                beat(clock.now(), trouble="; ".join(sorted(trouble.values())))
                next_beat = time.monotonic() + HEARTBEAT_EVERY.total_seconds()
            except DatabaseError:
                log.warning("the database does not answer; trying again")
        ending.wait(0.5)


def main() -> int:
    """Run until SIGTERM or SIGINT; a job under way is given ten seconds to end."""
    ending = threading.Event()
    trouble: dict[str, str] = {}
    circles = [
        threading.Thread(target=go_round, args=(todo, ending), kwargs={"trouble": trouble, "beats": beats}, name=name, daemon=True)
        for name, todo, beats in (
            ("quick", quick_rounds(), True),
            ("slow", slow_rounds(clock.now()), False),
            ("messages", message_rounds(), False),
        )
    ]
    for circle in circles:
        circle.start()
    try:
        asyncio.run(_work_queue())
    finally:
        ending.set()
        for circle in circles:
            circle.join(timeout=5)
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
