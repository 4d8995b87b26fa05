"""A pass on paper: one a page, A4 or A6, set like every other paper; nothing on it needs colour."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from qifu.kernel import jurisdiction
from qifu.kernel.documents import typeset
from qifu.kernel.documents.papers import Card, Cards

from . import words
from .models import Pass

SIZES: dict[str, Literal["a4", "a6"]] = {"a4": "a4", "a6": "a6"}


def size_of(wanted: str) -> Literal["a4", "a6"]:
    """Read a size from the address; what does not fit is A4."""
    return SIZES.get(wanted.lower(), "a4")


def pdf(rows: Sequence[Pass], *, size: Literal["a4", "a6"], check: str, at: datetime) -> bytes:
    """Set these passes as PDF in the reader's language. `check` is the address of the check as a person types it."""
    return typeset.cards_pdf(
        Cards(
            title=_("员工通行证"), size=size, cards=[_card(row, check=check, at=at) for row in rows], typed=_("扫不出时，请输上面8位"),
            hints=(
                (_("给持证人"), (
                    _("过卡口时递上这张纸和身份证。"), _("到期前请企业续一张。"), _("丢了到厂里重打一张，原来的停用。"),
                    _("不让过请问缘由，不服到镇街窗口申诉。"),
                )),
                (_("给验证员"), (
                    _("扫码，看屏上结论，不看纸上字。"), _("姓名首尾与身份证对一下。"), _("纸皱、扫不出，输8位号再看身份证。"),
                    _("没网也能验，不要让人等网。"),
                )),
            ),
            seal=_("盖章处"),
            inside=_("码内只有：号码、姓名首尾字、单位代码、范围、有效期和签名。没有身份证号、手机号、住址。"),
        )
    )  # fmt: skip


def _card(row: Pass, *, check: str, at: datetime) -> Card:
    stands = words.standing(row, at=at)
    district = jurisdiction.name(words.district_of(row))
    begins, ends = words.say(row.begins_at, year=True), words.say(row.ends_at, year=True)
    return Card(
        place=district, name=row.name_masked, firm=row.firm_name, code=row.code, number=row.said_number,
        void=f"{stands.word} {stands.note}" if stands.code in ("revoked", "expired") else "",
        facts=(
            (_("有效期"), (_("%(t)s 起") % {"t": begins}, _("%(t)s 止") % {"t": ends})),
            (_("范围"), (f"{district}，{jurisdiction.name(row.region)}",)),
        ),
        foot=(
            _("单位：%(f)s") % {"f": row.firm_name}, _("信用代码：%(c)s") % {"c": row.uscc or "—"},
            _("真伪：打开 %(check)s 扫码或输号码") % {"check": check},
        ),
    )  # fmt: skip
