"""The bulletin from draft to publication. Each step is another person's; figures are computed, never typed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Max

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.documents import issuing
from qifu.kernel.indicators import Known, known_now
from qifu.kernel.language import said

from .. import chosen, composing, issue, papers, refusals, told, wording
from ..models import Bulletin, Sealed
from ..workflow import BULLETINS

MOST_HEADLINE = 80


@dataclass(frozen=True, kw_only=True)
class Draft:
    place: int = field(metadata={"label": "地区"})
    day: date | None = field(default=None, metadata={"label": "日期"})
    asof: datetime | None = field(default=None, metadata={"label": "截至时间"})


@action("insight.draft", "起草通报")
def draft(given: Draft, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Compute the bulletin of a day as of its hour (or as of now, if that has not come), as known now.

    Refuses NothingToTell without an incident, TooEarly ahead of time, AlreadyThere for a second one of the day."""
    pack = chosen.pack_at(given.place, at)
    spec = chosen.bulletin(pack)
    if spec is None:
        raise refusals.NothingToTell()
    day = given.day or local(given.asof or at).date()
    asof = given.asof or min(datetime.combine(day, hour_of(spec), ZONE), at)
    if asof > at:
        raise refusals.TooEarly()
    place = jurisdiction.place(given.place, day)
    found = compose(place.id, spec, asof=asof, known=known_now(at=at))
    last = Bulletin._base_manager.filter(region=place.id, year=day.year).aggregate(Max("issue"))["issue__max"]
    bulletin = Bulletin(
        region=place.id, district=jurisdiction.district_of(place.id), day=day, year=day.year, issue=(last or 0) + 1, pack=pack,
        name=str(spec["name"]).format(place=place.name), issuer=str(spec["issuer"]).format(place=place.name), office=place.name,
        asof=asof, filler=actor.id, filler_name=actor.name, **found,
    )  # fmt: skip
    return BULLETINS.open(bulletin, actor=actor, at=at, key=key, issue=bulletin.issue, figures=len(bulletin.figures))


def hour_of(spec: Mapping[str, Any]) -> time:
    """Give the hour as of which a pack's bulletin speaks."""
    return time.fromisoformat(str(spec["hour"]))


def compose(place: int, spec: Mapping[str, Any], *, asof: datetime, known: Known) -> dict[str, Any]:
    """Give the columns that a computation fills."""
    composer = composing.Composer(place, asof=asof, known=known)
    here = local(asof)
    words = {
        "place": jurisdiction.name(place),
        "whole": f"全{jurisdiction.name(place)[-1]}",
        "asof": f"{here.month}月{here.day}日{here.hour}时" + (f"{here.minute}分" if here.minute else ""),
        "day": f"{here.month}月{here.day}日",
    }
    found = composer.compose(spec, words=words, corrections=told.since_the_last(place, asof=asof, known=known))
    return {
        "known_era": known.era, "known_horizon": known.horizon, "known_at": known.at,
        "headline": found.headline, "paragraphs": [{"own": "", "pieces": pieces} for pieces in found.paragraphs],
        "figures": found.figures, "annex": found.annex,
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Of:
    bulletin: UUID


@action("insight.recompute", "重新计算通报")
def recompute(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Compute a draft anew as known now: after a correction, or to undo edits. Own paragraphs stay."""
    with BULLETINS.move("recompute", given.bulletin, actor=actor, at=at, key=key, figures=0) as bulletin:
        spec = chosen.bulletin(bulletin.pack)
        if spec is None:
            raise refusals.NothingToTell()
        own = [paragraph for paragraph in bulletin.paragraphs if paragraph["own"]]
        found = compose(bulletin.region, spec, asof=bulletin.asof, known=known_now(at=at))
        found["paragraphs"] += own
        for name, value in found.items():
            setattr(bulletin, name, value)
    return bulletin


@dataclass(frozen=True, kw_only=True)
class Edit:
    bulletin: UUID
    headline: str = field(metadata={"label": "标题"})
    paragraphs: tuple[str, ...] | None = field(default=None, metadata={"label": "正文"})
    """One for each paragraph that stands, in order; a blank one falls away. Nothing given leaves them as they stand."""
    own: str = field(default="", metadata={"label": "补写的段落"})


@action("insight.edit", "改通报文字")
def edit(given: Edit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Change words; computed numbers may be moved or left out. Refuses FigureChanged where a number is another one."""
    if not given.headline:
        raise refusals.NoHeadline()
    if len(given.headline) > MOST_HEADLINE:
        raise BadInput({"headline": said("“标题”最多{most}个字。", most=MOST_HEADLINE)})
    with BULLETINS.move("edit", given.bulletin, actor=actor, at=at, key=key, own=int(bool(given.own))) as bulletin:
        _keep_numbers_of_headline(given.headline, bulletin)
        found = list(bulletin.paragraphs) if given.paragraphs is None else _reread(given.paragraphs, bulletin, actor=actor)
        if given.own:
            found += [{"own": actor.name, "pieces": [{"t": line.strip()}]} for line in given.own.splitlines() if line.strip()]
        bulletin.headline, bulletin.paragraphs = given.headline, found
    return bulletin


def _reread(texts: Sequence[str], bulletin: Bulletin, *, actor: Actor) -> list[dict[str, Any]]:
    """Read the paragraphs as they were typed: blank ones fall away, computed numbers must be those of their paragraph."""
    if len(texts) != len(bulletin.paragraphs):
        raise refusals.FigureChanged("这一期在您改的时候变过了，没有保存。", fix="刷新以后再改。")
    found = []
    for text, before in zip(texts, bulletin.paragraphs, strict=True):
        if not text:
            continue
        if before["own"]:
            same = text == wording.plain(before["pieces"], bulletin.figures)
            found.append(before if same else {"own": actor.name, "pieces": [{"t": text}]})
            continue
        pieces = wording.reread(text, before["pieces"], bulletin.figures)
        if isinstance(pieces, str):
            raise refusals.FigureChanged(said("“{number}”不是这一段算出来的数，没有保存。", number=str(pieces)))
        found.append({"own": "", "pieces": pieces})
    return found


def _keep_numbers_of_headline(text: str, bulletin: Bulletin) -> None:
    computed = {figure["words"] for figure in bulletin.figures} | set(wording.numbers_in(bulletin.headline))
    for number in wording.numbers_in(text):
        if number not in computed and not any(word.startswith(number) for word in computed):
            raise refusals.FigureChanged(said("标题里的“{number}”不是算出来的数，没有保存。", number=number))


@action("insight.review", "核对通报")
def review(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Find a draft right and lay it before the leader. Refuses AnotherReviews to who drafted it."""
    with BULLETINS.move("review", given.bulletin, actor=actor, at=at, key=key) as bulletin:
        bulletin.reviewer, bulletin.reviewer_name = actor.id, actor.name
    return bulletin


@dataclass(frozen=True, kw_only=True)
class Said:
    bulletin: UUID
    reason: str = field(metadata={"label": "改什么", "most": 300})


@action("insight.send_back", "退回通报")
def send_back(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Send it back with what is to be changed."""
    with BULLETINS.move("send_back", given.bulletin, actor=actor, at=at, key=key, reason="look_again") as bulletin:
        bulletin.reason, bulletin.reviewer, bulletin.reviewer_name = given.reason, "", ""
    return bulletin


@action("insight.void", "作废通报")
def void(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Lay a draft aside; its number is not used again."""
    with BULLETINS.move("void", given.bulletin, actor=actor, at=at, key=key, reason="void") as bulletin:
        bulletin.reason = given.reason
    return bulletin


@action("insight.sign", "签发通报")
def sign(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Sign: words, figures and instants are stored as bytes once and for ever. Refuses AnotherSigns, SecondFactorNeeded."""
    bulletin = BULLETINS.lock(given.bulletin)
    body = canonical(bulletin, signer_name=actor.name, signed_at=at)
    found = sha256(body).hexdigest()
    with BULLETINS.move("sign", given.bulletin, actor=actor, at=at, key=key, digest=found) as bulletin:
        bulletin.signer, bulletin.signer_name = actor.id, actor.name
        issuing.issue(
            papers.KIND, papers.paper_of(issue.issue_in(body)), about=bulletin.id, on=bulletin, place=bulletin.region, actor=actor,
            hat=require(actor, "insight.sign", at=at, on=bulletin), at=at,
        )  # fmt: skip
        Sealed._base_manager.create(
            bulletin=bulletin, body=body, digest=found, at=at,
            region=bulletin.region, party=None, compartment="", district=bulletin.district,
        )  # fmt: skip
    return bulletin


def canonical(bulletin: Bulletin, *, signer_name: str, signed_at: datetime) -> bytes:
    """Give the bytes of an issue: JSON with sorted keys, UTF-8, without spaces."""
    held = {
        "number": bulletin.number, "name": bulletin.name, "issuer": bulletin.issuer,
        "issue": bulletin.issue, "day": bulletin.day.isoformat(),
        "asof": _utc(bulletin.asof), "known": {"era": bulletin.known_era, "horizon": bulletin.known_horizon, "at": _utc(bulletin.known_at)},
        "headline": bulletin.headline, "paragraphs": bulletin.paragraphs, "figures": bulletin.figures, "annex": bulletin.annex,
        "filler": bulletin.filler_name, "reviewer": bulletin.reviewer_name, "signer": signer_name, "signed_at": _utc(signed_at),
    }  # fmt: skip
    return json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _utc(at: datetime) -> str:
    return local(at).isoformat(timespec="microseconds")


@action("insight.publish", "发布通报")
def publish(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Bulletin:
    """Publish what was signed to all offices. Refuses AnotherPublishes to who signed it."""
    with BULLETINS.move("publish", given.bulletin, actor=actor, at=at, key=key) as bulletin:
        bulletin.publisher, bulletin.publisher_name = actor.id, actor.name
    return bulletin
