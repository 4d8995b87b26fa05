"""What follows for look-backs when something else happens: a firm that files is drawn at once; a look that is not needed is dropped;
the enterprise hears the outcome, and of a measure that is its own. It never hears beforehand that somebody will come."""

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen

from .actions.lookback import open_looks
from .lookbacks import LOOKBACKS, OPEN, filed_is_drawn, rule_of
from .models import Application, Inspection, PlanLine

TOLD = ("ok", "mend", "escalate")


@listen("resumption.application.file.v1", name="resumption.lookback_of_the_filed")
def look_at_the_filed(event: Event, actor: Actor) -> None:
    """Draw a firm that filed with commitment, at once, by its lot of the day (E-06)."""
    if event.sign < 0:
        return
    application = Application._base_manager.select_related("enterprise", "incident").get(pk=event.subject)
    rule = rule_of(application.incident.pack)
    if rule is None or application.incident.state != "declared" or not filed_is_drawn(application, rule, local(event.at).date()):
        return
    if not Inspection._base_manager.filter(enterprise=application.enterprise_id, state__in=OPEN).exists():
        open_looks([(application, "filed")], rule=rule, actor=actor, at=clock.now())


@listen("response.incident.end.v1", "resumption.application.suspend.v1", name="resumption.lookbacks_not_needed")
def drop_what_is_not_needed(event: Event, actor: Actor) -> None:
    """Drop the looks of an incident that is over, and of an enterprise that stands still."""
    if event.sign < 0:
        return
    standing = Inspection._base_manager.filter(state__in=OPEN)
    ended = event.process == "response.incident"
    standing = standing.filter(application__incident=event.subject) if ended else standing.filter(application=event.subject)
    ids = list(standing.order_by("id").values_list("id", flat=True))
    if ids:
        LOOKBACKS.move_many("drop", ids, actor=actor, at=clock.now(), why="incident_ended" if ended else "suspended")


@listen("resumption.lookback.*", name="resumption.lookback_notices")
def tell_outcome(event: Event, actor: Actor) -> None:
    """Tell the contacts what a look found."""
    if event.verb not in TOLD or event.sign < 0:
        return
    one = Inspection._base_manager.select_related("enterprise").get(pk=event.subject)
    wrong = sum(answer["result"] == "fix" for answer in one.answers.values())
    by = f"{one.mend_by.month}月{one.mend_by.day}日" if one.mend_by else ""
    words = {"firm": one.enterprise.name, "n": wrong, "by": by}
    for number in registry.phones_of(one.enterprise_id):
        notify.tell(number, f"resumption.lookback.{event.verb}", words=words, on=one, at=event.at)


@listen("resumption.plan_line.add.v1", name="resumption.plan_line_notices")
def tell_of_line(event: Event, actor: Actor) -> None:
    """Tell the contacts of a measure that is the enterprise's own."""
    line = PlanLine._base_manager.select_related("plan__enterprise").get(pk=event.subject)
    if event.sign < 0 or line.owner != "firm":
        return
    words = {"firm": line.plan.enterprise.name, "day": f"{line.due_on.month}月{line.due_on.day}日"}
    for number in registry.phones_of(line.plan.enterprise_id):
        notify.tell(number, "resumption.plan_line", words=words, on=line, at=event.at)
