"""The keys of an issuer: made when first needed, the next one published ahead, the old one read until its last pass ends."""

import base64
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from django.conf import settings
from django.db import transaction

from qifu.kernel.privacy import KeyDestroyed

from . import cose
from .cose import EDDSA, ES256, Key, PrivateKey, Trust
from .models import IssuerKey

LIFE = timedelta(days=90)
"""How long a key signs."""
LIVES = {"peer": timedelta(days=730)}
"""Purposes whose keys sign for longer: another office trusts them by hand, by reading a fingerprint on the telephone."""
AHEAD = timedelta(days=7)
"""How long before its first signature a key is published, so that readers without a network have it in time."""
AGAIN = 1.0
"""Seconds between two readings for keys that nobody knows."""


@dataclass(frozen=True)
class Signer:
    """A key with its private half, in memory."""

    key: Key
    private: PrivateKey

    def __repr__(self) -> str:
        return f"<Signer {self.key.kid.hex()}>"


_signers: dict[str, Signer] = {}
_trust: dict[str, tuple[float, Trust]] = {}


def forget() -> None:
    """Drop what this process holds in memory (tests, and after a key was made or withdrawn)."""
    _signers.clear()
    _trust.clear()


def signer(issuer: str, *, at: datetime, purpose: str = "pass") -> Signer:
    """Give the key that signs for an issuer at an instant; makes the first, and the next where the last one is about to end.

    Inside the open transaction: what it signs and the key itself are committed together or not at all."""
    row = _valid(issuer, purpose, at)
    if row is None:
        row = make(issuer, purpose=purpose, at=at, not_before=at)
    elif row.not_after - at <= AHEAD and not _rows(issuer, purpose).filter(turn__gt=row.turn).exists():
        make(issuer, purpose=purpose, at=at, not_before=row.not_after)
    if row.kid not in _signers:
        sealed: Any = row.private
        private = load_der_private_key(base64.b64decode(sealed.reveal()), password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise KeyDestroyed(KeyDestroyed.says)
        _signers[row.kid] = Signer(_key(row), private)
    return _signers[row.kid]


def make(issuer: str, *, purpose: str, at: datetime, not_before: datetime, alg: int = ES256) -> IssuerKey:
    """Make a key that signs from `not_before` for LIFE; ES256 by default, Ed25519 (EDDSA) on wish."""
    private: PrivateKey = ed25519.Ed25519PrivateKey.generate() if alg == EDDSA else ec.generate_private_key(ec.SECP256R1())
    key = Key.of(private.public_key())
    last = _rows(issuer, purpose).order_by("-turn").first()
    row = IssuerKey(
        issuer=issuer, purpose=purpose, turn=(last.turn if last else 0) + 1, alg=key.alg, kid=key.kid.hex(),
        public=cose.der_of(key.public), not_before=not_before, not_after=not_before + LIVES.get(purpose, LIFE), made_at=at,
        private=base64.b64encode(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode(),
    )  # fmt: skip
    row.save(force_insert=True)
    _forget_later()
    return row


def rotate(issuer: str, *, at: datetime, purpose: str = "pass", alg: int = ES256) -> IssuerKey:
    """Publish the next key now; it signs from AHEAD on, when the present one ends. What that has signed stays good."""
    present = _valid(issuer, purpose, at)
    if present is None:
        return make(issuer, purpose=purpose, at=at, not_before=at, alg=alg)
    waiting = _rows(issuer, purpose).filter(not_before__gt=at).order_by("turn").first()
    if waiting is not None:
        return waiting
    begins = min(at + AHEAD, present.not_after)
    IssuerKey._base_manager.filter(pk=present.pk).update(not_after=begins)
    _forget_later()
    return make(issuer, purpose=purpose, at=at, not_before=begins, alg=alg)


def withdraw(kid: bytes, *, at: datetime) -> bool:
    """Withdraw a key that others may know: nothing that it ever signed is good any more. False where there is none."""
    done = IssuerKey._base_manager.filter(kid=kid.hex(), withdrawn_at__isnull=True).update(withdrawn_at=at)
    _forget_later()
    return bool(done)


def trust(purpose: str = "pass") -> Trust:
    """Give the trust list of this installation: every key, past, present and published ahead."""
    held = _trust.get(purpose)
    if held is None or time.monotonic() - held[0] > settings.KEYS_HELD:
        held = (time.monotonic(), Trust.of(_key(row) for row in IssuerKey._base_manager.filter(purpose=purpose)))
        _trust[purpose] = held
    return held[1]


def read_again(purpose: str = "pass") -> bool:
    """Read the trust list anew for a key that is not on it; False where it was read within the last second, so that
    invented codes cannot make the database work."""
    held = _trust.get(purpose)
    if held is not None and time.monotonic() - held[0] < AGAIN:
        return False
    _trust.pop(purpose, None)
    return True


def _key(row: IssuerKey) -> Key:
    return Key.of(
        cose.public_of(bytes(row.public)), issuer=row.issuer, purpose=row.purpose, not_before=row.not_before,
        not_after=row.not_after, withdrawn_at=row.withdrawn_at,
    )  # fmt: skip


def _rows(issuer: str, purpose: str):  # type: ignore[no-untyped-def]
    return IssuerKey._base_manager.filter(issuer=issuer, purpose=purpose)


def _valid(issuer: str, purpose: str, at: datetime) -> IssuerKey | None:
    found: IssuerKey | None = (
        _rows(issuer, purpose).filter(not_before__lte=at, not_after__gt=at, withdrawn_at__isnull=True).order_by("-turn").first()
    )
    return found


def _forget_later() -> None:
    forget()
    transaction.on_commit(forget)
