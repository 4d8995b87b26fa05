"""What passes hear: a start permit gives each rostered worker a pass; its end, and a worker's leaving, take it away."""

from django.db.models import Q

from qifu.areas.resumption import api as resumption
from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock
from qifu.kernel.events import Event, listen

from . import issuing

GIVES = frozenset({"approve", "file", "permit_sites", "restore"})
MAY_TAKE = frozenset({"suspend", "refuse", "look_again", "send_back", "end_permits", "withdraw", "lapse"})


@listen("resumption.application.*", name="passes.permits")
def follow_permit(event: Event, actor: Actor) -> None:
    """Bring the passes of an application in line with its permits. Asked twice, it finds nothing to do."""
    gives = event.verb in GIVES and event.sign > 0
    if not gives and event.verb not in MAY_TAKE and event.sign > 0:
        return
    if event.party is not None and not issuing.concerns(event.party):
        return
    at = clock.now()
    permits = resumption.live_permits(application=event.subject)
    if not permits or permits[0].application.state not in ("approved", "resumed"):
        issuing.revoke(Q(application=event.subject), why="permit_ended", actor=actor, at=at)
        return
    if event.party is not None:
        # Of another application of the same firm: its permits have ended with the new ones.
        issuing.revoke(Q(party=event.party) & ~Q(application=event.subject), why="permit_ended", actor=actor, at=at)
    if gives:
        application = permits[0].application
        workers = issuing.waiting(application.enterprise_id, application, at=at)
        issuing.issue(permits, workers, actor=actor, at=at)


@listen("registry.worker.leave.v1", name="passes.leavers")
def follow_leaver(event: Event, actor: Actor) -> None:
    """Revoke the pass of a worker who has left."""
    if event.sign > 0:
        issuing.revoke(Q(worker=event.subject), why="left", actor=actor, at=clock.now())
