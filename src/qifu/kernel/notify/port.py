"""The ports: a gateway that carries letters from the outbox, and the direct way of a code at the door.

A direct message leaves after the transaction has committed, on a thread of its own: the person at the page never waits
for a telephone company, and nobody can tell by the time taken whether a message went out at all."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Literal, Protocol, cast
from uuid import UUID

from django.db import transaction

from qifu.kernel.calendar import clock
from qifu.kernel.values.secret import Secret

from .terms import SIGN, SMS

log = logging.getLogger("qifu.notify")


# ---------------------------------------------------------------- letters


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a gateway is handed: to whom (number, address, or a robot's webhook), the text, and the same as template and values.

    `id` is ours for ever: a gateway that keeps ids takes the same letter once, however often it is handed over."""

    id: UUID
    to: Secret
    text: Secret
    kind: str
    title: str = ""
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: Secret = field(default_factory=lambda: Secret(""), repr=False)
    """The secret by which a robot's messages are signed."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of one letter: taken; again (surely not taken, try after `after`); refused for good; unknown."""

    state: Literal["taken", "again", "refused", "unknown"]
    gateway_id: str = ""
    why: str = ""
    after: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a gateway tells later: by our id or by its own. `absent` says that it never had the letter."""

    state: Literal["delivered", "failed", "taken", "absent"]
    id: UUID | None = None
    gateway_id: str = ""
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Approval:
    """How a text stands with the gateway: asked, approved under a number, refused for a reason."""

    state: Literal["asked", "approved", "refused"]
    number: str = ""
    why: str = ""


class NotTaken(Exception):
    """The gateway took nothing of this call, for certain: it could not be reached, or said so."""

    def __init__(self, why: str, *, after: timedelta = timedelta(0)) -> None:
        super().__init__(why)
        self.why, self.after = why, after


class Forged(Exception):
    """A callback that the gateway has not signed, or that is too old."""


class Gateway(Protocol):
    """What carries letters of one channel.

    `dedupes`: a second delivery of the same id is taken once, so that an unknown end may be tried again. `asks`: `ask`
    tells what became of ids. `approves`: texts wait for `approval`. `per_minute`: most letters to one address (robots)
    or in all; 0 for no bound. `hand` gives an answer for each letter in order; it raises NotTaken where none was taken,
    and anything else that it raises means that nobody knows."""

    name: str
    at_once: int
    dedupes: bool
    asks: bool
    approves: bool
    per_minute: int

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]: ...

    def ask(self, ids: Sequence[UUID]) -> Sequence[Receipt]: ...

    def receipts(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Sequence[Receipt]: ...

    def approval(self, kind: str, text: str) -> Approval: ...


class Plain:
    """What a gateway has where it says nothing else: keeps no ids, tells nothing later, approves nothing."""

    name = "plain"
    at_once = 1
    dedupes = False
    asks = False
    approves = False
    per_minute = 0

    def ask(self, ids: Sequence[UUID]) -> Sequence[Receipt]:
        """Nothing is known."""
        return []

    def receipts(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Sequence[Receipt]:
        """Whoever has no callbacks is called by nobody."""
        raise Forged

    def approval(self, kind: str, text: str) -> Approval:
        """Every text may go."""
        return Approval(state="approved")


# ---------------------------------------------------------------- the direct way


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
        raise NotTaken("没有配置短信网关")


class _OneByOne(Plain):
    """A gateway that only knows `send`, as the outbox wants it."""

    at_once = 100

    def __init__(self, gateway: Sms) -> None:
        self.gateway, self.name = gateway, gateway.name

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        """Send each; one that is not taken does not stop the next."""
        return [self._one(letter) for letter in letters]

    def _one(self, letter: Letter) -> Answer:
        try:
            self.gateway.send(Message(to=letter.to, text=letter.text, kind=letter.kind, at=clock.now()))
        except NotTaken as refused:
            return Answer(state="again", why=refused.why, after=refused.after)
        except Exception:
            # Whatever broke on the way: the message may have left.
            return Answer(state="unknown", why="网关出错，没有说收没收下")
        return Answer(state="taken")


Recorder = Callable[[Message, str, str], None]
"""Told of each direct message: the message, the gateway's name, why it did not leave ('' where it did)."""


class _Office:
    """The gateways in use and the threads that carry messages to them, made on first use (after the server has forked)."""

    def __init__(self) -> None:
        self.gateway: Sms = NoGateway()
        self.channels: dict[str, Gateway] = {}
        self.recorder: Recorder | None = None
        self.lock = Lock()
        self.threads: ThreadPoolExecutor | None = None
        self.under_way: set[Future[None]] = set()

    def hand_over(self, what: Callable[[], None]) -> None:
        """Put something on its way."""
        with self.lock:
            if self.threads is None:
                self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="qifu-notify")
            future = self.threads.submit(what)
            self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)


_office = _Office()


def choose(gateway: Sms) -> None:
    """Choose the gateway for short messages of this installation; called once at the start."""
    _office.gateway = gateway


def open_channel(channel: str, gateway: Gateway) -> None:
    """Open another channel (work, mail, wecom, ding) with its gateway; once, at the start."""
    _office.channels[channel] = gateway


def channels() -> dict[str, Gateway]:
    """Give the channels that are open, each with its gateway. That of short messages always is."""
    sms = _office.gateway
    return {SMS: cast(Gateway, sms) if hasattr(sms, "hand") else _OneByOne(sms), **_office.channels}


def direct() -> Sms:
    """Give the gateway for short messages."""
    return _office.gateway


def record_by(recorder: Recorder) -> None:
    """Have each direct message recorded after it was handed over, without its words."""
    _office.recorder = recorder


@contextmanager
def using(gateway: Sms, **others: Gateway) -> Iterator[Sms]:
    """Use another gateway inside the block, and only these other channels (tests, drills)."""
    before = _office.gateway, _office.channels
    _office.gateway, _office.channels = gateway, dict(others)
    try:
        yield gateway
    finally:
        settle()
        _office.gateway, _office.channels = before


def send(message: Message | None) -> None:
    """Send after the open transaction commits, at once where none is open. None takes the same way and reaches nobody."""
    transaction.on_commit(lambda: _office.hand_over(partial(_carry, _office.gateway, message)))


def send_letter(channel: str, letter: Letter) -> None:
    """Send one letter by a channel at once, as `send` does: digits that prove an address. It is not recorded."""
    transaction.on_commit(lambda: _office.hand_over(partial(_carry_letter, channels()[channel], letter)))


def _carry_letter(gateway: Gateway, letter: Letter) -> None:
    try:
        (answer,) = gateway.hand([letter])
    except Exception as failed:
        log.error("gateway %s: %s with a letter of kind %s", gateway.name, type(failed).__name__, letter.kind)
        return
    if answer.state != "taken":
        log.error("gateway %s did not take a letter of kind %s: %s", gateway.name, letter.kind, answer.why)


def settle(seconds: float = 5.0) -> None:
    """Wait until what is under way has been handed over (tests, and before a command ends)."""
    wait(set(_office.under_way), timeout=seconds)


def _carry(gateway: Sms, message: Message | None) -> None:
    if message is None:
        return
    why = ""
    try:
        gateway.send(message)
    except Exception as failed:
        why = failed.why if isinstance(failed, NotTaken) else "网关没有收下"
        # Without a traceback: its frames hold the number and the words.
        log.error("the SMS gateway %s did not take a message of kind %s", gateway.name, message.kind)
    if _office.recorder is not None:
        try:
            _office.recorder(message, gateway.name, why)
        except Exception as failed:
            log.error("a message of kind %s was not recorded: %s", message.kind, type(failed).__name__)


def signed(text: str) -> str:
    """Put the sender's sign before a text, once: the networks refuse a short message without."""
    return text if text.startswith("【") else SIGN + text


__all__ = [
    "Answer", "Approval", "Forged", "Gateway", "Letter", "Message", "NoGateway", "NotTaken", "Plain", "Receipt", "Sms",
    "channels", "choose", "direct", "open_channel", "record_by", "send", "send_letter", "settle", "signed", "using",
]  # fmt: skip
