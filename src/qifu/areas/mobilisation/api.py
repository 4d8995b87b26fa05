"""What mobilisation answers to the project: how many notices wait for somebody."""

from .queries import unread

__all__ = ["unread"]
