"""Who is told at a step (the `notice` of a move): the contacts of the enterprise, and the team that is to come. Words: notices.yaml."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen_many

from .models import Application
from .workflow import RESUMPTION

TEAM = {"assign": "resumption.team_assigned", "reassign": "resumption.team_assigned", "mended": "resumption.team_mended"}
"""What the team hears, by move."""

notify.load(Path(__file__).parent / "notices.yaml")


@listen_many("resumption.application.*", name="resumption.notices")
def tell(events: Sequence[Event], actor: Actor) -> None:
    """Tell the contacts of each enterprise what became of its application, and its team; a correction tells nobody."""
    told = [event for event in events if event.sign > 0 and (_notice(event.verb) or event.verb in TEAM)]
    if not told:
        return
    applications = Application._base_manager.select_related("enterprise", "team").in_bulk({event.subject for event in told})
    phones = registry.phones_of_many({one.enterprise_id for one in applications.values()})
    leads = _leads({one.team_id for one in applications.values() if one.team_id}, told)
    by_time: dict[datetime, list[notify.Tell]] = defaultdict(list)
    visits: dict[tuple[datetime, UUID, str], list[Application]] = defaultdict(list)
    for event in told:
        application = applications[event.subject]
        words, orders = _words(application), by_time[event.at]
        if notice := _notice(event.verb):
            numbers = phones.get(application.enterprise_id, [])
            orders += [notify.Tell(to=number, kind=f"resumption.{notice}", words=words, on=application) for number in numbers]
        if event.verb in TEAM and application.team_id:
            visits[event.at, application.team_id, TEAM[event.verb]].append(application)
    # A day's plan assigns many at once: the team hears of them in one message.
    for (at, team, kind), firms in visits.items():
        words = {"team": firms[0].team.name if firms[0].team else "", "n": str(len(firms)), "firms": _named(firms)}
        by_time[at] += [notify.Tell(to=person, kind=kind, words=words, on=firms[0]) for person in leads.get(team, [])]
    for at, orders in by_time.items():
        notify.tell_many(orders, at=at)


def _notice(verb: str) -> str:
    move = RESUMPTION.moves.get(verb)
    return (move.notice if move else "") or ""


def _leads(teams: set[UUID], told: Sequence[Event]) -> dict[UUID, list[UUID]]:
    """Give the leaders of these teams, or all members of a team that has none, as they are now."""
    if not teams or not any(event.verb in TEAM for event in told):
        return {}
    found: dict[UUID, list[tuple[bool, UUID]]] = defaultdict(list)
    members = everything(Grant).filter(task_force__in=teams, revoked_at__isnull=True)
    for team, lead, person in members.order_by("since").values_list("task_force", "lead", "person"):
        found[team].append((lead, person))
    return {team: [who for lead, who in people if lead] or [who for _, who in people] for team, people in found.items()}


def _named(applications: Sequence[Application]) -> str:
    names = [one.enterprise.name for one in applications[:5]]
    return "、".join(names) + (f"等{len(applications)}家" if len(applications) > len(names) else "")


def _words(application: Application) -> dict[str, str]:
    start = application.may_start_from
    return {
        "firm": application.enterprise.name,
        "number": application.number,
        "reason": application.reason,
        "team": application.team.name if application.team else "评估组",
        "start": f"{local(start):%-m月%-d日 %H:%M}" if start else "批准之时",
    }
