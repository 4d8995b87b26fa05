"""Who somebody is by another login: 浙政钉 for officers, 浙里办 for legal persons. Ports, fakes, and which of them are in use.

No account of the real services was at hand: an adapter is written against its documents when an installation has keys,
and named in the settings (QIFU_ZHEZHENGDING, QIFU_ZHELIBAN). The door asks whatever is chosen here, and only that."""

from .asking import ask
from .chosen import LEGAL_PERSONS, OFFICERS, choose, chosen, named, using
from .fake import FakeIdentity
from .port import LegalPerson, LegalPersonLogin, Officer, OfficerLogin, Proof, Refusal, TicketSpent, Unavailable

__all__ = [
    "LEGAL_PERSONS", "OFFICERS", "FakeIdentity", "LegalPerson", "LegalPersonLogin", "Officer", "OfficerLogin", "Proof",
    "Refusal", "TicketSpent", "Unavailable", "ask", "choose", "chosen", "named", "using",
]  # fmt: skip
