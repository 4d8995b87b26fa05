"""The words of services: states, kinds, and what the place's pack says may be booked, ordered and certified."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

from qifu.kernel.language import said

APPOINTMENT, ARTICLE, ORDER, CERTIFICATE = "services.appointment", "services.article", "services.order", "services.certificate"

APPOINTMENT_STATES = {
    "asked": said("等受理"), "accepted": said("等约时间"), "waiting": said("候补中"), "booked": said("约好了"), "reminded": said("已提醒"),
    "served": said("已上门"), "missed": said("没约成"), "cancelled": said("已取消"), "declined": said("没有受理"),
}  # fmt: skip
HOLDING = ("booked", "reminded")
"""States in which a place of a time is held."""
OPEN_APPOINTMENT = ("asked", "accepted", "waiting", *HOLDING)

ARTICLE_STATES = {
    "draft": said("草稿"), "published": said("已发布"), "revising": said("改稿待审"), "retired": said("已停用"),
}  # fmt: skip
PUBLIC = ("published", "revising")
"""States in which an article's last version is read by everybody."""

ORDER_STATES = {
    "applied": said("已申请"), "opened": said("已开通"), "in_use": said("在用"), "stopped": said("已停用"), "bought": said("已购买"),
    "verified": said("已核实"), "subsidised": said("已补助"), "declined": said("没有办"), "withdrawn": said("已撤回"),
}  # fmt: skip
OPEN_ORDER = ("applied", "opened", "in_use", "bought", "verified")
"""States in which a firm has one order of an offer and no second."""

CERTIFICATE_STATES = {
    "loss_found": said("发现损失"), "papers": said("材料在核"), "issued": said("已出证"), "claimed": said("挽回待核"),
    "value_saved": said("挽回已核"), "refused": said("没有出证"), "dropped": said("不办了"),
}  # fmt: skip

TONES = {
    "waiting": "info",
    "asked": "ask", "accepted": "info", "booked": "ok", "reminded": "ok", "served": "idle", "missed": "stop", "cancelled": "idle",
    "declined": "stop", "draft": "idle", "published": "ok", "revising": "ask", "retired": "idle", "applied": "ask", "opened": "info",
    "in_use": "ok", "stopped": "idle", "bought": "ask", "verified": "info", "subsidised": "ok", "withdrawn": "idle", "loss_found": "ask",
    "papers": "info", "issued": "info", "claimed": "ask", "value_saved": "ok", "refused": "stop", "dropped": "idle",
}  # fmt: skip

CHANNELS = {"phone": said("电话"), "page": said("网上"), "visit": said("走访时")}
"""How a request came."""


class Word(str):
    """A word of the pack: Chinese as a value, English where a page speaks it."""

    en: str

    def __new__(cls, word: str, en: str = "") -> "Word":
        made = super().__new__(cls, word)
        made.en = en
        return made

    def __str__(self) -> str:
        return self.en if self.en and (get_language() or "").startswith("en") else str.__str__(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@dataclass(frozen=True)
class Service:
    """Something that is booked by the hour (预约服务). Who serves it holds the right services.serve.<code>."""

    code: str
    name: Word
    office: Word
    phone: str
    letters: str
    minutes: int
    says: Word
    topics: dict[str, Word]
    outcomes: dict[str, Word]

    @property
    def right(self) -> str:
        return f"services.serve.{self.code}"


@dataclass(frozen=True)
class Offer:
    """A digital service that is opened (account) or a device that is bought (device). `subsidy_fen` is for one device."""

    code: str
    kind: str
    name: Word
    says: Word
    unit: str
    provider: str
    subsidy_fen: int = 0
    basis: str = ""


@dataclass(frozen=True)
class Paper:
    """A certificate that somebody outside issues."""

    code: str
    name: Word
    issuer: Word
    says: Word


@dataclass(frozen=True)
class Catalogue:
    """What the pack offers, each by its code, in the pack's order."""

    services: dict[str, Service]
    offers: dict[str, Offer]
    papers: dict[str, Paper]


@cache
def catalogue() -> Catalogue:
    """Read the pack once: packs/zhejiang/services.yaml."""
    given = yaml.safe_load((settings.PACKS / "zhejiang" / "services.yaml").read_text(encoding="utf-8"))
    services = {
        one["code"]: Service(
            one["code"], _word(one), _word(one, "office"), one["phone"], one["letters"], one["minutes"], _word(one, "says"),
            _words(one["topics"]), _words(one["outcomes"]),
        )
        for one in given["appointments"]
    }  # fmt: skip
    offers = {
        one["code"]: Offer(
            one["code"], one["kind"], _word(one), _word(one, "says"), one["unit"], one["provider"], one.get("subsidy_yuan", 0) * 100,
            one.get("basis", ""),
        )
        for one in given["offers"]
    }  # fmt: skip
    papers = {one["code"]: Paper(one["code"], _word(one), _word(one, "issuer"), _word(one, "says")) for one in given["certificates"]}
    return Catalogue(services, offers, papers)


def _word(one: dict[str, Any], key: str = "name") -> Word:
    return Word(one[key], one.get("en" if key == "name" else f"{key}_en", ""))


def _words(many: list[dict[str, Any]]) -> dict[str, Word]:
    return {one["code"]: _word(one) for one in many}
