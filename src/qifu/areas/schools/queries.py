"""Reads of the reopening: schools in reach, their lists, the rows behind a figure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.indicators import Row

from .models import Absence, School
from .terms import STATES, Kind


def schools(actor: Actor) -> QuerySet[School]:
    """Give the schools in reach, each with `away` (who cannot come back) and `untold` (whose parents do not know)."""
    still = Q(absences__back_at__isnull=True)
    return (
        School.objects.visible_to(actor)
        .annotate(away=Count("absences", filter=still), untold=Count("absences", filter=still & Q(absences__told_at__isnull=True)))
        .order_by("due_at", "name", "id")
    )


def school(id: UUID, actor: Actor) -> School:
    """Give one school, or refuse NotFound: the same sentence whether it lies elsewhere or nowhere."""
    found = schools(actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def own(actor: Actor) -> list[School]:
    """Give the schools that the actor is the head of."""
    parties = [party for hat in actor.hats if "school.report" in hat.rights for party in hat.scope.parties]
    return list(schools(actor).filter(party__in=parties))


def away(school: UUID) -> list[Absence]:
    """Give who cannot come back now, the latest first."""
    return list(Absence.objects.filter(school=school, back_at__isnull=True))


def describe(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Give the rows behind a figure: school, town, kind, state; only those within scope."""
    return {
        one.id: Row(
            one.id, 1, one.name, f"/desk/schools/{one.id}", (jurisdiction.name(one.region), Kind(one.kind).label, STATES[one.state])
        )
        for one in School._base_manager.filter(pk__in=ids)
    }
