"""Settle a provisional enterprise (待核): give it the right code, or merge it into the one that it is."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import asking, ledger
from qifu.areas.registry.models import ContactPost, Enterprise, KeyListEntry, Site, Worker
from qifu.areas.registry.terms import CONTACT, ENTERPRISE, WORKER, AlreadyRegistered, NotProvisional, WrongCode
from qifu.kernel.access import Actor, Hat
from qifu.kernel.access.models import Grant
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.values import Problem, check_uscc


@dataclass(frozen=True, kw_only=True)
class Settle:
    """The right code of a provisional enterprise."""

    enterprise: UUID = field(metadata={"label": "企业"})
    uscc: str = field(metadata={"label": "统一社会信用代码"})


@dataclass(frozen=True, kw_only=True)
class Merge:
    """A provisional enterprise and the registered one that it is."""

    enterprise: UUID = field(metadata={"label": "待核的企业"})
    into: UUID = field(metadata={"label": "并入"})


@action("registry.settle", "核准信用代码")
def settle(given: Settle, *, actor: Actor, at: datetime, key: UUID | None = None) -> Enterprise:
    """Give the right code. Refuses NotProvisional, WrongCode, AlreadyRegistered where another enterprise bears the code."""
    row = asking.open_enterprise(given.enterprise)
    hat = asking.hat_for(actor, asking.EDIT, at=at, on=row)
    if not row.provisional:
        raise NotProvisional()
    code = check_uscc(given.uscc)
    if isinstance(code, Problem):
        raise WrongCode(
            _("{says}没有保存。", says=code.says), fix=_("可能是{suggestion}", suggestion=code.suggestion) if code.suggestion else ""
        )
    other = Enterprise.objects.filter(uscc=str(code)).first()
    if other is not None:
        raise AlreadyRegistered(
            _("这个信用代码已登记为“{name}”，没有改动。", name=other.name), fix="如果是同一家，把这条并进去。", enterprise=other.id
        )
    old = ledger.was(row, ("uscc",))
    row.uscc, row.provisional, row.why = str(code), False, ""
    row.save(update_fields=["uscc", "provisional", "why"])
    ledger.write(ENTERPRISE, ledger.line(row, verb="settle", at=at, data=old), actor=actor, hat=hat, batch=key)
    return row


@action("registry.merge", "并入已登记的企业")
def merge(given: Merge, *, actor: Actor, at: datetime, key: UUID | None = None) -> Enterprise:
    """Merge a provisional enterprise into another: sites, contacts, lists and workers go along, the row stays as a trace.

    Refuses NotProvisional, Closed, and NotYours unless both lie within reach. Gives the enterprise that remains."""
    first, second = sorted((given.enterprise, given.into))
    asking.locked(Enterprise, first)
    if first != second:
        asking.locked(Enterprise, second)
    row, target = asking.open_enterprise(given.enterprise), asking.open_enterprise(given.into)
    hat = asking.hat_for(actor, asking.EDIT, at=at, on=row)
    asking.hat_for(actor, asking.EDIT, at=at, on=target)
    if not row.provisional or row.id == target.id:
        raise NotProvisional("只有待核的企业可以并入别家，没有改动。" if row.id != target.id else "不能并入自己，没有改动。")
    _move_sites(row, target, at=at)
    _move_key_entries(row, target)
    _move_contacts(row, target, actor=actor, hat=hat, at=at)
    _move_workers(row, target, actor=actor, hat=hat, at=at)
    row.closed_at, row.merged_into, row.provisional = at, target, True
    row.save(update_fields=["closed_at", "merged_into"])
    line = ledger.line(row, verb="merge", at=at, left="registered", entered="merged", first=True)
    note = ledger.line(target, verb="take_over", at=at)
    ledger.write(ENTERPRISE, line, note, actor=actor, hat=hat, batch=key)
    return target


def _move_sites(row: Enterprise, target: Enterprise, *, at: datetime) -> None:
    there = set(target.sites.filter(closed_at__isnull=True).values_list("kind", "name"))
    for site in Site.objects.filter(enterprise=row, closed_at__isnull=True):
        if (site.kind, site.name) in there:
            site.closed_at = at
        else:
            site.enterprise, site.party = target, target.id
        site.save()


def _move_key_entries(row: Enterprise, target: Enterprise) -> None:
    there = set(target.key_entries.filter(until__isnull=True).values_list("key_list", flat=True))
    for entry in KeyListEntry.objects.filter(enterprise=row, until__isnull=True).exclude(key_list__in=there):
        entry.enterprise, entry.party = target, target.id
        entry.save()


def _move_contacts(row: Enterprise, target: Enterprise, *, actor: Actor, hat: Hat, at: datetime) -> None:
    serving = set(target.posts.filter(until__isnull=True).values_list("person", flat=True))
    lines = []
    for post in ContactPost.objects.filter(enterprise=row, until__isnull=True).select_related("grant"):
        post.until, post.grant.revoked_at = at, at
        post.grant.save(update_fields=["revoked_at"])
        lines.append(ledger.line(post, verb="end", at=at, left="serving", entered="ended", about=row.id))
        if post.person_id not in serving:
            scope = {"region": target.region, "party": target.id, "district": target.district}
            grant = Grant.objects.create(
                person_id=post.person_id, role_id=post.grant.role_id, for_party=target.id, since=at, given_by=actor.id, **scope
            )
            moved = ContactPost.objects.create(
                enterprise=target, person_id=post.person_id, grant=grant, name=post.name, phone_masked=post.phone_masked,
                main=not serving, since=at, **scope,
            )  # fmt: skip
            serving.add(post.person_id)
            post.handed_to = moved
            lines.append(ledger.line(moved, verb="add", at=at, entered="serving", first=True, about=target.id))
        post.save(update_fields=["until", "handed_to"])
    if lines:
        ledger.write(CONTACT, *lines, actor=actor, hat=hat)


def _move_workers(row: Enterprise, target: Enterprise, *, actor: Actor, hat: Hat, at: datetime) -> None:
    there = Worker.objects.filter(enterprise=target)
    numbers = set(there.exclude(id_number_blind="").values_list("id_number_blind", flat=True))
    phones = set(there.exclude(phone_blind="").values_list("name_blind", "phone_blind"))
    lines = []
    for worker in Worker.objects.filter(enterprise=row):
        if worker.id_number_blind in numbers or (worker.name_blind, worker.phone_blind) in phones:
            continue
        if worker.left_on is None:
            lines.append(ledger.line(worker, verb="move", at=at, left="listed"))
        worker.enterprise, worker.region, worker.party = target, target.region, target.id
        Worker.objects.filter(pk=worker.pk).update(enterprise=target, region=target.region, party=target.id)
        if worker.left_on is None:
            lines.append(ledger.line(worker, verb="move", at=at, entered="listed"))
    if lines:
        ledger.write(WORKER, *lines, actor=actor, hat=hat)
