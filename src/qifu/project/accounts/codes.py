"""The six digits that go out by SMS."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from qifu.kernel.language import said as _
from qifu.kernel.notify import Message
from qifu.kernel.privacy import Secret
from qifu.kernel.values.phone import mask_phone

LASTS = timedelta(minutes=5)
TRIES = 5
PER_NUMBER = 5
PER_SENDER = 200
"""Codes an hour for one network address; an office of 500 comes in through one on the first morning."""
WINDOW = timedelta(hours=1)


def new_code() -> str:
    """Draw six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def hashed(code: str, *, ticket: UUID) -> str:
    """Hash a code for its ticket under the installation's key: a bare hash of six digits is guessed at once."""
    return salted_hmac("qifu.login_code", f"{ticket}:{code}", algorithm="sha256").hexdigest()


def matches(code: str, *, ticket: UUID, code_hash: str) -> bool:
    """Say whether these digits are the ticket's; blanks between them do no harm."""
    digits = "".join(ch for ch in code if ch.isdigit())
    return hmac.compare_digest(hashed(digits, ticket=ticket), code_hash)


def message(phone: str, *, code: str, at: datetime) -> Message:
    """Word the message."""
    text = _("【企服】验证码 {code}，5分钟内有效。我们不会打电话向您要验证码。", code=code)
    return Message(to=Secret(phone, mask=mask_phone(phone)), text=Secret(text), kind="login_code", at=at)
