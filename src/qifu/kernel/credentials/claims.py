"""The claims of a pass, frozen (docs/adr/0008): what a reader finds in the code, and nothing else is in it.

CWT's own labels (RFC 8392) for issuer, times and id; ours stand together under one private label."""

from datetime import UTC, datetime
from typing import NamedTuple

from . import cbor
from .terms import Flaw, Rejected

ISS, EXP, NBF, IAT, CTI = 1, 4, 5, 6, 7
OURS = -65537
BLOCK, SERIAL, NAME, FIRM, HOLDER, REGIONS, CATEGORY = 1, 2, 3, 4, 5, 6, 7
_LATEST = 2**40


class Claims(NamedTuple):
    """What a pass says. Times are whole seconds since 1970; `regions` are six-digit or nine-digit codes of places."""

    issuer: str
    issued: int
    not_before: int
    expires: int
    """The first second at which it holds no more."""
    id: bytes
    """8 random bytes."""
    block: int
    serial: int
    name: str
    """Masked: 王*明."""
    firm: str
    """The unified social credit code, or '' where there is none."""
    holder: bytes
    """8 bytes of an HMAC whose key the server holds; it tells nobody else who it is."""
    regions: tuple[int, ...]
    category: int
    """1 is an enterprise's worker."""

    def payload(self) -> bytes:
        """Write the claims as CBOR."""
        ours = {
            BLOCK: self.block, SERIAL: self.serial, NAME: self.name, FIRM: self.firm, HOLDER: self.holder,
            REGIONS: list(self.regions), CATEGORY: self.category,
        }  # fmt: skip
        return cbor.dumps(
            {ISS: self.issuer, EXP: self.expires, NBF: self.not_before, IAT: self.issued, CTI: self.id, OURS: ours},
        )

    @classmethod
    def of(cls, payload: bytes) -> "Claims":
        """Read claims; Rejected where one is missing or of another kind. What we do not know is passed over."""
        try:
            found = cbor.loads(payload)
            ours = found[OURS]
            regions = ours[REGIONS]
            made = cls(
                found[ISS], found[IAT], found[NBF], found[EXP], found[CTI],
                ours[BLOCK], ours[SERIAL], ours[NAME], ours[FIRM], ours[HOLDER], tuple(regions), ours[CATEGORY],
            )  # fmt: skip
        except (ValueError, LookupError, TypeError):
            raise Rejected(Flaw.CLAIMS) from None
        if type(regions) is not list or not _right(made):
            raise Rejected(Flaw.CLAIMS)
        return made

    @property
    def number(self) -> str:
        """Eight characters to type, the first 40 bits of the id: 7K3M29PX (Crockford's alphabet, without I L O U)."""
        return number_of(self.id)

    def times(self) -> tuple[datetime, datetime]:
        """Give from when and until when it holds."""
        return datetime.fromtimestamp(self.not_before, UTC), datetime.fromtimestamp(self.expires, UTC)


def _right(made: Claims) -> bool:
    issuer, issued, begins, expires, id, block, serial, name, firm, holder, regions, category = made
    if not (
        type(issued) is type(begins) is type(expires) is type(block) is type(serial) is type(category) is int
        and type(issuer) is type(name) is type(firm) is str
        and type(id) is type(holder) is bytes
        and len(id) == 8
    ):
        return False
    for region in regions:
        if type(region) is not int or not 0 <= region < _LATEST:
            return False
    return min(issued, begins, expires, block, serial, category) >= 0 and max(issued, begins, expires, block, serial, category) < _LATEST


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {**{c: c for c in _ALPHABET}, "O": "0", "I": "1", "L": "1"}


def number_of(id: bytes) -> str:
    """Give the eight characters of an id of 8 bytes."""
    whole = int.from_bytes(id[:5], "big")
    return "".join([_ALPHABET[whole >> shift & 31] for shift in range(35, -1, -5)])


def normal_number(text: str) -> str:
    """Bring what a person typed to the form of a number: O is 0, I and L are 1, spaces and dashes go; '' for anything else."""
    plain = "".join(ch for ch in text.upper() if ch not in " -·\t\u3000")
    read = "".join(_READ.get(ch, "?") for ch in plain)
    return read if len(read) == 8 and "?" not in read else ""
