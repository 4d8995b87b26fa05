"""Telephone numbers as people write them."""

import re

from qifu.kernel.language import said as _
from qifu.kernel.values.problem import Problem
from qifu.kernel.values.text import narrow

_BETWEEN = re.compile(r"[\s\-_()（）.·—–]+")
_COUNTRY = re.compile(r"^(\+86|0086|86(?=1\d{10}$))")
# Digits of other scripts are digits to \d: 1[3-9] and nine of them would be stored as nobody's number.
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+")


def check_phone(text: str) -> str | Problem:
    """Read a Chinese telephone number: 11 digits of a mobile, or area code and number of a landline; the country code,
    blanks and dashes are dropped. Answers bare digits, the form that is stored and indexed."""
    plain = normal_phone(text)
    if not plain:
        return Problem("empty", "还没有填电话。")
    if _MOBILE.fullmatch(plain) or _LANDLINE.fullmatch(plain):
        return plain
    if _SCIENTIFIC.fullmatch(typed := narrow(text)):
        return Problem("scientific", _("表格软件把号码变成了{typed}，原来的数字已经丢失。把这一列设为“文本”格式后重新填写。", typed=typed))
    if not (plain.isascii() and plain.isdigit()):
        return Problem("character", "电话里只能有数字，分机号可以写在备注里。")
    return _wrong_number(plain)


def _wrong_number(plain: str) -> Problem:
    if plain.startswith("1"):
        if len(plain) != 11:
            return Problem("length", _("手机号码是11位，这里是{n}位。", n=len(plain)))
        return Problem("prefix", "没有这个号段的手机号码，可以再核对一遍。")
    if len(plain) in (7, 8):
        return Problem("area_code", "固定电话前面加上区号，例如 0574-88888888。")
    return Problem("shape", "这不像电话号码，可以填11位手机号码，或带区号的固定电话。")


def normal_phone(text: str) -> str:
    """Drop width, blanks, dashes and the country code, without judging what is left."""
    plain = _BETWEEN.sub("", narrow(text))
    rest = _COUNTRY.sub("", plain)
    # Abroad-style landlines lose the trunk 0: +86 574 ...
    return f"0{rest}" if rest != plain and rest and not rest.startswith(("0", "1")) else rest


def mask_phone(number: str) -> str:
    """Hide the middle of a number: 138****6021, 0574****8888; what is too short shows nothing."""
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    if len(number) >= 10:
        return f"{number[:4]}****{number[-4:]}" if len(number) >= 12 else f"{number[:3]}****{number[-3:]}"
    return "*" * len(number)
