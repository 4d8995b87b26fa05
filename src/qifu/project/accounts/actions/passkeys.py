"""Passkeys: ask for a signature, add and remove a key, enter with one, prove oneself with one.

Each answer spends its challenge, right or wrong; a wrong one is an outcome that is kept, not a refusal that rolls back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, SecondFactorNeeded, sessions
from qifu.kernel.access.hats import holders
from qifu.kernel.access.models import Account, Challenge, Passkey, Person, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.values import uuid7

from .. import passkeys
from ..door import Denied, Entered, deny, sender_of
from ..refusals import EnoughPasskeys, NoPasskey, PasskeyDoubted, PasskeyKnown, PasskeySpent, TooManyAsked, WrongPasskey
from .factors import live, locked, may_offer, tell

LASTS = timedelta(minutes=5)
WINDOW = timedelta(hours=1)
PER_SENDER = 600
"""Challenges an hour for one network address; an office of 500 comes in through one on the first morning."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Ask for something to sign: to add a key, to prove oneself (both with `session`), or to enter (with `browser`)."""

    kind: str
    session: str = field(default="", repr=False)
    browser: UUID | None = None
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Add:
    """Add the key that a device made."""

    session: str = field(repr=False)
    answer: str = field(repr=False)
    name: str = field(metadata={"label": "名称", "most": 40})


@dataclass(frozen=True, kw_only=True)
class ProveWith:
    """Prove with a key that it is oneself."""

    session: str = field(repr=False)
    answer: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class EnterWith:
    """Enter with a key. `browser` is what this browser was given when it asked."""

    answer: str = field(repr=False)
    browser: UUID | None = None
    device: str = ""
    instead_of: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Remove:
    """Remove a key of one's own."""

    session: str = field(repr=False)
    passkey: UUID


@action("access.ask_passkey", "请求通行密钥验证", door=True)
def ask_passkey(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[str, Any]:
    """Give out a challenge, in the form in which a browser is asked; it counts for five minutes, once, and there only.

    Adding asks what adding an authenticator asks (`may_offer`). Refuses NoPasskey, EnoughPasskeys, TooManyAsked."""
    sender = sender_of(given.address)
    if everything(Challenge).filter(sender=sender, created_at__gt=at - WINDOW).count() >= PER_SENDER:
        raise TooManyAsked()
    challenge = passkeys.new_challenge()
    bound = given.browser
    if given.kind == passkeys.ENTER:
        if bound is None:
            raise PasskeySpent()
        asked = passkeys.to_answer(None, challenge=challenge)
    else:
        session = live(given.session, at=at)
        keys = passkeys.usable(session.account)
        bound = session.id
        if given.kind == passkeys.ADD:
            may_offer(session, account=session.account, at=at)
            if len(keys) >= passkeys.MOST:
                raise EnoughPasskeys()
            asked = passkeys.to_make(session.account, keys=keys, challenge=challenge)
        elif given.kind == passkeys.PROVE:
            if not keys:
                raise NoPasskey()
            asked = passkeys.to_answer(keys, challenge=challenge)
        else:
            raise BadInput({"kind": "没有这种验证。"})
    everything(Challenge).create(key=passkeys.key_of(challenge), kind=given.kind, session=bound, sender=sender, created_at=at)
    return asked


@action("access.add_passkey", "加通行密钥", door=True)
def add_passkey(given: Add, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Add the key that this session was asked for; the session is strong with it, and the person is told by SMS.

    Refuses EnterAgain, SecondFactorNeeded (as for an authenticator), EnoughPasskeys."""
    session = live(given.session, at=at)
    account = locked(session)
    may_offer(session, account=account, at=at)
    name = " ".join(given.name.split())
    if not name:
        raise BadInput({"name": "给它起个名字，以后好认，比如“办公室电脑”。"})
    if len(passkeys.usable(account)) >= passkeys.MOST:
        raise EnoughPasskeys()
    challenge = _spend(given.answer, kind=passkeys.ADD, bound=session.id, at=at)
    if challenge is None:
        return deny("access.add_passkey", PasskeySpent(), at=at, person=account.person)
    try:
        made = passkeys.made(given.answer, challenge=challenge)
    except passkeys.NotItsAnswer:
        return deny("access.add_passkey", WrongPasskey(), at=at, person=account.person)
    if everything(Passkey).filter(handle=made.handle).exists():
        return deny("access.add_passkey", PasskeyKnown(), at=at, person=account.person)
    everything(Passkey).create(
        id=uuid7(), account=account, handle=made.handle, public=made.public, name=name, synced=made.synced, count=made.count, added_at=at
    )
    tell(account, "您的账号加了一把通行密钥。不是您本人办的，请联系单位管理员。", kind="factor_added", at=at)
    return Entered(sessions.strengthen(given.session, at=at), account.person_id)


@action("access.prove_passkey", "用通行密钥验证", door=True)
def prove_passkey(given: ProveWith, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Make the session strong with a key of its account; gives a new session token."""
    session = live(given.session, at=at)
    account = locked(session)
    act = "access.prove_passkey"
    challenge = _spend(given.answer, kind=passkeys.PROVE, bound=session.id, at=at)
    if challenge is None:
        return deny(act, PasskeySpent(), at=at, person=account.person)
    wrong = _answered(act, given.answer, account=account, challenge=challenge, at=at)
    return wrong or Entered(sessions.strengthen(given.session, at=at), account.person_id)


@action("access.enter_passkey", "用通行密钥进来", door=True)
def enter_passkey(given: EnterWith, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Enter with a key that knows whose it is; device and finger are two factors, so that the session is strong at once.

    Who may not enter by a code (barred, no hat in force) may not by a key: WrongPasskey, and no word of which it was."""
    act = "access.enter_passkey"
    challenge = _spend(given.answer, kind=passkeys.ENTER, bound=given.browser, at=at)
    if challenge is None:
        return deny(act, PasskeySpent(), at=at)
    account = _owner(given.answer)
    if account is None:
        return deny(act, WrongPasskey(), at=at)
    if account.person_id not in {person.id for person in holders(account.person.phone_index, at=at)}:
        return deny(act, WrongPasskey(), at=at, person=account.person)
    wrong = _answered(act, given.answer, account=account, challenge=challenge, at=at)
    if wrong is not None:
        return wrong
    everything(Person).filter(pk=account.person_id, entered_at__isnull=True).update(entered_at=at)
    token = sessions.start(account, at=at, how="passkey", device=given.device, strong=True, instead_of=given.instead_of)
    return Entered(token, account.person_id)


@action("access.remove_passkey", "删除通行密钥", door=True)
def remove_passkey(given: Remove, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Remove a key of one's own, by name; tells the person by SMS. Refuses SecondFactorNeeded, NoPasskey for another's."""
    session = live(given.session, at=at)
    if not sessions.strong(session, at=at):
        raise SecondFactorNeeded()
    account = locked(session)
    found: Passkey | None = everything(Passkey).filter(pk=given.passkey, account=account, ended_at__isnull=True).first()
    if found is None:
        raise NoPasskey()
    everything(Passkey).filter(pk=found.pk).update(ended_at=at)
    tell(account, "您的账号删掉了一把通行密钥。不是您本人办的，请联系单位管理员。", kind="factor_removed", at=at)
    return found.name


def _spend(answer: str, *, kind: str, bound: UUID | None, at: datetime) -> bytes | None:
    """Give the challenge that an answer is to, spent now; None where this browser was not given it, or not lately."""
    try:
        challenge = passkeys.challenge_in(answer)
    except passkeys.NotItsAnswer:
        return None
    given: Challenge | None = everything(Challenge).select_for_update().filter(pk=passkeys.key_of(challenge)).first()
    if given is None or given.used_at or given.kind != kind or bound is None or given.session != bound:
        return None
    everything(Challenge).filter(pk=given.pk).update(used_at=at)
    return challenge if given.created_at <= at < given.created_at + LASTS else None


def _owner(answer: str) -> Account | None:
    try:
        handle, owner = passkeys.handle_in(answer), passkeys.owner_in(answer)
    except passkeys.NotItsAnswer:
        return None
    found: Passkey | None = everything(Passkey).select_related("account__person").filter(handle=handle).first()
    return found.account if found is not None and owner in (None, found.account_id) else None


def _answered(act: str, answer: str, *, account: Account, challenge: bytes, at: datetime) -> Denied | None:
    """Check an answer by a key of this account and note its count; gives the outcome where it does not count."""
    try:
        handle, owner = passkeys.handle_in(answer), passkeys.owner_in(answer)
        found = next((key for key in passkeys.usable(account) if key.handle == handle), None)
        if found is None or owner not in (None, account.pk):
            return deny(act, WrongPasskey(), at=at, person=account.person)
        found = everything(Passkey).select_for_update().get(pk=found.pk)
        signed = passkeys.signed(answer, key=found, challenge=challenge)
    except passkeys.NotItsAnswer:
        return deny(act, WrongPasskey(), at=at, person=account.person)
    if passkeys.went_back(found, count=signed.count):
        everything(Passkey).filter(pk=found.pk).update(doubted_at=at)
        tell(account, "您的一把通行密钥可能被人复制过，已经停用。不是您本人在用，请联系单位管理员。", kind="passkey_doubted", at=at)
        return deny(act, PasskeyDoubted(), at=at, person=account.person)
    everything(Passkey).filter(pk=found.pk).update(count=signed.count, synced=signed.synced, used_at=at)
    return None


__all__ = ["add_passkey", "ask_passkey", "enter_passkey", "prove_passkey", "remove_passkey"]
