"""What an officer takes along: every enterprise of theirs, complete, so that any of them can be visited without a network."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import reading, writing
from qifu.kernel.values.datum import navigation
from qifu.ui.words import say_day, say_deadline

from .. import queries, refusals
from ..days import Stop, day_of
from ..models import Opinion
from ..terms import KINDS, LOG_ITEMS, LOG_LATE, NEEDS, OPINION_STATES
from ..workflow import GO
from .logs import gaps

LOOK_MOST = 100
"""Enterprises whose telephones are looked at in one go: what is on a page, never a district's."""
SIZES = {"above": "规上", "limit_above": "限上"}


@dataclass(frozen=True, kw_only=True)
class TakeAlong:
    pass


@dataclass(frozen=True, kw_only=True)
class LookPhones:
    enterprises: tuple[UUID, ...] = field(metadata={"label": "企业"})


@action("visits.take_along", "带上包联的企业", drawn=True)
def take_along(given: TakeAlong, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[str, Any]:
    """Give all enterprises of one's own with contacts, ways, what was said there and what waits, as plain words and numbers.

    The contacts' numbers are among it: that they were taken along is on the record, once a day for each enterprise."""
    require(actor, GO, at=at)
    stops = day_of(actor, at)
    ids = [one.firm.id for one in stops]
    _write_down(stops, actor=actor, at=at)
    contacts, phones = registry.contacts_of_many(ids), registry.phones_of_many(ids)
    opinions = queries.open_opinions(ids)
    logs = _logs(actor, at=at)
    return {
        "person": str(actor.person or ""), "name": actor.name, "day": local(at).date().isoformat(), "taken_at": at.isoformat(),
        "needs": {code: str(word) for code, word in NEEDS.items()}, "items": {code: str(word) for code, word in LOG_ITEMS.items()},
        "stops": [
            _stop(one, contacts.get(one.firm.id, []), phones.get(one.firm.id, []), opinions.get(one.firm.id, []), at=at)
            | {"log": logs.get(one.firm.id)}
            for one in stops
        ],
    }  # fmt: skip


@action("visits.look_phones", "看没走访企业的电话", drawn=True)
def look_phones(given: LookPhones, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[UUID, tuple[str, str]]:
    """Give name and number of the main contact of each enterprise; who looked is on the record of each.

    Refuses TooManyPhones."""
    if len(given.enterprises) > LOOK_MOST:
        raise refusals.TooManyPhones()
    firms = registry.enterprises(given.enterprises)
    contacts, phones = registry.contacts_of_many(list(firms)), registry.phones_of_many(list(firms))
    found = {}
    for id, firm in firms.items():
        hat = require(actor, "visits.see", at=at, on=firm)
        if contacts.get(id) and phones.get(id):
            writing.look(firm, fields=("phone",), purpose="contact", actor=actor, hat=hat, at=at)
            found[id] = (contacts[id][0].name, phones[id][0].reveal())
    return found


def _write_down(stops: Iterable[Stop], *, actor: Actor, at: datetime) -> None:
    """Write the look at each contact's number down, once a day."""
    since = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    ids = [one.firm.id for one in stops]
    seen = set(reading.entries(process="look").filter(subject__in=ids, actor=actor.id, at__gte=since).values_list("subject", flat=True))
    for one in stops:
        if one.firm.id not in seen:
            hat = require(actor, GO, at=at, on=one.firm)
            writing.look(one.firm, fields=("phone",), purpose="contact", actor=actor, hat=hat, at=at)


def _stop(one: Stop, contacts: list[Any], phones: list[Any], opinions: list[Opinion], *, at: datetime) -> dict[str, Any]:
    firm, site, planned = one.firm, one.site, one.planned
    address = (site.address if site else "") or firm.address
    return {
        "id": str(firm.id),
        "number": one.number,
        "today": one.today,
        "name": firm.name,
        "short": firm.name_key or firm.name,
        "town": jurisdiction.name(firm.region),
        "size": SIZES.get(firm.size, ""),
        "people": firm.staff,
        "parts": list(one.parts),
        "visits": one.told.visits,
        "opinions": one.told.opinions,
        "last": say_day(local(one.told.last), at=at) if one.told.last else "",
        "km": one.km,
        "why": str(KINDS[planned.kind]) if planned else "",
        "due": planned.due_at.isoformat() if planned and planned.due_at else "",
        "due_words": say_deadline(planned.due_at, at=at) if planned and planned.due_at else "",
        "done": f"{local(one.done.visited_at):%H:%M}" if one.done and one.done.visited_at else "",
        "done_number": one.done.number if one.done else 0,
        "contact": contacts[0].name if contacts else "",
        "phone": phones[0].reveal() if phones else "",
        "address": address,
        "site": site.name if site else "",
        "way": navigation(
            lat=site.lat if site else None,
            lon=site.lon if site else None,
            gcj02=site.gcj02 if site else True,
            name=firm.name,
            address=address or firm.name,
        ),
        "spot": [site.lat, site.lon] if one.point and site else None,
        "said": [
            {
                "number": o.number,
                "words": o.words,
                "state": o.state,
                "word": str(OPINION_STATES[o.state]),
                "answer": o.answer,
                "office": o.office,
            }
            for o in opinions
        ],
    }


def _logs(actor: Actor, *, at: datetime) -> dict[UUID, dict[str, Any]]:
    """Give where one stays, what is written of today, and which days lack."""
    today = local(at).date()
    theirs = [one for one in queries.mine(actor.person) if one.part == "resident"]
    days = [today - timedelta(days=n) for n in range(8)]
    written = queries.logs_of(theirs, days=days)
    found = {}
    for one in theirs:
        mine = {day: written[one.id, day] for day in days if (one.id, day) in written}
        now = mine.get(today)
        lacking = gaps(one, mine, at=at, days=7)
        found[one.enterprise_id] = {
            "today": {"found": now.found, "notes": now.notes, "words": now.words} if now else None,
            "lacking": len(lacking),
            "may": [day.isoformat() for day in lacking if (today - day).days <= LOG_LATE],
        }
    return found
