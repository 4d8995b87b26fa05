"""Who answers for a step at a place: by the grants that hold its right there, and nobody's private list."""

from datetime import datetime

from django.db.models import Q

from qifu.kernel import jurisdiction
from qifu.kernel.access.models import Grant, Person


def who_answers(place: int, right: str, *, at: datetime) -> tuple[Person, str] | None:
    """Give the person whose hat at this very place holds the right, those with a number first, and what their office is called."""
    found = list(
        Grant.objects.filter(place=place, role__rights__contains=[right], revoked_at__isnull=True, since__lte=at)
        .filter(Q(until__isnull=True) | Q(until__gt=at), person__closed_at__isnull=True)
        .select_related("person", "department", "role")
        .order_by("since", "id")[:20]
    )
    found.sort(key=lambda grant: not grant.person.phone_sealed)
    if not found:
        return None
    grant = found[0]
    return grant.person, grant.department.name if grant.department else jurisdiction.name(place)
