"""Tests that what a person writes is never cut in silence: its bound is said with the action's input, and no page asks for more."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from qifu.kernel.actions import actions
from qifu.kernel.actions.parsing import MAX_TEXT

from .test_architecture import SRC, module_of, package, sources

CUTS: dict[str, str] = {}
"""Cuts of what was given that lose nobody's words, with why. It is empty: keep it so."""
LOOSE = {
    "areas/mobilisation/actions/sheets.py: row.name.strip()[:20]": "a name inside a sentence that refuses its row",
}


def written_cuts() -> Iterator[str]:
    """Give each cut of what was given, or of what was just stripped of its blanks, as somebody's words are."""
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is None and node.slice.upper
            ):
                continue
            value, stripped = node.value, False
            while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                stripped = stripped or value.func.attr == "strip"
                value = value.func.value
            given = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id == "given"
            if given or (stripped and "actions" in str(file)):
                yield f"{file.relative_to(SRC)}: {ast.unparse(node)}"


def test_no_action_cuts_what_it_was_given() -> None:
    """Tests that `given.reason[:500]` comes back nowhere: a bound is `field(metadata={"most": 500})` (kernel.actions.bounds)."""
    assert sorted(set(written_cuts()) - set(CUTS) - set(LOOSE)) == []
    assert set(CUTS) | set(LOOSE) <= set(written_cuts()), "these are gone by now: take them off the list"


def parts_of(kind: Any) -> Iterator[type]:
    """Give an input and the inputs inside it."""
    yield kind
    for hint in get_type_hints(kind).values():
        yield from (part for one in (hint, *within(hint)) if isinstance(one, type) and is_dataclass(one) for part in parts_of(one))


def within(hint: Any) -> Iterator[Any]:
    for one in get_args(hint):
        yield one
        yield from within(one)


@cache
def bounds() -> dict[str, dict[str, set[int]]]:
    """Give what each package's inputs say of a field's length, by the field's name."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for action in actions.values():
        mine = package(action.do.__module__.removeprefix("qifu."))
        for part in parts_of(action.given):
            for spec in fields(part):
                if str in (hint := get_type_hints(part)[spec.name], *within(hint)):
                    found[mine][spec.name].add(spec.metadata.get("most", MAX_TEXT))
    return found


def asked() -> Iterator[tuple[str, str, int]]:
    """Give (package, field, the most characters that a page lets one type)."""
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            for word in node.keywords:
                if word.arg in ("max_length", "most") and isinstance(word.value, ast.Constant) and "views" in str(file):
                    yield package(module_of(file)), str(node.args[0].value), word.value.value
    for file in sorted(SRC.rglob("*.html")):
        for tag in re.findall(r"<(?:input|textarea)[^>]*>", file.read_text("utf-8")):
            name, most = re.search(r"\bname=\"(\w+)\"", tag), re.search(r"maxlength=\"(\d+)\"", tag)
            if name and most:
                yield package(module_of(file.with_suffix(".py"))), name[1], int(most[1])


def test_no_page_asks_for_more_than_is_kept() -> None:
    """Tests each field of a page that bears the name of a field of its package's acts: what fits the one fits the other."""
    wrong = [row for row in asked() if (held := bounds()[row[0]].get(row[1])) and row[2] > max(held)]
    assert wrong == []
