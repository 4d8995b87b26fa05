"""Open a survey of workers by where they come from, for one district and one purpose (SYS-17, FEATURES 12.10)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from qifu.areas.registry import ledger
from qifu.areas.registry.models import WorkerSurvey
from qifu.areas.registry.places import region_of
from qifu.areas.registry.terms import SURVEY, UnknownPlaceGiven, WrongOrigin, province_code
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.actions import action
from qifu.kernel.values import uuid7

RIGHT = "registry.survey"


@dataclass(frozen=True, kw_only=True)
class OpenSurvey:
    """Which province of origin, from which day returns count, for what. What is asked serves that purpose only."""

    title: str = field(metadata={"label": "调查名称", "most": 80})
    origin_province: str = field(metadata={"label": "来源省份"})
    since: date = field(metadata={"label": "返回起算日期"})
    purpose: str = field(metadata={"label": "用途", "most": 200})
    place: str = field(default="", metadata={"label": "区县"})
    region: int | None = field(default=None, metadata={"label": "区县"})


@action("registry.open_survey", "开展来源地员工调查")
def open_survey(given: OpenSurvey, *, actor: Actor, at: datetime, key: UUID | None = None) -> WorkerSurvey:
    """Open a survey; figures of this district count by the newest. Refuses WrongOrigin, NotYours, and a place that is
    larger or smaller than a district."""
    province = province_code(given.origin_province)
    if not province:
        raise WrongOrigin()
    place = region_of(region=given.region, place=given.place, actor=actor)
    if jurisdiction.place(place).kind != "district":
        raise UnknownPlaceGiven("调查按区县开展，这里不是区县，没有保存。", fix="选一个区县。")
    survey = WorkerSurvey(
        id=uuid7(), title=given.title, region=place, district=jurisdiction.district_of(place), origin_province=province,
        since=given.since, purpose=given.purpose, opened_at=at,
    )  # fmt: skip
    hat = require(actor, RIGHT, at=at, on=survey)
    survey.save(force_insert=True)
    ledger.write(SURVEY, ledger.line(survey, verb="open", at=at, entered="open", first=True), actor=actor, hat=hat, batch=key)
    return survey
