"""The kinds of messages: their words, how urgent they are, how long they are worth sending; and when people sleep.

An area registers its kinds when it starts, in Python or from a YAML file of its folder (`load`). A gateway for short
messages has each text approved before it carries it, so texts are data with names in braces, never made up on the way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from qifu.kernel.access import ActionRefused
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import plain, said

QUIET_FROM, QUIET_UNTIL = time(22, 0), time(7, 0)
"""Nobody's telephone rings at night (22:00 to 07:00) for what can wait."""


class WrongKind(ValueError):
    """A kind that cannot be: another one stands under its code."""


class NotInTracing(ActionRefused):
    """A tracing message holds what fraud holds: a link, a code, an account, a payment (DOMAIN E-22)."""

    says = "寻访联系的短信里不能有链接、验证码、账号和收付款，没有发。"
    fix = "只写单位、事由和回拨电话。"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of message.

    `code` is area.what; `words` the full sentence with values in braces; `brief` what stands on a locked screen (SMS and
    group robots), by default the same. `urgent` goes at night too. `tracing` refuses what E-22 forbids. `gather` says that
    it may wait for a digest, `groups` that group robots may tell of it. After `lasts` it is not worth sending any more."""

    code: str
    label: str
    words: str
    brief: str = ""
    urgent: bool = False
    tracing: bool = False
    gather: bool = True
    groups: bool = False
    lasts: timedelta = timedelta(hours=48)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))
        object.__setattr__(self, "brief", self.brief or self.words)
        if self.tracing:
            refuse_bait(self.words)
            refuse_bait(self.brief)

    @property
    def names(self) -> set[str]:
        """Give the words that its texts need."""
        return names_in(self.words) | names_in(self.brief)

    def say(self, values: Mapping[str, str], *, brief: bool) -> str:
        """Fill the text."""
        return (self.brief if brief else self.words).format(**values)


kinds: dict[str, Kind] = {}
"""Every kind of the installation by code."""


def register(kind: Kind) -> Kind:
    """Add a kind; once, from the area's AppConfig.ready(). The same again is no error, another one under its code is."""
    if kinds.setdefault(kind.code, kind) != kind:
        raise WrongKind(f"two kinds are called {kind.code}")
    return kinds[kind.code]


def load(file: Path) -> list[Kind]:
    """Register the kinds of a YAML file: code -> label, words, and if need be brief, urgent, tracing, gather, hours."""
    made = []
    for code, given in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        rest: dict[str, Any] = {name: value for name, value in given.items() if name != "hours"}
        if "hours" in given:
            rest["lasts"] = timedelta(hours=given["hours"])
        made.append(register(Kind(code=code, **rest)))
    return made


def names_in(text: str) -> set[str]:
    """Give the names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# ---------------------------------------------------------------- tracing (E-22)

_BAIT = re.compile(
    r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|gov|top|vip|xyz|cc|io)\b|/[a-z0-9]{4,}|二维码|链接|点击|下载"
    r"|验证码|校验码|口令|密码|银行卡|账号|帐号|账户|帐户|卡号|转账|汇款|付款|缴费|支付|收款|红包|身份证号",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d\s-]{2,}\d")
_CALL = re.compile(r"1[3-9]\d{9}|0\d{9,11}|1\d{4}|9[56]\d{3,4}|400\d{7}|(?:19|20)\d{2}")
"""Numbers that may stand there: telephones, hotlines, a year."""


def refuse_bait(text: str) -> None:
    """Refuse NotInTracing where a text holds a link, a code, an account or a payment, whoever wrote it."""
    if found := _BAIT.search(text):
        raise NotInTracing(said("寻访联系的短信里不能有“{word}”，没有发。", word=found[0]))
    for run in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", run[0])
        # A date like 2020-02-17 is read apart: only its year is four digits long.
        parts = [part for part in re.split(r"\D+", run[0]) if len(part) >= 4]
        if parts and not _CALL.fullmatch(digits) and not all(_CALL.fullmatch(part) for part in parts):
            raise NotInTracing()


# ---------------------------------------------------------------- quiet hours


def after_quiet(at: datetime, *, since: time = QUIET_FROM, until: time = QUIET_UNTIL) -> datetime:
    """Give the first instant from `at` on that does not lie between `since` and `until`; the same where there is no night."""
    here = local(at)
    hour = here.time()
    if since == until:
        return at
    asleep = since <= hour < until if since < until else hour >= since or hour < until
    if not asleep:
        return at
    wakes = here.replace(hour=until.hour, minute=until.minute, second=0, microsecond=0)
    return wakes if hour < until else wakes + timedelta(days=1)


def clean(values: Mapping[str, object]) -> dict[str, str]:
    """Give the values as words in Chinese, one line each, so that no value can add a line or a sign of its own."""
    return {name: re.sub(r"\s+", " ", str(plain(value))).strip()[:500] for name, value in values.items()}


__all__ = [
    "QUIET_FROM", "QUIET_UNTIL", "Kind", "NotInTracing", "WrongKind",
    "after_quiet", "clean", "kinds", "load", "names_in", "refuse_bait", "register",
]  # fmt: skip
