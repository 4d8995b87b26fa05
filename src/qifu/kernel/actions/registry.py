"""The register of actions, and the one way to run them."""

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, cast, get_type_hints
from uuid import UUID

from django.db import DataError, IntegrityError, OperationalError, transaction

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, Actor, acting
from qifu.kernel.access.models import Person
from qifu.kernel.access.terms import NOWHERE
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt
from qifu.kernel.language import in_chinese, said
from qifu.kernel.workflow import AlreadyDone, Moved, SubjectMoved
from qifu.kernel.workflow.models import Kept

from .bounds import over_in
from .constraints import refusal_for
from .parsing import BadInput, parse

log = logging.getLogger("qifu.actions")
_RETRIES = 3


@dataclass(frozen=True)
class Action:
    """One registered write: its name (area.verb), its input, its function, and the Chinese word for it."""

    name: str
    label: str
    given: type
    do: Callable[..., Any]
    door: bool = False
    drawn: bool = False


class TooLong(ActionRefused):
    """Some text is longer than what can be kept."""

    says = "有一处内容太长，没有保存。"
    fix = "把最长的那一段写短些再交。"


class NoSuchPlace(ActionRefused):
    """A place is meant that there is not."""

    says = "没有这个地方，没有改动。"


actions: dict[str, Action] = {}
"""Every write of the installation by name."""


@dataclass(frozen=True)
class Done:
    """The act took place (or had taken place before, on a retry)."""

    result: Any
    again: bool = False

    ok = True


@dataclass(frozen=True)
class Refused:
    """The act was refused: its code, the sentence for the person, the nearest fix, errors beside fields."""

    code: str
    says: str
    fix: str = ""
    errors: Mapping[str, str] | None = None
    refusal: ActionRefused | None = None

    ok = False


def action(name: str, label: str = "", *, door: bool = False, drawn: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function `do(given, *, actor, at, key=None)` under a name; its first parameter is a frozen dataclass.

    It runs in Chinese, so that what it writes is; `drawn` is for one that gives back words for a page. Whoever calls it, another
    action too, words longer than its input says are refused (bounds.py)."""

    def register(do: Callable[..., Any]) -> Callable[..., Any]:
        given: Any = get_type_hints(do)["given"]
        if not (is_dataclass(given) and getattr(given, "__dataclass_params__").frozen):  # noqa: B009 - not in the stubs
            raise TypeError(f"{name}: the input must be a frozen dataclass")
        if name in actions and actions[name].do.__module__ != do.__module__:
            raise TypeError(f"two actions are called {name}")

        @wraps(do)
        def held(given: Any, **beside: Any) -> Any:
            if errors := over_in(given):
                raise BadInput(errors)
            return do(given, **beside)

        actions[name] = Action(name, said(label), cast(type, given), held, door, drawn)
        return held

    return register


def run(name: str, given: Any, *, actor: Actor, at: datetime | None = None, key: UUID | None = None) -> Done | Refused:
    """Run an action in a transaction and scope of its own; a refusal rolls back whole and is written down after.

    `given` is the action's input or a mapping that parses into it. `key` makes a second delivery a no-op."""
    act = actions[name]
    at = at or clock.now()
    who = DOOR if act.door else actor
    try:
        ready = given if isinstance(given, act.given) else parse(act.given, given)
        for attempt in range(_RETRIES):
            try:
                with acting(who), nullcontext() if act.drawn else in_chinese():
                    result = act.do(ready, actor=actor, at=at, key=key)
                if isinstance(result, Moved):
                    _attempted_among(act.name, result, actor=actor, at=at)
                return Done(result)
            except IntegrityError as problem:
                # Two deliveries of one key raced: the winner has committed, so that the second round finds its key.
                if attempt + 1 == _RETRIES or "journal_key_pkey" not in str(problem):
                    raise
            except OperationalError as problem:
                # Two acts locked the same rows in another order: nothing was written, so it may simply be tried again.
                if attempt + 1 == _RETRIES or getattr(problem.__cause__, "sqlstate", "") not in ("40P01", "40001"):
                    raise
        raise AssertionError("unreachable")
    except AlreadyDone as done:
        return Done(done.subject, again=True)
    except ActionRefused as refusal:
        return _refused(act, given, refusal, actor=actor, at=at, key=key)
    except jurisdiction.UnknownPlace as problem:
        return _refused(act, given, NoSuchPlace(problem.says), actor=actor, at=at)
    except DataError:
        # A word longer than its column: nothing was written, and the sentence says so.
        return _refused(act, given, TooLong(), actor=actor, at=at)
    except IntegrityError as problem:
        broken = refusal_for(problem)
        if broken is None:
            raise
        return _refused(act, given, broken, actor=actor, at=at)


def _refused(act: Action, given: Any, refusal: ActionRefused, *, actor: Actor, at: datetime, key: UUID | None = None) -> Refused:
    subject = next((value for value in _values(given).values() if isinstance(value, UUID)), None)
    attempted(act.name, refusal, actor=actor, at=at, subject=subject)
    if isinstance(refusal, SubjectMoved):
        _keep(act, given, refusal, actor=actor, at=at, key=key)
    return Refused(refusal.code, refusal.says, refusal.fix, getattr(refusal, "errors", None), refusal)


def attempted(name: str, refusal: ActionRefused, *, actor: Actor, at: datetime, subject: UUID | None = None) -> None:
    """Write an attempt in a short transaction of its own, at the door: even one without any reach is recorded."""
    with acting(DOOR):
        _attempt(name, refusal, actor=actor, at=at, subject=subject, where=_where(actor)).save(force_insert=True)


def _attempted_among(name: str, moved: Moved, *, actor: Actor, at: datetime) -> None:
    """Write down what was forbidden among the refused of a batch: a list is no way round the record."""
    forbidden = {id: refusal for id, refusal in moved.refused.items() if refusal.forbidden}
    if forbidden:
        with acting(DOOR):
            where = _where(actor)
            Attempt._base_manager.bulk_create(
                _attempt(name, refusal, actor=actor, at=at, subject=id, where=where) for id, refusal in forbidden.items()
            )


def _where(actor: Actor) -> tuple[int, int]:
    """Give place and district under which an attempt is found: the office's, else that of the person; 0 is nobody's place,
    which those who audit see. Asked at the door, because a contact reaches no place."""
    place = next((hat.place for hat in actor.hats if hat.place), None)
    if place is not None:
        return place, jurisdiction.district_of(place)
    person = Person._base_manager.filter(pk=actor.person).first() if actor.person else None
    return (person.region, person.district) if person else (NOWHERE, NOWHERE)


def _attempt(name: str, refusal: ActionRefused, *, actor: Actor, at: datetime, subject: UUID | None, where: tuple[int, int]) -> Attempt:
    party = next((p for hat in actor.hats for p in hat.scope.parties), None)
    return Attempt(
        at=at, action=name, code=refusal.code, says=refusal.says[:300], forbidden=refusal.forbidden, subject=subject,
        actor=actor.id, actor_name=actor.name[:80], role=",".join(hat.role for hat in actor.hats)[:200],
        region=where[0], party=party, district=where[1],
    )  # fmt: skip


def _keep(act: Action, given: Any, refusal: SubjectMoved, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    """Keep a report whose subject had moved: never dropped, never forced, and once by its key (DECISIONS 26)."""
    subject = refusal.detail["subject"]
    with acting(actor):
        row = Kept(
            action=act.name, given={k: _plain(v) for k, v in _values(given).items()}, process=refusal.detail["process"], subject=subject.id,
            says=refusal.says, actor=actor.id, actor_name=actor.name[:80], at=at, kept_at=clock.now(),
            region=subject.region, party=subject.party, compartment=subject.compartment, district=subject.district, key=key,
        )  # fmt: skip
        Kept._base_manager.bulk_create([row], ignore_conflicts=True)


def _values(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return dict(given)
    return {f.name: getattr(given, f.name) for f in fields(given)}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | datetime | date):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | bool | dict | type(None)) else str(value)


def in_transaction() -> bool:
    """Say whether a transaction is open (assertions of tests)."""
    return transaction.get_connection().in_atomic_block
