"""Runs a process table: locks, asks right, state, time and guard, and writes journal, clocks, key and object at once.

The only writer of state, state_at, due_at, been and facets. The tail of a move is one statement, because the cost of
a move is its round trips (docs/benchmarks.md)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from qifu.kernel.access import ActionRefused, Actor, Hat, NotFound, SecondFactorNeeded, require
from qifu.kernel.calendar import clock as time
from qifu.kernel.journal import reading, writing
from qifu.kernel.language import said
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7

from . import clocks
from .models import ClockRun, Subject
from .terms import (
    CORRECT,
    SLACK,
    AlreadyDone,
    ChainBreaks,
    Choice,
    Clock,
    InTheFuture,
    KeyTaken,
    Move,
    Moved,
    Opening,
    OutOfOrder,
    SubjectMoved,
    ToldTooLate,
    WrongState,
    WrongTable,
)

S = TypeVar("S", bound=Subject)

_SCOPE = ("region", "party", "compartment", "district")
_OWN = frozenset({"state", "state_at", "due_at", "been", "facets", *_SCOPE})

workflows: dict[str, "Workflow"] = {}
"""Every process of the installation by name."""


class Workflow(Generic[S]):
    """The table of one process.

    `name` is area.noun (resumption.application), so that news is named area.noun.verb.v1. `parent` names the
    attribute that leads to the root of the timeline."""

    def __init__(
        self,
        name: str,
        model: type[S],
        *,
        opening: Opening,
        start: str,
        moves: Sequence[Move],
        states: Mapping[str, str],
        clocks: Sequence[Clock] = (),
        parent: str = "",
    ) -> None:
        self.name, self.model, self.opening, self.start = name, model, opening, start
        self.moves = {move.verb: move for move in moves}
        self.states, self.clocks, self.parent = {code: said(word) for code, word in states.items()}, tuple(clocks), parent
        self._fields = {field.attname: field for field in model._meta.concrete_fields}
        self._check_table(moves)
        workflows[name] = self

    def _check_table(self, moves: Sequence[Move]) -> None:
        named = {self.start, *(m.target for m in moves), *(s for m in moves for s in m.sources)}
        if len(self.moves) != len(moves):
            raise WrongTable(f"{self.name}: a verb stands twice")
        if unknown := named - set(self.states):
            raise WrongTable(f"{self.name}: states without a label: {sorted(unknown)}")
        if unused := set(self.states) - named:
            raise WrongTable(f"{self.name}: states that no move reaches: {sorted(unused)}")
        for clock in self.clocks:
            if strange := (clock.runs_in | clock.pauses_in) - set(self.states):
                raise WrongTable(f"{self.name}.{clock.name}: unknown states {sorted(strange)}")
            if clock.lapse and clock.lapse not in self.moves:
                raise WrongTable(f"{self.name}.{clock.name}: no verb {clock.lapse}")
        for stamp in filter(None, [self.opening.stamp, *(m.stamp for m in moves)]):
            if stamp not in self._fields:
                raise WrongTable(f"{self.name}: {self.model.__name__} has no column {stamp}")

    # ------------------------------------------------------------------ opening

    def open(self, subject: S, *, actor: Actor, at: datetime, key: UUID | None = None, **data: Any) -> S:
        """Save a new subject in the start state. Refuses NotYours where its region lies outside the actor's reach."""
        return self.open_many([subject], actor=actor, at=at, keys=[key] if key else None, datas=[data])[0]

    def open_many(
        self,
        subjects: Sequence[S],
        *,
        actor: Actor,
        at: datetime,
        keys: Sequence[UUID] | None = None,
        datas: Sequence[Mapping[str, Any]] | None = None,
        batch: UUID | None = None,
    ) -> Sequence[S]:
        """Open many at once, set-based: three statements whatever the number."""
        if not subjects:
            return subjects
        opening = self.opening
        rows: list[tuple[Any, ...]] = []
        runs: list[dict[str, Any]] = []
        memo: dict[Any, Any] = {}
        datas = datas or [{}] * len(subjects)
        now = time.now()
        self._check_time(opening.backdate, at, now)
        for number, (subject, data) in enumerate(zip(subjects, datas, strict=True)):
            hat = require(actor, opening.who, at=at, on=subject)
            writing.check_data(data, opening.data, opening.verb)
            if keys and (before := self.delivered(keys[number])) is not None:
                raise AlreadyDone(before)
            begun = [clocks.begin(c, subject, at, memo=memo) for c in self.clocks if self.start in c.runs_in]
            subject.state, subject.state_at, subject.been = self.start, at, [self.start]
            subject.facets = sorted(subject.facets)
            subject.due_at = min((run.due_at for run in begun), default=None)
            if opening.stamp:
                setattr(subject, opening.stamp, at)
            rows.append(self._entry(writing.Stamp(actor, hat, now, batch), subject, opening.verb, "", self.start, True, at, data))
            runs.extend(self._run_values(subject, run) for run in begun)
        self.model._base_manager.bulk_create(subjects)
        writing.write_many(rows)
        self._start_many(runs)
        if keys:
            self._keep_keys([(k, s.id) for k, s in zip(keys, subjects, strict=True)], now)
        return subjects

    # ------------------------------------------------------------------ moving

    @contextmanager
    def move(
        self,
        verb: str,
        subject: S | UUID,
        *,
        actor: Actor,
        at: datetime,
        key: UUID | None = None,
        seen: datetime | None = None,
        **data: Any,
    ) -> Iterator[S]:
        """Lock and check; yield the fresh row for the body to fill; then write journal, clocks, key and object in one call.

        `key` makes a device's retry a no-op (AlreadyDone); `seen` is the state_at that the report was made on: if the
        subject moved meanwhile SubjectMoved is raised and `run` keeps the report. The caller's stale object is never saved."""
        move, now = self.moves[verb], time.now()
        fresh = self.lock(subject.id if isinstance(subject, Subject) else subject)
        if self._known(key, fresh):
            raise AlreadyDone(fresh)
        hat = self._check(move, fresh, actor=actor, at=at, now=now, seen=seen)
        writing.check_data(data, move.data, verb)
        before = {name: fresh.__dict__[name] for name in self._fields}
        yield fresh
        changed = {name: fresh.__dict__[name] for name in self._fields if fresh.__dict__[name] != before[name]}
        if forbidden := changed.keys() & _OWN:
            raise WrongTable(f"{self.name}.{verb}: {sorted(forbidden)} are written by the workflow only")
        self._write(move, fresh, changed, writing.Stamp(actor, hat, now), at=at, data=data, key=key)

    def lock(self, id: UUID) -> S:
        """Give the row locked and fresh; refuses NotFound where it does not exist or lies outside the scope."""
        try:
            return self.model._base_manager.select_for_update().get(pk=id)
        except self.model.DoesNotExist:
            raise NotFound() from None

    def _check(self, move: Move, subject: S, *, actor: Actor, at: datetime, now: datetime, seen: datetime | None = None) -> Hat:
        """Ask right, state, order of time and guard, in this order; give the hat that carries the right."""
        hat = require(actor, move.right(subject), at=at, on=subject)
        if move.strong and not actor.strong:
            raise SecondFactorNeeded()
        if seen is not None and subject.state_at != seen:
            raise SubjectMoved(process=self.name, subject=subject)
        if subject.state not in move.sources:
            raise WrongState(
                said(
                    "这件事现在是“{state}”，不能“{act}”，没有改动。",
                    state=self.states.get(subject.state, subject.state),
                    act=move.label,
                ),
                state=subject.state,
            )
        if at < subject.state_at:
            raise OutOfOrder()
        self._check_time(move.backdate, at, now)
        if move.guard is not None:
            move.guard(subject, actor, at)
        return hat

    @staticmethod
    def _check_time(backdate: timedelta, at: datetime, now: datetime) -> None:
        if at > now + SLACK:
            raise InTheFuture()
        if now - at > backdate + SLACK:
            raise ToldTooLate()

    def _write(
        self,
        move: Move,
        subject: S,
        changed: dict[str, Any],
        stamp: writing.Stamp,
        *,
        at: datetime,
        data: Mapping[str, Any],
        key: UUID | None,
    ) -> None:
        left, entered = subject.state, move.target
        first = entered not in subject.been
        parts, params = (
            [f"entry AS ({writing.INSERT_ONE})"],
            [*self._entry(stamp, subject, move.verb, left, entered, first, at, data)],
        )
        if key is not None:
            parts.append("kept AS (INSERT INTO journal_key (key, process, subject, recorded_at) VALUES (%s, %s, %s, %s))")
            params += [key, self.name, subject.id, stamp.recorded_at]
        touched, due_parts, due_params = self._clock_parts(subject, left, entered, at)
        parts += due_parts
        params += due_params
        if move.stamp and getattr(subject, move.stamp) is None:
            changed[move.stamp] = at
            setattr(subject, move.stamp, at)
        subject.state, subject.state_at = entered, at
        if first:
            subject.been = [*subject.been, entered]
        columns = changed | {"state": entered, "state_at": at} | ({"been": subject.been} if first else {})
        sets, values = [], []
        for name, value in columns.items():
            field = self._fields[name]
            sets.append(f'"{field.column}" = %s')
            values.append(field.get_db_prep_save(value, connection))
        if touched is not None:
            sets.append(touched[0])
            values += touched[1]
        statement = f'WITH {", ".join(parts)} UPDATE "{self.model._meta.db_table}" SET {", ".join(sets)} WHERE id = %s RETURNING due_at'
        with connection.cursor() as cursor:
            cursor.execute(statement, [*params, *values, subject.id])
            subject.due_at = cursor.fetchone()[0]

    def _clock_parts(self, subject: S, left: str, entered: str, at: datetime) -> tuple[tuple[str, list[Any]] | None, list[str], list[Any]]:
        """Give the SET of due_at (None where no clock is touched) and the statements that start and stop clocks."""
        steps = [(c, clocks.step(c, left, entered)) for c in self.clocks]
        touched = [(c, what) for c, what in steps if what]
        if not touched:
            return None, [], []
        parts: list[str] = []
        params: list[Any] = []
        started: list[clocks.Run] = []
        halted = [c.name for c, what in touched if what in ("stop", "pause")]
        for clock, what in touched:
            if what == "start":
                started.append(clocks.begin(clock, subject, at))
            elif what == "resume":
                started.append(self._resume(clock, subject, at))
        stops = [c.name for c, what in touched if what == "stop"]
        pauses = [c.name for c, what in touched if what == "pause"]
        if stops:
            parts.append(
                "stopped AS (UPDATE workflow_clock SET stopped_at = %s, paused_at = NULL"
                " WHERE subject = %s AND name = ANY (%s) AND stopped_at IS NULL)"
            )
            params += [at, subject.id, stops]
        if pauses:
            parts.append(
                "paused AS (UPDATE workflow_clock SET paused_at = %s WHERE subject = %s AND name = ANY (%s) AND stopped_at IS NULL)"
            )
            params += [at, subject.id, pauses]
        new = [run for run, (_, what) in zip(started, [t for t in touched if t[1] in ("start", "resume")], strict=True) if what == "start"]
        if new:
            rows = [self._run_values(subject, run) for run in new]
            names = list(rows[0])
            one = "(" + ", ".join(["%s"] * len(names)) + ")"
            parts.append(f"started AS (INSERT INTO workflow_clock ({', '.join(names)}) VALUES {', '.join([one] * len(rows))})")
            params += [value for values in rows for value in values.values()]
        least = min((run.due_at for run in started), default=None)
        others = [c for c, what in steps if not what and left in c.runs_in]
        if not others:
            return ("due_at = %s", [least]), parts, params
        rest = (
            "(SELECT min(due_at) FROM workflow_clock WHERE subject = %s AND stopped_at IS NULL AND paused_at IS NULL AND name <> ALL (%s))"
        )
        return (f"due_at = LEAST({rest}, %s::timestamptz)", [subject.id, halted, least]), parts, params

    def _resume(self, clock: Clock, subject: S, at: datetime) -> clocks.Run:
        row = ClockRun._base_manager.get(subject=subject.id, name=clock.name, stopped_at__isnull=True)
        stood = clocks.Run(clock, row.owner, row.started_at, row.due_at, tuple(row.because), row.paused_at, given=row.given)
        run = clocks.resumed(stood, subject, at=at)
        ClockRun._base_manager.filter(pk=row.pk).update(due_at=run.due_at, paused_at=None, because=list(run.because), given=run.given)
        return run

    def _run_values(self, subject: S, run: clocks.Run) -> dict[str, Any]:
        return {
            "id": uuid7(),
            "process": self.name,
            "subject": subject.id,
            "name": run.clock.name,
            "owner": run.owner,
            "started_at": run.started_at,
            "due_at": run.due_at,
            "paused_at": run.paused_at,
            "stopped_at": run.stopped_at,
            "lapse": run.clock.lapse or "",
            "given": run.given,
            "because": list(run.because),
            **{name: getattr(subject, name) for name in _SCOPE},
        }

    def _entry(
        self,
        stamp: writing.Stamp,
        subject: S,
        verb: str,
        left: str,
        entered: str,
        first: bool,
        at: datetime,
        data: Mapping[str, Any],
        /,
        **more: Any,
    ) -> tuple[Any, ...]:
        values: dict[str, Any] = {
            "process": self.name, "subject": subject.id, "about": self.root(subject), "verb": verb, "left": left, "entered": entered,
            "first": first, "at": at, "district": subject.district, "region": subject.region, "party": subject.party,
            "compartment": subject.compartment, "facets": subject.facets, "data": data,
        }  # fmt: skip
        return writing.row(stamp=stamp, **(values | more))

    def root(self, subject: S) -> UUID:
        """Give the root of the timeline: the parent's id for a child, else its own."""
        return getattr(subject, f"{self.parent}_id") if self.parent else subject.id

    # ------------------------------------------------------------------ keys

    def once(self, key: UUID | None, subject: S) -> None:
        """Remember a device's key for an act that is no move; raises AlreadyDone where it is known."""
        if key is None:
            return
        if self._known(key, subject):
            raise AlreadyDone(subject)
        self._keep_keys([(key, subject.id)], time.now())

    def delivered(self, key: UUID | None) -> S | None:
        """Give the subject of an act whose key is known, as it stands; None where it is new (or has no key).

        Refuses KeyTaken where the key was kept for a thing of another kind, or one out of reach."""
        if (kept := self._kept(key)) is None:
            return None
        if (found := self.model._base_manager.filter(pk=kept).first()) is None:
            raise KeyTaken()
        return found

    def _known(self, key: UUID | None, subject: S) -> bool:
        """Say whether a key was kept for this subject. Refuses KeyTaken where it was for another: nothing was done to this one."""
        if (kept := self._kept(key)) not in (None, subject.id):
            raise KeyTaken()
        return kept is not None

    @staticmethod
    def _kept(key: UUID | None) -> UUID | None:
        if key is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject FROM journal_key WHERE key = %s", [key])
            found = cursor.fetchone()
        return found[0] if found else None

    def _keep_keys(self, keys: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO journal_key (key, process, subject, recorded_at) VALUES (%s, %s, %s, %s)",
                [(k, self.name, s, now) for k, s in keys],
            )

    # ------------------------------------------------------------------ asking

    def possible(self, subject: S, *, actor: Actor, at: datetime) -> list[Choice]:
        """Give each move from here, allowed or with its refusal: the buttons of a page and their reasons."""
        now = time.now()
        return [
            Choice(m, self._refusal(m, subject, actor=actor, at=at, now=now)) for m in self.moves.values() if subject.state in m.sources
        ]

    def _refusal(self, move: Move, subject: S, *, actor: Actor, at: datetime, now: datetime) -> ActionRefused | None:
        try:
            self._check(move, subject, actor=actor, at=at, now=now)
        except ActionRefused as refusal:
            return refusal
        return None

    # ------------------------------------------------------------------ in bulk

    def move_many(self, verb: str, subjects: Iterable[UUID], *, actor: Actor, at: datetime, **data: Any) -> Moved:
        """Move all that may be moved, set-based, with the same guard on each row; the rest are refused by name."""
        move, now, batch = self.moves[verb], time.now(), uuid7()
        writing.check_data(data, move.data, verb)
        ids = list(dict.fromkeys(subjects))
        asked = RawSQL("SELECT unnest(%s::uuid[])", [bulk.column_literal(ids)])
        found = {s.id: s for s in self.model._base_manager.select_for_update().filter(pk__in=asked).order_by("pk")}
        refused: dict[UUID, ActionRefused] = {id: NotFound() for id in ids if id not in found}
        hats: dict[UUID, Hat] = {}
        for id in ids:
            if id in found:
                try:
                    hats[id] = self._check(move, found[id], actor=actor, at=at, now=now)
                except ActionRefused as refusal:
                    refused[id] = refusal
        if hats:
            self._write_many(
                move,
                [(found[id], hat) for id, hat in hats.items()],
                actor=actor,
                at=at,
                now=now,
                batch=batch,
                data=data,
            )
        return Moved(batch, tuple(hats), refused)

    def _write_many(
        self,
        move: Move,
        subjects: Sequence[tuple[S, Hat]],
        *,
        actor: Actor,
        at: datetime,
        now: datetime,
        batch: UUID,
        data: Mapping[str, Any],
    ) -> None:
        runs: list[dict[str, Any]] = []
        touched_by_left: dict[str, list[str]] = {}
        memo: dict[Any, Any] = {}
        target = move.target
        found = [subject for subject, _ in subjects]
        ids = [str(subject.id) for subject in found]
        kinds: dict[Any, int] = {}
        made: list[tuple[Any, ...]] = []
        of: list[int] = []
        for id_, (subject, hat) in zip(ids, subjects, strict=True):
            left, first, party = subject.state, target not in subject.been, writing.PARTY if subject.party else None
            kind = (left, first, party, subject.region, subject.district, subject.compartment, id(hat), *subject.facets)
            if kind not in kinds:
                kinds[kind] = len(made)
                stand_ins = {"subject": writing.SUBJECT, "about": writing.ABOUT, "party": party}
                made.append(
                    self._entry(writing.Stamp(actor, hat, now, batch), subject, move.verb, left, target, first, at, data, **stand_ins)
                )
            of.append(kinds[kind])
            touched_by_left.setdefault(left, []).append(id_)
        steps = {left: [(c, clocks.step(c, left, target)) for c in self.clocks] for left in touched_by_left}
        for subject in found:
            for c, step in steps[subject.state]:
                if step == "start":
                    runs.append(self._run_values(subject, clocks.begin(c, subject, at, memo=memo)))
                elif step == "resume":
                    self._resume(c, subject, at)
        writing.write_alike(
            made,
            of,
            ids,
            about=[str(self.root(subject)) for subject in found] if self.parent else None,
            party=[str(subject.party) if subject.party else None for subject in found],
        )
        for left, these in touched_by_left.items():
            stops = [c.name for c, step in steps[left] if step == "stop"]
            pauses = [c.name for c, step in steps[left] if step == "pause"]
            self._halt_many(these, stops, "stopped_at = %s, paused_at = NULL", at)
            self._halt_many(these, pauses, "paused_at = %s", at)
        self._start_many(runs)
        self._update_many(move, ids, at=at)

    @staticmethod
    def _halt_many(ids: Sequence[str], names: Sequence[str], sets: str, at: datetime) -> None:
        if names:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE workflow_clock SET {sets} WHERE subject = ANY (%s::uuid[]) AND name = ANY (%s) AND stopped_at IS NULL",
                    [at, bulk.column_literal(ids), list(names)],
                )

    @staticmethod
    def _start_many(runs: Sequence[Mapping[str, Any]]) -> None:
        if runs:
            fields = [(name, ClockRun._meta.get_field(name).db_type(connection) or "text") for name in runs[0]]
            bulk.insert_columns(ClockRun._meta.db_table, fields, [[values[name] for values in runs] for name, _ in fields])

    def _update_many(self, move: Move, ids: Sequence[str], *, at: datetime) -> None:
        stamp = f', "{move.stamp}" = COALESCE("{move.stamp}", %(at)s)' if move.stamp else ""
        table = self.model._meta.db_table
        clocked = (
            ", due_at = (SELECT min(c.due_at) FROM workflow_clock c"
            " WHERE c.subject = s.id AND c.stopped_at IS NULL AND c.paused_at IS NULL)"
            if self.clocks
            else ""
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{table}" s SET state = %(target)s, state_at = %(at)s,'
                f" been = CASE WHEN %(target)s = ANY (been) THEN been ELSE been || %(target)s::varchar END{stamp}{clocked}"
                " WHERE id = ANY (%(ids)s::uuid[])",
                {"target": move.target, "at": at, "ids": bulk.column_literal(ids)},
            )

    # ------------------------------------------------------------------ correcting

    def correct(self, entry: Any, *, actor: Actor, at: datetime | None, reason: str, following: bool = False) -> S:
        """Reverse an entry at its own time and write it at the right one (`at` None: it never happened).

        Refuses ChainBreaks where a later step rests on it, unless `following` reverses those too. Afterwards the object
        equals its journal: state, stamps and clocks are folded from the entries that stand."""
        subject = self.lock(entry.subject)
        hat = require(actor, CORRECT, at=time.now(), on=subject)
        # Facts that are no moves (an item checked, a list published) stand beside the chain and break nothing.
        history = [e for e in reading.latest_standing(subject.id, self.name) if e.left or e.entered]
        place = next((i for i, e in enumerate(history) if e.seq == entry.seq), None)
        if place is None:
            raise WrongState("这一条已经更正过了，没有再改。")
        falls = history[place:] if following else [history[place]]
        kept = [(e.verb, e.left, e.entered, e.at, e.data) for e in history if e not in falls]
        if at is not None:
            kept.append((entry.verb, entry.left, entry.entered, at, entry.data))
            kept.sort(key=lambda step: step[3])
        self._check_chain(kept)
        stamp = writing.Stamp(actor, hat, time.now(), uuid7())
        why = {"why": reason}
        rows = [
            self._entry(stamp, subject, e.verb, e.left, e.entered, e.first, e.at, {**e.data, **why}, **self._as_then(e), reverses=e.seq)
            for e in reversed(falls)
        ]
        been: list[str] = [e.entered for e in history if e not in falls and e.first]
        if at is not None:
            again = entry.entered not in been
            rows.append(
                self._entry(
                    stamp,
                    subject,
                    entry.verb,
                    entry.left,
                    entry.entered,
                    again,
                    at,
                    {**entry.data, **why},
                    **self._as_then(entry),
                )
            )
        # A later entry into a state whose first entry fell becomes the first: `reached` must still count it once.
        for e in history:
            if e not in falls and not e.first and e.entered not in been and not (at is not None and e.entered == entry.entered):
                rows.append(
                    self._entry(
                        stamp, subject, e.verb, e.left, e.entered, False, e.at, {**e.data, **why}, **self._as_then(e), reverses=e.seq
                    )
                )
                rows.append(self._entry(stamp, subject, e.verb, e.left, e.entered, True, e.at, e.data, **self._as_then(e)))
                been.append(e.entered)
        writing.write_many(rows)
        return self._fold(subject, [(verb, left, entered, when) for verb, left, entered, when, _ in kept])

    @staticmethod
    def _as_then(entry: Any) -> dict[str, Any]:
        """Give where the subject stood at that entry: a reversal is booked where the row was."""
        return {"region": entry.region, "party": entry.party, "facets": entry.facets, "about": entry.about}

    @staticmethod
    def _check_chain(kept: Sequence[tuple[str, str, str, datetime, Any]]) -> None:
        state = ""
        for _, left, entered, _, _ in kept:
            if left != state:
                raise ChainBreaks()
            state = entered

    def _fold(self, subject: S, history: Sequence[tuple[str, str, str, datetime]]) -> S:
        stamps = {move.verb: move.stamp for move in self.moves.values() if move.stamp}
        if self.opening.stamp:
            stamps[self.opening.verb] = self.opening.stamp
        for column in stamps.values():
            setattr(subject, column, None)
        subject.been, subject.state = [], ""
        for verb, _, entered, at in history:
            subject.state, subject.state_at = entered, at
            if entered and entered not in subject.been:
                subject.been.append(entered)
            if (stamp := stamps.get(verb)) and getattr(subject, stamp) is None:
                setattr(subject, stamp, at)
        runs = clocks.fold(self.clocks, [(left, entered, at) for _, left, entered, at in history], subject)
        ClockRun._base_manager.filter(subject=subject.id).delete()
        ClockRun._base_manager.bulk_create([ClockRun(**self._run_values(subject, run)) for run in runs])
        subject.due_at = min((run.due_at for run in runs if run.stopped_at is None and run.paused_at is None), default=None)
        subject.save(update_fields=["state", "state_at", "due_at", "been", *set(stamps.values())])
        return subject

    def as_json(self) -> str:
        """Give the table as JSON (docs, diagrams)."""
        return json.dumps({m.verb: [list(m.sources), m.target, m.who] for m in self.moves.values()}, ensure_ascii=False)
