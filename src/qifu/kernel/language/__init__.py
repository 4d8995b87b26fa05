"""What the product says: sentences that are put into the reader's language, and into a crisis's words, when they are drawn."""

from .kept import teach
from .said import Said, listed, plain, retold, said
from .terms import in_chinese, known, speak, unspoken

__all__ = ["Said", "in_chinese", "known", "listed", "plain", "retold", "said", "speak", "teach", "unspoken"]
