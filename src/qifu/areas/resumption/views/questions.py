"""The questions of a pack's form as controls of a page, and back."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.forms import Field as Question
from qifu.kernel.forms import Step
from qifu.kernel.language import said
from qifu.ui.parts import Field, Option

KNOWN = said("来自企业登记")
_KINDS = {"text": "text", "long": "area", "whole": "number", "yes": "choice", "undertake": "tick", "day": "date", "choice": "choice"}
_YES = (Option("yes", said("是")), Option("no", said("否")))
_TIMES = tuple(Option(f"{half // 2:02d}:{half % 2 * 30:02d}", f"{half // 2}:{half % 2 * 30:02d}") for half in range(48))
_LONGEST = {"text": 120, "long": 2000}


_AUTOCOMPLETE = {"signer": "name", "group": "off"}
_DIGITS = dict(zip("零一二三四五六七八九两〇", (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 0), strict=True))
_UNITS = {"十": 10, "百": 100, "千": 1000}


def likely(question: Question, written: Any) -> str:
    """Give what was probably meant by an answer that could not be read: 四十 is 40, 1，200人 is 1200. '' where nobody knows."""
    word = unicodedata.normalize("NFKC", str(written or "")).strip()
    if question.kind == "whole":
        digits = re.sub(r"[,\s]", "", word)
        if found := re.fullmatch(r"(?:约|大概|大约|近)?(\d{1,8})(?:\.0+)?[^\d.万千百亿]{0,4}", digits):
            return found[1].lstrip("0") or "0"
        number = _counted(re.sub(r"[^零一二三四五六七八九两〇十百千万]", "", word))
        return str(number) if number is not None and len(word) <= 8 and not re.search(r"\d", word) else ""
    if question.kind in ("day", "instant"):
        found = re.fullmatch(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?(?:T.*)?", word)
        try:
            return date(int(found[1] or 0) or clock.now().year, int(found[2]), int(found[3])).isoformat() if found else ""
        except ValueError:
            # The 31st of a month with 30 days is its last.
            return _last_of_month(int(found[1] or clock.now().year), int(found[2])) if found and 1 <= int(found[2]) <= 12 else ""
    return ""


def _last_of_month(year: int, month: int) -> str:
    return date(year, month, monthrange(year, month)[1]).isoformat()


def _counted(word: str) -> int | None:
    """Read a number in Chinese numerals below a hundred million."""
    if not word:
        return None
    high, _, low = word.rpartition("万")
    total, digit = 0, 0
    for sign in low:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        elif digit:
            return None
        else:
            digit = _DIGITS[sign]
    return total + digit + (10_000 * (_counted(high) or 0) if high else 0)


def drawn_step(
    one: Step,
    answers: Mapping[str, Any],
    *,
    known: Mapping[str, Any] | None = None,
    posted: Any = None,
    errors: Mapping[str, str],
    theirs: Mapping[str, Any] | None = None,
) -> list[Field]:
    """Draw the questions of a step with what was typed, else what is stored, and beside it what is wrong.

    `theirs` are the answers of another open page, offered as chips."""
    fields: list[Field] = []
    for question in one.fields:
        error = errors.get(question.name, "")
        origin = KNOWN if known and question.name in known and answers.get(question.name) == known[question.name] else ""
        meant, word = "", ""
        if theirs and question.name in theirs:
            meant, word = str(_stored(question, theirs[question.name])), said("用另一页的：{x}", x=question.shown(theirs[question.name]))
        elif error and posted is not None:
            meant = likely(question, posted.get(question.name, ""))
            word = said("是，{x}", x=question.shown(int(meant)) if question.kind == "whole" and meant else meant)
        if question.kind == "instant":
            fields += _instant(question, answers, posted, error, meant)
            continue
        value = posted.get(question.name, "") if posted is not None else _stored(question, answers.get(question.name))
        if origin and posted is not None and value != str(_stored(question, answers.get(question.name))):
            origin = ""
        kind = "select" if question.kind == "choice" and len(question.options) > 5 else _KINDS[question.kind]
        options = _YES if question.kind == "yes" else tuple(Option(*pair) for pair in question.options)
        fields.append(
            Field(
                question.name,
                question.label,
                kind,
                value,
                question.hint,
                origin,
                question.unit,
                error,
                options=options,
                required=question.needed,
                max_length=_LONGEST.get(question.kind),
                suggest=meant,
                suggest_word=word if meant else "",
                kept=said("填的都留着") if error and question.kind == "long" else "",
                inputmode="numeric" if question.kind == "whole" else "",
                autocomplete=_AUTOCOMPLETE.get(question.name, "off" if question.kind in ("whole", "text") else ""),
            )
        )
    return fields


def _stored(question: Question, answer: Any) -> Any:
    if question.kind == "yes" and answer is not None:
        return "yes" if answer else "no"
    return "" if answer is None else answer


def _instant(question: Question, answers: Mapping[str, Any], posted: Any, error: str, meant: str = "") -> list[Field]:
    """Ask an instant as a day and an hour: two plain controls that every phone has."""
    hour = f"{question.name}_time"
    if posted is not None:
        day, time = posted.get(question.name, ""), posted.get(hour, "")
    elif answer := answers.get(question.name):
        at = local(datetime.fromisoformat(answer))
        day, time = f"{at:%Y-%m-%d}", f"{at:%H:%M}"
    else:
        day, time = "", "08:00"
    options = _TIMES if any(option.value == time for option in _TIMES) else (Option(time, time), *_TIMES)
    return [
        Field(
            question.name,
            question.label,
            "date",
            day,
            question.hint,
            error=error,
            required=question.needed,
            suggest=meant[:10],
            suggest_word=said("是，{x}月{x2}日", x=int(meant[5:7]), x2=int(meant[8:10])) if len(meant) >= 10 else "",
        ),
        Field(hour, said("几点"), "select", time, options=options, required=question.needed),
    ]


def read_posted(one: Step, posted: Any) -> dict[str, Any]:
    """Give what was posted for a step as its form reads it."""
    given: dict[str, Any] = {}
    for question in one.fields:
        value = posted.get(question.name, "")
        if question.kind == "instant" and value.strip():
            value = f"{value.strip()}T{posted.get(f'{question.name}_time', '') or '08:00'}"
        given[question.name] = value
    return given
