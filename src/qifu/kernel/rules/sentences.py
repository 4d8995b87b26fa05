"""A typed tree said as a notice would say it, in Chinese and in English.

Labels come from the dictionary, so a changed label changes every sentence; `not` is pushed down to the words
("不属于", "低于") because nobody writes "并非不". English is complete, not word for word.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from .kinds import DATE, RATE, Language, Type, spoken
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
)

INVERSE: Final = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
MIRROR: Final = {"<": ">", ">=": "<=", ">": "<", "<=": ">=", "=": "=", "!=": "!="}

_ZH_OPS: Final = {
    "money": {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "=": "为", "!=": "不是"},
    "count": {">=": "不少于", ">": "多于", "<=": "不超过", "<": "少于", "=": "为", "!=": "不是"},
    "time": {">=": "不早于", ">": "晚于", "<=": "不晚于", "<": "早于", "=": "为", "!=": "不是"},
    "other": {"=": "为", "!=": "不是"},
}
_EN_OPS: Final = {
    "money": {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "=": "exactly", "!=": "not"},
    "count": {">=": "at least", ">": "more than", "<=": "at most", "<": "fewer than", "=": "exactly", "!=": "not"},
    "time": {
        ">=": "not before", ">": "after", "<=": "not after", "<": "before", "=": "exactly", "!=": "not",
    },
    "other": {"=": "", "!=": "not"},
}  # fmt: skip


def _family(kind: Type) -> str:
    return {"fen": "money", "rate": "money", "int": "count", "date": "time", "instant": "time"}.get(kind.name, "other")


def op_words(op: str, kind: Type, language: Language) -> str:
    """The words of a comparison for a type: 不低于 for money, 不少于 for a count, 不早于 for a time."""
    return (_ZH_OPS if language == "zh" else _EN_OPS)[_family(kind)][op]


def unit_of(node: Node) -> str:
    """The unit in which a number is said: that of the first counted fact in it."""
    match node:
        case Name():
            return node.fact.unit
        case Months():
            return "个月"
        case Sum() | Pick() | Negative() | Pct():
            parts = (
                node.parts if isinstance(node, Pick) else (node.left, node.right) if isinstance(node, Sum)
                else (node.base,) if isinstance(node, Pct) else (node.part,)
            )  # fmt: skip
            return next((u for p in parts if (u := unit_of(p))), "")
        case _:
            return ""


def said(value: object, node: Node, language: Language, *, unit: str = "") -> str:
    """Say a value of a node's type with its unit; English says months, and leaves Chinese units out."""
    if language == "en":
        unit = "months" if unit == "个月" else unit if unit.isascii() else ""
    if isinstance(node, Literal_) and node.late and language == "zh":
        return late(node)
    return spoken(value, node.type, language, unit=unit)


def late(node: Literal_) -> str:
    """Say an instant that was written as 24:00 so: 2020年2月9日24时."""
    day = spoken((node.value - timedelta(days=1)).date(), DATE, "zh")
    return f"{day}24时"


def either(words: list[str], language: Language) -> str:
    """A、B或C; A, B or C."""
    if not words:
        return "（空名单）" if language == "zh" else "(an empty list)"
    if len(words) == 1:
        return words[0]
    return "、".join(words[:-1]) + "或" + words[-1] if language == "zh" else ", ".join(words[:-1]) + " or " + words[-1]


def sentence(node: Node, language: Language, *, negated: bool = False) -> str:
    """Say a rule: a condition as a sentence, a number as what it is made of."""
    if node.type.name == "bool":
        return _zh(node, negated) if language == "zh" else _en(node, negated)
    return term(node, language)


# ---------------------------------------------------------------- conditions, Chinese


def phrase(node: Name, language: Language, *, negated: bool) -> str:
    """The affirmative or negative phrase of a yes-or-no fact."""
    fact = node.fact
    if language == "zh":
        return (fact.zh_not or _deny(fact.zh)) if negated else (fact.zh_is or fact.zh)
    called = fact.called("en")
    return (fact.en_not or f"not {called}") if negated else (fact.en_is or called)


def _deny(zh: str) -> str:
    for yes, no in (("已经", "尚未"), ("已", "未"), ("有", "没有"), ("曾", "未曾")):
        if zh.startswith(yes):
            return no + zh[len(yes) :]
    return f"不{zh}" if zh[0] in "在是属需能会可含具符" else f"非{zh}"


def _zh(node: Node, negated: bool) -> str:
    match node:
        case Literal_():
            return "始终成立" if bool(node.value) is not negated else "始终不成立"
        case Name():
            return phrase(node, "zh", negated=negated)
        case Known():
            return f"不满足“{node.zh}”" if negated else node.zh
        case Not():
            return _zh(node.part, not negated)
        case Joined():
            how = node.how if not negated else ("or" if node.how == "and" else "and")
            words = [f"（{t}）" if _mixed(p, "zh") else t for p in node.parts for t in (_zh(p, negated),)]
            link = "且" if how == "and" else "或者"
            return link.join(words) if len(words) == 2 else "，".join(words[:-1]) + f"，{link}{words[-1]}"
        case Compare():
            return _compare(node, "zh", negated)
        case Between():
            no = "不" if negated else ""
            low, high = (
                said(n.value, n, "zh", unit=unit_of(node.part)) if isinstance(n, Literal_) else term(n, "zh")
                for n in (node.least, node.most)
            )
            return f"{term(node.part, 'zh')}{no}在{low}至{high}之间（含两端）"
        case In() | Prefix():
            return _among(node, "zh", negated)
        case _:
            return term(node, "zh")


def _mixed(node: Node, language: Language) -> bool:
    """Whether a part needs brackets; in Chinese a condition named by its id is one phrase."""
    while isinstance(node, Not) or (isinstance(node, Known) and language == "en"):
        node = node.part
    return isinstance(node, Joined)


def oriented(node: Compare, *, negated: bool = False) -> tuple[str, Node, Node]:
    """The comparison with the subject's side first and `not` taken into the operator."""
    op, left, right = (INVERSE[node.op] if negated else node.op), node.left, node.right
    if isinstance(left, Literal_) and not isinstance(right, Literal_):
        return MIRROR[op], right, left
    return op, left, right


def _compare(node: Compare, language: Language, negated: bool) -> str:
    op, left, right = oriented(node, negated=negated)
    zh = language == "zh"
    if left.type.name == "bool":
        if isinstance(right, Literal_):
            say = _zh if zh else _en
            return say(left, right.value is not (op == "="))
        same = op == "="
        one, other = sentence(left, language), sentence(right, language)
        if zh:
            return f"“{one}”与“{other}”{'一致' if same else '不一致'}"
        return f"“{one}” and “{other}” {'agree' if same else 'differ'}"
    if isinstance(left, Months) and isinstance(right, Literal_):
        return _months(op, left, right, language)
    words = said(right.value, right, language, unit=unit_of(left)) if isinstance(right, Literal_) else term(right, language)
    if isinstance(left, Name) and _family(left.type) == "other":
        return _pattern(left, words, language, negated=op == "!=")
    said_op = op_words(op, left.type, language)
    what = _inner(left, language) if isinstance(left, Pick) else term(left, language)
    return f"{what}{said_op}{words}" if zh else f"{what} is {said_op} {words}".replace("  ", " ")


def _pattern(node: Name, words: str, language: Language, *, negated: bool, verb: str = "") -> str:
    fact = node.fact
    given = (fact.zh_not if negated else fact.zh_is) if language == "zh" else (fact.en_not if negated else fact.en_is)
    if given:
        return given.replace("{}", words)
    if language == "zh":
        verb = verb or "为"
        return f"{fact.zh}{ {'为': '不是', '属于': '不属于'}[verb] if negated else verb }{words}"
    return f"{fact.called('en')} is {'not ' if negated else ''}{words}"


def _months(op: str, left: Months, right: Literal_, language: Language) -> str:
    what, n = term(left.part, language), right.value
    if language == "en":
        return f"whole months since {what} are {op_words(op, left.type, 'en')} {n}"
    how = {
        ">=": f"满{n}个月", ">": f"满{n + 1}个月", "<": f"不满{n}个月", "<=": f"不满{n + 1}个月",
        "=": f"满{n}个月、不满{n + 1}个月", "!=": f"的整月数不是{n}",
    }[op]  # fmt: skip
    return f"自{what}起{how}"


def _among(node: In | Prefix, language: Language, negated: bool) -> str:
    items, zh = node.items, language == "zh"
    one = replace(items.type, many=False)
    unit = unit_of(node.part)
    label = items.zh if zh else items.en or items.name.replace("_", " ")
    if label:
        if isinstance(node.part, Name):
            return _pattern(node.part, label, language, negated=negated, verb="属于" if zh else "")
        if zh:
            return f"{term(node.part, 'zh')}{'不' if negated else ''}属于{label}"
        return f"{term(node.part, 'en')} is {'not ' if negated else ''}one of {label}"
    words = either([said(v, replace(items, type=one), language, unit=unit) for v in items.value], language)
    if isinstance(node, Prefix):
        if zh:
            return f"{term(node.part, 'zh')}{'不' if negated else ''}以{words}开头"
        return f"{term(node.part, 'en')} {'does not start' if negated else 'starts'} with {words}"
    if isinstance(node.part, Name):
        return _pattern(node.part, words, language, negated=negated)
    return (
        f"{term(node.part, 'zh')}{'不是' if negated else '为'}{words}"
        if zh
        else (f"{term(node.part, 'en')} is {'not ' if negated else ''}{words}")
    )


# ---------------------------------------------------------------- conditions, English


def _en(node: Node, negated: bool) -> str:
    match node:
        case Literal_():
            return "always" if bool(node.value) is not negated else "never"
        case Name():
            return phrase(node, "en", negated=negated)
        case Known():
            return f"not “{node.en}”" if negated else node.en
        case Not():
            return _en(node.part, not negated)
        case Joined():
            how = node.how if not negated else ("or" if node.how == "and" else "and")
            words = [f"({t})" if _mixed(p, "en") else t for p in node.parts for t in (_en(p, negated),)]
            return f" {how} ".join(words) if len(words) == 2 else ", ".join(words[:-1]) + f", {how} {words[-1]}"
        case Compare():
            return _compare(node, "en", negated)
        case Between():
            low, high = (
                said(n.value, n, "en", unit=unit_of(node.part)) if isinstance(n, Literal_) else term(n, "en")
                for n in (node.least, node.most)
            )
            return f"{term(node.part, 'en')} is {'not ' if negated else ''}from {low} to {high}"
        case In() | Prefix():
            return _among(node, "en", negated)
        case _:
            return term(node, "en")


# ---------------------------------------------------------------- numbers and other values


def term(node: Node, language: Language) -> str:
    """Say what a value is made of: 设备投资的20%（不足1分的舍去），最高50万元."""
    zh = language == "zh"
    match node:
        case Literal_():
            return said(node.value, node, language)
        case Name():
            return node.fact.called(language)
        case Negative():
            return f"{'负的' if zh else 'minus '}{_inner(node.part, language)}"
        case Sum():
            word = {"+": ("加上", " plus "), "-": ("减去", " minus "), "*": ("乘以", " times ")}[node.op][not zh]
            chain = isinstance(node.left, Sum) and node.op in "+*" and node.left.op == node.op
            left = term(node.left, language) if chain else _inner(node.left, language)
            return f"{left}{word}{_inner(node.right, language)}"
        case Pct():
            return _pct(node, language)
        case Pick():
            return _pick(node, language)
        case Tier():
            return _tier(node, language)
        case Months():
            what = term(node.part, language)
            return f"自{what}起的整月数" if zh else f"the whole months since {what}"
        case _:
            return f"“{sentence(node, language)}”"


def _inner(node: Node, language: Language) -> str:
    text = term(node, language)
    if isinstance(node, Sum | Pct | Pick | Tier):
        return f"（{text}）" if language == "zh" else f"({text})"
    return text


_ROUNDING: Final = {
    "zh": {"down": "不足{}的舍去", "up": "不足{}的进一", "half_up": "四舍五入到{}"},
    "en": {"down": "rounded down to a {}", "up": "rounded up to a {}", "half_up": "rounded half up to a {}"},
}


def _pct(node: Pct, language: Language) -> str:
    fen = node.type.name == "fen"
    base, how = _inner(node.base, language), _ROUNDING[language][node.rounding]
    rate = spoken(node.rate.value, RATE, language) if isinstance(node.rate, Literal_) else _inner(node.rate, language)
    if language == "zh":
        link = "的" if isinstance(node.rate, Literal_) else "乘以比例"
        return f"{base}{link}{rate}（{how.format('1分' if fen else '1')}）"
    return f"{rate} of {base} ({how.format('fen' if fen else 'whole number')})"


def _pick(node: Pick, language: Language) -> str:
    fixed = [p for p in node.parts if isinstance(p, Literal_)]
    rest = [p for p in node.parts if not isinstance(p, Literal_)]
    if len(fixed) == 1 and len(rest) == 1:
        text, edge = term(rest[0], language), said(fixed[0].value, fixed[0], language, unit=unit_of(rest[0]))
        if language == "zh":
            return f"{text}，{'最高' if node.how == 'min' else '最低'}{edge}"
        return f"{text}, {'at most' if node.how == 'min' else 'at least'} {edge}"
    parts = [_inner(p, language) for p in node.parts]
    if language == "zh":
        return f"{'、'.join(parts)}中{'最小' if node.how == 'min' else '最大'}的一个"
    return f"the {'least' if node.how == 'min' else 'greatest'} of {', '.join(parts)}"


def _tier(node: Tier, language: Language) -> str:
    unit, what = unit_of(node.part), _inner(node.part, language)
    starts = [said(s.value, replace(s, type=node.part.type), language, unit=unit) for s in node.starts]
    values = [said(v.value, v, language) for v in node.values]
    if language == "zh":
        rows = [f"{start}起为{value}" for start, value in zip(starts, values, strict=True)]
        return f"按{what}分档（{'，'.join(rows)}）"
    rows = [f"{value} from {start}" for start, value in zip(starts, values, strict=True)]
    return f"by {what}: {', '.join(rows)}"
