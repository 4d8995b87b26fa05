"""The port for short messages, and the hand-over to whichever gateway stands behind it.

A message leaves after the transaction has committed, on a thread of its own: the person at the page never waits for a
telephone company, and nobody can tell by the time taken whether a message went out at all."""

import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol

from django.db import transaction

from qifu.kernel.values.secret import Secret

log = logging.getLogger("qifu.notify")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One short message: to whom, what it says, of which kind (login_code, factor_added ...), made at which instant."""

    to: Secret
    text: Secret
    kind: str
    at: datetime


class Sms(Protocol):
    """A gateway for short messages (短信). `send` raises where the gateway did not take it."""

    name: str

    def send(self, message: Message) -> None: ...


class NoGateway:
    """Stands where no gateway was chosen: nothing leaves, and the operator's log says so."""

    name = "none"

    def send(self, message: Message) -> None:
        """Say in the log that a message of this kind did not leave; never its words or number."""
        log.error("no SMS gateway is configured: a message of kind %s did not leave", message.kind)


class _Office:
    """The gateway in use and the threads that carry messages to it, made on first use (after the server has forked)."""

    def __init__(self) -> None:
        self.gateway: Sms = NoGateway()
        self.lock = Lock()
        self.threads: ThreadPoolExecutor | None = None
        self.under_way: set[Future[None]] = set()

    def hand_over(self, message: Message | None) -> None:
        """Put a message on its way."""
        with self.lock:
            if self.threads is None:
                self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="qifu-notify")
            future = self.threads.submit(_carry, self.gateway, message)
            self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)


_office = _Office()


def choose(gateway: Sms) -> None:
    """Choose the gateway of this installation; called once at the start."""
    _office.gateway = gateway


@contextmanager
def using(gateway: Sms) -> Iterator[Sms]:
    """Use another gateway inside the block (tests, drills)."""
    before = _office.gateway
    _office.gateway = gateway
    try:
        yield gateway
    finally:
        settle()
        _office.gateway = before


def send(message: Message | None) -> None:
    """Send after the open transaction commits, at once where none is open. None takes the same way and reaches nobody."""
    transaction.on_commit(lambda: _office.hand_over(message))


def settle(seconds: float = 5.0) -> None:
    """Wait until what is under way has been handed over (tests, and before a command ends)."""
    wait(set(_office.under_way), timeout=seconds)


def _carry(gateway: Sms, message: Message | None) -> None:
    if message is None:
        return
    try:
        gateway.send(message)
    except Exception:
        # Without a traceback: its frames hold the number and the words.
        log.error("the SMS gateway %s did not take a message of kind %s", gateway.name, message.kind)
