"""What the product says: sentences that are put into the reader's language, and into a crisis's words, when they are drawn."""

from .said import Said, listed, plain, said
from .terms import in_chinese, known, speak, unspoken

__all__ = ["Said", "in_chinese", "known", "listed", "plain", "said", "speak", "unspoken"]
