"""A second, slow reading of a rule: walks the untyped tree, with its own arithmetic and no short cuts.

It shares the parser with the product and nothing else, so that the typed tree and the closures are checked by it.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from qifu.kernel.rules.syntax import Tree


def walk(tree: Tree, facts: Mapping[str, Any], on: date) -> Any:
    kids = [walk(k, facts, on) for k in tree.kids]
    match tree.kind:
        case "number" | "instant":
            return tree.value[0]
        case "bool" | "date" | "text":
            return tree.value
        case "name":
            return facts.get(tree.value)
        case "list":
            return kids
        case "not":
            return {True: False, False: True, None: None}[kids[0]]
        case "and":
            return False if any(k is False for k in kids) else None if any(k is None for k in kids) else True
        case "or":
            return True if any(k is True for k in kids) else None if any(k is None for k in kids) else False
        case "between":
            return between(*kids)
    if any(k is None for k in kids):
        return None
    return known(tree, kids, on)


def between(x: Any, low: Any, high: Any) -> bool | None:
    if x is None:
        return None
    below = None if low is None else x < low
    over = None if high is None else x > high
    if below is True or over is True:
        return False
    return None if below is None or over is None else True


def known(tree: Tree, kids: list[Any], on: date) -> Any:
    match tree.kind:
        case "compare":
            a, b = kids
            less, same = a < b, a == b
            return {
                "<": less,
                "<=": less or same,
                ">": not less and not same,
                ">=": not less,
                "=": same,
                "!=": not same,
            }[tree.value]
        case "in":
            return any(kids[0] == item for item in kids[1])
        case "prefix":
            starts = kids[1] if isinstance(kids[1], list) else [kids[1]]
            return any(kids[0][: len(s)] == s for s in starts)
        case "negative":
            return 0 - kids[0]
        case "sum":
            a, b = kids
            return a + b if tree.value == "+" else a - b if tree.value == "-" else sum([a] * b) if b >= 0 else a * b
        case "pct":
            exact = Fraction(kids[0] * kids[1], 10_000)
            return {"down": floor, "up": ceil, "half_up": lambda v: floor(v + Fraction(1, 2))}[tree.value](exact)
        case "min":
            return sorted(kids)[0]
        case "max":
            return sorted(kids)[-1]
        case "tier":
            reached = [value for start, value in zip(kids[1::2], kids[2::2], strict=True) if kids[0] >= start]
            return reached[-1]
        case "months_since":
            return months(kids[0], on)
    raise AssertionError(tree.kind)


def later(day: date, months: int) -> date:
    """The same day of a month some months on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError


def months(start: date, end: date) -> int:
    n = 0
    while later(start, n + 1) <= end:
        n += 1
    while later(start, n) > end:
        n -= 1
    return n
