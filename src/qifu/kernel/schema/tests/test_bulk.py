"""Tests that what is written as arrays is read back as it was, whatever signs it holds."""

from uuid import UUID

import pytest
from django.db import DataError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from qifu.kernel.schema import bulk

WORDS = some.lists(some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6), max_size=5)
PLAIN = some.lists(some.text('缺普工0az{}," \\nulNUL', max_size=4), max_size=5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=some.lists(some.one_of(WORDS, PLAIN), min_size=1, max_size=4))
@example(rows=[["缺普", "普工"], ["NULL", "null"], [""], [], ["a,b"], ["{", "}"], ['"', "\\"], [" x", "x "]])
def test_an_array_of_arrays_is_read_as_it_was_written(database, rows):
    """Tests one column of lists of words, as `insert_columns` tells it."""
    with bulk.bound() as cursor:
        cursor.execute("SELECT t::text[] FROM unnest(%s::text[]) AS t", [bulk.column_literal([bulk.literal(words) for words in rows])])
        assert [found for (found,) in cursor.fetchall()] == rows


ONE, OTHER = "018f3c00-0000-7000-8000-00000000000a", "018f3c00-0000-7000-8000-00000000000b"
COLUMNS = [
    ("uuid", [ONE, OTHER]),
    ("uuid", [ONE, None]),
    ("uuid", [ONE.upper(), OTHER.replace("-", "")]),
    ("uuid", [ONE]),
    ("integer", [2**31 - 1, -(2**31), 0]),
    ("integer", [1, None]),
    ("bytea", [b"\0\xff", b"ab"]),
    ("bytea", [b"", b"abc"]),
]


@pytest.mark.parametrize(("kind", "values"), COLUMNS)
def test_a_column_arrives_as_it_was_told_in_binary_or_not(database, kind, values):
    """Tests ids, numbers and bytes: plain ones, which go in binary, and those with a gap or written otherwise, which do not."""
    with bulk.bound() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind}[])", [bulk.column_of(values, kind)])
        found = [one for (one,) in cursor.fetchall()]
    assert found == [UUID(one) if kind == "uuid" and one else one for one in values]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("uuid", ONE.replace("a", "g")), ("uuid", ONE[:-2] + "  "), ("uuid", ONE[:-1]), ("integer", 2**31)],
)
def test_what_is_no_value_of_the_type_is_refused_by_the_database(database, kind, value):
    """Tests that the binary form lets nothing in that the text would not."""
    with pytest.raises(DataError), bulk.bound() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind}[])", [bulk.column_of([value, value], kind)])


NUMBERS = some.lists(some.integers(-(2**31), 2**31 - 1), max_size=5)


@pytest.fixture
def told(database):
    with database.admin() as session:
        session.execute("CREATE TABLE told (id int, numbers int[]); GRANT ALL ON told TO PUBLIC")
    yield
    with database.admin() as session:
        session.execute("DROP TABLE told")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=some.lists(NUMBERS, min_size=1, max_size=4))
@example(rows=[[], [1, -1], [], [2**31 - 1, -(2**31)]])
@example(rows=[[7], [7]])
def test_lists_of_numbers_arrive_each_in_its_row(told, rows):
    """Tests the column that goes as one array in binary and is cut into rows there: empty ones, alike ones, the widest."""
    with bulk.bound() as cursor:
        cursor.execute("TRUNCATE told")
        bulk.insert_columns("told", [("id", "integer"), ("numbers", "integer[]")], [list(range(len(rows))), rows])
        cursor.execute("SELECT numbers FROM told ORDER BY id")
        assert [numbers for (numbers,) in cursor.fetchall()] == rows
