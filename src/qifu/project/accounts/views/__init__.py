"""The pages: the door, the own account, the people."""

from . import entering, me, people

__all__ = ["entering", "me", "people"]
