"""Reads what an organiser types from paper: a line a volunteer, or a line a stay; what was not taken stays in the box."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE

from .. import queries
from ..models import Call

_CELLS = re.compile(r"[\s,，、;；]+")


@dataclass
class Typed:
    """Lines as typed: those that can be read as rows of an action, and why the others cannot, by line."""

    lines: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """The line of each row."""
    wrong: dict[int, str] = field(default_factory=dict)

    def left(self, refused: Mapping[int, str]) -> tuple[str, list[str]]:
        """Give the lines that were not taken, and a sentence for each."""
        says = self.wrong | {self.places[index]: says for index, says in refused.items()}
        words = [_("第{n}行：{says}").format(n=line + 1, says=says[line]) for line in sorted(says)]
        return "\n".join(self.lines[line] for line in sorted(says)), words


def _typed(text: str, read: Callable[[list[str]], dict[str, Any] | str]) -> Typed:
    typed = Typed(text.splitlines())
    for place, line in enumerate(typed.lines):
        cells = [cell for cell in _CELLS.split(line.strip()) if cell]
        if not cells:
            continue
        found = read(cells)
        if isinstance(found, str):
            typed.wrong[place] = found
        else:
            typed.rows.append(found)
            typed.places.append(place)
    return typed


def people(text: str) -> Typed:
    """Read a list: name, number, month of birth, league body or office."""

    def read(cells: list[str]) -> dict[str, Any] | str:
        if len(cells) < 3:
            return _("要写姓名、手机号、出生年月，后面写单位或团组织。")
        return {"name": cells[0], "phone": cells[1], "born": cells[2], "office": "".join(cells[3:])}

    return _typed(text, read)


def stays(text: str, *, call: Call, day: str) -> Typed:
    """Read a sheet of one day: name, from, to; the name is that of one volunteer of this call who has a post."""
    named: dict[str, list[str]] = {}
    for one in queries.volunteers(call):
        if one.state == "posted":
            named.setdefault(one.name, []).append(str(one.id))
    on = _day(day)

    def read(cells: list[str]) -> dict[str, Any] | str:
        times = [_time(cell) for cell in cells[1:3]]
        if on is None:
            return _("还没有写哪一天。")
        if len(times) < 2 or times[0] is None or times[1] is None:
            return _("要写姓名、几点来、几点走，如：陈晓 8:30 12:00。")
        found = named.get(cells[0], [])
        if not found:
            return _("派了岗的人里没有{name}。").format(name=cells[0])
        if len(found) > 1:
            return _("有{n}位{name}，在“签到签退”里分别补记。").format(n=len(found), name=cells[0])
        came, went = (datetime.combine(on, at, ZONE) for at in times if at is not None)
        return {"volunteer": found[0], "came_at": came, "went_at": went}

    return _typed(text, read)


def _day(text: str) -> date | None:
    try:
        return clock.read_day(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})", text)
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None
