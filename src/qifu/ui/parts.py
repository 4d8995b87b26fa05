"""What the templates take: frozen parts that an area's view builds and `ui` draws. Texts are already in words.

Tones everywhere: ok may pass, ask needs an answer, stop danger or refused, info in hand, idle at rest.
A tone is never shown alone: colour, icon and word go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TONE_ICONS = {"ok": "ok", "ask": "flag", "stop": "alert", "info": "half", "idle": "ring"}


@dataclass(frozen=True)
class Link:
    """A word that opens something."""

    word: str
    href: str
    icon: str = ""


@dataclass(frozen=True)
class State:
    """A state in a word, with its tone and icon."""

    word: str
    tone: str = "info"
    icon: str = ""

    @property
    def drawn(self) -> str:
        """The icon's name; each tone has one of its own where none is given."""
        return self.icon or TONE_ICONS.get(self.tone, "ring")


@dataclass(frozen=True)
class Photo:
    """A kept photo: where it is shown, its thumbnail, a word below it (14:08), and a name for who does not see it."""

    href: str
    small: str
    word: str = ""
    name: str = ""


@dataclass(frozen=True)
class Kept:
    """The files kept beside a thing: of which kind, about which id, (address, name, when and by whom) each, and whether one may
    be added here."""

    kind: str
    about: str
    rows: Sequence[tuple[str, str, str]] = ()
    may: bool = False


@dataclass(frozen=True)
class Clock:
    """A deadline (exclusive), whom it waits for while paused, when it was met, and why it is due then (on hover)."""

    due: datetime | None = None
    waits_for: str = ""
    done_at: datetime | None = None
    because: str = ""


@dataclass(frozen=True)
class Action:
    """One thing that may be done now, or may not, and what then happens.

    `href` is posted to with `hidden`; with `opens` it is a page that asks first. `refused` is the reason in words, and
    `who` says who can instead. `key` is the keyboard letter. `kind` is main (one a page), plain or danger.
    """

    name: str
    label: str = ""
    href: str = ""
    then: tuple[str, ...] = ()
    kind: str = "plain"
    opens: bool = False
    hidden: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    who: str = ""
    fix: Link | None = None
    key: str = ""


def offered(choice: Any, *, href: str, **more: Any) -> Action:
    """Draw a workflow's choice as an action: its label, or its refusal in words with the nearest remedy. `more` as in Action."""
    if choice.allowed:
        return Action(name=str(choice.move.label), href=href, **more)
    return Action(name=str(choice.move.label), refused=str(choice.refusal.says), who=str(choice.refusal.fix))


@dataclass(frozen=True)
class Why:
    """One rule's result: its sentence, and its origin with level (省 市 区), document and date. `bound` is what it forbids."""

    word: str
    tone: str = "ok"
    level: str = ""
    origin: str = ""
    bound: str = ""
    href: str = ""


@dataclass(frozen=True)
class Event:
    """One line of a timeline, newest first: when, what, a quiet note. `tone` is now, ok, stop or empty."""

    at: datetime | str
    what: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Fact:
    """A name and its value; with `href` it opens. `hidden` is the address that shows (and logs) a masked value."""

    name: str
    value: Any
    href: str = ""
    note: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Stop:
    """One moment on the way of a subject. `stands` is done, now or next."""

    word: str
    note: str = ""
    stands: str = "done"


@dataclass(frozen=True)
class Share:
    """One part of a bar whose parts add up: a size, its word, its tone (ok ask stop info idle, or 1 to 4 for kinds)."""

    size: int
    word: str
    tone: str = "info"
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """A document of the subject."""

    name: str
    href: str
    note: str = ""
    size: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a checklist that an office answers for. `locked` says that another office owns the result."""

    name: str
    result: State
    note: str = ""
    owner: str = ""
    locked: bool = False


@dataclass(frozen=True)
class ItemGroup:
    """Items of one kind, under its name."""

    name: str
    items: Sequence[Item]


@dataclass(frozen=True)
class Task:
    """One step of an application or one thing due, on the phone. `stands` is done, now, todo, stop or locked."""

    name: str
    href: str = ""
    hint: str = ""
    state: State | None = None
    icon: str = "edit"
    stands: str = "todo"
    clock: Clock | None = None
    money_fen: int | None = None
    owner: str = ""


@dataclass(frozen=True)
class TaskGroup:
    """Tasks under a name, with a quiet note at the right."""

    name: str
    tasks: Sequence[Task]
    note: str = ""


@dataclass(frozen=True)
class Option:
    """One answer of a choice."""

    value: str
    word: str
    hint: str = ""
    on: bool = False


@dataclass(frozen=True)
class Field:
    """A question of a form. `kind`: text, tel, code, number, date, area, select, choice, ticks, tick, photo, file, shown.

    `origin` says where a prefilled answer came from; `error` what is wrong, `kept` what was kept, `suggest` the likely
    right answer; `asks` marks an odd figure that is asked about and never blocked.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    origin: str = ""
    unit: str = ""
    error: str = ""
    kept: str = ""
    suggest: str = ""
    suggest_word: str = ""
    asks: str = ""
    options: Sequence[Option] = ()
    required: bool = True
    autocomplete: str = ""
    inputmode: str = ""
    placeholder: str = ""
    max_length: int | None = None
    rows: Sequence[Any] = ()


@dataclass(frozen=True)
class Answer:
    """One line of check-your-answers: the question's name, lines of answer, where to change it."""

    name: str
    lines: Sequence[str]
    href: str = ""
    verb: str = ""
    lacking: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Notice:
    """A sentence that must be read."""

    word: str
    tone: str = "info"
    icon: str = ""
    link: Link | None = None


# ------------------------------------------------------------------------------------------------ lists


@dataclass(frozen=True)
class View:
    """A saved view with its live count; `tone` colours only the counts of late (stop) and today (ask)."""

    word: str
    href: str
    count: int | None = None
    tone: str = ""
    here: bool = False


@dataclass(frozen=True)
class ViewGroup:
    """Saved views under a name."""

    name: str
    views: Sequence[View]


@dataclass(frozen=True)
class Chip:
    """A filter that is on, kept in the address; `off` is the address without it."""

    key: str
    word: str
    off: str


@dataclass(frozen=True)
class Filter:
    """A filter that can be set: its options are links that keep the rest of the address."""

    name: str
    options: Sequence[View]


@dataclass(frozen=True)
class Column:
    """A column: its head, its kind (name text state clock owner number time), its width class, its sort address."""

    word: str
    kind: str = "text"
    width: str = ""
    sort: str = ""
    sorted: str = ""
    drop: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell; `value` by the column's kind: str, State, Clock, int, datetime. `mark` is one small character of note."""

    kind: str
    value: Any
    mark: str = ""
    mark_title: str = ""
    strong: bool = False
    drop: bool = False


@dataclass(frozen=True)
class Row:
    """A row: what it opens, what the preview loads, its cells in the order of the columns."""

    id: str
    name: str
    href: str
    cells: Sequence[Cell]
    preview: str = ""
    selected: bool = False
    fresh: bool = False
    tone: str = ""


@dataclass(frozen=True)
class RowGroup:
    """Rows under a band: 已逾期, 今日到期, 明天及以后."""

    name: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Page:
    """Where a long list stands: addresses of the neighbours, first and last row number, total; above `cap` it says 999+."""

    first: int
    last: int
    total: int
    previous: str = ""
    next: str = ""
    cap: int | str = ""


# ------------------------------------------------------------------------------------------------ figures


@dataclass(frozen=True)
class Figure:
    """An indicator as a page says it. `of` is the denominator; a masked or unknown value is a word in `value`."""

    name: str
    value: str
    unit: str
    href: str = ""
    fraction: str = ""
    trend: str = ""
    rises: bool | None = None
    stuck: str = ""
    stuck_note: str = ""
    stuck_tone: str = "ask"
    points: str = ""
    asof: datetime | None = None
    definition: str = ""
    source: str = ""
    id: str = ""


# ------------------------------------------------------------------------------------------------ imports


@dataclass(frozen=True)
class Mapped:
    """A column of the file: its letter and head, samples, what it was taken for and why."""

    letter: str
    head: str
    samples: Sequence[str]
    field: str
    options: Sequence[Option]
    how: str
    tone: str = "ok"


@dataclass(frozen=True)
class Problem:
    """A row that must be mended: where, whose, what was written, what is wrong, the field that mends it."""

    where: str
    name: str
    label: str
    written: str
    wrong: str
    mend: Field


@dataclass(frozen=True)
class Doubt:
    """One question that a person must answer: two rows side by side, or one that has no sure answer.

    `pairs` are (name, left, right, differs). `answers` are the buttons, with what then happens.
    """

    question: str
    reason: str
    left: str
    right: str
    pairs: Sequence[tuple[str, str, str, bool]]
    answers: Sequence[Action]
    hint: str = ""
    number: int = 1
    total: int = 1
    kinds: Sequence[View] = field(default_factory=tuple)
    later: str = ""
    """The address of the next question, for who cannot tell."""


@dataclass(frozen=True)
class Role:
    """A one-touch login of the demo: who that is and what to try first."""

    id: str
    name: str
    office: str
    first: str
    icon: str = "user"
    group: str = ""
    """The heading under which it stands, with those next to it that say the same."""
