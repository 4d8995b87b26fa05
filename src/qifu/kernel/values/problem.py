"""What a check answers when a text is not what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Why a text was not accepted: a code for programs, a Chinese sentence for the person who typed it, and, where
    there is exactly one likely meaning, what was probably meant (never taken over without asking)."""

    code: str
    says: str
    suggestion: str = ""
