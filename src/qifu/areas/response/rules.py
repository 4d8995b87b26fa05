"""What a measure may say, and whether one version of it is stricter than another. Pure: no tables, no clock.

A lower level may not add layers (FEATURES 2.15), so that every kind says here what "stricter" means for it. A kind that
is not known counts any change as stricter: who cannot tell asks above."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qifu.kernel.language import listed, plain, retold
from qifu.kernel.language import said as _

RANKS = ("state", "province", "city", "district", "town")
"""Levels of origin, the highest first."""
LEVEL_WORDS = {"state": _("国家"), "province": _("省"), "city": _("市"), "district": _("区"), "town": _("镇街")}
BADGES = {"state": _("国"), "province": _("省"), "city": _("市"), "district": _("区"), "town": _("镇")}
REGIMES = {"none": _("无须办理"), "filing": _("备案加承诺"), "approval": _("审批")}
"""The regimes by how much they ask of the applicant, the least first."""
EFFECTS = {"allow": _("可以"), "condition": _("附条件"), "refuse": _("不可以")}
"""What an area does to an activity, the mildest first."""
ACTIVITIES = {"resume": _("复工"), "enter": _("进入"), "leave": _("离开"), "gather": _("聚集"), "goods": _("运货")}
POLICIES = ("free", "approval", "forbidden")
DECIDERS = ("town", "district")
SIZES = ("above", "limit_above", "small")


@dataclass(frozen=True, slots=True)
class Change:
    """How one version differs from another: both may be true at once; both false means the same for the applicant."""

    stricter: bool = False
    looser: bool = False

    @property
    def same(self) -> bool:
        return not (self.stricter or self.looser)


def rank(level: str) -> int:
    """Give the rank of a level of origin: 0 is the highest."""
    return RANKS.index(level)


def level_of_kind(kind: str) -> str:
    """Give the level of a place by its kind; a development zone or park acts as a town does (DOMAIN section 10)."""
    return {"province": "province", "city": "city", "district": "district"}.get(kind, "town")


def instant(text: Any) -> datetime:
    """Read an instant with its zone. Refuses ValueError."""
    at = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return at


# ---------------------------------------------------------------- what a value may be


def problems(kind: str, value: Any) -> list[str]:
    """Say what is wrong with the value of a measure, in Chinese; empty is right."""
    if not isinstance(value, Mapping):
        return [_("value 要是一组“名称：内容”")]
    check = _CHECKS.get(kind)
    return list(check(value)) if check else []


def _not_before(value: Mapping[str, Any]) -> Iterable[str]:
    try:
        instant(value.get("at"))
    except ValueError:
        yield _("at 要写成 2020-02-10T00:00:00+08:00 这样带时区的时刻")


def _essentials(value: Mapping[str, Any]) -> Iterable[str]:
    rows = value.get("categories")
    if not isinstance(rows, list) or not all(isinstance(r, Mapping) and r.get("code") and r.get("name") for r in rows):
        yield _("categories 要是一列，每项有 code 和 name")
    elif len({r["code"] for r in rows}) != len(rows):
        yield _("categories 里有重复的 code")


def _excluded(value: Mapping[str, Any]) -> Iterable[str]:
    rows = value.get("industries")
    if not isinstance(rows, list) or not all(isinstance(r, str) and r for r in rows):
        yield _("industries 要是一列行业代码开头")


def _regime(value: Mapping[str, Any]) -> Iterable[str]:
    if value.get("regime") not in REGIMES:
        yield _("regime 只能是 {names}", names=listed(REGIMES))
    if not isinstance(value.get("categories", []), list):
        yield _("categories 要是一列")


def _decides(value: Mapping[str, Any]) -> Iterable[str]:
    by_size = value.get("by_size")
    if not isinstance(by_size, Mapping) or not by_size:
        yield _("by_size 要写明每类规模由谁决定")
        return
    for size, who in by_size.items():
        if size not in SIZES:
            yield _("by_size 里的“{size}”不是规模", size=size)
        if who not in DECIDERS:
            yield _("by_size.{size} 只能是 {names}", size=size, names=listed(DECIDERS))


def _same_day(value: Mapping[str, Any]) -> Iterable[str]:
    for step, days in value.items():
        if isinstance(days, bool) or not isinstance(days, int) or days < 0:
            yield _("{step} 要是天数（0 为当日）", step=step)


def _whole(name: str, most: int) -> Callable[[Mapping[str, Any]], Iterable[str]]:
    def check(value: Mapping[str, Any]) -> Iterable[str]:
        number = value.get(name)
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
            yield _("{name} 要是1到{most}的整数", name=name, most=most)

    return check


def _area(value: Mapping[str, Any]) -> Iterable[str]:
    if not value.get("area"):
        yield _("area 要写区域代号")
    effects = value.get("effects")
    if not isinstance(effects, Mapping) or not effects:
        yield _("effects 要写明影响")
        return
    condition = value.get("condition")
    if condition is not None and (not isinstance(condition, Mapping) or set(condition) - {"code", "name"}):
        yield _("condition 只有 code 和 name（文字里有逗号的，加引号）")
    for activity, effect in effects.items():
        if effect not in EFFECTS:
            yield _("effects.{activity} 只能是 {names}", activity=activity, names=listed(EFFECTS))


def _priority(value: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value.get("order"), list):
        yield _("order 要是一列次序")


def _file(value: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value.get("file"), str):
        yield _("file 要写文件名")


def _files(value: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value.get("files"), Mapping):
        yield _("files 要写明每种办理方式的文件")
    elif not isinstance(value.get("by_hand", []), list) or set(value.get("by_hand", [])) - set(value["files"]):
        yield _("by_hand 要是 files 里的几种办理方式")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
    "not_before": _not_before,
    "essentials": _essentials,
    "excluded_trades": _excluded,
    "regime": _regime,
    "decides": _decides,
    "same_day": _same_day,
    "area": _area,
    "priority_scope": _priority,
    "checklist": _file,
    "undertaking": _files,
    "pass_validity": _whole("days", 90),
    "hearing": _whole("hours", 240),
}
KINDS = tuple(_CHECKS)


# ---------------------------------------------------------------- stricter or looser


def compare(kind: str, base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    """Say how `value` departs from `base`, both of one kind, for whoever must live by it."""
    if dict(base) == dict(value):
        return Change()
    return _COMPARE.get(kind, _any_change)(base, value)


def _any_change(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    return Change(stricter=True)


def _later(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    was, now = instant(base["at"]), instant(value["at"])
    return Change(stricter=now > was, looser=now < was)


def _fewer(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    was, now = ({row["code"] for row in side["categories"]} for side in (base, value))
    needs_was, needs_now = (set(side.get("needs", ())) for side in (base, value))
    return Change(stricter=bool(was - now or needs_now - needs_was), looser=bool(now - was or needs_was - needs_now))


def covered(code: str, prefixes: Iterable[str]) -> bool:
    """Say whether an industry code lies under one of the prefixes."""
    return any(code.startswith(prefix) for prefix in prefixes)


def _more_trades(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    was, now = base["industries"], value["industries"]
    return Change(
        stricter=any(not covered(code, was) for code in now),
        looser=any(not covered(code, now) for code in was),
    )


def _heavier(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    order = list(REGIMES)
    was, now = order.index(base["regime"]), order.index(value["regime"])
    return Change(stricter=now > was, looser=now < was)


def _higher(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    sizes = set(base["by_size"]) | set(value["by_size"])
    steps = [
        DECIDERS.index(value["by_size"].get(size, "district")) - DECIDERS.index(base["by_size"].get(size, "district")) for size in sizes
    ]
    added = set(value.get("town_forwards", ())) - set(base.get("town_forwards", ()))
    gone = set(base.get("town_forwards", ())) - set(value.get("town_forwards", ()))
    return Change(stricter=bool(added) or any(s > 0 for s in steps), looser=bool(gone) or any(s < 0 for s in steps))


def _slower(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    steps = [value[step] - base[step] for step in base.keys() & value.keys()]
    return Change(
        # A promise that is no longer given is stricter for the applicant.
        stricter=bool(base.keys() - value.keys()) or any(s > 0 for s in steps),
        looser=bool(value.keys() - base.keys()) or any(s < 0 for s in steps),
    )


def _wider(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    order = list(EFFECTS)
    steps = [
        order.index(value["effects"].get(what, "allow")) - order.index(base["effects"].get(what, "allow"))
        for what in base["effects"].keys() | value["effects"].keys()
    ]
    return Change(stricter=any(s > 0 for s in steps), looser=any(s < 0 for s in steps))


def _fewer_lists(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    was, now = set(base.get("lists", ())), set(value.get("lists", ()))
    gone = was - now or set(base["order"]) - set(value["order"])
    return Change(stricter=bool(gone), looser=not gone)


def _more_items(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    was, now = ({row["code"]: bool(row.get("required")) for row in side.get("items", ())} for side in (base, value))
    return Change(
        stricter=any(code not in was or (must and not was[code]) for code, must in now.items()),
        looser=any(code not in now or (must and not now[code]) for code, must in was.items()),
    )


def _less(name: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Change]:
    def compare(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
        return Change(stricter=value[name] < base[name], looser=value[name] > base[name])

    return compare


def _more_papers(base: Mapping[str, Any], value: Mapping[str, Any]) -> Change:
    was, now = ({*side["files"], *(f"{regime} by hand" for regime in side.get("by_hand", ()))} for side in (base, value))
    return Change(stricter=bool(now - was) or was == now, looser=bool(was - now))


_COMPARE: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Change]] = {
    "not_before": _later,
    "essentials": _fewer,
    "excluded_trades": _more_trades,
    "regime": _heavier,
    "decides": _higher,
    "same_day": _slower,
    "area": _wider,
    "priority_scope": _fewer_lists,
    "checklist": _more_items,
    "undertaking": _more_papers,
    "pass_validity": _less("days"),
    "hearing": _less("hours"),
}


# ---------------------------------------------------------------- said in words


def moment(at: datetime) -> str:
    """Say an instant: 2020年2月10日0时, with minutes where there are any. Midnight also says whose end it is."""
    minute = _("{minute}分", minute=at.minute) if at.minute else ""
    return _("{year}年{month}月{day}日{hour}时{minute}", year=at.year, month=at.month, day=at.day, hour=at.hour, minute=minute)


def said(kind: str, value: Mapping[str, Any]) -> str:
    """Say the value of a measure in one short line."""
    match kind:
        case "not_before":
            return _("不早于{moment}", moment=moment(instant(value["at"])))
        case "essentials":
            return listed(retold(row["name"]) for row in value["categories"]) or _("没有")
        case "excluded_trades":
            names = value.get("names", {})
            return listed(names.get(code, code) for code in value["industries"]) or _("没有")
        case "regime":
            return REGIMES[value["regime"]]
        case "decides":
            who = {"town": _("镇街"), "district": _("区县")}
            sizes = {"above": _("规上"), "limit_above": _("限上"), "small": _("规下")}
            return listed((_("{sizes}由{who}决定", sizes=sizes[s], who=who[w]) for s, w in ordered(value["by_size"], SIZES)), "，")
        case "same_day":
            steps = {"accept": _("受理"), "assess": _("评估")}
            return listed(
                (
                    _("{what}{value}", what=steps.get(s, s), value=_("当天") if d == 0 else _("{d}天内", d=d))
                    for s, d in ordered(value, steps)
                ),
                "，",
            )
        case "area":
            return listed(
                (
                    _("{activity}{effect}", activity=ACTIVITIES.get(a, a), effect=EFFECTS[e])
                    for a, e in ordered(value["effects"], ACTIVITIES)
                ),
                "，",
            )
        case "priority_scope":
            return _("{n}档次序，{m}类名单", n=len(value["order"]), m=len(value.get("lists", ())))
        case "checklist":
            return _("{n}项", n=len(value.get("items", ())))
        case "undertaking":
            return _("{n}份", n=len(value["files"]))
        case "pass_validity":
            return _("{n}天", n=value["days"])
        case "hearing":
            return _("{n}小时", n=value["hours"])
        case _:
            return ""


def ordered(found: Mapping[str, Any], names: Iterable[str]) -> list[tuple[str, Any]]:
    """Give the pairs in a set order: stored JSON forgets it."""
    order = list(names)
    return sorted(found.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))


def filled(says: str, kind: str, value: Mapping[str, Any]) -> str:
    """Fill the sentence of a pack with the values in force: {at} becomes the instant in words."""
    words = {name: str(part) for name, part in value.items() if isinstance(part, str | int)}
    if kind == "not_before":
        words["at"] = moment(instant(value["at"]))
    held = {name: words.get(name, "{" + name + "}") for name in re.findall(r"\{(\w+)\}", plain(says))}
    return _(plain(says), **held) if held else retold(says)
