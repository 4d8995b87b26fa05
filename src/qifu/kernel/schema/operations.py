"""Migration operations that grant and protect. A table that names none of them can be reached by nobody."""

from typing import Any

from django.db.migrations.operations.base import Operation

from .policy import ROLES, door_policies, policies


class _OnTable(Operation):
    """Run statements on the table of one model; the model state does not change."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the state: rights are the database's."""

    def forwards(self, table: str) -> list[str]:
        raise NotImplementedError

    def backwards(self, table: str) -> list[str]:
        raise NotImplementedError

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._run(schema_editor, self.forwards(self._table(app_label, to_state)))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._run(schema_editor, self.backwards(self._table(app_label, from_state)))

    def _table(self, app_label: str, state: Any) -> str:
        return state.apps.get_model(app_label, self.model)._meta.db_table

    def _run(self, schema_editor: Any, statements: list[str]) -> None:
        for statement in statements:
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"{type(self).__name__} {self.model}"


def _grants(table: str, *, write: str) -> list[str]:
    statements = [f'GRANT SELECT ON "{table}" TO {", ".join(ROLES)}']
    if write:
        statements.append(f'GRANT {write} ON "{table}" TO qifu_app, qifu_worker')
    return statements


class Protect(_OnTable):
    """Put a scoped table under row security: FORCE, the one policy text, and only the grants that it needs.

    `also`: one more SQL condition under which a row is visible (SCOPE_ALSO). `delete`: rows may be deleted (drafts).
    `read`: everybody may read, only the scope may write."""

    def __init__(self, model: str, *, also: str | None = None, delete: bool = False, update: bool = True, read: bool = False) -> None:
        super().__init__(model)
        self.also, self.delete, self.update, self.read = also, delete, update, read

    def forwards(self, table: str) -> list[str]:
        write = ", ".join(["INSERT", *(["UPDATE"] if self.update else []), *(["DELETE"] if self.delete else [])])
        return [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            *[policy.sql(table) for policy in policies(also=self.also, read=self.read)],
            *_grants(table, write=write),
        ]

    def backwards(self, table: str) -> list[str]:
        return [
            *[f'DROP POLICY {policy.name} ON "{table}"' for policy in policies(also=self.also, read=self.read)],
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'REVOKE ALL ON "{table}" FROM {", ".join(ROLES)}',
        ]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {"also": self.also, "delete": self.delete, "update": self.update, "read": self.read}


class Offer(_OnTable):
    """Offer an unscoped table (places, calendar, roles): readable by all roles, writable only if said."""

    def __init__(self, model: str, *, write: bool = False, delete: bool = False) -> None:
        super().__init__(model)
        self.write, self.delete = write, delete

    def forwards(self, table: str) -> list[str]:
        write = ", ".join([*(["INSERT", "UPDATE"] if self.write else []), *(["DELETE"] if self.delete else [])])
        return _grants(table, write=write)

    def backwards(self, table: str) -> list[str]:
        return [f'REVOKE ALL ON "{table}" FROM {", ".join(ROLES)}']

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {"write": self.write, "delete": self.delete}


class Withdraw(_OnTable):
    """Take back a right that an earlier migration gave: `right` is INSERT, UPDATE or DELETE; `roles` lose it."""

    def __init__(self, model: str, *, right: str, roles: tuple[str, ...] = ROLES[:2]) -> None:
        super().__init__(model)
        self.right, self.roles = right, tuple(roles)

    def forwards(self, table: str) -> list[str]:
        return [f'REVOKE {self.right} ON "{table}" FROM {", ".join(self.roles)}']

    def backwards(self, table: str) -> list[str]:
        return [f'GRANT {self.right} ON "{table}" TO {", ".join(self.roles)}']

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {"right": self.right, "roles": self.roles}


class AppendOnly(Protect):
    """Protect a table whose rows are never changed: no role of the application may update or delete."""

    def __init__(self, model: str, *, also: str | None = None, delete: bool = False, update: bool = False, read: bool = False) -> None:
        super().__init__(model, also=also, delete=False, update=False, read=read)


_THERE = """
CREATE FUNCTION "{name}_there"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE lost text;
BEGIN
  SELECT n."{column}" INTO lost FROM new_rows n
  WHERE n."{column}" IS NOT NULL AND NOT EXISTS (SELECT FROM "{to}" t WHERE t."{key}" = n."{column}") LIMIT 1;
  IF FOUND THEN
    RAISE foreign_key_violation
      USING MESSAGE = format('{column} %s of {table} is not in {to}', lost), TABLE = '{table}', CONSTRAINT = '{name}';
  END IF;
  RETURN NULL;
END $$"""
_STAYS = """
CREATE FUNCTION "{name}_stays"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE lost text;
BEGIN
  SELECT o."{key}" INTO lost FROM old_rows o
  WHERE NOT EXISTS (SELECT FROM "{to}" t WHERE t."{key}" = o."{key}")
    AND EXISTS (SELECT FROM "{table}" r WHERE r."{column}" = o."{key}") LIMIT 1;
  IF FOUND THEN
    RAISE foreign_key_violation
      USING MESSAGE = format('{table} still refers to %s of {to}', lost), TABLE = '{to}', CONSTRAINT = '{name}';
  END IF;
  RETURN NULL;
END $$"""
_REFERENCES = (
    ("there", "INSERT", "{table}", "NEW TABLE AS new_rows"),
    ("there", "UPDATE", "{table}", "NEW TABLE AS new_rows"),
    ("stays", "UPDATE", "{to}", "OLD TABLE AS old_rows"),
    ("stays", "DELETE", "{to}", "OLD TABLE AS old_rows"),
)


class Refers(Operation):
    """Hold a reference (a field with `db_constraint=False`) by the rows of each statement: none goes in without what it names,
    and what is named neither goes nor takes another key. A foreign key looks each row up by itself and locks what it finds,
    which is a ninth of what a list of a hundred thousand costs; for one row it is the cheaper, so it stays the rule.

    The looking up is the owner's: the scope of who writes would hide what is there. It goes by the key: of the rows of a
    statement the planner knows nothing, and would read all that is referred to for each of a list's blocks."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str, field: str) -> None:
        self.model, self.field = model, field

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the state: the field says what it refers to."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        words = self._words(app_label, to_state)
        for what, function in (("there", _THERE), ("stays", _STAYS)):
            schema_editor.execute(function.format(**words), params=None)
            schema_editor.execute(f'REVOKE ALL ON FUNCTION "{{name}}_{what}"() FROM PUBLIC'.format(**words))
        for what, event, table, rows in _REFERENCES:
            schema_editor.execute(
                f'CREATE TRIGGER "{{name}}_{what}_{event.lower()}" AFTER {event} ON "{table}" REFERENCING {rows}'
                f' FOR EACH STATEMENT EXECUTE FUNCTION "{{name}}_{what}"()'.format(**words)
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        words = self._words(app_label, from_state)
        for what in ("there", "stays"):
            schema_editor.execute(f'DROP FUNCTION "{{name}}_{what}"() CASCADE'.format(**words))

    def _words(self, app_label: str, state: Any) -> dict[str, str]:
        model = state.apps.get_model(app_label, self.model)
        field, table = model._meta.get_field(self.field), model._meta.db_table
        to = field.related_model._meta
        return {"name": f"{table}_{field.column}", "table": table, "column": field.column, "to": to.db_table, "key": to.pk.column}

    def describe(self) -> str:
        return f"Refers {self.model}.{self.field}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model, self.field], {}


class LooksAreTheirs(_OnTable):
    """Let every person read the looks at themselves in the journal, also where no hat reaches them."""

    def forwards(self, table: str) -> list[str]:
        return [policy.sql(table) for policy in policies(own=True) if policy.name == "own"]

    def backwards(self, table: str) -> list[str]:
        return [f'DROP POLICY own ON "{table}"']

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {}


class AtDoor(_OnTable):
    """Protect a table that only the door may touch: accounts, sessions, codes (no scope column, one policy)."""

    def forwards(self, table: str) -> list[str]:
        return [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            *[policy.sql(table) for policy in door_policies()],
            *_grants(table, write="INSERT, UPDATE, DELETE"),
        ]

    def backwards(self, table: str) -> list[str]:
        return [
            *[f'DROP POLICY {policy.name} ON "{table}"' for policy in door_policies()],
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'REVOKE ALL ON "{table}" FROM {", ".join(ROLES)}',
        ]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {}
