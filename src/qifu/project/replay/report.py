"""Computes every figure at the scenario's moments and writes them with the rows behind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Moment, figure, indicators, rows


def figures(actor: Actor, *, asof: datetime, moments: Mapping[str, Moment]) -> dict[str, Any]:
    """Give each registered figure: value, of, unit, as_of, list; several numbers stand under `values` by name.

    `moments` are those of figures that are asked about otherwise than `asof` and everywhere."""
    found: dict[str, Any] = {}
    with clock.use(clock.Fixed(max([asof, *(moment.asof for moment in moments.values())]))), acting(actor):
        for id in sorted(indicators):
            found[id] = _one(id, moment=moments.get(id, Moment(asof)), actor=actor)
    return found


def _one(id: str, *, moment: Moment, actor: Actor) -> dict[str, Any]:
    result = figure(id, moment=moment, actor=actor)
    value = local(result.value).isoformat() if isinstance(result.value, datetime) else result.value
    entry: dict[str, Any] = {
        "label": result.indicator.label,
        "value": value,
        "unit": result.indicator.unit,
        "as_of": local(moment.asof).isoformat(),
        "definition": result.indicator.definition,
        "list": _list(id, moment=moment, actor=actor),
    }
    if result.of is not None:
        entry["of"] = result.of
        entry["rate"] = None if result.rate is None else result.rate / 10
    if result.values:
        entry["values"] = result.values
        entry["lists"] = {part: _list(id, moment=moment, actor=actor, part=part) for part in result.values}
    return entry


def _list(id: str, *, moment: Moment, actor: Actor, part: str | None = None) -> list[dict[str, Any]]:
    """Give the rows behind a figure, or behind one part of it; `weight` stands only where a row counts more than one."""
    return [
        {"id": str(row.id), "label": row.label, "cells": list(row.cells), **({"weight": row.weight} if row.weight != 1 else {})}
        for row in rows(id, moment=moment, actor=actor, part=part).rows
    ]
