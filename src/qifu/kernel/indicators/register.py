"""The register of figures: offered by areas by name, computed within the actor's scope, opened down to their rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.calendar.clock import local

from .terms import Figure, Indicator, Known, Matter, Moment, Row, RowSet
from .together import values

SEE = "insight.see"

indicators: dict[str, Indicator] = {}
matter_providers: dict[str, Callable[[Actor, datetime, tuple[int, ...] | None], Sequence[Matter]]] = {}
"""What areas lay before those in charge, by name: given who asks, when, and within which places."""


class NoSuchFigure(NotYours):
    """No indicator has this id."""

    says = "没有这个指标。"
    fix = "在指标目录里找找看。"
    forbidden = False


def register(*offered: Indicator) -> None:
    """Offer figures by name; an id twice stops the start."""
    for indicator in offered:
        if indicator.id in indicators and indicators[indicator.id] != indicator:
            raise ValueError(f"two indicators are called {indicator.id}")
        indicators[indicator.id] = indicator


def _get(id: str) -> Indicator:
    if id not in indicators:
        raise NoSuchFigure()
    return indicators[id]


def figure(id: str, *, moment: Moment, actor: Actor) -> Figure:
    """Compute a figure inside the open transaction: value, of, parts, and the scope said in words."""
    return figures([id], moment=moment, actor=actor)[0]


def figures(ids: Sequence[str], *, moment: Moment, actor: Actor) -> list[Figure]:
    """Compute many figures as `figure` does, with one question for all that are sums of the journal."""
    found = [_get(id) for id in ids]
    wanted = [one for i in found for one in (i.numerator, i.denominator, *i.parts.values()) if one is not None]
    value = values(wanted, moment)
    scope = scope_in_words(actor, moment)
    return [
        Figure(
            one,
            moment,
            value[one.numerator],
            value[one.denominator] if one.denominator is not None else None,
            {name: value[measure] for name, measure in one.parts.items()},
            scope,
        )
        for one in found
    ]


def rows(id: str, *, moment: Moment, actor: Actor, part: str | None = None) -> RowSet:
    """Give the list behind: the same sum grouped by subject, with labels and links from the area that knows them."""
    indicator = _get(id)
    measure = indicator.parts[part] if part else indicator.numerator
    found = measure.rows(moment)
    with jurisdiction.names_of(local(moment.asof).date()):
        described = indicator.describe([id for id, _ in found]) if indicator.describe else {}
    return RowSet([_labelled(id, weight, described) for id, weight in found], indicator.columns)


def _labelled(id: UUID, weight: int, described: dict[UUID, Row]) -> Row:
    row = described.get(id)
    return Row(id, weight, row.label, row.url, row.cells) if row else Row(id, weight, str(id))


def scope_in_words(actor: Actor, moment: Moment) -> str:
    """Say which places the figure covers, as a person would."""
    day = local(moment.asof).date()
    if moment.within is not None:
        names = [jurisdiction.name(region, day) for region in moment.within[:3]]
        return "、".join(names) + ("等" if len(moment.within) > 3 else "")
    places: Sequence[Any] = list(dict.fromkeys(hat.place for hat in actor.hats if hat.place))
    if actor.scope.everywhere and not places:
        return "全部地区"
    return "、".join(jurisdiction.name(place, day) for place in places) or "本单位"


def matters(actor: Actor, *, at: datetime, within: tuple[int, ...] | None = None) -> list[Matter]:
    """Give what waits for somebody in charge, the longest overdue first; inside `acting`."""
    found = [matter for provide in matter_providers.values() for matter in provide(actor, at, within)]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at, -one.weight))


def known_now(*, at: datetime) -> Known:
    """Give what is known in the open transaction, as a seal would: every transaction below its horizon has ended.

    What commits later is not in it, whatever time it bears (KERNEL, Mistakes 5)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(number) FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        era, horizon = cursor.fetchone()
    return Known(0, era, horizon, at)
