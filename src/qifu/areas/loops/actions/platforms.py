"""A platform is registered, its key and address renewed by two people, stopped."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values.secret import Secret
from qifu.kernel.web import outside

from .. import queries, refusals
from ..models import Platform, Renewal
from ..terms import CHANNELS, HOW, KEY_BYTES, OLD_KEY, PLATFORM

KEEP = "loop.keep"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")


class Proposed(NamedTuple):
    """A renewal with its key, shown this once to who proposed it."""

    platform: Platform
    key: Secret


@dataclass(frozen=True, kw_only=True)
class Add:
    """A platform as it is registered; a hook's key waits for a second person."""

    name: str = field(metadata={"label": "叫什么", "most": 60})
    channel: str = field(metadata={"label": "哪个平台"})
    how: str = field(metadata={"label": "怎么送"})
    slug: str = field(default="", metadata={"label": "接口代号", "most": 40})
    callback: str = field(default="", metadata={"label": "回传地址", "most": 300})


@action("loops.add", "登记外部平台")
def add(given: Add, *, actor: Actor, at: datetime, key: UUID | None = None) -> Proposed:
    """Register a platform of the own district."""
    hat = require(actor, KEEP, at=at)
    errors = _unfit(given)
    if errors or hat.place is None:
        raise BadInput(errors or {"name": said("要由区里的人登记。")})
    place = hat.place
    slug = given.slug or f"{given.channel.partition(':')[2]}-{jurisdiction.place(place).code[:6]}"
    made = Platform.objects.create(
        slug=slug, name=given.name.strip(), channel=given.channel, how=given.how, made_by=actor.id, made_at=at,
        region=place, district=jurisdiction.district_of(place),
    )  # fmt: skip
    writing.record(PLATFORM, made, verb="add", actor=actor, hat=hat, at=at, how=given.how, channel=given.channel)
    if given.how == "file":
        return Proposed(made, Secret(""))
    return _propose(made, given.callback, actor=actor, at=at)


def _unfit(given: Add) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not given.name.strip():
        errors["name"] = said("还没有写叫什么。")
    if given.channel not in CHANNELS:
        errors["channel"] = said("还没有选哪个平台。")
    if given.how not in HOW:
        errors["how"] = said("还没有选怎么送。")
    if given.slug and not _SLUG.fullmatch(given.slug):
        errors["slug"] = said("接口代号用小写字母、数字和短横，最多24个。")
    if given.how == "hook" and (says := outside.unfit(given.callback)):
        errors["callback"] = says
    return errors


@dataclass(frozen=True, kw_only=True)
class Propose:
    platform: UUID
    callback: str = field(default="", metadata={"label": "回传地址", "most": 300})


@action("loops.propose_key", "换密钥")
def propose_key(given: Propose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Proposed:
    """Make a new key (and address); it counts when another person confirms it. Refuses a second one that is open."""
    platform = queries.platform(given.platform, actor)
    require(actor, KEEP, at=at, on=platform)
    callback = given.callback.strip() or platform.callback
    if platform.stopped_at is not None:
        raise NotFound("这个平台已经停收了，没有改动。", fix="要再收，另登记一个。")
    if platform.how != "hook":
        raise refusals.NotOwed("按文件收的平台没有密钥，没有改动。", fix="要用接口，另登记一个。")
    if says := outside.unfit(callback):
        raise BadInput({"callback": says})
    return _propose(platform, callback, actor=actor, at=at)


def _propose(platform: Platform, callback: str, *, actor: Actor, at: datetime) -> Proposed:
    hat = require(actor, KEEP, at=at, on=platform)
    secret = secrets.token_urlsafe(KEY_BYTES)
    made = Renewal(
        platform=platform, callback=callback.strip(), proposed_by=actor.id, proposed_by_name=actor.name[:80], proposed_at=at,
        region=platform.region, district=platform.district,
    )  # fmt: skip
    made.key = secret  # type: ignore[assignment]
    made.save(force_insert=True)
    writing.record(PLATFORM, platform, verb="propose_key", actor=actor, hat=hat, at=at)
    return Proposed(platform, Secret(secret))


@dataclass(frozen=True, kw_only=True)
class Decide:
    renewal: UUID


def _open(id: UUID, actor: Actor) -> Renewal:
    found = Renewal.objects.visible_to(actor).select_related("platform").select_for_update(of=("self",)).filter(pk=id).first()
    if found is None or found.decided_at is not None or found.platform.stopped_at is not None:
        raise NotFound("没有找到，可能已经有人确认或撤掉了。", fix="刷新看看。")
    return found


@action("loops.confirm_key", "确认密钥")
def confirm_key(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Platform:
    """Put a key and address into force as the second person; the old key counts for a day more. Refuses AnotherConfirms."""
    renewal = _open(given.renewal, actor)
    platform = renewal.platform
    hat = require(actor, KEEP, at=at, on=platform)
    if renewal.proposed_by == actor.id:
        raise refusals.AnotherConfirms()
    before = platform.key.reveal() if platform.key else ""
    platform.key_before, platform.before_until = before, at + OLD_KEY if before else None  # type: ignore[assignment]
    platform.key, platform.key_at, platform.callback = renewal.key.reveal(), at, renewal.callback  # type: ignore[attr-defined]
    platform.save()
    renewal.decided_by, renewal.decided_by_name, renewal.decided_at, renewal.confirmed = actor.id, actor.name[:80], at, True
    renewal.key = ""
    renewal.save()
    writing.record(PLATFORM, platform, verb="confirm_key", actor=actor, hat=hat, at=at)
    return platform


@action("loops.drop_key", "撤掉没确认的密钥")
def drop_key(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Platform:
    """Throw a proposed key away; the one in force stays."""
    renewal = _open(given.renewal, actor)
    hat = require(actor, KEEP, at=at, on=renewal.platform)
    renewal.decided_by, renewal.decided_by_name, renewal.decided_at, renewal.key = actor.id, actor.name[:80], at, ""
    renewal.save()
    writing.record(PLATFORM, renewal.platform, verb="drop_key", actor=actor, hat=hat, at=at)
    return renewal.platform


@dataclass(frozen=True, kw_only=True)
class Stop:
    platform: UUID


@action("loops.stop", "停收")
def stop(given: Stop, *, actor: Actor, at: datetime, key: UUID | None = None) -> Platform:
    """Take nothing more from a platform; its keys are forgotten, what came stays and is still answered by file."""
    platform = queries.platform(given.platform, actor)
    hat = require(actor, KEEP, at=at, on=platform)
    if platform.stopped_at is not None:
        raise NotFound("这个平台已经停收了。")
    platform.stopped_at, platform.before_until = at, None
    platform.key = platform.key_before = ""  # type: ignore[assignment]
    platform.save()
    for renewal in Renewal._base_manager.select_for_update().filter(platform=platform, decided_at=None):
        renewal.decided_by, renewal.decided_by_name, renewal.decided_at, renewal.key = actor.id, actor.name[:80], at, ""
        renewal.save()
    writing.record(PLATFORM, platform, verb="stop", actor=actor, hat=hat, at=at)
    return platform
