"""What a check answers when a text is not what it should be."""

from dataclasses import dataclass

from qifu.kernel.language import said


@dataclass(frozen=True)
class Problem:
    """Why a text was not accepted: a code for programs, a Chinese sentence for the person who typed it, and, where
    there is exactly one likely meaning, what was probably meant (never taken over without asking)."""

    code: str
    says: str
    suggestion: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "says", said(self.says))
