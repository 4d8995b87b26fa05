"""Every write is an action registered by name; pages, API, replay, imports and devices call it with the same input.

`run` is the only place that turns a refusal into an answer, and writes the attempt down (DECISIONS 11, 15)."""

from .bounds import length, longer, most
from .parsing import BadInput, parse
from .registry import Done, Refused, action, actions, run

__all__ = ["BadInput", "Done", "Refused", "action", "actions", "length", "longer", "most", "parse", "run"]
