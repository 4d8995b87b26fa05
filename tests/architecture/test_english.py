"""Tests that every text of the product has its English: those of the tables, those in the code, those in the templates.

What a page draws at a time with real rows is looked at by the tests of pages; here nothing is drawn and no database opened."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from qifu.kernel.access import ActionRefused
from qifu.kernel.actions.registry import actions
from qifu.kernel.indicators import indicators
from qifu.kernel.language import known, plain
from qifu.kernel.notify.kinds import kinds
from qifu.kernel.workflow.engine import workflows

SOURCE = Path(__file__).resolve().parents[2] / "src/qifu"
HAN = re.compile(r"[\u4e00-\u9fff]")
DONE = (
    "areas/casework", "areas/consultation", "areas/mobilisation", "areas/visits", "areas/services", "areas/returns",
    "areas/resumption", "areas/loops", "areas/insight", "areas/passes", "areas/jointoffice", "areas/supply", "areas/correspondence",
    "areas/registry", "areas/schools", "areas/response", "project/messages", "project/audit", "project/papers", "project/workdays",
    "project/pressing", "integrations", "kernel/access", "kernel/actions", "kernel/calendar", "kernel/credentials", "kernel/documents",
    "kernel/files", "kernel/forms", "kernel/indicators", "kernel/intake", "kernel/journal", "kernel/ladder", "kernel/notify",
    "kernel/privacy", "kernel/rules", "kernel/values", "kernel/web", "kernel/workflow",
)  # fmt: skip
"""Packages whose texts are looked at."""
MODULES = tuple(f"qifu.{package.replace('/', '.')}." for package in DONE)
SPOKEN = {"said", "_", "gettext", "gettext_lazy", "gettext_noop"}
TAGS = re.compile(r"{%\s*(?:trans|translate)\s+\"([^\"]*)\"")
BLOCKS = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}(.*?)({%\s*plural\s*%}.*?)?{%\s*endblocktrans(?:late)?\s*%}", re.S)
OUTSIDE = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*blocktrans.*?endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}", re.S)


def lacking(texts: Iterator[str]) -> list[str]:
    """Give the Chinese ones of these texts that have no English."""
    return sorted({plain(text) for text in texts if HAN.search(text) and not known(plain(getattr(text, "pattern", text)))})


def of_processes() -> Iterator[str]:
    for process in workflows.values():
        if not process.model.__module__.startswith(MODULES) or ".tests." in process.model.__module__:
            continue
        yield from process.states.values()
        yield process.opening.label
        yield from (word for move in process.moves.values() for word in (move.label, move.then))
        yield from (clock.label for clock in process.clocks)


def of_actions() -> Iterator[str]:
    for action in actions.values():
        if not action.do.__module__.startswith(MODULES) or ".tests." in action.do.__module__:
            continue
        yield action.label
        yield from (str(field.metadata.get("label", "")) for field in fields(action.given))


def of_figures() -> Iterator[str]:
    for one in indicators.values():
        yield from (one.label, one.unit, one.source, one.definition, *one.columns)


def of_messages() -> Iterator[str]:
    """Give the names of the kinds of messages: what a message itself says stays in the language of who gets it."""
    yield from (kind.label for kind in kinds.values())


def of_refusals() -> Iterator[str]:
    waiting = [ActionRefused]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(MODULES) and ".tests." not in kind.__module__:
            yield from (kind.says, kind.fix)


def of_code() -> Iterator[str]:
    for source in (found for package in DONE for found in (SOURCE / package).rglob("*.py")):
        if "tests" in source.parts or "migrations" in source.parts:
            continue
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPOKEN and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def of_templates() -> Iterator[str]:
    for source in (found for package in DONE for found in (SOURCE / package).rglob("templates/**/*.html")):
        text = source.read_text(encoding="utf-8")
        yield from TAGS.findall(text)
        yield from (re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", one.replace("%", "%%")) for one, more in BLOCKS.findall(text) if not more)


@pytest.mark.parametrize("texts", [of_processes, of_actions, of_figures, of_messages, of_refusals, of_code, of_templates])
def test_every_text_has_its_english(texts: object) -> None:
    """Tests that nobody who reads English meets a sentence that was forgotten."""
    assert callable(texts)
    assert lacking(texts()) == []


def test_no_template_says_anything_in_chinese_only() -> None:
    """Tests that text in a template stands in a translated tag."""
    left = {}
    for source in (found for package in DONE for found in (SOURCE / package).rglob("templates/**/*.html")):
        if found := HAN.findall(OUTSIDE.sub("", source.read_text(encoding="utf-8"))):
            left[str(source.relative_to(SOURCE))] = "".join(found)[:40]
    assert left == {}
