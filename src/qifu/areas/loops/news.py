"""What happens to a case of another loop moves its work order: answered or closed out, the reply is owed; opened again, it waits."""

from django.db.models import Q

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.events import Event, listen
from qifu.kernel.journal import writing

from . import queries
from .models import Order
from .terms import CHANNELS, IN_HAND, OWED, PROCESS

DONE = ("answer", "close")
AGAIN = ("reject", "not_solved")
REPLY_MOST = 2000


@listen("casework.case.record.v1", name="loops.written_down")
def written_down(event: Event, actor: Actor) -> None:
    """Give a case that a person wrote down with another loop's number its place on the list of what is owed."""
    case = casework.case(event.subject) if event.sign > 0 else None
    if case is None or case.channel not in CHANNELS or not case.source_number or case.compartment:
        return
    if Order._base_manager.filter(case=case).exists():
        return
    platform = queries.of_channel(case.channel, jurisdiction.lineage(case.region))
    if platform is None or Order._base_manager.filter(platform=platform, number=case.source_number).exists():
        return
    Order.objects.create(
        platform=platform, number=case.source_number, case=case, by="desk", came_at=case.recorded_at, region=case.region,
        district=case.district,
    )  # fmt: skip


@listen(*(f"casework.case.{verb}.v1" for verb in (*DONE, *AGAIN)), name="loops.replies")
def answered(event: Event, actor: Actor) -> None:
    """Owe the reply, or take it back while it has not left; a case that was merged into this one is answered with it."""
    of_case = Q(case=event.subject) | Q(case__merged_into=event.subject)
    orders = list(Order._base_manager.select_for_update(of=("self",)).filter(of_case, case__compartment=""))
    if not orders:
        return
    if event.sign < 0 or event.verb in AGAIN:
        for order in orders:
            order.state, order.why = IN_HAND, ""
            order.save(update_fields=["state", "why"])
        return
    main = casework.case(event.subject)
    for order in orders:
        _owe(order, main or order.case, event, actor)


def _owe(order: Order, case: casework.Case, event: Event, actor: Actor) -> None:
    order.state, order.round, order.tries, order.why = OWED, order.round + 1, 0, ""
    order.ended, order.reply, order.answered_at, order.not_before = case.ended, case.answer[:REPLY_MOST], event.at, event.at
    order.save()
    writing.record(PROCESS, order, verb="owe", actor=actor, hat=actor.hats[0], at=event.at, number=case.number)
