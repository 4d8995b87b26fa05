"""Nobody learns by naming an id whether it is something of another land: every action, every field that takes an id.

One person wears every hat of a district and its firm's as well, so that no right stands before the question. What is
answered to an id of another district must be word for word what is answered to an id that nobody ever gave."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import pytest

from qifu.areas.registry.models import Enterprise
from qifu.areas.resumption.tests.factories import ANSWERS
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.models import Role
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import Refused, actions, run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt
from qifu.kernel.workflow import Moved

from . import census, lands
from .lands import START, Land
from .matrix import snapshot

LAW = {"measure", "proposal", "area", "task_force", "key_list", "incident", "article", "item"}
"""Kinds that everybody may read: law, what belongs to an office above, and published answers."""
NATURAL = {
    "team": "task_force", "source": "import", "into": "enterprise", "enterprises": "enterprise", "applications": "application",
    "other": "session", "relative_of": "worker", "party": "enterprise", "parent": "task_force", "sites": "site", "about": "application",
    "member": "person",
}  # fmt: skip
"""Fields that are not called as what they name."""
WORDS = {
    "step": "plan", "role": "town_clerk", "fact": "left", "verb": "accept", "reason": "试试", "phone": "16430009999", "kind": "primary",
    "why": "in_zone",
}  # fmt: skip
IDLE = {
    "resumption.drop_view.view": "what is not there is dropped already",
    "resumption.save_step.signature": "the picture comes by itself, later; handing in asks whether it came and whose it is",
}
"""Fields where an id that nobody gave is no fault."""


@pytest.fixture(scope="module")
def made(module_database: Any) -> Iterator[dict[str, Land]]:
    """Build the lands once."""
    with clock.use(clock.Fixed(START)) as hands:
        yield lands.build(hands)


@pytest.fixture(scope="module")
def everybody(made: dict[str, Land]) -> Actor:
    """Give the person with every hat of the own district, and of the own firm and school, and a proved second factor."""
    own = made["own"]
    with acting(DOOR):
        codes = list(Role.objects.exclude(says="").values_list("code", flat=True))
    base = officer("bureau_clerk", own.district, name="样样都管")
    hats = [hat for code in codes for hat in officer(code, own.district, name=f"帽{code}").hats]
    assert own.contact is not None and own.head is not None
    return replace(base, hats=(*own.contact.hats, *own.head.hats, *hats), strong=True)


def takes_ids(kind: Any) -> bool:
    return kind is UUID or any(takes_ids(one) for one in get_args(kind))


def probes() -> Iterator[tuple[str, str]]:
    """Give every action with every field of it that takes an id."""
    for name, act in sorted(actions.items()):
        if act.door or name.startswith("toy."):
            continue
        for field, kind in get_type_hints(act.given).items():
            if takes_ids(kind):
                yield name, field


def filled(name: str, land: Land) -> dict[str, Any]:
    """Give an input that is as right as can be guessed, naming things of a land."""
    return input_of(actions[name].given, land)


def input_of(made: type, land: Land) -> dict[str, Any]:
    hints = get_type_hints(made)
    given = {}
    for field in fields(made):
        if (field.default is MISSING and field.default_factory is MISSING) or takes_ids(hints[field.name]):
            value = guess(field.name, hints[field.name], land)
            if value is not None:
                given[field.name] = value
    return given


def guess(field: str, kind: Any, land: Land) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return guess(field, next(one for one in get_args(kind) if one is not type(None)), land)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if takes_ids(kind):
        id = land.ids.get(NATURAL.get(field, field))
        return id if kind is UUID or id is None else [id]
    if get_origin(kind) is tuple and is_dataclass(get_args(kind)[0]):
        return (get_args(kind)[0](**input_of(get_args(kind)[0], land)),)
    if field == "answers":
        return ANSWERS
    if field in ("place", "region"):
        return land.place if kind is int else str(land.place)
    plain = {str: WORDS.get(field, "试试"), int: 1, bool: False, date: "2020-02-10", datetime: START.isoformat(), bytes: b"x"}
    return plain.get(kind, () if get_origin(kind) in (tuple, list) else {} if get_origin(kind) is dict else None)


def kinds_of(field: str, land: Land) -> list[str]:
    """Give the kinds of things that a field may mean; all, where its name says nothing."""
    private = [kind for kind in land.ids if kind not in LAW]
    kind = NATURAL.get(field, field)
    if kind in LAW or kind == "session":
        return []
    return [kind] if kind in private else private


def said(name: str, given: dict[str, Any], actor: Actor) -> Any:
    """Run an action; give what its answer says, without ids that were named."""
    try:
        answer = run(name, given, actor=actor, at=START)
    except Exception as problem:
        return type(problem).__name__
    if isinstance(answer, Refused):
        return answer.code, answer.says, answer.fix, dict(answer.errors or {})
    if isinstance(answer.result, Moved):
        return "moved", len(answer.result.moved), [(one.code, one.says) for one in answer.result.refused.values()]
    if getattr(answer.result, "refused", None) and not getattr(answer.result, "created", True):
        return "nothing", dict(answer.result.refused)
    return ("nothing", answer.result) if answer.result in ({}, (), []) else "done"


@pytest.mark.slow
def test_an_id_of_another_land_is_answered_like_one_that_nobody_gave(made: dict[str, Land], everybody: Actor, module_database: Any) -> None:
    """Tests every action and field: the same words, nothing done, and no fault of the house."""
    own, foreign = made["own"], made["foreign"]
    before = snapshot(module_database, foreign)
    problems, asked = [], 0
    for name, field in probes():
        listed = get_origin(get_type_hints(actions[name].given)[field]) in (tuple, list)
        for kind in kinds_of(field, foreign):
            if not isinstance(foreign.ids[kind], UUID):
                # A word on a poster is no id: who holds it is meant to be let in.
                continue
            words = []
            for id in (foreign.ids[kind], uuid4()):
                given = filled(name, own) | {field: [id] if listed else id}
                answer = said(name, given, everybody)
                words.append(str(answer).replace(str(id), "ID"))
            asked += 1
            theirs, unknown = words
            if theirs != unknown:
                problems.append(f"{name}.{field} tells {kind}: {theirs} / {unknown}")
            elif not theirs.startswith("(") and f"{name}.{field}" not in IDLE:
                problems.append(f"{name}.{field} takes an unknown {kind}: {theirs}")
    assert asked > 60
    after = snapshot(module_database, foreign)
    problems += [f"{table} of the other land has changed" for table, was in before.items() if after[table] != was]
    assert not problems, "\n".join(problems)


TELLS = {
    "registry_enterprise_uscc": "a credit code is public, and one firm's in the whole country; whose register it stands in is not told",
    "resumption_application_number_key": "numbers are given by the house, never chosen",
    "kept_once": "the key of a report is drawn by its device",
    "passes_link_token_hash_key": "drawn by chance",
    "passes_pass_number_key": "numbers are given by the house, never chosen",
    "passes_serial_once": "serials are given by the house, never chosen",
    "documents_issued_code_key": "drawn by chance; nobody chooses one",
    "one_case_of_a_number": "numbers are given by the house, never chosen; confidential ones are drawn by chance",
    "casework_supervision_number_key": "a number bears the word of its office; confidential ones are drawn by chance",
    "consultation_meeting_number_key": "a number bears the word of its office",
    "consultation_note_number_key": "a number bears the word of its office",
    "one_case_of_a_source_number": "another loop gives a number once in its whole city; whose case it became is not told",
    "loops_one_slug": "the name of a hook stands in its address, which the other side is told; it says nothing else",
    "loops_one_order_of_a_number": "a platform is one land's; its numbers are asked for within it",
    "mobilisation_call_code_key": "drawn by chance; it stands on the poster",
    "mobilisation_feed_digest_key": "drawn by chance",
    "services_issued_once": "an issuer gives a number once; whose certificate it is, is not told",
    "services_invoice_once": "an invoice counts once wherever it is handed in; who did is not told",
    "one_case_of_an_origin": "the id of what it came from, given by the house",
    "one_version_of_a_notice": "a notice's versions are counted by the house",
    "one_open_version_of_a_notice": "a notice's versions are counted by the house",
    "mobilisation_post_code_key": "drawn by chance; it stands at the post",
    "one_peer_of_a_key": "a key is one installation's in the whole country; who entered it is not told",
    "delivery_taken_once": "a message's id is drawn by chance",
    "told_once": "a clock's run and its deadline are given by the house",
    "mobilisation_meeting_code_key": "drawn by chance; it stands at the door",
    "mobilisation_meeting_slot_id_key": "a slot is made for its meeting by the house",
    "notify_once": "a message's key is made by the house of what caused it",
    "jointoffice_session_number_key": "drawn by chance",
    "supply_need_number_key": "drawn by chance",
    "supply_call_match_key": "one call for each match, made by the house",
    "documents_issued_number_key": "a number bears the word of its office, and the check of numbers is public",
}
"""Uniqueness that can be felt from another land, each with why."""
UNIQUE = """
SELECT i.indexrelid::regclass::text, array_agg(a.attname::text), bool_or(
  a.attname IN ('region', 'party', 'district', 'place', 'person', 'office', 'about', 'subject') OR EXISTS (
  SELECT FROM pg_constraint f WHERE f.conrelid = i.indrelid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
  AND f.confrelid = ANY (%(scoped)s::regclass[])) OR EXISTS (
  SELECT FROM pg_trigger g WHERE g.tgrelid = i.indrelid AND g.tgname = c.relname || '_' || a.attname || '_there_insert'))
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = ANY (%(scoped)s::regclass[]) AND i.indisunique AND NOT i.indisprimary GROUP BY 1 ORDER BY 1
"""


def test_no_uniqueness_reaches_across_lands(module_database: Any) -> None:
    """Tests that each unique index of a scoped table holds a place, a party, or a row that belongs to one; else it says why."""
    with module_database.admin() as session:
        scoped = [f'public."{name}"' for name in census.protected(session)]
        found = session.execute(UNIQUE, {"scoped": scoped}).fetchall()
    assert len(found) > 10
    across = {name: columns for name, columns, bound in found if not bound}
    assert across.keys() <= TELLS.keys(), across


def test_a_code_that_is_registered_elsewhere_tells_no_more_than_that(made: dict[str, Land], everybody: Actor) -> None:
    """Tests that who tries another district's credit code learns neither name nor place, and leaves a trace."""
    own, foreign = made["own"], made["foreign"]
    with acting(foreign.clerk):  # type: ignore[arg-type]
        theirs = Enterprise._base_manager.get(pk=foreign.ids["enterprise"])
    answer = run("registry.register", {"name": "试试机械厂", "uscc": theirs.uscc, "region": own.place, "size": "small"}, actor=everybody)
    assert isinstance(answer, Refused)
    assert (answer.code, answer.says) == ("AlreadyRegistered", "这家企业已经在别处登记过了，没有再登记一次。")
    assert foreign.canary not in repr(answer) and str(theirs.id) not in repr(answer)
    with acting(everybody):
        assert Attempt._base_manager.filter(actor=everybody.id, action="registry.register", code="AlreadyRegistered").exists()
        assert not Enterprise._base_manager.filter(name="试试机械厂").exists()
