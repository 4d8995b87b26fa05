"""One to-do list for several hats: an area offers here what may wait for a person; one statement counts all of it.

An area says in its nav.py, in one line each:
todo.offer(Todo("casework.accept", _("等受理的诉求"), "casework:worklist", right="casework.accept", rows=lambda actor, at: ...))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from qifu.kernel.access import Actor, Hat
from qifu.kernel.language import said

MOST = 1000
"""Nobody works through more in a day; above it the page says so and the database stops counting."""

Rows = Callable[[Actor, datetime], "QuerySet | None"]


@dataclass(frozen=True)
class Todo:
    """A kind of thing that waits: its word, the page where it is done, the right whose holder it waits for.

    `right` '' is for what waits for the person and not for a hat (a notice to be read): it stands by itself.
    `rows` gives what waits for an actor, from their scope (`visible_to(actor)`), None for nothing; it is asked for all
    hats together and for each alone. `due`: the rows have `due_at`, and what is past it is counted as late. `query` is
    put behind the address."""

    code: str
    word: str | Promise
    url: str
    right: str
    rows: Rows
    query: str = ""
    due: bool = False
    order: int = 100

    def __post_init__(self) -> None:
        if isinstance(self.word, str):
            object.__setattr__(self, "word", said(self.word))

    @property
    def href(self) -> str:
        """The page's address, '' in an installation that has no such page."""
        try:
            return reverse(self.url) + self.query
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Waits:
    """How much of a kind waits, and how much of that is late."""

    todo: Todo
    count: int
    late: int = 0


_TODOS: dict[str, Todo] = {}


def offer(*todos: Todo) -> None:
    """Offer kinds of things that wait; the same code twice replaces (an area's tests may reload it)."""
    for one in todos:
        _TODOS[one.code] = one


def offered() -> list[Todo]:
    """List all kinds in order."""
    return sorted(_TODOS.values(), key=lambda one: (one.order, one.code))


def all_hats(actor: Actor, *, at: datetime) -> list[Waits]:
    """Count what waits for an actor under any hat, each thing once; kinds of which nothing waits are left out."""
    return by_hat(actor, at=at, hats=())[0]


def by_hat(actor: Actor, *, at: datetime, hats: Sequence[Hat] | None = None) -> list[list[Waits]]:
    """Count what waits: first under all hats, each thing once, then under each of `hats` alone (all of the actor's).

    One statement. What waits for the person stands in the first list alone; a thing that two hats can do stands under both,
    and once in the first list."""
    worn = actor.hats if hats is None else hats
    wearers = [actor, *(replace(actor, hats=(hat,)) for hat in worn)]
    kinds = [todo for todo in offered() if todo.href]
    asked = [(0, todo) for todo in kinds if not todo.right]
    asked += [(n, todo) for n, who in enumerate(wearers) for todo in kinds if todo.right in who.rights]
    counted = _counted([(todo, todo.rows(wearers[n], at)) for n, todo in asked], at=at)
    found: list[list[Waits]] = [[] for _ in wearers]
    for (n, todo), (count, late) in zip(asked, counted, strict=True):
        if count:
            found[n].append(Waits(todo, count, late))
    return found


def merged(waits: Iterable[Waits]) -> list[Waits]:
    """Put kinds of the same word and page into one line: two rights over one step are one thing to whoever has both."""
    found: dict[tuple[str, str], Waits] = {}
    for one in waits:
        key = (str(one.todo.word), one.todo.href)
        before = found.get(key)
        found[key] = one if before is None else Waits(before.todo, before.count + one.count, before.late + one.late)
    return list(found.values())


def total(waits: Iterable[Waits]) -> int:
    """Add up."""
    return sum(one.count for one in waits)


def _counted(asked: Sequence[tuple[Todo, QuerySet | None]], *, at: datetime) -> list[tuple[int, int]]:
    parts, values = [], []
    for todo, rows in asked:
        try:
            text, given = _rows(rows, due=todo.due) if rows is not None else ("", ())
        except EmptyResultSet:
            text, given = "", ()
        if not text:
            parts.append("0")
            continue
        late = "count(*) FILTER (WHERE q.due_at <= %s)" if todo.due else "0"
        # The pair comes as one number, so that the rows are read once.
        parts.append(f"(SELECT count(*) * {MOST + 1} + {late} FROM ({text}) q)")
        values += [*([at] if todo.due else []), *given]
    if all(part == "0" for part in parts):
        return [(0, 0) for _ in asked]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        row = cursor.fetchone()
    return [divmod(int(row[n]), MOST + 1) for n in range(len(asked))]


def _rows(rows: QuerySet, *, due: bool) -> tuple[str, tuple[object, ...]]:
    narrow = rows.order_by().values("due_at" if due else "pk")[:MOST]
    text, given = narrow.query.sql_with_params()
    return text, tuple(given)


__all__ = ["MOST", "Todo", "Waits", "all_hats", "by_hat", "merged", "offer", "offered", "total"]
