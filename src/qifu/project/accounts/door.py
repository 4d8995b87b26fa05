"""What the acts at the door share: outcomes, the price of wrong tries, and the row of a number.

A wrong code is no refusal that rolls back: its try must stay spent, so that the act ends well with `Denied`, and count
and record are committed together, under the lock under which the code was looked at."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.utils.crypto import salted_hmac

from qifu.kernel.access import ActionRefused, sessions
from qifu.kernel.access.hats import holders
from qifu.kernel.access.models import Account, Challenge, LoginCode, Person, Session, Throttle, everything
from qifu.kernel.journal.models import Attempt

from .refusals import TooManyTries

PATIENCE = 3
"""Wrong tries that cost nothing; each further one doubles the wait."""
SENDER_PATIENCE = 20
"""The same for a network address, behind which a whole office may sit."""
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_FORGOTTEN_AFTER = timedelta(days=1)
_SESSIONS_KEPT = timedelta(days=180)
"""网络安全法第21条: logs of at least six months."""


@dataclass(frozen=True)
class Entered:
    """Somebody is in: the token for the cookie, and who."""

    token: str = field(repr=False)
    person: UUID


@dataclass(frozen=True)
class Denied:
    """A try that did not open. It is spent and on the record; `refusal` is what the person reads."""

    refusal: ActionRefused


def deny(act: str, refusal: ActionRefused, *, at: datetime, person: Person | None = None) -> Denied:
    """Write the failed try down in the open transaction and give the outcome.

    The record names the person where the number is somebody's: their auditors see it, the one at the door does not."""
    everything(Attempt).create(
        at=at, action=act, code=refusal.code, says=refusal.says[:300], forbidden=refusal.forbidden,
        subject=person.id if person else None, actor="anonymous", actor_name="访客", role="",
        region=person.region if person else 0, party=person.party if person else None, district=person.district if person else 0,
    )  # fmt: skip
    return Denied(refusal)


def sender_of(address: str) -> str:
    """Give the keyed hash of a network address: enough to count by, useless elsewhere."""
    return salted_hmac("qifu.sender", address, algorithm="sha256").hexdigest()


def alone(key: str) -> None:
    """Let one transaction at a time work on a login, whether or not a row of it exists."""
    number = int.from_bytes(sha256(key.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def throttle(key: str, *, at: datetime) -> Throttle:
    """Give the locked count of wrong tries of a key, or refuse TooManyTries while it must wait."""
    everything(Throttle).bulk_create([Throttle(key=key)], ignore_conflicts=True)
    found: Throttle = everything(Throttle).select_for_update().get(pk=key)
    if found.locked_until and found.locked_until > at:
        raise TooManyTries(until=found.locked_until, at=at)
    if found.failed_at and at - found.failed_at > _FORGOTTEN_AFTER:
        found.failures = 0
    return found


def count_failure(found: Throttle, *, at: datetime, patience: int = PATIENCE) -> None:
    """Count a wrong try: 30 seconds of waiting after the third, doubled by each further one, at most an hour."""
    found.failures += 1
    over = found.failures - patience
    found.failed_at = at
    found.locked_until = at + min(_FIRST_WAIT * 2 ** min(over, 10), _LONGEST_WAIT) if over >= 0 else None
    found.save()


def forgive(found: Throttle) -> None:
    """Forget the wrong tries of a key after a right one."""
    if found.failures:
        found.failures, found.locked_until = 0, None
        found.save()


def account_of_number(index: str, *, at: datetime) -> Account | None:
    """Give the account of whoever may enter with this number now; None where nobody may. Reads only, twice, always."""
    persons = {person.id: person for person in holders(index, at=at)}
    account: Account | None = everything(Account).select_related("person").filter(login=index).first()
    return account if account is not None and account.person_id in persons else None


def account_for_number(index: str, *, at: datetime) -> Account | None:
    """Give or make the account of whoever holds this number now; refuses nobody, gives None where nobody does.

    A number that was handed on opens nothing of the one who had it before: neither hats nor password nor authenticator."""
    persons = holders(index, at=at)
    account: Account | None = everything(Account).select_related("person").filter(login=index).first()
    if account is not None and account.person_id in {person.id for person in persons}:
        return account
    if not persons:
        return None
    if account is not None:
        everything(Account).filter(pk=account.pk).update(login=f"gone:{account.pk}")
        everything(Session).filter(account=account, ended_at__isnull=True).update(ended_at=at)
    return _account_of(persons[0], login=index, at=at)


def _account_of(person: Person, *, login: str, at: datetime) -> Account:
    account, made = everything(Account).select_related("person").get_or_create(person=person, defaults={"login": login, "created_at": at})
    if not made:  # the person has a new number
        everything(Account).filter(pk=account.pk).update(login=login)
        account.login = login
    return account  # type: ignore[no-any-return]


def session_of(token: str, *, at: datetime) -> Session | None:
    """Give the live session of a token."""
    return sessions.live(token, at=at) if token else None


def tidy(at: datetime) -> None:
    """Drop what the door needs no more: codes, challenges and counts after a day, sessions half a year after their end.

    For the worker's rounds; run inside `acting(DOOR)`."""
    everything(LoginCode).filter(created_at__lt=at - _FORGOTTEN_AFTER).delete()
    everything(Challenge).filter(created_at__lt=at - _FORGOTTEN_AFTER).delete()
    everything(Throttle).filter(failed_at__lt=at - _FORGOTTEN_AFTER).delete()
    everything(Session).filter(expires_at__lt=at - _SESSIONS_KEPT).delete()
