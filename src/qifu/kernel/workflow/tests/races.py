"""Races for tests: the same moment for many threads, each with a connection of its own."""

import contextvars
import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; give their results in order, an error as it was raised."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def one(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=30)
            results[number] = act()
        except Exception as problem:
            results[number] = problem
        finally:
            connections.close_all()

    # The clock of a test is a context's own: each thread goes on under the same hands.
    threads = [threading.Thread(target=contextvars.copy_context().run, args=(one, n, act), daemon=True) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a race did not end"
    return results


def done(results: Sequence[Any]) -> list[Any]:
    """Give the results that took place."""
    return [result for result in results if getattr(result, "ok", False)]


def refused(results: Sequence[Any]) -> list[str]:
    """Give the codes of those that were refused; anything else is a fault."""
    rest = [result for result in results if not getattr(result, "ok", False)]
    assert all(hasattr(result, "code") for result in rest), rest
    return [result.code for result in rest]
