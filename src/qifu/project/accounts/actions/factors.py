"""The own account: the authenticator, the password, the other browsers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError

from qifu.kernel import notify
from qifu.kernel.access import Actor, SecondFactorNeeded, sessions
from qifu.kernel.access.models import Account, Session, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said as _
from qifu.kernel.notify import Message
from qifu.kernel.privacy import Secret

from .. import passkeys, totp
from ..door import Denied, Entered, count_failure, deny, forgive, session_of, throttle
from ..numbers import phone_of
from ..refusals import EnterAgain, NotEnrolled, SessionOver, WrongToken

FRESH = timedelta(minutes=30)
_OFFER_LASTS = 1800
_SALT = "qifu.totp.offer"


@dataclass(frozen=True, kw_only=True)
class Prove:
    """Prove with a token of the authenticator that it is oneself."""

    session: str = field(repr=False)
    token: str = field(repr=False, metadata={"label": "动态口令"})


@dataclass(frozen=True, kw_only=True)
class Enrol:
    """Add an authenticator: the offer that the page showed as a QR, and the first token made from it."""

    session: str = field(repr=False)
    offer: str = field(repr=False)
    token: str = field(repr=False, metadata={"label": "动态口令"})


@dataclass(frozen=True, kw_only=True)
class SetPassword:
    """Choose a password."""

    session: str = field(repr=False)
    password: str = field(repr=False, metadata={"label": "新密码", "most": 256})
    again: str = field(repr=False, metadata={"label": "再填一遍"})


@dataclass(frozen=True, kw_only=True)
class EndSessions:
    """End one other browser's session, or all others."""

    session: str = field(repr=False)
    other: UUID | None = None


@action("access.prove", "填动态口令", door=True)
def prove(given: Prove, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Make the session strong with a token that was not used before; gives a new session token.

    Refuses NotEnrolled, and TooManyTries after wrong ones."""
    session = live(given.session, at=at)
    account = locked(session)
    if not totp.enrolled(account):
        raise NotEnrolled()
    tries = throttle(f"totp:{account.pk}", at=at)
    step = totp.step_of(given.token, secret=totp.secret_of(account), at=at, after=account.totp_last)
    if step is None:
        count_failure(tries, at=at)
        return deny("access.prove", WrongToken(), at=at, person=account.person)
    forgive(tries)
    everything(Account).filter(pk=account.pk).update(totp_last=step)
    return Entered(sessions.strengthen(given.session, at=at), account.person_id)


@action("access.enrol_totp", "加动态口令", door=True)
def enrol_totp(given: Enrol, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Add the authenticator that was offered, once a token from it is right; tells the person by SMS.

    Only soon after entering (EnterAgain); one that is there is replaced only by who has proved it (SecondFactorNeeded)."""
    session = live(given.session, at=at)
    account = locked(session)
    may_offer(session, account=account, at=at)
    secret = _offered(given.offer, account=account)
    tries = throttle(f"totp:{account.pk}", at=at)
    step = totp.step_of(given.token, secret=secret, at=at)
    if step is None:
        count_failure(tries, at=at)
        return deny("access.enrol_totp", WrongToken(), at=at, person=account.person)
    forgive(tries)
    sealed = totp.sealed(secret, account=account)
    everything(Account).filter(pk=account.pk).update(totp_sealed=sealed, totp_at=at, totp_last=step)
    tell(account, "您的账号加了动态口令。不是您本人办的，请联系单位管理员。", kind="factor_added", at=at)
    return Entered(sessions.strengthen(given.session, at=at), account.person_id)


@action("access.set_password", "设密码", door=True)
def set_password(given: SetPassword, *, actor: Actor, at: datetime, key: UUID | None = None) -> None:
    """Choose a password, to enter with together with the authenticator; ends the other sessions.

    Refuses SecondFactorNeeded unless the session is strong."""
    session = live(given.session, at=at)
    if not sessions.strong(session, at=at):
        raise SecondFactorNeeded()
    account = locked(session)
    if given.password != given.again:
        raise BadInput({"again": "两遍填的不一样，再填一遍。"})
    try:
        validate_password(given.password)
    except ValidationError as problem:
        raise BadInput({"password": " ".join(problem.messages)}) from None
    everything(Account).filter(pk=account.pk).update(password=make_password(given.password))
    sessions.end_others(given.session, account=account, at=at)
    tell(account, "您的账号设了新密码。不是您本人办的，请联系单位管理员。", kind="password_set", at=at)


@action("access.end_sessions", "让别的设备退出", door=True)
def end_sessions(given: EndSessions, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """End the session of another browser of one's own, or of all others; says how many."""
    session = live(given.session, at=at)
    return sessions.end_others(given.session, account=session.account, at=at, only=given.other)


def may_offer(session: Session, *, account: Account, at: datetime) -> None:
    """Refuse to show or take a new factor in a session that is not fresh, or has not proved one that is there."""
    if has_factor(account):
        if not sessions.strong(session, at=at):
            raise SecondFactorNeeded()
    elif at - session.created_at > FRESH:
        raise EnterAgain()


def has_factor(account: Account) -> bool:
    """Say whether the account has a second factor that counts: an authenticator or a passkey."""
    return totp.enrolled(account) or bool(passkeys.usable(account))


def offer(account: Account) -> tuple[str, str]:
    """Give a new secret, and the signed offer by which it comes back from the page: nothing is written yet."""
    secret = totp.new_secret()
    return secret, signing.dumps([str(account.pk), secret], salt=_SALT)


def secret_in(offered: str) -> str:
    """Give the secret of an offer that this installation signed, to show it again; '' where it is none."""
    try:
        return str(signing.loads(offered, salt=_SALT, max_age=_OFFER_LASTS)[1])
    except signing.BadSignature:
        return ""


def _offered(offered: str, *, account: Account) -> str:
    try:
        owner, secret = signing.loads(offered, salt=_SALT, max_age=_OFFER_LASTS)
    except signing.BadSignature:
        raise EnterAgain() from None
    if owner != str(account.pk):
        raise EnterAgain()
    return str(secret)


def live(token: str, *, at: datetime) -> Session:
    """Give the session of a token, or refuse SessionOver."""
    session = session_of(token, at=at)
    if session is None:
        raise SessionOver()
    return session


def locked(session: Session) -> Account:
    """Give the account of a session, locked: what is added to it and taken from it goes one after another."""
    account: Account = everything(Account).select_for_update(of=("self",)).select_related("person").get(pk=session.account_id)
    return account


def tell(account: Account, text: str, *, kind: str, at: datetime) -> None:
    """Tell the owner by SMS that something of the account has changed."""
    phone = phone_of(account.person)
    notify.send(Message(to=phone, text=Secret(_("【企服】{text}", text=text)), kind=kind, at=at) if phone else None)
