"""What people do with messages: say how they want to be told; and the operator's: send again, let be, keep group robots."""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.utils.crypto import salted_hmac

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, Actor, NotFound, NotYours, enter, require
from qifu.kernel.access.models import Person, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.values.secret import Secret

from . import outbox
from .kinds import Kind, kinds, register
from .models import Outgoing, Preference, Robot
from .port import Letter, channels, send_letter
from .telling import tell
from .terms import DING, MAIL, SMS, WECOM, WORK

KEEP = "notify.keep"
PROCESS = "notify.message"
OPEN_TO_AGAIN = ("failed", "given_up", "unknown")
MAIL_TRIES = 5
HOSTS = {WECOM: "qyapi.weixin.qq.com", DING: "oapi.dingtalk.com"}
MOST = 2000

register(Kind(code="notify.mail_code", label="核对邮箱", words="核对邮箱的数字是{code}，半小时内有效。", urgent=True, gather=False,
              lasts=timedelta(minutes=30)))  # fmt: skip


class NothingAgain(ActionRefused):
    """None of them may be sent again."""

    says = "没有可以再发的：要么送到了，要么还在路上。"
    fix = "刷新看看现在到哪一步。"


class Forgotten(ActionRefused):
    """Number and words are gone."""

    says = "这条消息过了30天，号码和内容都删了，没法再发。"
    fix = "回到原来的那件事上重新办。"


class WrongMailCode(ActionRefused):
    """The digits are not those that were mailed, too old, or tried too often."""

    says = "数字不对，或者过了半小时，邮箱没有换。"
    fix = "核对后再填，或者再存一次邮箱，会重新发。"


# ---------------------------------------------------------------- the own wishes


@dataclass(frozen=True, kw_only=True)
class Prefer:
    """How somebody wants to be told. An empty channel leaves it to the installation."""

    mode: Literal["each", "gather"] = field(default="each", metadata={"label": "怎么发"})
    channel: str = field(default="", metadata={"label": "发到哪里"})
    quiet_from: str = field(default="22:00", metadata={"label": "几点以后不打扰"})
    quiet_until: str = field(default="07:00", metadata={"label": "到几点"})
    morning: bool = field(default=False, metadata={"label": "早上汇总"})
    evening: bool = field(default=False, metadata={"label": "晚上汇总"})
    mail: str = field(default="", metadata={"label": "邮箱"})


def preference_of(person: UUID) -> Preference:
    """Give what a person wants, or what holds for whoever said nothing. Read at the door."""
    found: Preference | None = everything(Preference).filter(person=person).first()
    return found or Preference(person=person)


def own_preference(actor: Actor) -> Preference:
    """Give an actor's own wishes inside `acting(actor)`: the door is opened for this one row and closed again."""
    if actor.person is None:
        raise NotYours()
    enter(DOOR)
    found = preference_of(actor.person)
    enter(actor)
    return found


@action("notify.prefer", "选择怎么收通知", door=True)
def prefer(given: Prefer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Preference:
    """Keep one's own wishes. A new mail address counts when the digits that are mailed to it have come back.

    Refuses NotYours for nobody, BadInput for an hour or an address that is none."""
    if actor.person is None:
        raise NotYours()
    errors: dict[str, str] = {}
    if given.channel and given.channel not in (SMS, WORK, MAIL):
        errors["channel"] = said("没有这个渠道。")
    hours: dict[str, time] = {}
    for name in ("quiet_from", "quiet_until"):
        try:
            hours[name] = time.fromisoformat(getattr(given, name))
        except ValueError:
            errors[name] = said("要写成 22:00 这样的时间。")
    mail = given.mail.strip()
    if mail and not re.fullmatch(r"[^@\s\"<>,;]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}", mail):
        errors["mail"] = said("这不像邮箱，要写成 name@example.cn 这样。")
    if errors:
        raise BadInput(errors)
    found = preference_of(actor.person)
    changed = mail != (Secret(found.mail).reveal() if found.mail else "")
    found.mode, found.channel, found.changed_at = given.mode, given.channel, at
    found.quiet_from, found.quiet_until = hours["quiet_from"], hours["quiet_until"]
    found.morning, found.evening = given.morning, given.evening
    if changed:
        found.mail, found.mail_proved_at, found.mail_tries = mail, None, 0
        found.mail_code = ""
    found.save()
    return found


@dataclass(frozen=True, kw_only=True)
class AskMail:
    """Mail the digits that prove the own address."""


@action("notify.ask_mail", "核对邮箱", door=True)
def ask_mail(given: AskMail, *, actor: Actor, at: datetime, key: UUID | None = None) -> None:
    """Mail six digits to the address that waits to be proved. Refuses NotFound where there is none or no mail channel."""
    if actor.person is None or MAIL not in channels():
        raise NotFound(said("现在没有接通邮件，或者没有要核对的邮箱。"))
    found = everything(Preference).select_for_update().filter(person=actor.person).first()
    if found is None or not found.mail or found.mail_proved_at:
        raise NotFound(said("现在没有接通邮件，或者没有要核对的邮箱。"))
    code = f"{secrets.randbelow(10**6):06d}"
    found.mail_code, found.mail_tries, found.changed_at = _hashed(code, actor.person), 0, at
    found.save(update_fields=["mail_code", "mail_tries", "changed_at"])
    kind = kinds["notify.mail_code"]
    text = Secret(kind.say({"code": code}, brief=False))
    send_letter(MAIL, Letter(id=uuid7(), to=Secret(found.mail), text=text, kind=kind.code, title=kind.label))


@dataclass(frozen=True, kw_only=True)
class ProveMail:
    """The digits that came by mail."""

    code: str = field(metadata={"label": "6位数字"})


@action("notify.prove_mail", "核对邮箱", door=True)
def prove_mail(given: ProveMail, *, actor: Actor, at: datetime, key: UUID | None = None) -> bool:
    """Take the digits; says whether they were right. Wrong ones are counted: five, and new ones must be asked for."""
    if actor.person is None:
        raise NotYours()
    found = everything(Preference).select_for_update().filter(person=actor.person).first()
    if found is None or not found.mail_code or found.mail_tries >= MAIL_TRIES or at - found.changed_at > timedelta(minutes=30):
        raise WrongMailCode()
    right = hmac.compare_digest(_hashed(given.code.strip(), actor.person), found.mail_code)
    if right:
        found.mail_proved_at, found.mail_code = at, ""
    else:
        found.mail_tries += 1
    found.save(update_fields=["mail_proved_at", "mail_code", "mail_tries"])
    return right


def _hashed(code: str, person: UUID) -> str:
    return salted_hmac("qifu.notify.mail", f"{person}:{code}", algorithm="sha256").hexdigest()


# ---------------------------------------------------------------- the operator


@dataclass(frozen=True, kw_only=True)
class Again:
    """Send these again: by id, or all of one kind, state and reason within reach."""

    messages: tuple[UUID, ...] = ()
    kind: str = ""
    state: str = ""
    why: str = ""


@action("notify.again", "再发一次")
def again(given: Again, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Put messages that failed, were given up, or of which nobody knows back into the queue; gives how many.

    Refuses NothingAgain, Forgotten (after thirty days), NotYours outside one's reach."""
    found = Outgoing.objects.visible_to(actor).filter(state__in=OPEN_TO_AGAIN, kind__in=list(kinds))  # type: ignore[attr-defined]
    found = found.filter(id__in=given.messages) if given.messages else found.filter(kind=given.kind, state=given.state, why=given.why)
    rows = list(found.select_for_update().order_by("id")[:MOST])
    if not rows:
        raise NothingAgain()
    keeps = [row for row in rows if row.words or row.to or row.person]
    if not keeps:
        raise Forgotten()
    hat = require(actor, KEEP, at=at, on=keeps[0])
    for row in keeps:
        require(actor, KEEP, at=at, on=row)
        outbox.release(row.id, at=at)
    first = keeps[0]
    record(PROCESS, first, verb="again", actor=actor, hat=hat, at=at, entered="queued", kind=given.kind or first.kind, messages=len(keeps))
    return len(keeps)


@dataclass(frozen=True, kw_only=True)
class OpenRobot:
    """A group robot: where, in which app, its webhook, its secret, which kinds it tells of."""

    place: int
    name: str = field(metadata={"label": "群名", "most": 60})
    channel: Literal["wecom", "ding"] = field(metadata={"label": "哪个应用"})
    address: str = field(metadata={"label": "机器人地址"})
    secret: str = field(default="", metadata={"label": "加签密钥"})
    kinds: tuple[str, ...] = field(metadata={"label": "通知哪些"})


@action("notify.open_robot", "添加群机器人")
def open_robot(given: OpenRobot, *, actor: Actor, at: datetime, key: UUID | None = None) -> Robot:
    """Let a group be told of some kinds. Its webhook must be one of that app: nothing is posted to any other host.

    Refuses BadInput, NotYours outside one's reach."""
    errors: dict[str, str] = {}
    host = HOSTS[given.channel]
    if not given.address.startswith(f"https://{host}/") or len(given.address) > 400:
        errors["address"] = said("地址要从机器人的设置里复制，以 https://{host}/ 开头。", host=host)
    if not given.kinds or (unknown := [code for code in given.kinds if code not in kinds]):
        errors["kinds"] = said("至少选一种。") if not given.kinds else said("没有这一种：{code}", code=unknown[0])
    elif not all(kinds[code].groups for code in given.kinds):
        errors["kinds"] = said("这一种只发给本人，不进群。")
    if errors:
        raise BadInput(errors)
    made = Robot(
        name=given.name, channel=given.channel, address=given.address, secret=given.secret.strip(), kinds=sorted(set(given.kinds)),
        made_by=actor.id, made_at=at, region=given.place, district=jurisdiction.district_of(given.place),
    )  # fmt: skip
    hat = require(actor, KEEP, at=at, on=made)
    everything(Robot).bulk_create([made])
    record("notify.robot", made, verb="open", actor=actor, hat=hat, at=at, entered="open", first=True, channel=made.channel)
    return made


@dataclass(frozen=True, kw_only=True)
class CloseRobot:
    """Tell this group no more."""

    robot: UUID


@action("notify.close_robot", "不再通知这个群")
def close_robot(given: CloseRobot, *, actor: Actor, at: datetime, key: UUID | None = None) -> Robot:
    """Close a group's robot and forget its address. Refuses NotFound."""
    found: Robot | None = (
        Robot.objects.visible_to(actor).select_for_update().filter(id=given.robot, closed_at__isnull=True).first()  # type: ignore[attr-defined]
    )
    if found is None:
        raise NotFound(said("没有找到这个群，可能已经停了。"))
    hat = require(actor, KEEP, at=at, on=found)
    found.closed_at, found.address, found.secret = at, "closed", ""
    found.save()
    record("notify.robot", found, verb="close", actor=actor, hat=hat, at=at, left="open", entered="closed")
    return found


@dataclass(frozen=True, kw_only=True)
class TryOut:
    """Send oneself a message by the channel that one prefers."""


register(Kind(code="notify.try_out", label="试一条", words="{name}，您能收到企服的通知，就是这样的。", gather=False, urgent=True))


@action("notify.try_out", "给自己发一条试试")
def try_out(given: TryOut, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID | None:
    """Write a message to oneself, at most one in five minutes. Refuses NotYours for a machine."""
    person = everything(Person).filter(id=actor.person).first() if actor.person else None
    if person is None:
        raise NotYours()
    slot = int(at.timestamp()) // 300
    return tell(person.id, "notify.try_out", words={"name": person.name}, on=person, about=person.id, at=at, key=f"try:{person.id}:{slot}")


__all__ = [
    "KEEP",
    "Again",
    "AskMail",
    "CloseRobot",
    "Forgotten",
    "NothingAgain",
    "OpenRobot",
    "Prefer",
    "ProveMail",
    "TryOut",
    "WrongMailCode",
    "again",
    "ask_mail",
    "close_robot",
    "open_robot",
    "own_preference",
    "prefer",
    "preference_of",
    "prove_mail",
    "try_out",
]  # fmt: skip
