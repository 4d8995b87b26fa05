"""Gateways for short messages."""

from .fake import FakeSms, Sent
from .http import HttpSms

__all__ = ["FakeSms", "HttpSms", "Sent"]
