"""Signed-in browsers: a random token in the cookie, its hash in the table, and the person asked anew at each request.

Everything here runs at the door; only the door reads sessions and accounts."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from .hats import GRANTS, HELD, IN_FORCE, Held, hats_of
from .models import Account, Session, everything
from .terms import Actor

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=4)
STRONG_LASTS = timedelta(hours=4)
_TOUCH = timedelta(minutes=5)


def start(account: Account, *, at: datetime, how: str = "code", device: str = "", strong: bool = False, instead_of: str = "") -> str:
    """Open a session; gives the token for the cookie, always a new one.

    `instead_of` is the token that the browser came with: it opens nothing from now on (session fixation)."""
    if instead_of:
        end(instead_of, at=at)
    token = secrets.token_urlsafe(32)
    everything(Session).create(
        token_hash=_hash(token), account=account, how=how, device=device[:80],
        created_at=at, seen_at=at, expires_at=at + LASTS, strong_at=at if strong else None,
    )  # fmt: skip
    return token


_FIND = (
    "SELECT s.seen_at, s.strong_at, p.id, p.name, p.factor_reset_at, " + HELD + " FROM access_session s"
    " JOIN access_account a ON a.id = s.account_id JOIN access_person p ON p.id = a.person_id"
    f" LEFT JOIN ({GRANTS}) ON g.person_id = p.id AND {IN_FORCE}"
    " WHERE s.token_hash = %(token)s AND s.ended_at IS NULL AND s.expires_at > %(at)s AND s.seen_at > %(idle)s AND p.closed_at IS NULL"
    " AND (p.out_since IS NULL OR s.created_at > p.out_since)"
    " ORDER BY g.since, g.id"
)


def find(token: str, *, at: datetime) -> Actor | None:
    """Give the actor of a token, or None where the session has ended or expired, or the person was barred.

    Grants are read each time: what is revoked now is gone at the next request. One statement for all of it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"token": _hash(token), "at": at, "idle": at - IDLE})
        rows = cursor.fetchall()
    if not rows:
        return None
    seen_at, strong_at, person, name, reset, *_ = rows[0]
    if at - seen_at > _TOUCH:
        everything(Session).filter(token_hash=_hash(token)).update(seen_at=at)
    hats = hats_of((held for held in (Held(*row[5:]) for row in rows) if held.role), at=at)
    return Actor(id=str(person), name=name, hats=hats, person=person, strong=_counts(strong_at, reset=reset, at=at))


def live(token: str, *, at: datetime) -> Session | None:
    """Give the session of a token with its account and person, if it is still good."""
    return _good(at).filter(token_hash=_hash(token)).first()


def strong(session: Session, *, at: datetime) -> bool:
    """Say whether the second factor proved in this session still counts."""
    return _counts(session.strong_at, reset=session.account.person.factor_reset_at, at=at)


def _counts(proved: datetime | None, *, reset: datetime | None, at: datetime) -> bool:
    if proved is None or not timedelta(0) <= at - proved < STRONG_LASTS:
        return False
    return reset is None or reset < proved


def strengthen(token: str, *, at: datetime) -> str:
    """Note that this session has proved a second factor; gives a new token, the old one opens nothing any more."""
    fresh = secrets.token_urlsafe(32)
    everything(Session).filter(token_hash=_hash(token)).update(token_hash=_hash(fresh), strong_at=at)
    return fresh


def account_of(token: str, *, at: datetime) -> Account | None:
    """Give the account of a live session."""
    session = live(token, at=at)
    return session.account if session else None


def open_ones(account: Account, *, at: datetime) -> list[Session]:
    """Give the live sessions of an account, the latest used first."""
    return list(_good(at).filter(account=account).order_by("-seen_at"))


def end(token: str, *, at: datetime) -> None:
    """End a session: the token opens nothing any more."""
    everything(Session).filter(token_hash=_hash(token), ended_at__isnull=True).update(ended_at=at)


def end_others(token: str, *, account: Account, at: datetime, only: UUID | None = None) -> int:
    """End the other sessions of the account, or the one named; says how many."""
    others = everything(Session).filter(account=account, ended_at__isnull=True).exclude(token_hash=_hash(token))
    return int((others.filter(id=only) if only else others).update(ended_at=at))


def _good(at: datetime):  # type: ignore[no-untyped-def]
    return (
        everything(Session)
        .select_related("account__person")
        .filter(ended_at__isnull=True, expires_at__gt=at, seen_at__gt=at - IDLE, account__person__closed_at__isnull=True)
        .filter(Q(account__person__out_since__isnull=True) | Q(created_at__gt=F("account__person__out_since")))
    )


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
