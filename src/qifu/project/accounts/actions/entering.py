"""Coming in and going out: by phone and code, by password and token, by one touch in the demo."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from qifu.kernel import notify
from qifu.kernel.access import Actor, NotFound, sessions
from qifu.kernel.access.hats import actor_for, holders
from qifu.kernel.access.models import Account, LoginCode, Person, Role, everything
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import uuid7

from .. import codes, totp
from ..door import (
    PATIENCE,
    SENDER_PATIENCE,
    Denied,
    Entered,
    account_for_number,
    account_of_number,
    alone,
    count_failure,
    deny,
    forgive,
    sender_of,
    throttle,
)
from ..numbers import mobile
from ..refusals import CodeSpent, NotADemo, TooManyCodes, WrongCode, WrongPassword


@dataclass(frozen=True, kw_only=True)
class RequestCode:
    """Send a code to this number. `address` is the network address that asks."""

    phone: str = field(repr=False, metadata={"label": "手机号码"})
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class EnterCode:
    """Enter with a code. `instead_of` is the token that the browser holds from before."""

    ticket: UUID
    code: str = field(repr=False, metadata={"label": "验证码"})
    device: str = ""
    instead_of: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class EnterPassword:
    """Enter with number, password and token at once: which of them is wrong is never said."""

    phone: str = field(repr=False, metadata={"label": "手机号码"})
    password: str = field(repr=False, metadata={"label": "密码", "most": 256})
    token: str = field(repr=False, metadata={"label": "动态口令"})
    address: str = ""
    device: str = ""
    instead_of: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Leave:
    """End the session of this token."""

    token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DemoEnter:
    """Enter as the person whom the demo offers for a role."""

    role: str = field(metadata={"label": "角色"})
    device: str = ""
    instead_of: str = field(default="", repr=False)


@action("access.request_code", "发验证码", door=True)
def request_code(given: RequestCode, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID:
    """Make a code for a number and send it where the number is somebody's; gives the ticket to enter it with.

    A number that nobody has gets a ticket too, after the same work. Refuses TooManyCodes by number and by address."""
    phone = mobile(given.phone)
    login, sender = blind("phone", phone), sender_of(given.address)
    alone(f"code:{login}")
    lately = everything(LoginCode).filter(created_at__gt=at - codes.WINDOW)
    of_number, of_sender = lately.filter(login=login).count(), lately.filter(sender=sender).count()
    if of_number >= codes.PER_NUMBER or of_sender >= codes.PER_SENDER:
        raise TooManyCodes()
    ticket, code = uuid7(), codes.new_code()
    everything(LoginCode).create(
        id=ticket, login=login, code_hash=codes.hashed(code, ticket=ticket), created_at=at, expires_at=at + codes.LASTS, sender=sender
    )
    message = codes.message(phone, code=code, at=at)
    notify.send(message if holders(login, at=at) else None)
    return ticket


@action("access.enter_code", "用验证码进来", door=True)
def enter_code(given: EnterCode, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Enter with the code of a ticket: once, within five minutes, in at most five tries.

    The first time that a known number enters, its account is made."""
    sent: LoginCode | None = everything(LoginCode).select_for_update().filter(pk=given.ticket).first()
    if sent is None:
        return deny("access.enter_code", CodeSpent(), at=at)
    if sent.used_at or sent.tries >= codes.TRIES or not sent.created_at <= at < sent.expires_at:
        return deny("access.enter_code", CodeSpent(), at=at, person=_first(holders(sent.login, at=at)))
    sent.tries += 1
    right = codes.matches(given.code, ticket=sent.id, code_hash=sent.code_hash)
    account = account_for_number(sent.login, at=at) if right else None
    if account is None:
        sent.save(update_fields=["tries"])
        return deny("access.enter_code", _wrong(sent), at=at, person=_first(holders(sent.login, at=at)))
    sent.used_at = at
    sent.save(update_fields=["tries", "used_at"])
    everything(Person).filter(pk=account.person_id, entered_at__isnull=True).update(entered_at=at)
    token = sessions.start(account, at=at, how="code", device=given.device, instead_of=given.instead_of)
    return Entered(token, account.person_id)


@action("access.enter_password", "用密码和动态口令进来", door=True)
def enter_password(given: EnterPassword, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Enter with password and token together; the session is strong at once.

    One password hash and one token are worked out whether or not the number has an account. Refuses TooManyTries."""
    login = blind("phone", mobile(given.phone))
    tries = throttle(f"password:{login}", at=at)
    sender = throttle(f"sender:{sender_of(given.address)}", at=at)
    account = account_of_number(login, at=at)
    ready = account is not None and bool(account.password) and totp.enrolled(account)
    known = check_password(given.password, account.password if account and ready else _nobodys_password())
    last = account.totp_last if account and ready else 0
    step = totp.step_of(given.token, secret=totp.secret_of(account), at=at, after=last)
    if account is None or not ready or not known or step is None:
        count_failure(tries, at=at, patience=PATIENCE)
        count_failure(sender, at=at, patience=SENDER_PATIENCE)
        return deny("access.enter_password", WrongPassword(), at=at, person=account.person if account else None)
    forgive(tries)
    everything(Account).filter(pk=account.pk).update(totp_last=step)
    token = sessions.start(account, at=at, how="password", device=given.device, strong=True, instead_of=given.instead_of)
    return Entered(token, account.person_id)


@action("access.leave", "退出", door=True)
def leave(given: Leave, *, actor: Actor, at: datetime, key: UUID | None = None) -> None:
    """End the session; its token opens nothing any more."""
    sessions.end(given.token, at=at)


@action("access.demo_enter", "演示：一点即入", door=True)
def demo_enter(given: DemoEnter, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered:
    """Enter the demo as one of its persons; those who decide have proved their second factor at once.

    Refuses NotADemo outside the demo, NotFound where the demo offers no such role."""
    if not settings.DEMO:
        raise NotADemo()
    account: Account | None = everything(Account).select_related("person").filter(demo=given.role).exclude(demo="").first()
    if account is None:
        raise NotFound()
    roles = {hat.role for hat in actor_for(account.person, at=at).hats}
    strong = everything(Role).filter(code__in=roles, second_factor=True).exists()
    token = sessions.start(account, at=at, how="demo", device=given.device, strong=strong, instead_of=given.instead_of)
    return Entered(token, account.person_id)


@cache
def _nobodys_password() -> str:
    return make_password("nobody")


def _first(persons: list[Person]) -> Person | None:
    return persons[0] if persons else None


def _wrong(sent: LoginCode) -> Any:
    left = codes.TRIES - sent.tries
    return WrongCode(_("验证码不对，还可以再试{left}次。", left=left)) if left else CodeSpent()
