"""The ground every test stands on: a real PostgreSQL of the run's own, real commits, and a real browser.

`database` gives the migrated database, connected as the application's login role, and afterwards puts every table back
to what the migrations left. `live` serves the real application on it; `page` is a browser tab.
QIFU_POSTGRES_BIN runs the suite on another PostgreSQL's programs (Debian's 15). With QIFU_DATABASE_URL and
QIFU_OWNER_URL it runs on a foreign server, in a database whose name must hold "test".
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from hypothesis import HealthCheck, settings

# How fast examples come is the machine's business, and a shared one has its slow minutes.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

ROOT = Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OWN_SERVER = not os.environ.get("QIFU_DATABASE_URL")


def pytest_configure(config: pytest.Config) -> None:
    """Choose one home for the whole run; workers of xdist inherit it through the environment."""
    if OWN_SERVER and not hasattr(config, "workerinput"):
        home = Path(tempfile.mkdtemp(prefix="qifu-test-"))
        # The server's own user, when root runs the tests, must be able to walk in.
        home.chmod(0o755)
        (home / "run.pid").write_text(str(os.getpid()))
        os.environ["QIFU_TEST_HOME"] = str(home)
        _sweep()
    os.environ["QIFU_TEST_DB"] = "1"


def _sweep() -> None:
    """Stop servers of runs that were killed before they could, and forget all but the newest kept schemas."""
    from qifu.project import database

    kept = sorted(Path(tempfile.gettempdir()).glob(f"qifu-schema-{os.getuid()}-*.dump"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-20]:
        file.unlink(missing_ok=True)

    for home in Path(tempfile.gettempdir()).glob("qifu-test-*"):
        with suppress(OSError, ValueError, database.DatabaseRefused):
            pid = int((home / "run.pid").read_text())
            if pid != os.getpid() and not _alive(pid):
                for var in _vars(home):
                    database.erase(var)
                shutil.rmtree(home, ignore_errors=True)


def _vars(home: Path) -> list[Path]:
    """Give the folders of the servers of a run: one for each worker."""
    return [var for var in home.iterdir() if var.is_dir()]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's server and remove its home, in the process that made it."""
    if not OWN_SERVER or hasattr(config, "workerinput"):
        return
    from qifu.project import database

    home = Path(os.environ.pop("QIFU_TEST_HOME", "/nonexistent"))
    for var in _vars(home):
        database.erase(var)
    shutil.rmtree(home, ignore_errors=True)


# ------------------------------------------------------------------------------------------------ database


@pytest.fixture(autouse=True)
def no_language_left_over() -> Iterator[None]:
    """Let no test begin in the language that the last one's page was read in."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Keep pytest-django from making a database: ours is made by `database_server`."""


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest, django_db_blocker: Any, django_test_environment: None) -> Iterator[SimpleNamespace]:
    """Start this worker's own server with a migrated database: transactions under way are counted for a whole server,
    so that on a shared one a slow test of one worker would hold the seals of another back.

    Has `var` and `name` (None, and the foreign name, on a foreign server), `admin()` (a session past row security) and
    `environment` (what a child process needs to reach the same database as the login role).
    """
    from django.db import connections

    with django_db_blocker.unblock():
        worker = getattr(request.config, "workerinput", {}).get("workerid")
        server = _own_server(worker or "main") if OWN_SERVER else _foreign_server(alone=worker is None)
        server.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qifu.project.settings.test",
            "QIFU_DATABASE_URL": _url(connections.settings["default"]),
            "QIFU_OWNER_URL": _url(connections.settings["owner"]),
            "PYTHONPATH": str(ROOT / "src"),
            # Rows are put back after each test, keys too: a server that still sealed with one of them could not read it again.
            "QIFU_KEYS_HELD": "0",
        }
        with server.admin() as session:
            session.execute(_REMEMBER)
    yield server
    with django_db_blocker.unblock():
        connections.close_all()


def _own_server(worker: str) -> SimpleNamespace:
    from qifu.project import database, schema

    var = Path(os.environ["QIFU_TEST_HOME"]) / worker
    var.mkdir(mode=0o755)
    var.chmod(0o755)
    name = "qifu_test"
    database.start(var)
    database.prepare(var, name)
    _connect_to(database.connection_settings(var, name=name))
    kept = _kept_schema()
    if kept.exists():
        _client(var, "pg_restore", f"--dbname={name}", "--clean", "--if-exists", "--single-transaction", str(kept))
    schema.bring_up_to_date()
    if not kept.exists():
        draft = kept.with_name(f"{kept.name}.{worker}-{os.getpid()}")
        _client(var, "pg_dump", "-Fc", "--compress=1", f"--file={draft}", name)
        draft.rename(kept)

    def fill(other: str) -> None:
        """Make another database as the migrations left it: a second installation on the same server."""
        database.drop(var, other)
        database.prepare(var, other)
        _client(var, "pg_restore", f"--dbname={other}", "--clean", "--if-exists", "--single-transaction", str(kept))

    return SimpleNamespace(var=var, name=name, admin=lambda: database.superuser(var, name=name), fill=fill)


def _kept_schema() -> Path:
    """Name the dump of a migrated database that a run on this machine left behind, by all that migrations are made of.

    A hundred migrations take ten times as long as their dump; whatever is newer than the dump is still migrated.
    """
    made_of = [
        *ROOT.glob("src/qifu/**/migrations/*.py"),
        *ROOT.glob("src/qifu/kernel/**/*.py"),
        *ROOT.glob("src/qifu/project/*.py"),
        *(path for path in ROOT.glob("packs/**/*") if path.is_file() and "scenarios" not in path.parts),
        ROOT / "requirements/base.txt",
    ]
    digest = hashlib.sha256(os.environ.get("QIFU_POSTGRES_BIN", "").encode())
    for path in sorted(made_of):
        if "tests" not in path.parts or "migrations" in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return Path(tempfile.gettempdir()) / f"qifu-schema-{os.getuid()}-{digest.hexdigest()[:20]}.dump"


def _client(var: Path, program: str, *options: str) -> None:
    """Run a client program of PostgreSQL as the superuser of this worker's own server."""
    from qifu.project import database, postgres

    cluster = postgres.load(var)
    assert cluster is not None
    subprocess.run(
        [database.program(var, program), "-h", cluster.socket, "-p", str(cluster.port), "-U", postgres.SUPERUSER, *options],
        env=os.environ | {"PGPASSWORD": cluster.passwords[postgres.SUPERUSER]},
        check=True,
    )


def _foreign_server(*, alone: bool) -> SimpleNamespace:
    from django.db import connections

    from qifu.project import schema

    name = connections.settings["default"]["NAME"]
    if "test" not in name:
        pytest.exit(f"QIFU_DATABASE_URL names {name!r}: tests empty their tables, so its name must hold 'test'.")
    if not alone:
        pytest.exit("One foreign database serves one run: leave out -n.")
    schema.bring_up_to_date()

    @contextmanager
    def admin() -> Iterator[psycopg.Connection]:
        with psycopg.connect(_url(connections.settings["owner"]), autocommit=True) as session:
            yield session

    return SimpleNamespace(var=None, name=name, admin=admin)


def _connect_to(settings: dict[str, dict[str, Any]]) -> None:
    from django.db import connections

    connections.close_all()
    for alias, wanted in settings.items():
        connections.settings[alias].update(wanted)


def _url(settings: dict[str, Any]) -> str:
    options = {key: value for key, value in settings["OPTIONS"].items() if isinstance(value, str)}
    options |= {"host": settings["HOST"], "port": settings["PORT"]}
    user, password = quote(settings["USER"], safe=""), quote(settings["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@/{settings['NAME']}?{urlencode(options)}"


# What the migrations left is remembered once (in a schema of its own) and put back after each test: tables that were
# empty are emptied, seeded ones are refilled if any row of theirs was touched. A DELETE of a few rows costs far less
# than TRUNCATE, which makes new files for each table and index; on our own server foreign keys stand aside meanwhile, on
# another the youngest tables go first, since what refers is younger than what it refers to.
_REMEMBER = r"""
DROP SCHEMA IF EXISTS remembered CASCADE;
CREATE SCHEMA remembered;
DO $$
DECLARE t record; filled boolean;
BEGIN
  CREATE TABLE remembered.tables (name text PRIMARY KEY, filled boolean, rows bigint, newest bigint);
  FOR t IN SELECT relname AS name FROM pg_class
           WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t.name) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TABLE remembered.%I AS TABLE public.%I', t.name, t.name);
    END IF;
    EXECUTE format('INSERT INTO remembered.tables SELECT %L, %L, count(*), coalesce(max(xmin::text::bigint), 0)'
                   ' FROM public.%I', t.name, filled, t.name);
  END LOOP;
END $$;
CREATE FUNCTION remembered.restore(aside boolean) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE t record; rows_now bigint; newest_now bigint; found boolean; large text[] := '{}'; columns text;
BEGIN
  IF aside THEN SET LOCAL session_replication_role = replica; END IF;
  FOR t IN SELECT c.relname AS name, c.oid, coalesce(r.filled, false) AS filled, r.rows, r.newest
           FROM pg_class c LEFT JOIN remembered.tables r ON r.name = c.relname
           WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.oid DESC LOOP
    IF NOT t.filled THEN
      IF pg_relation_size(t.oid) = 0 THEN CONTINUE; END IF;
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t.name) INTO found;
      IF found THEN EXECUTE format('DELETE FROM public.%I', t.name); END IF;
    ELSE
      EXECUTE format('SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM public.%I', t.name)
        INTO rows_now, newest_now;
      IF rows_now <> t.rows OR newest_now <> t.newest THEN
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
          WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('DELETE FROM public.%I', t.name);
        EXECUTE format('INSERT INTO public.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM remembered.%I',
                       t.name, columns, columns, t.name);
        EXECUTE format('SELECT max(xmin::text::bigint) FROM public.%I', t.name) INTO newest_now;
        UPDATE remembered.tables SET newest = newest_now WHERE name = t.name;
      END IF;
    END IF;
    IF pg_relation_size(t.oid) > 1000000 AND NOT t.filled THEN large := large || t.name::text; END IF;
  END LOOP;
  RETURN large;
END $$;
"""


@pytest.fixture
def database(database_server: SimpleNamespace, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Let this test use the database with real commits; put back afterwards what the migrations left."""
    from django.db import connections

    with django_db_blocker.unblock():
        try:
            yield database_server
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.in_atomic_block or connection.errors_occurred or not connection.get_autocommit():
                    connection.close()
            _put_back(database_server)
            _forget()


@pytest.fixture(scope="module")
def module_database(database_server: SimpleNamespace, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """As `database`, for a module that builds its world once; its tests must not use `database` as well."""
    from django.db import connections

    with django_db_blocker.unblock():
        try:
            yield database_server
        finally:
            connections.close_all()
            _put_back(database_server)
            _forget()


def _forget() -> None:
    """Make this process forget what it remembers of rows that are gone: keys, decrees, places, the era."""
    from qifu.kernel import jurisdiction
    from qifu.kernel.calendar import tables
    from qifu.kernel.journal import writing
    from qifu.kernel.privacy import keys

    keys.forget()
    tables.forget()
    jurisdiction.forget()
    writing.forget_era()


def _put_back(server: SimpleNamespace) -> None:
    if not getattr(server, "session", None) or server.session.closed:
        server.keeper = server.admin()
        server.session = server.keeper.__enter__()
        server.session.execute("SET lock_timeout = '10s'")
    # On a foreign server only the owner is at hand, who cannot set foreign keys aside; they are asked at the commit then.
    large = server.session.execute("SELECT remembered.restore(%s)", [OWN_SERVER]).fetchone()[0]
    for table in large:
        # What a test wrote by the ten thousand would slow every later look at the table.
        server.session.execute(f'VACUUM "{table}"')


# ------------------------------------------------------------------------------------------------ server and browser


@pytest.fixture(scope="session")
def live_server_process(database_server: SimpleNamespace) -> Iterator[str]:
    """Serve the real WSGI application on the test database; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "qifu.project.wsgi:application"],
            env=database_server.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _await(address, process, log)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)


def _await(address: str, process: subprocess.Popen, log: Any) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    log.seek(0)
    pytest.fail("The application did not come up:\n" + log.read().decode(errors="replace")[-4000:])


@pytest.fixture
def live(database: SimpleNamespace, live_server_process: str) -> str:
    """Give the address of the running application; rows that this test commits are what it serves."""
    return live_server_process


def browser_path() -> str | None:
    """Find Chrome or Chromium: QIFU_BROWSER first, then the names that systems give it."""
    candidates = [os.environ.get("QIFU_BROWSER", ""), *BROWSERS]
    found = next((path for name in candidates if name and (path := shutil.which(name))), None)
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return found or (str(mac) if mac.exists() else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Open one headless browser for the session."""
    playwright_api = pytest.importorskip("playwright.sync_api")
    path = browser_path()
    if path is None:
        pytest.fail("There is no Chrome or Chromium: run `make test`, which installs one, or set QIFU_BROWSER.")
    # Playwright's sync calls run an event loop in this thread, and Django then refuses plain ORM calls.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with playwright_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, headless=True, args=list(BROWSER_FLAGS))
        yield opened
        opened.close()
    if before is None:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def page(browser: Any, live: str) -> Iterator[Any]:
    """Open a fresh tab (no cookies) whose addresses are relative to the running application."""
    context = browser.new_context(base_url=live, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    tab = context.new_page()
    yield tab
    context.close()
