"""What upper tiers may ask of resumption. Call inside `acting`."""

from collections.abc import Sequence
from uuid import UUID

from .lookbacks import towns_to_draw
from .models import Permit


def live_permits(*, enterprise: UUID | None = None, application: UUID | None = None) -> Sequence[Permit]:
    """Give the permits that stand, of an enterprise or of one application, each with its application and enterprise."""
    found = Permit._base_manager.filter(ended_at__isnull=True).select_related("application__enterprise").order_by("granted_at", "id")
    if enterprise is not None:
        found = found.filter(party=enterprise)
    return list(found if application is None else found.filter(application=application))


__all__ = ["live_permits", "towns_to_draw"]
