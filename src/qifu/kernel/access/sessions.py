"""Signed-in browsers: a random token in the cookie, its hash in the table, and the account asked anew at each request."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from .hats import actor_for
from .models import Account, Session, everything
from .terms import Actor

LASTS = timedelta(hours=12)
STRONG_LASTS = timedelta(hours=4)
_TOUCH = timedelta(minutes=5)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def start(account: Account, *, at: datetime, strong: bool = False) -> str:
    """Open a session at the door; gives the token for the cookie."""
    token = secrets.token_urlsafe(32)
    everything(Session).create(
        token_hash=_hash(token), account=account, created_at=at, seen_at=at, expires_at=at + LASTS, strong_at=at if strong else None
    )
    return token


def find(token: str, *, at: datetime) -> Actor | None:
    """Give the actor of a token, or None where the session has ended, expired, or its account was closed."""
    session = (
        everything(Session)
        .select_related("account__person")
        .filter(token_hash=_hash(token), ended_at__isnull=True, expires_at__gt=at, account__active=True)
        .first()
    )
    if session is None:
        return None
    if at - session.seen_at > _TOUCH:
        everything(Session).filter(pk=session.pk).update(seen_at=at)
    strong = session.strong_at is not None and timedelta(0) <= at - session.strong_at < STRONG_LASTS
    return actor_for(session.account.person, at=at, strong=strong)


def strengthen(token: str, *, at: datetime) -> None:
    """Note that this session has proved a second factor."""
    everything(Session).filter(token_hash=_hash(token)).update(strong_at=at)


def account_of(token: str, *, at: datetime) -> Account | None:
    """Give the account of a live session."""
    session = (
        everything(Session)
        .select_related("account__person")
        .filter(token_hash=_hash(token), ended_at__isnull=True, expires_at__gt=at)
        .first()
    )
    return session.account if session else None


def end(token: str, *, at: datetime) -> None:
    """End a session: the token opens nothing any more."""
    everything(Session).filter(token_hash=_hash(token), ended_at__isnull=True).update(ended_at=at)
