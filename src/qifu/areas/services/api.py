"""What services answer to others: the answers that fit a question. Call inside `acting`; `remind` and `fill` are the worker's rounds."""

from .queries import Suggestion, suggest
from .reminding import fill, remind

__all__ = ["Suggestion", "fill", "remind", "suggest"]
