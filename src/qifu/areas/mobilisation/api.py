"""What mobilisation answers to the project: how many notices wait for somebody, and what is told of tomorrow."""

from .queries import unread
from .telling import remind

__all__ = ["remind", "unread"]
