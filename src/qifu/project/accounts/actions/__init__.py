"""The acts of the door, of the own account, and of those who give hats."""

from . import entering, factors, inviting, outside, passkeys, people

__all__ = ["entering", "factors", "inviting", "outside", "passkeys", "people"]
