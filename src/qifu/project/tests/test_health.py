"""Tests that /healthz says yes only when all is well, and otherwise what is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection, connections
from django.test import Client

from qifu.kernel.calendar import clock
from qifu.project.worker import Round, beat, go_round, quick_rounds, slow_rounds


class _Once:
    """An event that lets one round through."""

    def __init__(self) -> None:
        self.over = False

    def is_set(self) -> bool:
        return self.over

    def wait(self, timeout: float) -> bool:
        self.over = True
        return True


def _ask() -> tuple[int, dict[str, str]]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def test_all_well_is_200(database: SimpleNamespace) -> None:
    """Tests the one good answer."""
    beat(clock.now())
    assert _ask() == (200, {"status": "ok", "database": "ok", "migrations": "ok", "worker": "ok"})


def test_no_worker_yet_is_503(database: SimpleNamespace) -> None:
    """Tests that an installation without its background half is not well."""
    code, says = _ask()
    assert code == 503
    assert says["database"] == says["migrations"] == "ok"
    assert says["worker"] == "has not started yet"


def test_silent_worker_is_503(database: SimpleNamespace) -> None:
    """Tests that a worker that has hung is noticed within a minute."""
    at = clock.now()
    beat(at)
    with clock.use(clock.Fixed(at + timedelta(seconds=44))):
        assert _ask()[0] == 200
    with clock.use(clock.Fixed(at + timedelta(seconds=60))):
        code, says = _ask()
    assert code == 503
    assert says["worker"] == "silent for 60 s"


def test_failing_round_is_named_and_the_others_go_on(database: SimpleNamespace) -> None:
    """Tests that one broken background task is told by its name and hinders no other."""
    done = []

    def broken(at: object) -> None:
        raise ValueError("password=secret")

    go_round([Round("timer", 5, broken), Round("news", 5, done.append)], _Once(), trouble={})
    code, says = _ask()
    assert code == 503
    assert says["worker"] == "in trouble: timer: ValueError"
    assert len(done) == 1


def test_waiting_migration_is_503(database: SimpleNamespace) -> None:
    """Tests that a program newer than its database says so."""
    beat(clock.now())
    with database.admin() as session:
        session.execute("DELETE FROM django_migrations WHERE app = 'project' AND name = '0001_heartbeat'")
    code, says = _ask()
    assert code == 503
    assert says["migrations"] == "1 not applied"


@contextmanager
def _elsewhere(**settings: str) -> Iterator[None]:
    before = dict(connections.settings["default"])
    connection.close()
    connections.settings["default"].update(settings)
    try:
        yield
    finally:
        connection.close()
        connections.settings["default"].update(before)


def test_dead_database_is_503_without_secrets(database: SimpleNamespace) -> None:
    """Tests that a database out of reach is a short answer that names no host, user or password."""
    with _elsewhere(HOST="127.0.0.1", PORT="1", PASSWORD="hush-hush"):
        answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "does not answer"
    for word in (b"hush", b"127.0.0.1", b"qifu_"):
        assert word not in answer.content


def test_heartbeat_is_one_row(database: SimpleNamespace) -> None:
    """Tests that a year of heartbeats is still one row."""
    for second in range(3):
        beat(clock.now() + timedelta(seconds=second))
    with database.admin() as session:
        assert session.execute("SELECT count(*) FROM project_heartbeat").fetchone() == (1,)


def test_every_round_can_be_done(database: SimpleNamespace) -> None:
    """Tests that timer, news, seals, months, sums and proofs all work as the login role on a fresh database."""
    at = clock.now()
    for each in (*quick_rounds(), *slow_rounds(at)):
        each.call(at)


def test_proofs_wait_for_the_night(database: SimpleNamespace) -> None:
    """Tests that what may take minutes is not begun at the start of a working day."""
    morning = clock.now().replace(hour=9, minute=0, second=0, microsecond=0)
    after = {each.name: each.after for each in slow_rounds(morning)}
    assert after["proofs"] == 17.5 * 3600
