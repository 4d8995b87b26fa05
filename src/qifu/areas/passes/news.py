"""What passes hear: a start permit gives each rostered worker a pass; its end, and a worker's leaving, take it away."""

from collections.abc import Sequence

from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.areas.resumption import api as resumption
from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock
from qifu.kernel.events import Event, listen, listen_many

from . import issuing

GIVES = frozenset({"approve", "file", "permit_sites", "restore"})
MAY_TAKE = frozenset({"suspend", "refuse", "look_again", "send_back", "end_permits", "withdraw", "lapse"})


@listen_many("resumption.application.*", name="passes.permits")
def follow_permits(events: Sequence[Event], actor: Actor) -> None:
    """Bring the passes of each application in line with its permits: most news is of firms without a roster or a pass."""
    found = [event for event in events if event.sign < 0 or event.verb in GIVES or event.verb in MAY_TAKE]
    firms = {event.party for event in found if event.party is not None}
    have = issuing.with_passes(firms)
    concerned = have | registry.with_roster(firms)
    for event in found:
        if event.party is not None and event.party not in concerned:
            continue
        issued = _follow_permit(event, actor, first=event.party is not None and event.party not in have)
        if issued and event.party is not None:
            have.add(event.party)


def _follow_permit(event: Event, actor: Actor, *, first: bool) -> int:
    """Bring the passes of one application in line; gives how many were issued. Asked twice, it finds nothing to do.

    `first` says that the firm never had a pass: there is none to take away."""
    at = clock.now()
    permits = resumption.live_permits(application=event.subject)
    if not permits or permits[0].application.state not in ("approved", "resumed"):
        if not first:
            issuing.revoke(Q(application=event.subject), why="permit_ended", actor=actor, at=at)
        return 0
    if event.party is not None and not first:
        # Of another application of the same firm: its permits have ended with the new ones.
        issuing.revoke(Q(party=event.party) & ~Q(application=event.subject), why="permit_ended", actor=actor, at=at)
    if event.verb not in GIVES or event.sign < 0:
        return 0
    application = permits[0].application
    workers = issuing.waiting(application.enterprise_id, application, at=at)
    return issuing.issue(permits, workers, actor=actor, at=at)


@listen("registry.worker.leave.v1", name="passes.leavers")
def follow_leaver(event: Event, actor: Actor) -> None:
    """Revoke the pass of a worker who has left."""
    if event.sign > 0:
        issuing.revoke(Q(worker=event.subject), why="left", actor=actor, at=clock.now())
