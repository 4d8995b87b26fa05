"""Whom a government's own login says a visitor is: 浙政钉 for officers, 浙里办 for legal persons. Ports and fakes.

No account of the real services was at hand: an adapter is written against its documents when an installation has keys.
Nothing at the door asks these ports yet; what they answer is proved here, so that the door's part is one act."""

from .fake import FakeIdentity
from .port import LegalPerson, LegalPersonLogin, Officer, OfficerLogin, Refusal, TicketSpent, Unavailable

__all__ = ["FakeIdentity", "LegalPerson", "LegalPersonLogin", "Officer", "OfficerLogin", "Refusal", "TicketSpent", "Unavailable"]
