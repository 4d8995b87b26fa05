"""What the actions write: versions of measures begin and end, each on the record; and what is told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.response import levels, packs, rules
from qifu.areas.response.models import ControlArea, Incident, LevelChange, Measure, Notice, Proposal
from qifu.areas.response.process import MEASURE, PROPOSALS
from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor, Hat
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7

from .finding import pack_named

TOLD = notify.register(
    notify.Kind(code="response.told", label="响应有变化", words="{place}：{text}", urgent=True, gather=False, groups=True)
).code


def ask_above(proposal: Proposal, *, actor: Actor, at: datetime, key: UUID | None) -> Proposal:
    """Open a proposal; nothing holds yet."""
    return PROPOSALS.open_many(
        [proposal], actor=actor, at=at, keys=[key] if key else None,
        datas=[{"key": proposal.base.key, "kind": proposal.kind, "document": proposal.document}],
    )[0]  # fmt: skip


def switch(incident: Incident, seen: levels.Preview, *, before: str, document: str, actor: Actor, hat: Hat, at: datetime) -> None:
    """Do what a preview showed: end what falls off, write what begins, and the change of level itself."""
    rows = [line.measure for line in seen.off if line.measure]
    stop(rows, because="level", actor=actor, hat=hat, at=at)
    made = [from_pack(incident, line, actor=actor, at=at) for line in seen.on]
    Measure.objects.bulk_create(made)
    record(made, "switch_on", left="", entered="set", actor=actor, hat=hat, at=at)
    LevelChange.objects.create(
        incident=incident, before=before, level=seen.level, at=at, document=document, by=actor.id, by_name=actor.name,
        switched_on=len(seen.on), switched_off=len(seen.off), region=incident.region, district=incident.district,
    )  # fmt: skip


def from_pack(incident: Incident, line: levels.Line, *, actor: Actor, at: datetime) -> Measure:
    """Give the row that a definition of the pack becomes."""
    d = line.definition
    assert d is not None
    return Measure(
        id=uuid7(), incident=incident, key=d.key, kind=d.kind, slot=d.slot, title=d.title, says=d.says, place=line.place,
        scope={name: list(part) for name, part in d.scope.items()}, params=dict(line.value or d.value),
        origin_level=d.origin.level, origin_issuer=d.origin.issuer, origin_document=d.origin.document, origin_article=d.origin.article,
        limits=d.limits.stored(), since=line.since, until=line.until, set_at=at, set_by=actor.id, set_by_name=actor.name,
        region=incident.region, district=incident.district,
    )  # fmt: skip


def version_of(
    incident: Incident, base: Measure, *, place: int, region: int, params: Mapping[str, Any], since: datetime, until: datetime | None,
    origin: packs.Origin, reason: str, stricter: bool, local: bool, at: datetime, set_by: tuple[str, str],
    approved_by: tuple[str, str] = ("", ""),
) -> Measure:  # fmt: skip
    """Give the row of a version that departs from `base` (local) or takes its place (from above)."""
    title, says = words_of(incident, base, params)
    return Measure(
        id=uuid7(), incident=incident, key=base.key, kind=base.kind, title=title, says=says, place=place,
        scope=base.scope, params=dict(params), origin_level=origin.level, origin_issuer=origin.issuer,
        origin_document=origin.document, limits=base.limits, since=since, until=until,
        base=base if local else None, stricter=stricter, reason=reason, set_at=at, set_by=set_by[0], set_by_name=set_by[1],
        approved_by=approved_by[0], approved_by_name=approved_by[1], approved_at=at if approved_by[0] else None,
        region=region, district=incident.district,
    )  # fmt: skip


def words_of(incident: Incident, base: Measure, params: Mapping[str, Any]) -> tuple[str, str]:
    """A regime changes its name with its value: the pack holds a sentence for each."""
    if base.kind != "regime" or params["regime"] == base.params["regime"]:
        return base.title, base.says
    for one in pack_named(incident.pack).definitions:
        if one.kind == "regime" and one.value["regime"] == params["regime"]:
            return one.title, one.says
    return _("办理方式：{regimes}", regimes=rules.REGIMES[params["regime"]]), ""


def put(made: Measure, *, actor: Actor, hat: Hat, at: datetime) -> None:
    """Write a version; the one of the same measure, ground and categories that it replaces ends where it begins."""
    same = Measure.objects.select_for_update().filter(incident=made.incident, key=made.key, place=made.place)
    if made.base_id is not None:
        same = same.filter(base__isnull=False)
    else:
        # What came from the pack may hold everywhere (place 0); a rule from above takes the place of that, too.
        same = Measure.objects.select_for_update().filter(
            incident=made.incident, key=made.key, place__in={made.place, 0}, base__isnull=True
        )
    own = made.params.get("categories", [])
    old = [row for row in same if (row.ends_at is None or row.ends_at > made.since) and row.params.get("categories", []) == own]
    local = [row for row in levels.standing(made.incident, at) if row.base_id in {one.id for one in old}]
    stop([*old, *local], because="replaced", actor=actor, hat=hat, at=at, off_at=made.since)
    made.save(force_insert=True)
    record([made], "set", left="", entered="set", actor=actor, hat=hat, at=at)


def stop(rows: Iterable[Measure], *, because: str, actor: Actor, hat: Hat, at: datetime, off_at: datetime | None = None) -> None:
    """End versions, now or at an instant to come, and write down why."""
    rows = list(rows)
    if not rows:
        return
    Measure.objects.filter(pk__in=[row.pk for row in rows]).update(off_at=off_at or at, off_because=because)
    record(rows, "switch_off", left="set", entered="off", actor=actor, hat=hat, at=at)


def record(rows: Iterable[Measure], verb: str, *, left: str, entered: str, actor: Actor, hat: Hat, at: datetime) -> None:
    """Write the switching of each version down, about its incident."""
    writing.record_many(
        [
            {
                "subject": row.id, "about": row.incident_id, "verb": verb, "left": left, "entered": entered, "first": True, "at": at,
                "district": row.district, "region": row.region, "party": None, "compartment": "", "facets": [f"kind:{row.kind}"],
                "data": {"key": row.key, "title": row.title, "place": row.place, "origin": row.origin_level, "said": short(row)},
            }
            for row in rows
        ],
        process=MEASURE, actor=actor, hat=hat,
    )  # fmt: skip


def short(row: Measure) -> str:
    """Give its value as the journal may hold it."""
    return rules.said(row.kind, row.params)[:200]


# ---------------------------------------------------------------- what is told


def at_words(at: datetime) -> str:
    """Say an instant for a notice."""
    return rules.moment(local(at))


def tell(incident: Incident, topic: str, subject: UUID, title: str, text: str, *, actor: Actor, at: datetime, region: int = 0) -> None:
    """Write what was told, to whom (a place), by whom; groups that are told by robot hear of levels, areas and the end."""
    made = Notice.objects.create(
        incident=incident, topic=topic, subject=subject, title=title[:120], text=text, at=at, by=actor.id, by_name=actor.name,
        region=region or incident.region, district=incident.district,
    )  # fmt: skip
    if topic != "measure":
        words = {"place": jurisdiction.name(made.region), "text": text}
        notify.tell_groups(TOLD, words=words, on=made, at=at)


def tell_measure(row: Measure, what: str, *, actor: Actor, at: datetime) -> None:
    """Tell of a version: what it says, from when until when, and why where it is stricter."""
    if not what:
        says = rules.filled(row.says, row.kind, row.params) or rules.said(row.kind, row.params)
        ends = _("，到{at_words}为止", at_words=at_words(row.until)) if row.until else ""
        what = _("{at_words}起{ends}：{what}。", at_words=at_words(row.since), ends=ends, what=says.rstrip("。"))
        if row.stricter:
            what += _(
                "比上级规定更严，原因：{what}；{approved_by_name}同意。",
                what=row.reason.rstrip("。"),
                approved_by_name=row.approved_by_name,
            )
    where = jurisdiction.name(row.place) if row.place else jurisdiction.name(row.incident.region)
    tell(
        row.incident,
        "measure",
        row.id,
        _("{where}调整“{title}”", where=where, title=row.title),
        f"{where}{what}",
        actor=actor,
        at=at,
        region=row.region,
    )


def tell_area(area: ControlArea, what: str, *, actor: Actor, at: datetime) -> None:
    """Tell of an area with its paper."""
    paper = area.lift_document if area.state == "lifted" else area.document
    text = f"{what}{f'（{paper}）' if paper else ''}。"
    tell(
        area.incident,
        "area",
        area.id,
        _("{name}{value}", name=area.name, value=_("解除") if area.state == "lifted" else _("生效")),
        text,
        actor=actor,
        at=at,
        region=area.region,
    )


def area_name(places: tuple[int, ...], measure: Measure) -> str:
    """Give an area a name by its ground and class."""
    names = "、".join(jurisdiction.name(one) for one in places[:2]) + ("等" if len(places) > 2 else "")
    return (names or "名单内场所") + str(measure.params.get("short", ""))


def ground_words(area: ControlArea) -> str:
    """Say the ground of an area."""
    parts = ["、".join(jurisdiction.name(one) for one in area.places)] if area.places else []
    return "和".join([*parts, *([_("{n}处场所", n=len(area.sites))] if area.sites else [])])


def base_of(row: Measure) -> Measure:
    """Give the rule that a local version departs from."""
    assert row.base is not None
    return row.base
