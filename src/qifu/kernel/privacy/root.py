"""The root key: it wraps the data keys, and stands outside the database and its backups.

From the environment (QIFU_ROOT_KEY, for a key service or a mounted secret) or the file VAR/run/root.key (0600). More
than one key may be given, the current one first, so that a replaced root still opens what it wrapped."""

import base64
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from qifu.kernel.privacy.terms import KeyMissing

ENVIRONMENT = "QIFU_ROOT_KEY"
SIZE = 32


class BadRootKey(Exception):
    """The root key cannot be used as it stands; the text says what to do."""


@dataclass(frozen=True)
class Root:
    """One root key, and the mark by which wrapped keys name it."""

    key: bytes

    @property
    def mark(self) -> str:
        return hashlib.sha256(b"qifu root key" + self.key).hexdigest()[:12]

    def __repr__(self) -> str:
        return f"<Root {self.mark}>"


def path() -> Path:
    """Give the place of the root key file."""
    return Path(settings.VAR) / "run" / "root.key"


def roots() -> list[Root]:
    """Give the root keys, the current one first; none if there is neither environment nor file."""
    if text := os.environ.get(ENVIRONMENT, "").strip():
        return [_parse(line, whence=ENVIRONMENT) for line in text.replace(",", " ").split()]
    file = path()
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return []
    if mode & 0o077:
        raise BadRootKey(f"{file.name} can be read by others; run: chmod 600 {file.name}")
    return [_parse(line, whence=file.name) for line in file.read_text().split()]


def named(mark: str) -> Root:
    """Find the root key that a wrapped key names, or refuse with KeyMissing."""
    for root in roots():
        if root.mark == mark:
            return root
    raise KeyMissing(KeyMissing.says)


def current(*, may_create: bool) -> Root:
    """Give the root key to wrap with; make the file on the first use ever, refuse with KeyMissing later."""
    if found := roots():
        return found[0]
    if not may_create:
        raise KeyMissing(KeyMissing.says)
    return _create()


def _create() -> Root:
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _write(draft, [Root(secrets.token_bytes(SIZE))])
    try:
        os.link(draft, file)  # fails where another process was first: then its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return roots()[0]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process replace the root key; another waits."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().with_name("root.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def next_one() -> Root:
    """Give the root key that replaces the one in use: a new one put before those of the file (step one of replacing).

    Where the environment gives the root keys it is their first; refuse with BadRootKey if the old one is not there."""
    kept = roots()
    if os.environ.get(ENVIRONMENT):
        if len(kept) < 2:
            raise BadRootKey(f"put a new key before the old one in {ENVIRONMENT}, with a blank between them")
        return kept[0]
    fresh = Root(secrets.token_bytes(SIZE))
    _replace([fresh, *kept])
    return fresh


def keep_only(root: Root) -> None:
    """Drop all other root keys from the file (the last step of replacing); the environment is the operator's."""
    if not os.environ.get(ENVIRONMENT):
        _replace([root])


def _replace(keys: list[Root]) -> None:
    draft = path().with_name(f"{path().name}.{os.getpid()}")
    _write(draft, keys)
    os.replace(draft, path())


def _write(file: Path, keys: list[Root]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write("".join(f"{base64.urlsafe_b64encode(root.key).decode()}\n" for root in keys))
        out.flush()
        os.fsync(out.fileno())


def _parse(text: str, *, whence: str) -> Root:
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise BadRootKey(f"{whence} does not hold a root key: 32 bytes in base64")
    return Root(key)
