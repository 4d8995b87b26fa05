"""Who may give which hat: rights, reach, and the roles that a unit administrator leaves to the system's."""

from datetime import datetime
from typing import Any

from qifu.kernel.access import Actor, Hat, NotYours, SamePerson, require
from qifu.kernel.access.models import Grant, Person, Role, everything

from .refusals import DutiesApart, NotForYouToGive

GIVE_ANY, GIVE_OWN = "access.grant", "access.grant.own"
_APART = ("access.grant", "journal.verify")
"""GB/T 22239 8.1.4.2: who manages accounts and who audits are different people."""
_OF_OFFICES = ("desk", "field", "figures", "response", "register", "people", "audit", "schools", "cases", "visits")


def hat_to_give(actor: Actor, *, on: Any, at: datetime) -> Hat:
    """Give the hat by which the actor manages people over this row, or refuse NotYours."""
    try:
        return require(actor, GIVE_ANY, at=at, on=on)
    except NotYours:
        return require(actor, GIVE_OWN, at=at, on=on)


def of_offices() -> dict[str, Role]:
    """Give the roles of people in offices by code: neither machines' nor those that an enterprise's own people wear."""
    return {role.code: role for role in everything(Role).filter(face__in=_OF_OFFICES).exclude(says="").order_by("label")}


def giveable(actor: Actor) -> list[Role]:
    """List the roles that this actor may give at all (the page's choice; `check` decides)."""
    return [role for role in of_offices().values() if actor.may(GIVE_ANY) or not _is_weighty(role)]


def check(role: Role, *, to: Person, actor: Actor, hat: Hat, at: datetime) -> None:
    """Refuse SamePerson to oneself, NotForYouToGive above the giver, DutiesApart where two duties would meet."""
    if actor.person is not None and actor.person == to.id:
        raise SamePerson()
    if GIVE_ANY not in hat.rights and _is_weighty(role):
        raise NotForYouToGive()
    for one, other in (_APART, _APART[::-1]):
        # A role that holds both (the replay) is a machine's and is not given to persons.
        if one in role.rights and _wears(to, other, at=at):
            raise DutiesApart()


def _wears(person: Person, right: str, *, at: datetime) -> bool:
    held = everything(Grant).filter(person=person, revoked_at__isnull=True, since__lte=at, role__rights__contains=[right])
    return any(grant.until is None or grant.until > at for grant in held)


def _is_weighty(role: Role) -> bool:
    return role.second_factor or any(right.startswith(("access.", "journal.")) for right in role.rights)
