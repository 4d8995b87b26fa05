"""The lists of this area as offices keep them: enterprises, sites, workers, officers. Headers are those seen in the wild.

Each commit is the set-based act of its list, five thousand rows at a time inside one transaction."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.models import Role
from qifu.kernel.intake import Combined, Committed, Context, Doubt, Field, Target, Wrong, parsers, register
from qifu.kernel.intake.target import DOUBTFUL, WRONG, Batch, Parse, Prepare, Problem
from qifu.kernel.language import said as _
from qifu.kernel.schema import bulk

from .actions.officers import OfficerRow, appoint
from .actions.sites import AddSite, add
from .actions.worker_facts import WorkerFact, tell
from .actions.workers import WorkerRow, enter_workers
from .entering import enter_columns
from .firms import Firms, Meant
from .names import Spelling, clean
from .terms import CATEGORIES, PROVINCES, SITE_KINDS, province_code

_TOWN_LIKE = ("town", "subdistrict", "zone", "park")
_INDUSTRY = re.compile(r"[A-T]?\d{2,4}")


# ------------------------------------------------------------------------------------------------ parsers


def _places(context: Context) -> dict[str, int]:
    """Give the towns, streets, zones and parks of the office's district by name."""
    found = [jurisdiction.place(one) for one in jurisdiction.reach(_district(context.region))]
    names = {one.name: one.id for one in found if one.kind in _TOWN_LIKE}
    return names | {jurisdiction.full_name(id): id for id in names.values()}


def town() -> Prepare:
    """Read the name of a town, street, zone or park of the office's district into its place."""
    return parsers.named(_places, what="镇街", endings="街道办事处|街道|镇|乡|经济开发区|开发区")


def _industry() -> Prepare:
    def parse(cell: Any) -> str:
        text = parsers.as_text(cell).upper()
        if _INDUSTRY.fullmatch(text):
            return text
        raise Doubt("不是行业代码（例如 C3311），先不填行业", value="", enters=True)

    return lambda context: parse


def _province() -> Prepare:
    def parse(cell: Any) -> str:
        code = province_code(parsers.as_text(cell))
        if not code:
            raise Wrong("没有这个省份")
        return code

    return lambda context: parse


def _origin_cell(cell: Any) -> Mapping[str, Any]:
    """Split 湖北省十堰市 into province and city."""
    text = parsers.as_text(cell)
    code = province_code(text)
    if not code:
        raise Wrong("看不出是哪个省")
    name = PROVINCES[code]
    rest = text.removeprefix(name) if text.startswith(name) else text[len(name.rstrip("省市")) :].lstrip("省")
    return {"province": code, "city": rest.strip()}


def _role() -> Prepare:
    def prepare(context: Context) -> Parse:
        words = {word: role.code for role in Role.objects.all() for word in (role.code, role.label)}

        def parse(cell: Any) -> str:
            text = parsers.as_text(cell)
            if text not in words:
                raise Wrong("没有这个角色")
            return words[text]

        return parse

    return prepare


def _degrees() -> Prepare:
    def parse(cell: Any) -> str:
        text = parsers.as_text(cell)
        try:
            float(text)
        except ValueError:
            raise Doubt("不是度数，先不填坐标", value="", enters=True) from None
        return text

    return lambda context: parse


def _firm() -> tuple[Field, Field]:
    """Give the two columns by which a list names the enterprise."""
    return (
        Field("enterprise", "企业名称", parsers.text(most=120), ("单位名称", "公司名称", "所在企业", "所属企业", "用人单位", "工作单位")),
        Field("enterprise_code", "企业信用代码", parsers.text(most=40), ("统一社会信用代码", "信用代码", "企业代码")),
    )


def _blank(value: Any) -> Any:
    return "" if value is None else value


# ------------------------------------------------------------------------------------------------ enterprises


def _commit_enterprises(entries: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
    created = updated = unchanged = provisional = 0
    refused: dict[tuple[str, int], str] = {}
    for batch in entries.batches():
        done = enter_columns(_told(batch, region=source.region), len(batch), actor=actor, at=at, batch=source.id)
        created, updated, unchanged = created + done.created, updated + done.updated, unchanged + done.unchanged
        provisional += done.provisional
        refused |= {(batch.sheet, batch.rows[i]): says for i, says in done.refused.items()}
    says = _("{provisional}家的信用代码还要核对，在“待核企业”里。", provisional=provisional) if provisional else ""
    return Committed(created, updated, unchanged, refused, says)


def _told(batch: Batch, *, region: int) -> dict[str, Sequence[Any]]:
    """Give the columns of a batch as the act takes them; a code that was none goes along as it was written."""
    told = dict(batch.columns)
    codes = list(told["uscc"])
    for i, doubts in batch.doubts.items():
        if codes[i] is None:
            codes[i] = next((doubt.was for doubt in doubts if doubt.field == "uscc"), "")
    places = [region if place is None else place for place in told.pop("place")]
    return told | {"uscc": codes, "phone": [phones[0] if phones else None for phones in told["phone"]], "region": places}


_KNOWN = "SELECT uscc, name, name_key FROM registry_enterprise WHERE uscc = ANY(%s::varchar[])"


def _review_enterprises(batch: Batch, context: Context) -> Iterable[tuple[int, Problem]]:
    """Say before the commit what it would turn away: a code that stands under another name, a row without a town."""
    codes, names, places = (batch.columns[name] for name in ("uscc", "name", "place"))
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [bulk.column_literal([str(code) for code in codes if code])])
        known = {code: (name, key) for code, name, key in cursor.fetchall()}
    if None in places and jurisdiction.place(context.region).kind not in _TOWN_LIKE:
        for index in (index for index, place in enumerate(places) if place is None):
            yield index, Problem("place", "镇街", "", "没有写镇街", WRONG, False)
    yield from _spelt_otherwise(batch, context)
    spelling = Spelling() if known else None
    for index, code in enumerate(codes) if spelling else ():
        if code in known and known[code][1] != spelling.key(clean(names[index])):
            yield index, Problem("uscc", "信用代码", str(code), _("已登记为“{known}”，名称不一样", known=known[code][0]), WRONG, False)


_ALIKE = (
    "SELECT name_key, name, coalesce(uscc, ''), region FROM registry_enterprise"
    " WHERE closed_at IS NULL AND region = ANY(%s::int[]) AND name_key = ANY(%s::varchar[])"
)


def _spelt_otherwise(batch: Batch, context: Context) -> Iterable[tuple[int, Problem]]:
    """Ask where a row without a code may be a firm that stands here under a longer or shorter name: nobody guesses that."""
    codes, names, places = (batch.columns[name] for name in ("uscc", "name", "place"))
    bare = {index: clean(str(names[index])) for index, code in enumerate(codes) if not code and names[index]}
    if not bare:
        return
    spelling = Spelling()
    keys = {index: spelling.key(name) for index, name in bare.items()}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [list(jurisdiction.reach(_district(context.region))), sorted(set(keys.values()))])
        alike: dict[str, list[tuple[str, str, int]]] = {}
        for key, name, code, region in cursor.fetchall():
            alike.setdefault(key, []).append((name, code, region))
    for index, key in keys.items():
        there = alike.get(key, [])
        if len(there) != 1 or (there[0][0] == bare[index] and there[0][2] == (places[index] or context.region)):
            continue
        name, code, region = there[0]
        says = _("登记库里有“{name}”，在{name2}，可能是同一家", name=name, name2=jurisdiction.name(region))
        yield index, Problem("name", "企业名称", bare[index], says, DOUBTFUL, False, f"uscc={code}" if code else f"name={name}")


def _district(region: int) -> int:
    return next((one for one in jurisdiction.lineage(region) if jurisdiction.place(one).kind == "district"), region)


ENTERPRISES = register(
    Target(
        name="registry.enterprises", desk=True, label="企业名单", unit="家", right="registry.import", commit=_commit_enterprises,
        title="name", required=("name",), keys=(("uscc",), ("name", "place")), sheet_field="place", review=_review_enterprises,
        fields=(
            Field(
                "name", "企业名称", parsers.text(most=120),
                ("单位名称", "公司名称", "企业全称", "单位全称", "单位详细名称", "名称", "企业"),
            ),
            Field(
                "uscc", "信用代码", parsers.credit_code(), ("统一社会信用代码", "统一信用代码", "社会信用代码", "组织机构代码"),
                blank=Doubt("没有填信用代码，先进待核", enters=True),
            ),
            Field(
                "place", "镇街或开发区", town(),
                ("镇街", "所在镇街", "所属镇街", "镇（街道）", "街道", "属地", "所在地", "镇街道", "行政区划"),
            ),
            Field(
                "size", "规模",
                parsers.choice(
                    {"above": ("规上", "规模以上", "规上工业", "above"), "limit_above": ("限上", "限额以上", "limit_above"),
                     "small": ("规下", "小微", "规模以下", "限下", "小型", "微型", "small")},
                    yes="above", no="small",
                ),
                ("规模类型", "规上企业", "是否规上", "企业规模"),
            ),
            Field(
                "over_100m", "亿元以上", parsers.boolean(yes=("亿元以上",), no=("亿元以下",)), ("亿元企业", "是否亿元以上", "产值亿元以上")
            ),
            Field("industry", "行业代码", _industry(), ("行业", "国民经济行业代码", "行业分类")),
            Field(
                "category", "必需类别",
                parsers.choice({code: (label, code) for code, label in CATEGORIES.items()} | {"": ("一般", "无", "其他")}),
                ("保障类别", "企业类别", "重点类别", "类别"),
            ),
            Field("individual", "个体工商户", parsers.boolean(yes=("个体工商户", "个体"), no=("企业",)), ("是否个体", "个体户")),
            Field(
                "staff", "员工人数", parsers.count(), adds_up=True,
                synonyms=("员工数", "员工总数", "职工人数", "从业人数", "用工人数", "人数", "期末从业人员", "现有职工"),
            ),
            Field("address", "地址", parsers.text(), ("企业地址", "详细地址", "生产地址", "经营地址", "注册地址")),
            Field("legal_person", "法定代表人", parsers.text(most=60), ("法人", "法人代表", "法人姓名")),
            Field("contact", "联系人", parsers.text(most=60), ("负责人", "企业联系人", "联络人", "联系人姓名", "姓名")),
            Field("phone", "联系电话", parsers.phones(stops=False), ("手机", "电话", "手机号码", "联系人电话", "联系方式"),
                  looks=parsers.looks_like_phone, private=True),
            Field("lat", "纬度", _degrees(), ()),
            Field("lon", "经度", _degrees(), ()),
            Field("founded", "成立日期", parsers.date(), ("注册日期", "成立时间")),
        ),
        combined=(
            Combined("contact_phone", "联系人和电话", parsers.contact_and_phone("contact", "phone"), ("contact", "phone"),
                     ("联系人及电话", "联系人电话", "联系人及联系方式"), looks=parsers.looks_like_contact),
        ),
    )
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ who is meant


def _firms(entries: Iterable[Any]) -> Firms:
    return Firms(_named(entry.values) for entry in entries)


def _named(values: Mapping[str, Any]) -> tuple[str, str]:
    return str(_blank(values.get("enterprise_code"))), str(_blank(values.get("enterprise")))


# ------------------------------------------------------------------------------------------------ sites


def _commit_sites(entries: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
    found = list(entries)
    firms = _firms(found)
    rows, places, refused = [], [], {}
    for entry in found:
        v, firm = entry.values, firms.of(*_named(entry.values))
        if isinstance(firm, str):
            refused[entry.sheet, entry.row] = _("{firm}，没有登记。", firm=firm)
            continue
        rows.append(
            AddSite(
                enterprise=firm.id, name=v["name"] or SITE_KINDS[v["kind"] or "production"], kind=v["kind"] or "production",
                region=v["place"], address=_blank(v["address"]), lat=_blank(v["lat"]), lon=_blank(v["lon"]), capacity=v["capacity"],
            )
        )  # fmt: skip
        places.append((entry.sheet, entry.row))
    done = add(rows, actor=actor, at=at, batch=source.id)
    refused |= {places[i]: says for i, says in done.refused.items()}
    return Committed(created=done.created, unchanged=done.unchanged, refused=refused)


_KINDS = {code: (label, code) for code, label in SITE_KINDS.items()} | {"production": ("生产场所", "厂区", "车间", "production")}

SITES = register(
    Target(
        name="registry.sites", desk=True, label="场所名单", unit="处", right="registry.import", commit=_commit_sites, title="enterprise",
        keys=(("enterprise", "kind", "name"),),
        fields=(
            *_firm(),
            Field(
                "kind", "场所类别",
                parsers.choice(_KINDS),
                ("类别", "场所类型", "类型"),
            ),
            Field("name", "场所名称", parsers.text(most=80), ("名称", "厂区名称")),
            Field("place", "镇街或开发区", town(), ("镇街", "所在镇街", "属地")),
            Field("address", "地址", parsers.text(), ("场所地址", "详细地址")),
            Field("lat", "纬度", _degrees(), ()),
            Field("lon", "经度", _degrees(), ()),
            Field("capacity", "可容纳人数", parsers.count(), ("容量", "床位", "床位数")),
        ),
    )
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ workers

_DATED = {
    "went_home_on": ("went_home", "返乡日期", ("已返乡", "离开日期", "返乡时间")),
    "plans_return_on": ("plans_return", "计划返回登记日期", ("计划返岗", "计划返回", "拟返回")),
    "dissuaded_on": ("dissuaded", "劝缓回日期", ("劝返日期", "已劝返", "劝返")),
    "returned_on": ("returned", "返回日期", ("返岗日期", "已返回", "返回时间", "返甬日期")),
}


def _commit_workers(entries: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
    found = list(entries)
    firms = _firms(found)
    rows, kept, refused = [], [], {}
    for entry in found:
        v = entry.values
        meant = firms.of(*_named(v)) if source.party is None else source.party
        if isinstance(meant, str):
            refused[entry.sheet, entry.row] = _("{firm}，没有登记。", firm=meant)
            continue
        firm = meant.id if isinstance(meant, Meant) else meant
        rows.append(
            WorkerRow(
                name=v["name"], enterprise=firm, phone=(v["phone"] or ("",))[0], id_number=_blank(v["id_number"]),
                origin_province=_blank(v["province"]), origin_city=_blank(v["city"]),
            )
        )  # fmt: skip
        kept.append(entry)
    done = enter_workers(rows, enterprise=None, actor=actor, at=at, batch=source.id)
    facts: list[WorkerFact] = []
    where: list[tuple[str, int]] = []
    for entry, worker in zip(kept, done.ids, strict=True):
        if worker is not None:
            new = _facts(entry.values, worker)
            facts += new
            where += [(entry.sheet, entry.row)] * len(new)
    told = tell(facts, actor=actor, at=at, batch=source.id)
    refused |= {(kept[i].sheet, kept[i].row): says for i, says in done.refused.items()}
    refused |= {where[i]: says for i, says in told.refused.items()}
    return Committed(created=done.created, unchanged=done.unchanged, refused=refused)


def _facts(values: Mapping[str, Any], worker: UUID) -> list[WorkerFact]:
    facts = [
        WorkerFact(worker=worker, fact=fact, on=values[column])  # type: ignore[arg-type]
        for column, (fact, _, _) in _DATED.items()
        if values[column] is not None
    ]
    if values["observed"]:
        on: date | None = values["observed_on"] or values["returned_on"]
        facts.append(WorkerFact(worker=worker, fact=f"observed_{values['observed']}", on=on))  # type: ignore[arg-type]
    return facts


WORKERS = register(
    Target(
        name="registry.workers", desk=True, label="员工名单", unit="人", right="registry.worker.edit", commit=_commit_workers, title="name",
        required=("name",), keys=(("id_number",), ("name", "phone")),
        fields=(
            *_firm(),
            Field("name", "姓名", parsers.text(most=60), ("员工姓名", "人员姓名", "名字"), private=True),
            Field(
                "phone", "手机号码", parsers.phones(), ("手机", "联系电话", "电话", "联系方式"),
                looks=parsers.looks_like_phone, private=True,
            ),
            Field("id_number", "身份证号码", parsers.identity_number(), ("身份证", "身份证号", "证件号码"), private=True),
            Field("province", "来源省份", _province(), ("省份", "户籍省份", "来源地", "籍贯省份")),
            Field("city", "来源城市", parsers.text(most=40), ("城市", "户籍城市", "地市")),
            *(Field(key, label, parsers.date(), words) for key, (_, label, words) in _DATED.items()),
            Field(
                "observed", "安置方式",
                parsers.choice({"cdc": ("集中安置", "集中", "定点"), "home": ("居家安置", "居家", "在家")}),
                ("安置", "隔离方式", "观察方式"),
            ),
            Field("observed_on", "安置日期", parsers.date(), ("开始日期", "安置开始日期")),
        ),
        combined=(
            Combined("origin", "来源省市", _origin_cell, ("province", "city"), ("籍贯", "户籍地", "户籍", "来源省市"), private=False),
        ),
    )
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ officers


def _commit_officers(entries: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
    found = list(entries)
    rows = [
        OfficerRow(
            name=e.values["name"], phone=e.values["phone"][0], role=e.values["role"] or "liaison", unit=_blank(e.values["unit"]),
            title=_blank(e.values["title"]), region=e.values["place"] or source.region,
        )
        for e in found
    ]  # fmt: skip
    done = appoint(rows, actor=actor, at=at, batch=source.id)
    refused = {(found[i].sheet, found[i].row): _("{what}，没有登记。", what=says.rstrip("。")) for i, says in done.refused.items()}
    return Committed(created=done.created, unchanged=done.unchanged, refused=refused)


OFFICERS = register(
    Target(
        name="registry.officers", desk=True, label="干部名单", unit="人", right="access.grant", sign="registry.import_sign",
        commit=_commit_officers, title="name",
        required=("name", "phone"), keys=(("phone", "role"),), sheet_field="place",
        fields=(
            Field("name", "姓名", parsers.text(most=60), ("干部姓名", "联企干部", "人员")),
            Field(
                "phone", "手机号码", parsers.phones(), ("手机", "联系电话", "电话", "联系方式"),
                looks=parsers.looks_like_phone, private=True,
            ),
            Field("unit", "单位", parsers.text(most=80), ("工作单位", "部门", "所在单位", "单位名称")),
            Field("title", "职务", parsers.text(most=60), ("职位", "岗位")),
            Field("place", "地区", town(), ("镇街", "所在镇街", "属地")),
            Field("role", "角色", _role(), ("系统角色", "身份")),
        ),
    )
)  # fmt: skip

__all__ = ["ENTERPRISES", "OFFICERS", "SITES", "WORKERS"]
