"""Moved to qifu.kernel.schema; import from there."""

from qifu.kernel.schema import AppendOnly, Offer, Protect

__all__ = ["AppendOnly", "Offer", "Protect"]
