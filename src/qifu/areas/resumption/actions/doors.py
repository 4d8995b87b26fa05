"""The town's door to the outside: whom to call, and who says to be the contact of an enterprise (FEATURES 12.4, 1.14)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.utils.crypto import salted_hmac

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import ActionRefused, Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.files.looking import look
from qifu.kernel.intake.vault import lock_away, take_out
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, check_phone
from qifu.kernel.values.secret import Secret

from ..models import Claim, Counter, Licence

CLAIM = "resumption.claim"
COUNTER = "resumption.counter"
EDIT = "registry.edit"
_WINDOW = timedelta(hours=24)
_PER_NUMBER, _PER_SENDER = 3, 30


class TooManyClaims(ActionRefused):
    """The same number or network has asked often today."""

    says = "今天已经交过几次了，没有再收一份。"
    fix = "打镇街电话问一声，或明天再交。"


class Settled(ActionRefused):
    """A colleague has answered it already."""

    says = "这一份已经有同事办过了，没有改动。"


@dataclass(frozen=True, kw_only=True)
class SetCounter:
    """Whom a place's enterprises turn to, as its poster says it."""

    place: int = field(metadata={"label": "镇街"})
    phone: str = field(metadata={"label": "对外电话", "most": 20})
    contact: str = field(default="", metadata={"label": "联络员", "most": 40})
    hours: str = field(default="", metadata={"label": "接听时间", "most": 60})
    bring: str = field(default="", metadata={"label": "请先备好", "most": 300})


@action("resumption.set_counter", "写上对外电话")
def set_counter(given: SetCounter, *, actor: Actor, at: datetime, key: UUID | None = None) -> Counter:
    """Say whom to call in a place. Posters, receipts and home pages show it at once. Refuses BadInput, NotYours."""
    place = jurisdiction.place(given.place)
    scope = {"region": place.id, "district": jurisdiction.district_of(place.id)}
    row = everything(Counter).filter(region=place.id).select_for_update().first() or Counter(**scope)
    hat = require(actor, EDIT, at=at, on=row)
    number = check_phone(given.phone)
    if isinstance(number, Problem) and not _short(given.phone):
        raise BadInput({"phone": number.says})
    row.phone = given.phone.strip() if isinstance(number, Problem) else str(number)
    row.contact, row.hours, row.bring = given.contact.strip(), given.hours.strip(), given.bring.strip()
    row.set_at, row.set_by = at, actor.id
    row.save()
    writing.record(COUNTER, row, verb="set", actor=actor, hat=hat, at=at)
    return row


def _short(phone: str) -> bool:
    """Say whether it is a hotline: 96000, 12345, 114."""
    word = phone.strip()
    return word.isascii() and word.isdigit() and 3 <= len(word) <= 8


@dataclass(frozen=True, kw_only=True)
class MakeClaim:
    """Somebody says to be the contact of an enterprise. `address` is the network address that asks."""

    place: int = field(metadata={"label": "镇街"})
    firm: str = field(metadata={"label": "企业名称", "most": 120})
    name: str = field(metadata={"label": "您的姓名", "most": 60})
    phone: str = field(repr=False, metadata={"label": "手机号码"})
    uscc: str = field(default="", metadata={"label": "统一社会信用代码", "most": 18})
    licence: bytes = field(default=b"", repr=False, metadata={"label": "营业执照照片"})
    address: str = ""


@action("resumption.make_claim", "申请做联系人", door=True)
def make_claim(given: MakeClaim, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID:
    """Leave with the town who one is and for which enterprise; opens nothing. Gives an id, the same for the same asked twice.

    Nothing of the answer depends on whether the enterprise, or the number, is known. Refuses BadInput, TooManyClaims."""
    errors = {}
    if len(given.firm.strip()) < 4:
        errors["firm"] = said("写企业全称，照营业执照。")
    if not given.name.strip():
        errors["name"] = said("写您的姓名，镇街核对用。")
    number = check_phone(given.phone)
    if isinstance(number, Problem):
        errors["phone"] = number.says
    elif len(number) != 11 or not number.startswith("1"):
        errors["phone"] = said("要用手机号码，座机收不到验证码。")
    if errors:
        raise BadInput(errors)
    place = jurisdiction.place(given.place)
    index, sender = blind("phone", str(number)), salted_hmac("qifu.claim", given.address, algorithm="sha256").hexdigest()
    lately = everything(Claim).filter(made_at__gt=at - _WINDOW)
    firm, uscc = given.firm.strip(), given.uscc.strip().upper()
    same = lately.filter(phone_blind=index, firm=firm, region=place.id, state="waiting").first()
    if same is not None:
        _keep_licence(same, given.licence, at=at)
        return same.id
    if lately.filter(phone_blind=index).count() >= _PER_NUMBER or lately.filter(sender=sender).count() >= _PER_SENDER:
        raise TooManyClaims()
    row = Claim(
        firm=firm, uscc=uscc, name=given.name.strip(), phone=Secret(str(number)), sender=sender, made_at=at,
        region=place.id, district=jurisdiction.district_of(place.id),
    )  # fmt: skip
    row.save(force_insert=True)
    _keep_licence(row, given.licence, at=at)
    return row.id


def _keep_licence(claim: Claim, content: bytes, *, at: datetime) -> None:
    """Keep the photo beside the claim, drawn anew: the first one that was sent. Refuses BadInput beside the photo."""
    if not content or everything(Licence).filter(claim=claim).exists():
        return
    try:
        seen = look(content)
    except ActionRefused as refusal:
        raise BadInput({"licence": said("{says}{fix}", says=refusal.says, fix=refusal.fix)}) from None
    row = Licence(
        claim=claim, sha256=sha256(content).hexdigest(), kept_at=at, region=claim.region, district=claim.district,
    )  # fmt: skip
    row.shown = lock_away(seen.shown, where=_where(row.id, "shown"))
    row.small = lock_away(seen.small, where=_where(row.id, "small"))
    row.save(force_insert=True)


def _where(id: UUID, part: str) -> str:
    return f"resumption_licence.{part}.{id}"


def licence_shown(licence: Licence, *, small: bool = False) -> bytes:
    """Give the picture of a licence, as JPEG."""
    part = "small" if small and licence.small else "shown"
    return take_out(getattr(licence, part), where=_where(licence.id, part))


@dataclass(frozen=True, kw_only=True)
class ConfirmClaim:
    claim: UUID
    enterprise: UUID = field(metadata={"label": "企业"})


@dataclass(frozen=True, kw_only=True)
class RefuseClaim:
    claim: UUID
    reason: str = field(metadata={"label": "原因", "most": 200})


@action("resumption.confirm_claim", "确认联系人")
def confirm_claim(given: ConfirmClaim, *, actor: Actor, at: datetime, key: UUID | None = None) -> Claim:
    """Make the one who asked a contact of an enterprise that the clerk has checked; a message tells him to come in.

    Refuses Settled, WrongPhone where the number is another person's, NotYours."""
    claim, hat = _open(given.claim, actor=actor, at=at)
    firm = registry.enterprise(given.enterprise)
    require(actor, EDIT, at=at, on=firm)
    registry.add_contact(firm.id, name=claim.name, phone=claim.phone.reveal(), actor=actor, at=at)
    claim.enterprise, claim.state = firm, "confirmed"
    _settle(claim, actor=actor, at=at)
    licence = everything(Licence).filter(claim=claim).values_list("sha256", flat=True).first()
    writing.record(CLAIM, claim, verb="confirm", actor=actor, hat=hat, at=at, about=firm.id, **({"licence": licence} if licence else {}))
    words = {"place": jurisdiction.name(claim.region), "firm": firm.name}
    notify.tell(claim.phone, "resumption.claim_confirmed", words=words, on=claim, at=at)
    return claim


@action("resumption.refuse_claim", "不确认联系人")
def refuse_claim(given: RefuseClaim, *, actor: Actor, at: datetime, key: UUID | None = None) -> Claim:
    """Say no with a reason, which the one who asked is told by message. Refuses Settled, BadInput, NotYours."""
    if not given.reason.strip():
        raise BadInput({"reason": said("写一句原因，会发给对方。")})
    claim, hat = _open(given.claim, actor=actor, at=at)
    claim.state, claim.reason = "refused", given.reason.strip()
    _settle(claim, actor=actor, at=at)
    writing.record(CLAIM, claim, verb="refuse", actor=actor, hat=hat, at=at)
    words = {"place": jurisdiction.name(claim.region), "reason": claim.reason}
    notify.tell(claim.phone, "resumption.claim_refused", words=words, on=claim, at=at)
    return claim


def _open(id: UUID, *, actor: Actor, at: datetime):  # type: ignore[no-untyped-def]
    claim = everything(Claim).select_for_update().filter(pk=id).first()
    if claim is None:
        raise NotFound()
    hat = require(actor, EDIT, at=at, on=claim)
    if claim.state != "waiting":
        raise Settled()
    return claim, hat


def _settle(claim: Claim, *, actor: Actor, at: datetime) -> None:
    claim.settled_at, claim.settled_by = at, actor.id
    claim.save(update_fields=["state", "enterprise", "reason", "settled_at", "settled_by"])
