"""Brings a database to what this version needs: tables, then the roles and places that every installation stands on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from qifu.project import reference


def bring_up_to_date() -> bool:
    """Migrate as the owner and load roles and places; says whether the schema had to change."""
    try:
        executor = MigrationExecutor(connections["owner"])
        waiting = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            with _rarely_collected():
                call_command("migrate", database="owner", interactive=False, verbosity=0)
        reference.load(settings.PACKS)
        return waiting
    finally:
        connections.close_all()


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for cycles seldom: migrations hold a picture of all models, and going through it took a fifth of their time."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
