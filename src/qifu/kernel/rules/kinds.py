"""The types of the language, how a value of each is checked, and how it is said in Chinese and English.

There is no float: money is integer fen, a rate is integer basis points, and a number has no decimals (DECISIONS 1).
A day is a local date; an instant is an aware time, and `24:00` is the next day's 00:00 (DECISIONS 2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

Language = Literal["zh", "en"]

ZONE: Final = ZoneInfo("Asia/Shanghai")
INT64: Final = (-(2**63), 2**63 - 1)
MONTH_SPAN: Final = 12 * 9999


@dataclass(frozen=True, slots=True)
class Type:
    """A type of the language. `codes` and `labels` only for an enumeration; `many` for a list (parameters only)."""

    name: Literal["bool", "int", "fen", "rate", "date", "instant", "text", "enum"]
    codes: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    many: bool = False

    @property
    def counts(self) -> bool:
        """Whether values of this type can be added and have a range."""
        return self.name in ("int", "fen", "rate")

    @property
    def ordered(self) -> bool:
        return self.counts or self.name in ("date", "instant")

    @property
    def zh(self) -> str:
        return ("多个" if self.many else "") + _TYPE_ZH[self.name]

    @property
    def en(self) -> str:
        return ("a list, each " if self.many else "") + _TYPE_EN[self.name]

    def label(self, code: str, language: Language) -> str:
        return self.labels[self.codes.index(code)][0 if language == "zh" else 1]


_TYPE_ZH: Final = {
    "bool": "是或否",
    "int": "整数",
    "fen": "金额",
    "rate": "比例",
    "date": "日期",
    "instant": "时刻",
    "text": "文字",
    "enum": "选项",
}
_TYPE_EN: Final = {
    "bool": "a yes or no",
    "int": "a whole number",
    "fen": "an amount of money",
    "rate": "a rate",
    "date": "a date",
    "instant": "an instant",
    "text": "a text",
    "enum": "a choice",
}

BOOL: Final = Type("bool")
INT: Final = Type("int")
FEN: Final = Type("fen")
RATE: Final = Type("rate")
DATE: Final = Type("date")
INSTANT: Final = Type("instant")
TEXT: Final = Type("text")
PLAIN: Final = {t.name: t for t in (BOOL, INT, FEN, RATE, DATE, INSTANT, TEXT)}


def enum(*codes: str, **labels: str | tuple[str, str]) -> Type:
    """Declare an enumeration: `enum("a", "b")`, `enum(above="规上", small=("小微", "small"))`.

    A label is Chinese, or Chinese and English. Refuses an empty or repeated list of codes.
    """
    said: dict[str, tuple[str, str]] = {code: (code, code.replace("_", " ")) for code in codes}
    for code, label in labels.items():
        said[code] = (label, code.replace("_", " ")) if isinstance(label, str) else label
    if not said or len(said) != len(codes) + len(labels):
        raise ValueError("An enumeration needs codes, each once.")
    return Type("enum", tuple(said), tuple(said.values()))


def many(of: Type) -> Type:
    """Declare a list of values, for a parameter such as the excluded trades."""
    return replace(of, many=True)


def fault(value: Any, kind: Type, *, low: int | None = None, high: int | None = None) -> str | None:
    """Say in Chinese what is wrong with a value of a declared type, or None when it is right."""
    name = kind.name
    if kind.many:
        if not isinstance(value, tuple):
            return "应是一组值"
        return next((f for v in value if (f := fault(v, replace(kind, many=False)))), None)
    if isinstance(value, float):
        return "是小数，规则里只有整数"
    if kind.counts:
        if not isinstance(value, int) or isinstance(value, bool):
            return f"应是{kind.zh}（整数{'分' if name == 'fen' else '个基点' if name == 'rate' else ''}）"
        if not (INT64[0] if low is None else low) <= value <= (INT64[1] if high is None else high):
            return "超出登记的范围"
        return None
    if name == "bool":
        return None if isinstance(value, bool) else "应是 true 或 false"
    if name == "date":
        return None if isinstance(value, date) and not isinstance(value, datetime) else "应是日期"
    if name == "instant":
        right = isinstance(value, datetime) and value.utcoffset() is not None
        return None if right else "应是带时区的时刻"
    if not isinstance(value, str):
        return "应是文字"
    return "不在选项里" if name == "enum" and value not in kind.codes else None


# ---------------------------------------------------------------- reading

_UNITS: Final = {
    "分": 1, "fen": 1, "角": 10, "元": 100, "yuan": 100, "百元": 10_000, "千元": 100_000,
    "万元": 1_000_000, "亿元": 10_000_000_000,
}  # fmt: skip
_COUNTS: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_NUMBER: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?(亿元|万元|千元|百元|元|角|分|yuan|fen|亿|万|%|％)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})?")


def read_number(text: str) -> tuple[int, Type] | None:
    """Read `120`, `50万`, `50万元`, `0.5元`, `20%`, `2.5%`; None when it is not whole in its smallest unit."""
    if not (m := _NUMBER.fullmatch(text)):
        return None
    whole, part, unit = m[1], m[2] or "", m[3] or ""
    if len(whole) + len(part) > 24:
        return None
    factor, kind = (_UNITS[unit], FEN) if unit in _UNITS else (_COUNTS[unit], INT) if unit in _COUNTS else (100, RATE)
    value, rest = divmod(int(whole + part) * factor, 10 ** len(part))
    if rest or (part and unit == ""):
        return None
    return value, kind


def read_date(text: str) -> date | None:
    """Read `2020-02-10`."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_instant(text: str) -> datetime | None:
    """Read `2020-02-09T24:00` (the next day's 00:00), `2020-02-10 08:30`; local unless a zone is written."""
    if not (m := _INSTANT.fullmatch(text)) or (day := read_date(m[1])) is None:
        return None
    hour, minute, second = int(m[2]), int(m[3]), int(m[4] or 0)
    try:
        if hour == 24:
            if minute or second:
                return None
            moment = datetime.combine(day + timedelta(days=1), time())
        else:
            moment = datetime.combine(day, time(hour, minute, second))
        if not (zone := m[5]):
            return moment.replace(tzinfo=ZONE)
        return datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone == "Z" else zone))
    except (ValueError, OverflowError):
        return None


def take(value: Any, kind: Type) -> Any:
    """Take a value written in a document for a type: fen from `50万元` or an integer, an instant from local text.

    Returns None when it cannot be taken; ranges are not looked at.
    """
    if kind.many:
        if not isinstance(value, list):
            return None
        items = [take(v, replace(kind, many=False)) for v in value]
        return None if None in items else tuple(items)
    if isinstance(value, str):
        if kind.counts:
            number = read_number(value)
            return number[0] if number and number[1] == kind else None
        if kind.name == "date":
            return read_date(value)
        if kind.name == "instant":
            return read_instant(value)
    if kind.name == "instant" and isinstance(value, datetime) and value.utcoffset() is None:
        value = value.replace(tzinfo=ZONE)
    return None if fault(value, kind) else value


# ---------------------------------------------------------------- saying


def spoken(value: Any, kind: Type, language: Language, *, unit: str = "") -> str:
    """Say a value as a notice would: 86万元, 2020年2月10日0时, 规上."""
    zh = language == "zh"
    if kind.many:
        one = replace(kind, many=False)
        return ("、" if zh else ", ").join(spoken(v, one, language) for v in value)
    if value is None:
        return "未知" if zh else "unknown"
    if kind.name == "fen":
        return money(value, language)
    if kind.name == "rate":
        whole, part = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{whole}" + (f".{part:02d}".rstrip("0") if part else "") + "%"
    if kind.name == "int":
        return f"{value}{unit}" if zh else f"{value:,} {unit}".strip()
    if kind.name == "bool":
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if kind.name == "date":
        return f"{value.year}年{value.month}月{value.day}日" if zh else value.isoformat()
    if kind.name == "instant":
        return _moment(value.astimezone(ZONE), zh=zh)
    if kind.name == "enum":
        return kind.label(value, language)
    return f"“{value}”"


def _moment(local: datetime, *, zh: bool) -> str:
    seconds = f"{local.second}" + (f".{local.microsecond:06d}".rstrip("0") if local.microsecond else "")
    fine = local.second or local.microsecond
    if not zh:
        return f"{local:%Y-%m-%d %H:%M}" + (f":{seconds:0>{len(seconds) + (local.second < 10)}}" if fine else "")
    text = f"{local.year}年{local.month}月{local.day}日{local.hour}时"
    if local.minute or fine:
        text += f"{local.minute}分"
    return text + (f"{seconds}秒" if fine else "")


def money(fen: int, language: Language) -> str:
    """Say an amount exactly: 100_000_000 fen is 100万元, 1,000,000 yuan."""
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    if language == "en":
        yuan, rest = divmod(amount, 100)
        return f"{sign}{yuan:,}" + (f".{rest:02d}" if rest else "") + " yuan"
    for unit, size in (("亿元", 10_000_000_000), ("万元", 1_000_000)):
        if amount >= size and amount % (size // 100) == 0:
            whole, part = divmod(amount // (size // 100), 100)
            return f"{sign}{whole}" + (f".{part:02d}".rstrip("0") if part else "") + unit
    yuan, rest = divmod(amount, 100)
    return f"{sign}{yuan}" + (f".{rest:02d}" if rest else "") + "元"


def span(length: timedelta, language: Language) -> str:
    """Say a length of time: 1天16小时, 30分."""
    seconds = max(1, -(-length // timedelta(seconds=1)))
    parts = []
    for zh, en, size in (("天", "day", 86400), ("小时", "hour", 3600), ("分", "minute", 60), ("秒", "second", 1)):
        n, seconds = divmod(seconds, size)
        if n:
            parts.append(f"{n}{zh}" if language == "zh" else f"{n} {en}{'s' if n > 1 else ''}")
    return "".join(parts) if language == "zh" else " ".join(parts)
