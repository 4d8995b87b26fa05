"""The pages: the door, the own account, passkeys, the people, the one to-do list."""

from . import entering, me, outside, passkeys, people, todo

__all__ = ["entering", "me", "outside", "passkeys", "people", "todo"]
