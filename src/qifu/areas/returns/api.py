"""What returns answer to the project: which templates are due."""

from datetime import datetime
from uuid import UUID

from qifu.kernel.calendar.clock import local

from .models import Blank, Filing


def due(at: datetime) -> list[UUID]:
    """Give the templates in use whose hour of today has come and whose table is not filled; inside `acting`."""
    today = local(at)
    done = Filing.objects.filter(day=today.date()).values("blank")
    found = Blank.objects.filter(state="on", hour__lte=today.strftime("%H:%M")).exclude(id__in=done)
    return list(found.order_by("hour", "id").values_list("id", flat=True))


__all__ = ["due"]
