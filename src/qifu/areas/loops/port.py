"""The way back to a platform, as a port: what carries a reply over the wire is chosen by the project."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True)
class Told:
    """What became of one try: taken; or not, with why, and whether another try may help (and not before when)."""

    taken: bool
    why: str = ""
    again: bool = True
    after: timedelta | None = None


class Carrier(Protocol):
    """Posts one signed reply; never raises for what the other side does."""

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told: ...


class _Nobody:
    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told:
        return Told(taken=False, why="这台机器没有接通外部平台")


_chosen: list[Carrier] = [_Nobody()]


def carry_by(carrier: Carrier) -> None:
    """Choose what carries replies (the project, when it starts)."""
    _chosen[:] = [carrier]


def carrier() -> Carrier:
    """Give what carries replies."""
    return _chosen[0]


@contextmanager
def using(other: Carrier) -> Iterator[Carrier]:
    """Use another carrier inside the block (tests, drills)."""
    before = list(_chosen)
    _chosen[:] = [other]
    try:
        yield other
    finally:
        _chosen[:] = before
