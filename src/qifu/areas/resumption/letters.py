"""The letters of resumption: which act writes which, what stands in them, whether they still hold. Burdens have their own.

The words are the pack's (`letters.yaml`); here stand only the facts that fill them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import yaml
from django.conf import settings

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, Hat
from qifu.kernel.access.models import everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.issuing import Kind, Order, Standing
from qifu.kernel.documents.models import Issued
from qifu.kernel.documents.papers import Column, Letter, Par, Table
from qifu.kernel.language import said
from qifu.ui.words import moment_of

from . import queries
from .models import Application, Permit
from .terms import Route

SEE = ("resumption.see", "resumption.apply")
STAMP = (
    "resumption.forward",
    "resumption.accept.town",
    "resumption.accept.district",
    "resumption.decide.town",
    "resumption.decide.district",
)
WITHDRAW = ("resumption.burden",)
WORDS = {
    "approval": ("复工通知书", "复准"),
    "filed": ("备案回执", "复备"),
    "rectification": ("整改通知书", "复改"),
    "receipt": ("受理通知书", "复受"),
    "returned": ("补正通知书", "复补"),
}
_NUMERALS = "一二三四五六"
_OFFICES = {"subdistrict": "办事处", "town": "人民政府", "township": "人民政府", "zone": "管理委员会", "park": "管理委员会"}


# ---------------------------------------------------------------- whether they still hold


def permission_stands(issued: Issued, at: datetime) -> Standing:
    """Say whether what a letter permitted is still permitted: asked of the application and its permits as they are."""
    newer = _newer(issued)
    if newer is not None:
        return Standing("已被新的代替", "stop", said("以{number}为准。", number=newer.number))
    application = Application._base_manager.filter(pk=issued.about).first()
    if application is None or application.state not in ("approved", "resumed"):
        return Standing("许可已停用", "stop", "这份许可现在不能作为复工的凭据。")
    if not Permit._base_manager.filter(application=application.id, ended_at__isnull=True).exists():
        return Standing("许可已停用", "stop", "厂区所在地的措施有变化，许可已经停用。")
    start = application.may_start_from
    if start is not None and at < start:
        return Standing("有效，还没到开工时间", "ask", said("{at}起可以开工。", at=moment_of(start)))
    return Standing("有效", "ok", "许可正在执行。")


def _newer(issued: Issued) -> Issued | None:
    found: Issued | None = (
        everything(Issued).filter(about=issued.about, kind=issued.kind, id__gt=issued.id, withdrawal__isnull=True).order_by("id").last()
    )
    return found


_STANDING = {"approval": permission_stands, "filed": permission_stands}
for _code, (_label, _word) in WORDS.items():
    issuing.register(
        Kind(code=f"resumption.{_code}", label=_label, word=_word, see=SEE, stamp=STAMP, withdraw=WITHDRAW, standing=_STANDING.get(_code))
    )


# ---------------------------------------------------------------- writing


@dataclass(frozen=True)
class _Office:
    """Whose letter it is: the place, and what it is called."""

    place: int
    organ: str
    copies: str


def send(code: str, application: Application, *, actor: Actor, at: datetime, **said: Any) -> Issued:
    """Issue a letter in the transaction of the act that it tells of. `said` are the act's own words (reason, basis, items)."""
    return send_many(code, [application], actor=actor, at=at, **said)[0]


def send_many(code: str, applications: Sequence[Application], *, actor: Actor, at: datetime, **said: Any) -> list[Issued]:
    """Issue the letters of a batch, each office's with numbers in a row."""
    by_place: dict[int, list[Application]] = {}
    for application in applications:
        by_place.setdefault(_place(application), []).append(application)
    made: list[Issued] = []
    for place, group in by_place.items():
        orders = [
            Order(paper=letter(code, application, at=at, **said), about=application.id, on=application, to=application.enterprise.name)
            for application in group
        ]
        made += issuing.issue_many(f"resumption.{code}", orders, place=place, actor=actor, hat=_hat(actor, group[0], at=at), at=at)
    return made


def letter(code: str, application: Application, *, at: datetime, **said: Any) -> Letter:
    """Write a letter from the pack's words and the facts of an application; nothing is numbered or kept."""
    words = words_of(application.incident.pack)
    script, office = words["letters"][code], _office(application, words)
    sites = _sites(application, code)
    facts = _facts(application, office, sites, at=at) | {name: _clean(value) for name, value in said.items()}
    body: list[Par] = []
    heads = 0
    for entry in script["body"]:
        part = {"text": entry} if isinstance(entry, str) else entry
        if part.get("when") and not facts.get(part["when"]):
            continue
        kind = part.get("kind", "")
        if kind == "heading":
            facts["next"] = _NUMERALS[heads]
            heads += 1
        if each := part.get("each"):
            body += [Par(part["text"].format_map({**facts, "n": n, "item": one}), kind) for n, one in enumerate(facts.get(each) or (), 1)]
        else:
            body.append(Par(part["text"].format_map(facts), kind))
    table = _site_table(sites) if code in ("approval", "filed") and len(sites) > 1 else None
    return Letter(
        organ=office.organ, title=script["title"].format_map(facts), to=application.enterprise.name, body=tuple(body),
        attachments=("同意的厂区",) if table else (), tables=(table,) if table else (), dated=local(at).date(),
        copies=script.get("copies", "").format_map(facts),
    )  # fmt: skip


@cache
def words_of(pack: str) -> Mapping[str, Any]:
    """Give the words of a pack's letters."""
    found: Mapping[str, Any] = yaml.safe_load((settings.PACKS / pack / "letters.yaml").read_text(encoding="utf-8"))
    return found


def _facts(application: Application, office: _Office, sites: Sequence[tuple[str, str, str]], *, at: datetime) -> dict[str, Any]:
    start = application.may_start_from
    return {
        "firm": application.enterprise.name,
        "number": application.number,
        "submitted": _day(application.submitted_at),
        "today": _hour(at),
        "start": _hour(start) if start else _hour(at),
        "head_count": f"{application.head_count:,}",
        "sites": "、".join(name for name, _, _ in sites) if len(sites) <= 3 else f"{sites[0][0]}等{len(sites)}处（见附件）",
        "conditions": application.conditions,
        "reason": application.reason,
        "remarks": application.remarks,
        "items": (), "copies": office.copies, "next": "",
        "assess_by": "今天内" if application.assess_days == 0 else f"{application.assess_days}个工作日内",
    }  # fmt: skip


def _sites(application: Application, code: str) -> list[tuple[str, str, str]]:
    """Give (name, address, town) of what a letter is about: the permitted sites, or all where nothing is permitted."""
    sites = registry.sites_of(application.enterprise_id)
    if code in ("approval", "filed"):
        permitted = set(Permit._base_manager.filter(application=application.id, ended_at__isnull=True).values_list("site", flat=True))
        sites = [site for site in sites if site.id in permitted]
    return [(site.name or site.address or application.enterprise.name, site.address, jurisdiction.name(site.region)) for site in sites]


def _site_table(sites: Sequence[tuple[str, str, str]]) -> Table:
    columns = (Column("序号", "centre", 0.5), Column("厂区", width=2), Column("地址", width=3), Column("镇街", width=1.2))
    return Table(title="同意的厂区", columns=columns, rows=[(n, *site) for n, site in enumerate(sites, 1)])


def _place(application: Application) -> int:
    return queries.district_place(application.region) if application.route == Route.DISTRICT else application.region


def _office(application: Application, words: Mapping[str, Any]) -> _Office:
    place, town = _place(application), jurisdiction.place(application.region)
    if application.route == Route.DISTRICT:
        return _Office(place, words["organ"].format(place=jurisdiction.name(place)), f"{organ_of(town.name, town.kind)}。")
    district = jurisdiction.name(queries.district_place(application.region))
    return _Office(place, organ_of(town.name, town.kind), words["organ"].format(place=district) + "。")


def organ_of(name: str, kind: str) -> str:
    suffix = _OFFICES.get(kind, "")
    return name if name.endswith(suffix) else name + suffix


def _hat(actor: Actor, application: Application, *, at: datetime) -> Hat:
    for right in (*STAMP, *WITHDRAW, "resumption.assess", "resumption.apply"):
        if hat := actor.hat_for(right, at=at, on=application):
            return hat
    return actor.hats[0]


def _clean(value: Any) -> Any:
    return value.strip().rstrip("。") if isinstance(value, str) else value


def _day(at: datetime | None) -> str:
    return f"{local(at):%Y年%-m月%-d日}" if at else ""


def _hour(at: datetime) -> str:
    there = local(at)
    return f"{there:%Y年%-m月%-d日}{there.hour}时" + (f"{there.minute}分" if there.minute else "")
