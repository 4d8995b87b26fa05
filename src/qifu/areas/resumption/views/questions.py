"""The questions of a pack's form as controls of a page, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qifu.kernel.calendar.clock import local
from qifu.kernel.forms import Field as Question
from qifu.kernel.forms import Step
from qifu.ui.parts import Field, Option

KNOWN = "来自企业登记"
_KINDS = {"text": "text", "long": "area", "whole": "number", "yes": "choice", "undertake": "tick", "day": "date", "choice": "choice"}
_YES = (Option("yes", "是"), Option("no", "否"))
_TIMES = tuple(Option(f"{half // 2:02d}:{half % 2 * 30:02d}", f"{half // 2}:{half % 2 * 30:02d}") for half in range(48))
_LONGEST = {"text": 120, "long": 2000}


def drawn_step(
    one: Step, answers: Mapping[str, Any], *, known: Mapping[str, Any] | None = None, posted: Any = None, errors: Mapping[str, str]
) -> list[Field]:
    """Draw the questions of a step with what was typed, else what is stored, and beside it what is wrong."""
    fields: list[Field] = []
    for question in one.fields:
        error = errors.get(question.name, "")
        origin = KNOWN if known and question.name in known and answers.get(question.name) == known[question.name] else ""
        if question.kind == "instant":
            fields += _instant(question, answers, posted, error)
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
            )
        )
    return fields


def _stored(question: Question, answer: Any) -> Any:
    if question.kind == "yes" and answer is not None:
        return "yes" if answer else "no"
    return "" if answer is None else answer


def _instant(question: Question, answers: Mapping[str, Any], posted: Any, error: str) -> list[Field]:
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
        Field(question.name, question.label, "date", day, question.hint, error=error, required=question.needed),
        Field(hour, "几点", "select", time, options=options, required=question.needed),
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
