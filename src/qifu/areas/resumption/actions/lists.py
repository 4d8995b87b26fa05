"""Publishing approvals in batches, and taking a name off the list with a class of reason (FEATURES 2.7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing

from .. import queries
from ..models import Application, Batch, Listing
from ..terms import Removal
from ..workflow import RESUMPTION

LISTED = ("approved", "resumed")
"""States that stand on the list."""


class NothingToPublish(ActionRefused):
    """All that was chosen is on the list already, or no longer approved."""

    says = "没有要发布的：选的都已在名单上，或不再是批准状态。"
    fix = "回复工名单看一遍。"


@dataclass(frozen=True, kw_only=True)
class Publish:
    applications: tuple[UUID, ...] = field(metadata={"label": "企业"})


@action("resumption.publish", "发布一批复工名单")
def publish(given: Publish, *, actor: Actor, at: datetime, key: UUID | None = None) -> Batch:
    """Publish approved applications of one district as its next batch. Refuses NothingToPublish."""
    # Locked in one order, so that two who publish at once do not list a firm twice.
    found = list(everything(Application).select_for_update(of=("self",)).filter(pk__in=given.applications, state__in=LISTED).order_by("pk"))
    listed = set(
        Listing.objects.filter(application__in=[a.id for a in found], removed_at__isnull=True).values_list("application", flat=True)
    )
    chosen = [a for a in found if a.id not in listed]
    if not chosen:
        raise NothingToPublish()
    district = chosen[0].district
    chosen = [a for a in chosen if a.district == district]
    hats = [require(actor, "resumption.publish", at=at, on=a) for a in chosen]
    place = jurisdiction.name(queries.district_place(chosen[0].region))
    last = Batch.objects.filter(district=district).aggregate(last=Max("number"))["last"] or 0
    batch = Batch.objects.create(district=district, place=place, number=last + 1, day=local(at).date(), published_at=at)
    names = dict(everything(Application).filter(pk__in=[a.id for a in chosen]).values_list("pk", "enterprise__name"))
    chosen.sort(key=lambda a: (jurisdiction.name(a.region), names[a.id]))
    Listing.objects.bulk_create(
        Listing(
            batch=batch, application=a.id, order=number, name=names[a.id], town=jurisdiction.name(a.region),
            decided_on=local(a.decided_at or at).date(),
        )
        for number, a in enumerate(chosen, start=1)
    )  # fmt: skip
    for a, hat in zip(chosen, hats, strict=True):
        writing.record(RESUMPTION.name, a, verb="publish", actor=actor, hat=hat, at=at, number=batch.number)
    return batch


def take_off(applications: Sequence[UUID], *, at: datetime, why: Removal) -> int:
    """Take what is on the list off it, with a class of reason; inside the act that ends the permission."""
    return Listing.objects.filter(application__in=list(applications), removed_at__isnull=True).update(removed_at=at, removed_why=why)
