"""The visit: the team's findings and its conclusion arrive together, once (FEATURES 2.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.kernel.access import Actor, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.workflow import SubjectMoved

from .. import letters, refusals
from ..models import Application, Item, Visit
from ..workflow import RESUMPTION
from .items import may_touch, set_first_results, set_result


@dataclass(frozen=True, kw_only=True)
class Found:
    """One item as the team found it. `seen` is when somebody had last looked, as the device knew it (`stamp`)."""

    code: str
    result: Literal["ok", "fix", "waived"]
    note: str = field(default="", metadata={"label": "看到的情况", "most": 300})
    seen: str | None = None


@dataclass(frozen=True, kw_only=True)
class Assess:
    application: UUID
    conclusion: Literal["pass", "demand"] = field(metadata={"label": "结论"})
    found: tuple[Found, ...] = field(default=(), metadata={"label": "清单"})
    all_ok: bool = False
    """Everything that was still open is right (an assessor's one touch at the end; devices, replay)."""
    remarks: str = field(default="", metadata={"label": "备注", "most": 500})
    seen: datetime | None = None
    signer: str = field(default="", metadata={"label": "签字人", "most": 60})
    signature: UUID | None = None
    objection: str = field(default="", metadata={"label": "企业意见", "most": 500})
    photos: tuple[UUID, ...] = ()
    """Files that must have arrived before: a report without its evidence is not taken."""
    told_at: datetime | None = None
    """The device's own clock; kept beside, nothing is decided by it."""
    ahead: int = 0
    """By how many seconds that clock was ahead of the server's when it was sent."""


@action("resumption.assess", "交评估")
def assess(given: Assess, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Hand in the assessment: item by item, then pass or demand rectification.

    Told up to 24 hours late from a device without a network; `key` makes a resend a no-op. `seen` (of the application and
    of each item) guards against another's step meanwhile: SubjectMoved, and the report is kept. Refuses WrongTeam,
    NotYetAssessed, ItemsToMend, NothingToMend, EvidenceMissing."""
    locked = RESUMPTION.lock(given.application)
    require(actor, "resumption.assess", at=at, on=locked)
    items = {item.code: item for item in everything(Item).filter(application=locked.id)}
    if unknown := [one.code for one in given.found if one.code not in items]:
        raise BadInput({"found": said("清单上没有这一项：{unknown}。", unknown=unknown[0])})
    if locked.state == "assigned" and (given.seen is None or given.seen == locked.state_at):
        if differing(given.found, items):
            raise SubjectMoved(process=RESUMPTION.name, subject=locked)
        write_found(locked, items, given, actor=actor, at=at)
    fixes = sum(item.result == "fix" for item in items.values())
    data = {"items": len(items), ("fixed" if given.conclusion == "pass" else "to_mend"): fixes}
    with RESUMPTION.move(given.conclusion, locked.id, actor=actor, at=at, key=key, seen=given.seen, **data) as application:
        _evidence(given, application, items)
        application.assessor, application.remarks = actor.id, given.remarks
        application.assessed_at = application.assessed_at or at
        Visit(
            id=key or uuid7(), application=application, conclusion=given.conclusion, remarks=given.remarks,
            found=[{"code": one.code, "result": one.result, "note": one.note} for one in given.found],
            objection=given.objection, signer=given.signer, signature=given.signature, photos=len(given.photos),
            assessor=actor.id, assessor_name=actor.name[:80], at=at, told_at=given.told_at, ahead=given.ahead, received_at=clock.now(),
            region=application.region, district=application.district, party=application.party, compartment=application.compartment,
        ).save(force_insert=True)  # fmt: skip
    if given.conclusion == "demand":
        mend = [item.name + (f"：{item.note}" if item.note else "") for item in items.values() if item.result == "fix"]
        letters.send("rectification", application, actor=actor, at=at, items=mend)
    return application


def differing(found: tuple[Found, ...], items: Mapping[str, Item]) -> list[str]:
    """Give the items that somebody wrote after the device had read them, and wrote otherwise."""
    return [
        one.code
        for one in found
        if one.seen is not None
        and (items[one.code].result, items[one.code].note) != (one.result, one.note)
        and one.seen != stamp(items[one.code])
    ]


def stamp(item: Item) -> str:
    """Say when somebody last looked at an item, as devices are told; - nobody yet (a blank would count as not said)."""
    return item.checked_at.isoformat() if item.checked_at else "-"


def write_found(application: Application, items: Mapping[str, Item], given: Assess, *, actor: Actor, at: datetime) -> None:
    """Write what was found on the items; whose they are is asked of each."""
    for one in given.found:
        hat = may_touch(items[one.code], application, actor=actor, at=at, waive=one.result == "waived")
        set_result(items[one.code], result=one.result, note=one.note, actor=actor, at=at, hat=hat)
    if not given.all_ok:
        return
    named = {one.code for one in given.found}
    # What a department keeps in its own hands stays open: one touch of the team does not speak for it.
    left = [item for item in items.values() if item.result == "" and item.code not in named and not item.by_owner]
    hats = [may_touch(item, application, actor=actor, at=at, waive=False) for item in left]
    set_first_results(list(zip(left, hats, strict=True)), result="ok", actor=actor, at=at)


def _evidence(given: Assess, application: Application, items: Mapping[str, Item]) -> None:
    """Refuse EvidenceMissing while a photo or the signature has not arrived."""
    wanted = {*given.photos, *([given.signature] if given.signature else [])}
    about = [application.id, *(item.id for item in items.values())]
    here = File.objects.filter(pk__in=wanted, about__in=about).count() if wanted else 0
    if here < len(wanted):
        raise refusals.EvidenceMissing(said("还有{x}张照片没有到，评估先不收。", x=len(wanted) - here))
