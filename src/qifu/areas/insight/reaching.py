"""Who answers for a step at a place: by the grants that hold its right there, and nobody's private list."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from qifu.kernel import jurisdiction
from qifu.kernel.access.models import Grant, Person

Asked = tuple[int, str]
"""A place and the right of a step there."""


def who_answers(place: int, right: str, *, at: datetime) -> tuple[Person, str] | None:
    """Give the person whose hat at this very place holds the right, those with a number first, and what their office is called."""
    return answering([(place, right)], at=at).get((place, right))


def answering(asked: Collection[Asked], *, at: datetime) -> dict[Asked, tuple[Person, str]]:
    """Give who answers for each of these, by one question; nothing where nobody does."""
    if not asked:
        return {}
    grants = (
        Grant.objects.filter(place__in={place for place, _ in asked}, role__rights__overlap=sorted({right for _, right in asked}))
        .filter(Q(until__isnull=True) | Q(until__gt=at), revoked_at__isnull=True, since__lte=at, person__closed_at__isnull=True)
        .select_related("person", "department", "role")
        .order_by("since", "id")
    )
    found: dict[Asked, Grant] = {}
    for grant in sorted(grants, key=lambda one: not one.person.phone_sealed):
        for right in grant.role.rights:
            found.setdefault((grant.place, right), grant)
    return {
        (place, right): (one.person, one.department.name if one.department else jurisdiction.name(place))
        for place, right in asked if (one := found.get((place, right)))
    }  # fmt: skip
