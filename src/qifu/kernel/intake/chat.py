"""Reads a list that people made in a chat group (接龙): numbered lines, each written in its own way.

"1. 张三 138… 甲公司", "2、甲公司，李四:139…（溪口）", "3️⃣ 王五/甲公司/137…". What stands in a line is told by its shape;
what has no shape of its own stays in its order in the last column. Nothing is thrown away: a line that is no entry is an
aside, and is counted as such."""

import re
import unicodedata
from itertools import pairwise

SAYS = "按群接龙读的：一个编号一行，姓名、单位、手机、镇街、人数按写法认。"
LABELS = ("序号", "单位名称", "姓名", "手机", "镇街", "人数", "其他")
_NUMBER, _FIRM, _NAME, _PHONE, _PLACE, _COUNT, _REST = range(7)

_PICTURES = re.compile("[\u20d0-\u20ff\ufe00-\ufe0f\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]+|\\[[\u4e00-\u9fff]{1,4}\\]")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
_CIRCLED = {chr(0x2460 + i): str(i + 1) for i in range(20)}
_ENTRY = re.compile(r"^[\s@#*·•>-]*[(（\[【]?\s*(\d{1,4})\s*(?:[.．、)）:：\]】]|\s(?=\s*[^\d\s]))\s*(?!\d{1,2}日|\d+月)(.*)$")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)|(?<!\d)(0\d{2,3}[-\s]\d{7,8})(?!\d)")
_BETWEEN = re.compile(r"[\s,，、/;；|+＋:：()（）【】\[\]]+|-{1,3}|—+|。$")
_LABEL = re.compile(r"^(?:姓名|联系人|负责人|单位|企业|公司|名称|电话|手机|手机号|联系电话|镇街|属地|人数|员工|员工数)$")
_IS_FIRM = re.compile(r"(?:公司|集团|厂|店|社|院|校|局|中心|超市|酒店|大队|支队|办公室|服务部|经营部|加工场|农场|合作社|商行|分公司|银行)$")
_IS_PLACE = re.compile(r".{1,6}(?:街道|镇|乡|开发区|园区)$")
_IS_COUNT = re.compile(r"(?:员工|现有|共|在岗|人数)?(约?\d{1,6})(?:多|余)?[人名个]$")
_IS_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")


def looks_like(text: str) -> bool:
    """Say whether most lines are entries of a chat list: at least two, numbered upwards, more than the other lines, and
    not simply a table with a column of numbers (tabs or commas at the same places)."""
    lines = [line for line in _cleaned(text) if line.strip()]
    entries = [match for match in map(_ENTRY.match, lines) if match]
    if len(entries) < 2 or len(entries) * 2 < len(lines):
        return False
    numbers = [int(match[1]) for match in entries]
    rising = sum(b == a + 1 for a, b in pairwise(numbers))
    if rising * 10 < (len(numbers) - 1) * 7:
        return False
    heads = re.compile(r"^\s*(?:序号|编号)\s*[,，\t;|]")
    return not any(heads.match(line) for line in lines[:6])


def rows_of(text: str) -> tuple[list[list[str]], frozenset[int]]:
    """Give the list as rows under `LABELS`, and the numbers (from 1) of the rows that are asides. Blank lines stay."""
    rows: list[list[str]] = [list(LABELS)]
    asides: set[int] = set()
    for line in _cleaned(text):
        match = _ENTRY.match(line)
        if match and match[2].strip():
            rows.append(_read(match[1], match[2]))
            continue
        if line.strip():
            asides.add(len(rows) + 1)
        rows.append([line.strip(), *[""] * (len(LABELS) - 1)])
    return rows, frozenset(asides)


def _cleaned(text: str) -> list[str]:
    """Give the lines without pictures: a keycap is its digit, a circled number its number."""
    plain = _KEYCAP.sub(r"\1", text)
    for circled, number in _CIRCLED.items():
        plain = plain.replace(circled, f"{number}. ")
    plain = _PICTURES.sub(" ", plain)
    lines = unicodedata.normalize("NFKC", plain).splitlines()
    # "1️⃣ 张三" lost the point between number and name with its frame.
    return [re.sub(r"^(\s*\d{1,3})\s+(?=[^\d\s])", r"\1. ", line) for line in lines]


def _read(number: str, said: str) -> list[str]:
    row = [""] * len(LABELS)
    row[_NUMBER] = number
    phones = ["".join(filter(None, match.groups())) for match in _MOBILE.finditer(said)]
    row[_PHONE] = "/".join(dict.fromkeys(phones))
    rest: list[str] = []
    for piece in filter(None, map(str.strip, _BETWEEN.split(_MOBILE.sub(" ", said)))):
        if _LABEL.match(piece):
            continue
        place = _shape(piece)
        counted = _IS_COUNT.fullmatch(piece)
        if place == _REST or row[place]:
            rest.append(piece)
        else:
            row[place] = counted[1] if counted else piece
    row[_REST] = " ".join(rest)
    return row


def _shape(piece: str) -> int:
    if _IS_COUNT.fullmatch(piece):
        return _COUNT
    if _IS_FIRM.search(piece) and len(piece) > 2:
        return _FIRM
    if _IS_PLACE.fullmatch(piece):
        return _PLACE
    if _IS_NAME.fullmatch(piece):
        return _NAME
    return _FIRM if len(piece) > 4 and not any(ch.isdigit() for ch in piece) else _REST


__all__ = ["LABELS", "SAYS", "looks_like", "rows_of"]
