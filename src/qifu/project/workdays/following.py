"""After a decree the open deadlines under its place are found anew, by the worker, who reaches all of them; and those of every
place when a year of the national table comes or changes."""

from datetime import datetime

from django.db.models import F

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock, tables
from qifu.kernel.calendar.models import KnownYear, LocalDecree
from qifu.kernel.events import Event, listen
from qifu.kernel.language import said
from qifu.kernel.workflow import timer

from .actions import PROCESS


@listen(f"{PROCESS}.*", name="calendar.recompute")
def recompute(event: Event, actor: Actor) -> None:
    """Find the deadlines anew and note on the decree how many moved and when."""
    made = LocalDecree.objects.filter(ref=event.subject).first()
    if made is None:
        return
    tables.forget()
    why = (
        said("{document}已撤销，重新计算", document=made.document)
        if made.revoked_at
        else said("按{document}重新计算", document=made.document)
    )
    moved = timer.recompute(made.region, reason=str(why))
    LocalDecree.objects.filter(pk=made.pk).update(moved=F("moved") + moved, settled_at=clock.now())


def follow_years(at: datetime) -> int:
    """Find all open deadlines anew for the years that came or changed since; the worker's round. Gives how many deadlines moved."""
    with acting(timer.timer()):
        years = list(KnownYear.objects.select_for_update(skip_locked=True).filter(settled_at__isnull=True).order_by("year"))
        if not years:
            return 0
        tables.forget()
        named = "、".join(str(one.year) for one in years)
        why = str(said("{years}年的放假安排已录入，重新计算", years=named))
        moved = sum(timer.recompute(one.id, reason=why) for one in jurisdiction.places(kinds=("province",)))
        KnownYear.objects.filter(pk__in=[one.year for one in years]).update(moved=F("moved") + moved, settled_at=at)
    return moved
