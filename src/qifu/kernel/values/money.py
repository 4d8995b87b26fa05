"""Money is a whole number of fen; a share of it names its rounding (DECISIONS 1)."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NewType

from qifu.kernel.language import said as _
from qifu.kernel.values.problem import Problem
from qifu.kernel.values.text import narrow

Fen = NewType("Fen", int)
"""An amount in fen: 1 yuan is 100."""

Rounding = Literal["down", "half_up"]
"""`down`: towards zero; `half_up`: to the nearest, halves away from zero. Both treat -x as the mirror of x."""

FEN_IN_YUAN = 100
FEN_IN_WAN = 1_000_000
BASIS = 10_000  # basis points in the whole


def fen(amount: int) -> Fen:
    """Take a whole number as fen; refuse floats, which cannot hold money, and truth values."""
    return Fen(_whole(amount))


def yuan(amount: int | str | Decimal) -> Fen:
    """Turn yuan into fen; refuse floats and anything finer than a fen."""
    if isinstance(amount, (float, bool)):
        raise TypeError(f"money is never a {type(amount).__name__}")
    exact = Decimal(amount) * FEN_IN_YUAN
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise ValueError(f"{amount} yuan is not a whole number of fen")
    return Fen(int(exact))


def divide(amount: int, by: int, *, rounding: Rounding) -> int:
    """Divide whole numbers with a named rounding."""
    amount, by = _whole(amount), _whole(by)
    sign = -1 if (amount < 0) != (by < 0) else 1
    whole, rest = divmod(abs(amount), abs(by))
    if rounding == "half_up":
        whole += 2 * rest >= abs(by)
    elif rounding != "down":
        raise ValueError(f"no rounding is called {rounding!r}")
    return sign * whole


def pct(amount: int, basis_points: int, *, rounding: Rounding) -> Fen:
    """Take a share of an amount in fen; 2000 basis points are 20 %."""
    return Fen(divide(_whole(amount) * _whole(basis_points), BASIS, rounding=rounding))


def share(total: int, weights: Sequence[int]) -> list[Fen]:
    """Share a total by whole weights without losing a fen (largest remainder; of equal remainders the first).

    Refuse negative weights, and weights that add up to nothing."""
    total = _whole(total)
    weights = [_whole(weight) for weight in weights]
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or whole == 0:
        raise ValueError("weights are not negative and add up to more than nothing")
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [Fen(sign * part) for part in parts]


def in_yuan(amount: int) -> str:
    """Write fen as yuan, exactly: 1,234.50元, 500,000元."""
    amount = _whole(amount)
    whole, rest = divmod(abs(amount), FEN_IN_YUAN)
    return _("{value}{whole:,}{value2}元", value="-" if amount < 0 else "", whole=whole, value2=_(".{rest:02d}", rest=rest) if rest else "")


def in_wan(amount: int, *, digits: int | None = None, rounding: Rounding = "half_up") -> str:
    """Write fen as ten thousands of yuan: 50万元, 1.25万元; exactly, or rounded to `digits` places."""
    amount = _whole(amount)
    places = 6 if digits is None else digits
    if not 0 <= places <= 6:
        raise ValueError("from no to six places")
    scaled = divide(abs(amount) * 10**places, FEN_IN_WAN, rounding=rounding)
    whole, rest = divmod(scaled, 10**places)
    part = f"{rest:0{places}d}" if places else ""
    if digits is None:
        part = part.rstrip("0")
    return _("{value}{whole:,}{value2}万元", value="-" if amount < 0 and scaled else "", whole=whole, value2="." + part if part else "")


def in_words(amount: int) -> str:
    """Write fen as people say them: in 万元 from ten thousand yuan up where that is exact to 100 yuan, else in 元."""
    if abs(_whole(amount)) >= FEN_IN_WAN and amount % (FEN_IN_WAN // 100) == 0:
        return in_wan(amount)
    return in_yuan(amount)


_AMOUNT = re.compile(r"(-?)(\d+(?:\.\d+)?)(亿|万|千)?(元|块)?(整)?")
_UNITS = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}


def read_yuan(text: str) -> Fen | Problem:
    """Read an amount as people write it (50万, 1,234.5元, ￥300), bare numbers as yuan."""
    plain = narrow(text).replace(",", "").replace(" ", "").lstrip("¥")
    if not plain:
        return Problem("empty", "还没有填金额。")
    if not (found := _AMOUNT.fullmatch(plain)):
        return Problem("not_an_amount", _("“{text}”不是金额，可以写成 50万 或 1234.50。", text=text.strip()))
    sign, number, unit, *_tail = found.groups(default="")
    exact = Decimal(number) * _UNITS[unit] * FEN_IN_YUAN
    if exact != exact.to_integral_value():
        return Problem("too_fine", "金额最多写到分，也就是两位小数。")
    return Fen(int(exact) * (-1 if sign else 1))


def _whole(amount: int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"money and shares are whole numbers, not {type(amount).__name__}")
    return amount
