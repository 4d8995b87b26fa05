"""Data keys: made when first needed, kept wrapped in the database, unwrapped in memory for a short while.

A key is written in a connection of its own and only then used: had it been made in the caller's transaction, a
rollback would take it away after it had sealed something."""

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connections, transaction

from qifu.kernel.calendar import clock
from qifu.kernel.privacy import root
from qifu.kernel.privacy.terms import KeyDestroyed, Klass, SealBroken

Use = Literal["seal", "blind"]


@dataclass(frozen=True)
class DataKey:
    """A key in memory. `plain` is None once it is destroyed."""

    id: int
    plain: bytes | None

    def __repr__(self) -> str:
        return f"<DataKey {self.id}>"

    def bytes(self) -> bytes:
        """Give the key, or refuse with KeyDestroyed."""
        if self.plain is None:
            raise KeyDestroyed(KeyDestroyed.says)
        return self.plain


_held: dict[Any, tuple[float, DataKey]] = {}

_COLUMNS = "id, use, klass, crisis, serial, wrapped, destroyed_at IS NOT NULL"


def by_id(key_id: int) -> DataKey:
    """Find the key that a sealed value names; refuse with SealBroken where there is none."""

    def look() -> DataKey:
        rows = _ask(f"SELECT {_COLUMNS} FROM privacy_key WHERE id = %s", [key_id])
        if not rows:
            raise SealBroken(f"no key {key_id}")
        return _unwrap(rows[0])

    return _remembered(key_id, look)


def to_write(use: Use, *, klass: Klass, crisis: str = "") -> DataKey:
    """Give the key to seal with, or to index with (the first serial, which never changes); make it if there is none.

    Refuse with KeyDestroyed once the crisis is closed."""

    def look() -> DataKey:
        order = "DESC" if use == "seal" else "ASC"
        sql = f"SELECT {_COLUMNS} FROM privacy_key WHERE use = %s AND klass = %s AND crisis = %s ORDER BY serial {order} LIMIT 1"
        rows = _ask(sql, [use, klass.value, crisis])
        if not rows:
            _make(use, klass=klass, crisis=crisis, serial=1)
            rows = _ask(sql, [use, klass.value, crisis])
        return _unwrap(rows[0])

    return _remembered((use, klass, crisis), look)


def rotate(*, klass: Klass, crisis: str = "") -> None:
    """Seal with a new key from now on; what was sealed before stays readable."""
    rows = _ask(
        "SELECT max(serial), bool_or(destroyed_at IS NOT NULL) FROM privacy_key WHERE use = 'seal' AND klass = %s AND crisis = %s",
        [klass.value, crisis],
    )
    serial, destroyed = rows[0]
    if destroyed:
        raise KeyDestroyed(KeyDestroyed.says)
    _make("seal", klass=klass, crisis=crisis, serial=(serial or 0) + 1)
    forget()


def destroy_crisis(crisis: str, *, at: datetime) -> int:
    """Destroy all keys of a crisis in the open transaction, the worker's; answers how many. Others follow within KEYS_HELD
    seconds.

    Backups still hold the wrapped keys: `replace_root` afterwards makes those worthless as well."""
    if not crisis:
        raise ValueError("the standing keys are not a crisis's and are not destroyed")
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE privacy_key SET wrapped = '', destroyed_at = %s WHERE crisis = %s AND destroyed_at IS NULL",
            [at, crisis],
        )
        count = cursor.rowcount
    forget()
    transaction.on_commit(forget, using="default")  # another thread may have looked before the commit
    return count


def replace_root() -> int:
    """Wrap every living key under a new root key and drop the old one, so that no backup can be unwrapped any more.

    Safe to repeat after a crash at any point, and beside processes that make keys. Make a new backup right after it:
    older ones open only with the key table of now. Where the environment gives the root, it names the new key and then
    the old one beforehand, and only the new one afterwards. Answers how many keys were wrapped anew."""
    if connections["default"].in_atomic_block:
        raise RuntimeError("replace_root runs outside of any transaction: it waits for those that make or destroy keys")
    with root.one_at_a_time():
        fresh = root.next_one()
        with _alone("qifu_worker") as cursor:
            cursor.execute("LOCK TABLE privacy_key IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(f"SELECT {_COLUMNS} FROM privacy_key WHERE destroyed_at IS NULL ORDER BY id")
            rows = cursor.fetchall()
            for row in rows:
                wrapped = _wrap(_unwrap(row).bytes(), fresh, _name_of(row))
                cursor.execute("UPDATE privacy_key SET wrapped = %s WHERE id = %s", [wrapped, row[0]])
        root.keep_only(fresh)
    forget()
    return len(rows)


def forget() -> None:
    """Drop the keys that this process holds in memory."""
    _held.clear()


def _remembered(what: Any, look: Callable[[], DataKey]) -> DataKey:
    held = _held.get(what)
    if held and time.monotonic() - held[0] < settings.KEYS_HELD:
        return held[1]
    found = look()
    _held[what] = (time.monotonic(), found)
    return found


def _make(use: Use, *, klass: Klass, crisis: str, serial: int) -> None:
    """Write a new key and commit it; another process may have been first, then its key stands."""
    with _alone() as cursor:
        # Before the root is read: `replace_root` waits for this lock, so no key stays under a root that is dropped.
        cursor.execute("LOCK TABLE privacy_key IN ROW EXCLUSIVE MODE")
        cursor.execute("SELECT NOT EXISTS (SELECT FROM privacy_key)")
        top = root.current(may_create=bool(cursor.fetchone()[0]))
        name = f"{use}|{klass.value}|{crisis}|{serial}"
        cursor.execute(
            "INSERT INTO privacy_key (use, klass, crisis, serial, wrapped, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [use, klass.value, crisis, serial, _wrap(secrets.token_bytes(32), top, name), clock.now()],
        )


@contextmanager
def _alone(role: str = "qifu_app") -> Iterator[Any]:
    """Open a transaction on a connection of its own, whatever the caller's will do."""
    separate = connections["default"].copy()
    try:
        with _committed(separate), separate.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [role])
            yield cursor
    finally:
        separate.close()


@contextmanager
def _committed(separate: Any) -> Iterator[None]:
    """Commit what the block did on this connection, or nothing of it."""
    separate.set_autocommit(False)
    try:
        yield
    except BaseException:
        separate.rollback()
        raise
    separate.commit()


def _name_of(row: tuple[Any, ...]) -> str:
    _, use, klass, crisis, serial, _, _ = row
    return f"{use}|{klass}|{crisis}|{serial}"


def _wrap(plain: bytes, top: root.Root, name: str) -> str:
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(top.key).encrypt(nonce, plain, name.encode())
    return f"w1|{top.mark}|{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def _unwrap(row: tuple[Any, ...]) -> DataKey:
    key_id, wrapped, destroyed = row[0], row[5], row[6]
    if destroyed:
        return DataKey(key_id, None)
    _, mark, body = wrapped.split("|")
    raw = base64.urlsafe_b64decode(body)
    try:
        plain = AESGCM(root.named(mark).key).decrypt(raw[:12], raw[12:], _name_of(row).encode())
    except InvalidTag:
        raise SealBroken(f"key {key_id} does not unwrap") from None
    return DataKey(key_id, plain)


def _ask(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    connection = connections["default"]
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    with transaction.atomic(using="default"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'qifu_app', true)")
        cursor.execute(sql, values)
        return list(cursor.fetchall())
