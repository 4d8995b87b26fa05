"""How a request is signed, both ways: HMAC-SHA256 over "time.body" under the platform's key, in lower-case hexadecimal."""

import hmac
import re
from hashlib import sha256

_SHAPE = re.compile(r"[0-9a-f]{64}")
TIME, SIGN, ID = "X-Qifu-Time", "X-Qifu-Sign", "X-Qifu-Id"


def sign(key: str, *, time: str, body: bytes) -> str:
    """Give the signature of a body sent at a time (seconds since 1970, as text)."""
    return hmac.new(key.encode(), f"{time}.".encode() + body, sha256).hexdigest()


def good(signature: str, *, key: str, time: str, body: bytes) -> bool:
    """Say whether a signature is that of the key, in constant time."""
    given = signature.strip().lower()
    # Anything else would raise in the comparison, which answers otherwise than a name that nobody has.
    if not key or not _SHAPE.fullmatch(given):
        return False
    return hmac.compare_digest(sign(key, time=time, body=body).encode("ascii"), given.encode("ascii"))
