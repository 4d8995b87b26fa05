"""The ports: a ticket that the browser brought back is changed, once, for who somebody is. It never says what they may do."""

from dataclasses import dataclass, field
from typing import Protocol

from qifu.kernel.values import Secret


class Refusal(Exception):
    """The service did not vouch for anybody; the person enters by phone and code instead."""

    says = "没有认出您是谁，没有登录。"
    fix = "用手机号和验证码登录。"


class TicketSpent(Refusal):
    """The ticket was used, is too old, or was never given."""

    says = "这次授权已经用过或过期，没有登录。"
    fix = "从原来的应用再点一次，或用手机号和验证码登录。"


class Unavailable(Refusal):
    """The service does not answer within its time."""

    says = "对方系统暂时没有回应，没有登录。"


@dataclass(frozen=True, kw_only=True)
class Officer:
    """An officer as 浙政钉 names them: the number there, the telephone it has proved, name and unit to compare."""

    subject: str
    phone: Secret = field(repr=False)
    name: str
    unit: str = ""


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


class OfficerLogin(Protocol):
    """浙政钉. `start` gives the address to send the browser to; `who` changes the ticket it comes back with.

    `state` is bound to the browser that began: another browser's answer is refused by who compares it."""

    name: str

    def start(self, *, state: str, back: str) -> str: ...

    def officer(self, ticket: str) -> Officer: ...


class LegalPersonLogin(Protocol):
    """浙里办, the same for an enterprise."""

    name: str

    def start(self, *, state: str, back: str) -> str: ...

    def legal_person(self, ticket: str) -> LegalPerson: ...


__all__ = ["LegalPerson", "LegalPersonLogin", "Officer", "OfficerLogin", "Refusal", "TicketSpent", "Unavailable"]
