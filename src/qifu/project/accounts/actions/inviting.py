"""Asking people by SMS to come in: those of the own reach who never did, at most once a day each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from qifu.kernel import notify
from qifu.kernel.access import ActionRefused, Actor, Hat, NotYours, require_strong
from qifu.kernel.access.models import Grant, Person, everything
from qifu.kernel.actions import action
from qifu.kernel.journal.writing import record_many
from qifu.kernel.values import uuid7

from .. import giving
from ..numbers import phone_of
from .people import PERSON

INVITATION = notify.register(
    notify.Kind(
        code="access.invitation", label="请来登录",
        words="{name}，{office}给您开了账号。打开 {address} ，用这个手机号收验证码登录，不用密码。",
        gather=False,
    )
).code  # fmt: skip
REST = timedelta(hours=20)
MOST = 2000


class NobodyToInvite(ActionRefused):
    """Everybody in reach has come in, or was asked a short while ago."""

    says = "没有要邀请的人：都登录过了，或今天已经发过短信，没有再发。"
    fix = "明天还没来的，再发一次，或打个电话。"


@dataclass(frozen=True, kw_only=True)
class Invite:
    """Ask these people, or everybody in reach who never came in."""

    people: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Invited:
    """How many messages left, and how many people wait because they were asked a short while ago or have no number."""

    sent: int
    resting: int


def not_yet_in(actor: Actor, *, at: datetime) -> Any:
    """Give the officers within reach who wear a hat and never came in; inside `acting`."""
    worn = everything(Grant).filter(Q(until__isnull=True) | Q(until__gt=at), revoked_at__isnull=True)
    found: Any = Person.objects.visible_to(actor)  # type: ignore[attr-defined]
    return found.filter(party__isnull=True, entered_at__isnull=True, closed_at__isnull=True, id__in=worn.values("person"))


@action("access.invite", "短信邀请")
def invite(given: Invite, *, actor: Actor, at: datetime, key: UUID | None = None) -> Invited:
    """Send each person one message with the address; the right over each place is asked. Refuses NobodyToInvite.

    The message opens nothing by itself: who comes in proves the number with a code."""
    require_strong(actor)
    found = not_yet_in(actor, at=at)
    if given.people:
        found = found.filter(pk__in=given.people)
    lines: dict[int, tuple[Hat, list[dict[str, Any]]]] = {}
    messages: list[notify.Tell] = []
    asked: list[UUID] = []
    resting = 0
    for person in found.order_by("region", "id").select_for_update(of=("self",))[:MOST]:
        try:
            hat = giving.hat_to_give(actor, on=person, at=at)
        except NotYours:
            continue
        phone = phone_of(person)
        if not phone or (person.invited_at and at - person.invited_at < REST):
            resting += 1
            continue
        words = {"name": person.name, "office": hat.label, "address": settings.ADDRESS}
        messages.append(notify.Tell(to=person.id, kind=INVITATION, words=words, on=person))
        asked.append(person.id)
        lines.setdefault(id(hat), (hat, []))[1].append(
            {
                "subject": person.id, "about": person.id, "verb": "invite", "left": "", "entered": "", "first": False, "at": at,
                "region": person.region, "district": person.district, "party": None, "compartment": "", "facets": (), "data": {},
            }
        )  # fmt: skip
    if not asked:
        raise NobodyToInvite()
    everything(Person).filter(pk__in=asked).update(invited_at=at)
    for hat, entries in lines.values():
        record_many(entries, process=PERSON, actor=actor, hat=hat, batch=uuid7())
    notify.tell_many(messages, at=at)
    return Invited(len(messages), resting)


__all__ = ["Invite", "Invited", "NobodyToInvite", "invite", "not_yet_in"]
