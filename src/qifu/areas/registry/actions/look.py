"""Looks that go on the record: a contact's telephone number, a roster."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import asking, pages, queries
from qifu.areas.registry.models import ContactPost
from qifu.kernel.access import ActionRefused, Actor, require
from qifu.kernel.access.models import Person
from qifu.kernel.actions import action
from qifu.kernel.journal.looking import NoPurpose
from qifu.kernel.journal.writing import look
from qifu.kernel.privacy.sealing import place, unseal

ROSTER = 300


@dataclass(frozen=True, kw_only=True)
class LookPhone:
    """Whose number, and what for."""

    post: UUID = field(metadata={"label": "联系人"})
    purpose: str = field(default="联系企业", metadata={"label": "用途", "most": 60})


@dataclass(frozen=True, kw_only=True)
class LookWorkers:
    """Whose roster, and what for."""

    enterprise: UUID = field(metadata={"label": "企业"})
    purpose: str = field(default="", metadata={"label": "用途", "most": 60})


@action("registry.look_phone", "查看联系电话")
def look_phone(given: LookPhone, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Give a contact's whole number; who looked and what for is on the record, the number is not."""
    post = asking.locked(ContactPost, given.post)
    hat = asking.hat_for(actor, asking.EDIT, "registry.see", at=at, on=post)
    person = Person.objects.filter(pk=post.person_id).first()
    if person is None or not person.phone_sealed:
        raise ActionRefused("这个联系人的号码由别的单位登记，这里看不到。", fix="请联系人所在的镇街转告。")
    look(post, fields=["phone"], purpose=given.purpose, actor=actor, hat=hat, at=at)
    return unseal(person.phone_sealed, where=place("access_person", "phone_sealed", person.id)).reveal()


@action("registry.look_workers", "查看员工名单")
def look_workers(given: LookWorkers, *, actor: Actor, at: datetime, key: UUID | None = None) -> list[dict[str, str]]:
    """Give the roster of an enterprise in plain words, at most 300 people; that it was looked at is on the record, and
    the enterprise can read who looked. Refuses NotYours without the right over rosters, NoPurpose without a purpose."""
    row = queries.enterprise(given.enterprise, actor)
    hat = require(actor, "registry.worker.see", at=at, on=row)
    if not given.purpose.strip():
        raise NoPurpose()
    found = list(queries.workers(row.id).filter(left_on__isnull=True)[:ROSTER])
    look(row, fields=["name", "phone", "origin_city"], purpose=given.purpose.strip(), actor=actor, hat=hat, at=at)
    return [pages.worker_line(worker, plain=True) for worker in found]
