"""Plays the lines of a scenario one after another: the clock is put to each line's time, the action does the rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

from django.db import connections

from qifu.kernel import journal, jurisdiction, notify
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import machine, worn_by
from qifu.kernel.actions import actions, run
from qifu.kernel.actions.registry import Refused
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.indicators import Moment, indicators, rollup
from qifu.kernel.journal import reading, sealing
from qifu.kernel.workflow.engine import workflows
from qifu.kernel.workflow.timer import tick

from .scenario import Line, Scenario, WrongScenario

PULSE = timedelta(hours=1)
"""How often the timer and the listeners are pumped."""
EVENING = time(23, 59)
"""When the day's record is sealed and added to the sums of the figures."""
GROWN = 50
"""So many rows of a table changed since it was measured make it worth measuring anew."""
MACHINES = ("system", "replay", "timer")


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


def check(scenario: Scenario) -> None:
    """Refuse, before anything is made, an action, field, name or figure that does not exist: WrongScenario."""
    if unknown := next((id for id in scenario.figures if id not in indicators), None):
        raise WrongScenario(f"figures：没有 {unknown} 这个指标。")
    _check_once(scenario)
    names = {person.key for person in scenario.people}
    names.update(name for line in scenario.lines for _, given in line.named for name in given)
    families = {name.partition(":")[0] for name in names if ":" in name}
    for line in scenario.lines:
        try:
            _check_line(line, names, families)
        except WrongScenario as problem:
            raise problem.inside(line.place) from None


def _check_once(scenario: Scenario) -> None:
    """Refuse a step that gives one name to two rows: everything said of the first would then be done to the second."""
    met: set[tuple[str, str]] = set()
    for line in scenario.lines:
        for name in (name for _, given in line.named for name in given):
            if (line.place, name) in met:
                raise WrongScenario(f"清单里有两行都叫 {name}，后面说的是哪一行分不清。").inside(line.place)
            met.add((line.place, name))


def _check_line(line: Line, names: set[str], families: set[str]) -> None:
    if line.do not in actions:
        raise WrongScenario(f"没有 {line.do} 这个动作。")
    if line.actor not in names and line.actor not in MACHINES:
        raise WrongScenario(f"没有叫 {line.actor} 的人。")
    if line.on:
        subject_field(line.do)
        if line.on not in names and not _is_id(line.on):
            raise WrongScenario(f"没有叫 {line.on} 的东西，没有一行的 as 给过这个名字。")
    known = {f.name for f in fields(actions[line.do].given)}
    if unknown := next((key for key in (*line.given, *([line.into] if line.rows else [])) if key not in known), None):
        raise WrongScenario(f"{line.do} 没有 {unknown} 这一项，能写的是 {'、'.join(sorted(known))}。")
    for word in _words([line.given, line.rows]):
        if word.partition(":")[0] in families and ":" in word and word not in names:
            raise WrongScenario(f"没有叫 {word} 的东西，没有一行的 as 给过这个名字。")


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _words(one)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@cache
def subject_field(name: str) -> str:
    """Give the field of an action's input that names its object: the first identifier."""
    hints = get_type_hints(actions[name].given)
    found = next((f.name for f in fields(actions[name].given) if hints[f.name] is UUID), None)
    if found is None:
        raise WrongScenario(f"{name} 不是对哪一件办的，不写 on。")
    return found


class Silent:
    """What a replay tells, it tells nobody: the people of a list have real clocks and no part in it."""

    name = "silent"

    def send(self, message: notify.Message) -> None:
        """Let it go."""


def _measure() -> None:
    """Tell the planner how much there is by now: a day is played in seconds, before the server would look by itself."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_stat_user_tables WHERE schemaname = current_schema() AND n_mod_since_analyze > %s", [GROWN]
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")


class Runner:
    """Remembers what was named, and who is who."""

    def __init__(self, scenario: Scenario, *, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
        self.scenario, self.progress = scenario, progress
        self.hands = clock.Fixed(scenario.start)
        self.played = Played()
        self.actors: dict[str, Actor] = {}
        self.machines: dict[str, Actor] = {}
        self.places: dict[str, int] = {}
        self.pulse = scenario.start + PULSE
        self.evening = datetime.combine(scenario.start.date(), EVENING, scenario.start.tzinfo)
        self.news = True
        self.lapses = any(each.lapse for workflow in workflows.values() for each in workflow.clocks)
        self.moving = {name.partition(".")[0] for name in workflows}

    def play(self, *, wait: Callable[[datetime], None] = lambda at: None) -> Played:
        """Play from first to last line; between them the timer, the listeners and the evening's seal run as they would."""
        check(self.scenario)
        with clock.use(self.hands), notify.using(Silent()):
            self._prepare()
            for number, line in enumerate(self.scenario.lines, 1):
                self._pass(line.at)
                wait(line.at)
                self.hands.set(max(line.at, self.hands.now()))
                self._play(line)
                self.played.lines = number
                self.progress(number, len(self.scenario.lines))
            self._pass(self.scenario.end)
            self._close(self.scenario.end)
        return self.played

    def _pass(self, until: datetime) -> None:
        """Let the hours and evenings go by up to an instant."""
        while min(self.pulse, self.evening) <= until:
            if self.pulse <= self.evening:
                self._pump(self.pulse)
                self.pulse += PULSE
            else:
                self._close(self.evening)
                self.evening += timedelta(days=1)

    def _close(self, at: datetime) -> None:
        """Seal the record of the day, and add it to the sums."""
        self.hands.set(max(at, self.hands.now()))
        journal.seal(at=at)
        with sealing.whole():
            rollup.roll(at)
        _measure()

    def _prepare(self) -> None:
        """Make the months of the journal, and appoint the people as the owner's first list does."""
        months, day = set(), self.scenario.start.date()
        while day <= self.scenario.end.date():
            months.add(day.replace(day=1))
            day += timedelta(days=1)
        self.moments()
        self._places()
        with acting(DOOR):
            self.machines = {code: machine(code) for code in MACHINES}
        with acting(self.machines["system"]):
            reading.make_months(months)
        if self.scenario.people:
            rows = [
                {"name": p.name, "phone": p.phone, "role": p.role, "region": self.place(p.place), "unit": p.department, "title": p.title}
                for p in self.scenario.people
            ]
            answer = run("registry.add_officers_many", {"rows": rows}, actor=self.machines["replay"], at=self.scenario.start)
            if isinstance(answer, Refused):
                raise WrongScenario(f"people：{answer.says}{answer.errors or ''}")
            if answer.result.refused:
                index, says = next(iter(answer.result.refused.items()))
                raise WrongScenario(f"people：{self.scenario.people[index].key}：{says}")
            for person, id in zip(self.scenario.people, answer.result.ids, strict=True):
                self.played.named[person.key] = id

    def _places(self) -> None:
        """Look up every place that a line names, before the first is played: a slip of the pen ends nothing half way."""
        for line in self.scenario.lines:
            try:
                for word in _words([line.given, line.rows]):
                    if word.startswith("place:"):
                        self.place(word[6:])
            except WrongScenario as problem:
                raise problem.inside(line.place) from None

    def moments(self) -> dict[str, Moment]:
        """Give the moments of the figures that the scenario asks about otherwise than at its end and everywhere."""
        on = self.scenario.end.date()
        return {
            id: Moment(asked.at, within=tuple(jurisdiction.reach(self.place(asked.place), on)) if asked.place else None)
            for id, asked in self.scenario.figures.items()
        }

    def place(self, text: str) -> int:
        """Give a place by its code or by its name, inside the scenario's district first."""
        if text not in self.places:
            self.places[text] = self._place(text)
        return self.places[text]

    def _place(self, text: str) -> int:
        on = self.scenario.start.date()
        home = jurisdiction.by_code(self.scenario.place, on)
        if home is None:
            raise WrongScenario(f"没有代码是 {self.scenario.place} 的地方。")
        if text in (self.scenario.place, home.name):
            return home.id
        try:
            if found := jurisdiction.by_name(text, home.id, on):
                return found.id
            found = jurisdiction.by_name(text, None, on)
        except jurisdiction.AmbiguousPlace as problem:
            raise WrongScenario(problem.says) from None
        if found is None:
            raise WrongScenario(f"没有叫“{text}”的地方。")
        whole, called = jurisdiction.full_name(found.id, on), {one.name for one in jurisdiction.history(found.id)}
        if whole != found.name and "".join(text.split()) in called | set(map(jurisdiction.short, called)):
            # A town of another district under a bare name is a slip of the pen more often than it is meant.
            raise WrongScenario(f"{home.name}没有“{text}”，{whole}才有；真是那里的，写“{whole}”。")
        return found.id

    def _pump(self, at: datetime) -> None:
        self.hands.set(max(at, self.hands.now()))
        if self.lapses and tick(at, actor=self.machines["timer"]):
            self.news = True
        if self.news:
            # Nothing new to hear since nothing was heard and nobody acted: a night costs nothing.
            self.news = deliver(actor=self.machines["system"]) > 0

    def _actor(self, name: str) -> Actor | None:
        """Give who acts, with the hats worn now; None where the line that was to make this person was refused."""
        if name in MACHINES:
            return self.machines[name]
        if name not in self.played.named:
            return None
        cached = self.actors.get(name)
        if cached is None or any(not hat.valid(self.hands.now()) for hat in cached.hats):
            with acting(DOOR):
                # A replay proves each person's second factor once: codes are not part of a scenario.
                cached = self.actors[name] = worn_by(self.played.named[name], at=self.hands.now(), strong=True)
        return cached

    def _play(self, line: Line) -> None:
        actor = self._actor(line.actor)
        if actor is None or (line.on and line.on not in self.played.named and not _is_id(line.on)):
            missing = line.actor if actor is None else line.on
            self.played.refusals.append(Refusal(line, "NotThere", f"前面没有办成，所以没有 {missing}。"))
            return
        given = {key: self._resolve(value) for key, value in line.given.items()}
        if line.rows:
            given[line.into] = [self._resolve(row) for row in line.rows]
        if line.on:
            given[subject_field(line.do)] = self.played.named.get(line.on, line.on)
        self.news = True
        answer = run(line.do, given, actor=actor, at=line.at)
        if isinstance(answer, Refused):
            if answer.code != line.refused:
                self.played.refusals.append(Refusal(line, answer.code, answer.says, answer.errors))
            return
        if line.do.partition(".")[0] not in self.moving:
            # What is no move of a process may have given or taken a hat.
            self.actors.clear()
        if line.refused:
            self.played.refusals.append(Refusal(line, "done", f"应当被拒绝（{line.refused}），却办成了。"))
        for index, says in getattr(answer.result, "refused", {}).items():
            # A list is taken without its bad rows; a scenario's lists have none.
            self.played.refusals.append(
                Refusal(line, "row", f"第{int(index) + 1}行：{says}" if isinstance(index, int) else f"{index}：{says}")
            )
        for attribute, names in line.named:
            self._remember(line, attribute, names, answer.result)

    def _remember(self, line: Line, attribute: str, names: tuple[str, ...], result: Any) -> None:
        value = result if attribute == "result" else getattr(result, attribute, None)
        ids = value if isinstance(value, tuple | list) else [value]
        if value is None or len(ids) != len(names):
            raise WrongScenario(f"{line.place}：{line.do} 的结果里没有可以记住的 {attribute}。")
        for name, id in zip(names, ids, strict=True):
            if id is not None:
                self.played.named[name] = getattr(id, "id", id)
                self.actors.pop(name, None)

    def _resolve(self, value: Any) -> Any:
        """Give what a word stands for: a name that was remembered ("application:A0001"), a place ("place:江口街道")."""
        if isinstance(value, str):
            if value.startswith("place:"):
                return self.place(value[6:])
            # A name has a colon: a plain word (a class of area called "control") stays what it is.
            return self.played.named.get(value, value) if ":" in value else value
        if isinstance(value, Mapping):
            return {key: self._resolve(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._resolve(one) for one in value]
        return value
