"""Signed codes that anybody can verify without a network: COSE_Sign1 in a CWT, base45, prefix `QF1:` (docs/adr/0008).

Pure parts (`base45`, `cbor`, `cose`, `code`, `claims`) know no database; `keys`, `serials` and `status` keep what an issuer
keeps. What a pass means is the area's; here is only what is signed, by whom, and whether it holds at an instant."""

from .claims import Claims
from .code import PREFIX, issue, open_code, read
from .cose import EDDSA, ES256, Key, Trust
from .terms import Flaw, Rejected

__all__ = ["EDDSA", "ES256", "PREFIX", "Claims", "Flaw", "Key", "Rejected", "Trust", "issue", "open_code", "read"]
