"""Builds the parts that the pages of the register draw; everything here is already in words."""

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.models import Grant, Role, TaskForce
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.journal import reading
from qifu.kernel.values import mask_phone
from qifu.ui.parts import Action, Cell, Column, Event, Fact, Field, Link, Notice, Row, State, Why
from qifu.ui.words import say_day

from . import queries
from .api import KeyRight, key_rights, workers_count
from .models import ContactPost, Enterprise, KeyList, KeyListEntry, Site, Worker
from .terms import (
    CATEGORIES,
    CONTACT,
    ENTERPRISE,
    FACTS,
    FORCE_KINDS,
    KEY_LIST,
    LEVELS,
    OPENS,
    PROVINCES,
    SITE,
    SITE_KINDS,
    SIZE_SOURCES,
    SIZES,
    WORKER,
)

VERBS = {
    (ENTERPRISE, "register"): "登记入册",
    (ENTERPRISE, "change"): "更正信息",
    (ENTERPRISE, "settle"): "核准信用代码",
    (ENTERPRISE, "merge"): "并入另一家",
    (ENTERPRISE, "take_over"): "并入一家待核企业",
    (SITE, "add"): "增加场所",
    (SITE, "close"): "停用场所",
    (CONTACT, "add"): "增加联系人",
    (CONTACT, "hand_over"): "联系人交出",
    (CONTACT, "take_over"): "联系人接手",
    (CONTACT, "end"): "停用联系人",
    (KEY_LIST, "put_on"): "列入重点名单",
    (KEY_LIST, "remove"): "移出重点名单",
    (WORKER, "list"): "进入名单",
    (WORKER, "move"): "随企业合并转来",
    (WORKER, "leave"): "登记离职",
}
FIELDS = {
    "name": "名称", "uscc": "信用代码", "size": "规模", "size_source": "规模来源", "over_100m": "亿元以上", "category": "必需类别",
    "individual": "个体", "industry": "行业", "staff": "人数", "address": "地址", "legal_person": "法定代表人", "founded": "成立日期",
    "region": "镇街", "provisional": "待核",
}  # fmt: skip


def size_state(row: Enterprise) -> State:
    """Give the size as a badge."""
    return State(SIZES[row.size], {"above": "info", "limit_above": "info"}.get(row.size, "idle"), "half" if row.size != "small" else "ring")


def standing(row: Enterprise) -> State:
    """Give where an enterprise stands: in the register, to be settled, merged or closed."""
    if row.closed_at is not None:
        return State("已并入别家" if row.merged_into_id else "已注销", "idle", "x")
    return State("待核", "ask", "flag") if row.provisional else State("在册", "ok", "ok")


# ------------------------------------------------------------------------------------------------ the list

SORTS = {"name": "pinyin", "-name": "-pinyin", "staff": "staff", "-staff": "-staff", "new": "-registered_at"}


def list_columns(sort: str, href: Any) -> list[Column]:
    """Give the columns of the list; two of them sort."""

    def sorts(key: str) -> dict[str, str]:
        here = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        return {"sort": href(sort=f"-{key}" if sort == key else key), "sorted": here}

    return [
        Column("企业", "name", **sorts("name")),
        Column("信用代码", width="2xl"),
        Column("镇街", width="l"),
        Column("规模", "state", "m"),
        Column("类别", width="l"),
        Column("人数", "number", "m", **sorts("staff")),
        Column("现在", "state", "m"),
    ]


def list_row(row: Enterprise) -> Row:
    """Give one enterprise of the list."""
    mark = ("亿", "亿元以上") if row.over_100m else ("", "")
    cells = (
        Cell("name", row.name, mark=mark[0], mark_title=mark[1]),
        Cell("text", row.uscc or row.uscc_written or "—"),
        Cell("text", jurisdiction.name(row.region)),
        Cell("state", size_state(row)),
        Cell("text", CATEGORIES.get(row.category, "")),
        Cell("number", row.staff),
        Cell("state", standing(row)),
    )
    return Row(str(row.id), row.name, reverse("registry:enterprise", args=[row.id]), cells)


EXPORT = ("企业名称", "统一社会信用代码", "镇街", "规模", "规模来源", "亿元以上", "行业代码", "必需类别", "员工人数", "地址", "待核原因")


def export_row(row: Enterprise) -> list[Any]:
    """Give one enterprise as the exported list has it; no contact, no telephone number."""
    return [
        row.name, row.uscc or row.uscc_written, jurisdiction.name(row.region), SIZES[row.size], SIZE_SOURCES[row.size_source],
        row.over_100m, row.industry, CATEGORIES.get(row.category, ""), row.staff, row.address, row.why,
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ one enterprise


def facts(row: Enterprise) -> list[Fact]:
    """Give what is known of an enterprise."""
    source = SIZE_SOURCES[row.size_source] + (f"：{row.size_reason}" if row.size_reason else "")
    return [
        Fact("统一社会信用代码", row.uscc or row.uscc_written or "没有填", note="" if row.uscc else "待核"),
        Fact("镇街", jurisdiction.full_name(row.region)),
        Fact("规模", SIZES[row.size] + ("，亿元以上" if row.over_100m else ""), note=source),
        Fact("必需类别", CATEGORIES.get(row.category, "一般")),
        Fact("行业代码", row.industry or "—"),
        Fact("员工人数", f"{row.staff}人"),
        Fact("法定代表人", row.legal_person or "—"),
        Fact("地址", row.address or "—"),
        Fact("成立日期", row.founded.isoformat() if row.founded else "—"),
        Fact("性质", "个体工商户" if row.individual else "企业"),
    ]


def subject(row: Enterprise, *, actor: Actor, at: datetime) -> SimpleNamespace:
    """Give an enterprise as ui/subject.html draws it."""
    rights = key_rights(row, at)
    notice = None
    if row.provisional and row.closed_at is None:
        says = f"信用代码还没有核准：{row.why}决定和资金要等核准以后。"
        notice = Notice(says, "ask", link=Link("去核准", reverse("registry:unsettled") + f"#e-{row.id}"))
    return SimpleNamespace(
        id=row.id, name=row.name, href=reverse("registry:enterprise", args=[row.id]), state=standing(row), clock=None,
        stands=f"{jurisdiction.name(row.region)} · {SIZES[row.size]}", number=row.uscc or "", notice=notice,
        back=Link("企业", reverse("registry:enterprises")), place="", previous="", next="", tools=[], stops=[], used=[], used_words="",
        facts=facts(row), actions=actions(row, actor=actor, at=at), whys=[right_why(right) for right in rights],
        whys_note="重点名单给的权利和出处" if rights else "", checks=[], papers=[], events=timeline(row),
        events_note="", events_kind="date", more="",
    )  # fmt: skip


def right_why(right: KeyRight) -> Why:
    """Say one right of a key list with its origin."""
    opens = "、".join(OPENS.get(one, one) for one in right.opens) or "列入名单"
    end = f"，到{right.until.isoformat()}" if right.until else ""
    return Why(f"{opens}（{right.since.isoformat()}起{end}）", "ok", LEVELS[right.level][:1], f"{right.list_name} {right.document}".strip())


def may(actor: Actor, right: str, row: Any, *, at: datetime) -> bool:
    """Say whether any hat carries the right over a row."""
    return actor.hat_for(right, at=at, on=row) is not None


def actions(row: Enterprise, *, actor: Actor, at: datetime) -> list[Action]:
    """Give what may be done with an enterprise now."""
    if row.closed_at is not None or not may(actor, "registry.edit", row, at=at):
        return []
    page = [
        Action("更正信息", "更正", reverse("registry:change", args=[row.id]), ("改规模、类别、名称要写理由，会留在经过里。",), opens=True),
        Action("增加场所", "增加", reverse("registry:add_site", args=[row.id]), ("复工按场所所在的区域定。",), opens=True),
        Action(
            "增加联系人",
            "增加",
            reverse("registry:add_contact", args=[row.id]),
            ("用手机号码登录，看得到这家企业的全部办理。",),
            opens=True,
        ),
    ]
    if row.provisional:
        first = Action(
            "核准信用代码", "去核准", reverse("registry:unsettled") + f"#e-{row.id}", ("核准后才能作决定。",), kind="main", opens=True
        )
        return [first, *page]
    return page


def timeline(row: Any, *, days: datetime | None = None) -> list[Event]:
    """Give what happened to a row of the register, newest first, as the record says it; with `days` (the moment of
    speaking) only the day is said, where the page is narrow."""
    events = []
    for entry in reversed(reading.timeline(row)):
        word = VERBS.get((entry.process, entry.verb)) or FACTS.get(entry.verb, "")
        if not word or (entry.left and not entry.entered and entry.verb in ("change", "move")):
            continue
        note = "、".join(FIELDS.get(name, name) for name in entry.data.get("changed", "").split(",") if name)
        why = entry.data.get("why", "")
        words = "：".join(filter(None, [note, why]))
        when = say_day(entry.at, at=days, with_weekday=False) if days else entry.at
        events.append(Event(when, ("更正掉：" if entry.reverses else "") + word, "，".join(filter(None, [words, entry.actor_name]))))
    return events


SITE_COLUMNS = [Column("场所", "name"), Column("类别", width="l"), Column("镇街", width="xl"), Column("地址")]


def site_row(site: Site) -> Row:
    """Give one site."""
    cells = (
        Cell("text", site.name), Cell("text", SITE_KINDS.get(site.kind, site.kind)), Cell("text", jurisdiction.full_name(site.region)),
        Cell("text", site.address or "—"),
    )  # fmt: skip
    return Row(str(site.id), site.name, "", cells)


def contact_line(post: ContactPost) -> dict[str, Any]:
    """Give one contact: who, masked phone, from when until when, and to whom the role went."""
    since = post.since.astimezone(ZONE)
    until = post.until.astimezone(ZONE) if post.until else None
    return {
        "id": post.id,
        "name": post.name,
        "phone": post.phone_masked,
        "main": post.main,
        "when": f"{since:%Y-%m-%d}起" if until is None else f"{since:%Y-%m-%d}到{until:%Y-%m-%d}",
        "serving": until is None,
    }


def beside(row: Enterprise, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Give the other parts of an enterprise's page."""
    sites, posts = list(queries.sites(row.id)), list(queries.posts(row.id))
    edits = may(actor, "registry.edit", row, at=at) and row.closed_at is None
    return {
        "site_columns": SITE_COLUMNS,
        "site_rows": [site_row(site) for site in sites],
        "contacts": [contact_line(post) for post in posts if post.until is None],
        "former": [contact_line(post) for post in posts if post.until is not None],
        "workers": workers_count(row.id),
        "edits": edits,
    }


# ------------------------------------------------------------------------------------------------ lists and forces

KEY_LIST_COLUMNS = [
    Column("名单", "name"),
    Column("级别", width="m"),
    Column("可享受", width="2xl"),
    Column("文号"),
    Column("起止", width="2xl"),
]


def key_list_row(row: KeyList) -> Row:
    """Give one key list."""
    end = row.until.isoformat() if row.until else "未定"
    cells = (
        Cell("name", row.name), Cell("text", LEVELS[row.level]), Cell("text", "、".join(OPENS.get(o, o) for o in row.opens)),
        Cell("text", row.document or row.issuer), Cell("text", f"{row.since.isoformat()}到{end}"),
    )  # fmt: skip
    return Row(str(row.id), row.name, reverse("registry:key_list", args=[row.id]), cells)


def entry_line(entry: KeyListEntry) -> dict[str, Any]:
    """Give one enterprise's place on a list."""
    return {
        "id": entry.id,
        "name": entry.enterprise.name,
        "href": reverse("registry:enterprise", args=[entry.enterprise_id]),
        "since": entry.since.isoformat(),
        "until": entry.until.isoformat() if entry.until else "",
        "reason": entry.reason,
    }


FORCE_COLUMNS = [
    Column("专班", "name"),
    Column("类别", width="l"),
    Column("地区", width="l"),
    Column("成员", "number", "m"),
    Column("起", "time", "xl"),
    Column("现在", "state", "l"),
]


def force_state(force: TaskForce, *, at: datetime) -> State:
    """Say whether a task force still stands."""
    return State("已撤销", "idle", "x") if force.until and force.until <= at else State("在岗", "ok", "ok")


def force_row(force: TaskForce, members: int, *, at: datetime) -> Row:
    """Give one task force."""
    cells = (
        Cell("name", force.name), Cell("text", FORCE_KINDS.get(force.kind, force.kind)), Cell("text", jurisdiction.name(force.place)),
        Cell("number", members), Cell("time", force.since), Cell("state", force_state(force, at=at)),
    )  # fmt: skip
    return Row(str(force.id), force.name, reverse("registry:task_force", args=[force.id]), cells)


def member_line(grant: Grant, *, at: datetime) -> dict[str, Any]:
    """Give one member: who, from which office, in which role, until when."""
    ended = grant.revoked_at or (grant.until if grant.until and grant.until <= at else None)
    return {
        "id": grant.id,
        "name": grant.person.name,
        "unit": grant.department.name if grant.department else "",
        "role": grant.role.label,
        "lead": grant.lead,
        "serving": ended is None,
    }


# ------------------------------------------------------------------------------------------------ workers


def worker_state(worker: Worker) -> State:
    """Give where a worker stands by the latest dated fact."""
    if worker.left_on:
        return State("已离职", "idle", "x")
    if worker.returned_on:
        return State("已返回", "ok", "ok")
    if worker.dissuaded_on:
        return State("已劝缓回", "ask", "clock")
    if worker.plans_return_on:
        return State("计划返回", "info", "half")
    return State("已返乡", "info", "half") if worker.went_home_on else State("在名单", "idle", "ring")


def worker_line(worker: Worker, *, plain: bool) -> dict[str, Any]:
    """Say one line of a roster on the desk: masked, and in plain words only after the look is on the record."""
    origin = PROVINCES.get(worker.origin_province, "") + worker.origin_city
    return {
        "name": worker.name.reveal() if plain else str(worker.name),
        "phone": worker.phone.reveal() if plain and worker.phone else str(worker.phone or ""),
        "origin": origin if plain else "",
        "state": worker_state(worker),
    }


def worker_facts(worker: Worker) -> list[Fact]:
    """Give the dated facts of a worker, for the own enterprise."""
    days = (
        ("返乡", worker.went_home_on),
        ("计划返回", worker.plans_return_on),
        ("劝缓回", worker.dissuaded_on),
        ("返回", worker.returned_on),
        ({"cdc": "集中安置", "home": "居家安置"}.get(worker.observed, "安置"), worker.observed_on),
    )
    facts = [Fact("来源", PROVINCES.get(worker.origin_province, "没有填") + worker.origin_city)]
    return [*facts, *(Fact(word, day.isoformat()) for word, day in days if day)]


def search_field(q: str) -> Field:
    """Give the search box of a list."""
    return Field("q", "查找", value=q, placeholder="名称、信用代码或联系人手机号码", required=False)


def unique(letters: Iterable[str]) -> list[str]:
    """Give letters of columns each once: two sheets may have different columns under one letter."""
    seen: dict[str, int] = {}
    found = []
    for letter in letters:
        seen[letter] = seen.get(letter, 0) + 1
        found.append(letter if seen[letter] == 1 else f"{letter}{seen[letter]}")
    return found


def officer_line(values: dict[str, Any], *, region: int) -> dict[str, str]:
    """Say one line of a list of officers to who signs it: the role in its word, the number masked."""
    role = Role.objects.filter(code=values["role"] or "liaison").first()
    phone = (values["phone"] or [""])[0]
    return {
        "name": values["name"], "title": values["title"] or "", "unit": values["unit"] or "",
        "role": role.label if role else values["role"], "place": jurisdiction.full_name(values["place"] or region),
        "phone": mask_phone(str(phone)),
    }  # fmt: skip
