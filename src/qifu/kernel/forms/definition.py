"""What a form asks, step by step, and how each answer is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.language import said as _

Answers = Mapping[str, Any]
Kind = Literal["text", "long", "whole", "yes", "instant", "day", "choice", "undertake"]
_KINDS = ("text", "long", "whole", "yes", "instant", "day", "choice", "undertake")
_YES_NO = dict.fromkeys(("on", "true", "1", "yes", "是"), True) | dict.fromkeys(("off", "false", "0", "no", "否"), False)
_LONGEST = {"text": 120, "long": 2000}


class WrongForm(ValueError):
    """A form file that contradicts itself: found when it loads, never by a person who fills it in."""


@dataclass(frozen=True)
class Field:
    """One question. `prefill` names the fact of the register that answers it; `needed` whether it may stay open."""

    name: str
    label: str
    kind: Kind
    needed: bool = True
    hint: str = ""
    unit: str = ""
    prefill: str = ""
    least: int | None = None
    most: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    who: str = ""
    """Who can supply it, where that is somebody else."""

    def read(self, raw: Any) -> Any:
        """Give the answer as stored (JSON), None where it was left open; raises ValueError with the sentence beside it."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        return getattr(self, f"_read_{self.kind}")(raw)

    def _read_text(self, raw: Any) -> str:
        text = str(raw).strip()
        if "\x00" in text:
            raise ValueError("里有不能保存的字符，请重新输入。")
        longest = _LONGEST.get(self.kind, 120)
        if len(text) > longest:
            raise ValueError(_("最多{longest}个字，现在{n}个。", longest=longest, n=len(text)))
        return text

    _read_long = _read_text

    def _read_whole(self, raw: Any) -> int:
        try:
            number = int(str(raw).strip())
        except ValueError:
            raise ValueError(_("填一个整数，比如 {value}。", value=self.least or 1)) from None
        if self.least is not None and number < self.least:
            raise ValueError(_("不能少于{least}{unit}。", least=self.least, unit=self.unit))
        if number > (self.most if self.most is not None else 10_000_000):
            raise ValueError(_("不能多于{most}{unit}。", most=self.most if self.most is not None else 10000000, unit=self.unit))
        return number

    def _read_yes(self, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        if (word := str(raw).strip().lower()) not in _YES_NO:
            raise ValueError("选“是”或“否”。")
        return _YES_NO[word]

    def _read_undertake(self, raw: Any) -> bool | None:
        return True if self._read_yes(raw) else None

    def _read_instant(self, raw: Any) -> str:
        try:
            at = raw if isinstance(raw, datetime) else clock.read_instant(str(raw))
        except ValueError:
            raise ValueError("选一个日期和时间。") from None
        return (at if at.tzinfo else at.replace(tzinfo=ZONE)).isoformat()

    def _read_day(self, raw: Any) -> str:
        try:
            return clock.read_day(str(raw)).isoformat()
        except ValueError:
            raise ValueError("选一个日期。") from None

    def _read_choice(self, raw: Any) -> str:
        if raw not in dict(self.options):
            raise ValueError("从列出的几项里选一项。")
        return str(raw)

    def shown(self, answer: Any) -> str:
        """Give an answer as people read it."""
        if answer is None or answer == "":
            return ""
        if self.kind in ("yes", "undertake"):
            return _("是") if answer else _("否")
        if self.kind == "choice":
            return dict(self.options).get(answer, str(answer))
        if self.kind == "instant":
            at = datetime.fromisoformat(answer).astimezone(ZONE)
            return _("{month}月{day}日 {at:%H:%M}", month=at.month, day=at.day, at=at)
        return f"{answer}{self.unit}"


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    name: str
    title: str
    fields: tuple[Field, ...]
    lead: str = ""


@dataclass(frozen=True)
class Missing:
    """What still lacks: the question, who can supply it, and the step where it is answered."""

    step: str
    field: str
    label: str
    who: str = ""


@dataclass(frozen=True)
class Form:
    """One version of a form."""

    name: str
    version: int
    title: str
    steps: tuple[Step, ...]

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def fields(self) -> dict[str, Field]:
        return {field.name: field for step in self.steps for field in step.fields}

    def read(self, step: Step, given: Answers) -> tuple[dict[str, Any], dict[str, str]]:
        """Give the answers of a step and the sentences beside those that cannot be read; good ones are kept anyway."""
        answers: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for field in step.fields:
            try:
                answers[field.name] = field.read(given.get(field.name))
            except ValueError as problem:
                errors[field.name] = f"“{field.label}”{problem}"
        return answers, errors

    def missing(self, answers: Answers) -> list[Missing]:
        """Give what still lacks, in the order of the form: one list (FEATURES 2.1)."""
        return [
            Missing(step.name, field.name, field.label, field.who)
            for step in self.steps
            for field in step.fields
            if field.needed and answers.get(field.name) in (None, "")
        ]

    def start(self, known: Answers) -> dict[str, Any]:
        """Give the answers that are known already, by each field's `prefill`."""
        return {f.name: known[f.prefill] for f in self.fields().values() if f.prefill and known.get(f.prefill) not in (None, "")}


def load(path: Path) -> Form:
    """Load a form from YAML; raises WrongForm naming the place."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        steps = tuple(
            Step(step["name"], _(step["title"]), tuple(_field(one) for one in step["fields"]), _(step.get("lead", "")))
            for step in data["steps"]
        )
        form = Form(data["form"], int(data["version"]), _(data["title"]), steps)
    except (KeyError, TypeError) as problem:
        raise WrongForm(f"{path.name}: {problem}") from problem
    names = [field.name for step in steps for field in step.fields]
    if len(names) != len(set(names)):
        raise WrongForm(f"{path.name}: a field stands twice")
    return form


def _field(data: Mapping[str, Any]) -> Field:
    if data["kind"] not in _KINDS:
        raise WrongForm(f"{data['name']}: no kind {data['kind']!r}")
    options = tuple((str(code), _(str(label))) for code, label in (data.get("options") or {}).items())
    if (data["kind"] == "choice") != bool(options):
        raise WrongForm(f"{data['name']}: a choice has options, nothing else has")
    words = {name: _(str(data[name])) for name in ("label", "hint", "unit", "who") if data.get(name)}
    return Field(**{**data, **words, "options": options})
