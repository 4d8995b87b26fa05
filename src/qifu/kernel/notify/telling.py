"""Writes messages into the outbox, in the transaction that causes them: what is rolled back tells nobody."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps

from qifu.kernel import jurisdiction
from qifu.kernel.values.secret import Secret

from .kinds import after_quiet, clean, kinds, refuse_bait


@dataclass(frozen=True, kw_only=True)
class Tell:
    """One message to write: to a person (their id) or a number (Secret), of a kind, about the row `on`, whose scope it gets.

    `about` is what a page shows it beside (by default the row's id). Whoever writes the same `key` again writes nothing."""

    to: UUID | Secret
    kind: str
    on: Any
    words: Mapping[str, object] = field(default_factory=dict)
    about: UUID | None = None
    key: str = ""
    not_before: datetime | None = None
    urgent: bool = False


def tell(
    to: UUID | Secret,
    kind: str,
    *,
    on: Any,
    at: datetime,
    words: Mapping[str, object] | None = None,
    about: UUID | None = None,
    key: str = "",
    not_before: datetime | None = None,
    urgent: bool = False,
) -> UUID | None:
    """Write one message; gives its id, or None where its key has told already. As `tell_many`."""
    one = Tell(to=to, kind=kind, on=on, words=words or {}, about=about, key=key, not_before=not_before, urgent=urgent)
    return next(iter(tell_many([one], at=at)), None)


def tell_many(orders: Sequence[Tell], *, at: datetime) -> list[UUID]:
    """Write messages into the outbox, set-based; gives the ids of those that are new.

    `on` is any scoped row (region, district, party, compartment) that the actor may write. `urgent` goes at night too, as
    does an urgent kind. Raises KeyError for an unknown kind or a missing word, NotInTracing for bait in a tracing call."""
    model: Any = apps.get_model("notify", "Outgoing")
    made = [_row(model, order, at) for order in orders]
    return _keep(model, made)


def tell_groups(kind: str, *, on: Any, at: datetime, words: Mapping[str, object] | None = None, key: str = "") -> list[UUID]:
    """Tell the groups of the row's place, or of a place above it, whose robot takes this kind; gives the new messages' ids."""
    robot: Any = apps.get_model("notify", "Robot")
    line = jurisdiction.lineage(on.region)
    model: Any = apps.get_model("notify", "Outgoing")
    found = robot._base_manager.filter(closed_at__isnull=True, kinds__contains=[kind], region__in=line)
    order = Tell(to=Secret(""), kind=kind, on=on, words=words or {})
    made = []
    for group in found:
        row = _row(model, order, at)
        row.group, row.channel, row.key = group.id, group.channel, f"{key}:{group.id}" if key else ""
        made.append(row)
    return _keep(model, made)


def _row(model: Any, order: Tell, at: datetime) -> Any:
    kind, values = kinds[order.kind], clean(order.words)
    if lacking := kind.names - values.keys():
        raise KeyError(f"{order.kind}: no word for {sorted(lacking)}")
    if kind.tracing:
        for value in values.values():
            refuse_bait(value)
    urgent = kind.urgent or order.urgent
    start = max(order.not_before or at, at)
    on, to = order.on, order.to
    return model(
        kind=kind.code,
        person=None if isinstance(to, Secret) else to,
        to=to if isinstance(to, Secret) and to else "",
        words=json.dumps(values, ensure_ascii=False) if values else "",
        about=order.about or getattr(on, "id", None),
        urgent=urgent,
        made_at=at,
        not_before=start if urgent else after_quiet(start),
        key=order.key[:120],
        region=on.region,
        district=on.district,
        party=on.party,
        compartment=on.compartment,
    )


def _keep(model: Any, made: list[Any]) -> list[UUID]:
    if not made:
        return []
    model._base_manager.bulk_create(made, ignore_conflicts=any(row.key for row in made))
    if not any(row.key for row in made):
        return [row.id for row in made]
    return list(model._base_manager.filter(id__in=[row.id for row in made]).values_list("id", flat=True))


__all__ = ["Tell", "tell", "tell_groups", "tell_many"]
