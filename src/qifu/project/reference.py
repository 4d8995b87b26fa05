"""Loads what every installation stands on and no migration may hold: roles and places, from the packs."""

from pathlib import Path

from qifu.kernel.access import roles
from qifu.kernel.jurisdiction import loader


def load(packs: Path, *, using: str = "owner") -> dict[str, int]:
    """Make roles and places equal the packs, as the owner, after every migrate; says how many of each."""
    places = loader.ensure(packs, using=using)
    return {"roles": roles.load(packs / "roles.csv", using=using), "packs": len(places)}
