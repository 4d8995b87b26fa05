"""The typed tree: the contract from which the closure and the sentences are printed, and the checker that makes it.

Each node carries its type and, for numbers, the range that its value can take: the proof that nothing leaves 64 bits
is made here, when the rule loads, so that a decision can neither overflow nor wrap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from .errors import (
    Gap,
    Overflow,
    Overlap,
    UnknownFact,
    Unused,
    WrongType,
    nearest,
    shown,
)
from .facts import Fact, Facts, refuse_forbidden
from .kinds import BOOL, DATE, FEN, INSTANT, INT, INT64, MONTH_SPAN, RATE, TEXT, Type, fault, money
from .syntax import Tree, Word

Rounding = Literal["down", "up", "half_up"]

NOWHERE: Final = Word("", 1, 1)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value that a document sets and dates: the cap, the not-before instant, the excluded trades."""

    type: Type
    value: Any
    zh: str = ""
    en: str = ""
    late: bool = False  # an instant written as 24:00 is said so


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    type: Type
    word: Word = field(default=NOWHERE, compare=False)
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Literal_(_Node):
    """A constant; `zh` and `en` are set when it came from a parameter, `late` when it was written as 24:00."""

    value: Any
    name: str = ""
    zh: str = ""
    en: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Name(_Node):
    fact: Fact


@dataclass(frozen=True, slots=True)
class Not(_Node):
    part: Node


@dataclass(frozen=True, slots=True)
class Joined(_Node):
    """`and`, `or`, over two or more parts."""

    how: Literal["and", "or"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(_Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(_Node):
    """Both ends belong to it."""

    part: Node
    least: Node
    most: Node


@dataclass(frozen=True, slots=True)
class In(_Node):
    part: Node
    items: Literal_


@dataclass(frozen=True, slots=True)
class Prefix(_Node):
    """The text starts with any of the items."""

    part: Node
    items: Literal_


@dataclass(frozen=True, slots=True)
class Negative(_Node):
    part: Node


@dataclass(frozen=True, slots=True)
class Sum(_Node):
    op: Literal["+", "-", "*"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Pct(_Node):
    """Basis points of an amount that is never negative, with the rounding said."""

    base: Node
    rate: Node
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Pick(_Node):
    how: Literal["min", "max"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tier(_Node):
    """The value of the highest tier whose `from` is reached, for the whole amount."""

    part: Node
    starts: tuple[Literal_, ...]
    values: tuple[Literal_, ...]


@dataclass(frozen=True, slots=True)
class Months(_Node):
    """Whole months from a date to the day of the decision; the last day of a month stands in for a missing one."""

    part: Node


@dataclass(frozen=True, slots=True)
class Known(_Node):
    """A condition used by its id: unknown counts as false where the document says so (`on_unknown: fail`)."""

    id: str
    part: Node
    fail: bool
    zh: str
    en: str


Node: TypeAlias = Literal_ | Name | Not | Joined | Compare | Between | In | Prefix | Negative | Sum | Pct | Pick | Tier | Months | Known


def kids(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in the order they are read."""
    match node:
        case Literal_() | Name():
            return ()
        case Joined() | Pick():
            return node.parts
        case Compare() | Sum():
            return (node.left, node.right)
        case Between():
            return (node.part, node.least, node.most)
        case In() | Prefix():
            return (node.part, node.items)
        case Pct():
            return (node.base, node.rate)
        case Tier():
            return (node.part, *node.starts, *node.values)
        case _:
            return (node.part,)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    for kid in kids(node):
        yield from walk(kid)


def names(node: Node) -> tuple[str, ...]:
    """The facts that a rule asks for, in the order they are first named."""
    return tuple(dict.fromkeys(n.fact.name for n in walk(node) if isinstance(n, Name)))


class Checker:
    """Types one tree after another against one dictionary, and remembers which parameters were used."""

    def __init__(
        self,
        facts: Facts,
        *,
        parameters: Mapping[str, Parameter] | None = None,
        conditions: Mapping[str, Known] | None = None,
        rounding: Rounding | None = None,
    ) -> None:
        self.facts = facts
        self.parameters = dict(parameters or {})
        self.conditions = dict(conditions or {})
        self.rounding = rounding
        self.used: set[str] = set()
        for name, parameter in self.parameters.items():
            refuse_forbidden(name, parameter.zh, parameter.en)
            if wrong := fault(parameter.value, parameter.type):
                raise WrongType(f"参数“{shown(name)}”的值{wrong}。", f"Parameter “{shown(name)}” is not {parameter.type.en}.")

    def rule(self, tree: Tree, returns: Type) -> Node:
        """Type a whole rule that must give `returns`."""
        node = self.typed(tree, returns)
        if not _same(node.type, returns):
            raise WrongType(
                f"这条规则得出的是“{node.type.zh}”，应得出“{returns.zh}”。",
                f"The rule gives {node.type.en}, not {returns.en}.",
                at=tree.word,
            )
        return node

    def refuse_unused(self) -> None:
        for name in self.parameters:
            if name not in self.used:
                raise Unused(
                    f"参数“{name}”登记了，但没有条件用到。",
                    f"Parameter “{name}” is declared and not used.",
                    fix="删去，或检查名称是否写错。",
                )

    def typed(self, tree: Tree, expect: Type | None = None) -> Node:
        maker: Callable[[Tree, Type | None], Node] = getattr(self, f"_{tree.kind}")
        return maker(tree, expect)

    # -- literals and names
    def _number(self, tree: Tree, _expect: Type | None) -> Node:
        value, kind = tree.value
        if not INT64[0] <= value <= INT64[1]:
            raise Overflow(f"“{shown(tree.word.text)}”超出64位整数。", "The number leaves 64 bits.", at=tree.word)
        return Literal_(value, type=kind, word=tree.word, low=value, high=value)

    def _bool(self, tree: Tree, _expect: Type | None) -> Node:
        return Literal_(tree.value, type=BOOL, word=tree.word)

    def _date(self, tree: Tree, _expect: Type | None) -> Node:
        return Literal_(tree.value, type=DATE, word=tree.word)

    def _instant(self, tree: Tree, _expect: Type | None) -> Node:
        return Literal_(tree.value[0], late=tree.value[1], type=INSTANT, word=tree.word)

    def _text(self, tree: Tree, expect: Type | None) -> Node:
        if expect is None or expect.name != "enum":
            return Literal_(tree.value, type=TEXT, word=tree.word)
        if tree.value not in expect.codes:
            near = nearest(tree.value, expect.codes)
            raise WrongType(
                f"没有“{shown(tree.value)}”这个选项。",
                f"“{shown(tree.value)}” is not one of the choices.",
                at=tree.word,
                fix=f"是否指 '{near}'（{expect.label(near, 'zh')}）？" if near else f"可选：{'、'.join(expect.codes[:8])}。",
            )
        return Literal_(tree.value, type=replace(expect, many=False), word=tree.word)

    def _name(self, tree: Tree, expect: Type | None) -> Node:
        name, word = tree.value, tree.word
        if name in self.parameters:
            self.used.add(name)
            return self._parameter(name, word)
        if name in self.conditions:
            return replace(self.conditions[name], word=word)
        if name in self.facts:
            fact = self.facts[name]
            low, high = (fact.low, fact.high) if fact.type.counts else (0, 0)
            return Name(fact, type=fact.type, word=word, low=low, high=high)
        refuse_forbidden(name, at=word)
        if expect and name in expect.codes:
            fix = f"选项要加引号，写成 '{name}'。"
        elif near := nearest(name, [*self.facts, *self.parameters, *self.conditions]):
            label = self.facts[near].zh if near in self.facts else ""
            fix = f"是否指 {near}（{label}）？" if label else f"是否指 {near}？"
        else:
            fix = "先在事实登记表里登记它，或换一个已登记的名称。"
        raise UnknownFact(f"没有名为“{shown(name)}”的事实。", f"There is no fact “{shown(name)}”.", at=word, fix=fix)

    def _parameter(self, name: str, word: Word) -> Literal_:
        p = self.parameters[name]
        low = p.value if p.type.counts and not p.type.many else 0
        return Literal_(p.value, name, p.zh, p.en, p.late, type=p.type, word=word, low=low, high=low)

    def _list(self, tree: Tree, expect: Type | None) -> Literal_:
        items = [self._constant(kid, expect) for kid in tree.kids]
        kind = items[0].type
        for item, kid in zip(items, tree.kids, strict=True):
            if not _same(item.type, kind):
                raise WrongType("一个列表里只能放同一类值。", "A list holds one type.", at=kid.word)
        values = tuple(item.value for item in items)
        for i, kid in enumerate(tree.kids):
            if values[i] in values[:i]:
                raise Overlap(f"“{shown(kid.word.text)}”写了两次。", f"“{shown(kid.word.text)}” stands twice.", at=kid.word)
        return Literal_(values, type=replace(kind, many=True), word=tree.word)

    def _constant(self, tree: Tree, expect: Type | None) -> Literal_:
        node = self.typed(tree, expect)
        if isinstance(node, Literal_) and not node.type.many:
            return node
        raise WrongType(f"“{shown(tree.word.text)}”这里只能写固定的值或参数。", "Only a constant may stand here.", at=tree.word)

    # -- logic
    def _truth(self, tree: Tree) -> Node:
        node = self.typed(tree, BOOL)
        if not _same(node.type, BOOL):
            raise WrongType(
                f"“{shown(tree.word.text)}”这里要的是成立与否，得到的是“{node.type.zh}”。",
                f"Expected yes or no, found {node.type.en}.",
                at=tree.word,
                fix="写出比较，例如 >= 或 in。",
            )
        return node

    def _not(self, tree: Tree, _expect: Type | None) -> Node:
        return Not(self._truth(tree.kids[0]), type=BOOL, word=tree.word)

    def _and(self, tree: Tree, _expect: Type | None) -> Node:
        return Joined("and", tuple(map(self._truth, tree.kids)), type=BOOL, word=tree.word)

    def _or(self, tree: Tree, _expect: Type | None) -> Node:
        return Joined("or", tuple(map(self._truth, tree.kids)), type=BOOL, word=tree.word)

    # -- comparisons
    def _compare(self, tree: Tree, _expect: Type | None) -> Node:
        left, right = self._pair(tree)
        ordered = tree.value not in ("=", "!=")
        if ordered and not left.type.ordered:
            raise WrongType(f"{left.type.zh}没有大小先后，只能用 = 或 !=。", f"{left.type.en} has no order.", at=tree.word)
        return Compare(tree.value, left, right, type=BOOL, word=tree.word)

    def _pair(self, tree: Tree) -> tuple[Node, Node]:
        first, second = tree.kids[0], tree.kids[1]
        # A quoted word takes its choices from the other side, so that side is read first.
        if first.kind in ("text", "name") and first.value not in self.facts:
            right = self.typed(second)
            left = self.typed(first, right.type)
        else:
            left = self.typed(first)
            right = self.typed(second, left.type)
        self._agree(left, right, tree.word)
        return left, right

    def _agree(self, left: Node, right: Node, word: Word) -> None:
        for node in (left, right):
            if node.type.many:
                raise WrongType("一组值要用 in 比较。", "Compare with a list by “in”.", at=node.word)
        if _same(left.type, right.type):
            return
        pair = {left.type.name, right.type.name}
        if pair == {"fen", "int"}:
            fix = "金额要带单位，例如 100元、50万元。"
        elif pair == {"date", "instant"}:
            fix = "和时刻比较要写出时间，例如 2020-02-10T00:00。"
        elif left.type.name == right.type.name == "enum":
            fix = "两个选项表不同。"
        else:
            fix = ""
        raise WrongType(
            f"{left.type.zh}和{right.type.zh}不能放在一起算。",
            f"{left.type.en} and {right.type.en} do not go together.",
            at=word,
            fix=fix,
        )

    def _between(self, tree: Tree, _expect: Type | None) -> Node:
        part = self.typed(tree.kids[0])
        least, most = self.typed(tree.kids[1], part.type), self.typed(tree.kids[2], part.type)
        self._agree(part, least, tree.word)
        self._agree(part, most, tree.word)
        if not part.type.ordered:
            raise WrongType(f"{part.type.zh}没有大小先后。", f"{part.type.en} has no order.", at=tree.word)
        if isinstance(least, Literal_) and isinstance(most, Literal_) and least.value > most.value:
            raise Gap("前一个大于后一个，永远不会成立。", "The first end is above the second.", at=tree.word)
        return Between(part, least, most, type=BOOL, word=tree.word)

    def _in(self, tree: Tree, _expect: Type | None) -> Node:
        part, items = self._items(tree)
        if part.type.name == "bool":
            raise WrongType("是否不用 in，直接写名称或 not。", "Write the name or “not” instead.", at=tree.word)
        return In(part, items, type=BOOL, word=tree.word)

    def _prefix(self, tree: Tree, _expect: Type | None) -> Node:
        part, items = self._items(tree)
        if "" in items.value:
            raise WrongType("开头不能是空的文字。", "An empty prefix holds for all.", at=tree.kids[1].word)
        return Prefix(part, items, type=BOOL, word=tree.word)

    def _items(self, tree: Tree) -> tuple[Node, Literal_]:
        part = self.typed(tree.kids[0])
        if tree.kind == "prefix" and part.type != TEXT:
            raise WrongType(f"prefix 只看文字，这里是{part.type.zh}。", "“prefix” reads text.", at=tree.kids[0].word)
        if tree.kind == "prefix" and tree.kids[1].kind == "text":
            items: Node = Literal_((tree.kids[1].value,), type=replace(TEXT, many=True), word=tree.kids[1].word)
        else:
            items = self.typed(tree.kids[1], part.type)
        if not isinstance(items, Literal_) or not items.type.many:
            raise WrongType(
                f"“{shown(tree.kids[1].word.text)}”不是一组值。",
                "This is not a list.",
                at=tree.kids[1].word,
                fix="写成 ['a', 'b'] 或一个列表参数。",
            )
        one = replace(items.type, many=False)
        if part.type.name == "enum" and one.name == "text" and items.name:
            self._codes(items, part.type)
            return part, replace(items, type=replace(part.type, many=True))
        if not _same(part.type, one):
            self._agree(part, replace(items, type=one), tree.word)
        return part, items

    def _codes(self, items: Literal_, kind: Type) -> None:
        for code in items.value:
            if code not in kind.codes:
                raise WrongType(
                    f"参数“{items.name}”里的“{shown(code)}”不是选项。",
                    f"“{shown(code)}” in “{items.name}” is no choice.",
                    at=items.word,
                )

    # -- numbers
    def _count(self, tree: Tree, *, of: str) -> Node:
        node = self.typed(tree)
        if not node.type.counts or node.type.many:
            raise WrongType(f"{node.type.zh}不能{of}。", f"{node.type.en} cannot be reckoned with.", at=tree.word)
        return node

    def _within(self, low: int, high: int, tree: Tree, *parts: Node) -> tuple[int, int]:
        if INT64[0] <= low and high <= INT64[1]:
            return low, high
        open_ended = [n.fact for part in parts for n in walk(part) if isinstance(n, Name) and n.type.counts and n.fact.max is None]
        fix = f"给“{open_ended[0].zh}”（{open_ended[0].name}）登记上限。" if open_ended else "缩小事实的上限或参数。"
        raise Overflow("这里算出的数可能超出64位整数。", "This may leave 64 bits.", at=tree.word, fix=fix)

    def _negative(self, tree: Tree, _expect: Type | None) -> Node:
        part = self._count(tree.kids[0], of="取负")
        low, high = self._within(-part.high, -part.low, tree, part)
        if isinstance(part, Literal_):
            return Literal_(low, type=part.type, word=tree.word, low=low, high=high)
        return Negative(part, type=part.type, word=tree.word, low=low, high=high)

    def _sum(self, tree: Tree, _expect: Type | None) -> Node:
        left, right = self._count(tree.kids[0], of="加减乘"), self._count(tree.kids[1], of="加减乘")
        kind = left.type
        if tree.value == "*":
            kind = self._product(left, right, tree)
            ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        else:
            self._agree(left, right, tree.word)
            ends = [left.low + right.low, left.high + right.high] if tree.value == "+" else [left.low - right.high, left.high - right.low]
        low, high = self._within(min(ends), max(ends), tree, left, right)
        return Sum(tree.value, left, right, type=kind, word=tree.word, low=low, high=high)

    def _product(self, left: Node, right: Node, tree: Tree) -> Type:
        pair = {left.type.name, right.type.name}
        if "rate" in pair:
            raise WrongType("按比例计算用 pct(数, 比例, down)。", "Use pct for a rate.", at=tree.word)
        if left.type == right.type == FEN:
            raise WrongType("金额不能乘金额。", "Money times money has no meaning.", at=tree.word)
        return FEN if "fen" in pair else INT

    def _pct(self, tree: Tree, _expect: Type | None) -> Node:
        base = self._count(tree.kids[0], of="按比例计算")
        rate = self._count(tree.kids[1], of="作比例")
        rounding = tree.value or self.rounding
        if rounding is None:
            raise WrongType(
                "pct 没有写怎样取整。",
                "pct does not name its rounding.",
                at=tree.word,
                fix="写成 pct(数, 比例, down)：down 舍去、up 进一、half_up 四舍五入。",
            )
        if base.type == RATE or rate.type == FEN:
            raise WrongType(
                "先写数，再写比例。", "The amount comes first, then the rate.", at=tree.word, fix="例如 pct(invest, 20%, down)。"
            )
        if min(base.low, rate.low) < 0:
            raise WrongType("pct 不对负数计算。", "pct takes nothing below zero.", at=tree.word, fix="写成 pct(max(数, 0), 比例, down)。")
        # The product may pass 64 bits while the result does not; a printer to SQL must split it, Python need not.
        low, high = self._within(rounded(base.low, rate.low, rounding), rounded(base.high, rate.high, rounding), tree, base, rate)
        return Pct(base, rate, rounding, type=base.type, word=tree.word, low=low, high=high)

    def _pick(self, tree: Tree, how: Literal["min", "max"]) -> Node:
        parts = tuple(self._count(kid, of="比大小取值") for kid in tree.kids)
        for part, kid in zip(parts[1:], tree.kids[1:], strict=True):
            self._agree(parts[0], part, kid.word)
        ends = min if how == "min" else max
        low, high = ends(p.low for p in parts), ends(p.high for p in parts)
        return Pick(how, parts, type=parts[0].type, word=tree.word, low=low, high=high)

    def _min(self, tree: Tree, _expect: Type | None) -> Node:
        return self._pick(tree, "min")

    def _max(self, tree: Tree, _expect: Type | None) -> Node:
        return self._pick(tree, "max")

    def _tier(self, tree: Tree, expect: Type | None) -> Node:
        part = self._count(tree.kids[0], of="分档")
        starts = tuple(self._constant(kid, part.type) for kid in tree.kids[1::2])
        values = tuple(self._constant(kid, expect) for kid in tree.kids[2::2])
        for start, kid in zip(starts, tree.kids[1::2], strict=True):
            if not _is_zero(start):
                self._agree(part, start, kid.word)
        for value, kid in zip(values, tree.kids[2::2], strict=True):
            if not value.type.counts:
                raise WrongType(f"分档的值不能是{value.type.zh}。", "A tier gives a number.", at=kid.word)
            self._agree(values[0], value, kid.word)
        for i in range(1, len(starts)):
            if starts[i].value <= starts[i - 1].value:
                raise Overlap(
                    f"“{shown(tree.kids[1 + 2 * i].word.text)}”起的一档和前一档重叠。",
                    "This tier overlaps the one before.",
                    at=tree.kids[1 + 2 * i].word,
                    fix="各档起点从小到大写，一个起点只写一次。",
                )
        if part.low < starts[0].value:
            least = money(part.low, "zh") if part.type == FEN else str(part.low)
            raise Gap(
                f"第一档从“{shown(tree.kids[1].word.text)}”起，{least}起的没有档。",
                "Below the first tier there is none.",
                at=tree.kids[1].word,
                fix="补上最低一档，没有补贴的写 0。",
            )
        found = [v.value for v in values]
        return Tier(part, starts, values, type=values[0].type, word=tree.word, low=min(found), high=max(found))

    def _months_since(self, tree: Tree, _expect: Type | None) -> Node:
        part = self.typed(tree.kids[0])
        if part.type != DATE:
            raise WrongType(f"months_since 只看日期，这里是{part.type.zh}。", "months_since reads a date.", at=tree.kids[0].word)
        return Months(part, type=INT, word=tree.word, low=-MONTH_SPAN, high=MONTH_SPAN)


def _is_zero(node: Literal_) -> bool:
    return node.type == INT and node.value == 0


def _same(one: Type, other: Type) -> bool:
    return one.name == other.name and one.codes == other.codes and one.many == other.many


def rounded(base: int, rate: int, rounding: Rounding) -> int:
    """Take basis points of an amount: down drops the rest, up adds one for any rest, half_up from exactly half."""
    product = base * rate
    if rounding == "down":
        return product // 10_000
    if rounding == "up":
        return -(-product // 10_000)
    return (product + 5_000) // 10_000
