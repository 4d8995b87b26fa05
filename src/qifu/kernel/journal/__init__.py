"""The append-only ledger of states: every move, every dated fact, every sensitive look, sealed and signed.

Figures, timelines, audit and news are read from here; nothing else keeps a history."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .proof import Proof
    from .verify import Seal


# Django imports this package before its models can be.


def seal(*, at: datetime) -> "Seal | None":
    """Seal what is known (see `sealing.seal`); regularly, by the worker."""
    from . import sealing

    return sealing.seal(at=at)


def new_era(*, at: datetime, reason: str = "restored") -> int:
    """Begin a new era (see `sealing.new_era`); after a restore."""
    from . import sealing

    return sealing.new_era(at=at, reason=reason)


def prove(*, at: datetime) -> "Proof":
    """Verify the live journal whole and keep the finding (see `proof.prove`); each night, by the worker."""
    from . import proof

    return proof.prove(at=at)
