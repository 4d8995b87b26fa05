"""Sealing and opening single values, and the blind index by which a sealed value is found.

A sealed text is `v1|suite|key|nonce|ciphertext`. The place it stands in (table, column, row) is authenticated with it,
so that a value copied into another row does not open there."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qifu.kernel.privacy import keys
from qifu.kernel.privacy.terms import P2, Gone, KeyDestroyed, Klass, SealBroken
from qifu.kernel.values.phone import normal_phone
from qifu.kernel.values.secret import Secret
from qifu.kernel.values.text import narrow

VERSION, SUITE = "v1", "A256GCM"

# How a text is brought to one form before it is indexed, by purpose.
NORMAL: dict[str, Callable[[str], str]] = {
    "phone": normal_phone,
    "identity": lambda text: narrow(text).replace(" ", "").upper(),
    "name": lambda text: narrow(text).replace(" ", "").casefold(),
    "account": lambda text: "".join(ch for ch in narrow(text) if ch.isalnum()).upper(),
    # Another service's number of a person: its letters may differ in case alone.
    "login": str.strip,
    "plate": lambda text: "".join(ch for ch in narrow(text) if ch.isalnum()).upper(),
}


def place(table: str, column: str, row: object) -> str:
    """Name the one place where a value may stand; refuse a row without an id, which could not be told from others."""
    if row is None or row == "":
        raise ValueError(f"{table}.{column}: a sealed value needs its row's id first")
    return f"{table}|{column}|{row}"


def seal(text: str | Secret, *, klass: Klass, where: str, crisis: str = "") -> str:
    """Encrypt a text for one place (see `place`) under the key of its class and crisis."""
    return seal_all([text], klass=klass, where=[where], crisis=crisis)[0]


def seal_all(texts: Sequence[str | Secret], *, klass: Klass, where: Sequence[str], crisis: str = "") -> list[str]:
    """Encrypt texts, each for its own place and under a nonce of its own: the key is opened once for all of them."""
    if not texts:
        return []
    key = keys.to_write("seal", klass=klass, crisis=crisis)
    encrypt, head, noise = AESGCM(key.bytes()).encrypt, f"{VERSION}|{SUITE}|{key.id}|", secrets.token_bytes(_NONCE * len(texts))
    found = []
    for number, (text, place) in enumerate(zip(texts, where, strict=True)):
        nonce = noise[_NONCE * number : _NONCE * (number + 1)]
        plain = text.reveal() if isinstance(text, Secret) else text
        # Twelve bytes fill sixteen letters, so that nonce and body are written in one go and cut.
        letters = _text(nonce + encrypt(nonce, plain.encode(), _bound(key.id, place)))
        found.append(f"{head}{letters[:_LETTERS]}|{letters[_LETTERS:]}")
    return found


_NONCE, _LETTERS = 12, 16


def unseal(sealed: str, *, where: str, mask: Callable[[str], str] | None = None) -> Secret:
    """Open a sealed text of one place: a Secret, which shows only its mask, or Gone where the key is destroyed.

    Refuse with SealBroken what was changed, moved or sealed under another key."""
    try:
        version, suite, key_id, nonce, body = sealed.split("|")
        number, raw_nonce, raw_body = int(key_id), _bytes(nonce), _bytes(body)
    except (ValueError, binascii.Error):
        raise SealBroken("not a sealed text") from None
    if (version, suite) != (VERSION, SUITE):
        raise SealBroken(f"unknown seal {version[:8]}|{suite[:8]}")
    key = keys.by_id(number)
    try:
        plain = AESGCM(key.bytes()).decrypt(raw_nonce, raw_body, _bound(number, where)).decode()
    except KeyDestroyed:
        return Gone()
    except (InvalidTag, ValueError):
        raise SealBroken(f"does not open at {where.split('|', maxsplit=1)[0]}") from None
    return Secret(plain, mask=mask(plain)) if mask else Secret(plain)


def is_sealed(text: str) -> bool:
    """Say whether a text has the form of a sealed one."""
    return text.startswith(f"{VERSION}|{SUITE}|") and text.count("|") == 4


def blind(purpose: str, text: str | Secret, *, crisis: str = "") -> str:
    """Give the blind index of a text: 64 hex digits, equal for equal texts of one purpose and crisis; '' for nothing.

    The text is brought to the normal form of its purpose first. Destroying the crisis's keys makes it worthless."""
    return blind_all(purpose, [text], crisis=crisis)[0]


def blind_all(purpose: str, texts: Sequence[str | Secret], *, crisis: str = "") -> list[str]:
    """Give the blind index of each text; the key is opened once for all of them."""
    normal = NORMAL[purpose]
    plain = [normal(text.reveal() if isinstance(text, Secret) else text) for text in texts]
    if not any(plain):
        return [""] * len(plain)
    key = keys.to_write("blind", klass=P2, crisis=crisis).bytes()
    return [hmac.digest(key, f"{purpose}|{one}".encode(), "sha256").hex() if one else "" for one in plain]


def _bound(key_id: int, where: str) -> bytes:
    return f"{VERSION}|{SUITE}|{key_id}|{where}".encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(raw) != text:  # two texts for one value would let a byte be flipped unseen
        raise ValueError("not the one base64 form")
    return raw
