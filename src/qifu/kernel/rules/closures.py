"""A typed tree as nested Python closures: no source text is made or executed.

Unknown is None and never pays: a comparison of something unknown is unknown, `and` and `or` follow Kleene (false and
unknown is false, true or unknown is true), so learning a fact can settle an answer and can never turn one round.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from .typed import (
    Between,
    Compare,
    In,
    Joined,
    Known,
    Literal_,
    Months,
    Name,
    Negative,
    Node,
    Not,
    Pct,
    Pick,
    Prefix,
    Sum,
    Tier,
    rounded,
)

Run: TypeAlias = Callable[[Mapping[str, Any], date], Any]

_OPS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


def closure(node: Node) -> Run:
    """Return the function (facts, day) -> value of a tree; None is unknown."""
    match node:
        case Literal_():
            value = node.value
            return lambda facts, on: value
        case Name():
            name = node.fact.name
            return lambda facts, on: facts.get(name)
        case Known():
            return _settled(closure(node.part)) if node.fail else closure(node.part)
        case Not():
            return _applied(operator.not_, node.part)
        case Joined():
            return _joined(tuple(map(closure, node.parts)), stop=node.how == "or")
        case Compare() | Sum():
            return _paired(_OPS[node.op], node.left, node.right)
        case Between():
            least, most = _paired(operator.le, node.least, node.part), _paired(operator.le, node.part, node.most)
            return _joined((least, most), stop=False)
        case In():
            items = frozenset(node.items.value)
            return _applied(lambda v: v in items, node.part)
        case Prefix():
            starts = tuple(node.items.value)
            return _applied(lambda v: v.startswith(starts), node.part)
        case Negative():
            return _applied(operator.neg, node.part)
        case Pct():
            how = node.rounding
            return _paired(lambda base, rate: rounded(base, rate, how), node.base, node.rate)
        case Pick():
            return _picked(min if node.how == "min" else max, tuple(map(closure, node.parts)))
        case Tier():
            froms, values = [s.value for s in node.starts], [v.value for v in node.values]
            return _applied(lambda v: values[bisect_right(froms, v) - 1], node.part)
        case Months():
            return _since(closure(node.part))


def _applied(how: Callable[[Any], Any], part: Node) -> Run:
    inner = closure(part)

    def run(facts: Mapping[str, Any], on: date) -> Any:
        value = inner(facts, on)
        return None if value is None else how(value)

    return run


def _paired(how: Callable[[Any, Any], Any], left: Node, right: Node) -> Run:
    if isinstance(left, Name) and isinstance(right, Literal_):
        name, constant = left.fact.name, right.value

        def short(facts: Mapping[str, Any], on: date) -> Any:
            value = facts.get(name)
            return None if value is None else how(value, constant)

        return short
    one, other = closure(left), closure(right)

    def run(facts: Mapping[str, Any], on: date) -> Any:
        a = one(facts, on)
        if a is None:
            return None
        b = other(facts, on)
        return None if b is None else how(a, b)

    return run


def _joined(parts: tuple[Run, ...], *, stop: bool) -> Run:
    def run(facts: Mapping[str, Any], on: date) -> bool | None:
        unknown = False
        for part in parts:
            value: bool | None = part(facts, on)
            if value is stop:
                return stop
            if value is None:
                unknown = True
        return None if unknown else not stop

    return run


def _picked(how: Callable[..., Any], parts: tuple[Run, ...]) -> Run:
    def run(facts: Mapping[str, Any], on: date) -> Any:
        values = [part(facts, on) for part in parts]
        return None if None in values else how(values)

    return run


def _settled(part: Run) -> Run:
    def run(facts: Mapping[str, Any], on: date) -> bool:
        return part(facts, on) is True

    return run


def _since(part: Run) -> Run:
    def run(facts: Mapping[str, Any], on: date) -> int | None:
        day = part(facts, on)
        return None if day is None else months(day, on)

    return run


def months(start: date, end: date) -> int:
    """Count the whole months from `start` to `end`, negative when `start` lies ahead.

    Where a month lacks the day, its last day stands in (Civil Code, article 202):
    from 31 January to 29 February 2020 is one.
    """
    n = (end.year - start.year) * 12 + end.month - start.month
    last = monthrange(end.year, end.month)[1]
    return n if end.day >= min(start.day, last) else n - 1
