"""Builds the parts that the pages of response draw; everything here is already in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import listed, retold
from qifu.kernel.language import said as _
from qifu.kernel.values import read_whole
from qifu.ui.parts import Action, Cell, Column, Event, Fact, Field, Option, Row, State

from . import levels, rules
from .api import Effects
from .models import ControlArea, Incident, Measure, Notice, Proposal
from .packs import Origin, Pack
from .process import AREAS, PROPOSALS

TONES = {"red": "stop", "orange": "stop", "yellow": "ask", "blue": "info"}


def moment(at: datetime | None) -> str:
    """Say an instant as a field holds it: 2020-02-10 08:00."""
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


def level_state(pack: Pack, code: str) -> State:
    """Give the level as a badge."""
    level = pack.level(code)
    return State(level.name, TONES.get(level.colour, "info"), "alert")


def day_cell(at: datetime | None) -> Cell:
    """Draw the day of an instant; the whole instant stands in its title."""
    if at is None:
        return Cell("owner", "—")
    return Cell(
        "owner", format_html('<span title="{}">{}</span>', moment(at), _("{month}月{day}日", month=local(at).month, day=local(at).day))
    )


def text_cell(text: str) -> Cell:
    """Draw a text that may be cut off; the whole of it stands in its title."""
    return Cell("text", format_html('<span title="{}">{}</span>', text, text))


def origin_cell(origin: Origin) -> Cell:
    """Draw an origin with the badge of its level: 省《……的通知》."""
    paper = (origin.document or origin.issuer) + origin.article
    return Cell("text", format_html('<span title="{}"><span class="level">{}</span>{}</span>', paper, origin.badge, paper))


# ---------------------------------------------------------------- the crisis on one page

_MEASURE = (
    Column(_("内容")),
    Column(_("出处"), width="2xl"),
    Column(_("地方"), "owner", "s"),
    Column(_("起"), "owner", "m"),
    Column(_("止"), "owner", "m"),
)
MEASURES = (Column(_("措施"), "name", "2xl"), *_MEASURE)
AREAS_COLUMNS = (
    Column(_("区域"), "name"),
    Column(_("类别"), "state", "xl"),
    Column(_("文号"), width="2xl"),
    Column(_("生效"), "time", "xl"),
)
LINES = (Column(_("措施"), width="xl"), *_MEASURE)


def measure_row(row: Measure) -> Row:
    """Give one version as a row."""
    mark, why = (
        (_("严"), _("比上级规定更严：{reason}，{approved_by_name}同意", reason=row.reason, approved_by_name=row.approved_by_name))
        if row.stricter
        else ("", "")
    )
    if row.base_id is not None and not row.stricter:
        mark, why = _("本"), _("本地调整：{reason}", reason=row.reason) if row.reason else _("本地调整")
    where = jurisdiction.name(row.place) if row.place else _("全范围")
    return Row(
        str(row.id),
        row.title,
        reverse("response:measure", args=[row.id]),
        (
            Cell("name", row.title, mark=mark, mark_title=why),
            text_cell(row.said),
            origin_cell(Origin(row.origin_level, row.origin_issuer, row.origin_document, row.origin_article)),
            Cell("owner", where),
            day_cell(row.since),
            day_cell(row.ends_at),
        ),
    )


def line_row(line: levels.Line) -> Row:
    """Give one line of a preview as a row."""
    return Row(
        line.title,
        line.title,
        "",
        (
            text_cell(line.title),
            text_cell(f"{line.said}（{line.why}）" if line.why else line.said),
            origin_cell(line.origin),
            Cell("owner", line.place_name),
            day_cell(line.since),
            day_cell(line.until),
        ),
    )


def area_state(area: ControlArea) -> State:
    """Give the class of an area as a badge."""
    tone = {"refuse": "stop", "condition": "ask", "allow": "info"}[area.effect("resume")]
    return State(area.class_label if area.state == "in_force" else f"{area.class_label}·{AREAS.states[area.state]}", tone)


def area_row(area: ControlArea) -> Row:
    """Give an area as a row."""
    return Row(
        str(area.id),
        area.name,
        reverse("response:area", args=[area.id]),
        (Cell("name", area.name), Cell("state", area_state(area)), Cell("text", area.document), Cell("time", local(area.since))),
    )


def proposal_row(one: Proposal) -> Row:
    """Give what waits for an answer as a row."""
    return Row(
        str(one.id),
        one.base.title,
        reverse("response:proposal", args=[one.id]),
        (
            Cell("name", one.base.title, mark=_("严") if one.stricter else ""),
            Cell("text", rules.said(one.base.kind, one.params)),
            Cell("text", one.reason or one.document),
            Cell("owner", one.asked_by_name),
            Cell("time", local(one.state_at)),
        ),
    )


PROPOSALS_COLUMNS = (
    Column(_("措施"), "name", "2xl"),
    Column(_("改成")),
    Column(_("原因"), width="2xl"),
    Column(_("报批人"), "owner", "m"),
    Column(_("时间"), "time", "l"),
)


def told(notices: Iterable[Notice]) -> list[Event]:
    """Give what was told as a timeline."""
    return [Event(local(one.at), one.text, one.by_name) for one in notices]


def overview_actions(incident: Incident, actor: Actor, *, at: datetime) -> list[Action]:
    """Give what may be done about an incident, each allowed or with its reason."""
    own = f"?incident={incident.id}"
    offered = [
        ("response.level", _("调整级别"), reverse("response:level") + own, _("先看会启动和停止哪些措施，再确认。"), "main"),
        ("response.zone", _("划定区域"), reverse("response:draw") + own, _("先列出影响，再生效。"), "plain"),
        ("response.level", _("结束响应"), reverse("response:end") + own, _("所有措施停止，区域解除。"), "danger"),
    ]
    return [
        Action(name, href=href, then=(then,), kind=kind, opens=True)
        if actor.hat_for(right, at=at, on=incident)
        else Action(name, refused=_("您没有这项职责。"), who=_("由防控办或指挥部办理。"))
        for right, name, href, then, kind in offered
    ]


# ---------------------------------------------------------------- forms


def adjust_fields(lines: Iterable[levels.Line], given: Mapping[str, str]) -> list[Field]:
    """Give the fields for what a pack leaves open among the measures that begin."""
    fields: dict[str, Field] = {}
    for line in lines:
        d = line.definition
        for path in d.adjust if d else ():
            assert d is not None
            name = f"adjust.{d.key}.{path}"
            value = given.get(name) or shown_value((line.value or {}).get(path))
            ways = [Option(code, word) for code, word in rules.REGIMES.items()] if path == "regime" else []
            fields.setdefault(
                name,
                Field(
                    name,
                    _("办理方式") if ways else f"{line.title}：{PATHS.get(path, path)}",
                    "select" if ways else "text",
                    value=value,
                    hint=HINTS.get(path, ""),
                    options=ways,
                    required=False,
                ),
            )
    return list(fields.values())


PATHS = {"at": _("时刻"), "industries": _("行业代码"), "order": _("次序"), "lists": _("名单级别"), "regime": _("办理方式")}
HINTS = {
    "at": _("写成 2020-02-10 08:00。"),
    "industries": _("GB/T 4754 代码开头，用空格分开。"),
    "order": _("先的在前：listed 名单内、essential 保障类、over_100m 亿元以上、above 规上、small 规下。"),
    "lists": _("用空格分开：state 国家、province 省、city 市、district 区。"),
}


def shown_value(value: Any) -> str:
    """Give a value as a text field holds it."""
    if isinstance(value, list):
        return listed((str(one) for one in value), " ")
    try:
        return moment(rules.instant(value))
    except (ValueError, TypeError):
        return "" if value is None else str(value)


def value_fields(measure: Measure, essentials: Mapping[str, str], given: Mapping[str, Any] | None = None) -> list[Field]:
    """Give the fields in which the value of a measure is changed, by its kind."""
    now: Mapping[str, Any] = {**measure.params, **(given or {})}
    match measure.kind:
        case "not_before":
            return [Field("at", _("最早时刻"), value=shown_value(now["at"]), hint=HINTS["at"])]
        case "excluded_trades":
            return [
                Field("industries", _("暂不受理的行业"), value=shown_value(now["industries"]), hint=HINTS["industries"], required=False)
            ]
        case "regime":
            ways = [Option(code, word, on=now["regime"] == code) for code, word in rules.REGIMES.items()]
            kinds = [Option(code, word, on=code in now.get("categories", ())) for code, word in essentials.items()]
            return [
                Field("regime", _("办理方式"), "choice", options=ways, value=now["regime"]),
                Field("categories", _("只对这些企业"), "ticks", options=kinds, hint=_("都不选就是全部企业。"), required=False),
            ]
        case "essentials":
            codes = {row["code"] for row in now["categories"]}
            rows = measure.params["categories"]
            kinds = [Option(row["code"], retold(row["name"]), retold(row.get("why", "")), row["code"] in codes) for row in rows]
            return [Field("categories", _("可以提前的类别"), "ticks", options=kinds, required=False)]
        case "decides":
            sizes = {"above": _("规上企业"), "limit_above": _("限上企业"), "small": _("规下企业")}
            who = {"town": _("镇街、开发区"), "district": _("区县")}
            return [
                Field(f"by_size.{size}", sizes[size], "select", value=decides, options=[Option(code, word) for code, word in who.items()])
                for size, decides in sorted(now["by_size"].items(), key=lambda one: rules.SIZES.index(one[0]))
            ]
        case "same_day":
            words = {"accept": _("受理"), "assess": _("评估")}
            return [
                Field(f"days.{step}", words.get(step, step), "number", value=days, unit=_("天内（0为当天）")) for step, days in now.items()
            ]
        case "pass_validity":
            return [Field("days", _("几天有效"), "number", value=now["days"], unit=_("天"))]
        case "hearing":
            return [Field("hours", _("几小时内可以陈述"), "number", value=now["hours"], unit=_("小时"))]
        case "priority_scope":
            named = now.get("lists", ())
            lists = [
                Option(code, _("{word}级名单", word=word), on=code in named) for code, word in rules.LEVEL_WORDS.items() if code != "town"
            ]
            return [
                Field("order", _("次序"), value=shown_value(now["order"]), hint=HINTS["order"]),
                Field("lists", _("优先的名单"), "ticks", options=lists, required=False),
            ]
        case "checklist":
            must = {row["code"] for row in now.get("items", ()) if row.get("required")}
            items = [Option(row["code"], row["name"], row["ask"], row["code"] in must) for row in measure.params.get("items", ())]
            return [Field("required", _("必须达到的项目"), "ticks", options=items, hint=_("不选的只记录，不影响结果。"), required=False)]
        case _:
            return []


def value_given(measure: Measure, posted: Any) -> dict[str, Any]:
    """Give the value that a form holds (a QueryDict), by its kind."""
    match measure.kind:
        case "regime":
            return {"regime": posted.get("regime", ""), "categories": posted.getlist("categories")}
        case "essentials":
            chosen = set(posted.getlist("categories"))
            return {"categories": [row for row in measure.params["categories"] if row["code"] in chosen]}
        case "decides":
            return {"by_size": {size: posted.get(f"by_size.{size}", who) for size, who in measure.params["by_size"].items()}}
        case "same_day":
            days = {step: posted.get(f"days.{step}", "") for step in measure.params}
            return {step: text if (number := read_whole(text)) is None else number for step, text in days.items()}
        case "pass_validity" | "hearing":
            typed = {name: posted.get(name, "").strip() for name in measure.params}
            return {name: int(text) if text.isdecimal() and len(text) < 6 else text for name, text in typed.items()}
        case "checklist":
            must = set(posted.getlist("required"))
            return {"items": [row | {"required": row["code"] in must} for row in measure.params.get("items", ())]}
        case "priority_scope":
            return {"order": posted.get("order", ""), "lists": posted.getlist("lists")}
        case _:
            return {name: posted[name] for name in ("at", "industries") if name in posted and name in measure.params}


def with_errors(fields: Sequence[Field], errors: Mapping[str, str] | None) -> list[Field]:
    """Put the sentences of a refusal beside their fields."""
    from dataclasses import replace

    return [replace(one, error=(errors or {}).get(one.name, "")) for one in fields]


# ---------------------------------------------------------------- one measure, one area, one proposal


def measure_facts(row: Measure) -> list[Fact]:
    """Give what is known of a version."""
    by = {"free": _("可以自行调整"), "approval": _("要上一级同意"), "forbidden": _("不可以")}
    limits = row.limits
    who = listed(rules.LEVEL_WORDS[level] for level in limits.get("by", ())) or _("各级都不可以改")
    facts = [
        Fact(_("内容"), row.said),
        Fact(_("出处"), row.origin_says),
        Fact(_("地方"), jurisdiction.name(row.place) if row.place else _("整个事件范围")),
        Fact(_("起"), moment(row.since)),
        Fact(_("止"), moment(row.ends_at) or _("随级别")),
        Fact(_("可以改的级别"), who),
        Fact(_("放宽"), by[limits.get("looser", "forbidden")]),
        Fact(_("加严"), by[limits.get("stricter", "forbidden")]),
        Fact(_("设定"), f"{row.set_by_name} {moment(row.set_at)}"),
    ]
    if row.reason:
        facts.append(Fact(_("原因"), row.reason))
    if row.approved_by_name:
        facts.append(Fact(_("同意"), f"{row.approved_by_name} {moment(row.approved_at)}"))
    return facts


def versions_told(rows: Iterable[Measure], current: Measure) -> list[Event]:
    """Give the versions of a measure as a timeline."""
    ended = {"level": _("随级别停止"), "replaced": _("由后一版替代"), "taken_back": _("收回"), "incident_ended": _("事件结束")}
    return [
        Event(
            local(row.since),
            _("{name}：{said}", name=jurisdiction.name(row.place) if row.place else _("整个范围"), said=row.said),
            listed(filter(None, [row.origin_says, f"{moment(row.off_at)}{ended.get(row.off_because, '')}" if row.off_at else ""]), "，"),
            tone="now" if row.id == current.id else "",
        )
        for row in rows
    ]


def ground_words(area: ControlArea) -> str:
    """Say the ground of an area."""
    names = listed(jurisdiction.full_name(one) for one in area.places)
    return listed(filter(None, [names, _("{n}处场所", n=len(area.sites)) if area.sites else ""]), "；")


def effects_parts(effects: Effects) -> list[tuple[str, int, str, list[Row], int]]:
    """Give each part of the effects: title, how many, note, rows shown, how many more."""
    return [
        (
            part.title,
            part.count,
            part.note,
            [
                Row(str(n), row.label, row.url, (Cell("name", row.label) if row.url else Cell("text", row.label), Cell("text", row.what)))
                for n, row in enumerate(part.rows)
            ],
            part.count - len(part.rows),
        )
        for part in effects.parts
    ]


EFFECT_COLUMNS = (Column(_("哪一处")), Column(_("怎么办"), width="2xl"))


def answers(one: Proposal, actor: Actor, *, at: datetime) -> list[Action]:
    """Give the possible answers to a proposal, each allowed or with its reason."""
    kinds = {"approve": "main", "refuse": "danger", "withdraw": "plain"}
    return [
        Action(
            choice.move.label,
            href=reverse("response:answer", args=[one.id, choice.move.verb]),
            then=(choice.move.then,),
            kind=kinds[choice.move.verb],
        )
        if choice.allowed
        else refused(choice.move.label, choice.refusal)
        for choice in PROPOSALS.possible(one, actor=actor, at=at)
    ]


def refused(name: str, refusal: ActionRefused | None) -> Action:
    """Draw what may not be done, with its reason."""
    return Action(name, refused=refusal.says if refusal else "", who=refusal.fix if refusal else "")


def area_actions(area: ControlArea, actor: Actor, *, at: datetime) -> list[Action]:
    """Give what may be done with an area."""
    kinds = {"confirm": "main", "lift": "main", "drop": "plain"}
    return [
        Action(
            choice.move.label,
            href=reverse("response:move_area", args=[area.id, choice.move.verb]),
            then=(choice.move.then,),
            kind=kinds[choice.move.verb],
            opens=choice.move.verb == "lift",
        )
        if choice.allowed
        else refused(choice.move.label, choice.refusal)
        for choice in AREAS.possible(area, actor=actor, at=at)
    ]
