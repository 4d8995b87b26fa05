"""Issues and ends passes, set by set: what the listener of news and the contact's actions both call, inside `acting`."""

import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise, Worker
from qifu.areas.response import api as response
from qifu.areas.resumption.models import Application, Permit
from qifu.kernel import credentials, jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.credentials import Claims, keys, serials
from qifu.kernel.credentials.claims import number_of
from qifu.kernel.journal import writing
from qifu.kernel.values import uuid7

from .models import Link, Pass
from .terms import PROCESS, RENEW, REVOKING, WORKER_CATEGORY

RIGHT = "pass.issue"
_MOST_REGIONS = 3
"""More would make the square larger than version 10."""


def issuer_of(district: int) -> str:
    """Give the issuer of a district: its city, by code (330213 is 330200's)."""
    return str(district // 100 * 100)


def mask(name: str) -> str:
    """Show first and last character, so that a guard can compare them with a card: 王小明 is 王*明, 王明 is 王*."""
    return name[:1] + "*" + (name[-1] if len(name) > 2 else "")


def holder(worker: Worker) -> bytes:
    """Give 8 bytes that tell the server alone who holds a pass: made from keyed indexes, so that nobody can try numbers."""
    kept = worker.id_number_blind or f"{worker.name_blind}{worker.phone_blind}" or worker.id.hex
    return hmac.new(kept.encode(), b"pass-holder", sha256).digest()[:8]


def end_of(begins: datetime, *, days: int) -> datetime:
    """Give the end of a pass that begins at an instant: midnight after its last day, the first counted (DOMAIN E-04, W5)."""
    first = local(begins).replace(hour=0, minute=0, second=0, microsecond=0)
    return first + timedelta(days=days)


def validity(application: Application, *, at: datetime) -> tuple[int, response.Origin | None]:
    """Give how many days a pass holds that is issued now, and on whose word (the measure pass_validity)."""
    law = response.law(application.region, at, incident=application.incident)
    row = law.one("pass_validity")
    return law.pass_days(), response.origin_of(row) if row else None


def with_passes(parties: Collection[UUID]) -> set[UUID]:
    """Give those firms of these that ever had a pass."""
    return set(Pass._base_manager.filter(party__in=parties).values_list("party", flat=True).distinct())


def waiting(enterprise: UUID, application: Application, *, at: datetime) -> list[Worker]:
    """Give the workers on the roster without a pass that holds for some days yet."""
    good = Pass._base_manager.filter(application=application.id, ended_at__isnull=True, ends_at__gt=at + RENEW)
    return list(registry.roster_of(enterprise).exclude(pk__in=good.values("worker")))


def issue(permits: Sequence[Permit], workers: Sequence[Worker], *, actor: Actor, at: datetime, batch: UUID | None = None) -> int:
    """Issue a pass to each of these workers of one firm under one application's permits; gives how many.

    One whose pass is about to end gets the next; the old one stays good until its own last day."""
    if not permits or not workers:
        return 0
    application, firm = permits[0].application, permits[0].application.enterprise
    hat = require(actor, RIGHT, at=at, on=application)
    _end(Pass._base_manager.filter(application=application.id, worker__in=workers), why="renewed", actor=actor, at=at)
    issuer = issuer_of(firm.district)
    signer = keys.signer(issuer, at=at)
    begins = max(at, application.may_start_from or at)
    ends = end_of(begins, days=validity(application, at=at)[0])
    regions = _regions(firm, permits)
    made = []
    numbers = _fresh(len(workers))
    for worker, id, (block, serial) in zip(workers, numbers, serials.take(issuer, len(workers)), strict=True):
        name = mask(worker.name.reveal())
        claims = Claims(
            issuer=issuer, issued=int(at.timestamp()), not_before=int(begins.timestamp()), expires=int(ends.timestamp()), id=id,
            block=block, serial=serial, name=name, firm=firm.uscc or "", holder=holder(worker), regions=regions, category=WORKER_CATEGORY,
        )  # fmt: skip
        made.append(
            Pass(
                id=uuid7(), number=number_of(id), application=application, enterprise=firm, worker=worker, name_masked=name,
                firm_name=firm.name, uscc=firm.uscc or "",
                code=credentials.issue(claims, key=signer.key, private=signer.private), issuer=issuer, block=block, serial=serial,
                kid=signer.key.kid.hex(), begins_at=begins, ends_at=ends, issued_at=at,
                region=application.region, party=application.party, district=application.district, compartment=application.compartment,
            )
        )  # fmt: skip
    Pass._base_manager.bulk_create(made, batch_size=1000)
    lines = [_line(one, verb="issue", entered="valid", first=True, at=at) for one in made]
    writing.record_many(lines, process=PROCESS, actor=actor, hat=hat, batch=batch)
    return len(made)


def revoke(found: Q, *, why: str, actor: Actor, at: datetime) -> int:
    """End the present passes that a condition names and put them on the status list; gives how many."""
    return _end(Pass._base_manager.filter(found), why=why, actor=actor, at=at)


def _end(found, *, why: str, actor: Actor, at: datetime) -> int:  # type: ignore[no-untyped-def]
    rows = list(found.filter(ended_at__isnull=True).select_for_update())
    if not rows:
        return 0
    hat = require(actor, RIGHT, at=at, on=rows[0])
    ids = [row.id for row in rows]
    Pass._base_manager.filter(pk__in=ids).update(ended_at=at, why_ended=why, revoked=why in REVOKING)
    if why in ("replaced", "renewed"):
        # The worker gets a new link with the new pass; the old one must not show a pass that is no longer his.
        Link._base_manager.filter(of__in=ids, ended_at__isnull=True).update(ended_at=at)
    lines = [_line(row, verb="revoke" if why in REVOKING else "renew", left="valid", entered="ended", at=at, why=why) for row in rows]
    writing.record_many(lines, process=PROCESS, actor=actor, hat=hat)
    return len(rows)


def _line(row: Pass, *, verb: str, at: datetime, left: str = "", entered: str = "", first: bool = False, **data: str) -> dict[str, object]:
    return {
        "subject": row.id, "about": row.application_id, "verb": verb, "left": left, "entered": entered, "first": first, "at": at,
        "district": row.district, "region": row.region, "party": row.party, "compartment": row.compartment, "facets": [], "data": data,
    }  # fmt: skip


def _fresh(count: int) -> list[bytes]:
    """Give pass ids whose typed numbers nobody has; the database's constraint stands behind it."""
    found: dict[str, bytes] = {}
    while len(found) < count:
        tried = {number_of(id): id for id in (secrets.token_bytes(8) for _ in range(count - len(found)))}
        taken = set(Pass._base_manager.filter(number__in=tried).values_list("number", flat=True)) | found.keys()
        found |= {number: id for number, id in tried.items() if number not in taken}
    return list(found.values())


def _regions(firm: Enterprise, permits: Iterable[Permit]) -> tuple[int, ...]:
    """Give the codes of the places for which it holds: the district, then the towns of the permitted sites."""
    towns = sorted({int(code) for permit in permits if (code := jurisdiction.place(permit.region).code).isdigit() and len(code) <= 9})
    return (firm.district, *[code for code in towns if code != firm.district][:_MOST_REGIONS])
