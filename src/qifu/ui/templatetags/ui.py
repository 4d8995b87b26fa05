"""Tags for the parts that stand a hundred times on a page (icon, badge, clock, cell) and filters for words."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qifu.kernel.calendar import clock as kernel_clock
from qifu.ui import chat, words
from qifu.ui.parts import Cell, Clock, Row, State

register = template.Library()


@cache
def strokes() -> dict[str, SafeString]:
    """Give what each icon is drawn with, by its name."""
    found = re.findall(r'<symbol id="i-([a-z]+)" viewBox="0 0 24 24">(.*?)</symbol>', render_to_string("ui/icons.svg"))
    return {name: mark_safe(drawn) for name, drawn in found}  # the house's own file


@lru_cache(maxsize=512)
def _icon(name: str, tone: str, size: str) -> SafeString:
    return format_html(
        '<svg class="ico{}{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f" {tone}" if tone else "",
        f" ico--{size}" if size else "",
        strokes().get(name, ""),
    )


@register.simple_tag(name="icon")
def icon(name: str, tone: str = "", size: str = "") -> SafeString:
    """Draw an icon. It is never read aloud: the word stands beside it.

    Its strokes stand in place: each reference to a sprite is a tree of its own for the browser, a tenth of a list's drawing."""
    return _icon(name, tone, size)


@lru_cache(maxsize=512)
def _badge(tone: str, drawn: str, word: str) -> SafeString:
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, _icon(drawn, "", ""), word)


@register.simple_tag(name="badge")
def badge(state: State | str, tone: str = "idle", name: str = "") -> SafeString:
    """Draw a state: colour, icon and word."""
    shown = state if isinstance(state, State) else State(str(state), tone, name)
    return _badge(shown.tone, shown.drawn, str(shown.word))


def _now(context: Context) -> datetime:
    frame = context.get("frame")
    return frame.now if frame is not None else kernel_clock.now()


def _html(pattern: str, *values: Any) -> SafeString:
    """Fill a pattern as `format_html` does, without its care for lazy texts: a list draws thousands of these."""
    return SafeString(pattern.format(*(value if type(value) is SafeString else escape(str(value)) for value in values)))


def _clock(value: Clock, at: datetime, style: str = "left") -> SafeString:
    said = words.say_left(value.due, at=at, waits_for=value.waits_for, done_at=value.done_at)
    word = said.title if style == "by" and value.due and said.tone in ("", "soon") else said.word
    return _html(
        '<span class="clock{}"{}>{}{}</span>',
        f" clock--{said.tone}" if said.tone else "",
        _html(' title="{}{}"', said.title, f"\n{value.because}" if value.because else "") if said.title else "",
        icon(said.icon),
        word,
    )


@register.simple_tag(name="left", takes_context=True)
def left(
    context: Context,
    due: datetime | Clock | None,
    waits_for: str = "",
    done_at: datetime | None = None,
    style: str = "left",
) -> SafeString:
    """Draw the time left of a deadline (exclusive), in the page's own time; style `by` says the deadline instead."""
    value = due if isinstance(due, Clock) else Clock(due, waits_for, done_at)
    return _clock(value, _now(context), style)


@register.simple_tag(name="moment", takes_context=True)
def moment(context: Context, value: datetime | str | None, style: str = "short") -> SafeString:
    """Say a moment inside <time>; a text is left as it is."""
    if value is None or value == "":
        return mark_safe("—")
    return _moment(value, _now(context), style)


@register.filter(name="day")
def day(value: date | datetime | None) -> str:
    """Say a day: 2月16日."""
    return str(words.day_of(value)) if value else ""


@register.simple_tag(name="deadline", takes_context=True)
def deadline(context: Context, due: datetime) -> str:
    """Say a deadline: 今天18:00前."""
    return words.say_deadline(due, at=_now(context))


@register.simple_tag(name="cells", takes_context=True)
def cells(context: Context, row: Row) -> SafeString:
    """Draw all cells of a row."""
    at = _now(context)
    return mark_safe("".join(_cell(value, row.href, at) for value in row.cells))


def _moment(value: datetime | str, at: datetime, style: str) -> SafeString:
    if isinstance(value, str):
        return _html("<time>{}</time>", value)
    full = words.say_moment(value, at=at, style="full")
    said = words.say_moment(value, at=at, style=style)
    return _html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, said)


def _cell(value: Cell, href: str, at: datetime) -> SafeString:
    """Draw one table cell by its kind; the name cell carries the row's link."""
    drop = f" k-{value.kind}" + (" is-dropped" if value.drop else "")
    match value.kind:
        case "name":
            mark = _html(' <span class="mark" title="{}">{}</span>', value.mark_title, value.mark) if value.mark else ""
            if not href:
                return _html('<td class="clip name{}">{}{}</td>', drop, value.value, mark)
            return _html('<td class="clip name{}{}"><a href="{}">{}</a>{}</td>', " has-mark" if mark else "", drop, href, value.value, mark)
        case "state":
            return _html('<td class="{}">{}</td>', drop.strip(), badge(value.value))
        case "clock":
            return _html('<td class="k-clock">{}</td>', _clock(value.value, at) if value.value else "—")
        case "number":
            return _html('<td class="is-num{}">{}</td>', drop, words.say_number(value.value))
        case "time":
            return _html('<td class="is-num quiet{}">{}</td>', drop, _moment(value.value, at, "short") if value.value else "—")
        case "owner":
            return _html('<td class="clip {}{}">{}</td>', "strong" if value.strong else "quiet", drop, value.value)
        case _:
            return _html('<td class="clip quiet{}">{}</td>', drop, value.value)


@register.filter(name="dated")
def dated(value: date | datetime | None) -> str:
    """Say a day with its year: 2020年2月16日."""
    return str(words.date_of(value)) if value else ""


@register.filter(name="mask")
def mask(value: str, kind: str = "") -> str:
    """Mask a phone, ID number or code; `:"name"` masks a person's name."""
    return words.mask(value, kind=kind)


@register.filter(name="inwechat")
def inwechat(request: HttpRequest | None) -> bool:
    """`request|inwechat`: whether the page is read where nothing can be downloaded or printed."""
    return request is not None and chat.in_wechat(request)


@register.filter(name="number")
def number(value: int | float | None, cap: int | str = "") -> str:
    """Say a number with thousands separated; `|number:999` says 999+ above it."""
    return words.say_number(value, cap=int(cap) if cap != "" else None)


@register.filter(name="yuan")
def yuan(fen: int | None) -> str:
    """Say integer fen in yuan."""
    return words.say_yuan(fen)


@register.filter(name="plusone")
def plusone(value: int) -> int:
    """Count from one."""
    return value + 1


@register.simple_tag(name="bar")
def bar(shares: Any, label: str = "", height: int = 12) -> SafeString:
    """Draw a bar whose parts add up. SVG lengths, because a strict page allows no inline style."""
    parts = [share for share in shares if share.size > 0]
    total = sum(share.size for share in parts) or 1
    room = 1000 - 3 * (len(parts) - 1)
    drawn, x = [], 0.0
    for share in parts:
        width = max(6.0, room * share.size / total)
        drawn.append((x, width, share))
        x += width + 3
    scale = 1000 / max(x - 3, 1)
    rects = "".join(
        format_html(
            '<rect class="t-{}" x="{}" width="{}" height="{}"><title>{}</title></rect>',
            share.tone,
            f"{at * scale:.1f}",
            f"{width * scale:.1f}",
            height,
            f"{share.word} {share.size:,}",
        )
        for at, width, share in drawn
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 {0}" preserveAspectRatio="none" height="{0}" role="img" aria-label="{1}">{2}</svg>',
        height,
        label or "、".join(f"{share.word} {share.size:,}" for share in parts) or "—",
        mark_safe(rects),
    )


@register.simple_tag(name="meter")
def meter(part: float, tone: str = "info", label: str = "") -> SafeString:
    """Draw how much of a whole, 0 to 100."""
    width = min(max(float(part), 0.0), 100.0)
    return format_html(
        '<svg class="bar bar--meter" viewBox="0 0 100 6" preserveAspectRatio="none" height="6" role="img" aria-label="{}">'
        '<rect class="t-rest" width="100" height="6"/><rect class="t-{}" width="{}" height="6"/></svg>',
        label,
        tone,
        f"{width:.1f}",
    )


@register.simple_tag(name="notice_icon")
def notice_icon(tone: str) -> SafeString:
    """Draw the icon of a notice's tone."""
    return icon({"ok": "ok", "ask": "info", "stop": "alert"}.get(tone, "info"))


@register.simple_tag(name="why_icon")
def why_icon(tone: str) -> SafeString:
    """Draw the icon of a rule's result."""
    return icon({"ok": "ok", "ask": "alert", "stop": "no", "info": "clock"}.get(tone, "ring"), tone)


@register.simple_tag(name="opens")
def opens(text: str, href: str, id: str = "", here: bool = False) -> SafeString:
    """Draw a number in a sentence that opens its rows; no space before or after it."""
    return format_html(
        '<a class="u{}"{} href="{}"{}>{}</a>',
        " is-open" if here else "",
        format_html(' id="{}"', id) if id else "",
        href,
        mark_safe(' aria-current="true"') if here else "",
        text,
    )


@register.simple_tag(name="badge_word")
def badge_word(state: State) -> SafeString:
    """Draw a state without its icon, where the row's own icon already says it."""
    return format_html('<span class="badge badge--{} badge--word">{}</span>', state.tone, state.word)


@register.simple_tag(name="described")
def described(field: Any) -> SafeString:
    """Tie a control to its hint and its error for screen readers."""
    ids = [f"h-{field.name}"] if field.hint else []
    if not field.error:
        return format_html(' aria-describedby="{}"', ids[0]) if ids else mark_safe("")
    return format_html(' aria-invalid="true" aria-describedby="{}"', " ".join([*ids, f"e-{field.name}"]))


@register.filter(name="bad")
def bad(fields: Any) -> list[Any]:
    """Keep the fields with an error."""
    return [field for field in fields or () if field.error]


@register.filter(name="sentences")
def sentences(said: Any) -> str:
    """Put sentences one after the other: Chinese leaves no space between them, and one without its stop gets a semicolon."""
    chinese, found = (get_language() or "zh").startswith("zh"), ""
    for one in map(str, said or ()):
        ended = not found or found.endswith(("。", "；", "？", ".", ";", "?"))
        found += ("" if ended else "；" if chinese else ";") + ("" if chinese or not found else " ") + one
    return found


@register.filter(name="rungs")
def rungs(of: int, done: int) -> list[bool]:
    """Say for each of so many steps whether it is done."""
    return [index < int(done) for index in range(int(of))]


@register.simple_tag(name="map_icon")
def map_icon(tone: str) -> SafeString:
    """Draw how sure a guess is."""
    return icon({"ok": "check", "ask": "alert", "stop": "no"}.get(tone, "minus"), tone if tone != "idle" else "idle")
