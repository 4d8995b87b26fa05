"""What a place chose to look at: the pack of its incident says which numbers, which map, and how the bulletin speaks.

insight.yaml and bulletin.yaml of a pack, and tiles.csv beside the places; all are data."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from qifu.areas.response import api as response
from qifu.areas.response.models import Incident
from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import indicators
from qifu.kernel.language import said

from . import wording


@dataclass(frozen=True)
class Shown:
    """One number of the leader's page: the figure and what it is called there."""

    figure: str
    name: str
    owed: str = ""
    """The figure of those who have yet to tell today: while there are any, this one is not compared with yesterday."""


@dataclass(frozen=True)
class Chosen:
    """What a pack chose: five numbers, the figure of the map with its note, two lines of a chart with its finding."""

    numbers: tuple[Shown, ...] = ()
    map: str = ""
    map_note: str = ""
    chart: tuple[Shown, ...] = ()
    apart: str = ""
    together: str = ""
    chase: tuple[Shown, ...] = ()
    """Figures whose rows are names to chase."""
    words: Mapping[str, str] = field(default_factory=dict)


def pack_at(place: int, at: datetime) -> str:
    """Give the pack of the incident that a place stands under, or of one inside it; '' on an ordinary day."""
    found = response.incident_at(place, at)
    if found is None:
        inside = jurisdiction.reach(place, local(at).date())
        found = Incident.objects.filter(region__in=inside, state="declared", declared_at__lte=at).order_by("-declared_at").first()
    return found.pack if found else ""


def chosen(pack: str) -> Chosen:
    """Give what a pack chose; nothing where it says nothing."""
    spec = _read(pack, "insight.yaml")
    if not spec:
        return Chosen()
    chart = spec.get("chart") or {}
    return Chosen(
        tuple(Shown(**one | {"name": said(one["name"])}) for one in spec.get("numbers", ())),
        (spec.get("map") or {}).get("figure", ""),
        said((spec.get("map") or {}).get("note", "")),
        tuple(Shown(**one | {"name": said(one["name"])}) for one in chart.get("lines", ())),
        chart.get("apart", ""),
        chart.get("together", ""),
        tuple(Shown(**one | {"name": said(one["name"])}) for one in spec.get("chase", ())),
    )


def bulletin(pack: str) -> Mapping[str, Any] | None:
    """Give how the bulletin of a pack speaks, or None where it has none. Refuses WrongWording."""
    spec = _read(pack, "bulletin.yaml")
    if not spec:
        return None
    if wrong := wording.faults(spec, indicators.__contains__):
        raise wording.WrongWording(f"{pack}/bulletin.yaml：{'；'.join(wrong[:5])}")
    return spec


def packs() -> list[str]:
    """List the packs that have a bulletin."""
    return sorted(path.parent.name for path in Path(settings.PACKS).glob("*/bulletin.yaml"))


def tiles() -> Mapping[str, tuple[int, int]]:
    """Give where places lie on the map: code -> (column, row)."""
    marks = tuple((str(path), path.stat().st_mtime_ns) for path in sorted(Path(settings.PACKS).glob("*/tiles.csv")))
    return _tiles(marks)


@lru_cache(maxsize=2)
def _tiles(marks: tuple[tuple[str, int], ...]) -> Mapping[str, tuple[int, int]]:
    found = {}
    for path, _ in marks:
        with open(path, encoding="utf-8", newline="") as lines:
            found.update({row["code"] or row["name"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(lines)})
    return found


def _read(pack: str, file: str) -> Any:
    path = Path(settings.PACKS) / pack / file
    if not pack or not path.is_file():
        return None
    return _yaml(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _yaml(path: str, mark: int) -> Any:
    return yaml.safe_load(Path(path).read_text("utf-8"))
