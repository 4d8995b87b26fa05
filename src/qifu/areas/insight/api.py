"""What insight answers to the project: where a bulletin is due."""

from datetime import datetime

from qifu.areas.response.models import Incident
from qifu.kernel.calendar.clock import local

from . import chosen
from .actions.bulletin import hour_of
from .models import Bulletin


def due(at: datetime) -> list[int]:
    """Give the places with an open incident whose bulletin of today has reached its hour and is not drafted; inside `acting`."""
    today = local(at)
    found = []
    for place, pack in Incident.objects.filter(state="declared").order_by("region").values_list("region", "pack").distinct():
        spec = chosen.bulletin(pack)
        if spec is None or today.time() < hour_of(spec):
            continue
        if not Bulletin.objects.filter(region=place, day=today.date()).exists():
            found.append(place)
    return list(dict.fromkeys(found))


__all__ = ["due"]
