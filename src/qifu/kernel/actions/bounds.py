"""How long a person's words may be: said once with the input's field, `field(metadata={"label": "原因", "most": 500})`.

Words that are too long are refused beside their field, whoever calls the action; they are never cut in silence."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any, NamedTuple, get_args, get_type_hints

from qifu.kernel.language import Said, said


class _Bound(NamedTuple):
    name: str
    label: str
    most: int | None


def most(kind: type, name: str) -> int:
    """Give the most characters that a field of an action's input holds: a form's `max_length`. Raises KeyError."""
    return next(spec.metadata["most"] for spec in fields(kind) if spec.name == name)


def length(text: str) -> int:
    """Count characters as a reader does: without blanks around them, and a new line as one (browsers send two)."""
    return len(text.replace("\r\n", "\n").strip())


def over(kind: type, value_of: Callable[[str], Any], *, otherwise: int | None = None) -> dict[str, str]:
    """Give the sentence for each field of `kind` whose words are too long. Those of a part stand beside the part's own field, as
    `parse` has it; those of a list beside the list, with the number of the item. `otherwise` bounds texts that say nothing."""
    found: dict[str, str] = {}
    for bound in _bounds(kind, otherwise):
        value = value_of(bound.name)
        if value.__class__ is str and (bound.most is None or len(value) <= bound.most):
            # Nearly every word of a list of a hundred thousand rows.
            continue
        if is_dataclass(value):
            found |= over(type(value), partial(getattr, value), otherwise=otherwise)
        elif problem := _problem(value, bound, otherwise):
            found[bound.name] = problem
    return found


def over_in(given: Any) -> dict[str, str]:
    """Give the same for an input that is there already."""
    return over(type(given), partial(getattr, given))


@cache
def _bounds(kind: type, otherwise: int | None) -> tuple[_Bound, ...]:
    """Give the fields worth a look, so that a list of a hundred thousand rows without bounds costs nothing."""
    hints = get_type_hints(kind)
    found = []
    for spec in fields(kind):
        told = tuple(_within(hints[spec.name]))
        bound = spec.metadata.get("most", otherwise if str in told else None)
        if bound is not None or any(
            _bounds(part, otherwise) for part in told if part is not kind and isinstance(part, type) and is_dataclass(part)
        ):
            found.append(_Bound(spec.name, spec.metadata.get("label", ""), bound))
    return tuple(found)


def _within(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _within(part)


def _problem(value: Any, bound: _Bound, otherwise: int | None) -> Said | None:
    if isinstance(value, str):
        sentence = longer(value, bound.most) if bound.most is not None else None
        if sentence is None:
            return None
        return said("“{label}”{problem}", label=said(bound.label), problem=sentence) if bound.label else sentence
    if isinstance(value, tuple | list):
        for number, one in enumerate(value, 1):
            if problem := _problem(one, bound, otherwise):
                return said("第{n}项：{problem}", n=number, problem=problem)
    elif is_dataclass(value):
        within = over(type(value), partial(getattr, value), otherwise=otherwise)
        return next((said(problem) for problem in within.values()), None)
    return None


def longer(text: str, most: int) -> Said | None:
    """Give the sentence for words longer than `most`, for those that an action reads out of a text or a row itself."""
    n = length(text) if len(text) > most else 0
    return said("最多{most}个字，现在{n}个，删短一点再交。", most=most, n=n) if n > most else None
