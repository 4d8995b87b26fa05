"""A list as a program hands it over: JSON, an array of objects, one object a row."""

import json
from typing import Any

from qifu.kernel.language import said as _

from .refusals import Unreadable

_DEEP = 3
_COLUMNS = 200


def rows_of(text: str) -> list[list[str]]:
    """Give the heads and the rows of the first array of objects in a text. Refuses Unreadable for anything else."""
    try:
        found = _array(json.loads(text), _DEEP)
    except (ValueError, RecursionError):
        raise Unreadable("这个文件不是写完整的 JSON，没有导入任何内容。", fix="请导出的人重新导一次，或者改用 .xlsx、.csv。") from None
    if not found:
        raise Unreadable("这个 JSON 里没有一行一行的内容，没有导入。", fix="要一个数组，每张工单一个对象。")
    heads: dict[str, None] = {}
    for one in found:
        heads.update(dict.fromkeys(map(str, one)))
    if len(heads) > _COLUMNS:
        raise Unreadable(_("这个 JSON 里有{n}个不同的字段，分不出列，没有导入。", n=len(heads)), fix="改用 .xlsx、.csv 再上传。")
    return [list(heads), *([_plain(one.get(head)) for head in heads] for one in found)]


def _array(given: Any, deep: int) -> list[dict[str, Any]]:
    """Find the array: the text itself, or the longest one some levels within ({"data": {"rows": [...]}})."""
    if isinstance(given, list):
        return [one for one in given if isinstance(one, dict)]
    if isinstance(given, dict) and deep:
        return max((_array(one, deep - 1) for one in given.values()), key=len, default=[])
    return []


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
