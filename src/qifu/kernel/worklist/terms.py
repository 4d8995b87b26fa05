"""The frozen values of a worklist: its table, slices of states, views, and what an address bar asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

COUNTED_TO = 999
"""Above this a count is shown as 999+, and nobody counts further."""
PAGE = 50
PAGES = 20
"""Beyond the thousandth row nobody turns pages: a filter finds faster."""


class Only(NamedTuple):
    """One more condition on a row `a`: SQL that the area wrote, never a person's words, and its values."""

    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Slice:
    """Rows in one state, of one kind ('' all of them). An area that narrows further derives from it and says `only`."""

    state: str
    kind: str = ""

    @property
    def only(self) -> tuple[Only, ...]:
        """Give what else a row of this slice must be."""
        return ()


@dataclass(frozen=True)
class View:
    """One saved view: its name, its word, the group in which it stands, and what it holds.

    `due` narrows to overdue or today, `facet` to a code that each row carries, `only` to what is gathered otherwise
    (what one follows)."""

    name: str
    label: str
    group: str
    slices: tuple[Slice, ...]
    due: str = ""
    facet: str = ""
    tone: str = ""
    only: tuple[Only, ...] = ()


@dataclass(frozen=True)
class Want:
    """A view narrowed by filters: what the address bar says. An area with filters of its own derives from it."""

    view: View
    towns: tuple[int, ...] = ()
    state: str = ""
    text: str = ""
    sort: str = "due"
    page: int = 1

    @property
    def facets(self) -> tuple[str, ...]:
        """Give the facets that filters ask for, the view's own aside."""
        return ()

    @property
    def only(self) -> tuple[Only, ...]:
        """Give the other conditions that filters ask for."""
        return ()

    @property
    def rare(self) -> bool:
        """Say whether an index of its own holds these rows: then they are gathered, not walked to."""
        return bool(self.view.facet)

    @property
    def slices(self) -> tuple[Slice, ...]:
        return tuple(one for one in self.view.slices if self.state in ("", one.state))


@dataclass(frozen=True)
class Table:
    """The table that is listed: its name, the column by which a slice has a kind, and the orders by name ('due' is that of
    the clocks).

    `kind_leads`: a kind is so narrow (one office's cases) that an index leads from it, its state and the due date to the
    rows; a slice of one kind is then not looked for region by region."""

    name: str
    kind: str = ""
    kind_leads: bool = False
    sorts: Mapping[str, str] = field(default_factory=dict)


def within_states(*states: str, kind: str = "") -> tuple[Slice, ...]:
    """Give a slice for each state."""
    return tuple(Slice(state, kind) for state in states)
