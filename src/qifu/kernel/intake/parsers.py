"""Readers of cells as offices fill them. Each maker answers a `Prepare`: call it with the context, get the parser.

A parser gets a cell that is not blank (str stripped, float, bool or a date kind) and answers a value, or raises Note,
Doubt or Wrong with a short Chinese sentence."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any, TypeVar

from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.language import said as _
from qifu.kernel.values import Problem as ValueProblem
from qifu.kernel.values import Uscc, check_identity, check_phone, check_uscc, read_whole

from .target import Context, Doubt, Note, Parse, Prepare, Wrong

T = TypeVar("T")

_SPACES = re.compile(r"\s+")
_CSV_TEXT = re.compile(r'="(.*)"')
NOTHING = frozenset({"无", "没有", "无人", "/", "-", "—", "——", "－", "\\", "零", "〇", "none", "null", "n/a"})
DITTO = frozenset({"同上", "〃", "″", "”", "“", '"', "''", "ditto", "同前", "同上一行"})


def as_text(cell: Any) -> str:
    """Give a cell as a person would read it: whole numbers without .0, runs of blanks as one."""
    if cell.__class__ is str:
        text = cell.strip()
        if not text.isprintable() or "  " in text or "\u3000" in text:
            text = _SPACES.sub(" ", text).strip()
        if text.startswith('="') and (match := _CSV_TEXT.fullmatch(text)):
            return match[1]
        return text
    if cell.__class__ is float:
        if not abs(cell) < 1e15:  # no number at all is not below anything
            return f"{cell:.5E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if cell.__class__ is bool:
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ", "minutes")
    return str(cell)


class _Text:
    """Reads text; `whole` reads a column at once when every cell of it is plain."""

    __slots__ = ("most",)

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, cell: Any) -> str:
        found = as_text(cell)
        if len(found) > self.most:
            raise Wrong(_("太长了，最多{most}个字，这里有{n}个", most=self.most, n=len(found)))
        return found

    def whole(self, cells: Sequence[Any]) -> list[str | None] | None:
        try:
            together = "".join(cells)
        except TypeError:
            return None
        if not together.isprintable() or "  " in together or '="' in together or max(map(len, cells)) > self.most:
            return None
        return [cell.strip() or None for cell in cells] if " " in together else [cell or None for cell in cells]


def text(*, most: int = 200) -> Prepare:
    """Read text of at most `most` characters."""
    parse = _Text(most)
    return lambda context: parse


_NUMBER = re.compile(r"([+-]?\d{1,3}(?:,\d{3})+|[+-]?\d+)(?:\.(\d+))?")
_APPROXIMATE = re.compile(r"^[约近超大概]|左右$|多[人名个家]?$|余[人名个家]?$|以上$|以下$|几")


def count(*, unit: str = "人名个位家户", most: int = 10_000_000) -> Prepare:
    """Read a whole number from 0: 412, "412人", "1,200"; 无 is 0. "约400" is wrong: a figure is built on it."""
    units = re.compile(f"[{unit}]$") if unit else None

    def parse(cell: Any) -> int:
        if cell.__class__ is float:
            number = int(cell)
            if number != cell:
                raise Wrong("要一个整数")
        elif cell.__class__ is str:
            number = _whole(cell, units)
        else:
            raise Wrong("要一个整数")
        if number < 0:
            raise Wrong("不能是负数")
        if number > most:
            raise Wrong("这个数大得不合常理")
        return number

    return lambda context: parse


def _whole(cell: str, units: re.Pattern[str] | None) -> int:
    plain = unicodedata.normalize("NFKC", cell).strip().lower()
    if plain in NOTHING:
        raise Note("“无”当0", value=0)
    bare = units.sub("", plain).strip() if units else plain
    match = _NUMBER.fullmatch(bare)
    if match and not (match[2] or "").strip("0"):
        number = int(match[1].replace(",", ""))
        if bare != plain and number >= 0:
            raise Note("去掉了数字后面的单位", value=number)
        return number
    if _APPROXIMATE.search(plain):
        raise Wrong("要一个整数，这里是大约的数")
    raise Wrong("要一个整数")


_YES = frozenset({"是", "√", "✓", "✔", "☑", "■", "有", "对", "y", "yes", "1", "true", "已", "v"})
_NO = frozenset({"否", "×", "✗", "✘", "x", "☐", "□", "不是", "没有", "无", "n", "no", "0", "false", "未", "/", "-", "—"})


def _low(cell: Any) -> str:
    return unicodedata.normalize("NFKC", as_text(cell)).strip().lower().rstrip("。;；")


def boolean(*, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Prepare:
    """Read yes or no: 是 √ 有 1, 否 × 无 0; `yes` and `no` add words of the field (规上)."""
    meanings = dict.fromkeys((*_YES, *map(_low, yes)), True) | dict.fromkeys((*_NO, *map(_low, no)), False)

    def parse(cell: Any) -> bool:
        found = meanings.get(_low(cell))
        if found is None:
            raise Wrong("看不出是“是”还是“否”")
        return found

    return lambda context: parse


def choice(options: Mapping[T, tuple[str, ...]], *, yes: T | None = None, no: T | None = None, other: T | None = None) -> Prepare:
    """Read one of a few: {value: words}. `yes` and `no` say what √ and × mean; `other` takes what is not known,
    doubtful but entering."""
    meanings: dict[str, T] = {}
    if yes is not None:
        meanings |= dict.fromkeys(_YES, yes)
    if no is not None:
        meanings |= dict.fromkeys(_NO, no)
    for value, words in options.items():
        meanings |= dict.fromkeys(map(_low, words), value)
    labels = "、".join(words[0] for words in options.values() if words)

    def parse(cell: Any) -> T:
        found = meanings.get(_low(cell))
        if found is None:
            if other is not None:
                raise Doubt(_("不在可选的里面：{labels}", labels=labels), value=other, enters=True)
            raise Wrong(_("只能是其中一个：{labels}", labels=labels))
        return found

    return lambda context: parse


# ------------------------------------------------------------------------------------------------------------ dates

_FULL = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:\s*(?:\d{1,2}:\d{2}(?::\d{2})?|上午|下午)?)")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_SOLID = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL_FROM, _SERIAL_TO = 20_000, 80_000
_EPOCH = Date(1899, 12, 30)


def date(*, year: int | None = None, earliest: Date = Date(1949, 10, 1), latest: Date = Date(2100, 1, 1)) -> Prepare:
    """Read a day: a date cell, 2020/2/18, 20200218, 2月18日, 2.18, or a sheet's serial number (43879).

    A day without a year is of `year`, else of the context's year. 2.2 as a number may have been 2.20: doubtful."""

    def prepare(context: Context) -> Parse:
        given = year or context.year

        def parse(cell: Any) -> Date:
            found = _as_date(cell, given)
            if not earliest <= found <= latest:
                raise Wrong("这个日期不合常理")
            return found

        return parse

    return prepare


def _as_date(cell: Any, year: int) -> Date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, Date):
        return cell
    if cell.__class__ is float:
        return _number_as_date(cell, year)
    if cell.__class__ is not str:
        raise Wrong("看不出是哪一天")
    plain = unicodedata.normalize("NFKC", cell).strip()
    if match := (_FULL.fullmatch(plain) or _SOLID.fullmatch(plain)):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SHORT.fullmatch(plain):
        return _in_year(year, int(match[1]), int(match[2]))
    if (serial := read_whole(plain)) is not None and _SERIAL_FROM <= serial <= _SERIAL_TO:
        return _number_as_date(float(serial), year)
    raise Wrong("看不出是哪一天")


def _number_as_date(number: float, year: int) -> Date:
    if number == int(number):
        whole = int(number)
        if _SERIAL_FROM <= whole <= _SERIAL_TO:
            raise Note("表格软件的日期序号，换成了日期", value=_EPOCH + timedelta(days=whole))
        if match := _SOLID.fullmatch(str(whole)):
            return _day(int(match[1]), int(match[2]), int(match[3]))
        raise Wrong("看不出是哪一天")
    if _SERIAL_FROM <= number <= _SERIAL_TO:
        return _EPOCH + timedelta(days=int(number))
    month, _point, days = f"{number:.4f}".rstrip("0").partition(".")
    if not days or len(days) > 2:
        raise Wrong("看不出是哪一天")
    if len(days) == 1 and days in "123":
        # 2.2 as a number may have been typed as 2.20; 2.3 in February can only be the 3rd.
        try:
            later = _day(year, int(month), int(days) * 10)
        except Wrong:
            return _in_year(year, int(month), int(days))
        first = _day(year, int(month), int(days))
        raise Doubt(
            _("可能是{month}月{day}日，也可能是{month2}月{day2}日", month=first.month, day=first.day, month2=later.month, day2=later.day),
            value=first,
        )
    return _in_year(year, int(month), int(days))


def _in_year(year: int, month: int, day: int) -> Date:
    raise Note(_("没写年份，按{year}年", year=year), value=_day(year, month, day))


def _day(year: int, month: int, day: int) -> Date:
    try:
        return Date(year, month, day)
    except ValueError:
        raise Wrong("没有这一天") from None


# ------------------------------------------------------------------------------------------------- codes and phones

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")


def checked(check: Callable[[str], T | ValueProblem], *, stops: bool = False) -> Prepare:
    """Read a code by a checker of `kernel.values` (it answers the value or a Problem).

    What fails is doubtful and enters without a value, unless `stops`. A code that a spreadsheet program turned into
    3.30213E+17 has lost its digits."""

    def parse(cell: Any) -> T:
        plain = cell if cell.__class__ is str else as_text(cell)
        found = check(plain)
        if isinstance(found, ValueProblem):
            plain = as_text(cell)
            if _SCIENTIFIC.fullmatch(plain):
                raise _unsure(_("表格软件把它变成了{plain}，原来的数字已经丢失", plain=plain), stops)
            if found.suggestion:
                raise _unsure(_("{says}，可能是{suggestion}", says=found.says.rstrip("。"), suggestion=found.suggestion), stops)
            raise _unsure(found.says.rstrip("。"), stops)
        return found

    return lambda context: parse


def _unsure(says: str, stops: bool) -> Doubt | Wrong:
    return Wrong(says) if stops else Doubt(says, enters=True)


class _CreditCode:
    """Reads unified social credit codes; `plain_ones` proves the check digits of a column at once, in a few dozen steps of
    byte strings instead of eighteen for each code."""

    __slots__ = ("one",)

    def __init__(self, one: Parse) -> None:
        self.one = one

    def __call__(self, cell: Any) -> Any:
        return self.one(cell)

    def plain_ones(self, cells: Sequence[Any]) -> list[str | None]:
        """Give the codes that are plainly right; None where a cell must be read by itself."""
        usual = [cell if cell.__class__ is str and len(cell) == 18 and cell.isascii() else _NO_CODE for cell in cells]
        together = "".join(usual).encode()
        # Each place contributes value x weight mod 31, below 31; eight such fit into a byte, so that big integers add
        # whole columns without carrying from one code into the next.
        rest = odd = 0
        for group in (range(8), range(8, 16), range(16, 18)):
            some = 0
            for place in group:
                column = together[place::18]
                some += int.from_bytes(column.translate(_CONTRIBUTION[place]))
                odd |= int.from_bytes(column.translate(_NOT_A_DIGIT if 2 <= place < 8 else _NOT_IN_CODES))
            rest += int.from_bytes(some.to_bytes(len(usual)).translate(_MODULO))
        wrong = (int.from_bytes(rest.to_bytes(len(usual)).translate(_MODULO)) | odd).to_bytes(len(usual))
        return [None if bad else Uscc(cell) for cell, bad in zip(usual, wrong, strict=True)]


_CODE_ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_VALUE = {code: value for value, code in enumerate(_CODE_ALPHABET)}
_MODULO = bytes(n % 31 for n in range(256))
# GB 32100-2015: the weights are powers of 3 modulo 31; with the check digit, of weight 1, the sum is a multiple of 31.
_CONTRIBUTION = [
    bytes(_CODE_VALUE.get(code, 0) * (pow(3, place, 31) if place < 17 else 1) % 31 for code in range(256)) for place in range(18)
]
_NOT_IN_CODES = bytes(code not in _CODE_VALUE for code in range(256))
_NOT_A_DIGIT = bytes(code not in b"0123456789" for code in range(256))
_NO_CODE = "!" * 18


def credit_code(*, stops: bool = False) -> Prepare:
    """Read unified social credit codes (GB 32100). A wrong one is doubtful and the row enters without it, unless `stops`."""
    prepare = checked(check_uscc, stops=stops)
    return lambda context: _CreditCode(prepare(context))


def identity_number(*, stops: bool = True) -> Prepare:
    """Read resident identity numbers (GB 11643): check digit and birth date, at latest today. A wrong one stops the row,
    unless `stops=False`: then it enters without."""

    def prepare(context: Context) -> Parse:
        def read(text: str) -> str | ValueProblem:
            found = check_identity(text, today=context.at.astimezone(ZONE).date())
            return found if isinstance(found, ValueProblem) else found.reveal()

        return checked(read, stops=stops)(context)

    return prepare


_PHONE_PIECE = re.compile(
    r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)|0\d{2,3}[-\s]?[2-9]\d{6,7}(?!\d)|(?<!\d)[2-9]\d{6,7}(?!\d)"
)
_PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PLAIN_MOBILES = re.compile(r"1[3-9][0-9]{9}(?:,1[3-9][0-9]{9})*")
_BETWEEN_PHONES = re.compile(r"[\s/、,，;；|()（）和或:：.-]+")
_RUN_OF_DIGITS = re.compile(r"\d(?:[\d\s-]*\d)?")


class _Phones:
    """Reads telephone numbers; `whole` reads a column of nothing but plain mobile numbers at once."""

    __slots__ = ("stops",)

    def __init__(self, stops: bool) -> None:
        self.stops = stops

    def whole(self, cells: Sequence[Any]) -> list[tuple[str, ...]] | None:
        kinds = set(map(type, cells))
        if kinds == {float} and min(cells) >= 1.3e10 and max(cells) < 2e10 and all(map(float.is_integer, cells)):
            return [(number,) for number in map(str, map(int, cells))]
        if kinds == {str} and _PLAIN_MOBILES.fullmatch(",".join(cells)):
            return [(cell,) for cell in cells]
        return None

    def __call__(self, cell: Any) -> tuple[str, ...]:
        if cell.__class__ is float and cell == int(cell):
            cell = str(int(cell))
        if cell.__class__ is str and len(cell) == 11 and _PLAIN_MOBILE.fullmatch(cell):
            return (cell,)
        plain = unicodedata.normalize("NFKC", as_text(cell))
        found = check_phone(plain)
        if isinstance(found, str):
            return (found,)
        pieces = _PHONE_PIECE.findall(plain)
        rest = _BETWEEN_PHONES.sub("", _PHONE_PIECE.sub("", plain))
        numbers = tuple(dict.fromkeys(n for n in map(check_phone, pieces) if isinstance(n, str)))
        if len(pieces) > 1 and not rest and len(numbers) == len(set(map(str, pieces))):
            raise Note("一格里有几个电话，都留下了", value=numbers)
        if numbers and not any(ch.isdigit() for ch in rest):
            raise Doubt(_("电话旁边还写着“{rest}”", rest=rest[:20]) if rest else "有一个电话不完整", value=numbers, enters=True)
        says = found.says.split("，")[-1].rstrip("。") if found.code == "length" else found.says.rstrip("。")
        if self.stops:
            raise Wrong(says)
        raise Doubt(says, value=numbers, enters=True)


def phones(*, stops: bool = True) -> Prepare:
    """Read one or more telephone numbers as a tuple of bare digits: "13800000001/0574-88888888".

    A wrong one stops the row, unless `stops=False`: then the row enters with what could be read."""
    parse = _Phones(stops)
    return lambda context: parse


_HONORIFIC = re.compile(r"^(?:联系人|联系电话|电话|手机)[:：]?")


def split_contact(cell: Any, *, name: str, phone: str) -> dict[str, Any]:
    """Split "徐会计138…" into {name: 徐会计, phone: 138…}; for `Combined.split`. Two people in one cell are doubtful."""
    plain = unicodedata.normalize("NFKC", as_text(cell))
    digits = _RUN_OF_DIGITS.findall(plain)
    digits = [run for run in digits if len(re.sub(r"\D", "", run)) >= 7]
    names = [piece for piece in re.split(r"[\d\s/、,，;；:：()（）|+.-]+", plain) if piece]
    names = [piece for piece in (_HONORIFIC.sub("", piece) for piece in names) if piece]
    if len(names) > 1 and len(digits) > 1:
        raise Doubt(_("一格里有{n}个人，先记第一个", n=len(names)), value={name: names[0], phone: digits[0]}, enters=True)
    if not digits:
        raise Doubt("只有名字，没有电话", value={name: plain, phone: ""}, enters=True)
    return {name: "".join(names), phone: "/".join(digits)}


def contact_and_phone(name: str, phone: str) -> Callable[[Any], dict[str, Any]]:
    """Give the splitter of a column of contact and phone for two fields of a target."""
    return lambda cell: split_contact(cell, name=name, phone=phone)


def looks_like_phone(sample: str) -> bool:
    """Say whether a sample cell is a telephone number."""
    return isinstance(check_phone(sample), str)


def looks_like_contact(sample: str) -> bool:
    """Say whether a sample cell is a name with a telephone number behind it."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,8}\s*[:：]?\s*1[3-9]\d{9}", sample))


# -------------------------------------------------------------------------------------------------------- look-ups


def named(load: Callable[[Context], Mapping[str, T]], *, what: str, endings: str = "") -> Prepare:
    """Read a name from a table loaded once: the whole name, or a short form that fits exactly one (江口 → 江口街道).

    `what` names the kind in sentences (镇街); `endings` is a regex of what short forms leave out. Two names in one
    cell are wrong."""
    cut = re.compile(f"(?:{endings})$") if endings else None

    def prepare(context: Context) -> Parse:
        table = {_low(name): value for name, value in load(context).items()}
        shorts: dict[str, set[str]] = {}
        for name in table:
            short = cut.sub("", name) if cut else name
            shorts.setdefault(short, set()).add(name)

        def parse(cell: Any) -> T:
            plain = _SPACES.sub("", _low(cell))
            if plain in table:
                return table[plain]
            short = cut.sub("", plain) if cut else plain
            fitting = shorts.get(short) or {name for name in table if short and (name.startswith(short) or plain.endswith(name))}
            if len(fitting) == 1:
                return table[fitting.pop()]
            inside = [s for s in shorts if len(s) > 1 and s in plain]
            if len(fitting) > 1 or len(inside) > 1:
                raise Wrong(
                    _("写了两个{what}", what=what) if len(inside) > 1 else _("有{n}个{what}都叫这个名字，写全称", n=len(fitting), what=what)
                )
            raise Wrong(_("没有这个{what}", what=what))

        return parse

    return prepare
