"""What an assessor takes along: today's visits of their teams, complete, so that nothing needs a network out there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, require
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local
from qifu.kernel.files.keeping import of as files_of
from qifu.kernel.journal import reading, writing
from qifu.kernel.language import said
from qifu.kernel.values.datum import navigation
from qifu.kernel.values.road import Point, road_km
from qifu.ui.words import moment_of, say_deadline

from .. import queries
from ..models import Application, Item
from ..terms import SIZES, Result
from .apply import form_of
from .assess import stamp
from .items import OWN, may_touch

_NOT_SHOWN = ("plan_text", "undertaken", "signer", "planned_at", "early")
"""Answers that nobody compares on the spot."""


@dataclass(frozen=True, kw_only=True)
class TakeAlong:
    pass


@action("resumption.take_along", "带上今天的评估", drawn=True)
def take_along(given: TakeAlong, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[str, Any]:
    """Give today's visits of one's own teams with their checklists, contacts and ways, as plain words and numbers.

    The contact's number is among it: that it was taken along is on the record, once a day for each enterprise."""
    hat = require(actor, "resumption.assess", at=at)
    teams = {h.task_force: h.label for h in actor.hats if h.task_force and "resumption.assess" in h.rights and h.valid(at)}
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    found = queries.visits(list(teams), actor, since=midnight)
    waiting = sorted((a for a in found if a.state == "assigned"), key=lambda a: (a.visit_at or a.due_at or at, a.due_at or at, a.id))
    done = sorted((a for a in found if a.state != "assigned" and a.assessor), key=lambda a: a.assessed_at or at)
    _write_down(waiting, actor=actor, at=at, since=midnight, hat=hat)
    items: dict[UUID, list[Item]] = {}
    for item in Item.objects.filter(application__in=[a.id for a in waiting]):
        items.setdefault(item.application_id, []).append(item)
    photos = files_of(item.id for rows in items.values() for item in rows)
    stops, before = [], None
    for number, application in enumerate([*done, *waiting], start=1):
        stop, spot = _stop(number, application, at=at)
        if application.state == "assigned":
            stop["km"] = round(road_km(before, spot), 1) if before and spot else None
            law = response.law(application.region, application.submitted_at or at, incident=application.incident)
            stop["said"] = told = _said(application, law=law)
            facts = {one.code: next(iter([one.fact, *one.when]), "") for one in law.checklist()}
            of = {name: f"{label} {words}" for label, words, name in told}
            stop["items"] = [
                _item(i, application, actor=actor, at=at) | {"said": of.get(facts.get(i.code, ""), ""), "photos": len(photos.get(i.id, []))}
                for i in items.get(application.id, [])
            ]
            before = spot or before
        stops.append(stop)
    return {
        "person": str(actor.person or ""), "name": actor.name, "team": "、".join(dict.fromkeys(teams.values())),
        "day": local(at).date().isoformat(), "taken_at": at.isoformat(), "stops": stops,
    }  # fmt: skip


def _write_down(visits: Iterable[Application], *, actor: Actor, at: datetime, since: datetime, hat: Any) -> None:
    """Write the look at each contact's number down, once a day."""
    ids = [a.id for a in visits]
    seen = set(reading.entries(process="look").filter(subject__in=ids, actor=actor.id, at__gte=since).values_list("subject", flat=True))
    for application in visits:
        if application.id not in seen:
            writing.look(application, fields=("phone",), purpose="contact", actor=actor, hat=hat, at=at)


def _stop(number: int, application: Application, *, at: datetime) -> tuple[dict[str, Any], Point | None]:
    firm = application.enterprise
    base: dict[str, Any] = {
        "id": str(application.id), "number": number, "name": firm.name, "short": firm.name_key or firm.name,
        "town": jurisdiction.name(application.region),
        "size": str(SIZES.get(firm.size, "")), "people": application.head_count, "state": application.state,
        "seen": application.state_at.isoformat(),
    }  # fmt: skip
    if application.state != "assigned":
        word = said("通过") if application.passed_at else said("要整改")
        base["done"] = f"{local(application.assessed_at):%H:%M} {word}" if application.assessed_at else str(word)
        return base, None
    sites = registry.sites_of(firm.id)
    site = next((s for s in sites if s.kind == "production"), sites[0] if sites else None)
    contacts, phones = registry.contacts_of(firm.id), registry.phones_of(firm.id)
    base |= {
        "visit_at": local(application.visit_at).strftime("%H:%M") if application.visit_at else "",
        "due": application.due_at.isoformat() if application.due_at else "",
        "due_words": say_deadline(application.due_at, at=at) if application.due_at else "",
        "contact": contacts[0].name if contacts else "", "phone": phones[0].reveal() if phones else "",
        "address": site.address if site else firm.address, "site": site.name if site else "",
        "way": navigation(
            lat=site.lat if site else None, lon=site.lon if site else None, gcj02=site.gcj02 if site else True,
            name=firm.name, address=(site.address if site else "") or firm.address or firm.name,
        ),
        "spot": [site.lat, site.lon] if site and site.lat is not None and site.lon is not None else None,
        "why": application.reason,
    }  # fmt: skip
    return base, Point(*base["spot"]) if base["spot"] else None


def _said(application: Application, *, law: response.Law) -> list[list[str]]:
    """Give what the enterprise said about itself, for comparing on the spot: [label, words, field]."""
    return [
        [one.label, words, one.name]
        for step in form_of(law).steps
        for one in step.fields
        if one.name not in _NOT_SHOWN and (words := str(one.shown(application.answers.get(one.name))))
    ]


def _item(item: Item, application: Application, *, actor: Actor, at: datetime) -> dict[str, Any]:
    locked = False
    try:
        may_touch(item, application, actor=actor, at=at, waive=False)
    except ActionRefused:
        locked = True
    return {
        "id": str(item.id), "code": item.code, "name": item.name, "ask": item.ask, "required": item.required,
        "department": item.department_name, "own": item.department not in OWN, "locked": locked,
        "result": item.result, "word": str(Result(item.result).label), "note": item.note, "seen": stamp(item),
        "by": item.checked_by_name, "at": str(moment_of(item.checked_at)) if item.checked_at else "",
        "before": item.before[-3:],
    }  # fmt: skip
