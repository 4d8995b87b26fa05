"""The demo's people: one account a role, entered by one touch. The rows are data: packs/sample/demo.csv."""

import csv
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from qifu.areas.registry import api as registry
from qifu.integrations.identity import LEGAL_PERSONS, LegalPerson, Officer, Proof, TicketSpent
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Account, Grant, Person, Role, everything
from qifu.kernel.privacy import Secret
from qifu.kernel.values.phone import mask_phone
from qifu.ui import parts

from .numbers import phone_of

log = logging.getLogger("qifu.demo")
_VOUCHED = "qifu.demo.vouched"

ICONS = {
    "home": "home", "desk": "desk", "field": "place", "visits": "place", "figures": "chart", "worker": "user",
    "response": "alert", "register": "table", "people": "users", "audit": "doc",
}  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """A row of the file: which role, whose account, where, and what to try first."""

    role: str
    name: str
    place: str
    line: str
    group: str = ""
    """Under which heading it stands."""
    key: str = ""
    """By what the touch names it: the role, and the place behind it where the role stands twice."""


def rows(path: Path | None = None) -> list[Offered]:
    """Read the demo's rows (role, name, place, line, perhaps group), in the order in which the page shows them."""
    file = path or Path(settings.PACKS) / "sample" / "demo.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    first = {row["role"]: number for number, row in reversed(list(enumerate(found)))}
    return [
        Offered(
            row["role"], row["name"], row["place"], row["line"], row.get("group", ""),
            key=row["role"] if first[row["role"]] == n else _second(row),
        )
        for n, row in enumerate(found)
    ]  # fmt: skip


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
                   icon=ICONS.get(labels[row.role].face, "user"), group=row.group)
        for row in rows()
        if row.key in ready and row.role in labels
    ]  # fmt: skip


class DemoIdentity:
    """In the demo: 浙政钉 and 浙里办 played by a page of our own, where one chooses whom they vouch for. Reaches no network."""

    name, client, patience = "demo", "qifu", 8.0

    def __init__(self, code: str) -> None:
        self.code = code

    def start(self, *, proof: Proof, back: str) -> str:
        """Give the page that plays the service."""
        asked = {"state": proof.state, "nonce": proof.nonce, "challenge": proof.challenge}
        return f"{reverse('demo_vouch', args=[self.code])}?{urlencode(asked)}"

    def officer(self, ticket: str, *, proof: Proof) -> Officer:
        """Give whom the page vouched for."""
        who = self._read(ticket, proof)
        return Officer(subject=who["subject"], phone=_secret(who), name=who["name"], audience=self.client, nonce=who["nonce"])

    def legal_person(self, ticket: str, *, proof: Proof) -> LegalPerson:
        """Give for which enterprise the page vouched."""
        who = self._read(ticket, proof)
        return LegalPerson(
            subject=who["subject"], uscc=who["uscc"], enterprise=who["firm"], agent=who["name"], phone=_secret(who), level=3,
            audience=self.client, nonce=who["nonce"],
        )  # fmt: skip

    def _read(self, ticket: str, proof: Proof) -> dict[str, str]:
        try:
            who: dict[str, str] = signing.loads(ticket, salt=f"{_VOUCHED}.{self.code}", max_age=600)
        except signing.BadSignature:
            raise TicketSpent from None
        if who["challenge"] != proof.challenge:
            raise TicketSpent
        return who


def vouched_for(code: str, *, asked: Mapping[str, str], at: datetime) -> list[tuple[str, str, str]]:
    """List (name, office, ticket) of whom the demo's page may vouch for. Run outside of a transaction."""
    found = []
    with acting(DOOR):
        people = [account.person for account in everything(Account).exclude(demo="").select_related("person").order_by("created_at")]
        worn = [(person, worn_by(person.id, at=at), phone_of(person)) for person in people]
    for person, actor, phone in worn:
        firms: list[Any] = []
        if parties := [party for hat in actor.hats for party in hat.scope.parties]:
            with acting(actor):
                firms = [firm for firm in registry.enterprises(parties).values() if firm.uscc]
        if bool(parties) != (code == LEGAL_PERSONS) or not phone or (parties and not firms):
            continue
        who = {
            "subject": str(person.id), "name": person.name, "phone": phone.reveal(), "nonce": asked.get("nonce", ""),
            "challenge": asked.get("challenge", ""), "uscc": firms[0].uscc if firms else "", "firm": firms[0].name if firms else "",
        }  # fmt: skip
        office = firms[0].name if firms else next((hat.label for hat in actor.hats), "")
        found.append((person.name, office, signing.dumps(who, salt=f"{_VOUCHED}.{code}")))
    return found


def _secret(who: Mapping[str, str]) -> Secret:
    return Secret(who["phone"], mask=mask_phone(who["phone"]))


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
