"""The demo's people: one account a role, entered by one touch. The rows are data: packs/sample/demo.csv."""

import csv
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Account, Grant, Person, Role, everything
from qifu.ui import parts

log = logging.getLogger("qifu.demo")

ICONS = {
    "home": "home", "desk": "desk", "field": "place", "figures": "chart", "worker": "user",
    "response": "alert", "register": "table", "people": "users", "audit": "doc",
}  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """A row of the file: which role, whose account, where, and what to try first."""

    role: str
    name: str
    place: str
    line: str
    key: str = ""
    """By what the touch names it: the role, and the place behind it where the role stands twice."""


def rows(path: Path | None = None) -> list[Offered]:
    """Read the demo's rows (role, name, place, line), in the order in which the page shows them."""
    file = path or Path(settings.PACKS) / "sample" / "demo.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    first = {row["role"]: number for number, row in reversed(list(enumerate(found)))}
    return [
        Offered(row["role"], row["name"], row["place"], row["line"], row["role"] if first[row["role"]] == n else _second(row))
        for n, row in enumerate(found)
    ]


def _second(row: dict[str, str]) -> str:
    return f"{row['role']}@{row['place']}"[:40]


def seed_demo_accounts(path: Path | None = None, *, at: datetime) -> list[str]:
    """Make the account of each row whose person is there with that role and place; gives the roles that lack one.

    Run after the sample's people are made. A second run changes nothing."""
    lacking = []
    with acting(DOOR):
        for row in rows(path):
            person = _person(row, at=at)
            if person is None:
                lacking.append(row.key)
                log.warning("demo.csv: nobody called %s is %s at %s", row.name, row.role, row.place)
                continue
            login = person.phone_index or f"demo:{row.key}"
            everything(Account).filter(demo=row.key).exclude(person=person).update(demo="")
            everything(Account).update_or_create(
                person=person, defaults={"demo": row.key}, create_defaults={"demo": row.key, "login": login, "created_at": at}
            )
    return lacking


def offered_roles() -> list[parts.Role]:
    """List the roles that one touch opens, for the first page of the demo. Reads accounts: at the door only."""
    if not settings.DEMO:
        return []
    labels = {role.code: role for role in everything(Role).all()}
    ready = dict(everything(Account).exclude(demo="").values_list("demo", "person__name"))
    return [
        parts.Role(id=row.key, name=f"{labels[row.role].label} {ready[row.key]}", office=row.place, first=row.line,
                   icon=ICONS.get(labels[row.role].face, "user"))
        for row in rows()
        if row.key in ready and row.role in labels
    ]  # fmt: skip


def _person(row: Offered, *, at: datetime) -> Person | None:
    # Several places may have this name; the person of that name and role is in one of them.
    places = [place.id for place in jurisdiction.named(row.place)]
    grant = (
        everything(Grant)
        .filter(Q(place__in=places) | Q(place__isnull=True, region__in=places))
        .filter(role=row.role, person__name=row.name, revoked_at__isnull=True)
        .filter(Q(until__isnull=True) | Q(until__gt=at))
        .select_related("person")
        .order_by("since", "id")
        .first()
    )
    return grant.person if grant else None
