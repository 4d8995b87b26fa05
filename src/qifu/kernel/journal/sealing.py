"""Seals the journal in batches: what was known below the snapshot's xmin, under a Merkle root, chained and signed.

The order is that of knowing (transaction, then seq), not of any clock: a transaction that commits after a seal is not
in it, whatever time it bears. Verified by `verify`, which stands alone and defines the bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from qifu.kernel.access import Actor, Hat, Scope, acting, enter

from . import keys, models, verify
from .writing import forget_era, when

SYSTEM = Actor(id="system", name="系统", hats=(Hat(role="system", rights=frozenset(), scope=Scope(everywhere=True)),), worker=True)
_LOCK = 7_136_011
"""The advisory lock of sealing: two sealers make one seal."""
_ITERSIZE = 5000


@contextmanager
def whole() -> Iterator[None]:
    """Open a transaction of the worker's role that sees all of the journal, in every compartment."""
    with acting(SYSTEM):
        see_all()
        yield


def see_all() -> None:
    """Widen the open transaction of SYSTEM to every compartment in use now."""
    (hat,) = SYSTEM.hats
    found = _one("SELECT qifu_journal_compartments()")
    enter(
        replace(
            SYSTEM,
            hats=(
                replace(
                    hat,
                    scope=Scope(everywhere=True, compartments=tuple(filter(None, found.split(",")))),
                ),
            ),
        )
    )


def stream(sql: str, params: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a query through a server-side cursor: memory does not grow with the journal."""
    connection.ensure_connection()
    with connection.connection.cursor(name="qifu_journal", binary=True) as cursor:
        cursor.itersize = _ITERSIZE
        cursor.execute(sql, params)
        yield from cursor


def seals(*, since: int = 0) -> list[verify.Seal]:
    """Give the seals from number `since` on, in order; inside `acting`."""
    return [_read(seal) for seal in models.Seal.objects.filter(number__gte=since).order_by("number")]


def head() -> verify.Seal | None:
    """Give the last seal, for an auditor to hold outside (`line()` is what goes into the file); inside `acting`."""
    last = models.Seal.objects.order_by("number").last()
    return _read(last) if last else None


def sealed_at(seal: verify.Seal | None) -> datetime | None:
    """Give the instant of a seal."""
    return datetime.fromisoformat(seal.at) if seal else None


def seal(*, at: datetime) -> verify.Seal | None:
    """Seal everything that is known and not sealed yet; gives the last new seal, or None where there was nothing.

    What a restore left open in an earlier era is sealed as a batch of its own."""
    with acting(SYSTEM):
        _one("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # Horizon first, compartments after: all that lies below the horizon has committed, and is in the list then.
        horizon = int(_one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
        see_all()
        newest = int(_one("SELECT max(number) FROM journal_era"))
        last, made = head(), None
        for era in range(last.era if last else 1, newest + 1):
            below = horizon if era == newest else int(_one("SELECT COALESCE(max(tx), 0) + 1 FROM journal_entry WHERE era = %s", [era]))
            made = _batch(era, below, last, at=at) or made
            last = made or last
        return made


def new_era(*, at: datetime, reason: str = "restored") -> int:
    """Begin the next era and give its number: after a restore transaction numbers start again."""
    with acting(SYSTEM):
        _one("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        number = int(_one("SELECT max(number) + 1 FROM journal_era"))
        models.Era.objects.create(number=number, since=at, reason=reason)
    forget_era()
    return number


def _batch(era: int, horizon: int, last: verify.Seal | None, *, at: datetime) -> verify.Seal | None:
    low = last.horizon if last and last.era == era else 0
    tree, leaf, digest = verify.Tree(), verify.leaf_number, sha256
    rows = stream("SELECT seq, tx, hash FROM journal_entry WHERE era = %s AND tx >= %s AND tx < %s ORDER BY tx, seq", [era, low, horizon])
    for seq, tx, stored in rows:
        tree.add(digest(leaf(seq, tx, era) + stored).digest())
    if not len(tree):
        return None
    key = keys.signing()
    made = verify.Seal(
        number=last.number + 1 if last else 1,
        era=era,
        horizon=horizon,
        rows=len(tree),
        total=len(tree) + (last.total if last else 0),
        root=tree.root(),
        previous=last.link if last else bytes(32),
        at=when(at),
        key=key.public,
        signature=b"",
    )
    made = made._replace(signature=key.sign(made.text))
    models.Seal.objects.create(**(made._asdict() | {"at": at}))
    return made


def _read(row: models.Seal) -> verify.Seal:
    values = {name: getattr(row, name) for name in verify.Seal._fields}
    plain: dict[str, Any] = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items()}
    return verify.Seal(**(plain | {"at": when(row.at)}))


def _one(sql: str, params: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return cursor.fetchone()[0]
