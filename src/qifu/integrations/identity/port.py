"""The ports: a ticket that the browser brought back is changed, once, for who somebody is. It never says what they may do."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from qifu.kernel.values import Secret


class Refusal(Exception):
    """The service did not vouch for anybody; the person enters by phone and code instead."""

    says = "没有认出您是谁，没有登录。"
    fix = "用手机号和验证码登录。"


class TicketSpent(Refusal):
    """The ticket was used, is too old, was never given, or was given to another browser."""

    says = "这次授权已经用过或过期，没有登录。"
    fix = "从原来的应用再点一次，或用手机号和验证码登录。"


class Unavailable(Refusal):
    """The service does not answer within its time."""

    says = "对方系统暂时没有回应，没有登录。"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What one browser was sent out with: `state` comes back in the address, `nonce` in the answer, `verifier` never leaves
    before the ticket is changed (RFC 7636), so that a ticket that somebody else picked up opens nothing."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @property
    def challenge(self) -> str:
        """The verifier's S256 hash: this is what the service is told beforehand."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, kw_only=True)
class Officer:
    """An officer as 浙政钉 names them: the number there, the telephone it has proved, name and unit to compare.

    `audience` is the application for which the service vouched, `nonce` what the browser was sent out with: the door
    compares both, and an adapter of a service that echoes no nonce gives back the one of the `Proof` it was asked with."""

    subject: str
    phone: Secret = field(repr=False)
    name: str
    unit: str = ""
    audience: str
    nonce: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LegalPerson:
    """A legal person's agent as 浙里办 names them: the enterprise by its credit code, and who acts for it.

    `level` says how surely (L1 to L4 of the service); below L3 nobody acts for an enterprise."""

    subject: str
    uscc: str
    enterprise: str
    agent: str
    phone: Secret = field(repr=False)
    level: int
    audience: str
    nonce: str = field(repr=False)


class OfficerLogin(Protocol):
    """浙政钉. `start` gives the address to send the browser to; `officer` changes the ticket that it comes back with.

    `client` is our own number there, `patience` the seconds that somebody at the door waits for it.
    `back` takes the ticket as `ticket`, `code` or `auth_code`, and `state`."""

    name: str
    client: str
    patience: float

    def start(self, *, proof: Proof, back: str) -> str: ...

    def officer(self, ticket: str, *, proof: Proof) -> Officer: ...


class LegalPersonLogin(Protocol):
    """浙里办, the same for an enterprise."""

    name: str
    client: str
    patience: float

    def start(self, *, proof: Proof, back: str) -> str: ...

    def legal_person(self, ticket: str, *, proof: Proof) -> LegalPerson: ...


__all__ = ["LegalPerson", "LegalPersonLogin", "Officer", "OfficerLogin", "Proof", "Refusal", "TicketSpent", "Unavailable"]
