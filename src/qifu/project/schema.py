"""Brings a database to what this version needs: tables, then the roles and places that every installation stands on."""

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
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        reference.load(settings.PACKS)
        return waiting
    finally:
        connections.close_all()
