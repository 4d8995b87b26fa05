"""The pages: the door, the own account, passkeys, the people."""

from . import entering, me, passkeys, people

__all__ = ["entering", "me", "passkeys", "people"]
