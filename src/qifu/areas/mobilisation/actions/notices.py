"""A notice from its first words to the last one who confirms it. Each act is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.files import enclosing
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import audience, queries, refusals
from ..audience import Rule
from ..enclosed import ALONG
from ..models import Notice, Receipt
from ..terms import CONTACT, NOTICE, PUBLISH, SIZES, WRITE
from ..workflow import NOTICES


@dataclass(frozen=True, kw_only=True)
class Write:
    place: int = field(metadata={"label": "发文地区"})
    title: str = field(metadata={"label": "标题", "most": 80})
    text: str = field(metadata={"label": "内容", "most": 8000})
    number: str = field(default="", metadata={"label": "文号", "most": 60})
    rule: Rule = field(metadata={"label": "发给谁"})
    confirm_by: datetime | None = field(default=None, metadata={"label": "最晚确认"})
    sms: bool = field(default=False, metadata={"label": "同时发短信"})


@dataclass(frozen=True, kw_only=True)
class Edit:
    notice: UUID
    title: str = field(metadata={"label": "标题", "most": 80})
    text: str = field(metadata={"label": "内容", "most": 8000})
    number: str = field(default="", metadata={"label": "文号", "most": 60})
    rule: Rule = field(metadata={"label": "发给谁"})
    confirm_by: datetime | None = field(default=None, metadata={"label": "最晚确认"})
    sms: bool = field(default=False, metadata={"label": "同时发短信"})


@dataclass(frozen=True, kw_only=True)
class OfNotice:
    notice: UUID


@dataclass(frozen=True, kw_only=True)
class WithReason:
    notice: UUID
    reason: str = field(metadata={"label": "为什么", "most": 200})


def _checked(given: Write | Edit, hat: Hat, *, at: datetime) -> None:
    """Refuse what cannot be a notice, field by field."""
    errors = {}
    if not given.rule.places:
        errors["places"] = said("还没有选地区。")
    if not given.rule.roles:
        errors["roles"] = said("还没有选发给哪些人。")
    if (CONTACT not in given.rule.roles and given.rule.sizes) or set(given.rule.sizes) - set(SIZES):
        errors["sizes"] = said("企业规模只对企业联系人有用，勾上“企业联系人”或去掉规模。")
    if given.confirm_by is not None and given.confirm_by <= at:
        errors["confirm_by"] = said("最晚确认的时间已经过了。")
    if errors:
        raise BadInput(errors)
    audience.check(given.rule, hat)


def _put(notice: Notice, given: Write | Edit) -> None:
    notice.title, notice.text, notice.number = given.title, given.text, given.number
    notice.rule, notice.rule_words = given.rule.plain(), str(audience.words(given.rule))[:300]
    notice.confirm_by, notice.sms = given.confirm_by, given.sms


@action("mobilisation.write_notice", "起草通知")
def write(given: Write, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Begin a notice of a place. Refuses BadInput, NotYours for places outside the reach."""
    place = queries.place_of(given.place)
    notice = Notice(
        region=place.id, district=jurisdiction.district_of(place.id), office=place.name, author=actor.id, author_name=actor.name[:80],
        writers=[actor.id],
    )  # fmt: skip
    hat = require(actor, WRITE, at=at, on=notice)
    _checked(given, hat, at=at)
    notice.office = (hat.label.split(" ")[0] or place.name)[:80]
    _put(notice, given)
    return NOTICES.open(notice, actor=actor, at=at, key=key, version=1)


@action("mobilisation.edit_notice", "改通知")
def edit(given: Edit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Change a notice that was not handed in; who changed it is its author from now on. Refuses as writing does."""
    with NOTICES.move("edit", given.notice, actor=actor, at=at, key=key) as notice:
        _checked(given, require(actor, WRITE, at=at, on=notice), at=at)
        _put(notice, given)
        _wrote(notice, actor)
    return notice


def _wrote(notice: Notice, actor: Actor) -> None:
    notice.author, notice.author_name, notice.reason = actor.id, actor.name[:80], ""
    notice.written_by(actor)


@dataclass(frozen=True, kw_only=True)
class Enclose:
    notice: UUID
    content: bytes = field(repr=False, metadata={"label": "文件"})
    name: str = field(default="", metadata={"label": "附件名称", "most": 120})


@action("mobilisation.enclose_notice", "通知加附件")
def enclose(given: Enclose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Let a picture or PDF go along with a draft: whoever the notice is published to opens it. Who adds it has written at it.

    Refuses TooManyAlong, and what is neither picture nor PDF."""
    digest = sha256(given.content).hexdigest()[:16]
    with NOTICES.move("enclose", given.notice, actor=actor, at=at, key=key, digest=digest) as notice:
        hat = require(actor, WRITE, at=at, on=notice)
        enclosing.enclose(notice, given.content, kind=ALONG, name=given.name, hat=hat, actor=actor, at=at)
        _wrote(notice, actor)
    return notice


@dataclass(frozen=True, kw_only=True)
class LeaveOut:
    notice: UUID
    file: UUID


@action("mobilisation.leave_out_notice", "通知去掉附件")
def leave_out(given: LeaveOut, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Let a file go along no longer; versions that went out keep theirs. Refuses NotFound."""
    with NOTICES.move("leave_out", given.notice, actor=actor, at=at, key=key, file=given.file.hex) as notice:
        enclosing.leave_out(notice, given.file)
        _wrote(notice, actor)
    return notice


@action("mobilisation.hand_in_notice", "通知送核发")
def hand_in(given: OfNotice, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Give a notice to the second person. Refuses NobodyHears where the rule means nobody."""
    with NOTICES.move("hand_in", given.notice, actor=actor, at=at, key=key) as notice:
        if not audience.resolve(audience.rule_of(notice.rule), actor, at=at):
            raise refusals.NobodyHears()
    return notice


@action("mobilisation.send_back_notice", "通知退回改")
def send_back(given: WithReason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Give a notice back to its author with what to change."""
    with NOTICES.move("send_back", given.notice, actor=actor, at=at, key=key) as notice:
        notice.reason = given.reason
    return notice


@action("mobilisation.publish_notice", "发布通知")
def publish(given: OfNotice, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Publish a notice to everybody whom its rule means now; they are kept by name. The version before it ends.

    Refuses AnotherPublishes to its author, NobodyHears, NotYours for places outside the publisher's reach."""
    held = NOTICES.lock(given.notice)
    found = audience.resolve(audience.rule_of(held.rule), actor, at=at)
    with NOTICES.move("publish", held, actor=actor, at=at, key=key, audience=len(found), version=held.version) as notice:
        audience.check(audience.rule_of(notice.rule), require(actor, PUBLISH, at=at, on=notice))
        if not found:
            raise refusals.NobodyHears()
        notice.publisher, notice.publisher_name, notice.audience, notice.reason = actor.id, actor.name[:80], len(found), ""
    for before in Notice._base_manager.filter(series=notice.series, state="published").exclude(pk=notice.id):
        with NOTICES.move("replace", before, actor=actor, at=at, version=notice.version):
            pass
    rows = [
        Receipt(
            notice=notice, person=one.person, name=one.name, office=one.office[:120], role=one.role, place=one.place,
            region=one.region, district=jurisdiction.district_of(one.region), party=one.party,
        )
        for one in found
    ]  # fmt: skip
    Receipt._base_manager.bulk_create(rows)
    if notice.sms:
        _tell(rows, NOTICE, notice, at=at)
    return notice


def _tell(rows: Sequence[Receipt], kind: str, notice: Notice, *, at: datetime) -> int:
    """Write a message that there is a notice, without its words, to each of these; gives to how many."""
    words = {"office": notice.office, "title": notice.title}
    return len(notify.tell_many([notify.Tell(to=one.person, kind=kind, words=words, on=one, about=notice.id) for one in rows], at=at))


@action("mobilisation.take_back_notice", "收回通知")
def take_back(given: WithReason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Take a published notice back with the reason; who had confirmed stays on record."""
    with NOTICES.move("take_back", given.notice, actor=actor, at=at, key=key) as notice:
        notice.reason = given.reason
    return notice


@action("mobilisation.drop_notice", "通知不发了")
def drop(given: OfNotice, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Leave a draft unpublished for good."""
    with NOTICES.move("drop", given.notice, actor=actor, at=at, key=key) as notice:
        pass
    return notice


@action("mobilisation.revise_notice", "写新版")
def revise(given: OfNotice, *, actor: Actor, at: datetime, key: UUID | None = None) -> Notice:
    """Begin the next version of a published or withdrawn notice; the present one holds until the new one is published."""
    before = NOTICES.lock(given.notice)
    require(actor, WRITE, at=at, on=before)
    last = Notice._base_manager.filter(series=before.series).order_by("-version").values_list("version", flat=True)[0]
    fresh = Notice(
        series=before.series, version=last + 1, number=before.number, title=before.title, text=before.text, office=before.office,
        rule=before.rule, rule_words=before.rule_words, sms=before.sms, author=actor.id, author_name=actor.name[:80], writers=[actor.id],
        region=before.region, district=before.district, enclosed=before.enclosed, enclosed_as=before.enclosed_as,
    )  # fmt: skip
    return NOTICES.open(fresh, actor=actor, at=at, key=key, version=fresh.version)


@action("mobilisation.confirm_notice", "确认通知")
def confirm(given: OfNotice, *, actor: Actor, at: datetime, key: UUID | None = None) -> Receipt:
    """Say that one has read a notice that was published to oneself. Refuses NotForYou, Confirmed, and one that was taken back."""
    row = Receipt._base_manager.select_for_update().filter(notice=given.notice, person=actor.person).first() if actor.person else None
    if row is None:
        raise refusals.NotForYou()
    hat = next((hat for hat in actor.hats if hat.valid(at) and hat.scope.holds(row)), None)
    if hat is None:
        raise refusals.NotForYou()
    if row.confirmed_at is not None:
        raise refusals.Confirmed()
    if Notice._base_manager.values_list("state", flat=True).get(pk=given.notice) != "published":
        raise refusals.NotForYou("这份通知已经收回或有了新版，不用确认。", fix="看通知页里的新版。")
    row.confirmed_at = at
    row.save(update_fields=["confirmed_at"])
    writing.record(NOTICE, row, verb="confirm", actor=actor, hat=hat, at=at, entered="confirmed", first=True, about=given.notice)
    return row


def _waiting(notice: UUID, person: UUID | None) -> list[Receipt]:
    found = Receipt._base_manager.select_for_update().filter(notice=notice, confirmed_at__isnull=True).order_by("place", "name")
    return list(found.filter(person=person) if person else found[:200])


@dataclass(frozen=True, kw_only=True)
class Chase:
    """Who has not confirmed: one person, or all of a notice (at most 200)."""

    notice: UUID
    person: UUID | None = None


@action("mobilisation.call_unconfirmed", "查看未确认人电话")
def call(given: Chase, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[UUID, str]:
    """Give the numbers of those who have not confirmed; that they were looked at is on the record of each."""
    held = _published(given.notice)
    found = _waiting(given.notice, given.person)
    known = audience.numbers([one.person for one in found])
    if given.person is not None and not known:
        raise refusals.NoNumber()
    for one in found:
        if one.person in known:
            hat = require(actor, WRITE, at=at, on=one)
            writing.look(one, fields=["phone"], purpose=said("催确认通知"), actor=actor, hat=hat, at=at)
    require(actor, WRITE, at=at, on=held)
    return {person: number.reveal() for person, number in known.items()}


@action("mobilisation.remind_unconfirmed", "短信提醒确认")
def remind(given: Chase, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Send a short message to those who have not confirmed; gives to how many it went."""
    held = _published(given.notice)
    hat = require(actor, WRITE, at=at, on=held)
    found = _waiting(given.notice, given.person)
    if given.person is not None and not found:
        raise NotFound()
    told = _tell(found, "mobilisation.notice_reminder", held, at=at)
    Receipt._base_manager.filter(pk__in=[one.id for one in found]).update(reminded_at=at)
    writing.record(NOTICE, held, verb="remind", actor=actor, hat=hat, at=at, told=told)
    return told


def _published(id: UUID) -> Notice:
    held = NOTICES.lock(id)
    if held.state != "published":
        raise NotFound("这份通知没有在发，没有名单可催。")
    return held
