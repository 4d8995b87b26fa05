"""What the database itself promises about the journal: rows are added and never changed, and partitions are no side door."""

from datetime import date

import pytest
from django.db import DatabaseError, connection

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.journal import models, reading, sealing

pytestmark = pytest.mark.usefixtures("database")


def partitions():
    with acting(sealing.SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal_entry'::regclass")
        return sorted(name for (name,) in cursor.fetchall())


@pytest.fixture(autouse=True)
def own_months(database):
    """Remove the partitions that a test makes: they outlive its rows."""
    before = partitions()
    yield
    with database.admin() as session:
        for name in set(partitions()) - set(before):
            session.execute(f"DROP TABLE {name}")


def attempt(actor, statement):
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nobody_changes_or_removes_a_row(lend, clerk):
    """Tests that UPDATE, DELETE and TRUNCATE are refused to every role of the application, on the journal and each partition."""
    lend(2)
    with acting(clerk):
        reading.make_months([date(2020, 7, 1)])
    names = partitions()
    assert "journal_entry_202007" in names and "journal_entry_other" in names
    with acting(clerk):
        before = list(models.Entry._base_manager.order_by("seq").values())
    assert len(before) == 4
    for actor in (clerk, DOOR, sealing.SYSTEM):
        for name in ["journal_entry", *names]:
            for statement in (f"UPDATE {name} SET sign = 1", f"DELETE FROM {name}", f"TRUNCATE {name}", f"DROP TABLE {name}"):
                with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
                    attempt(actor, statement)
    with acting(clerk):
        assert list(models.Entry._base_manager.order_by("seq").values()) == before


def test_a_partition_cannot_be_read_or_written_past_the_scope(lend, clerk):
    """Tests that a partition, which bears no policy of its own, is out of reach for every role."""
    lend(1)
    for actor in (clerk, DOOR, sealing.SYSTEM):
        for name in partitions():
            for statement in (f"SELECT seq FROM {name}", f"INSERT INTO {name} (era) VALUES (1)"):
                with pytest.raises(DatabaseError, match="permission denied"):
                    attempt(actor, statement)


def test_attempts_are_final_too(clerk):
    """Tests that a refused act stays on the record: no role may change or remove it."""
    for actor in (clerk, DOOR, sealing.SYSTEM):
        for statement in ("UPDATE journal_attempt SET forbidden = false", "DELETE FROM journal_attempt", "TRUNCATE journal_attempt"):
            with pytest.raises(DatabaseError, match="permission denied"):
                attempt(actor, statement)


def test_a_row_keeps_its_number_from_the_database(lend, clerk):
    """Tests that the application cannot choose a seq."""
    lend(1)
    with pytest.raises(DatabaseError, match="seq"):
        attempt(clerk, "INSERT INTO journal_entry (seq) VALUES (1)")


def test_months_are_made_ahead_and_hold_their_rows(lend, clerk, now):
    """Tests that a month is made once, and that rows recorded in it are found through the journal only."""
    with acting(clerk):
        assert reading.make_months([date(2020, 6, 17), date(2020, 6, 1), date(2020, 7, 1)]) == 2
        assert reading.make_months([date(2020, 6, 1)]) == 0
    now.set(at("2020-06-30", "23:59"))
    # The second batch is told a minute later: in July, by the clock of Shanghai.
    lend(2)
    with acting(clerk), connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM journal_entry GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("journal_entry_202006", 2), ("journal_entry_202007", 2)]
    assert sealing.seal(at=clock.now()).rows == 4


def test_the_maker_of_months_does_nothing_else(clerk):
    """Tests that it runs with a fixed search_path, refuses dates beyond the century, and opens to nobody but our roles."""
    with acting(sealing.SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosecdef, proconfig, proacl::text FROM pg_proc WHERE proname LIKE 'qifu_journal_%'")
        for name, definer, config, rights in cursor.fetchall():
            assert definer and config == ["search_path=public, pg_temp"], name
            assert "{=X" not in rights and ",=X" not in rights, f"{name} is open to PUBLIC"
    before = partitions()
    for value in ("NULL", "'0044-01-01 BC'", "'1999-12-31'", "'2100-01-01'", "'infinity'"):
        with pytest.raises(DatabaseError, match="no month of this journal"):
            attempt(clerk, f"SELECT qifu_journal_month({value}::date)")
    assert partitions() == before


def test_a_table_of_the_caller_is_not_taken_for_the_journal(clerk, now):
    """Tests that neither a search_path nor a temporary table of the caller's leads the maker of months astray."""
    with pytest.raises(DatabaseError, match="permission denied"):
        attempt(clerk, "CREATE TEMPORARY TABLE journal_entry (seq bigint)")
    with pytest.raises(DatabaseError, match="permission denied"):
        attempt(clerk, "CREATE TABLE public.journal_entry_202008 (seq bigint)")
    with acting(clerk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp")
        cursor.execute("SELECT public.qifu_journal_month('2020-08-01')")
        assert cursor.fetchone() == (True,)
    assert "journal_entry_202008" in partitions()
