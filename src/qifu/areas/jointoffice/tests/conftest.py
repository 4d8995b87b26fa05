"""The district of these tests, on a real database."""

from collections.abc import Iterator
from typing import Any

import pytest

from .factories import World, world


@pytest.fixture
def fenghua(database: Any) -> Iterator[World]:
    """Give Fenghua on Monday 17 February 2020, with a menu of two services."""
    yield from world()
