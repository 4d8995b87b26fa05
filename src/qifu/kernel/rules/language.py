"""The rule language: read a rule, prove it, decide with it, and say it.

It exists so that what an office decides by is data with dates and an origin, can be read by the officer who answers for
it, and can be shown to the enterprise it decides about; and so that a rule which may not exist does not load. The
language is total: every rule ends, none can loop, call, look up an attribute, overflow or round in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .closures import Run, closure
from .errors import WrongType, WrongValue
from .facts import Fact, Facts
from .kinds import Language, Type, span, spoken
from .sentences import op_words, oriented, said, sentence, term, unit_of
from .syntax import read
from .typed import (
    Between,
    Checker,
    Compare,
    In,
    Joined,
    Known,
    Literal_,
    Months,
    Name,
    Node,
    Not,
    Parameter,
    Prefix,
    Rounding,
    names,
    walk,
)

if TYPE_CHECKING:
    from .documents import Origin

OnUnknown = Literal["hold", "fail"]
_Seen: TypeAlias = "tuple[Any, Any, int | timedelta | None, tuple[ConditionAnswer, ...]]"
See: TypeAlias = Callable[[Mapping[str, Any], date], _Seen]
Lack: TypeAlias = Callable[[Mapping[str, Any], date], tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class ConditionAnswer:
    """One condition's own answer: True, False, or None where something is unknown.

    `value` is what the subject has, `required` what is asked of it, `gap` what is missing (an integer in the fact's
    unit, or a length of time; None when nothing is missing or it cannot be counted). `unknown` names the facts that
    lack, `parts` the answers inside an `or`; `says` prints the answer in words.
    """

    id: str
    text: str
    outcome: bool | None
    value: Any = None
    required: Any = None
    gap: int | timedelta | None = None
    origin: Origin | None = None
    fix: str = ""
    on_unknown: OnUnknown = "hold"
    unknown: tuple[Fact, ...] = ()
    parts: tuple[ConditionAnswer, ...] = ()
    node: Node | None = field(default=None, repr=False, compare=False)

    @property
    def counts_as(self) -> bool | None:
        """The outcome as it counts: unknown is false where the document says `on_unknown: fail`."""
        return False if self.outcome is None and self.on_unknown == "fail" else self.outcome

    def says(self, language: Language = "zh") -> str:
        """Say the answer: 设备投资86万元，要求不低于100万元，差14万元."""
        return _told(self, language)


@dataclass(frozen=True, slots=True)
class Verdict:
    """True, False or None (unknown: held until somebody knows), with each condition's own answer."""

    outcome: bool | None
    conditions: tuple[ConditionAnswer, ...] = ()

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(c.id for c in self.conditions if c.counts_as is False)

    @property
    def held(self) -> tuple[str, ...]:
        return tuple(c.id for c in self.conditions if c.counts_as is None)

    def explain(self, language: Language = "zh") -> list[str]:
        """The sentences a person needs: what failed and what is unknown; all of them when nothing did."""
        told = [c for c in self.conditions if c.counts_as is not True] or self.conditions
        return [c.says(language) for c in told]


def settle(conditions: tuple[ConditionAnswer, ...]) -> bool | None:
    """All must hold: one false is false, otherwise one unknown is unknown."""
    counted = [c.counts_as for c in conditions]
    return False if False in counted else None if None in counted else True


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule, with what it is called, where it comes from and what to do about it.

    Made by `condition`, which compiles what an answer needs once.
    """

    id: str
    node: Node
    run: Run
    see: See
    lack: Lack
    text: str
    en: str
    origin: Origin | None
    fix: str
    on_unknown: OnUnknown

    def answer(self, values: Mapping[str, Any], *, on: date) -> ConditionAnswer:
        """Decide this condition for checked values."""
        outcome: bool | None = self.run(values, on)
        value, required, gap, parts = self.see(values, on)
        return ConditionAnswer(
            self.id,
            self.text,
            outcome,
            value,
            required,
            gap if outcome is False else None,
            self.origin,
            self.fix,
            self.on_unknown,
            self.lack(values, on) if outcome is None else (),
            parts,
            self.node,
        )


def condition(
    name: str,
    node: Node,
    *,
    text: str = "",
    en: str = "",
    origin: Origin | None = None,
    fix: str = "",
    on_unknown: OnUnknown = "hold",
) -> Condition:
    """Compile a condition; without a text it is called by its own sentence."""
    return Condition(
        name,
        node,
        closure(node),
        _seer(node, negated=False),
        _lacker(node),
        text or sentence(node, "zh"),
        en or sentence(node, "en"),
        origin,
        fix,
        on_unknown,
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that has been read, typed and proved; `asks` names the facts that it reads."""

    text: str
    node: Node = field(repr=False)
    facts: Facts = field(repr=False)
    conditions: tuple[Condition, ...] = field(repr=False)
    run: Run = field(repr=False)
    asks: tuple[str, ...]

    @property
    def returns(self) -> Type:
        return self.node.type

    def value(self, facts: Mapping[str, Any], *, on: date) -> Any:
        """Return the bare value, None where something is unknown. Refuses WrongValue."""
        require_day(on)
        return self.run(self.facts.checked(facts, only=self.asks), on)

    def decide(self, facts: Mapping[str, Any], *, on: date) -> Verdict:
        """Decide for one subject on a local day, with each condition's own answer. Refuses WrongValue."""
        require_day(on)
        if self.returns.name != "bool":
            raise WrongType(f"这条规则得出的是{self.returns.zh}，用 value 取值。", "This rule gives a value; ask for `value`.")
        values = self.facts.checked(facts, only=self.asks)
        answers = tuple(c.answer(values, on=on) for c in self.conditions)
        return Verdict(settle(answers), answers)

    def sentence(self, language: Language = "zh") -> str:
        """Say the rule as a notice would."""
        return sentence(self.node, language)


def parse(
    text: str,
    *,
    facts: Mapping[str, Fact | Type],
    returns: Type,
    parameters: Mapping[str, Parameter] | None = None,
    rounding: Rounding | None = None,
) -> Rule:
    """Read, type and prove a rule. `rounding` is for a `pct` that does not name its own.

    Refuses (RuleRefused, pointing at the word) unknown and forbidden facts, floats, mixed types, unused parameters,
    overlap or gap of tiers, values that may leave 64 bits, and text too long or nested too deep.
    """
    dictionary = Facts.of(facts)
    checker = Checker(dictionary, parameters=parameters, rounding=rounding)
    node = checker.rule(read(text), returns)
    checker.refuse_unused()
    parts = _split(node) if node.type.name == "bool" else ()
    conditions = tuple(condition(f"c{i}", part) for i, part in enumerate(parts, 1))
    return Rule(text, node, dictionary, conditions, closure(node), names(node))


def _split(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Joined) and node.how == "and":
        return tuple(p for part in node.parts for p in _split(part))
    return (node,)


def require_day(on: date) -> None:
    """Refuse what is not a plain local date."""
    if not isinstance(on, date) or isinstance(on, datetime):
        raise WrongValue("“on”是当地日期，不是时刻。", "`on` is a local date, not an instant.")


# ---------------------------------------------------------------- what was seen, required and missing


def _bare(node: Node, negated: bool) -> tuple[Node, bool]:
    while isinstance(node, Not | Known):
        negated ^= isinstance(node, Not)
        node = node.part
    return node, negated


def _seer(node: Node, *, negated: bool) -> See:
    """Compile what a person is shown of a condition: what is there, what is asked, what is missing, the parts."""
    node, negated = _bare(node, negated)
    match node:
        case Name():
            name, wanted = node.fact.name, not negated
            return lambda values, on: (values.get(name), wanted, None, ())
        case Compare():
            op, left, right = oriented(node, negated=negated)
            return _compared(op, closure(left), closure(right))
        case Between():
            return _between(closure(node.part), closure(node.least), closure(node.most), negated=negated)
        case In() | Prefix():
            part, items = closure(node.part), node.items.value
            return lambda values, on: (part(values, on), items, None, ())
        case Joined():
            parts = [Not(p, type=p.type, word=p.word) if negated else p for p in node.parts]
            inner = tuple(condition(f"{i}", p) for i, p in enumerate(parts, 1))
            return lambda values, on: (None, None, None, tuple(c.answer(values, on=on) for c in inner))
        case _:
            return lambda values, on: (None, None, None, ())


def _compared(op: str, left: Run, right: Run) -> See:
    def see(values: Mapping[str, Any], on: date) -> _Seen:
        have, want = left(values, on), right(values, on)
        return have, want, None if have is None or want is None else _gap(op, have, want), ()

    return see


def _between(part: Run, least: Run, most: Run, *, negated: bool) -> See:
    def see(values: Mapping[str, Any], on: date) -> _Seen:
        have, low, high = part(values, on), least(values, on), most(values, on)
        gap = None
        if not negated and have is not None:
            gap = low - have if low is not None and have < low else have - high if high is not None else None
        return have, (low, high), gap, ()

    return see


def _gap(op: str, have: Any, want: Any) -> int | timedelta | None:
    if isinstance(have, bool | str) or op == "!=":
        return None
    # Of the values that hold for < and >, the nearest is one fen, one day or one microsecond further on.
    step: int | timedelta = 1 if isinstance(have, int) else timedelta(microseconds=1) if isinstance(have, datetime) else timedelta(days=1)
    missing = want - have if op in (">=", ">") else have - want if op in ("<=", "<") else abs(want - have)
    if op in ("<", ">"):
        missing += step
    return missing  # type: ignore[no-any-return]


def _lacker(node: Node) -> Lack:
    """Compile which unknown facts keep a condition open; those in parts already settled do not matter."""
    node, _ = _bare(node, False)
    if isinstance(node, Joined):
        inner = [(closure(p), _lacker(p)) for p in node.parts]

        def lack(values: Mapping[str, Any], on: date) -> tuple[Fact, ...]:
            found = (f for run, part in inner if run(values, on) is None for f in part(values, on))
            return tuple({f.name: f for f in found}.values())

        return lack
    facts = {n.fact.name: n.fact for n in walk(node) if isinstance(n, Name)}
    return lambda values, on: tuple(f for name, f in facts.items() if name not in values)


# ---------------------------------------------------------------- the answer in words


def _told(answer: ConditionAnswer, language: Language) -> str:
    if answer.node is None:
        return answer.text
    node, negated = _bare(answer.node, False)
    zh = language == "zh"
    rule = answer.text if zh and isinstance(node, Joined) else sentence(node, language, negated=negated)
    if answer.outcome is None:
        return _unknown(answer, rule, zh=zh)
    if isinstance(node, Compare | Between) and _measurable(node) and answer.value is not None:
        return _measured(answer, node, negated, language)
    if answer.outcome:
        return rule
    if answer.parts:
        parts = [p.says(language) for p in answer.parts]
        either = (isinstance(node, Joined) and node.how == "or") is not negated
        if zh:
            return ("以下各项至少要有一项：" if either else "以下各项都要满足：") + "；".join(parts)
        return ("At least one is required: " if either else "All are required: ") + "; ".join(parts)
    now = sentence(node, language, negated=not negated)
    if isinstance(node, In | Prefix | Compare) and answer.value is not None:
        subject = node.part if isinstance(node, In | Prefix) else oriented(node)[1]
        if isinstance(subject, Name):
            now = _has(subject, answer.value, language)
    return f"{now}，要求{rule}" if zh else f"{now}; required: {rule}"


def _measurable(node: Compare | Between) -> bool:
    """Whether the comparison is of something that can be measured."""
    return (node.left if isinstance(node, Compare) else node.part).type.ordered


def _has(subject: Name, value: Any, language: Language) -> str:
    words = spoken(value, subject.type, language, unit=subject.fact.unit)
    return f"{subject.fact.zh}为{words}" if language == "zh" else f"{subject.fact.called('en')} is {words}"


def _unknown(answer: ConditionAnswer, rule: str, *, zh: bool) -> str:
    if zh:
        owners = "、".join(f"{f.zh}（由{f.owner_department}提供）" if f.owner_department else f.zh for f in answer.unknown)
        return f"还不知道：{owners}；要求{rule}"
    owners = ", ".join(f.called("en") for f in answer.unknown)
    return f"Not yet known: {owners}; required: {rule}"


def _measured(answer: ConditionAnswer, node: Compare | Between, negated: bool, language: Language) -> str:
    zh = language == "zh"
    if isinstance(node, Compare):
        op, left, right = oriented(node, negated=negated)
        unit = unit_of(left)
        want = said(answer.required, right, language, unit=unit)
        if not isinstance(right, Literal_):
            want = f"{term(right, language)}（{want}）" if zh else f"{term(right, language)} ({want})"
        want = op_words(op, left.type, language) + ("" if zh else " ") + want
    else:
        op, left, unit = "between", node.part, unit_of(node.part)
        ends = [spoken(v, left.type, language, unit=unit if zh else "") for v in answer.required]
        want = f"{'不' * negated}在{ends[0]}至{ends[1]}之间" if zh else f"{'not ' * negated}from {ends[0]} to {ends[1]}"
        op = "<=" if answer.required[1] is not None and answer.value > answer.required[1] else ">="
    what = term(left.part, language) if isinstance(left, Months) else term(left, language)
    have = said(answer.value, left, language, unit=unit)
    link = ("至今" if isinstance(left, Months) else "" if isinstance(left, Name) else "为") if zh else ": "
    have = f"{what}{link}{have}"
    if answer.outcome:
        return f"{have}，符合{want}的要求" if zh else f"{have}, as required: {want}"
    text = f"{have}，要求{want}" if zh else f"{have}; required: {want}"
    gap = answer.gap
    if gap is None or not gap:
        return text
    length = span(gap, language) if isinstance(gap, timedelta) else said(gap, left, language, unit=unit)
    if isinstance(gap, timedelta):
        how = ("早了", "early by ") if op in (">=", ">") else ("晚了", "late by ")
    else:
        how = ("差", "short by ") if op in (">=", ">") else ("超出", "over by ")
    if op in ("=", "!="):
        how = ("相差", "off by ")
    return f"{text}，{how[0]}{length}" if zh else f"{text}; {how[1]}{length}"
