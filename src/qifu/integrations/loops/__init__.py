"""Replies to other platforms over HTTP."""

from .http import HttpCarrier

__all__ = ["HttpCarrier"]
