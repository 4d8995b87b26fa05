"""The one policy text (DECISIONS 9). Every scoped table has exactly these policies; a test compares pg_policies with it.

Three traps are designed out here: a setting is '' and not NULL after a scoped transaction has ended (an empty array
is false for both); a cast stands outside the sub-select too, or PostgreSQL reads ANY (SELECT ...) and refuses the type;
and all that is costly stands inside, where it is evaluated once per query: an array of a city's towns cast again for
every row is thirty times the cost of the row."""

from typing import NamedTuple

ROLES = ("qifu_app", "qifu_worker", "qifu_report")
_ROLES = ", ".join(ROLES)

EVERYWHERE = "(SELECT current_setting('qifu.everywhere', true)) = 'on'"
DOOR = "(SELECT current_setting('qifu.door', true)) = 'on'"
_REGIONS = "(SELECT string_to_array(current_setting('qifu.regions', true), ',')::int[])::int[]"
_PARTIES = "(SELECT string_to_array(current_setting('qifu.parties', true), ',')::uuid[])::uuid[]"
_COMPARTMENTS = "(SELECT string_to_array(current_setting('qifu.compartments', true), ','))::text[]"


OWN = "process = 'look' AND subject = (SELECT nullif(current_setting('qifu.person', true), '')::uuid)"
"""What the record says of looks at a person is that person's to read, with or without a hat (FEATURES 1.11)."""


class Policy(NamedTuple):
    """One row of pg_policies as we want it: name, kind, roles, and one condition for USING and WITH CHECK."""

    name: str
    kind: str
    roles: str
    condition: str
    command: str = "ALL"

    def sql(self, table: str) -> str:
        check = "" if self.command == "SELECT" else f" WITH CHECK ({self.condition})"
        return f'CREATE POLICY {self.name} ON "{table}" AS {self.kind} FOR {self.command} TO {self.roles} USING ({self.condition}){check}'


def policies(*, also: str | None = None, read: bool = False, own: bool = False) -> tuple[Policy, ...]:
    """Give the policies of a scoped table; `also` is one further way in (a directed request, the door).

    `read` opens reading to everybody and leaves writing to the scope: what is law (measures, areas) binds those too
    who do not reach the office that set it. `own` lets a person read the looks at themselves (the journal alone)."""
    mine = f"{EVERYWHERE} OR region = ANY ({_REGIONS}) OR party = ANY ({_PARTIES})"
    if also:
        mine = f"{mine} OR {also}"
    cleared = f"compartment = '' OR compartment = ANY ({_COMPARTMENTS})"
    return (
        Policy("scope", "PERMISSIVE", _ROLES, mine),
        # Restrictive, because permissive policies are OR-ed: a region may never open a compartment.
        Policy("cleared", "RESTRICTIVE", _ROLES, cleared),
        # FORCE would otherwise leave data migrations silently empty.
        Policy("owner", "PERMISSIVE", "qifu_owner", "true"),
        *([Policy("read", "PERMISSIVE", _ROLES, "true", "SELECT")] if read else []),
        *([Policy("own", "PERMISSIVE", _ROLES, OWN, "SELECT")] if own else []),
    )


def door_policies() -> tuple[Policy, ...]:
    """Give the policies of a table that only the door may touch."""
    return (Policy("door", "PERMISSIVE", _ROLES, DOOR), Policy("owner", "PERMISSIVE", "qifu_owner", "true"))
