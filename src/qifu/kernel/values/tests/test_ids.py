"""Tests that ids sort by the time they were made and never repeat."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from qifu.kernel.values import uuid7, uuid7s


def test_each_is_greater_than_the_one_before_also_within_a_millisecond():
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_threads_never_make_the_same():
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [uuid7() for _ in range(2_000)], range(8)))
    ids = [one for batch in batches for one in batch]
    assert len(set(ids)) == 16_000
    assert all(batch == sorted(batch) for batch in batches)


def test_version_variant_and_time_stand_where_rfc_9562_puts_them():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after + 1


def test_many_at_once_stand_between_the_one_before_and_the_one_after():
    before, many, after = uuid7(), [UUID(one) for one in uuid7s(10_000)], uuid7()
    assert [before, *many, after] == sorted({before, *many, after})
    assert {(one.version, one.variant) for one in many} == {(7, "specified in RFC 4122")}
    assert uuid7s(0) == []
