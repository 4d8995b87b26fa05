"""How cases are told apart and how long each rung has: data of the province (casework.yaml), read once and checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import yaml
from django.conf import settings

from qifu.kernel.language import said

from . import rules
from .terms import RUNGS


@dataclass(frozen=True)
class Kind:
    """A kind of trouble: its name, by which words it is known, whose it mostly is (pieces of department names), and which special
    group leads it (pieces of their names)."""

    code: str
    name: str
    words: tuple[str, ...]
    offices: tuple[str, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rung:
    """A rung of solving: its name, and working days to take it on and to solve it."""

    code: str
    name: str
    respond: int
    resolve: int


@dataclass(frozen=True)
class Handbook:
    """All that the office may change without a programmer."""

    kinds: Mapping[str, Kind]
    rungs: Mapping[str, Rung]
    simple: tuple[str, ...]
    classify: int
    settle: int
    call_back: int
    help: int
    load: int
    forces: Mapping[str, str]
    """Kinds of task forces that lead cases -> the rung whose days they have."""
    press: int
    """Working days within which a supervision note is answered, where none are named."""

    @cached_property
    def words(self) -> rules.Words:
        """Give what says which kind the words of a text are of."""
        return rules.Words({kind.code: kind.words for kind in self.kinds.values()}, simple=self.simple)

    def guess(self, text: str) -> rules.Guess:
        """Say which kind the words are of."""
        return self.words.guess(text)


@cache
def handbook() -> Handbook:
    """Give the handbook of this installation; raises where a rung or a number lacks."""
    raw: dict[str, Any] = yaml.safe_load((settings.PACKS / "zhejiang" / "casework.yaml").read_text("utf-8"))
    kinds = {
        code: Kind(code, said(one["name"]), tuple(one["words"]), tuple(one["offices"]), tuple(one.get("groups", ())))
        for code, one in raw["kinds"].items()
    }
    rungs = {
        code: Rung(code, said(raw["rungs"][code]["name"]), int(raw["rungs"][code]["respond"]), int(raw["rungs"][code]["resolve"]))
        for code in RUNGS
    }
    numbers = {name: int(raw[name]) for name in ("classify", "settle", "call_back", "help", "load", "press")}
    if min(*numbers.values(), *(min(rung.respond, rung.resolve) for rung in rungs.values())) < 1:
        raise ValueError("casework.yaml: every number of days is at least 1")
    forces = {str(kind): str(rung) for kind, rung in raw["forces"].items()}
    if strange := set(forces.values()) - set(RUNGS):
        raise ValueError(f"casework.yaml: no such rung {sorted(strange)}")
    return Handbook(kinds, rungs, tuple(raw["simple"]), forces=forces, **numbers)
