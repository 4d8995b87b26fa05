"""Plays the lines of a scenario one after another: the clock is put to each line's time, the action does the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, get_type_hints
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import machine, worn_by
from qifu.kernel.actions import actions, run
from qifu.kernel.actions.registry import Refused
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.journal import reading
from qifu.kernel.workflow.timer import tick

from .scenario import Line, Scenario, WrongScenario

PULSE = timedelta(hours=1)
"""How often the timer and the listeners are pumped."""


@dataclass
class Refusal:
    """A line that was refused although the scenario expected it to take place."""

    line: Line
    code: str
    says: str
    errors: Mapping[str, str] | None = None


@dataclass
class Played:
    """What came of a replay."""

    lines: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    named: dict[str, UUID] = field(default_factory=dict)


class Runner:
    """Remembers what was named, and who is who."""

    def __init__(self, scenario: Scenario, *, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
        self.scenario, self.progress = scenario, progress
        self.hands = clock.Fixed(scenario.start)
        self.played = Played()
        self.actors: dict[str, Actor] = {}
        self.machines: dict[str, Actor] = {}

    def play(self, *, wait: Callable[[datetime], None] = lambda at: None) -> Played:
        """Play from first to last line; between them the timer and the listeners run as they would."""
        with clock.use(self.hands):
            self._prepare()
            pulse = self.scenario.start + PULSE
            for number, line in enumerate(self.scenario.lines, 1):
                while pulse <= line.at:
                    self._pump(pulse)
                    pulse += PULSE
                wait(line.at)
                self.hands.set(max(line.at, self.hands.now()))
                self._play(line)
                self.played.lines = number
                self.progress(number, len(self.scenario.lines))
            while pulse <= self.scenario.end:
                self._pump(pulse)
                pulse += PULSE
            self.hands.set(max(self.scenario.end, self.hands.now()))
        return self.played

    def _prepare(self) -> None:
        """Make the months of the journal, and appoint the people as the owner's first list does."""
        months, day = set(), self.scenario.start.date()
        while day <= self.scenario.end.date():
            months.add(day.replace(day=1))
            day += timedelta(days=1)
        with acting(DOOR):
            self.machines = {code: machine(code) for code in ("replay", "system")}
        with acting(self.machines["system"]):
            reading.make_months(months)
        if self.scenario.people:
            rows = [
                {"name": p.name, "phone": p.phone, "role": p.role, "region": self.place(p.place), "unit": p.department, "title": p.title}
                for p in self.scenario.people
            ]
            answer = run("registry.add_officers_many", {"rows": rows}, actor=self.machines["replay"], at=self.scenario.start)
            if isinstance(answer, Refused):
                raise WrongScenario(f"people: {answer.says} {answer.errors or ''}")
            if answer.result.refused:
                index, says = next(iter(answer.result.refused.items()))
                raise WrongScenario(f"people: {self.scenario.people[index].key}: {says}")
            for person, id in zip(self.scenario.people, answer.result.ids, strict=True):
                self.played.named[person.key] = id

    def place(self, text: str) -> int:
        """Give a place by its code or by its name inside the scenario's district."""
        home = jurisdiction.by_code(self.scenario.place, self.scenario.start.date())
        if home is None:
            raise WrongScenario(f"no place has the code {self.scenario.place}")
        if text in (self.scenario.place, home.name):
            return home.id
        found = jurisdiction.by_name(text, home.id, self.scenario.start.date()) or jurisdiction.by_name(
            text, None, self.scenario.start.date()
        )
        if found is None:
            raise WrongScenario(f"no place is called {text!r}")
        return found.id

    def _pump(self, at: datetime) -> None:
        self.hands.set(max(at, self.hands.now()))
        tick(at)
        deliver(actor=self.machines["system"])

    def _actor(self, name: str) -> Actor:
        if name in ("system", "replay", "timer"):
            if name not in self.machines:
                with acting(DOOR):
                    self.machines[name] = machine(name)
            return self.machines[name]
        if name not in self.played.named:
            first = next(iter(self.played.refusals), None)
            raise WrongScenario(
                f"nobody is called {name!r}"
                + (f"; first refused: {first.line.do} {first.code} {first.errors or first.says}" if first else "")
            )
        cached = self.actors.get(name)
        if cached is None or any(not hat.valid(self.hands.now()) for hat in cached.hats):
            with acting(DOOR):
                # A replay proves each person's second factor once: codes are not part of a scenario.
                cached = self.actors[name] = worn_by(self.played.named[name], at=self.hands.now(), strong=True)
        return cached

    def _play(self, line: Line) -> None:
        given = {key: self._resolve(value) for key, value in line.given.items()}
        if line.do not in actions:
            raise WrongScenario(f"no action is called {line.do!r}")
        if line.rows:
            given[line.into] = [{key: self._resolve(value) for key, value in row.items()} for row in line.rows]
        if line.on:
            given[self._subject_field(line.do)] = self._resolve(line.on)
        answer = run(line.do, given, actor=self._actor(line.actor), at=line.at)
        if isinstance(answer, Refused):
            if answer.code != line.refused:
                self.played.refusals.append(Refusal(line, answer.code, answer.says, answer.errors))
            return
        if line.refused:
            self.played.refusals.append(Refusal(line, "done", f"应当被拒绝（{line.refused}），却办成了。"))
        for index, says in getattr(answer.result, "refused", {}).items():
            # A list is taken without its bad rows; a scenario's lists have none.
            self.played.refusals.append(Refusal(line, "row", f"{index}: {says}"))
        for attribute, names in line.named:
            self._remember(attribute, names, answer.result)

    def _remember(self, attribute: str, names: tuple[str, ...], result: Any) -> None:
        value = getattr(result, attribute, None) if attribute != "result" else result
        ids = value if isinstance(value, tuple | list) else [value]
        for name, id in zip(names, ids, strict=True):
            if id is not None:
                self.played.named[name] = getattr(id, "id", id)
                self.actors.pop(name, None)

    def _resolve(self, value: Any) -> Any:
        """Give what a word stands for: a name that was remembered ("application:A0001"), a place ("place:江口街道")."""
        if isinstance(value, str):
            if value.startswith("place:"):
                return self.place(value[6:])
            return self.played.named.get(value, value)
        if isinstance(value, Mapping):
            return {key: self._resolve(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._resolve(one) for one in value]
        return value

    @staticmethod
    def _subject_field(name: str) -> str:
        """Give the field of an action's input that names its object: the first identifier."""
        hints = get_type_hints(actions[name].given)
        found = next((f.name for f in fields(actions[name].given) if hints[f.name] is UUID), None)
        if found is None:
            raise WrongScenario(f"{name} is not done on anything; leave out `on`")
        return found
