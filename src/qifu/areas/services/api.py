"""What services answer to others: the answers that fit a question. Call inside `acting`; `remind` is the worker's round."""

from .queries import Suggestion, suggest
from .reminding import remind

__all__ = ["Suggestion", "remind", "suggest"]
