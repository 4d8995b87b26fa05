"""After a decree the open deadlines under its place are found anew, by the worker, who reaches all of them."""

from django.db.models import F

from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock, tables
from qifu.kernel.calendar.models import LocalDecree
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
