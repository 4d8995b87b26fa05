"""The pages: the door, the own account, passkeys, the people, the one to-do list."""

from . import entering, me, passkeys, people, todo

__all__ = ["entering", "me", "passkeys", "people", "todo"]
