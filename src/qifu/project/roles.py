"""The database's roles, said once: for our own server, and printed by `qifu database sql` for a foreign one.

The login role owns nothing, inherits nothing and may only become app, worker or report; the owner migrates; the backup
role reads everything past row security and writes nothing (DECISIONS 8).
"""

import psycopg
from psycopg import sql

LOGINS = ("qifu", "qifu_owner", "qifu_backup")

_SAFE = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
ROLES = {
    "qifu_owner": f"LOGIN INHERIT NOBYPASSRLS {_SAFE}",
    "qifu_app": f"NOLOGIN NOBYPASSRLS {_SAFE}",
    "qifu_worker": f"NOLOGIN NOBYPASSRLS {_SAFE}",
    "qifu_report": f"NOLOGIN NOBYPASSRLS {_SAFE}",
    "qifu": f"LOGIN NOINHERIT NOBYPASSRLS {_SAFE}",
    "qifu_backup": f"LOGIN INHERIT BYPASSRLS {_SAFE}",
}


def role_statements() -> list[sql.Composed]:
    """Create or correct the six roles and their memberships; run by a superuser, once per server."""
    statements = [
        sql.SQL("DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$").format(
            role=sql.Identifier(role)
        )
        for role in ROLES
    ]
    statements += [sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(role), sql.SQL(rights)) for role, rights in ROLES.items()]
    return [
        *statements,
        sql.SQL("GRANT qifu_app, qifu_worker, qifu_report TO qifu").format(),
        sql.SQL("GRANT pg_read_all_data TO qifu_backup").format(),
    ]


def password_statement(session: psycopg.Connection, role: str, password: str) -> sql.Composed:
    """Set a password as its scram verifier, so that the words never reach the server's log."""
    verifier = session.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    return sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))


def database_statements(name: str) -> list[sql.Composed]:
    """Set what a database of ours has: its owner, who may enter, no JIT, room to sort; run inside it by a superuser."""
    database = sql.Identifier(name)
    return [
        sql.SQL("ALTER DATABASE {} OWNER TO qifu_owner").format(database),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO qifu, qifu_backup").format(database),
        sql.SQL("ALTER DATABASE {} SET jit = off").format(database),
        # The rows of a common word among a million no longer fit into 4 MB, and each page is then read and judged anew.
        sql.SQL("ALTER DATABASE {} SET work_mem = '16MB'").format(database),
        sql.SQL("ALTER SCHEMA public OWNER TO qifu_owner").format(),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format(),
        # Without it the planner may not use the bigram index under row security (DECISIONS 10: 156 ms against 3 ms).
        sql.SQL("ALTER FUNCTION pg_catalog.arraycontains(anyarray, anyarray) LEAKPROOF").format(),
    ]


def set_up_sql(name: str = "qifu") -> str:
    """Give the script that a foreign server's administrator runs once with psql."""
    lines = ["-- PostgreSQL 15 or later, as a superuser, with psql."]
    lines += [statement.as_string(None) + ";" for statement in role_statements()]
    lines += [f"\\password {role}" for role in LOGINS]
    lines += [f"CREATE DATABASE {name} OWNER qifu_owner TEMPLATE template0 ENCODING 'UTF8'"]
    lines[-1] += " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';"
    lines += [f"\\connect {name}"]
    lines += [statement.as_string(None) + ";" for statement in database_statements(name)]
    return "\n".join(lines) + "\n"
