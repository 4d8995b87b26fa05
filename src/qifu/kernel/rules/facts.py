"""The fact dictionary: which facts a rule may ask for, who owns each, and which may never be asked.

A rule can decide only about what stands here, so the duty not to decide by origin or illness is kept here, once,
before any rule is read (FEATURES 12.10): such a fact cannot be declared, and a rule that names one does not load.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from .errors import ForbiddenFact, WrongDeclaration, WrongValue, shown
from .kinds import INT64, Type, fault

Klass = Literal["P0", "P1", "P2", "P3"]

_ORIGIN_ZH: Final = (
    "籍贯", "户籍", "户口", "原籍", "祖籍", "老家", "家乡", "故乡", "出生地", "来源地", "民族", "国籍", "种族",
    "族裔", "宗教", "省籍", "外地人", "本地人",
)  # fmt: skip
_ILLNESS_ZH: Final = (
    "病史", "患病", "得病", "染病", "疾病", "既往", "确诊", "感染", "病例",
    "病人", "患者", "康复者", "传染病", "慢性病", "携带者",
)  # fmt: skip
_ORIGIN_WORDS: Final = frozenset((
    "origin", "origins", "native", "nativity", "birthplace", "hometown", "hukou", "huji", "jiguan", "minzu",
    "nationality", "ethnic", "ethnicity", "race", "religion", "citizenship",
))  # fmt: skip
_ILLNESS_WORDS: Final = frozenset((
    "illness", "illnesses", "ill", "sick", "sickness", "disease", "diseases", "infection", "infections", "infected",
    "diagnosis", "diagnosed", "patient", "patients", "convalescent", "comorbidity", "bingshi",
))  # fmt: skip
# Whole expressions, found however they are joined: native_place, NativePlace, nativeplace.
_ORIGIN_JOINED: Final = (
    "nativeplace", "birthplace", "placeofbirth", "hometown", "homeprovince", "homecounty", "householdregist",
    "placeoforigin", "nationality", "ethnic",
)  # fmt: skip
_ILLNESS_JOINED: Final = ("illness", "sickness", "disease", "infection", "infected", "medicalhistory", "healthhistory")

_DUTY: Final = {
    "origin": (
        "籍贯、户籍、民族等出身不得作为规则的依据：劳动者平等就业，农村劳动者进城就业不受歧视（《就业促进法》第三条、第三十一条）。",
        "Origin may never decide: workers have equal access to work (Employment Promotion Law, articles 3 and 31).",
    ),
    "illness": (
        "患病经历不得作为规则的依据：不得以曾患传染病为由拒绝录用，医疗健康信息属敏感个人信息（《就业促进法》第三十条、《个人信息保护法》第二十八条）。",
        "Past illness may never decide (Employment Promotion Law, article 30; Personal Information Protection Law, article 28).",
    ),
    "P3": (
        "标为P3的事实不得作为规则的依据：敏感个人信息只能用于收集时说明的目的（《个人信息保护法》第六条、第二十八条）。",
        "A fact of class P3 may never decide: it serves only the purpose it was collected for (Personal Information"
        " Protection Law, articles 6 and 28).",
    ),
}
_FIX: Final = "规则改为依据现在的状况，例如检查结果的有效期；如果说的不是人的出身或患病，换一个不会误读的名称。"

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
KEYWORDS: Final = frozenset((
    "and", "or", "not", "in", "between", "true", "false", "prefix", "pct", "min", "max", "tier", "months_since",
    "down", "up", "half_up",
))  # fmt: skip


def forbidden(*words: str) -> Literal["origin", "illness"] | None:
    """Say which protected matter a name or a label speaks of, however it is spelt."""
    for word in words:
        plain = unicodedata.normalize("NFKC", word)
        pieces = {p.lower() for p in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", plain)}
        joined = "".join(c for c in plain.lower() if c.isalnum())
        pieces.add(joined)
        if pieces & _ORIGIN_WORDS or any(w in joined for w in _ORIGIN_ZH + _ORIGIN_JOINED):
            return "origin"
        if pieces & _ILLNESS_WORDS or any(w in joined for w in _ILLNESS_ZH + _ILLNESS_JOINED):
            return "illness"
    return None


def refuse_forbidden(name: str, *words: str, klass: str = "P0", at: Any = None) -> None:
    """Refuse with ForbiddenFact when a name, label or meaning is origin or illness, or the class is P3."""
    matter = forbidden(name, *words) or ("P3" if klass == "P3" else None)
    if matter:
        says, en = _DUTY[matter]
        raise ForbiddenFact(f"“{shown(name)}”不能用：{says}", f"“{shown(name)}” does not load. {en}", at=at, fix=_FIX)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a rule may ask for.

    `zh` and `en` are what a notice calls it; `meaning` says more. `min` and `max` bound a number: without them a
    number is from 0 up, and a sum or product of facts without a maximum is refused (it might overflow).
    `zh_is` and `zh_not` say it of a subject: for a bool the two whole phrases ("在白名单内", "不在白名单内"), for text
    and enumerations a pattern with {} ("属于{}", "不属于{}"); `en_is` and `en_not` likewise.
    """

    name: str
    type: Type
    zh: str
    owner_department: str = ""
    unit: str = ""
    klass: Klass = "P0"
    en: str = ""
    meaning: str = ""
    min: int | None = None
    max: int | None = None
    zh_is: str = ""
    zh_not: str = ""
    en_is: str = ""
    en_not: str = ""

    @property
    def low(self) -> int:
        return 0 if self.min is None else self.min

    @property
    def high(self) -> int:
        return INT64[1] if self.max is None else self.max

    def called(self, language: str) -> str:
        """What a sentence calls it."""
        return self.zh if language == "zh" else self.en or self.name.replace("_", " ")


class Facts(Mapping[str, Fact]):
    """The dictionary. Refuses a fact that is origin, illness or P3, a name twice, and a range that is empty."""

    def __init__(self, *facts: Fact) -> None:
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            _declare(fact)
            if fact.name in self._facts:
                raise WrongDeclaration(f"事实“{fact.name}”登记了两次。", f"Fact “{fact.name}” is declared twice.")
            self._facts[fact.name] = fact
        self._bounds = {n: (f.low, f.high) if f.type.counts else (None, None) for n, f in self._facts.items()}

    @classmethod
    def of(cls, facts: Mapping[str, Fact | Type]) -> Facts:
        """Take a dictionary as it is, or make one from bare types."""
        if isinstance(facts, Facts):
            return facts
        made = []
        for name, fact in facts.items():
            if isinstance(fact, Type):
                made.append(Fact(name, fact, name))
            elif fact.name != name:
                raise WrongDeclaration(
                    f"“{shown(name)}”之下登记的是“{shown(fact.name)}”，两个名称要一致。",
                    f"“{shown(name)}” holds a fact named “{shown(fact.name)}”.",
                )
            else:
                made.append(fact)
        return cls(*made)

    def __getitem__(self, name: str) -> Fact:
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def checked(self, values: Mapping[str, Any], *, only: Iterable[str] | None = None) -> Checked:
        """Take the values of one subject: None and missing are unknown; refuses a wrong type or range.

        With `only`, other names are left out unread; without, a name that is not in the dictionary is refused.
        """
        if isinstance(values, Checked) and values.by is self:
            return values
        if only is None and (strange := [n for n in values if n not in self._facts]):
            raise WrongValue(f"没有名为“{shown(strange[0])}”的事实。", f"There is no fact “{shown(strange[0])}”.")
        taken = Checked(self)
        for name in self._facts if only is None else only:
            value = values.get(name)
            if value is None:
                continue
            fact = self._facts[name]
            low, high = self._bounds[name]
            if wrong := fault(value, fact.type, low=low, high=high):
                # The value itself is not repeated: a message may travel further than the right to see it.
                raise WrongValue(f"{fact.zh}（{name}）的值{wrong}。", f"The value of “{name}” is not {fact.type.en}.")
            taken[name] = value
        return taken


class Checked(dict[str, Any]):
    """Values that a dictionary has checked; only Facts makes one."""

    __slots__ = ("by",)

    def __init__(self, by: Facts) -> None:
        super().__init__()
        self.by = by


def _declare(fact: Fact) -> None:
    phrases = (fact.zh_is, fact.zh_not, fact.en_is, fact.en_not)
    labels = [label for pair in fact.type.labels for label in pair]
    refuse_forbidden(fact.name, fact.zh, fact.en, fact.meaning, *phrases, *fact.type.codes, *labels, klass=fact.klass)
    if fact.klass not in ("P0", "P1", "P2"):
        raise WrongDeclaration(f"“{fact.name}”的密级只能是P0到P3。", f"The class of “{fact.name}” is P0 to P3.")
    if not NAME.fullmatch(fact.name) or fact.name in KEYWORDS:
        raise WrongDeclaration(
            f"“{shown(fact.name)}”不能作事实的名称：用小写字母开头，只含小写字母、数字和下划线，且不是规则用词。",
            f"“{shown(fact.name)}” is not a name: small letters, digits and underscores, and no word of the language.",
        )
    if not fact.zh:
        raise WrongDeclaration(f"事实“{fact.name}”缺中文名称。", f"Fact “{fact.name}” lacks its Chinese name.")
    if fact.type.many or fact.type.name == "rate":
        raise WrongDeclaration(
            f"事实“{fact.name}”只能是单个的是否、整数、金额、日期、时刻、文字或选项。",
            f"Fact “{fact.name}” is one bool, int, fen, date, instant, text or enumeration.",
        )
    if not fact.type.counts and (fact.min is not None or fact.max is not None):
        raise WrongDeclaration(f"“{fact.name}”不是数，没有上下限。", f"“{fact.name}” is no number and has no range.")
    if not INT64[0] <= fact.low <= fact.high <= INT64[1]:
        raise WrongDeclaration(f"“{fact.name}”的下限高于上限，或超出64位。", f"The range of “{fact.name}” is empty.")
