"""What can be wrong with a code, as a word that a page turns into a sentence."""

from enum import StrEnum


class Flaw(StrEnum):
    """Why a code is not good. The order is the order of asking."""

    FOREIGN = "foreign"
    """Not one of ours: another prefix."""
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    """Ours by its prefix, but damaged, or not in the one strict form."""
    ALGORITHM = "algorithm"
    """The header names another algorithm than the key has."""
    UNKNOWN_KEY = "unknown_key"
    """Perhaps newer than what this reader knows: to be asked with a network, never red by itself."""
    SIGNATURE = "signature"
    WITHDRAWN_KEY = "withdrawn_key"
    KEY_TIME = "key_time"
    """Signed outside of the time in which its key might sign."""
    CLAIMS = "claims"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Rejected(Exception):
    """A code is not good; `flaw` says why."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
