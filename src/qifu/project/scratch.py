"""Databases for one purpose: a replay's fresh one, a drill's restored one."""

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import LiteralString

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from qifu.project import database, schema

BLANK = "qifu_blank_"
"""What a migrated database without rows is called: this and the mark of its migrations."""


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Point Django's connections at another database of the same server for the block."""
    before = {alias: settings["NAME"] for alias, settings in connections.settings.items()}
    connections.close_all()
    for settings in connections.settings.values():
        settings["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        for alias, settings in connections.settings.items():
            settings["NAME"] = before[alias]


@contextmanager
def fresh(var: Path, name: str, *, keep: bool = False) -> Iterator[None]:
    """Make a database with this version's tables, point Django at it for the block, and drop it afterwards unless told to keep it.

    A block that breaks off keeps nothing."""
    database.drop(var, name)
    database.prepare(var, name, template=blank(var))
    whole = False
    try:
        with unhurried(var, name), pointed_at(name):
            schema.bring_up_to_date()
            yield
        whole = True
    finally:
        if not (keep and whole):
            database.drop(var, name)


@contextmanager
def unhurried(var: Path, name: str) -> Iterator[None]:
    """Let no commit wait for the disk during the block, for what is played anew if it breaks off; afterwards all of it is there."""
    _tell(var, name, "SET synchronous_commit TO off")
    connections.close_all()
    try:
        yield
    finally:
        connections.close_all()
        # It is a commit itself, and one that waits: with it everything before it reaches the disk.
        _tell(var, name, "RESET synchronous_commit")


def _tell(var: Path, name: str, what: LiteralString) -> None:
    with database.superuser(var) as session:
        session.execute(sql.SQL("ALTER DATABASE {} ").format(sql.Identifier(name)) + sql.SQL(what))


def blank(var: Path) -> str:
    """Give the name of a database with this version's tables and nothing of any replay, made at the first call.

    Copying it takes a moment; migrating takes longer than most replays."""
    name = BLANK + _mark()
    with database.superuser(var) as session:
        found = {one for (one,) in session.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [BLANK]).fetchall()}
    if name in found:
        return name
    making = f"qifu_making_{os.getpid()}"
    database.drop(var, making)
    database.prepare(var, making)
    try:
        with pointed_at(making):
            schema.bring_up_to_date()
        # Another replay may have made it meanwhile.
        with database.superuser(var) as session, suppress(psycopg.errors.DuplicateDatabase):
            session.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
    finally:
        for stale in (making, *found):
            database.drop(var, stale)
    return name


def _mark() -> str:
    """Give a mark of all migrations as they are written: an edited one makes another database."""
    marks = sha256()
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        marks.update(repr(key).encode() + Path(inspect.getfile(type(migration))).read_bytes())
    return marks.hexdigest()[:16]
