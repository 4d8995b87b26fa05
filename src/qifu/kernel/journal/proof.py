"""Verifies the live journal: rows and seals by the stand-alone verifier, the columns against the bodies, the objects
against their entries."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, connection, transaction

from . import keys, models, sealing, verify

_BODY = {
    "process": "text", "subject": "uuid", "about": "uuid", "verb": "text", "left": "text", "entered": "text",
    "first": "boolean", "sign": "smallint", "at": "timestamptz", "recorded_at": "timestamptz", "district": "integer",
    "region": "integer", "party": "uuid", "compartment": "text", "facets": "varchar[]", "actor": "text",
    "actor_name": "text", "role": "text", "on_behalf_of": "text", "batch": "uuid", "reverses": "bigint", "data": "jsonb",
}  # fmt: skip
"""What a body holds, and the type of the column that repeats it."""
_NAMES = ", ".join(f"""CASE WHEN e."{name}" IS DISTINCT FROM b."{name}" THEN '{name}' END""" for name in _BODY)
_TYPED = ", ".join(f'"{name}" {kind}' for name, kind in _BODY.items())
_NAMED = f"""
SELECT * FROM (
  SELECT e.seq, e.era, e.tx, array_remove(ARRAY[{_NAMES}], NULL) AS names
  FROM journal_entry e CROSS JOIN LATERAL json_to_record(convert_from(e.body, 'UTF8')::json) AS b({_TYPED})
  WHERE e.seq = ANY (%s)) t WHERE names <> '{{}}' ORDER BY seq
"""
_WRITTEN = {
    "boolean": "CASE WHEN {} THEN 'true' ELSE 'false' END",
    "timestamptz": """'"' || to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00"'""",
    "uuid": """COALESCE('"' || {} || '"', 'null')""",
    "bigint": "COALESCE({}::text, 'null')",
    "varchar[]": "array_to_json({})::text",
    "text": "to_json({})::text",
}
_START = " || ',' || ".join(
    f"""'"{name}":' || {_WRITTEN.get(kind, "{}").format(f'e."{name}"')}""" for name, kind in _BODY.items() if name != "data"
)
"""The body up to its data, written anew from the columns: 5 µs a row, where taking the body apart costs 18."""
_DIFFERING = f"""
SELECT seq FROM (
  SELECT e.seq, e.data, e.body, convert_to('{{' || {_START} || ',"data":', 'UTF8') AS start
  FROM journal_entry e WHERE e.seq >= %s AND e.seq < %s OFFSET 0) t
WHERE CASE WHEN substr(body, 1, length(start)) IS DISTINCT FROM start THEN true
  ELSE convert_from(substr(body, length(start) + 1, length(body) - length(start) - 1), 'UTF8')::jsonb IS DISTINCT FROM data END
ORDER BY seq LIMIT 1000
"""
_STEP = 50_000


@dataclass(frozen=True)
class Proof:
    """What was found: the verifier's report (columns and objects added to its problems), seconds by part."""

    report: verify.Report
    seconds: Mapping[str, float]

    @property
    def good(self) -> bool:
        return self.report.good


def prove(
    *, at: datetime, head: verify.Seal | None = None, trusted: Iterable[bytes] | None = None, columns: bool = True, objects: bool = True
) -> Proof:
    """Verify the whole live journal and keep the finding.

    `trusted` are public keys; where none are given, those of this installation. Raises nothing over what it finds."""
    spent: dict[str, float] = {}
    with sealing.whole():
        began = time.perf_counter()
        found = sealing.seals()
        report = verify.check(found, rows(), head=head, keys=keys.trusted() if trusted is None else trusted)
        spent["rows"] = time.perf_counter() - began
        if columns:
            began = time.perf_counter()
            check_columns(report, found)
            spent["columns"] = time.perf_counter() - began
        if objects:
            began = time.perf_counter()
            check_objects(report)
            spent["objects"] = time.perf_counter() - began
        models.Finding.objects.create(
            at=at,
            good=report.good,
            seal=found[-1].number if found else None,
            rows=report.rows,
            unsealed=report.loose,
            problems=report.count,
            says=[str(problem) for problem in report.problems[:50]],
            seconds=round(sum(spent.values()), 3),
        )
    return Proof(report, spent)


def rows() -> Iterator[Any]:
    """Give all rows in the order of knowing, as the verifier takes them."""
    yield from sealing.stream("SELECT seq, tx, era, hash, body FROM journal_entry ORDER BY era, tx, seq", [])


def check_columns(report: verify.Report, seals: Sequence[verify.Seal]) -> None:
    """Report each row a column of which is not what its body says: a changed column with an untouched body."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(seq), max(seq) FROM journal_entry")
        least, most = cursor.fetchone()
    for low in range(least, most + 1, _STEP) if least is not None else ():
        for seq, era, tx, names in _named(_differing(low, min(low + _STEP, most + 1))):
            batch = next((s.number for s in seals if (s.era, s.horizon) > (era, tx)), None) if names else None
            if names:
                report.add("row.column", batch, seq, f"列与正文不符：{'、'.join(names)}。", "columns differ from its body.")
            else:
                report.add("row.body", batch, seq, "正文读不出来。", "its body cannot be read.")


class Differs(NamedTuple):
    """An object that is not what its entries say."""

    process: str
    subject: UUID
    on_object: str
    in_journal: str


object_checks: list[Callable[[], Iterable[Differs]]] = []
"""What keeps objects beside the journal says here how to compare them (the workflow does)."""


def check_objects(report: verify.Report) -> None:
    """Report each object whose state is not what its entries say, of every process."""
    for check in object_checks:
        for found in check():
            report.add(
                "object.state", None, None,
                f"{found.process} {found.subject} 现为“{found.on_object}”，台账为“{found.in_journal}”。", "object and journal differ.",
            )  # fmt: skip


def _differing(low: int, high: int) -> list[int]:
    """Give the rows whose columns do not make up their body; where a body is no JSON the statement fails, and halves find which."""
    try:
        return [seq for (seq,) in _ask(_DIFFERING, [low, high])]
    except DataError:
        if high - low == 1:
            return [low]
        middle = (low + high) // 2
        return _differing(low, middle) + _differing(middle, high)


def _named(seqs: Sequence[int]) -> list[tuple[int, int, int, list[str]]]:
    """Give (seq, era, tx, columns that differ); no columns where the body cannot be read."""
    try:
        return list(_ask(_NAMED, [list(seqs)])) if seqs else []
    except DataError:
        if len(seqs) == 1:
            return [(seqs[0], 0, 0, [])]
        half = len(seqs) // 2
        return _named(seqs[:half]) + _named(seqs[half:])


def _ask(sql: str, params: list[Any]) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
