"""Two independent looks at row security: the catalogue compared with the promises, and planted rows asked for.

Both give a list of problems; an empty list is good. The tests break each rule in turn and want both to notice."""

from typing import Any

import psycopg
from psycopg import sql

from qifu.kernel.schema import DOOR, ROLES, door_policies, policies

from .promises import (
    DEFINERS,
    DOOR_ONLY,
    DOOR_TOO,
    LAW,
    NOBODYS,
    OFFERED,
    OWN_LOOKS,
    QUEUE,
    REPORT_READS,
    WORKER_ADDS,
    WORKER_CHANGES,
    WRITES,
)

OF_LOOKS = ", process character varying(48), subject uuid"
SCOPE = {"region": "integer", "party": "uuid", "compartment": "character varying(24)", "district": "integer"}

_TABLES = """
SELECT c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_userbyid(c.relowner),
       coalesce((SELECT array_agg(a.grantee::regrole::text || '=' || a.privilege_type ORDER BY 1)
                 FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner AND a.grantee <> 0), '{}'),
       EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1
"""
_POLICIES = """
SELECT p.polname, p.polpermissive, p.polcmd, (SELECT array_agg(r::regrole::text ORDER BY 1) FROM unnest(p.polroles) r),
       pg_get_expr(p.polqual, p.polrelid), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_policy p WHERE p.polrelid = %s::regclass ORDER BY 1
"""
_LETTERS = {"a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def protected(session: psycopg.Connection) -> list[str]:
    """Give every scoped table that must stand under row security."""
    known = {*OFFERED, *QUEUE, *NOBODYS, *REPORT_READS, *DOOR_ONLY}
    return [name for name, kind, *_, part, _, _, _ in session.execute(_TABLES) if kind in "rp" and not part and name not in known]


# ---------------------------------------------------------------- the catalogue


def catalogue(session: psycopg.Connection, *, only: str = "") -> list[str]:
    """Compare pg_class, pg_policy and rights with the promises; `only` looks at one table."""
    wanted = _reference(session)
    problems: list[str] = []
    seen = set()
    for name, kind, enabled, forced, part, owner, rights, public in session.execute(_TABLES).fetchall():
        if name.startswith("reference_") or (only and name != only):
            continue
        seen.add(name)
        if owner != "qifu_owner":
            problems.append(f"{name} belongs to {owner}")
        if public:
            problems.append(f"{name} is granted to PUBLIC")
        if kind in "vmf":
            problems.append(f"{name}: a view would read as its owner")
            continue
        if part:
            problems += [f"{name}: a partition is read by its parent alone, and here by {rights}"] if rights else []
            continue
        problems += _rights(name, set(rights))
        if name in OFFERED or name in QUEUE or name in NOBODYS or name in REPORT_READS:
            problems += [f"{name} is offered and yet has row security"] if enabled or forced else []
            continue
        problems += [] if enabled else [f"{name}: row security is off"]
        problems += [] if forced else [f"{name}: row security is not forced on its owner"]
        found = session.execute(_POLICIES, [f'public."{name}"']).fetchall()
        if found != wanted[_variant(name)]:
            problems.append(f"{name}: its policies are not the one text: {found}")
        if name not in DOOR_ONLY:
            problems += _columns(session, name)
    if not only:
        lists = {*OFFERED, *QUEUE, *NOBODYS, *REPORT_READS, *DOOR_ONLY, *DOOR_TOO, *LAW, *WRITES}
        problems += [f"the promises name {name}, which is no table" for name in sorted(lists - seen)]
    return problems


def functions(session: psycopg.Connection) -> list[str]:
    """Give functions that run as their owner without being known, without a fixed search_path, or for everybody."""
    rows = session.execute(
        "SELECT proname, coalesce(proconfig, '{}'), coalesce(proacl::text, ''), pg_get_userbyid(proowner) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    ).fetchall()
    problems = [f"{name} runs with its owner's rights and nobody said why" for name, *_ in rows if name not in DEFINERS]
    problems += [f"{name}: search_path is not fixed" for name, config, *_ in rows if "search_path=public, pg_temp" not in config]
    problems += [f"{name} may be called by anybody" for name, _, rights, _ in rows if not rights or "{=X" in rights or ",=X" in rights]
    return problems


def _variant(name: str) -> str:
    if name in DOOR_ONLY:
        return "door_only"
    if name in OWN_LOOKS:
        return "plain_own"
    return ("law" if name in LAW else "plain") + ("_door" if name in DOOR_TOO else "")


def _reference(session: psycopg.Connection) -> dict[str, Any]:
    """Let this PostgreSQL itself write the policy texts down, on scratch tables of the same columns."""
    variants = {
        "plain": policies(),
        "plain_door": policies(also=DOOR),
        "law": policies(read=True),
        "law_door": policies(also=DOOR, read=True),
        "plain_own": policies(own=True),
        "door_only": door_policies(),
    }
    if session.execute("SELECT to_regclass('pg_temp.reference_plain')").fetchone() == (None,):
        columns = ", ".join(f"{name} {kind}" for name, kind in SCOPE.items())
        for variant, texts in variants.items():
            session.execute(f"CREATE TEMP TABLE reference_{variant} ({columns}{OF_LOOKS if variant.endswith('_own') else ''})")
            for policy in texts:
                session.execute(policy.sql(f"reference_{variant}"))
    return {variant: session.execute(_POLICIES, [f"pg_temp.reference_{variant}"]).fetchall() for variant in variants}


def _rights(name: str, found: set[str]) -> list[str]:
    if name in NOBODYS:
        wanted = set()
    elif name in REPORT_READS:
        wanted = {"qifu_report=SELECT"}
    elif name in QUEUE:
        wanted = {f"{role}={right}" for role in ROLES[:2] for right in ("SELECT", "INSERT", "UPDATE")} | {"qifu_worker=DELETE"}
    else:
        letters = OFFERED.get(name, WRITES.get(name, "aw"))
        wanted = {f"{role}=SELECT" for role in ROLES}
        wanted |= {f"{role}={_LETTERS[letter]}" for role in ROLES[:2] for letter in letters}
        wanted |= {"qifu_worker=INSERT"} if name in WORKER_ADDS else set()
        wanted |= {"qifu_worker=UPDATE"} if name in WORKER_CHANGES else set()
    return [f"{name}: rights differ from the promise: {sorted(found ^ wanted)}"] if found != wanted else []


def _columns(session: psycopg.Connection, name: str) -> list[str]:
    found = dict(
        session.execute(
            "SELECT attname, format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' !' ELSE '' END FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = ANY (%s)",
            [f'public."{name}"', list(SCOPE)],
        ).fetchall()
    )
    wanted = {column: kind + ("" if column == "party" else " !") for column, kind in SCOPE.items()}
    return [] if found == wanted else [f"{name}: scope columns are {found}"]


# ---------------------------------------------------------------- the planted rows

HOME, NEXT_DOOR = 990001, 990002
OURS, THEIRS = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
PLANTED = {
    # name: region, party, compartment
    "ours": (HOME, None, ""),
    "ours_closed": (HOME, None, "health"),
    "theirs": (NEXT_DOOR, None, ""),
    "firm_here": (HOME, OURS, ""),
    "firm_moved": (NEXT_DOOR, OURS, ""),
    "firm_moved_closed": (NEXT_DOOR, OURS, "health"),
    "another_firm": (NEXT_DOOR, THEIRS, ""),
}
OPEN = {name for name, (_, _, compartment) in PLANTED.items() if not compartment}
SETTINGS = ("regions", "parties", "compartments", "everywhere", "door")
NOTHING: dict[str, dict[str, str]] = {
    "nobody": {},
    "nothing": dict.fromkeys(SETTINGS, ""),
    "almost everywhere": {"everywhere": "true"},
    "almost the door": {"door": "ON"},
    "compartment alone": {"compartments": "health"},
    "another region": {"regions": "1,2,3"},
    "garbage regions": {"regions": "x'; --"},
    "hole in regions": {"regions": ","},
    "range of regions": {"regions": "0-999999"},
    "null": {"regions": "NULL", "parties": "NULL"},
    "garbage parties": {"parties": "abc"},
}
"""Scopes that reach nothing."""
REACH: dict[str, tuple[dict[str, str], set[str]]] = {
    "town": ({"regions": str(HOME)}, {"ours", "firm_here"}),
    "two towns": ({"regions": f"{HOME},{NEXT_DOOR}"}, OPEN),
    "cleared town": ({"regions": str(HOME), "compartments": "health"}, {"ours", "firm_here", "ours_closed"}),
    "wrongly cleared": ({"regions": str(HOME), "compartments": "loans"}, {"ours", "firm_here"}),
    "firm": ({"parties": OURS}, {"firm_here", "firm_moved"}),
    "cleared firm": ({"parties": OURS, "compartments": "health"}, {"firm_here", "firm_moved", "firm_moved_closed"}),
    "everywhere": ({"everywhere": "on"}, OPEN),
    "everywhere cleared": ({"everywhere": "on", "compartments": "loans,health"}, set(PLANTED)),
}


def loosen(session: psycopg.Connection, table: str) -> None:
    """Take from a table what stands in the way of rows that have only a scope: to be rolled back."""
    rows = session.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'f')", [f'public."{table}"']
    ).fetchall()
    for (name,) in rows:
        session.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE").format(sql.Identifier(table), sql.Identifier(name)))
    for (name,) in session.execute(
        "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %(t)s::regclass AND a.attnum > 0 AND a.attnotnull AND NOT attisdropped"
        " AND a.attname <> ALL (%(scope)s) AND a.attidentity = '' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = %(t)s::regclass"
        " AND i.indisprimary AND a.attnum = ANY (i.indkey))",
        {"t": f'public."{table}"', "scope": list(SCOPE)},
    ).fetchall():
        session.execute(sql.SQL("ALTER TABLE {} ALTER {} DROP NOT NULL").format(sql.Identifier(table), sql.Identifier(name)))
    for (name,) in session.execute(
        "SELECT indexrelid::regclass::text FROM pg_index i WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [f'public."{table}"'],
    ).fetchall():
        session.execute(f"DROP INDEX {name}")


def keys_of(session: psycopg.Connection, table: str) -> list[tuple[str, str]]:
    """Give the primary key's columns with their types."""
    return session.execute(
        "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
        " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY a.attnum",
        [f'public."{table}"'],
    ).fetchall()


def insertion(session: psycopg.Connection, table: str) -> tuple[str, Any]:
    """Give the statement that plants a row, and a maker of its values: (number, region, party, compartment)."""
    keys = keys_of(session, table)
    columns = ", ".join(f'"{name}"' for name in [*(k for k, _ in keys), *SCOPE])
    values = ", ".join(["%s"] * (len(keys) + len(SCOPE)))
    statement = f'INSERT INTO "{table}" ({columns}) OVERRIDING SYSTEM VALUE VALUES ({values})'

    def key(kind: str, number: int) -> Any:
        if kind == "uuid":
            return f"00000000-0000-7000-9000-{number:012d}"
        return "2020-02-10T00:00:00+08:00" if kind.startswith("timestamp") else 1_000_000_000 + number

    def row(number: int, region: int, party: str | None, compartment: str) -> list[Any]:
        return [*(key(kind, number) for _, kind in keys), region, party, compartment, 330213]

    return statement, row


def plant(session: psycopg.Connection, table: str) -> None:
    """Put the seven rows into a loosened table, past row security."""
    statement, row = insertion(session, table)
    for number, (region, party, compartment) in enumerate(PLANTED.values()):
        session.execute(statement, row(number, region, party, compartment))
    if table in OWN_LOOKS:
        (first, _), *_ = keys_of(session, table)
        for number, process in ((2, "look"), (6, "access.grant")):
            session.execute(
                f'UPDATE "{table}" SET process = %s, subject = %s WHERE "{first}" = %s', [process, OURS, 1_000_000_000 + number]
            )


def canaries(session: psycopg.Connection, table: str, *, writes: bool = True) -> list[str]:
    """Ask a planted table as each reach, role by role, and try to write outside of it: what was seen or written amiss."""
    (first, kind), *_ = keys_of(session, table)
    keys = [f"00000000-0000-7000-9000-{number:012d}" if kind == "uuid" else str(1_000_000_000 + number) for number in range(len(PLANTED))]
    names = dict(zip(keys, PLANTED, strict=True))
    look = f'SELECT "{first}"::text FROM "{table}" WHERE "{first}"::text = ANY (%s)'
    problems: list[str] = []

    def seen(role: str, settings: dict[str, str]) -> set[str]:
        with _as(session, role, settings):
            try:
                return {names[key] for (key,) in session.execute(look, [keys])}
            except psycopg.DataError:
                # A scope that cannot be read reaches nothing.
                return set()

    law, door = table in LAW, table in DOOR_TOO
    for role in ROLES:
        for name, settings in NOTHING.items():
            closed = "garbage" in name or name in ("hole in regions", "range of regions", "null")
            found = seen(role, settings)
            may = set() if not law else set(PLANTED) if settings.get("compartments") else OPEN
            if found - may or (not closed and found != may):
                problems.append(f"{table}: {name} as {role} sees {sorted(found)}")
    for name, (settings, reach) in REACH.items():
        wanted = (set(PLANTED) if "health" in settings.get("compartments", "") else OPEN) if law else reach
        if (found := seen("qifu_app", settings)) != wanted:
            problems.append(f"{table}: {name} sees {sorted(found)}, not {sorted(wanted)}")
    found = seen("qifu_app", {"door": "on"})
    if found != (OPEN if door or law else set()):
        problems.append(f"{table}: the door sees {sorted(found)}")
    if table in OWN_LOOKS:
        for person, wanted in ((OURS, {"theirs"}), (THEIRS, set()), ("", set())):
            if (found := seen("qifu_app", {"person": person})) != wanted:
                problems.append(f"{table}: a person looked at sees {sorted(found)}, not {sorted(wanted)}")
    if (found := seen("qifu_owner", {})) != set(PLANTED):
        problems.append(f"{table}: a migration of the owner sees {sorted(found)}")
    return problems + (_writes(session, table) if writes else [])


def _writes(session: psycopg.Connection, table: str) -> list[str]:
    """Try to put rows outside of one's scope, to carry one's own out, and to change or remove the neighbour's."""
    problems = []
    letters = WRITES.get(table, "aw")
    statement, row = insertion(session, table)
    town = {"regions": str(HOME)}
    for name, (region, party, compartment), may in [
        ("a row of the next town", (NEXT_DOOR, None, ""), False),
        ("a row of a firm elsewhere", (NEXT_DOOR, THEIRS, ""), False),
        ("a row of a closed compartment", (HOME, None, "health"), False),
        ("a row of one's own", (HOME, None, ""), True),
    ]:
        if _does(session, town, statement, row(77, region, party, compartment)) != may:
            problems.append(f"{table}: a town {'may not' if may else 'may'} insert {name}")
    if "w" in letters:
        for name, change in [
            ("carry a row out", f'UPDATE "{table}" SET region = {NEXT_DOOR} WHERE region = {HOME}'),
            ("close a row away", f"UPDATE \"{table}\" SET compartment = 'health' WHERE region = {HOME} AND compartment = ''"),
        ]:
            if _does(session, town, change):
                problems.append(f"{table}: a town may {name}")
        if _does(session, town, f'UPDATE "{table}" SET district = 1 WHERE region = {NEXT_DOOR}', rows=True):
            problems.append(f"{table}: a town may change the next town's rows")
    elif _does(session, {"everywhere": "on", "compartments": "health"}, f'UPDATE "{table}" SET district = 1'):
        problems.append(f"{table}: what is only added to may be changed")
    if "d" in letters:
        if _does(session, town, f'DELETE FROM "{table}" WHERE region = {NEXT_DOOR}', rows=True):
            problems.append(f"{table}: a town may delete the next town's rows")
    elif _does(session, {"everywhere": "on", "compartments": "health"}, f'DELETE FROM "{table}"'):
        problems.append(f"{table}: rows may be deleted")
    return problems


def _does(session: psycopg.Connection, settings: dict[str, str], statement: str, values: Any = None, *, rows: bool = False) -> bool:
    """Say whether the app may run a statement (`rows`: whether it touched any); nothing of it stays."""
    try:
        with _as(session, "qifu_app", settings):
            touched = session.execute(statement, values).rowcount
            return touched > 0 if rows else True
    except psycopg.errors.InsufficientPrivilege:
        return False


class _as:
    """Act as a role with a scope inside a savepoint that is always rolled back."""

    def __init__(self, session: psycopg.Connection, role: str, settings: dict[str, str]) -> None:
        self.session, self.role, self.settings = session, role, settings

    def __enter__(self) -> None:
        self.session.execute("SAVEPOINT looking")
        wanted = {f"qifu.{name}": value for name, value in self.settings.items()} | {"role": self.role}
        self.session.execute(
            "SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(wanted)), [part for pair in wanted.items() for part in pair]
        )

    def __exit__(self, *problem: Any) -> None:
        self.session.execute("ROLLBACK TO SAVEPOINT looking")
