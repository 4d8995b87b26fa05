"""Credit codes of organisations and identity numbers of people: checked by their own arithmetic, never by a list of
places (lists go stale: a table that lacks a district founded in 2016 refuses everybody born there since)."""

import re
from datetime import date
from operator import mul

from qifu.kernel.language import said as _
from qifu.kernel.values.problem import Problem
from qifu.kernel.values.secret import Secret
from qifu.kernel.values.text import narrow

# GB 32100-2015: 31 characters, without I, O, S, V, Z; weights are the powers of 3 modulo 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_PLAIN = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_LOOKALIKE = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+")
_BETWEEN = re.compile(r"[\s\-_—–'‘’`\"“”]+")

# GB 11643-1999: weights are the powers of 2 modulo 11, the remainder 10 is written X.
_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_ID_CHECK = "10X98765432"


class Uscc(str):
    """A unified social credit code whose check digit is right: 18 characters."""

    __slots__ = ()

    @property
    def place(self) -> str:
        """The six-digit code of the place that registered it, as it was called then."""
        return self[2:8]

    @property
    def organisation(self) -> str:
        """The organisation code inside it, nine characters."""
        return self[8:17]


def uscc_check_digit(first: str) -> str:
    """Compute the eighteenth character from the first seventeen."""
    if len(first) != 17:
        raise ValueError(f"not seventeen characters: {len(first)}")
    return _ALPHABET[-sum(map(mul, map(_VALUE.__getitem__, first), _WEIGHTS)) % 31]


def check_uscc(text: str) -> Uscc | Problem:
    """Read a unified social credit code: full-width letters, blanks, dashes and lower case are put right; everything
    else is said in Chinese, with what was probably meant where only one meaning is possible."""
    if _PLAIN.fullmatch(text) and text[17] == uscc_check_digit(text[:17]):
        return Uscc(text)
    plain = _BETWEEN.sub("", narrow(text)).upper()
    if plain.endswith(".0"):  # a sheet's whole number
        plain = plain[:-2]
    if shape := _wrong_shape(plain, typed=narrow(text)):
        return shape
    for place, character in enumerate(plain, start=1):
        if character not in _VALUE:
            return _foreign_character(plain, place, character)
    if not plain[2:8].isdigit():
        return Problem("place", "第3到第8位是地区码，只会是数字，可以对照营业执照再看一遍。")
    if plain[17] == uscc_check_digit(plain[:17]):
        return Uscc(plain)
    if plain.isdigit() and plain.endswith("000"):
        return Problem("rounded", "末尾几位被表格软件变成了0，原来的数字已经丢失。把这一列设为“文本”格式后重新填写。")
    return Problem("check_digit", "校验位对不上，代码里有一位抄错或两位写反了，可以对照营业执照再看一遍。")


def _wrong_shape(plain: str, *, typed: str) -> Problem | None:
    if not plain:
        return Problem("empty", "还没有填统一社会信用代码。")
    if _SCIENTIFIC.fullmatch(plain):
        return Problem("scientific", _("表格软件把代码变成了{typed}，原来的数字已经丢失。把这一列设为“文本”格式后重新填写。", typed=typed))
    if len(plain) == 18:
        return None
    if len(plain) == 15 and plain.isdigit():
        return Problem("old_number", "这是15位的旧注册号，需要18位统一社会信用代码，营业执照上有。")
    if len(plain) == 9:
        return Problem("organisation_code", "这是9位的组织机构代码，需要18位统一社会信用代码，营业执照上有。")
    gap = 18 - len(plain)
    words = _("少了{gap}位", gap=gap) if gap > 0 else _("多了{value}位", value=-gap)
    return Problem("length", _("统一社会信用代码是18位，这里是{n}位，{words}。", n=len(plain), words=words))


def _foreign_character(plain: str, place: int, character: str) -> Problem:
    meant = "".join(_LOOKALIKE.get(ch, ch) for ch in plain)
    likely = all(ch in _VALUE for ch in meant) and meant[2:8].isdigit() and meant[17] == uscc_check_digit(meant[:17])
    if instead := _LOOKALIKE.get(character):
        kind = "数字" if instead.isdigit() else "字母"
        says = _(
            "第{place}位写的是{character}，代码里不用这个字母，多半是{kind}{instead}。",
            place=place,
            character=character,
            kind=kind,
            instead=instead,
        )
        return Problem("lookalike", says, suggestion=meant if likely else "")
    return Problem("character", _("第{place}位的“{character}”不会出现在代码里，代码只有数字和大写字母。", place=place, character=character))


class IdentityNumber(Secret):
    """A resident identity number whose check digit and birth date are right. It shows only its mask; `reveal()` gives
    the number."""

    __slots__ = ()

    @property
    def born(self) -> date:
        """The birth date inside it."""
        return _birth(self.reveal())

    @property
    def female(self) -> bool:
        """Whether the sequence number is even."""
        return int(self.reveal()[16]) % 2 == 0


def identity_check_digit(first: str) -> str:
    """Compute the eighteenth character from the first seventeen digits."""
    return _ID_CHECK[sum(int(digit) * weight for digit, weight in zip(first, _ID_WEIGHTS, strict=True)) % 11]


def check_identity(text: str, *, today: date) -> IdentityNumber | Problem:
    """Read a resident identity number: check digit and birth date, never the place. The sentences do not repeat it."""
    plain = _BETWEEN.sub("", narrow(text)).upper().replace("×", "X")
    if not plain:
        return Problem("empty", "还没有填身份证号码。")
    if _SCIENTIFIC.fullmatch(plain):
        return Problem("scientific", "表格软件改写了号码，原来的数字已经丢失。把这一列设为“文本”格式后重新填写。")
    if len(plain) == 15 and plain.isdigit():
        return Problem("old_number", "这是15位的旧号码，需要现在身份证上的18位号码。")
    if len(plain) != 18:
        return Problem("length", _("身份证号码是18位，这里是{n}位。", n=len(plain)))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        return Problem("character", "身份证号码只有数字，最后一位可以是X。")
    return _wrong_arithmetic(plain, today=today) or IdentityNumber(plain, mask=mask_id(plain))


def _wrong_arithmetic(plain: str, *, today: date) -> Problem | None:
    try:
        born = _birth(plain)
    except ValueError:
        return Problem("birth_date", "第7到第14位是出生日期，这里的日期不存在。")
    if not date(1880, 1, 1) <= born <= today:
        return Problem("birth_date", "第7到第14位是出生日期，这里的日期不可能。")
    if plain[17] != identity_check_digit(plain[:17]):
        if plain.endswith("000"):
            return Problem("rounded", "末尾几位被表格软件变成了0，原来的数字已经丢失。把这一列设为“文本”格式后重新填写。")
        return Problem("check_digit", "校验位对不上，号码里有一位抄错或两位写反了，可以对照身份证再看一遍。")
    return None


def _birth(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def mask_id(number: str) -> str:
    """Show the first six and the last two characters of an identity number: 330283**********4X; shorter texts show
    nothing."""
    return f"{number[:6]}{'*' * (len(number) - 8)}{number[-2:]}" if len(number) >= 15 else "*" * len(number)
