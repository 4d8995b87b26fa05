"""Reads of supply, all inside `acting`: who could make what is looked for, and which links are broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.values import bigrams

from .models import Card, Making, Match, Need, Outside
from .terms import LIVE, PER

_ENOUGH = 0.5
"""Half of what is looked for must stand in what is made: 密封圈 finds 橡胶密封圈 and not 圈椅."""
MOST = 20
BROKEN = ("open", "matched", "passed_on")


@dataclass(frozen=True)
class Found:
    """A supplier that may have it: of here (`making`), shown by a maker elsewhere (`card`), or found outside (`outside`)."""

    kind: str
    id: UUID
    name: str
    where: str
    product: str
    says: str
    spare: str
    score: float
    seen_on: date | None = None
    source: str = ""
    phone: str = ""


def pieces(text: str) -> list[str]:
    """Give the pairs of characters by which a product is found."""
    return [piece for piece in bigrams(text[:80]) if piece.strip()]


def spare_of(making: Making) -> str:
    """Say what a maker could give: 每天5000只."""
    return f"{PER[making.per]}{making.free}{making.unit}"


def find(text: str, actor: Actor, *, but: UUID | None = None, most: int = MOST) -> list[Found]:
    """Give who may have a product, the nearest words first: makers in reach, outside suppliers, and what makers elsewhere show."""
    asked = pieces(text)
    if not asked:
        return []
    makings = Making.objects.visible_to(actor).filter(state="making", free__gt=0, grams__overlap=asked).select_related("enterprise")
    rows: list[tuple[Sequence[str], Found]] = []
    here: set[UUID] = set()
    for one in makings.exclude(enterprise=but)[:500] if but else makings[:500]:
        here.add(one.id)
        place = jurisdiction.name(one.region)
        rows.append((one.grams, Found("making", one.id, one.enterprise.name, place, one.product, one.says, spare_of(one), 0.0)))
    for it in Outside.objects.visible_to(actor).filter(state="known", grams__overlap=asked)[:500]:
        found = Found("outside", it.id, it.name, it.where, it.product, it.says, "", 0.0, it.found_on, it.source, it.phone)
        rows.append((it.grams, found))
    for card in shown(asked).exclude(party=but) if but else shown(asked):
        if card.making_id not in here:
            place = jurisdiction.name(card.region)
            rows.append((card.grams, Found("card", card.making_id, card.firm, place, card.product, card.says, card.spare, 0.0, card.since)))
    return ranked(asked, rows)[:most]


def ranked(asked: Sequence[str], rows: Sequence[tuple[Sequence[str], Found]]) -> list[Found]:
    """Sort by how much of what is asked a supplier's words hold; those with too little are left out."""
    scored = []
    for grams, found in rows:
        held = set(grams)
        score = sum(piece in held for piece in asked) / len(asked)
        if score >= _ENOUGH:
            scored.append(Found(**{**vars(found), "score": round(score, 3)}))
    return sorted(scored, key=lambda one: (-one.score, one.kind != "making", one.name))


def shown(asked: Sequence[str]) -> QuerySet[Card]:
    """Give the public cards that hold any of these pieces."""
    return Card.objects.filter(on=True, grams__overlap=list(asked))


def broken(actor: Actor) -> QuerySet[Need]:
    """Give the links that are broken, those first behind which most people stand still, then the oldest."""
    found = Need.objects.visible_to(actor).filter(state__in=BROKEN).select_related("enterprise")
    return found.order_by("-workers", "since", "id")


def is_trying(need: UUID) -> bool:
    """Say whether a supplier is being asked for a need, or has said yes."""
    return Match.objects.filter(need=need, state__in=LIVE).exists()


def of_firm(model: Any, firm: UUID) -> list[Any]:
    """Give what an enterprise has told or is asked, the latest first."""
    return list(model.objects.filter(enterprise=firm).order_by("-id")[:50])
