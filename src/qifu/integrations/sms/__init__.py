"""Gateways for short messages."""

from .fake import FakeSms, Sent

__all__ = ["FakeSms", "Sent"]
