"""Row security as the last word: what the catalogue holds, what each reach sees, and that no rule of it can go unnoticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting, sessions
from qifu.kernel.access.hats import machine
from qifu.kernel.access.models import Account, Person
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Entry
from qifu.kernel.schema import ROLES
from qifu.kernel.web import COOKIE
from qifu.kernel.workflow.tests.toy.process import LOAN, draft

from . import census
from .promises import DOOR_ONLY, NOBODYS, OFFERED, QUEUE, REPORT_READS

pytestmark = pytest.mark.usefixtures("database")


@contextmanager
def undone(server: SimpleNamespace) -> Iterator[psycopg.Connection]:
    """Give a session past row security in a transaction that is rolled back."""
    with server.admin() as session:
        try:
            session.execute("BEGIN")
            yield session
        finally:
            session.execute("ROLLBACK")


@pytest.fixture
def own_server(database: SimpleNamespace) -> SimpleNamespace:
    if database.var is None:
        pytest.skip("on a foreign server nobody may become the application's roles")
    return database


# ---------------------------------------------------------------- the catalogue


def test_every_table_keeps_its_promise(database: SimpleNamespace) -> None:
    """Tests that each table is protected by the one text, forced on its owner, or offered in a list with its rights."""
    with undone(database) as session:
        assert len(census.protected(session)) >= 30
        assert census.catalogue(session) == []


def test_functions_of_the_owner_are_known_and_fixed(database: SimpleNamespace) -> None:
    """Tests that whatever runs with its owner's rights is named here, has a fixed search_path and is not for everybody."""
    with undone(database) as session:
        assert census.functions(session) == []
        session.execute("CREATE FUNCTION sly() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
        assert len(census.functions(session)) == 3


def test_the_census_sees_a_new_table(database: SimpleNamespace) -> None:
    """Tests that a table of which nobody has thought is reported, as are views and grants to everybody."""
    with undone(database) as session:
        session.execute("CREATE TABLE forgotten (id int)")
        session.execute("ALTER TABLE forgotten OWNER TO qifu_owner")
        session.execute("CREATE VIEW window_to AS SELECT * FROM access_person")
        session.execute("GRANT SELECT ON access_role TO PUBLIC")
        session.execute("GRANT UPDATE ON journal_entry TO qifu_app")
        said = "\n".join(census.catalogue(session))
    for word in ("forgotten: row security is off", "window_to: a view", "access_role is granted to PUBLIC", "journal_entry: rights differ"):
        assert word in said


# ---------------------------------------------------------------- planted rows


@pytest.fixture
def planted(own_server: SimpleNamespace) -> Iterator[tuple[psycopg.Connection, list[str]]]:
    """Give a session in which every protected table holds the seven rows, and nothing else stands in their way."""
    with undone(own_server) as session:
        assert census.catalogue(session) == []
        tables = census.protected(session)
        for table in tables:
            census.loosen(session, table)
            census.plant(session, table)
        yield session, tables


def test_each_reach_sees_its_rows_and_no_others(planted: Any) -> None:
    """Tests seven planted rows in every protected table: nobody, '' and garbage see none; each reach sees its own; no writes outside."""
    session, tables = planted
    problems = [problem for table in tables for problem in census.canaries(session, table)]
    assert problems == []


LOOSENED = {
    "row security off": "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "scope for all": "ALTER POLICY scope ON {table} USING (true) WITH CHECK (true)",
    "scope is not checked on writing": "ALTER POLICY scope ON {table} WITH CHECK (true)",
    "compartments for all": "ALTER POLICY cleared ON {table} USING (true) WITH CHECK (true)",
    "compartments are not checked on writing": "ALTER POLICY cleared ON {table} WITH CHECK (true)",
    "another way in": "CREATE POLICY more ON {table} FOR SELECT TO qifu_app USING (true)",
}


def test_removing_or_loosening_any_policy_is_noticed(planted: Any) -> None:
    """Tests that without any one policy of any table, or with one of them loosened, both the catalogue and the rows say so."""
    session, tables = planted
    missed, tried = [], 0
    for table in tables:
        names = [name for (name,) in session.execute("SELECT polname FROM pg_policy WHERE polrelid = %s::regclass", [table]).fetchall()]
        assert {"scope", "cleared", "owner"} <= set(names)
        changes = {f"no policy {name}": f"DROP POLICY {name} ON {{table}}" for name in names} | LOOSENED
        for change, statement in changes.items():
            # On what everybody may read, another reader is nothing new; the catalogue still says so.
            open_anyway = change == "another way in" and "read" in names
            tried += 1
            session.execute("SAVEPOINT whole")
            session.execute("SET LOCAL ROLE qifu_owner")
            session.execute(statement.format(table=table))
            session.execute("RESET ROLE")
            if not census.catalogue(session, only=table):
                missed.append(f"{table}: {change} (catalogue)")
            if not open_anyway and not census.canaries(session, table, writes="writing" in change or "read" in names):
                missed.append(f"{table}: {change} (rows)")
            session.execute("ROLLBACK TO SAVEPOINT whole")
    assert missed == []
    assert tried >= 9 * len(tables)


def test_force_binds_the_owner(planted: Any) -> None:
    """Tests that the owner reads a table by its policy alone: without it, and with FORCE, a migration sees nothing."""
    session, tables = planted
    for table in tables:
        session.execute("SAVEPOINT whole")
        session.execute(f'DROP POLICY owner ON "{table}"')
        session.execute("SET LOCAL ROLE qifu_owner")
        assert session.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,), table
        session.execute("RESET ROLE")
        session.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        assert census.catalogue(session, only=table)
        session.execute("ROLLBACK TO SAVEPOINT whole")


def test_copy_into_a_protected_table_is_refused(own_server: SimpleNamespace) -> None:
    """Tests that COPY FROM, which knows no WITH CHECK, is no way in."""
    with undone(own_server) as session:
        session.execute("SET LOCAL ROLE qifu_app")
        with pytest.raises(psycopg.errors.FeatureNotSupported), session.cursor().copy("COPY access_person (region) FROM STDIN") as copy:
            copy.write("1\n")


# ---------------------------------------------------------------- the login role

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal_entry'::regclass"


def login() -> psycopg.Connection:
    """Open a fresh connection as the application does, past Django."""
    found = connections.settings["default"]
    return psycopg.connect(
        host=found["HOST"], port=found["PORT"], user=found["USER"], password=found["PASSWORD"], dbname=found["NAME"], autocommit=True
    )


def test_outside_of_acting_the_login_role_touches_nothing(database: SimpleNamespace) -> None:
    """Tests that the login role itself may read and write no table of any kind, and cannot become owner or backup."""
    with database.admin() as session:
        tables = [name for (name,) in session.execute(TABLES)]
    with login() as session:
        for table in tables:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f'DELETE FROM "{table}"')
        for role in ("qifu_owner", "qifu_backup", "postgres"):
            with pytest.raises(psycopg.Error):
                session.execute(f"SET ROLE {role}")
        for role in ROLES:
            session.execute(f"SET ROLE {role}")
            for table in NOBODYS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(f'SELECT 1 FROM "{table}"')
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute("CREATE TABLE public.mine (id int)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute("ALTER TABLE access_person DISABLE ROW LEVEL SECURITY")
    assert len(tables) > len({*OFFERED, *QUEUE, *NOBODYS, *REPORT_READS, *DOOR_ONLY})


def test_partitions_of_the_journal_cannot_be_asked_directly(database: SimpleNamespace) -> None:
    """Tests that months and the default partition are closed to every role and to whoever reaches everything."""
    place = jurisdiction.by_name("莼湖街道").id
    clerk = officer("town_clerk", place)
    with acting(clerk):
        LOAN.open(draft(place), actor=clerk, at=clock.now())
    with database.admin() as session:
        session.execute("SELECT qifu_journal_month('2099-03-01')")
        parts = [name for (name,) in session.execute(PARTS)]
        assert {"journal_entry_other", "journal_entry_209903"} <= set(parts)
        try:
            with login() as stranger:
                for role in ROLES:
                    stranger.execute(f"SET ROLE {role}")
                    stranger.execute("SELECT set_config('qifu.everywhere', 'on', false)")
                    assert stranger.execute("SELECT count(*) FROM journal_entry").fetchone()[0] >= 1
                    for part in parts:
                        for statement in (f"SELECT 1 FROM {part}", f"DELETE FROM {part}", f"INSERT INTO {part} (era) VALUES (1)"):
                            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                                stranger.execute(statement)
        finally:
            session.execute("DROP TABLE journal_entry_209903")


PARALLEL = (
    "SET parallel_setup_cost = 0",
    "SET parallel_tuple_cost = 0",
    "SET min_parallel_table_scan_size = 0",
    "SET max_parallel_workers_per_gather = 2",
    "SET enable_indexscan = off",
    "SET enable_bitmapscan = off",
    "SET enable_indexonlyscan = off",
)


@pytest.fixture
def crowd(own_server: SimpleNamespace) -> SimpleNamespace:
    """Give 120,000 people in 100 towns: enough for PostgreSQL to send parallel workers by itself."""
    with own_server.admin() as session:
        session.execute(
            "INSERT INTO access_person (id, region, district, compartment, name, title, phone_sealed, phone_index)"
            " SELECT gen_random_uuid(), 800000 + n % 100, 330213, '', 'canary', '', '', '' FROM generate_series(1, 120000) n"
        )
        session.execute("ANALYZE access_person")
    return own_server


@pytest.mark.parametrize("parallel", [False, True], ids=["alone", "with parallel workers"])
def test_no_scope_sees_nothing_before_and_after_a_scoped_transaction(crowd: SimpleNamespace, parallel: bool) -> None:
    """Tests NULL on a fresh connection, '' after a scoped transaction has ended, and garbage: no row, with workers or without."""
    look = "SELECT count(*) FROM access_person WHERE name = 'canary'"
    with login() as session:
        session.execute("SET ROLE qifu_app")
        for setting in PARALLEL if parallel else ("SET max_parallel_workers_per_gather = 0",):
            session.execute(setting)
        plan = "\n".join(line for (line,) in session.execute(f"EXPLAIN {look}"))
        assert ("Gather" in plan) == parallel, plan
        assert session.execute("SELECT current_setting('qifu.regions', true)").fetchone() == (None,)
        assert session.execute(look).fetchone() == (0,)
        with session.transaction():
            session.execute("SELECT set_config('qifu.regions', '800001,800002', true)")
            assert session.execute(look).fetchone() == (2400,)
        assert session.execute("SELECT current_setting('qifu.regions', true)").fetchone() == ("",)
        for _ in range(3):
            assert session.execute(look).fetchone() == (0,)
        with session.transaction():
            session.execute("SELECT set_config('qifu.everywhere', 'on', true)")
            assert session.execute(look).fetchone() == (120_000,)
        assert session.execute(look).fetchone() == (0,)
        for name, settings in census.NOTHING.items():
            try:
                with session.transaction():
                    for key, value in settings.items():
                        session.execute("SELECT set_config(%s, %s, true)", [f"qifu.{key}", value])
                    assert session.execute(look).fetchone() == (0,), name
            except psycopg.DataError:
                continue


# ---------------------------------------------------------------- a live request


def signed_in(actor: Actor) -> Client:
    """Give a browser in which this person has entered."""
    with acting(DOOR):
        account = Account._base_manager.create(person=Person._base_manager.get(pk=actor.person), login=uuid4().hex, created_at=clock.now())
        token = sessions.start(account, at=clock.now(), strong=True)
    client = Client()
    client.cookies[COOKIE] = token
    return client


def test_inside_a_live_request_no_role_is_above_the_rows() -> None:
    """Tests each statement of real requests: neither current_user nor session_user is superuser, owner of a table or past row security."""
    client = signed_in(officer("unit_admin", jurisdiction.by_name("莼湖街道").id))
    seen: dict[tuple[str, str], int] = {}

    def watch(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(statement, params, many, context)
        if context["connection"].in_atomic_block:
            session = context["connection"].connection
            who = session.execute("SELECT current_user::text, session_user::text").fetchone()
            seen[who] = seen.get(who, 0) + 1
        return result

    with connection.execute_wrapper(watch):
        for path in ("/", "/me", "/desk/people", f"/desk/people/{uuid4()}", "/login"):
            client.get(path)
        client.post("/login", {"phone": "16440292839"})
        client.post(f"/desk/people/{uuid4()}/bar", {"reason": "试试"})
    assert {user for user, _ in seen} >= {"qifu_app"} and {session for _, session in seen} == {"qifu"}, seen
    with connections["owner"].cursor() as cursor:
        for role in {name for pair in seen for name in pair}:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole, EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid),"
                " pg_has_role(oid, 'qifu_owner', 'MEMBER') FROM pg_roles WHERE rolname = %s",
                [role],
            )
            assert cursor.fetchone() == (False, False, False), role
    assert sum(seen.values()) > 20


def test_the_worker_is_no_more_than_the_worker() -> None:
    """Tests that a machine's transaction runs as the worker's role, and that nothing stays of a scope after it."""
    with acting(DOOR):
        system = machine("system")
    with acting(system), connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text, session_user::text")
        assert cursor.fetchone() == ("qifu_worker", "qifu")
        assert Entry._base_manager.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text, current_setting('qifu.everywhere', true)")
        assert cursor.fetchone() == ("qifu", "")
