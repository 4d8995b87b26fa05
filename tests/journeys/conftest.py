"""Journeys that need an hour of their own: a module says so by a fixture `live` that gives `served_at_hours`."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from tests.serving import Hours, served


@pytest.fixture
def hours(database: Any) -> Iterator[Hours]:
    """Begin on a Wednesday at half past nine, until the test turns it."""
    with ExitStack() as turned:
        found = Hours(turned)
        found.turn("2020-02-12", "09:30")
        yield found


@pytest.fixture
def served_at_hours(hours: Hours) -> Iterator[str]:
    """Serve the application by this process, under the hours of the test."""
    with served() as address:
        yield address
