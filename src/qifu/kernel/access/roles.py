"""Loads roles.csv into the table of roles: roles are data (DECISIONS 5)."""

import csv
from pathlib import Path

from .models import Role


def load(path: Path, *, using: str = "owner") -> int:
    """Make the table of roles equal the file; returns how many roles it holds. Run by the owner at set-up."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    roles = [
        Role(
            code=row["code"],
            label=row["label"],
            face=row["face"],
            second_factor=row["second_factor"] == "1",
            compartments=row["compartments"].split(),
            rights=row["rights"].split(),
            says=row["says"],
        )
        for row in rows
    ]
    Role.objects.using(using).bulk_create(
        roles,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "face", "second_factor", "compartments", "rights", "says"],
    )
    return len(roles)
