"""Tests that a backup comes back whole, over nothing, and that the drill finds what is wrong."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from qifu.kernel.calendar import clock
from qifu.project import backup
from qifu.project import database as manager
from qifu.project.postgres import DatabaseRefused
from qifu.project.worker import beat

pytestmark = pytest.mark.skipif(manager.foreign(), reason="needs our own server")


@pytest.fixture
def taken(database: SimpleNamespace, tmp_path: Path) -> Path:
    beat(clock.now(), trouble="写在备份里")
    file = tmp_path / "qifu.dump"
    backup.take(database.var, file, at=clock.now(), name=database.name)
    return file


@pytest.fixture
def spare(database: SimpleNamespace):
    name = f"{database.name}_spare"
    yield name
    manager.drop(database.var, name)


def test_backup_comes_back_with_every_row(database: SimpleNamespace, taken: Path, spare: str) -> None:
    """Tests that every table has as many rows after the restore as in the snapshot that was backed up."""
    note = json.loads(taken.with_name("qifu.dump.json").read_text())
    rows = backup.restore(database.var, taken, name=spare)
    assert rows == note["rows"]
    assert rows["project_heartbeat"] == 1
    assert rows["access_role"] > 0
    with manager.superuser(database.var, name=spare) as session:
        assert session.execute("SELECT trouble FROM project_heartbeat").fetchall() == [("写在备份里",)]


def test_restored_database_is_protected_as_before(database: SimpleNamespace, taken: Path, spare: str) -> None:
    """Tests that policies, grants and ownership come back with the rows."""
    backup.restore(database.var, taken, name=spare)
    queries = (
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT relname, relrowsecurity, relforcerowsecurity, relowner::regrole::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' AND grantee LIKE 'qifu%' ORDER BY 1, 2, 3",
        "SELECT proleakproof FROM pg_proc WHERE proname = 'arraycontains'",
    )
    with manager.superuser(database.var, name=database.name) as before, manager.superuser(database.var, name=spare) as after:
        for query in queries:
            assert after.execute(query).fetchall() == before.execute(query).fetchall()


def test_backup_is_for_the_operator_only(taken: Path) -> None:
    """Tests that nobody else on the machine can read a backup, and that no half of one is left."""
    assert stat.S_IMODE(taken.stat().st_mode) == 0o600
    assert sorted(path.name for path in taken.parent.iterdir()) == ["qifu.dump", "qifu.dump.json"]


def test_existing_file_is_not_overwritten(database: SimpleNamespace, taken: Path) -> None:
    """Tests that a backup under a name in use is refused and the older one stays."""
    before = taken.read_bytes()
    with pytest.raises(DatabaseRefused):
        backup.take(database.var, taken, at=clock.now(), name=database.name)
    assert taken.read_bytes() == before


def test_restore_over_rows_is_refused(database: SimpleNamespace, taken: Path) -> None:
    """Tests that a database that holds tables is left alone."""
    beat(clock.now(), trouble="写在备份之后")
    with pytest.raises(DatabaseRefused) as refused:
        backup.restore(database.var, taken, name=database.name)
    assert "已有表" in str(refused.value)
    with manager.superuser(database.var, name=database.name) as session:
        assert session.execute("SELECT trouble FROM project_heartbeat").fetchall() == [("写在备份之后",)]


def test_damaged_file_is_refused(database: SimpleNamespace, taken: Path, spare: str) -> None:
    """Tests that one changed byte is found before anything is restored."""
    content = bytearray(taken.read_bytes())
    content[len(content) // 2] ^= 1
    taken.write_bytes(content)
    with pytest.raises(DatabaseRefused) as refused:
        backup.restore(database.var, taken, name=spare)
    assert "SHA-256" in str(refused.value)
    with pytest.raises(DatabaseRefused):
        backup.restore(database.var, taken.with_name("missing.dump"), name=spare)


@pytest.mark.parametrize("note", ["{", '{"rows": 3}', "[]"])
def test_a_note_that_is_none_is_told_in_a_sentence(database: SimpleNamespace, taken: Path, spare: str, note: str) -> None:
    """Tests that a backup whose note cannot be read is not restored, and that the sentence names the note."""
    taken.with_name("qifu.dump.json").write_text(note)
    with pytest.raises(DatabaseRefused, match=r"qifu\.dump\.json 读不懂"):
        backup.restore(database.var, taken, name=spare)


@pytest.mark.parametrize("name", ["postgres", "template1", "Bad Name;", "1st"])
def test_a_restore_goes_into_no_database_of_the_servers(database: SimpleNamespace, taken: Path, name: str) -> None:
    """Tests that neither the server's own databases nor a slip of the pen become ours."""
    with pytest.raises(DatabaseRefused, match="不能用"):
        backup.restore(database.var, taken, name=name)
    with manager.superuser(database.var) as session:
        assert session.execute("SELECT count(*) FROM pg_database WHERE datname IN ('Bad Name;', '1st')").fetchone() == (0,)


def test_file_that_is_no_backup_leaves_nothing(database: SimpleNamespace, tmp_path: Path, spare: str) -> None:
    """Tests that a file of another kind is refused in a sentence and the new database stays empty."""
    file = tmp_path / "notes.dump"
    file.write_text("不是备份")
    with pytest.raises(DatabaseRefused) as refused:
        backup.restore(database.var, file, name=spare)
    assert "pg_restore" in str(refused.value)
    with manager.superuser(database.var, name=spare) as session:
        assert session.execute("SELECT count(*) FROM pg_class WHERE relname = 'django_migrations'").fetchone() == (0,)


def test_drill_reports_a_good_restore(database: SimpleNamespace, taken: Path) -> None:
    """Tests that a drill compares, verifies, reports in two forms and leaves no database behind."""
    at = clock.now()
    found, report = backup.drill(database.var, taken, at=at, verify=lambda: "ok")
    assert found.good
    assert found.differing == {}
    assert found.rows == sum(json.loads(taken.with_name("qifu.dump.json").read_text())["rows"].values())
    assert json.loads(report.read_text())["good"] is True
    assert "通过" in report.with_suffix(".md").read_text()
    with manager.superuser(database.var) as session:
        assert session.execute("SELECT count(*) FROM pg_database WHERE datname LIKE '%drill%'").fetchone() == (0,)


def test_drill_names_the_table_that_differs(database: SimpleNamespace, taken: Path) -> None:
    """Tests that rows missing from the restore, and a journal that does not verify, fail the drill by name."""
    note = taken.with_name("qifu.dump.json")
    content = json.loads(note.read_text())
    content["rows"]["project_heartbeat"] += 1
    note.write_text(json.dumps(content))
    later = clock.now() + timedelta(seconds=1)
    found, report = backup.drill(database.var, taken, at=later, verify=lambda: "第 3 批不符")
    assert not found.good
    assert found.differing == {"project_heartbeat": (2, 1)}
    text = report.with_suffix(".md").read_text()
    assert "未通过" in text
    assert "第 3 批不符" in text


def test_drill_needs_a_backup(database: SimpleNamespace) -> None:
    """Tests that a drill without any backup says what to do."""
    with pytest.raises(DatabaseRefused) as refused:
        backup.newest(database.var / "nowhere")
    assert "qifu backup" in str(refused.value)
