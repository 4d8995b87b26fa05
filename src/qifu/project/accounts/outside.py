"""Logins at other services: what a browser is sent out with, whether what comes back is the answer to it, whom it names."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from qifu.areas.registry import api as registry
from qifu.integrations import identity
from qifu.integrations.identity import LEGAL_PERSONS, OFFICERS, LegalPerson, Officer, Proof
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.hats import holders, worn_by
from qifu.kernel.access.models import Outside, Person, everything
from qifu.kernel.privacy import Secret
from qifu.kernel.privacy.sealing import blind
from qifu.ui.parts import Link

from .refusals import MeantForAnother, NotItsContact, NotSureEnough, OutsideRefused

SURE = 3
"""L3 of 浙里办: proved in person or by face against the register of identities."""
NAMES: dict[str, str | Promise] = {OFFICERS: _("浙政钉"), LEGAL_PERSONS: _("浙里办")}
_BUTTONS: dict[str, str | Promise] = {OFFICERS: _("干部用浙政钉登录"), LEGAL_PERSONS: _("企业用浙里办登录")}


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """Whom a service vouched for: its number for them, blind; the telephone that it has proved; the name; the enterprise."""

    service: str
    subject: str
    phone: Secret = field(repr=False)
    name: str
    uscc: str = ""


def links(next: str = "") -> list[Link]:
    """Give a button for each service in use, for the login page."""
    on = f"?{urlencode({'next': next})}" if next else ""
    return [Link(str(_BUTTONS[code]), reverse("login_outside", args=[code]) + on) for code in identity.chosen()]


def new_proof() -> Proof:
    """Draw what one browser is sent out with."""
    return Proof(state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48))


def address_to(code: str, *, proof: Proof) -> str:
    """Give the address at which a service asks who somebody is. `code` must be in use."""
    back = settings.ADDRESS.rstrip("/") + reverse("login_outside_back", args=[code])
    return identity.chosen()[code].start(proof=proof, back=back)


def vouched(code: str, ticket: str, *, proof: Proof) -> Vouched:
    """Change a ticket for whom the service vouches, outside of any transaction.

    Refuses OutsideRefused in the service's own words, MeantForAnother, NotSureEnough."""
    service = identity.chosen()[code]
    asked = service.officer if code == OFFICERS else service.legal_person  # type: ignore[union-attr]
    try:
        found: Officer | LegalPerson = identity.ask(partial(asked, ticket, proof=proof), patience=service.patience)
    except identity.Refusal as refusal:
        raise OutsideRefused(refusal.says, fix=refusal.fix) from refusal
    for_us = constant_time_compare(found.audience, service.client)
    if not (found.subject and for_us and constant_time_compare(found.nonce, proof.nonce)):
        raise MeantForAnother()
    subject = blind("login", f"{code}:{found.subject}")
    if isinstance(found, Officer):
        return Vouched(service=code, subject=subject, phone=found.phone, name=found.name)
    if found.level < SURE:
        raise NotSureEnough()
    return Vouched(service=code, subject=subject, phone=found.phone, name=found.agent, uscc=found.uscc)


def linked(who: Vouched) -> UUID | None:
    """Give the person to whom this login is linked, whether or not they may enter now. Opens a transaction of its own."""
    with acting(DOOR):
        link: Outside | None = everything(Outside).filter(service=who.service, subject=who.subject, ended_at__isnull=True).first()
        return link.person_id if link else None


def may_enter(person: Person, *, at: datetime) -> bool:
    """Say whether somebody may enter by another way than the code exactly when a code would open: not barred, a hat in force."""
    return person.id in {one.id for one in holders(person.phone_index, at=at)}


def check_enterprise(person: UUID, *, uscc: str, at: datetime) -> None:
    """Refuse NotItsContact unless the enterprise is one whose contact this person is here. Opens a transaction of its own."""
    with acting(DOOR):
        actor = worn_by(person, at=at)
    with acting(actor):
        firms = registry.enterprises([party for hat in actor.hats for party in hat.scope.parties])
        if uscc not in {firm.uscc for firm in firms.values()}:
            raise NotItsContact()
