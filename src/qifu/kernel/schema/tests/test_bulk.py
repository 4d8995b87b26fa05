"""Tests that what is written as arrays is read back as it was, whatever signs it holds."""

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
