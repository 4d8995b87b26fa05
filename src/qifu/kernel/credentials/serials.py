"""Serial numbers in blocks: exact and small in a status list, and telling nobody how many came before.

A pass is the n-th of its block; its serial is n put through a permutation that only the issuer can compute (a Feistel
network of four rounds under a key of its own)."""

import hmac
from collections.abc import Iterator
from hashlib import blake2b, sha256

from django.db import connection

from qifu.kernel.privacy import P2, keys

SIZE = 65536

_OPEN = """
INSERT INTO credentials_block (id, issuer, number, used)
SELECT gen_random_uuid(), %(issuer)s, coalesce(max(number), 0) + 1, 0 FROM credentials_block WHERE issuer = %(issuer)s
ON CONFLICT DO NOTHING
"""
_TAKE = """
UPDATE credentials_block SET used = least(used + %(count)s, 65536)
WHERE issuer = %(issuer)s AND number = (SELECT max(number) FROM credentials_block WHERE issuer = %(issuer)s)
RETURNING number, used
"""
_USED = "SELECT number, used FROM credentials_block WHERE issuer = %(issuer)s ORDER BY number DESC LIMIT 1 FOR UPDATE"


def take(issuer: str, count: int) -> Iterator[tuple[int, int]]:
    """Take `count` pairs (block, serial) for an issuer inside the open transaction."""
    while count > 0:
        with connection.cursor() as cursor:
            cursor.execute(_USED, {"issuer": issuer})
            found = cursor.fetchone()
            if found is None or found[1] >= SIZE:
                cursor.execute(_OPEN, {"issuer": issuer})
                continue
            number, before = found
            cursor.execute(_TAKE, {"issuer": issuer, "count": count})
            number, after = cursor.fetchone()
        secret = _secret(issuer, number)
        yield from ((number, shuffled(n, secret)) for n in range(before, after))
        count -= after - before


def shuffled(n: int, secret: bytes) -> int:
    """Give the serial of the n-th pass of a block (0 to 65,535): a permutation of the block."""
    left, right = n >> 8, n & 255
    for turn in range(4):
        left, right = right, left ^ blake2b(bytes((turn, right)), key=secret, digest_size=1).digest()[0]
    return left << 8 | right


def _secret(issuer: str, number: int) -> bytes:
    key = keys.to_write("blind", klass=P2).bytes()
    return hmac.new(key, f"serial|{issuer}|{number}".encode(), sha256).digest()
