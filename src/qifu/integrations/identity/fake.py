"""A service that vouches for whom it was told of: both ports in one, for tests and drills. It reaches no network."""

import secrets
from urllib.parse import urlencode

from .port import LegalPerson, Officer, TicketSpent, Unavailable


class FakeIdentity:
    """Gives a ticket for somebody, and changes it back once."""

    name = "fake"

    def __init__(self) -> None:
        self.answers = True
        self._tickets: dict[str, Officer | LegalPerson] = {}

    def start(self, *, state: str, back: str) -> str:
        """Give the address at which the service would ask who somebody is."""
        return f"fake-identity:ask?{urlencode({'state': state, 'back': back})}"

    def vouch(self, who: Officer | LegalPerson) -> str:
        """Give a ticket as the browser would bring it back."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = who
        return ticket

    def officer(self, ticket: str) -> Officer:
        """Change a ticket for an officer. Refuses TicketSpent, Unavailable."""
        found = self._take(ticket)
        if not isinstance(found, Officer):
            raise TicketSpent
        return found

    def legal_person(self, ticket: str) -> LegalPerson:
        """Change a ticket for an enterprise's agent. Refuses TicketSpent, Unavailable."""
        found = self._take(ticket)
        if not isinstance(found, LegalPerson):
            raise TicketSpent
        return found

    def _take(self, ticket: str) -> Officer | LegalPerson | None:
        if not self.answers:
            raise Unavailable
        return self._tickets.pop(ticket, None)


__all__ = ["FakeIdentity"]
