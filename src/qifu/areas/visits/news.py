"""What visits hear: where an area is lifted, whoever matters there is visited within one working day (W8); and what became of
the cases that were made of opinions."""

from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock
from qifu.kernel.events import Event, after, listen

from .actions.visit import plan_for
from .models import Opinion
from .workflow import SAID

SOLVES, REOPENS = ("answer", "agree", "call_back"), ("reject", "not_solved")
"""What becomes of a case, as the enterprise sees it."""


@listen("response.area.lift.v1", name="visits.unsealed")
def follow_unsealing(event: Event, actor: Actor) -> None:
    """Plan a visit to each enterprise above designated size and each on a key list, where an area has been lifted."""
    if event.sign < 0:
        return
    at = clock.now()
    ground = response.ground_lifted(event.subject, event.at)
    inside = registry.enterprises_in_scope(actor).filter(Q(region__in=ground.regions) | Q(pk__in=registry.at_sites(ground.sites)))
    matters = inside.filter(Q(size="above") | Q(pk__in=registry.key_listed(at)))
    # A change of class lifts one area and begins another: what still lies in one is not unsealed.
    free = [firm for firm in matters if response.zone_of(firm.region, None, at) is None]
    plan_for(free, kind="unsealed", actor=actor, at=at)


@listen("casework.case.*", name="visits.cases")
def follow_cases(event: Event, actor: Actor) -> None:
    """Close an opinion when the enterprise says that its case is solved, and open it again when it says otherwise."""
    if event.sign < 0 or event.verb not in (*SOLVES, *REOPENS):
        return
    for opinion in Opinion.objects.filter(case=event.subject):
        at = after(event, opinion)
        if event.verb in SOLVES and opinion.state == "passed":
            with SAID.move("solve", opinion.id, actor=actor, at=at, case=str(event.subject)):
                pass
        elif event.verb in REOPENS and opinion.state == "solved":
            with SAID.move("reopen", opinion.id, actor=actor, at=at, why=event.verb):
                pass
