"""Links to passes: 128 bits that only the server can make again, of which the database holds a hash alone."""

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from qifu.kernel.privacy import P2, keys

from .models import Link, Pass
from .terms import LINK_STAYS


def token_of(link: UUID) -> str:
    """Give the word of a link: 22 characters."""
    key = keys.to_write("blind", klass=P2).bytes()
    return base64.urlsafe_b64encode(hmac.new(key, b"pass-link|" + link.bytes, sha256).digest()[:16]).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Give what stands in the database for a token."""
    return sha256(token.encode()).hexdigest()


def make(row: Pass, *, at: datetime) -> Link:
    """Make the link of a pass; the one before, if any, opens no more."""
    Link._base_manager.filter(of=row.id, ended_at__isnull=True).update(ended_at=at)
    link = Link(
        of=row, made_at=at, expires_at=row.ends_at + LINK_STAYS, region=row.region, party=row.party, district=row.district,
        compartment=row.compartment,
    )  # fmt: skip
    link.token_hash = hash_of(token_of(link.id))
    link.save(force_insert=True)
    return link


def present(row: Pass) -> Link | None:
    """Give the open link of a pass."""
    return Link._base_manager.filter(of=row.id, ended_at__isnull=True).first()


def opened(token: str, *, at: datetime) -> Pass | None:
    """Give the pass that a token opens at an instant, or None: never there, ended or expired are one answer."""
    found = Link._base_manager.select_related("of").filter(token_hash=hash_of(token), ended_at__isnull=True, expires_at__gt=at).first()
    return found.of if found else None
