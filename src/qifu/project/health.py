"""Says whether this installation can do its work: database, migrations, worker."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from qifu.kernel.calendar import clock

HEARTBEAT_EVERY = timedelta(seconds=10)
FRESH_FOR = timedelta(seconds=45)
WORKER = "worker"

GOOD = "ok"


class Probe:
    """Answers /healthz before anything else: 200 only when all is well, else 503 with what is not.

    The rest of the way asks the database who it is, wants https and a known host name; a probe has none of these,
    and must be answered most of all when the database is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz" or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        parts = look()
        well = all(says == GOOD for says in parts.values())
        answer = JsonResponse({"status": "ok" if well else "unwell", **parts}, status=200 if well else 503)
        answer.headers["Cache-Control"] = "no-store"
        # Django logs every 503 as an error; a probe comes every few seconds and says it better itself.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer


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
