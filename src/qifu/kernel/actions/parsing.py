"""Turns what a form, a YAML line or JSON holds into an action's frozen input, or says beside which word it is wrong."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from qifu.kernel.access import ActionRefused
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.language import listed, said

from .bounds import over

MAX_TEXT = 4000
"""The most characters of a text for which the input says nothing else (bounds.py)."""


class BadInput(ActionRefused):
    """The input does not fit. `errors` maps each field to the sentence that stands beside it."""

    says = "有几处没有填对，填过的内容都留着。"
    fix = "按提示改好再交。"

    def __init__(self, errors: Mapping[str, str]) -> None:
        first = next(iter(errors.values()), self.says)
        super().__init__(first if len(errors) == 1 else self.says, errors=dict(errors))
        self.errors = dict(errors)


def parse(kind: type, given: Mapping[str, Any]) -> Any:
    """Give an instance of the input dataclass `kind` from words, numbers and lists; refuses BadInput by field.

    Unknown keys are refused, so that nothing is assigned in passing."""
    values, errors = _read(kind, given)
    errors |= over(kind, values.get, otherwise=MAX_TEXT)
    if errors:
        raise BadInput(errors)
    return kind(**values)


def _read(kind: type, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    hints = get_type_hints(kind, include_extras=False)
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    known = {f.name: f for f in fields(kind)}
    for name in given:
        if name not in known:
            errors[str(name)[:60]] = said("没有这一项。")
    for name, spec in known.items():
        label = said(spec.metadata.get("label", name))
        raw = given.get(name, MISSING)
        optional = spec.default is not MISSING or spec.default_factory is not MISSING
        blank = raw is MISSING or raw is None or (isinstance(raw, str) and not raw.strip())
        if blank and optional:
            continue
        # A blank is an answer only where the field itself allows one (an optional type).
        if blank and (raw is MISSING or type(None) not in get_args(hints[name])):
            errors[name] = said("还没有填“{label}”。", label=label)
            continue
        try:
            values[name] = _value(hints[name], raw)
        except ValueError as problem:
            errors[name] = said("“{label}”{problem}", label=label, problem=said(problem.args[0]))
    return values, errors


def _value(hint: Any, raw: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if (raw is None or raw == "") and type(None) in args:
            return None
        return _value(next(a for a in args if a is not type(None)), raw)
    if origin is Literal:
        if raw not in args:
            raise ValueError(said("只能是：{choices}。", choices=listed(map(str, args))))
        return raw
    if origin in (tuple, list):
        if isinstance(raw, str) or not hasattr(raw, "__iter__"):
            raise ValueError("要是一列。")
        return tuple(_value(args[0], one) for one in raw)
    if origin is dict or hint is dict:
        if not isinstance(raw, Mapping):
            raise ValueError("要是一组“名称：内容”。")
        return dict(raw)
    if is_dataclass(hint):
        if isinstance(raw, hint):  # type: ignore[arg-type]
            return raw
        if not isinstance(raw, Mapping):
            raise ValueError("内容不完整。")
        values, errors = _read(hint, raw)  # type: ignore[arg-type]
        if errors:
            raise BadInput(errors)
        return hint(**values)  # type: ignore[operator]
    if hint is Any:
        return raw
    return _simple(hint, raw)


def _simple(hint: Any, raw: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(raw)
        except ValueError:
            raise ValueError(said("只能是：{choices}。", choices=listed(str(m.value) for m in hint))) from None
    return _READERS[hint](raw)


def _text(raw: Any) -> str:
    text = str(raw).replace("\r\n", "\n").strip()
    if "\x00" in text:
        raise ValueError("里有不能保存的字符。")
    return text


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or (isinstance(raw, float) and not raw.is_integer()):
        raise ValueError("要是一个整数。")
    try:
        number = int(str(raw).strip()) if not isinstance(raw, int | float) else int(raw)
    except ValueError:
        raise ValueError("要是一个整数。") from None
    if not -(2**63) <= number < 2**63:
        raise ValueError("数太大了。")
    return number


def _yes(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    words = {
        "on": True,
        "true": True,
        "1": True,
        "yes": True,
        "是": True,
        "off": False,
        "false": False,
        "0": False,
        "no": False,
        "否": False,
        "": False,
    }
    if (word := str(raw).strip().lower()) not in words:
        raise ValueError("只能答“是”或“否”。")
    return words[word]


def _uuid(raw: Any) -> UUID:
    try:
        return raw if isinstance(raw, UUID) else UUID(str(raw))
    except ValueError:
        raise ValueError("编号不对。") from None


def _instant(raw: Any) -> datetime:
    try:
        at = raw if isinstance(raw, datetime) else clock.read_instant(str(raw).replace("/", "-"))
    except ValueError:
        raise ValueError("要写成 2020-02-10 08:00 这样的时间。") from None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _day(raw: Any) -> date:
    try:
        if isinstance(raw, datetime):
            return raw.date()
        return raw if isinstance(raw, date) else clock.read_day(str(raw).replace("/", "-"))
    except ValueError:
        raise ValueError("要写成 2020-02-10 这样的日期。") from None


def _bytes(raw: Any) -> bytes:
    if not isinstance(raw, bytes | bytearray | memoryview):
        raise ValueError("要是一个文件。")
    return bytes(raw)


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text, int: _whole, bool: _yes, UUID: _uuid, datetime: _instant, date: _day, bytes: _bytes,
}  # fmt: skip
