"""The daily log of whoever stays at an enterprise: seven things looked at, a difficulty becomes an opinion (SYS-44)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel.access import Actor, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.workflow import AlreadyDone

from .. import queries, refusals
from ..models import DayLog, Opinion, Territory
from ..terms import LOG_ITEMS, LOG_LATE, LOG_NEEDS, LOGS
from ..workflow import GO, HELD
from .opinions import Said, note


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One item as it was found; a hard one says what is hard."""

    item: Literal["staff", "meals", "security", "power", "water", "materials", "packing"]
    result: Literal["ok", "hard"] = "ok"
    note: str = field(default="", metadata={"most": 200})


@dataclass(frozen=True, kw_only=True)
class WriteLog:
    enterprise: UUID = field(metadata={"label": "企业"})
    day: date | None = field(default=None, metadata={"label": "哪一天"})
    looked: tuple[Looked, ...] = field(default=(), metadata={"label": "当天情况"})
    words: str = field(default="", metadata={"label": "其他", "most": 1000})


@action("visits.write_log", "写驻企日志")
def write_log(given: WriteLog, *, actor: Actor, at: datetime, key: UUID | None = None) -> DayLog:
    """Write the log of a day; written again while the time for it lasts, it takes the place of the former. The same difficulty
    becomes one opinion. Refuses NotResident, NotYetDay, TooLateToLog, NothingSaid."""
    firm = registry.enterprise(given.enterprise)
    hat = require(actor, GO, at=at, on=firm)
    territory = everything(Territory).filter(enterprise=firm.id, person=actor.person, part="resident", until__isnull=True).first()
    if territory is None:
        raise refusals.NotResident()
    queries.one_at_a_time(firm.id)
    today = local(at).date()
    day = given.day or today
    if day > today:
        raise refusals.NotYetDay()
    if today - day > timedelta(days=LOG_LATE):
        raise refusals.TooLateToLog()
    if not given.looked and not given.words.strip():
        raise refusals.NothingSaid()
    log = everything(DayLog).filter(territory=territory.id, day=day).first()
    if key is not None and log is not None and HELD.delivered(key):
        raise AlreadyDone(log)
    HELD.once(key, territory)
    again = log is not None
    if log is None:
        log = DayLog(
            id=uuid7(), territory=territory, enterprise=firm, day=day, region=firm.region, district=firm.district, party=firm.id,
            compartment=firm.compartment,
        )  # fmt: skip
    log.found = {one.item: one.result for one in given.looked}
    log.notes = {one.item: one.note.strip() for one in given.looked if one.note.strip()}
    log.words, log.officer, log.officer_name, log.written_at = given.words.strip(), actor.id, actor.name[:80], at
    log.save()
    hard = [one for one in given.looked if one.result == "hard"]
    writing.record(
        LOGS, log, verb="rewrite" if again else "write", actor=actor, hat=hat, at=at, first=not again, entered="written",
        day=day.isoformat(), hard=len(hard),
    )  # fmt: skip
    known = set(everything(Opinion).filter(log=log.id).values_list("words", flat=True))
    for one in hard:
        words = said("{item}：{note}", item=LOG_ITEMS[one.item], note=one.note.strip() or said("有困难"))
        if str(words) not in known:
            note(Said(words=str(words), need=LOG_NEEDS[one.item]), firm=firm, log=log, actor=actor, at=at)  # type: ignore[arg-type]
    return log


def gaps(territory: Territory, written: Mapping[date, Any], *, at: datetime, days: int) -> list[date]:
    """Give the days without a log, of the last `days` before today, since the officer stays there."""
    today = local(at).date()
    since = local(territory.since).date() if territory.since else today
    wanted = [today - timedelta(days=n) for n in range(days, 0, -1)]
    return [day for day in wanted if day >= since and day not in written]
