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


NAMES = {
    "looked up among what there is: what is too long is no such one": {
        "answer_channel", "call", "categories", "cell", "channel", "choice", "code", "columns", "complexity", "confirmed", "ended",
        "enterprises", "expect", "figure", "ground", "how", "industry", "into", "items", "key", "kind", "kinds", "klass", "level",
        "listing", "offer", "office", "offices", "origin_province", "outcome", "owner", "pack", "part", "people", "personal", "place",
        "places", "post", "posts", "relative_key", "reply", "right", "role", "roles", "rung", "service", "sizes", "slug", "state",
        "step", "subject", "take", "target", "topic", "verb", "wished_half",
    },
    "read as a number, a day, an hour or an amount, and refused as none": {
        "born", "end", "hour", "id_number", "lat", "limit", "lon", "loss", "minutes", "number", "orders", "per", "phone", "price",
        "quiet_from", "quiet_until", "saved", "seen", "start", "time", "times", "until", "uscc",
    },
    "of a device, a session or another system: compared, never kept as typed": {
        "device", "headers", "instead_of", "session", "sha256", "sign", "token",
    },
}  # fmt: skip
"""Names of inputs that say no bound, by why they need none."""
UNBOUND = {
    "areas.casework NotSolved.why": "a code of a closed list",
    "areas.casework Record.title": "what is too long for a title goes on in the text",
    "areas.casework Wait.why": "a code of a closed list",
    "areas.consultation Decide.decision": "the act says 1,000 itself, with what to do instead",
    "areas.correspondence Trust.heard": "sixteen figures, compared",
    "areas.insight Edit.headline": "the act says it itself, beside the numbers that must stay",
    "areas.insight Edit.own": "read into lines, each with its own bound",
    "areas.insight Edit.paragraphs": "read into lines, each with its own bound",
    "areas.jointoffice GiveOut.tasks": "one a line, read line by line",
    "areas.jointoffice Group.leaders": "one a line, read line by line",
    "areas.mobilisation Content.questions": "one a block, read block by block",
    "areas.mobilisation Join.address": "of the network, not of a person",
    "areas.mobilisation Lesson.link": "an address, refused as none from 400 on",
    "areas.mobilisation Lesson.text": "read lesson by lesson, with its number",
    "areas.mobilisation Lesson.title": "read lesson by lesson, with its number",
    "areas.mobilisation Listed.name": "a row of a list is judged by its own rules and comes back with its sentence",
    "areas.registry Register.address": "a row of a list is judged by its own rules",
    "areas.registry Register.contact": "a row of a list is judged by its own rules",
    "areas.registry Register.legal_person": "a row of a list is judged by its own rules",
    "areas.registry Register.name": "a row of a list is judged by its own rules",
    "areas.response Declare.adjust": "read value by value as the pack says",
    "areas.response Enact.value": "read value by value as the pack says",
    "areas.response Propose.value": "read value by value as the pack says",
    "areas.response SetLevel.adjust": "read value by value as the pack says",
    "areas.response SetMeasure.value": "read value by value as the pack says",
    "areas.resumption AddLine.what": "the act says it itself, beside what else is wrong with the line",
    "areas.resumption Later.words": "the act says it itself",
    "areas.resumption MakeClaim.address": "of the network, not of a person",
    "areas.resumption Mended.words": "the act says it itself",
    "areas.resumption Propose.basis": "the act says it itself, beside what else lacks",
    "areas.resumption Propose.reason": "the act says it itself, beside what else lacks",
    "areas.resumption Return.questions": "names of the form's questions",
    "areas.resumption SaveView.name": "the act says it itself",
    "areas.resumption SaveView.words": "the act says it itself",
    "areas.resumption Say.words": "the act says it itself",
    "areas.resumption Tell.words": "the act says it itself",
    "areas.resumption Write.aim": "the act says it itself",
    "areas.schools ListAbsent.name": "the act says it itself",
    "areas.schools Register.name": "the act says it itself",
    "areas.services Edit.answer": "the act says 3,000 itself",
    "areas.services Write.answer": "the act says 3,000 itself",
    "kernel Again.why": "the reason of a failure, chosen from a list",
    "kernel Attach.name": "a device's name of a file: its beginning names it",
    "kernel Fix.values": "cells of a list, judged by its own rules",
    "kernel FixMany.rows": "cells of a list, judged by its own rules",
    "kernel Keep.name": "a device's name of a file: its beginning names it",
    "kernel OpenRobot.address": "an address, refused as none",
    "kernel OpenRobot.secret": "given by another system",
    "kernel Prefer.mail": "an address, refused as none",
    "kernel Upload.filename": "a device's name of a file: its beginning names it",
    "project Add.answer": "of a device",
    "project Ask.address": "of the network, not of a person",
    "project Check.address": "of the network, not of a person",
    "project EnterPassword.address": "of the network, not of a person",
    "project EnterWith.answer": "of a device",
    "project LinkOwn.name": "given by another system",
    "project ProveWith.answer": "of a device",
    "project RequestCode.address": "of the network, not of a person",
    "project SetPassword.again": "compared with the password, which has its bound",
}
"""Texts that say no bound with their input, each with why. Shorten this list."""


def unbound() -> Iterator[tuple[str, str]]:
    """Give (package Input.field, field) of each text of an action's input that says no bound."""
    for action in actions.values():
        if ".tests." in action.do.__module__:
            continue
        for part in parts_of(action.given):
            hints = get_type_hints(part)
            for spec in fields(part):
                if str in (hints[spec.name], *within(hints[spec.name])) and "most" not in spec.metadata:
                    yield f"{package(part.__module__.removeprefix('qifu.'))} {part.__name__}.{spec.name}", spec.name


def test_every_text_of_an_act_says_how_much_it_holds() -> None:
    """Tests that a new text says its bound (`most`), is read as something that has one, or stands on the list with its reason."""
    loose = dict(unbound())
    read = {name for names in NAMES.values() for name in names}
    assert sorted(where for where, name in loose.items() if name not in read and where not in UNBOUND) == []
    assert set(UNBOUND) <= set(loose), "these say their bound by now: take them off the list"
    assert read <= set(loose.values()), "no input has these names without a bound: take them off"
