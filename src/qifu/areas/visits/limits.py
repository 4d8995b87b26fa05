"""How long a planned visit and an opinion that was taken home may wait: data of the province (visits.yaml), read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings

from .terms import KINDS


@dataclass(frozen=True)
class Limits:
    """Working days: of a visit by its kind, and of an opinion about which the officer goes back to ask."""

    within: Mapping[str, int]
    ask: int


@cache
def limits() -> Limits:
    """Give the limits of this installation; ValueError where a kind lacks or a number is below 1."""
    raw = yaml.safe_load((settings.PACKS / "zhejiang" / "visits.yaml").read_text("utf-8"))
    found = Limits({kind: int(raw["within"][kind]) for kind in KINDS}, int(raw["ask"]))
    if min(*found.within.values(), found.ask) < 1:
        raise ValueError("visits.yaml: every number of working days is at least 1")
    return found
