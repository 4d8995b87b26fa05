"""Tests of what an issuer keeps: keys made, published ahead, rotated and withdrawn; serials; the status list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import EDDSA, ES256, Flaw, Rejected, cose, keys, serials, status
from qifu.kernel.credentials.models import Block, IssuerKey

NOW = at("2020-02-10")
CITY = "330200"


@pytest.fixture
def ground(database: Any) -> Iterator[None]:
    keys.forget()
    with clock.use(clock.Fixed(NOW)):
        yield
    keys.forget()


def test_a_key_is_made_when_first_needed_and_sealed(ground: None) -> None:
    """Tests that the first signature makes a key, that it is the same next time, and that its private half stands nowhere in the clear."""
    with acting(DOOR):
        first = keys.signer(CITY, at=NOW)
        keys.forget()
        assert keys.signer(CITY, at=NOW).key.kid == first.key.kid and first.key.alg == ES256
        assert keys.signer("330100", at=NOW).key.kid != first.key.kid
        with connection.cursor() as cursor:
            cursor.execute("SELECT private FROM credentials_issuerkey")
            assert all(private.startswith("v1|A256GCM|") for (private,) in cursor.fetchall())
        assert cose.kid_of(first.private.public_key()) == first.key.kid
        assert repr(first) == f"<Signer {first.key.kid.hex()}>"


def test_the_next_key_is_published_a_week_ahead(ground: None) -> None:
    """Tests that in its last week a key still signs while the next is in the trust list, and that then the next one signs."""
    with acting(DOOR):
        old = keys.signer(CITY, at=NOW)
        last = NOW + keys.LIFE - timedelta(hours=1)
        assert keys.signer(CITY, at=last).key.kid == old.key.kid
        assert len(keys.trust().keys) == 2
        new = keys.signer(CITY, at=NOW + keys.LIFE)
        assert new.key.kid != old.key.kid and {old.key.kid, new.key.kid} == set(keys.trust().keys)
        assert keys.signer(CITY, at=NOW + keys.LIFE).key.kid == new.key.kid and IssuerKey._base_manager.count() == 2


def test_rotation_and_withdrawal(ground: None) -> None:
    """Tests that a rotation waits for readers, may change the algorithm, and that what a withdrawn key signed is good no more."""
    with acting(DOOR):
        old = keys.signer(CITY, at=NOW)
        signed = status.sign(CITY, {1: [5]}, signer=old, at=NOW)
        row = keys.rotate(CITY, at=NOW, alg=EDDSA)
        assert keys.rotate(CITY, at=NOW).pk == row.pk and row.not_before == NOW + keys.AHEAD
        assert keys.signer(CITY, at=NOW).key.kid == old.key.kid
        new = keys.signer(CITY, at=NOW + keys.AHEAD)
        assert new.key.kid.hex() == row.kid and new.key.alg == EDDSA
        assert status.holds(status.read(signed, trust=keys.trust()), 1, 5)
        assert keys.withdraw(old.key.kid, at=NOW) and not keys.withdraw(old.key.kid, at=NOW)
        assert keys.trust().keys[old.key.kid].withdrawn_at == NOW
        assert keys.signer(CITY, at=NOW).key.kid not in (old.key.kid, new.key.kid)


def test_serials_are_given_once_in_an_order_that_tells_nothing(ground: None) -> None:
    """Tests that a block is a permutation, that pairs never repeat across calls and blocks, and that neighbours lie apart."""
    secret = b"k" * 32
    assert sorted(serials.shuffled(n, secret) for n in range(serials.SIZE)) == list(range(serials.SIZE))
    with acting(DOOR):
        found = [*serials.take(CITY, 300), *serials.take(CITY, 5), *serials.take("330100", 5)]
        assert len(set(found[:305])) == 305 and {block for block, _ in found} == {1}
        assert found[300:305] != found[305:], "two issuers have two orders"
        assert [serial for _, serial in found[:300]] != sorted(serial for _, serial in found[:300])
        Block._base_manager.filter(issuer=CITY).update(used=serials.SIZE - 2)
        assert [block for block, _ in serials.take(CITY, 4)] == [1, 1, 2, 2]


def test_a_status_list_is_exact_and_signed(ground: None) -> None:
    """Tests that exactly the revoked serials are in the list, and that a changed list or another key's is refused."""
    with acting(DOOR):
        signer = keys.signer(CITY, at=NOW)
        wanted = {1: [0, 7, 8, 65535], 3: [40000]}
        raw = status.sign(CITY, wanted, signer=signer, at=NOW)
        bitmaps = status.read(raw, trust=keys.trust())
        found = {block: [n for n in range(serials.SIZE) if status.holds(bitmaps, block, n)] for block in (1, 2, 3)}
        assert found == {1: wanted[1], 2: [], 3: wanted[3]} and not status.holds(bitmaps, 1, 10**6)
        with pytest.raises(Rejected) as wrong:
            status.read(raw[:-1] + bytes([raw[-1] ^ 1]), trust=keys.trust())
        assert wrong.value.flaw is Flaw.SIGNATURE
