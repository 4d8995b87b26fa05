"""Tokens of an authenticator (RFC 6238): a secret, its QR, and which time step a six-digit token belongs to."""

import hmac
from datetime import datetime

import pyotp
import segno

from qifu.kernel.access.models import Account
from qifu.kernel.privacy import P2
from qifu.kernel.privacy.sealing import place, seal, unseal

STEP = 30
_NEAR = (-1, 0, 1)
"""Time steps that count: the clock of a phone may be half a minute off."""
NOBODYS = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Compared with where there is no account, so that the work is the same."""


def new_secret() -> str:
    """Make a secret of 160 bits in base32."""
    return pyotp.random_base32()


def enrolled(account: Account) -> bool:
    """Say whether the account has an authenticator that still counts."""
    reset = account.person.factor_reset_at
    return bool(account.totp_sealed) and account.totp_at is not None and (reset is None or reset < account.totp_at)


def sealed(secret: str, *, account: Account) -> str:
    """Seal a secret for this account's row."""
    return seal(secret, klass=P2, where=_where(account))


def secret_of(account: Account | None) -> str:
    """Open the secret of an account; a constant where there is none."""
    if account is None or not enrolled(account):
        return NOBODYS
    return unseal(account.totp_sealed, where=_where(account)).reveal()


def step_of(token: str, *, secret: str, at: datetime, after: int = 0) -> int | None:
    """Give the time step that a token is of, or None; a step not after the last accepted one is refused (one use)."""
    now = int(at.timestamp()) // STEP
    digits = "".join(ch for ch in token if ch.isdigit())
    hotp = pyotp.HOTP(secret)
    found = None
    for step in (now + near for near in _NEAR):
        if hmac.compare_digest(hotp.at(step), digits) and step > after:
            found = step
    return found


def token_at(at: datetime, *, secret: str) -> str:
    """Give the token that an authenticator shows at an instant (tests, and the demo's own page)."""
    return pyotp.HOTP(secret).at(int(at.timestamp()) // STEP)


def qr(secret: str, *, name: str) -> str:
    """Draw what an authenticator scans, as inline SVG: no style attribute, which the page policy forbids."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="企服")
    return segno.make(address, error="m", micro=False).svg_inline(scale=5, border=2, dark="#111", light="#fff")


def _where(account: Account) -> str:
    return place("access_account", "totp_sealed", account.pk)
