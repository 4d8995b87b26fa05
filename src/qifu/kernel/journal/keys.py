"""The key that signs seals: outside the database, and outside its backups.

From the environment (QIFU_JOURNAL_KEY, for a mounted secret) or the file VAR/run/journal.key (0600), made on the first
seal. One key a line in base64; the first signs, the others are retired and still trusted."""

import base64
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

ENVIRONMENT = "QIFU_JOURNAL_KEY"
SIZE = 32


class BadJournalKey(Exception):
    """The key cannot be used as it stands; the text says what to do."""


@dataclass(frozen=True)
class SealKey:
    """One key of the journal: 32 secret bytes, and the public half by which a seal names it."""

    secret: bytes

    @cached_property
    def public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()

    def sign(self, text: bytes) -> bytes:
        """Give the Ed25519 signature of a text, 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(text)

    def __repr__(self) -> str:
        return f"<SealKey {self.public.hex()[:16]}>"


def path() -> Path:
    """Give the place of the key file."""
    return Path(settings.VAR) / "run" / "journal.key"


def known() -> list[SealKey]:
    """Give the keys, the signing one first; none if there is neither environment nor file."""
    if text := os.environ.get(ENVIRONMENT, "").strip():
        return [_parse(word, whence=ENVIRONMENT) for word in text.replace(",", " ").split()]
    file = path()
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return []
    if mode & 0o077:
        raise BadJournalKey(f"{file.name} can be read by others; run: chmod 600 {file.name}")
    return [_parse(word, whence=file.name) for word in file.read_text().split()]


def signing() -> SealKey:
    """Give the key to sign with; the file is made where there is none."""
    return (known() or _create())[0]


def trusted() -> list[bytes]:
    """Give the public halves that a seal of this installation may carry."""
    return [key.public for key in known()]


def _create() -> list[SealKey]:
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(base64.urlsafe_b64encode(secrets.token_bytes(SIZE)).decode() + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)  # fails where another process was first: then its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return known()


def _parse(text: str, *, whence: str) -> SealKey:
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise BadJournalKey(f"{whence} does not hold a journal key: 32 bytes in base64")
    return SealKey(key)
