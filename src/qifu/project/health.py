"""Says whether this installation can do its work: database, migrations, worker."""

from datetime import timedelta
from functools import cache

from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from qifu.kernel.calendar import clock

HEARTBEAT_EVERY = timedelta(seconds=10)
FRESH_FOR = timedelta(seconds=45)
WORKER = "worker"

GOOD = "ok"


def look() -> dict[str, str]:
    """Give each part with "ok" or a sentence on what is wrong; never an address, a name or a password."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # The login role may read nothing itself; the report role sees only what migrations ran and who is alive.
            cursor.execute("SET LOCAL ROLE qifu_report")
            cursor.execute("SET LOCAL statement_timeout = '3s'")
            cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return {"database": GOOD, "migrations": "nothing has been migrated", "worker": "not known"}
            cursor.execute("SELECT app, name FROM django_migrations")
            waiting = _on_disk() - set(cursor.fetchall())
            cursor.execute("SELECT at, trouble FROM project_heartbeat WHERE name = %s", [WORKER])
            beat = cursor.fetchone()
    except DatabaseError as broken:
        if "permission denied" in str(broken) or "does not exist" in str(broken):
            return {"database": GOOD, "migrations": "not complete", "worker": "not known"}
        return {"database": "does not answer", "migrations": "not known", "worker": "not known"}
    if beat is None:
        worker = "has not started yet"
    elif clock.now() - beat[0] > FRESH_FOR:
        worker = f"silent for {int((clock.now() - beat[0]).total_seconds())} s"
    else:
        worker = f"in trouble: {beat[1]}" if beat[1] else GOOD
    return {"database": GOOD, "migrations": f"{len(waiting)} not applied" if waiting else GOOD, "worker": worker}


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
