"""Looks at sensitive fields: each is an entry of the journal in the same transaction, and its person can read it.

Fail closed: a value is given only after the look at it is written (SECURITY 5.5)."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from qifu.kernel.access import ActionRefused, Actor, require, require_strong
from qifu.kernel.privacy import P3, Secret
from qifu.kernel.privacy.check import class_of

from . import reading, writing

FIELDS = {
    "name": "姓名",
    "phone": "手机号",
    "id_number": "身份证号",
    "bank_account": "银行账号",
    "address": "住址",
    "origin_province": "来源省份",
    "origin_city": "来源城市",
}
"""What a field is called in words; an area adds its own."""

PURPOSES = {"service": "办理事项", "contact": "联系本人", "check": "核对身份", "duty": "履行职责", "audit": "审计"}
"""What a purpose is called in words; an area adds its own."""


class NoPurpose(ActionRefused):
    """Nobody looks at sensitive data without saying what for."""

    says = "没有写明用途，没有显示。"
    fix = "写明为什么要看。"


def look(row: Any, *names: str, purpose: str, actor: Actor, right: str, at: datetime) -> dict[str, str]:
    """Give the plain values of fields of one row, after writing down who looked at which of them and what for.

    Refuses NotYours without the right over the row, SecondFactorNeeded for P3, NoPurpose without a purpose."""
    hat = require(actor, right, at=at, on=row)
    if any(class_of(type(row), name) is P3 for name in names):
        require_strong(actor)
    if not purpose.strip():
        raise NoPurpose()
    writing.look(row, fields=names, purpose=purpose.strip(), actor=actor, hat=hat, at=at)
    values = {name: getattr(row, name) for name in names}
    return {name: value.reveal() if isinstance(value, Secret) else str(value or "") for name, value in values.items()}


def looks() -> Any:
    """Give the looks within the scope of the open transaction, the newest first."""
    return reading.entries(process="look").order_by("-at", "-seq")


def looks_at(actor: Actor) -> Any:
    """Give the looks at this very person, and at the data of the firms that they stand for; never by region."""
    mine = Q(party__in=actor.scope.parties)
    if actor.person is not None:
        mine |= Q(subject=actor.person)
    return looks().filter(mine)


def fields_of(entry: Any) -> list[str]:
    """Say in words at which fields somebody looked."""
    return [FIELDS.get(name, name) for name in str(entry.data.get("fields", "")).split(",") if name]


def purpose_of(entry: Any) -> str:
    """Say in words what for."""
    purpose = str(entry.data.get("purpose", ""))
    return PURPOSES.get(purpose, purpose)
