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
from qifu.kernel.language import listed, plain
from qifu.kernel.language import said as _
from qifu.kernel.values import mask_phone
from qifu.ui.parts import Action, Cell, Column, Event, Fact, Field, Link, Notice, Row, State, Why
from qifu.ui.words import date_of, day_of, say_day

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
    (ENTERPRISE, "register"): _("登记入册"),
    (ENTERPRISE, "change"): _("更正信息"),
    (ENTERPRISE, "settle"): _("核准信用代码"),
    (ENTERPRISE, "merge"): _("并入另一家"),
    (ENTERPRISE, "take_over"): _("并入一家待核企业"),
    (SITE, "add"): _("增加场所"),
    (SITE, "close"): _("停用场所"),
    (CONTACT, "add"): _("增加联系人"),
    (CONTACT, "hand_over"): _("联系人交出"),
    (CONTACT, "take_over"): _("联系人接手"),
    (CONTACT, "end"): _("停用联系人"),
    (KEY_LIST, "put_on"): _("列入重点名单"),
    (KEY_LIST, "remove"): _("移出重点名单"),
    (WORKER, "list"): _("进入名单"),
    (WORKER, "move"): _("随企业合并转来"),
    (WORKER, "leave"): _("登记离职"),
}
FIELDS = {
    "name": _("名称"),
    "uscc": _("信用代码"),
    "size": _("规模"),
    "size_source": _("规模来源"),
    "over_100m": _("亿元以上"),
    "category": _("必需类别"),
    "individual": _("个体"),
    "industry": _("行业"),
    "staff": _("人数"),
    "address": _("地址"),
    "legal_person": _("法定代表人"),
    "founded": _("成立日期"),
    "region": _("镇街"),
    "provisional": _("待核"),
}


def standing(row: Enterprise) -> State:
    """Give where an enterprise stands: in the register, to be settled, merged or closed."""
    if row.closed_at is not None:
        return State(_("已并入别家") if row.merged_into_id else _("已注销"), "idle", "x")
    return State(_("待核"), "ask", "flag") if row.provisional else State(_("在册"), "idle", "ok")


# ------------------------------------------------------------------------------------------------ the list

SORTS = {"name": "pinyin", "-name": "-pinyin", "staff": "staff", "-staff": "-staff", "new": "-registered_at"}


def list_columns(sort: str, href: Any) -> list[Column]:
    """Give the columns of the list; two of them sort."""

    def sorts(key: str) -> dict[str, str]:
        here = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        return {"sort": href(sort=f"-{key}" if sort == key else key), "sorted": here}

    return [
        Column(_("企业"), "name", **sorts("name")),
        Column(_("信用代码"), width="2xl"),
        Column(_("镇街"), width="l"),
        Column(_("规模"), width="m"),
        Column(_("类别"), width="l"),
        Column(_("人数"), "number", "m", **sorts("staff")),
        Column(_("现在"), "state", "m"),
    ]


def list_row(row: Enterprise) -> Row:
    """Give one enterprise of the list."""
    mark = (_("亿"), _("亿元以上")) if row.over_100m else ("", "")
    cells = (
        Cell("name", row.name, mark=mark[0], mark_title=mark[1]),
        Cell("text", row.uscc or row.uscc_written or "—"),
        Cell("text", jurisdiction.name(row.region)),
        Cell("text", SIZES[row.size]),
        Cell("text", CATEGORIES.get(row.category, "")),
        Cell("number", row.staff),
        Cell("state", standing(row)),
    )
    return Row(str(row.id), row.name, reverse("registry:enterprise", args=[row.id]), cells)


# ------------------------------------------------------------------------------------------------ one enterprise


def facts(row: Enterprise) -> list[Fact]:
    """Give what is known of an enterprise."""
    source = SIZE_SOURCES[row.size_source] + (f"：{row.size_reason}" if row.size_reason else "")
    return [
        Fact(_("统一社会信用代码"), row.uscc or row.uscc_written or _("没有填"), note="" if row.uscc else _("待核")),
        Fact(_("镇街"), jurisdiction.full_name(row.region)),
        Fact(_("规模"), SIZES[row.size] + (_("，亿元以上") if row.over_100m else ""), note=source),
        Fact(_("必需类别"), CATEGORIES.get(row.category, _("一般"))),
        Fact(_("行业代码"), row.industry or "—"),
        Fact(_("员工人数"), _("{staff}人", staff=row.staff)),
        Fact(_("法定代表人"), row.legal_person or "—"),
        Fact(_("地址"), row.address or "—"),
        Fact(_("成立日期"), date_of(row.founded) if row.founded else "—"),
        Fact(_("性质"), _("个体工商户") if row.individual else _("企业")),
    ]


def subject(row: Enterprise, *, actor: Actor, at: datetime) -> SimpleNamespace:
    """Give an enterprise as ui/subject.html draws it."""
    rights = key_rights(row, at)
    notice = None
    if row.provisional and row.closed_at is None:
        says = _("信用代码还没有核准：{why}决定和资金要等核准以后。", why=row.why)
        notice = Notice(says, "ask", link=Link(_("去核准"), reverse("registry:unsettled") + f"#e-{row.id}"))
    return SimpleNamespace(
        id=row.id,
        name=row.name,
        href=reverse("registry:enterprise", args=[row.id]),
        state=standing(row),
        clock=None,
        stands=f"{jurisdiction.name(row.region)} · {SIZES[row.size]}",
        number=row.uscc or "",
        notice=notice,
        back=Link(_("企业"), reverse("registry:enterprises")),
        place="",
        previous="",
        next="",
        tools=[],
        stops=[],
        used=[],
        used_words="",
        facts=facts(row),
        actions=actions(row, actor=actor, at=at),
        whys=[right_why(right) for right in rights],
        whys_note=_("重点名单给的权利和出处") if rights else "",
        checks=[],
        papers=[],
        events=timeline(row),
        events_note="",
        events_kind="date",
        more="",
    )


def right_why(right: KeyRight) -> Why:
    """Say one right of a key list with its origin."""
    opens = listed(OPENS.get(one, one) for one in right.opens) or _("列入名单")
    end = _("，到{isoformat}", isoformat=date_of(right.until)) if right.until else ""
    return Why(
        _("{opens}（{isoformat}起{end}）", opens=opens, isoformat=date_of(right.since), end=end),
        "ok",
        _(plain(LEVELS[right.level])[:1]),
        f"{right.list_name} {right.document}".strip(),
    )


def may(actor: Actor, right: str, row: Any, *, at: datetime) -> bool:
    """Say whether any hat carries the right over a row."""
    return actor.hat_for(right, at=at, on=row) is not None


def actions(row: Enterprise, *, actor: Actor, at: datetime) -> list[Action]:
    """Give what may be done with an enterprise now."""
    if row.closed_at is not None or not may(actor, "registry.edit", row, at=at):
        return []
    page = [
        Action(
            _("更正信息"),
            _("更正"),
            reverse("registry:change", args=[row.id]),
            (_("改规模、类别、名称要写理由，会留在经过里。"),),
            opens=True,
        ),
        Action(_("增加场所"), _("增加"), reverse("registry:add_site", args=[row.id]), (_("复工按场所所在的区域定。"),), opens=True),
        Action(
            _("增加联系人"),
            _("增加"),
            reverse("registry:add_contact", args=[row.id]),
            (_("用手机号码登录，看得到这家企业的全部办理。"),),
            opens=True,
        ),
    ]
    if row.provisional:
        first = Action(
            _("核准信用代码"),
            _("去核准"),
            reverse("registry:unsettled") + f"#e-{row.id}",
            (_("核准后才能作决定。"),),
            kind="main",
            opens=True,
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
        note = listed(FIELDS.get(name, name) for name in entry.data.get("changed", "").split(",") if name)
        why = entry.data.get("why", "")
        words = listed(filter(None, [note, why]), "：")
        when = say_day(entry.at, at=days, with_weekday=False) if days else entry.at
        events.append(Event(when, (_("更正掉：") if entry.reverses else "") + word, listed(filter(None, [words, entry.actor_name]), "，")))
    return events


SITE_COLUMNS = [Column(_("场所"), "name"), Column(_("类别"), width="l"), Column(_("镇街"), width="xl"), Column(_("地址"))]


def site_row(site: Site) -> Row:
    """Give one site."""
    place = str(jurisdiction.full_name(site.region))
    cells = (
        Cell("text", site.name),
        Cell("text", SITE_KINDS.get(site.kind, site.kind)),
        # An address that begins with its place says it already.
        Cell("text", "" if site.address.startswith(place) else place),
        Cell("text", site.address or "—"),
    )
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
        "when": _("{since}起", since=date_of(since))
        if until is None
        else _("{since}到{until}", since=date_of(since), until=date_of(until)),
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
    Column(_("名单"), "name"),
    Column(_("级别"), width="m"),
    Column(_("可享受"), width="2xl"),
    Column(_("文号")),
    Column(_("起止"), width="2xl"),
]


def key_list_row(row: KeyList) -> Row:
    """Give one key list."""
    end = date_of(row.until) if row.until else _("未定")
    cells = (
        Cell("name", row.name),
        Cell("text", LEVELS[row.level]),
        Cell("text", listed(OPENS.get(o, o) for o in row.opens)),
        Cell("text", row.document or row.issuer),
        Cell("text", _("{isoformat}到{end}", isoformat=date_of(row.since), end=end)),
    )
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
    Column(_("专班"), "name"),
    Column(_("类别"), width="l"),
    Column(_("地区"), width="l"),
    Column(_("成员"), "number", "m"),
    Column(_("起"), "time", "xl"),
    Column(_("现在"), "state", "l"),
]


def force_state(force: TaskForce, *, at: datetime) -> State:
    """Say whether a task force still stands."""
    return State(_("已撤销"), "idle", "x") if force.until and force.until <= at else State(_("在岗"), "ok", "ok")


def force_row(force: TaskForce, members: int, *, at: datetime) -> Row:
    """Give one task force."""
    cells = (
        Cell("name", force.name),
        Cell("text", FORCE_KINDS.get(force.kind, force.kind)),
        Cell("text", jurisdiction.name(force.place)),
        Cell("number", members),
        Cell("time", force.since),
        Cell("state", force_state(force, at=at)),
    )
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
        return State(_("已离职"), "idle", "x")
    if worker.returned_on:
        return State(_("已返回"), "ok", "ok")
    if worker.dissuaded_on:
        return State(_("已劝缓回"), "ask", "clock")
    if worker.plans_return_on:
        return State(_("计划返回"), "info", "half")
    return State(_("已返乡"), "info", "half") if worker.went_home_on else State(_("在名单"), "idle", "ring")


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
        (_("返乡"), worker.went_home_on),
        (_("计划返回"), worker.plans_return_on),
        (_("劝缓回"), worker.dissuaded_on),
        (_("返回"), worker.returned_on),
        ({"cdc": _("集中安置"), "home": _("居家安置")}.get(worker.observed, _("安置")), worker.observed_on),
    )
    facts = [Fact(_("来源"), PROVINCES.get(worker.origin_province, _("没有填")) + worker.origin_city)]
    return [*facts, *(Fact(word, day_of(day)) for word, day in days if day)]


def search_field(q: str) -> Field:
    """Give the search box of a list."""
    return Field("q", _("查找"), value=q, placeholder=_("名称、信用代码或联系人手机号码"), required=False)


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
        "name": values["name"],
        "title": values["title"] or "",
        "unit": values["unit"] or "",
        "role": role.label if role else values["role"],
        "place": jurisdiction.full_name(values["place"] or region),
        "phone": mask_phone(str(phone)),
    }
