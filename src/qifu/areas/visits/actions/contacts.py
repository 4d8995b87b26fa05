"""That somebody got through to an enterprise (联系过了): by telephone or on site, when, with whom. It is a dated fact and no visit:
on the day of unsealing it comes before anybody goes (F41)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel.access import Actor, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.journal import writing
from qifu.kernel.values import uuid7
from qifu.kernel.workflow import AlreadyDone

from .. import queries, refusals
from ..models import Contact
from ..terms import CONTACTS
from ..workflow import GO


@dataclass(frozen=True, kw_only=True)
class Reached:
    enterprise: UUID = field(metadata={"label": "企业"})
    way: Literal["phone", "site"] = field(default="phone", metadata={"label": "怎么联系的"})
    met: str = field(metadata={"label": "和谁", "most": 60})
    words: str = field(default="", metadata={"label": "说了什么", "most": 300})


@action("visits.contact", "记联系过了")
def contact(given: Reached, *, actor: Actor, at: datetime, key: UUID | None = None) -> Contact:
    """Write down that the enterprise was reached, by whoever reached it. Refuses Closed."""
    firm = registry.enterprise(given.enterprise)
    hat = require(actor, GO, at=at, on=firm)
    queries.one_at_a_time(firm.id)
    made = everything(Contact).filter(enterprise=firm.id)
    if key is not None and (before := made.filter(pk=key).first()) is not None:
        raise AlreadyDone(before)
    if firm.closed_at is not None:
        raise refusals.Closed()
    first = not made.exists()
    one = Contact(
        id=key or uuid7(), enterprise=firm, way=given.way, met=given.met.strip(), words=given.words.strip(), officer=actor.id,
        officer_name=actor.name[:80], at=at, region=firm.region, district=firm.district, party=firm.id, compartment=firm.compartment,
    )  # fmt: skip
    one.save(force_insert=True)
    writing.record(CONTACTS, one, verb="reach", entered="reached", first=first, actor=actor, hat=hat, at=at, way=given.way)
    return one
