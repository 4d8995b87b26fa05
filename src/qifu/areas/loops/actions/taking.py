"""A work order comes in: signed, in time, once; it becomes a case, or the case that it already is."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting, require
from qifu.kernel.access.hats import machine
from qifu.kernel.actions import action
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import refusals, signing
from ..models import Order, Platform, Used
from ..terms import GATE, PROCESS, WINDOW

TAKE = "loop.take"
_MOST = {"number": 60, "title": 120, "firm": 120, "uscc": 40, "town": 40, "asker": 40, "phone": 20}


class Taken(NamedTuple):
    """What the platform is told: our number for theirs, and whether it had been taken before."""

    case: str
    number: str
    again: bool


@dataclass(frozen=True, kw_only=True)
class Take:
    """One request as it came: `slug` names the platform, `time` and `sign` are its headers."""

    slug: str
    body: bytes
    time: str = ""
    sign: str = ""


def gate() -> Actor:
    """Give the machine that writes down what comes through the hook."""
    with acting(DOOR):
        return machine(GATE)


@action("loops.take", "收外部工单")
def take(given: Take, *, actor: Actor, at: datetime, key: UUID | None = None) -> Taken:
    """Take a signed work order. Refuses Forged, Stale, Replayed, NotAnOrder; a number that came before gives the same case."""
    platform = Platform._base_manager.filter(slug=given.slug, how="hook", stopped_at__isnull=True).first()
    if platform is None or not _signed(platform, given, at=at):
        raise refusals.Forged()
    if not _in_time(given.time, at):
        raise refusals.Stale()
    hat = require(actor, TAKE, at=at, on=platform)
    if not _once(platform, given, at=at):
        raise refusals.Replayed()
    told = _read(given.body)
    known = Order._base_manager.select_related("case").filter(platform=platform, number=told["number"]).first()
    if known is not None:
        return Taken(known.case.number, known.number, True)
    firm = _firm(told)
    case = casework.record(
        casework.Record(
            text=told["text"], title=told.get("title", ""), channel=platform.channel, enterprise=firm, firm=told.get("firm", ""),
            region=_town(told.get("town", ""), platform.region), asker=told.get("asker", ""), phone=told.get("phone", ""),
            source=_source(platform, told["number"]), source_number=told["number"],
        ),
        actor=actor, at=at,
    )  # fmt: skip
    if (there := Order._base_manager.filter(case=case).first()) is not None:
        return Taken(case.number, there.number, True)
    made = Order.objects.create(
        platform=platform, number=told["number"], case=case, by="hook", came_at=at, region=case.region, district=case.district,
    )  # fmt: skip
    writing.record(PROCESS, made, verb="take", actor=actor, hat=hat, at=at, platform=platform.slug, number=case.number)
    return Taken(case.number, made.number, False)


def _source(platform: Platform, number: str) -> str:
    """Name the loop so that its number means one case of this platform's own district.

    Two districts number for themselves: one's number never leads to the other's case. What a person wrote down here under
    the platform's number is that case."""
    loop = platform.channel.partition(":")[2]
    there = casework.numbered(loop, number)
    return loop if there is None or there.district == platform.district else f"{loop}:{platform.district}"


def _signed(platform: Platform, given: Take, *, at: datetime) -> bool:
    keys = [platform.key.reveal()] if platform.key else []
    if platform.key_before and platform.before_until and at < platform.before_until:
        keys.append(platform.key_before.reveal())
    return any(signing.good(given.sign, key=key, time=given.time, body=given.body) for key in keys)


def _in_time(text: str, at: datetime) -> bool:
    if not (text.isascii() and text.isdecimal() and len(text) <= 11):
        return False
    return abs(datetime.fromtimestamp(int(text), UTC) - at) <= WINDOW


def _once(platform: Platform, given: Take, *, at: datetime) -> bool:
    """Use the signature up; False where it was. Two at once: the database lets one through."""
    mark = sha256(f"{given.time}.{given.sign.strip().lower()}".encode()).hexdigest()
    if Used._base_manager.filter(platform=platform, mark=mark).exists():
        return False
    Used.objects.create(platform=platform, mark=mark, at=at, region=platform.region, district=platform.district)
    return True


def _read(body: bytes) -> dict[str, str]:
    try:
        told: Any = json.loads(body.decode("utf-8"))
        # A half of a pair (\\ud800) is JSON, but no text that a database or a page can hold.
        json.dumps(told, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise refusals.NotAnOrder() from None
    if not isinstance(told, dict):
        raise refusals.NotAnOrder()
    found = {name: str(told[name]).strip() for name in (*_MOST, "text") if isinstance(told.get(name), str | int) and told[name] != ""}
    if not found.get("number") or not found.get("text"):
        raise refusals.NotAnOrder(said("正文里没有单号或内容，工单没有收。"))
    if long := next((name for name, most in _MOST.items() if len(found.get(name, "")) > most), ""):
        raise refusals.NotAnOrder(said("{name}太长，最多{most}个字，工单没有收。", name=long, most=_MOST[long]))
    return found


def _firm(told: dict[str, str]) -> UUID | None:
    code, name = told.get("uscc", ""), told.get("firm", "")
    if not code and not name:
        return None
    found = registry.Firms([(code, name)]).of(code, name)
    return None if isinstance(found, str) else found.id


def _town(name: str, place: int) -> int:
    """Give the place that a name means within the platform's own place; else that place itself."""
    within = [jurisdiction.place(one) for one in jurisdiction.reach(place)] if name else []
    return next((one.id for one in within if name in (one.name, one.name.removesuffix("街道").removesuffix("镇"))), place)
