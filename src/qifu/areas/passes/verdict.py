"""What the check page answers: green only for a verified signature; a typed number alone is amber at best."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qifu.kernel import credentials, jurisdiction
from qifu.kernel.credentials import Claims, Flaw, Rejected, keys
from qifu.kernel.credentials.claims import normal_number

from . import words
from .models import Pass
from .terms import FLAWS


@dataclass(frozen=True)
class Verdict:
    """A verdict: tone (ok may pass, ask look again, stop not), the sentence, the reason, what helps, what the pass says."""

    tone: str
    title: str
    fix: str
    lines: tuple[tuple[str, str], ...] = ()
    name: str = ""
    firm: str = ""
    code: str = ""


def judge(text: str, *, at: datetime) -> Verdict:
    """Judge what was scanned, pasted or typed, at the door and inside `acting`: a code, or the number under it."""
    plain = text.strip()
    number = normal_number(plain)
    return by_number(number, at=at) if number else by_code(plain, at=at)


def by_code(text: str, *, at: datetime) -> Verdict:
    """Judge a code by its signature, its times and the status list.

    A key that this process has not heard of may have been made a moment ago by another: the list is read again, once."""
    try:
        claims = _read(text, at=at)
    except Rejected as wrong:
        return _rejected(text, wrong.flaw, at=at)
    return _told(Verdict("ok", _("可以通过"), _("对一下身份证上姓名的首尾，放行。"), code="valid"), claims)


def _read(text: str, *, at: datetime) -> Claims:
    try:
        return credentials.read(text, trust=keys.trust(), at=at, revoked=revoked)
    except Rejected as wrong:
        if wrong.flaw is not Flaw.UNKNOWN_KEY or not keys.read_again():
            raise
    return credentials.read(text, trust=keys.trust(), at=at, revoked=revoked)


def revoked(issuer: str, block: int, serial: int) -> bool:
    """Say whether a pass stands on the status list."""
    return Pass._base_manager.filter(issuer=issuer, block=block, serial=serial, revoked=True).exists()


def by_number(number: str, *, at: datetime) -> Verdict:
    """Judge a number without its signature: anybody can copy eight characters from another's pass."""
    row = Pass._base_manager.filter(number=number).first()
    if row is None:
        return Verdict("stop", _("没有这个号码"), _("对一下有没有看错的字，再输一次；或扫码。"), code="no_number")
    stands = words.standing(row, at=at)
    lines = (
        (_("有效期"), _("%(a)s 到 %(b)s") % {"a": words.say(row.begins_at), "b": words.say(row.ends_at)}),
        (_("号码"), row.said_number),
    )
    shown = {"lines": lines, "name": row.name_masked, "firm": row.firm_name, "code": stands.code}
    if stands.code == "valid":
        fix = _("只看号码验不到签名：看身份证，姓名首尾和单位都对得上再放行。")
        return Verdict("ask", _("号码查得到，还要看身份证"), fix, **shown)
    flaw = {"expired": Flaw.EXPIRED, "revoked": Flaw.REVOKED, "not_yet": Flaw.NOT_YET}[stands.code]
    tone, title, fix = FLAWS[flaw]
    return Verdict(tone, _sentence(str(title), row), str(fix), **shown)


def _rejected(text: str, flaw: Flaw, *, at: datetime) -> Verdict:
    tone, title, fix = FLAWS[flaw]
    verdict = Verdict(tone, str(title), str(fix), code=flaw.value)
    if flaw not in (Flaw.NOT_YET, Flaw.EXPIRED, Flaw.REVOKED):
        return verdict  # What a signature does not stand behind is not shown.
    claims, _key = credentials.open_code(text, trust=keys.trust())
    row = Pass._base_manager.filter(issuer=claims.issuer, block=claims.block, serial=claims.serial).first()
    told = Verdict(tone, _sentence(str(title), row) if flaw is Flaw.REVOKED else str(title), str(fix), code=flaw.value)
    return _told(told, claims)


def _sentence(title: str, row: Pass | None) -> str:
    reason = words.why(row) if row is not None and row.revoked else ""
    return f"{title}：{reason}" if reason else title


def _told(verdict: Verdict, claims: Claims) -> Verdict:
    begins, ends = claims.times()
    row = Pass._base_manager.filter(issuer=claims.issuer, block=claims.block, serial=claims.serial).first()
    places = [place.name for code in claims.regions if (place := jurisdiction.by_code(str(code))) is not None]
    lines = [
        (_("有效期"), _("%(a)s 到 %(b)s") % {"a": words.say(begins), "b": words.say(ends)}),
        (_("范围"), "、".join(places)),
        (_("信用代码"), claims.firm),
        (_("号码"), f"{claims.number[:4]} {claims.number[4:]}"),
    ]
    return Verdict(
        verdict.tone, verdict.title, verdict.fix, tuple((name, value) for name, value in lines if value), claims.name,
        row.firm_name if row else "", verdict.code,
    )  # fmt: skip
