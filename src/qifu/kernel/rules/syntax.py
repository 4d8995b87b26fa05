"""From text to an untyped tree: our own tokenizer and parser, with limits, pointing at the word.

    rule    := either            either := both ("or" both)*        both := denial ("and" denial)*
    denial  := "not" denial | compare
    compare := sum [("<" "<=" ">" ">=" "=" "==" "!=") sum | ["not"] "in" (list | name)
                    | ["not"] "between" sum "and" sum]
    sum     := product (("+" | "-") product)*          product := sign ("*" sign)*        sign := "-" sign | atom
    atom    := literal | name | "(" either ")" | call
    call    := "prefix" "(" sum "," (text | list | name) ")" | "pct" "(" sum "," sum ["," rounding] ")"
             | ("min" | "max") "(" sum ("," sum)+ ")" | "tier" "(" sum "," "[" sum ":" sum ("," ...)* "]" ")"
             | "months_since" "(" sum ")"

Chinese punctuation is taken as the same sign, since people write with a Chinese keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from .errors import FloatRefused, NotUnderstood, TooLong, shown
from .facts import refuse_forbidden
from .kinds import read_date, read_instant, read_number

MAX_CHARS: Final = 4_000
MAX_DEPTH: Final = 32
MAX_NODES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the text and where it stands; line and column count from 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A node without a type. `kind` names the construct, `value` holds a literal, an operator or a name."""

    kind: str
    word: Word = field(compare=False)
    kids: tuple[Tree, ...] = ()
    value: Any = None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number date instant text name op end
    text: str
    word: Word


_SAME: Final = str.maketrans("（），：［］【】＜＞＝≥≤≠＋－×＊", "(),:[][]<>=≥≤≠+-**")
_SIGNS: Final = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "="}
_TOKEN: Final = re.compile(
    r"(?P<space>[ \t\r\n\u3000]+)"
    r"|(?P<instant>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
    r"(?![0-9A-Za-z_:.]))"
    r"|(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9A-Za-z_]))"
    r"|(?P<number>\.?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?(?:[%％]|[\u4e00-\u9fff]+|[A-Za-z_][A-Za-z0-9_]*)?)"
    r"|(?P<text>'[^'\n]*'|\"[^\"\n]*\"|‘[^’\n]*’|“[^”\n]*”)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op><=|>=|==|!=|[<>=≥≤≠()\[\],:+\-*])"
)
_INSTEAD: Final = {
    "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "且": "and", "并且": "and", "和": "and", "或": "or",
    "或者": "or", "非": "not", "不": "not",
}  # fmt: skip


def tokens(text: str) -> list[_Token]:
    """Cut a text into words; refuses what is too long, a float, a half date and a strange sign."""
    if len(text) > MAX_CHARS:
        raise TooLong(
            f"这条规则有{len(text)}个字，最多{MAX_CHARS}个。",
            f"The rule has {len(text)} characters; {MAX_CHARS} are allowed.",
            fix="把它拆成几个条件。",
        )
    found: list[_Token] = []
    at, line, start = 0, 1, 0
    same = text.translate(_SAME)
    while at < len(text):
        # The texts in quotes keep their own punctuation; everywhere else Chinese signs are taken as ASCII.
        m = _TOKEN.match(text if text[at] in "'\"‘“" else same, at)
        word = Word(m.group() if m else text[at], line, at - start + 1)
        if m is None:
            _strange(text, at, word)
        kind, piece = str(m.lastgroup), m.group()
        if kind == "space":
            line += piece.count("\n")
            if "\n" in piece:
                start = at + piece.rindex("\n") + 1
        else:
            found.append(_Token(kind, _SIGNS.get(piece, piece) if kind == "op" else piece, word))
        at = m.end()
    found.append(_Token("end", "", Word("", line, at - start + 1)))
    return found


def _strange(text: str, at: int, word: Word) -> NoReturn:
    if text[at] in "'\"‘“":
        raise NotUnderstood("这里开始的文字没有收尾的引号。", "The text here has no closing quote.", at=word)
    if text[at] == ".":
        raise NotUnderstood("“.”不能用：规则只认事实的名称，不能取里面的部分。", "“.” is not used: there are no attributes.", at=word)
    run = re.match(r"[\u4e00-\u9fff]+|[&|!]+", text[at:])
    piece = run.group() if run else text[at]
    word = Word(shown(piece), word.line, word.column)
    refuse_forbidden(piece, at=word)
    instead = _INSTEAD.get(piece) or _INSTEAD.get(piece[0])
    fix = f"改写成 {instead}。" if instead else "事实用登记的英文名称，文字加引号。" if run else ""
    raise NotUnderstood(f"“{shown(piece)}”看不懂。", f"“{shown(piece)}” is not understood.", at=word, fix=fix)


def read(text: str) -> Tree:
    """Parse a whole rule; refuses anything left over, too deep or too big."""
    return _Parser(tokens(text)).whole()


class _Parser:
    def __init__(self, found: list[_Token]) -> None:
        self.found = found
        self.at = 0
        self.depth = 0
        self.nodes = 0

    # -- small steps
    @property
    def now(self) -> _Token:
        return self.found[self.at]

    def sees(self, *texts: str) -> bool:
        return self.now.kind in ("op", "name") and self.now.text in texts

    def step(self) -> _Token:
        token = self.now
        self.at += 1
        return token

    def take(self, text: str) -> _Token:
        if not self.sees(text):
            self.refuse(f"应有“{text}”")
        return self.step()

    def refuse(self, wanted: str) -> NoReturn:
        word = self.now.word
        fix = f"改写成 {word.text.lower()}。" if word.text.lower() in ("and", "or", "not", "in", "between") else ""
        if word.text:
            raise NotUnderstood(f"“{shown(word.text)}”这里{wanted}。", f"“{shown(word.text)}” was not expected here.", at=word, fix=fix)
        raise NotUnderstood(f"规则到这里没有写完，{wanted}。", "The rule ends too early.", at=word)

    def node(self, kind: str, word: Word, *kids: Tree, value: Any = None) -> Tree:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooLong(
                f"这条规则超过{MAX_NODES}个部分。",
                f"The rule has over {MAX_NODES} parts.",
                at=word,
                fix="把它拆成几个条件。",
            )
        return Tree(kind, word, kids, value)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooLong(
                f"这里套了{MAX_DEPTH}层以上，读的人看不清。",
                f"Nested deeper than {MAX_DEPTH}.",
                at=self.now.word,
                fix="把里面的部分拆成单独的条件。",
            )

    # -- the grammar
    def whole(self) -> Tree:
        if self.now.kind == "end":
            raise NotUnderstood("规则是空的。", "The rule is empty.", at=self.now.word)
        tree = self.either()
        if self.now.kind != "end":
            self.refuse("多出来了，或前面少了 and、or")
        return tree

    def either(self) -> Tree:
        return self.joined("or", self.both)

    def both(self) -> Tree:
        return self.joined("and", self.denial)

    def joined(self, word: str, part: Callable[[], Tree]) -> Tree:
        first = part()
        if not self.sees(word):
            return first
        parts, at = [first], self.now.word
        while self.sees(word):
            self.step()
            parts.append(part())
        return self.node(word, at, *parts)

    def denial(self) -> Tree:
        if not self.sees("not"):
            return self.compare()
        word = self.step().word
        self.deeper()
        tree = self.node("not", word, self.denial())
        self.depth -= 1
        return tree

    def compare(self) -> Tree:
        left = self.sum()
        if self.now.kind == "op" and self.now.text in ("<", "<=", ">", ">=", "=", "!="):
            token = self.step()
            tree = self.node("compare", token.word, left, self.sum(), value=token.text)
        else:
            denied = self.sees("not") and self.found[self.at + 1].text in ("in", "between")
            negated = self.step().word if denied else None
            if self.sees("in"):
                word = self.step().word
                tree = self.node("in", word, left, self.listed() if self.sees("[") else self.name())
            elif self.sees("between"):
                word = self.step().word
                low = self.sum()
                self.take("and")
                tree = self.node("between", word, left, low, self.sum())
            else:
                return left
            if negated:
                tree = self.node("not", negated, tree)
        if self.now.kind == "op" and self.now.text in ("<", "<=", ">", ">=", "=", "!="):
            raise NotUnderstood(
                f"“{self.now.text}”不能连着比较。",
                "Comparisons cannot be chained.",
                at=self.now.word,
                fix="写成 x between a and b，或用 and 分成两条。",
            )
        return tree

    def sum(self) -> Tree:
        return self.chained(("+", "-"), self.product)

    def product(self) -> Tree:
        return self.chained(("*",), self.sign)

    def chained(self, signs: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        tree, links = part(), 0
        while self.now.kind == "op" and self.now.text in signs:
            token = self.step()
            self.deeper()
            links += 1
            tree = self.node("sum", token.word, tree, part(), value=token.text)
        self.depth -= links
        return tree

    def sign(self) -> Tree:
        if not self.sees("-"):
            return self.atom()
        word = self.step().word
        self.deeper()
        tree = self.node("negative", word, self.sign())
        self.depth -= 1
        return tree

    def atom(self) -> Tree:
        token = self.now
        if token.kind == "op" and token.text == "(":
            self.step()
            self.deeper()
            tree = self.either()
            self.depth -= 1
            self.take(")")
            return tree
        if token.kind == "name":
            return self.called(token)
        if token.kind in ("number", "date", "instant", "text"):
            self.step()
            return self.literal(token)
        self.refuse("应是事实、数、金额、日期或文字")

    def literal(self, token: _Token) -> Tree:
        text, word = token.text, token.word
        if token.kind == "text":
            return self.node("text", word, value=text[1:-1])
        if token.kind == "date":
            if (day := read_date(text)) is None:
                raise NotUnderstood(f"“{text}”不是日期。", f"“{text}” is not a date.", at=word, fix="日期写成 2020-02-10。")
            return self.node("date", word, value=day)
        if token.kind == "instant":
            if (moment := read_instant(text)) is None:
                raise NotUnderstood(f"“{text}”不是时刻。", f"“{text}” is not an instant.", at=word, fix="时刻写成 2020-02-09T24:00。")
            return self.node("instant", word, value=(moment, text[11:16] == "24:00"))
        if (number := read_number(text)) is None:
            _no_number(text, word)
        value, kind = number
        return self.node("number", word, value=(value, kind))

    def called(self, token: _Token) -> Tree:
        name, word = token.text, token.word
        opened = self.found[self.at + 1].kind == "op" and self.found[self.at + 1].text == "("
        if name in ("true", "false"):
            self.step()
            return self.node("bool", word, value=name == "true")
        if not opened:
            return self.name()
        if name not in ("prefix", "pct", "min", "max", "tier", "months_since"):
            raise NotUnderstood(
                f"没有“{shown(name)}”这种算法。",
                f"There is no function “{shown(name)}”.",
                at=word,
                fix="可用的是 prefix、pct、min、max、tier、months_since。",
            )
        self.step()
        self.step()
        self.deeper()
        kids, value = getattr(self, f"in_{name}")()
        self.depth -= 1
        self.take(")")
        return self.node(name, word, *kids, value=value)

    def name(self) -> Tree:
        token = self.now
        if token.kind != "name" or token.text in _RESERVED:
            self.refuse("应是一个名称")
        self.step()
        return self.node("name", token.word, value=token.text)

    def listed(self) -> Tree:
        word = self.take("[").word
        items = [self.sign()]
        while self.sees(","):
            self.step()
            items.append(self.sign())
        self.take("]")
        return self.node("list", word, *items)

    def in_prefix(self) -> tuple[list[Tree], Any]:
        text = self.sum()
        self.take(",")
        return [text, self.listed() if self.sees("[") else self.sum()], None

    def in_pct(self) -> tuple[list[Tree], Any]:
        base = self.sum()
        self.take(",")
        rate = self.sum()
        if not self.sees(","):
            return [base, rate], None
        self.step()
        if not self.sees("down", "up", "half_up"):
            self.refuse("应写怎样取整：down（舍去）、up（进一）或 half_up（四舍五入）")
        return [base, rate], self.step().text

    def in_min(self) -> tuple[list[Tree], Any]:
        parts = [self.sum()]
        while self.sees(","):
            self.step()
            parts.append(self.sum())
        if len(parts) < 2:
            self.refuse("应再写一个数，用逗号隔开")
        return parts, None

    in_max = in_min

    def in_tier(self) -> tuple[list[Tree], Any]:
        parts = [self.sum()]
        self.take(",")
        self.take("[")
        while True:
            parts.append(self.sum())
            self.take(":")
            parts.append(self.sum())
            if not self.sees(","):
                break
            self.step()
        self.take("]")
        return parts, None

    def in_months_since(self) -> tuple[list[Tree], Any]:
        return [self.sum()], None


_RESERVED: Final = frozenset(("and", "or", "not", "in", "between", "down", "up", "half_up"))


def _no_number(text: str, word: Word) -> NoReturn:
    plain = re.fullmatch(r"\.?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?", text)
    if plain and not text.isdigit():
        raise FloatRefused(
            f"“{shown(text)}”是小数，规则里只有整数。",
            f"“{shown(text)}” is a decimal; there are only whole numbers.",
            at=word,
            fix="金额写成 0.5元，比例写成 20% 或基点 2000。",
        )
    if re.fullmatch(r"[0-9]+\.[0-9]+.*", text) and re.search(r"元|角|分|yuan|fen|%|％|万|亿", text):
        raise FloatRefused(
            f"“{shown(text)}”不是整分、整个或整基点。",
            f"“{shown(text)}” is not whole.",
            at=word,
            fix="去掉多余的小数位。",
        )
    raise NotUnderstood(
        f"“{shown(text)}”不是数。",
        f"“{shown(text)}” is not a number.",
        at=word,
        fix="单位可用 万、亿、分、角、元、百元、千元、万元、亿元、%。",
    )
