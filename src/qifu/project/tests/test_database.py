"""Tests that our own PostgreSQL starts, survives, refuses and stops as promised."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qifu.project import database
from qifu.project.postgres import DatabaseRefused

pytestmark = pytest.mark.skipif(database.foreign(), reason="a foreign server is not ours to start")


@pytest.fixture
def var(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # As an operator runs it: without fsync a killed server may lose what was promised.
    monkeypatch.delenv("QIFU_TEST_DB")
    folder = Path(tempfile.mkdtemp(prefix="qifu-own-"))
    folder.chmod(0o755)
    yield folder
    database.erase(folder)
    shutil.rmtree(folder)


@pytest.fixture
def running(var: Path) -> Path:
    database.start(var)
    database.prepare(var)
    return var


def _login(var: Path, role: str = "qifu") -> psycopg.Connection:
    found = database.role_settings(var, role)
    return psycopg.connect(
        host=found["HOST"],
        port=found["PORT"],
        user=found["USER"],
        password=found["PASSWORD"],
        dbname=found["NAME"],
        autocommit=True,
    )


def test_settings_can_be_read_before_anything_exists(var: Path) -> None:
    """Tests that settings start nothing and write nothing."""
    found = database.connection_settings(var)
    assert set(found) == {"default", "owner"}
    assert found["default"]["PORT"] == "1"
    assert list(var.iterdir()) == []


def test_second_start_keeps_server_and_rows(running: Path) -> None:
    """Tests that starting twice is starting once, and that stop and start keep what was committed."""
    first = database.status(running)
    assert database.start(running).pid == first.pid
    with _login(running, "qifu_owner") as session:
        session.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    assert not database.stop(running).running
    assert not database.status(running).running
    began = time.monotonic()
    database.start(running)
    assert time.monotonic() - began < 30
    with _login(running, "qifu_owner") as session:
        assert session.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_killed_server_comes_back_with_its_rows(running: Path) -> None:
    """Tests that kill -9 of the server loses nothing committed, though its pid file is still there."""
    with _login(running, "qifu_owner") as session:
        session.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    killed = database.status(running)
    assert killed.pid and killed.data
    os.kill(killed.pid, signal.SIGKILL)
    again = database.start(running)
    assert again.pid != killed.pid
    with _login(running, "qifu_owner") as session:
        assert session.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_pid_file_that_names_somebody_else_does_not_hinder(running: Path) -> None:
    """Tests that a pid that came again after a reboot is not taken for our server."""
    data = Path(database.status(running).data or "")
    database.stop(running)
    lines = [str(os.getpid()), str(data), "1", "5432", "", "", "", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert not database.status(running).running
    assert database.start(running).pid != os.getpid()


def test_two_starters_make_one_server(var: Path) -> None:
    """Tests that starters at the same moment agree on one server and one set of passwords."""
    command = "from qifu.project import database as d; print(d.start(d.var_folder()).pid)"
    environment = os.environ | {"QIFU_VAR": str(var), "PYTHONPATH": os.pathsep.join(sys.path)}
    starters = [subprocess.Popen([sys.executable, "-c", command], env=environment, stdout=subprocess.PIPE) for _ in range(3)]
    pids = {starter.communicate(timeout=120)[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert len(pids) == 1


def test_the_last_command_to_leave_stops_what_the_first_started(var: Path) -> None:
    """Tests that of two commands at once neither takes the server away from the other, and that none is left behind."""
    with database.running(var):
        other = database.running(var)
        other.__enter__()
    assert database.status(var).running
    with _login(var, "qifu_owner") as session:
        assert session.execute("SELECT 1").fetchone() == (1,)
    other.__exit__(None, None, None)
    assert not database.status(var).running


def test_a_command_leaves_the_server_of_whoever_serves(var: Path) -> None:
    """Tests that a server started to stay, before or during a command, outlives it."""
    with database.running(var):
        database.start(var)
    assert database.status(var).running
    with database.running(var):
        pass
    assert database.status(var).running


def test_data_of_another_version_is_refused_untouched(running: Path) -> None:
    """Tests that a data directory of a version nobody has programs for is named, refused and left as it was."""
    data = Path(database.status(running).data or "")
    database.stop(running)
    version = data / "PG_VERSION"
    before = version.read_text()
    version.write_text("11\n")
    control = (data / "global" / "pg_control").read_bytes()
    with pytest.raises(DatabaseRefused) as refused:
        database.start(running)
    assert "PostgreSQL 11" in str(refused.value)
    assert "QIFU_POSTGRES_BIN" in str(refused.value)
    assert (data / "global" / "pg_control").read_bytes() == control
    assert not database.status(running).running
    version.write_text(before)
    assert database.start(running).running


def test_roles_hold_only_what_they_need(running: Path) -> None:
    """Tests that the login role is no superuser, no owner, past no policy, and that nobody else can log in by it."""
    with database.superuser(running, name="qifu") as session:
        rows = session.execute(
            "SELECT rolname, rolcanlogin, rolinherit, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication,"
            " rolbypassrls FROM pg_roles WHERE rolname LIKE 'qifu%' ORDER BY rolname"
        ).fetchall()
        members = session.execute("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'qifu'::regrole ORDER BY 1").fetchall()
        owner = session.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'").fetchone()
        owned = session.execute("SELECT count(*) FROM pg_shdepend WHERE refobjid = 'qifu'::regrole AND deptype = 'o'")
        assert owned.fetchone() == (0,)
        leakproof = session.execute("SELECT proleakproof FROM pg_proc WHERE proname = 'arraycontains'").fetchone()
    assert rows == [
        ("qifu", True, False, False, False),
        ("qifu_app", False, True, False, False),
        ("qifu_backup", True, True, False, True),
        ("qifu_owner", True, True, False, False),
        ("qifu_report", False, True, False, False),
        ("qifu_worker", False, True, False, False),
    ]
    assert members == [("qifu_app",), ("qifu_report",), ("qifu_worker",)]
    assert owner == ("qifu_owner",)
    assert leakproof == (True,)


@pytest.mark.parametrize("statement", ["CREATE TABLE mine (n int)", "SET ROLE qifu_owner", "SET ROLE qifu_backup"])
def test_login_role_is_refused_more(running: Path, statement: str) -> None:
    """Tests that the login role cannot make tables or become the owner or the backup role."""
    with _login(running) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


def test_nobody_enters_without_a_password(running: Path) -> None:
    """Tests that neither the socket nor the loopback port trusts anybody."""
    found = database.role_settings(running, "qifu")
    for host in (found["HOST"], "127.0.0.1"):
        for user in ("postgres", "qifu", "qifu_owner"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(host=host, port=found["PORT"], user=user, password="wrong", dbname="qifu")


def test_passwords_and_socket_are_for_the_owner_only(running: Path) -> None:
    """Tests that other users of the machine can read neither passwords nor data."""
    found = database.status(running)
    for path, mode in (
        (running / "run" / "database.json", 0o600),
        (running / "run", 0o700),
        (Path(found.data or ""), 0o700),
        (Path(found.socket or ""), 0o700),
    ):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path
    passwords = json.loads((running / "run" / "database.json").read_text())["passwords"]
    assert len(set(passwords.values())) == 4
    assert min(map(len, passwords.values())) >= 32


def test_database_can_search_chinese(running: Path) -> None:
    """Tests that letters of Chinese are letters to the database (with LC_CTYPE=C pg_trgm finds none)."""
    with database.superuser(running, name="qifu") as session:
        session.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert session.execute("SELECT cardinality(show_trgm('奉化食品厂')) > 0").fetchone() == (True,)
        assert session.execute("SHOW jit").fetchone() == ("off",)


def test_lost_passwords_are_made_anew_and_rows_stay(running: Path) -> None:
    """Tests that losing VAR/run costs the passwords and not the data."""
    with _login(running, "qifu_owner") as session:
        session.execute("CREATE TABLE kept AS SELECT generate_series(1, 10) AS n")
    database.stop(running)
    (running / "run" / "database.json").unlink()
    database.start(running)
    database.prepare(running)
    with _login(running, "qifu_owner") as session:
        assert session.execute("SELECT count(*) FROM kept").fetchone() == (10,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_runs_the_server_as_nobody_of_power(running: Path) -> None:
    """Tests that under root the server is a plain user's process with that user's groups alone."""
    status = Path(f"/proc/{database.status(running).pid}/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    assert "0" not in fields["Uid"].split()
    assert "0" not in fields["Gid"].split()
    assert "0" not in fields["Groups"].split()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that others cannot enter")
def test_checkout_that_others_cannot_enter_is_served_too() -> None:
    """Tests that below a closed folder the data lies elsewhere, and that no folder's rights were opened for it."""
    closed = Path(tempfile.mkdtemp(prefix="qifu-closed-"))
    var = closed / "var"
    try:
        database.start(var)
        database.prepare(var)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        data = Path(database.status(var).data or "")
        assert closed not in data.parents
        with _login(var) as session:
            assert session.execute("SELECT current_user").fetchone() == ("qifu",)
    finally:
        database.erase(var)
        shutil.rmtree(closed)
    assert not data.exists()


def test_foreign_server_is_named_by_url(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that a URL is taken apart, its options kept, and that nothing is started for it."""
    monkeypatch.setenv("QIFU_DATABASE_URL", "postgresql://a%40b:p%2Fw@db.example:5433/qifu?sslmode=verify-full")
    monkeypatch.delenv("QIFU_OWNER_URL", raising=False)
    found = database.connection_settings(var)
    login = found["default"]
    assert (login["USER"], login["PASSWORD"], login["HOST"], login["PORT"]) == ("a@b", "p/w", "db.example", "5433")
    assert login["OPTIONS"]["sslmode"] == "verify-full"
    assert found["owner"]["PORT"] == "1"
    database.start(var)
    assert not (var / "pg").exists()
    monkeypatch.setenv("QIFU_DATABASE_URL", "mysql://x")
    with pytest.raises(DatabaseRefused):
        database.connection_settings(var)


def test_secret_key_is_made_once(var: Path) -> None:
    """Tests that the demo's key is long, kept and private."""
    key = database.secret_key(var)
    assert len(key) >= 64
    assert database.secret_key(var) == key
    assert stat.S_IMODE((var / "run" / "secret_key").stat().st_mode) == 0o600


def test_long_path_has_a_short_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that a checkout far down the tree works, whose socket's path would not fit into what the system holds."""
    monkeypatch.delenv("QIFU_TEST_DB")
    top = Path(tempfile.mkdtemp(prefix="qifu-own-"))
    top.chmod(0o755)
    far = top / ("far-" * 20) / "down"
    far.mkdir(parents=True)
    try:
        database.start(far)
        database.prepare(far)
        folder = Path(database.status(far).socket or "")
        assert far not in folder.parents
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with _login(far) as session:
            assert session.execute("SELECT current_user").fetchone() == ("qifu",)
    finally:
        database.erase(far)
        shutil.rmtree(top)
    assert not folder.exists()
