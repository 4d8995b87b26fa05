"""What follows in resumption when the response changes: a lifted area frees its sites, an ended incident needs no permit.

Both are news from below, so each entry takes effect once; what is done is a dated fact on the application."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Site
from qifu.areas.response import api as response
from qifu.kernel import notify
from qifu.kernel.access import Actor, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen
from qifu.kernel.journal import writing
from qifu.kernel.values.secret import Secret

from .actions.apply import permit_open_sites
from .models import Application, Permit
from .workflow import RESUMPTION

FREED = "{firm}：{area}已解除，{sites}从{start}起可以开工。"
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


def _record(application: Application, verb: str, *, actor: Actor, at: datetime, sites: int) -> None:
    hat = require(actor, "resumption.lapse", at=at, on=application)
    writing.record(RESUMPTION.name, application, verb=verb, actor=actor, hat=hat, at=at, sites=sites)


def _tell(application: Application, sites: list[Site], *, area: str, at: datetime) -> None:
    start = application.may_start_from
    when = f"{local(max(at, start)):%-m月%-d日 %H:%M}" if start else "现在"
    names = "、".join(site.name for site in sites[:3]) + (f"等{len(sites)}处" if len(sites) > 3 else "")
    text = FREED.format(firm=application.enterprise.name, area=area, sites=names, start=when)
    for number in registry.phones_of(application.enterprise_id):
        notify.send(notify.Message(to=number, text=Secret(text), kind="resumption.freed", at=at))
