"""Contacts of an enterprise (联系人): added, handed over, ended. The new one sees the history, the old one nothing (1.14)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import asking, ledger, people
from qifu.areas.registry.entering import CONTACT_ROLE
from qifu.areas.registry.models import ContactPost, Enterprise
from qifu.areas.registry.terms import CONTACT, NotAContact, WrongPhone
from qifu.kernel import notify
from qifu.kernel.access import Actor, Hat
from qifu.kernel.access.models import Grant
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, Secret, check_phone, mask_phone


@dataclass(frozen=True, kw_only=True)
class AddContact:
    """One more contact of an enterprise. A person known by this phone keeps one login for all firms."""

    enterprise: UUID = field(metadata={"label": "企业"})
    name: str = field(metadata={"label": "姓名", "most": 60})
    phone: str = field(metadata={"label": "手机号码"})
    main: bool = field(default=False, metadata={"label": "主要联系人"})


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """A contact hands the role over (换人)."""

    post: UUID = field(metadata={"label": "现在的联系人"})
    name: str = field(metadata={"label": "接手人姓名", "most": 60})
    phone: str = field(metadata={"label": "接手人手机号码"})


@dataclass(frozen=True, kw_only=True)
class EndContact:
    """A contact who is one no longer, without a successor."""

    post: UUID = field(metadata={"label": "联系人"})


@action("registry.add_contact", "增加联系人")
def add_contact(given: AddContact, *, actor: Actor, at: datetime, key: UUID | None = None) -> ContactPost:
    """Add a contact and tell that person. Refuses WrongPhone, NotYours, and a person who is a contact of this enterprise already."""
    post = joined(given, actor=actor, at=at, key=key)
    _tell(post, phone=given.phone, at=at)
    return post


def joined(given: AddContact, *, actor: Actor, at: datetime, key: UUID | None = None) -> ContactPost:
    """Add a contact inside an act that tells the person itself."""
    enterprise = asking.open_enterprise(given.enterprise)
    hat = asking.hat_for(actor, asking.EDIT, asking.OWN, at=at, on=enterprise)
    if given.main:
        ContactPost.objects.filter(enterprise=enterprise, main=True).update(main=False)
    post = _take_up(enterprise, name=given.name, phone=given.phone, main=given.main, actor=actor, at=at)
    line = ledger.line(post, verb="add", at=at, entered="serving", first=True, about=enterprise.id)
    ledger.write(CONTACT, line, actor=actor, hat=hat, batch=key)
    return post


@action("registry.hand_over", "更换联系人")
def hand_over(given: HandOver, *, actor: Actor, at: datetime, key: UUID | None = None) -> ContactPost:
    """Let another person take over: the old grant ends at once, the new one reaches the whole history of the firm.

    Refuses NotAContact where a colleague has handed over already, WrongPhone, NotYours. Gives the new post."""
    old = asking.locked(ContactPost, given.post)
    enterprise = asking.open_enterprise(old.enterprise_id)
    hat = asking.hat_for(actor, asking.EDIT, asking.OWN, at=at, on=enterprise)
    _end(old, at=at)
    new = _take_up(enterprise, name=given.name, phone=given.phone, main=old.main, actor=actor, at=at)
    old.handed_to = new
    old.save(update_fields=["handed_to"])
    lines = [
        ledger.line(old, verb="hand_over", at=at, left="serving", entered="ended", first=True, about=enterprise.id),
        ledger.line(new, verb="take_over", at=at, entered="serving", first=True, about=enterprise.id),
    ]
    ledger.write(CONTACT, *lines, actor=actor, hat=hat, batch=key)
    _tell(new, phone=given.phone, at=at)
    return new


@action("registry.end_contact", "停用联系人")
def end_contact(given: EndContact, *, actor: Actor, at: datetime, key: UUID | None = None) -> ContactPost:
    """End a contact's rights at once. Refuses NotAContact, NotYours."""
    post = asking.locked(ContactPost, given.post)
    hat: Hat = asking.hat_for(actor, asking.EDIT, asking.OWN, at=at, on=post)
    _end(post, at=at)
    line = ledger.line(post, verb="end", at=at, left="serving", entered="ended", first=True, about=post.enterprise_id)
    ledger.write(CONTACT, line, actor=actor, hat=hat, batch=key)
    return post


def _tell(post: ContactPost, *, phone: str, at: datetime) -> None:
    """Tell a new contact by message what can be done with this number now (1.14)."""
    words = {"firm": post.enterprise.name, "name": post.name}
    notify.tell(Secret(str(check_phone(phone))), "registry.new_contact", words=words, on=post.enterprise, about=post.enterprise_id, at=at)


def _end(post: ContactPost, *, at: datetime) -> None:
    if post.until is not None:
        raise NotAContact()
    Grant.objects.filter(pk=post.grant_id).update(revoked_at=at)
    post.until = max(at, post.since)
    post.save(update_fields=["until"])


def _take_up(enterprise: Enterprise, *, name: str, phone: str, main: bool, actor: Actor, at: datetime) -> ContactPost:
    number = check_phone(phone)
    if isinstance(number, Problem):
        raise WrongPhone(_("{says}没有保存。", says=number.says))
    if len(number) != 11 or not number.startswith("1"):
        raise WrongPhone("联系人要用手机号码登录，这里是固定电话，没有保存。")
    index = blind("phone", number)
    known = people.known([(index, name)]).get(index)
    if known is not None and not known.same:
        raise WrongPhone("这个手机号码已经登记在另一个人名下，没有保存。", fix="核对姓名和号码。")
    scope = {"region": enterprise.region, "party": enterprise.id, "district": enterprise.district}
    person = known.id if known else None
    if person is None:
        values = people.person_values(name=name, phone=number, title="企业联系人", **scope)
        people.add([values])
        person = values[0]
    grant = Grant.objects.create(person_id=person, role_id=CONTACT_ROLE, for_party=enterprise.id, since=at, given_by=actor.id[:64], **scope)
    return ContactPost.objects.create(
        enterprise=enterprise, person_id=person, grant=grant, name=name, phone_masked=mask_phone(number), main=main, since=at, **scope
    )
