"""What services answer to others: the answers that fit a question. Call inside `acting`."""

from .queries import Suggestion, suggest

__all__ = ["Suggestion", "suggest"]
