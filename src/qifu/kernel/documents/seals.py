"""The port for electronic seals (电子印章). Where no service stands behind it, letters show the place for a stamp of rubber."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Sealed:
    """What a seal service gave for one PDF: its serial number and its signature over the hash. Both empty for none."""

    serial: str = ""
    token: bytes = b""


class Seals(Protocol):
    """A seal service. `seal` takes the SHA-256 of the PDF, the organ whose seal it is, and the paper's number."""

    name: str

    def seal(self, digest: bytes, *, organ: str, number: str) -> Sealed: ...

    def verify(self, digest: bytes, sealed: Sealed) -> bool: ...


class NoSeals:
    """Stands where no service was chosen: papers are stamped by hand and photographed back."""

    name = "none"

    def seal(self, digest: bytes, *, organ: str, number: str) -> Sealed:
        return Sealed()

    def verify(self, digest: bytes, sealed: Sealed) -> bool:
        return False


class _Chosen:
    def __init__(self) -> None:
        self.service: Seals = NoSeals()


_chosen = _Chosen()


def choose(service: Seals) -> None:
    """Choose the seal service of this installation; called once at the start."""
    _chosen.service = service


@contextmanager
def using(service: Seals) -> Iterator[Seals]:
    """Use another service inside the block (tests, drills)."""
    before, _chosen.service = _chosen.service, service
    try:
        yield service
    finally:
        _chosen.service = before


def seal(digest: bytes, *, organ: str, number: str) -> Sealed:
    """Let the chosen service seal a hash."""
    return _chosen.service.seal(digest, organ=organ, number=number)


def verify(digest: bytes, sealed: Sealed) -> bool:
    """Ask the chosen service whether a seal is its own and fits."""
    return _chosen.service.verify(digest, sealed)
