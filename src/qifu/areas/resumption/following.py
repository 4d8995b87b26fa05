"""What follows in resumption when something else changes: a lifted area frees its sites, a measure that stops takes with
it what rests on it, a burden that ends gives the permits back, an ended incident needs no application.

All are news, so each entry takes effect once, whoever or whatever made it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Site
from qifu.areas.response import api as response
from qifu.kernel import notify
from qifu.kernel.access import ActionRefused, Actor, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, after, listen
from qifu.kernel.journal import writing
from qifu.kernel.workflow.lengthening import bring_forward

from .actions.apply import permit_open_sites
from .appeals import APPEALS
from .burdens import BURDENS, hearing_ends
from .models import Appeal, Application, Burden, Permit
from .terms import BURDENING, BurdenKind
from .workflow import RESUMPTION

PERMITTED = ("approved", "resumed")
"""States in which a site may hold a permit."""


@listen("response.area.lift.v1", name="resumption.freed_sites")
def permit_freed_sites(event: Event, actor: Actor) -> None:
    """Permit the sites that an area had kept shut, where the enterprise is already approved: nobody applies twice."""
    if event.sign < 0:
        return
    ground = response.ground_lifted(event.subject, event.at)
    for application in waiting_for(ground):
        if sites := permit_open_sites(application, at=event.at):
            _record(application, "permit_sites", actor=actor, at=event.at, sites=len(sites))
            _tell(application, sites, area=ground.title, at=event.at)


def waiting_for(ground: response.AreaGround) -> Iterable[Application]:
    """Give the approved applications with a site on this ground that has no permit."""
    standing = Permit._base_manager.filter(site=OuterRef("pk"), ended_at__isnull=True)
    sites = Site._base_manager.filter(closed_at__isnull=True).filter(Q(region__in=ground.regions) | Q(pk__in=ground.sites))
    firms = sites.filter(~Exists(standing)).values("enterprise")
    found = Application._base_manager.filter(enterprise__in=firms, state__in=PERMITTED)
    return found.select_related("enterprise", "incident").order_by("id")


@listen("response.incident.end.v1", name="resumption.permits_after_the_end")
def end_permits_of_incident(event: Event, actor: Actor) -> None:
    """End the permits of an incident that is over: work needs none any more, and none may be shown as if it did."""
    if event.sign < 0:
        return
    standing = Permit._base_manager.filter(application__incident=event.subject, ended_at__isnull=True)
    ended: dict[UUID, int] = {}
    for application in standing.values_list("application", flat=True):
        ended[application] = ended.get(application, 0) + 1
    standing.update(ended_at=event.at, why_ended="incident_ended")
    for application in Application._base_manager.filter(pk__in=ended).order_by("id"):
        _record(application, "end_permits", actor=actor, at=event.at, sites=ended[application.id])


OPEN = ("submitted", "forwarded", "returned", "accepted", "assigned", "rectifying", "passed", "suspended")


@listen("response.incident.end.v1", name="resumption.applications_after_the_end")
def close_applications_of_incident(event: Event, actor: Actor) -> None:
    """Close what is still under way when the incident is over: nobody waits for a decision that is not needed."""
    if event.sign < 0:
        return
    ids = Application._base_manager.filter(incident=event.subject, state__in=OPEN).order_by("id").values_list("id", flat=True)
    RESUMPTION.move_many("lapse", list(ids), actor=actor, at=after(event))


@listen("response.incident.*", "response.measure.*", name="resumption.burdens_of_a_measure")
def end_burdens_without_ground(event: Event, actor: Actor) -> None:
    """End the burdens whose incident or measure no longer holds: they lapse with the level (FEATURES 2.17)."""
    if event.sign < 0:
        return
    standing = Burden._base_manager.filter(state__in=BURDENING).select_related("incident").order_by("id")
    if event.verb == "end" and event.process == "response.incident":
        fallen = [burden.id for burden in standing.filter(incident=event.subject)]
        why = "incident_ended"
    else:
        fallen = [b.id for b in standing.filter(measure__isnull=False) if not response.holds(b.measure, event.at)]
        why = "measure_ended"
    if fallen:
        BURDENS.move_many("fall", fallen, actor=actor, at=after(event), why=why)


@listen("resumption.application.approve.v1", name="resumption.burdens_after_approval")
def end_burden_of_the_approved(event: Event, actor: Actor) -> None:
    """End a suspension when the firm was looked at again and approved anew."""
    standing = Burden._base_manager.filter(application=event.subject, kind=BurdenKind.SUSPENSION, state__in=BURDENING)
    ids = list(standing.filter(asked_at__lt=event.at).values_list("id", flat=True))
    if event.sign > 0 and ids:
        BURDENS.move_many("fall", ids, actor=actor, at=after(event), why="approved_anew")


ENDINGS = ("drop", "lift", "expire", "fall", "revoke")


@listen(*(f"resumption.burden.{verb}.v1" for verb in ENDINGS), name="resumption.permits_after_a_burden")
def give_back(event: Event, actor: Actor) -> None:
    """Restore what a suspension had taken: the state, and a permit for each site that lies open."""
    burden = Burden._base_manager.get(pk=event.subject)
    if event.sign < 0 or burden.kind != BurdenKind.SUSPENSION or burden.application_id is None:
        return
    application = Application._base_manager.select_related("enterprise", "incident").get(pk=burden.application_id)
    if application.state != "suspended" or application.incident.state != "declared":
        return
    try:
        with RESUMPTION.move("restore", application, actor=actor, at=after(event)) as fresh:
            permit_open_sites(fresh, at=event.at)
    except ActionRefused:
        # Another suspension holds by now: it gives the permits back when it ends.
        return


@listen("resumption.appeal.change.v1", "resumption.appeal.revoke.v1", name="resumption.burdens_after_an_appeal")
def follow_appeal(event: Event, actor: Actor) -> None:
    """Do to an act what the outcome of its appeal says: it ends, or ends earlier. What is over already stays as it is."""
    if event.sign < 0:
        return
    appeal = Appeal._base_manager.get(pk=event.subject)
    burden = BURDENS.lock(appeal.burden_id)
    if event.verb == "revoke" and burden.state in ("decided", "provisional", "in_force"):
        with BURDENS.move("revoke", burden, actor=actor, at=after(event)):
            pass
    elif event.verb == "change" and burden.state == "in_force" and appeal.until is not None:
        hours = burden.hours + round((appeal.until - burden.until).total_seconds() / 3600)
        with BURDENS.move("shorten", burden, actor=actor, at=after(event), hours=hours) as fresh:
            fresh.until, fresh.hours = appeal.until, max(hours, 1)
        bring_forward(BURDENS, fresh, "holds", due_at=appeal.until, because=str(APPEALS.states["changed"]))


@listen("resumption.burden.revoke.v1", name="resumption.refusals_after_an_appeal")
def decide_anew(event: Event, actor: Actor) -> None:
    """Bring an application whose refusal was revoked back to where it waits for a decision."""
    burden = Burden._base_manager.get(pk=event.subject)
    if event.sign < 0 or burden.kind != BurdenKind.REFUSAL or burden.application_id is None:
        return
    try:
        with RESUMPTION.move("reopen", burden.application_id, actor=actor, at=after(event)):
            pass
    except ActionRefused:
        # A newer application is under way, or the response is over: nothing waits for a decision.
        return


@listen("resumption.appeal.*", name="resumption.appeal_notices")
def tell_of_appeal(event: Event, actor: Actor) -> None:
    """Tell the contacts that an appeal was taken, and how it ended."""
    if event.sign < 0 or event.verb not in ("take", "decline", "uphold", "change", "revoke"):
        return
    appeal = Appeal._base_manager.select_related("enterprise").get(pk=event.subject)
    words = {
        "firm": appeal.enterprise.name, "way": appeal.get_way_display(), "organ": appeal.organ,
        "outcome": str(APPEALS.states[appeal.state]),
    }  # fmt: skip
    code = "resumption.appeal.taken" if event.verb == "take" else "resumption.appeal.settled"
    for number in registry.phones_of(appeal.enterprise_id):
        notify.tell(number, code, words=words, on=appeal, at=event.at)


@listen("resumption.burden.*", name="resumption.burden_notices")
def tell_of_burden(event: Event, actor: Actor) -> None:
    """Tell the contacts of an enterprise what is proposed against it, what was decided, and when it ends."""
    if event.verb not in TOLD or event.sign < 0:
        return
    burden = Burden._base_manager.select_related("enterprise").get(pk=event.subject)
    words = {
        "firm": burden.enterprise.name,
        "kind": burden.get_kind_display(),
        "hearing": f"{local(hearing_ends(burden)):%-m月%-d日 %H:%M}",
        "until": f"{local(burden.until):%-m月%-d日 %H:%M}" if burden.until else "",
    }
    for number in registry.phones_of(burden.enterprise_id):
        notify.tell(number, f"resumption.burden.{event.verb}", words=words, on=burden, at=event.at)


TOLD = ("propose", "decide", "confirm", "at_once", "uphold", "shorten", *ENDINGS)
"""Moves of a burden that its enterprise hears of."""


def _record(application: Application, verb: str, *, actor: Actor, at: datetime, sites: int) -> None:
    hat = require(actor, "resumption.lapse", at=at, on=application)
    writing.record(RESUMPTION.name, application, verb=verb, actor=actor, hat=hat, at=at, sites=sites)


def _tell(application: Application, sites: list[Site], *, area: str, at: datetime) -> None:
    start = application.may_start_from
    when = f"{local(max(at, start)):%-m月%-d日 %H:%M}" if start else "现在"
    names = "、".join(site.name for site in sites[:3]) + (f"等{len(sites)}处" if len(sites) > 3 else "")
    words = {"firm": application.enterprise.name, "area": area, "sites": names, "start": when}
    for number in registry.phones_of(application.enterprise_id):
        notify.tell(number, "resumption.freed", words=words, on=application, at=at)
