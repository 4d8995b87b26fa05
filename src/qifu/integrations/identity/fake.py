"""A service that vouches for whom it was told of: both ports in one, for tests and drills. It reaches no network."""

import secrets
from dataclasses import replace
from threading import Event
from urllib.parse import parse_qs, urlencode, urlsplit

from .port import LegalPerson, Officer, Proof, TicketSpent, Unavailable

Who = Officer | LegalPerson


class FakeIdentity:
    """Gives a ticket for somebody, and changes it back once. It misbehaves where a test tells it to.

    `answers`: silent when False. `breaks`: raises this instead. `audience`, `nonce`: lies about them. `replays`: changes a
    ticket as often as it is shown. `hangs`: waits for this event before it answers."""

    name = "fake"
    client = "qifu"
    patience = 8.0

    def __init__(self) -> None:
        self.answers, self.replays = True, False
        self.breaks: Exception | None = None
        self.audience = self.nonce = ""
        self.hangs: Event | None = None
        self._tickets: dict[str, tuple[Who, str, str]] = {}

    def start(self, *, proof: Proof, back: str) -> str:
        """Give the address at which the service would ask who somebody is."""
        asked = {"client": self.client, "state": proof.state, "nonce": proof.nonce, "challenge": proof.challenge, "back": back}
        return f"https://identity.invalid/ask?{urlencode(asked)}"

    def vouch(self, who: Who, *, at: str) -> str:
        """Give a ticket as the browser that was sent to address `at` would bring it back."""
        asked = parse_qs(urlsplit(at).query)
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = (who, asked["nonce"][0], asked["challenge"][0])
        return ticket

    def officer(self, ticket: str, *, proof: Proof) -> Officer:
        """Change a ticket for an officer. Refuses TicketSpent, Unavailable."""
        found = self._take(ticket, proof)
        if not isinstance(found, Officer):
            raise TicketSpent
        return found

    def legal_person(self, ticket: str, *, proof: Proof) -> LegalPerson:
        """Change a ticket for an enterprise's agent. Refuses TicketSpent, Unavailable."""
        found = self._take(ticket, proof)
        if not isinstance(found, LegalPerson):
            raise TicketSpent
        return found

    def _take(self, ticket: str, proof: Proof) -> Who:
        if self.hangs is not None:
            self.hangs.wait(timeout=60)
        if self.breaks is not None:
            raise self.breaks
        if not self.answers:
            raise Unavailable
        held = self._tickets.get(ticket) if self.replays else self._tickets.pop(ticket, None)
        if held is None or held[2] != proof.challenge:
            raise TicketSpent
        who, nonce, _ = held
        return replace(who, audience=self.audience or self.client, nonce=self.nonce or nonce)


__all__ = ["FakeIdentity"]
