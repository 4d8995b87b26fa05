"""Tests that each command helps, refuses in a clear sentence, and gives the right exit code."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
COMMANDS = ("serve", "worker", "demo", "migrate", "backup", "restore", "drill", "check", "database")


def _qifu(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("QIFU_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "qifu.project.command", *arguments],
        env=keep | {"QIFU_VAR": str(var), "PYTHONPATH": str(ROOT / "src")} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    """Tests that --help works without a database and leaves nothing behind."""
    done = _qifu(command, "--help", var=tmp_path / "var")
    assert done.returncode == 0, done.stderr
    assert command in done.stdout
    assert not (tmp_path / "var").exists()


def test_all_commands_are_listed(tmp_path: Path) -> None:
    """Tests that the first help names every command."""
    done = _qifu("--help", var=tmp_path)
    assert all(command in done.stdout for command in (*COMMANDS, "replay", "journal"))


@pytest.mark.parametrize("arguments", [("nonsense",), (), ("demo", "--port", "99999"), ("backup", "a", "--what")])
def test_wrong_usage_is_2_in_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Tests that a slip of the keyboard is told in one line, in Chinese and English."""
    done = _qifu(*arguments, var=tmp_path)
    assert done.returncode == 2
    assert "用法有误" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_erase_needs_a_yes(tmp_path: Path) -> None:
    """Tests that data is not deleted by a slip."""
    done = _qifu("database", "erase", var=tmp_path)
    assert done.returncode == 1
    assert "--yes" in done.stderr


def test_serving_without_a_key_is_refused(tmp_path: Path) -> None:
    """Tests that nobody serves one-touch logins by forgetting the key."""
    done = _qifu("serve", var=tmp_path)
    assert done.returncode == 1
    assert "QIFU_SECRET_KEY" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_serving_on_a_port_in_use_is_refused(tmp_path: Path) -> None:
    """Tests that two servers never share a port, each with some of the requests, and that no database is started for it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _qifu("serve", "--port", str(port), var=tmp_path, QIFU_SECRET_KEY="x" * 60)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert f"端口 {port} 已被占用" in done.stderr and f"--port {port + 1}" in done.stderr


def test_stopped_database_is_told_and_is_1(tmp_path: Path) -> None:
    """Tests that a script can ask whether the database runs."""
    done = _qifu("database", "status", var=tmp_path)
    assert done.returncode == 1
    assert "尚未建立" in done.stdout


def test_script_for_a_foreign_server_is_printed(tmp_path: Path) -> None:
    """Tests that an administrator gets the roles as SQL, without a password in it."""
    done = _qifu("database", "sql", var=tmp_path)
    assert done.returncode == 0
    assert "CREATE ROLE" in done.stdout
    assert "LEAKPROOF" in done.stdout
    assert "PASSWORD '" not in done.stdout


def test_unreachable_foreign_server_is_one_sentence(tmp_path: Path) -> None:
    """Tests that a wrong address ends in a sentence and not in a page of Python."""
    url = "postgresql://qifu:hush@127.0.0.1:1/qifu"
    done = _qifu("migrate", var=tmp_path, QIFU_DATABASE_URL=url, QIFU_OWNER_URL=url)
    assert done.returncode == 1
    assert "连不上数据库" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "hush" not in done.stderr


def test_demo_settings_are_refused_for_production(tmp_path: Path) -> None:
    """Tests that `check --deploy` finds the one-touch logins."""
    script = (
        "import django; django.setup(); from django.core.checks import run_checks;"
        "print([m.id for m in run_checks(include_deployment_checks=True) if m.is_serious()])"
    )
    environment = os.environ | {"QIFU_VAR": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "QIFU_SECRET_KEY": "k" * 60}
    said = {}
    for settings in ("demo", "production"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment | {"DJANGO_SETTINGS_MODULE": f"qifu.project.settings.{settings}"},
            capture_output=True,
            text=True,
            check=False,
        )
        said[settings] = done.stdout
    assert "project.E001" in said["demo"]
    assert "project.E001" not in said["production"]
