"""Asking another system with an end to the patience: a service that hangs holds four threads here and no page."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from threading import BoundedSemaphore
from typing import TypeVar

from .port import Refusal, Unavailable

log = logging.getLogger("qifu.identity")
_AT_ONCE = 4

_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="qifu-identity")
_free = BoundedSemaphore(_AT_ONCE)
T = TypeVar("T")


def ask(what: Callable[[], T], *, patience: float) -> T:
    """Give what the service answers within so many seconds.

    Refuses as the service does, and Unavailable when it is slow, broken or crowded.

    No transaction may be open: the answer may take seconds. The service's own call reads no database."""
    if not _free.acquire(blocking=False):
        raise Unavailable
    answer = _threads.submit(what)
    answer.add_done_callback(lambda _: _free.release())
    try:
        return answer.result(timeout=patience)
    except TooSlow:
        answer.cancel()
        raise Unavailable from None
    except Refusal:
        raise
    except Exception as problem:
        # What an adapter trips over in another's answer is that service's fault, and the person has another way in.
        log.warning("identity service failed: %s", type(problem).__name__)
        raise Unavailable from problem


__all__ = ["ask"]
