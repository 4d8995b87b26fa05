"""What can be done in the register. Importing this package registers every action."""

from . import register, register_many

__all__ = ["register", "register_many"]
