"""What every worklist's page says alike: its address, groups of views with counts, bands of rows, sorting, pages, bulk acts.

It stands on `kernel.worklist`; the area's view gives cells, chips and filters, and hands all to `ui/worklist.html`."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.http import QueryDict

from qifu.kernel.access import ActionRefused, Actor, SecondFactorNeeded
from qifu.kernel.language import listed, said
from qifu.kernel.workflow import Move
from qifu.kernel.workflow.engine import Workflow
from qifu.kernel.workflow.models import Subject
from qifu.kernel.worklist import COUNTED_TO, PAGE, PAGES, Want, Worklist
from qifu.kernel.worklist import View as Offered

from .parts import Page, Row, RowGroup, View, ViewGroup

S = TypeVar("S", bound=Subject)
TICKED = 500
"""So many rows may be ticked at once."""


def address(given: QueryDict, **change: Any) -> str:
    """Give the address with some words changed; any change but the page's own begins at the first page again."""
    words = given.copy()
    for name in ("page", "done"):
        words.pop(name, None)
    for name, value in change.items():
        words.pop(name, None)
        if value not in ("", None):
            words[name] = str(value)
    return f"?{words.urlencode()}"


def plain_words(given: QueryDict) -> str:
    """Give what an address bar says about the list itself: no page, no toast; what a view keeps."""
    words = given.copy()
    for name in ("page", "done", "name"):
        words.pop(name, None)
    return words.urlencode()


def page_number(given: QueryDict) -> int:
    """Read the page's number; what does not fit is the first, since an address is typed and passed on by people."""
    page = given.get("page", "1")
    return min(max(int(page), 1), PAGES) if page.isdecimal() and len(page) < 5 else 1


def text_of(given: QueryDict) -> str:
    """Read the words of a search."""
    return given.get("q", "").replace("\x00", "").strip()[:60]


def towns_of(given: QueryDict) -> tuple[int, ...]:
    """Read the places of a filter."""
    return tuple(int(town) for town in given.getlist("town") if town.isdecimal() and len(town) < 10)[:20]


def groups_of_views(offered: Iterable[Offered], counts: Mapping[str, int], want: Want) -> list[ViewGroup]:
    """Draw the views that hold anything for this actor, under their groups, with live counts."""
    groups: dict[str, list[View]] = {}
    for view in offered:
        if view.slices:
            shown = View(view.label, f"?view={view.name}", counts[view.name], view.tone, view.name == want.view.name)
            groups.setdefault(view.group, []).append(shown)
    return [ViewGroup(name, views) for name, views in groups.items()]


def sorting(given: QueryDict, want: Want, total: int, name: str) -> dict[str, str]:
    """Give what a column says about its order. Another order than that of the clocks is offered where the list can be
    counted; beyond, sorting would read it all."""
    if total > COUNTED_TO:
        return {"sorted": "ascending"} if name == "due" else {}
    turned = f"-{name}" if want.sort == name else name
    sorted_ = {name: "ascending", f"-{name}": "descending"}.get(want.sort, "")
    return {"sort": address(given, sort="" if turned == "due" else turned), "sorted": sorted_}


def capped(count: int) -> str:
    """Say a count, 999+ above what is counted."""
    return f"{COUNTED_TO}+" if count > COUNTED_TO else str(count)


def in_bands(
    rows: Sequence[tuple[datetime | None, bool, Row]], want: Want, found: Worklist, *, late: str = "{x}件", waits: tuple[str, str]
) -> list[RowGroup]:
    """Draw rows, each (due, waits for somebody outside, row), under 已逾期, 今日到期, 明天及以后, those who wait, no limit.

    `late` says how many are overdue, as {x}; `waits` the band of those who wait, and its note."""
    if want.sort != "due" or want.view.due or not any(due for due, _, _ in rows):
        return [RowGroup("", [row for _, _, row in rows])]
    counts = found.groups(want)
    notes = {
        "已逾期": said(late, x=capped(counts["overdue"])),
        "今日到期": said("{x}件", x=capped(counts["today"])),
        "明天及以后": "",
        waits[0]: waits[1],
        "不限时": "",
    }
    banded = [(_band(due, outside, found, waits[0]), row) for due, outside, row in rows]
    there = {band for band, _ in banded}
    return [RowGroup(said(name), [row for band, row in banded if band == name], note) for name, note in notes.items() if name in there]


def _band(due: datetime | None, outside: bool, found: Worklist, waits: str) -> str:
    if due is None:
        return waits if outside else "不限时"
    if due <= found.at:
        return "已逾期"
    return "今日到期" if due <= found.tonight else "明天及以后"


def page_of(given: QueryDict, want: Want, total: int, shown: int) -> Page | None:
    """Say where in a long list one stands; None where all of it is shown."""
    first = (want.page - 1) * PAGE
    more = total > first + shown and want.page < PAGES
    if want.page == 1 and not more:
        return None
    return Page(
        first + 1, first + shown, total,
        address(given, page=want.page - 1) if want.page > 1 else "",
        address(given, page=want.page + 1) if more else "",
        cap=COUNTED_TO,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ many at once


def ticked(given: QueryDict, read: Callable[[list[UUID]], Iterable[S]]) -> list[S]:
    """Give the ticked rows in the order in which they were ticked; `read` gives those within reach."""
    ids = []
    for word in given.getlist("row")[:TICKED]:
        try:
            ids.append(UUID(word))
        except ValueError:
            continue
    found = {row.id: row for row in read(ids)}
    return [found[id] for id in dict.fromkeys(ids) if id in found]


class Foreseen(Generic[S]):
    """What a bulk act would do: the rows that may, those that may not with their reason, the reasons in one line."""

    def __init__(self, move: Move, may: list[S], not_now: list[tuple[S, ActionRefused]]) -> None:
        self.move, self.may, self.not_now = move, may, not_now
        self.strong = any(isinstance(refusal, SecondFactorNeeded) for _, refusal in not_now)
        counted = Counter(refusal.says.rstrip("。") for _, refusal in not_now)
        self.why = listed((said("{says} {n}件", says=says, n=n) if len(counted) > 1 else says for says, n in counted.most_common(3)))


def foresee(workflow: Workflow[S], verb: str, subjects: Iterable[S], *, actor: Actor, at: datetime) -> Foreseen[S]:
    """Ask for each row whether a move may be made, before anybody presses."""
    move = workflow.moves[verb]
    may: list[S] = []
    not_now: list[tuple[S, ActionRefused]] = []
    for subject in subjects:
        choice = next((c for c in workflow.possible(subject, actor=actor, at=at) if c.move.verb == verb), None)
        if choice is None:
            state = workflow.states.get(subject.state, "")
            not_now.append((subject, ActionRefused(said("现在是“{state}”，不能“{label}”", state=state, label=move.label))))
        elif choice.refusal is not None:
            not_now.append((subject, choice.refusal))
        else:
            may.append(subject)
    return Foreseen(move, may, not_now)
