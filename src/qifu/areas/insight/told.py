"""What was told before and is known otherwise now: beside a signed text, and as a correction in the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Known, Moment, indicators
from qifu.kernel.journal.models import Entry

from . import composing
from .models import Bulletin
from .terms import FINAL
from .wording import Asked


@dataclass(frozen=True)
class Otherwise:
    """A figure that is known otherwise: what was told, what is known, and since when."""

    figure: Mapping[str, Any]
    was: str
    now: str
    since: datetime | None


def moment_of(bulletin: Bulletin, figure: Mapping[str, Any], *, known: Known | None = None) -> Moment:
    """Give the moment of one number of a bulletin: as known when it was computed, or at another horizon."""
    asof = datetime.fromisoformat(figure["asof"])
    place = bulletin.region if figure["place"] is None else figure["place"]
    return Moment(asof, known or known_of(bulletin), jurisdiction.reach(place, local(asof).date()))


def known_of(bulletin: Bulletin) -> Known:
    """Give the horizon of the record at which a bulletin was computed."""
    return Known(0, bulletin.known_era, bulletin.known_horizon, bulletin.known_at)


def asked_of(figure: Mapping[str, Any]) -> Asked:
    """Give what a kept number asked for."""
    return Asked(figure["id"], figure["attribute"], figure["place"])


def differing(bulletin: Bulletin, *, known: Known | None) -> list[Otherwise]:
    """List the plain numbers of a bulletin that are known otherwise by now (None), or at another horizon.

    Rates and changes follow from them and are not told twice."""
    found, seen = [], set()
    for figure in bulletin.figures:
        asked = asked_of(figure)
        mark = (asked, figure["asof"])
        if asked.attribute not in ("value", "of") or asked.place is not None or asked.figure not in indicators or mark in seen:
            continue
        seen.add(mark)
        indicator = indicators[asked.figure]
        moment = moment_of(bulletin, figure, known=known)
        if known is None:
            moment = Moment(moment.asof, None, moment.within)
        value = int((indicator.numerator if asked.attribute == "value" else indicator.denominator).value(moment))
        if value != figure["value"]:
            found.append(Otherwise(figure, figure["words"], composing.said(indicator, asked.attribute, value), _since(bulletin, figure)))
    return found


def _since(bulletin: Bulletin, figure: Mapping[str, Any]) -> datetime | None:
    """Give when the first entry was recorded that tells of before the instant and was not known then."""
    processes = [p for p in (getattr(indicators[figure["id"]].numerator, "process", ""),) if p]
    later = Q(era__gt=bulletin.known_era) | Q(era=bulletin.known_era, tx__gte=bulletin.known_horizon)
    found = Entry._base_manager.filter(later, at__lte=bulletin.asof, recorded_at__gte=bulletin.known_at)
    if processes:
        found = found.filter(process__in=processes)
    return found.order_by("recorded_at").values_list("recorded_at", flat=True).first()


def since_the_last(place: int, *, asof: datetime, known: Known) -> list[Mapping[str, Any]]:
    """Give what the last signed bulletin said otherwise, for a paragraph of the next one."""
    last = Bulletin._base_manager.filter(region=place, state__in=FINAL, asof__lt=asof).order_by("-asof").first()
    if last is None:
        return []
    found = []
    for one in differing(last, known=known):
        asked = asked_of(one.figure)
        moment = moment_of(last, one.figure, known=known)
        indicator = indicators[asked.figure]
        value = int((indicator.numerator if asked.attribute == "value" else indicator.denominator).value(moment))
        figure = composing.kept(asked, value, moment=moment)
        found.append({"issue": last.issue, "label": indicator.label, "was": one.was, "figure": figure})
    return found
