"""Replays a scenario file through the product's own actions, under the file's clock (docs/scenarios.md)."""

from .command import main

__all__ = ["main"]
