"""What a migration says about who may touch a table: database roles, row security, append-only.

The lowest package with a word about the database, so that every other app's migration may import it."""

from .operations import AppendOnly, AtDoor, LooksAreTheirs, Offer, Protect, Refers, Withdraw
from .policy import DOOR, ROLES, door_policies, policies

__all__ = ["DOOR", "ROLES", "AppendOnly", "AtDoor", "LooksAreTheirs", "Offer", "Protect", "Refers", "Withdraw", "door_policies", "policies"]
