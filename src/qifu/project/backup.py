"""Takes backups, restores them, and drills the restore.

A backup is one file of pg_dump's custom format, taken by the backup role, and beside it a note (FILE.json) with the
rows of every table in the very same snapshot, so that a restore can be checked against what was there.
The keys of `kernel.privacy` are not in it: they are kept, and destroyed, apart from the data.
"""

import hashlib
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from qifu.project import database, scratch
from qifu.project.postgres import DatabaseRefused

_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


_SERVERS = ("postgres", "template0", "template1")
"""Databases that the server keeps for itself."""


@dataclass(frozen=True)
class Note:
    """What stands beside a backup: when, from which server, the file's SHA-256, rows by table, seconds it took."""

    taken_at: str
    server: str
    sha256: str
    bytes: int
    rows: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class Drill:
    """What a drill found. `good` says whether the restore may be trusted."""

    good: bool
    backup: str
    taken_at: str
    drilled_at: str
    restore_seconds: float
    compare_seconds: float
    verify_seconds: float
    tables: int
    rows: int
    differing: dict[str, tuple[int, int]]
    file_is_whole: bool
    journal: str


def default_file(var: Path, *, at: datetime) -> Path:
    """Name a backup by its time, in VAR/backups."""
    return var / "backups" / f"qifu-{at:%Y%m%d-%H%M%S}.dump"


def newest(var: Path) -> Path:
    """Give the newest backup in VAR/backups, or refuse."""
    files = sorted((var / "backups").glob("*.dump"), key=lambda file: file.stat().st_mtime)
    if not files:
        raise DatabaseRefused("还没有备份可演练：先运行 qifu backup。 There is no backup to drill with: run qifu backup first.")
    return files[-1]


def take(var: Path, file: Path, *, at: datetime, name: str | None = None) -> Note:
    """Write a backup of the whole database to `file` (0600); an existing file is refused, a failed one is removed."""
    if file.exists():
        raise DatabaseRefused(f"{file} 已经存在，没有覆盖。 {file} exists already and was not touched.")
    file.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    settings = database.role_settings(var, "qifu_backup")
    settings["NAME"] = name or settings["NAME"]
    draft = file.with_name(file.name + ".part")
    try:
        with _session(settings) as session:
            session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = _one(session, "SELECT pg_export_snapshot()")
            server = _one(session, "SHOW server_version")
            draft.touch(mode=0o600)
            _client(var, settings, "pg_dump", "-Fc", "--compress=6", f"--snapshot={snapshot}", f"--file={draft}")
            rows = _count(session)
            session.execute("ROLLBACK")
        digest = _sha256(draft)
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    note = Note(
        taken_at=at.isoformat(),
        server=server,
        sha256=digest,
        bytes=file.stat().st_size,
        rows=rows,
        seconds=round(time.monotonic() - began, 2),
    )
    _note_file(file).write_text(json.dumps(asdict(note), ensure_ascii=False, indent=1))
    return note


def restore(var: Path, file: Path, *, name: str | None = None) -> dict[str, int]:
    """Restore a backup into a new or empty database and give its rows by table.

    Refuses a missing or damaged file, and a database that holds tables: nothing is ever written over.
    The caller raises the journal's era afterwards (transaction numbers start again)."""
    if not file.exists():
        raise DatabaseRefused(f"没有这个文件：{file}。 There is no such file: {file}.")
    if name in _SERVERS or (name and not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name)):
        raise DatabaseRefused(
            f"库名“{name}”不能用：小写字母、数字和下划线，字母开头，最多63个，不能是服务器自己的库。没有恢复。"
            f" {name!r} is no name for a database of ours: nothing was restored."
        )
    note = _read_note(file)
    if note and _sha256(file) != note.sha256:
        raise DatabaseRefused(f"{file} 与备份时不一致，没有恢复。 {file} is not what was backed up (SHA-256): nothing was restored.")
    settings = database.role_settings(var, "qifu_owner")
    settings["NAME"] = name or settings["NAME"]
    database.prepare(var, settings["NAME"])
    with _session(settings) as session:
        if _one(session, f"SELECT count(*) FROM ({_TABLES}) t"):
            raise DatabaseRefused(
                f"数据库 {settings['NAME']} 里已有表，没有恢复：换一个新库名（--database），或先清空。"
                f" Database {settings['NAME']} holds tables: nothing was restored. Name a new one with --database."
            )
    _client(
        var,
        settings,
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={settings['NAME']}",
        str(file),
    )
    with _session(settings) as session:
        session.execute("ANALYZE")
        return _count(session)


def drill(var: Path, file: Path, *, at: datetime, verify: Callable[[], str]) -> tuple[Drill, Path]:
    """Restore a backup into a scratch database, compare it row by row count and verify its journal; write a report.

    `verify` looks at the database that Django then points at and returns "ok" or what is wrong.
    Gives the finding and the path of its report (JSON, with a .md beside it) in VAR/reports."""
    if database.foreign():
        raise DatabaseRefused(
            "演练在本机自带的数据库上进行：去掉 QIFU_DATABASE_URL 再运行。"
            " A drill restores into our own server: run it without QIFU_DATABASE_URL."
        )
    note = _read_note(file)
    if note is None:
        raise DatabaseRefused(f"{file}.json 不在，无从核对。 {file}.json is missing: there is nothing to compare with.")
    name = f"qifu_drill_{at:%Y%m%d%H%M%S}"
    whole = _sha256(file) == note.sha256
    try:
        began = time.monotonic()
        rows = restore(var, file, name=name)
        restored = time.monotonic()
        differing = {
            table: (note.rows.get(table, 0), rows.get(table, 0))
            for table in sorted(note.rows.keys() | rows.keys())
            if note.rows.get(table) != rows.get(table)
        }
        compared = time.monotonic()
        with scratch.pointed_at(name):
            journal = verify()
        verified = time.monotonic()
    finally:
        database.drop(var, name)
    found = Drill(
        good=whole and not differing and journal == "ok",
        backup=str(file),
        taken_at=note.taken_at,
        drilled_at=at.isoformat(),
        restore_seconds=round(restored - began, 2),
        compare_seconds=round(compared - restored, 2),
        verify_seconds=round(verified - compared, 2),
        tables=len(rows),
        rows=sum(rows.values()),
        differing=differing,
        file_is_whole=whole,
        journal=journal,
    )
    return found, _report(var, found, at=at)


def _report(var: Path, found: Drill, *, at: datetime) -> Path:
    folder = var / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"drill-{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    lines = [
        f"# 恢复演练 {at:%Y-%m-%d %H:%M}",
        "",
        f"结论：{'通过' if found.good else '未通过'}",
        "",
        f"- 备份：{found.backup}，取于 {found.taken_at}，文件{'完整' if found.file_is_whole else '已损坏'}",
        f"- 恢复用时 {found.restore_seconds} 秒，核对 {found.compare_seconds} 秒，验账 {found.verify_seconds} 秒",
        f"- {found.tables} 张表，{found.rows} 行；不一致的表 {len(found.differing)} 张",
        f"- 台账：{found.journal}",
        *[f"  - {table}：备份 {was} 行，恢复 {now} 行" for table, (was, now) in found.differing.items()],
    ]
    path.with_suffix(".md").write_text("\n".join(lines) + "\n")
    return path


def _note_file(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def _read_note(file: Path) -> Note | None:
    path = _note_file(file)
    try:
        return Note(**json.loads(path.read_text())) if path.exists() else None
    except (ValueError, TypeError):
        raise DatabaseRefused(f"{path} 读不懂，没有恢复。 {path} is not the note of a backup: nothing was restored.") from None


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def _session(settings: dict[str, Any]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
        autocommit=True,
        **settings["OPTIONS"],
    ) as session:
        yield session


def _one(session: psycopg.Connection, query: str) -> Any:
    row = session.execute(query.encode()).fetchone()
    return row[0] if row else None


def _count(session: psycopg.Connection) -> dict[str, int]:
    names = [name for (name,) in session.execute(_TABLES).fetchall()]
    if not names:
        return {}
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name)) for name in names
    )
    return dict(session.execute(query).fetchall())


def _client(var: Path, settings: dict[str, Any], name: str, *arguments: str) -> None:
    command = [database.program(var, name), "--no-password", *arguments]
    environment = os.environ | {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    for key in ("sslmode", "sslrootcert", "gssencmode"):
        if key in settings["OPTIONS"]:
            environment[f"PG{key.upper()}"] = settings["OPTIONS"][key]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DatabaseRefused(f"{name} 没有完成：{done.stderr.strip()[-600:]} ({name} failed)")
