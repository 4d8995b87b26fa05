"""The frozen values of access: who acts, wearing which hats, and how far each hat reaches."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

UNIT_MOST = 50
"""Characters of a department's name in words: its code puts the place's number before it and holds 60."""
NOWHERE = 0
"""The place of what belongs to no place: attempts of somebody who is nobody yet. Whoever audits reads it."""
AUDIT = "journal.audit"


def person_of(id: str) -> UUID | None:
    """Give the person behind the id of an actor as rows keep it; None for a machine, and where nobody stands there."""
    try:
        return UUID(id)
    except ValueError:
        return None


@dataclass(frozen=True)
class Scope:
    """What an actor reaches: whole regions (place ids), the parties it is, the compartments it is cleared for.

    `everywhere` stands for whole reach above about 1,000 places (DECISIONS 4)."""

    regions: tuple[int, ...] = ()
    parties: tuple[UUID, ...] = ()
    compartments: tuple[str, ...] = ()
    everywhere: bool = False

    def holds(self, row: Any) -> bool:
        """Say whether a scoped row lies inside: the same sentence as the policy in the database."""
        inside = self.everywhere or row.region in self.regions or (row.party is not None and row.party in self.parties)
        return inside and (not row.compartment or row.compartment in self.compartments)


@dataclass(frozen=True)
class Hat:
    """One grant as it is worn: a role for a place, department or party, for a purpose, between two instants."""

    role: str
    rights: frozenset[str]
    scope: Scope
    place: int | None = None
    department: str = ""
    purpose: str = ""
    label: str = ""
    task_force: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def valid(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, a device, or a named timer, with every hat on at once (one person, one to-do list).

    A right counts only together with the reach of the hat that gives it."""

    id: str
    name: str
    hats: tuple[Hat, ...] = ()
    person: UUID | None = None
    strong: bool = False
    """Has proved a second factor in this session."""
    door: bool = False
    """Stands at the door: may look up an account, nothing else."""
    worker: bool = False
    """Runs as the worker's database role."""
    extra: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @cached_property
    def scope(self) -> Scope:
        """The union of what all hats reach: what the database is told."""
        scopes = [hat.scope for hat in self.hats]
        return Scope(
            regions=tuple(sorted({r for s in scopes for r in s.regions})),
            parties=tuple(sorted({p for s in scopes for p in s.parties}, key=str)),
            compartments=tuple(sorted({c for s in scopes for c in s.compartments})),
            everywhere=any(s.everywhere for s in scopes),
        )

    @cached_property
    def rights(self) -> frozenset[str]:
        return frozenset[str]().union(*(hat.rights for hat in self.hats))

    @property
    def sees(self) -> tuple[int, ...]:
        """Give the places whose rows this actor is shown: those that it reaches, and nowhere for whoever audits."""
        return (NOWHERE, *self.scope.regions) if AUDIT in self.rights else self.scope.regions

    def hat_for(self, right: str, *, at: datetime, on: Any = None) -> Hat | None:
        """Give the hat that carries a right over a row at a time, or None."""
        for hat in self.hats:
            if right in hat.rights and hat.valid(at) and (on is None or hat.scope.holds(on)):
                return hat
        return None

    def may(self, right: str) -> bool:
        """Say whether any hat carries the right at all (menus; `require` decides)."""
        return right in self.rights
