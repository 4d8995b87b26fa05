"""Databases for one purpose: a replay's fresh one, a drill's restored one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from qifu.project import database, schema


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
    """Make and migrate a database, point Django at it for the block, and drop it afterwards unless told to keep it."""
    database.drop(var, name)
    database.prepare(var, name)
    try:
        with pointed_at(name):
            schema.bring_up_to_date()
            yield
    finally:
        if not keep:
            database.drop(var, name)
