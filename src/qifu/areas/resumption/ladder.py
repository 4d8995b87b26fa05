"""Which clocks of resumption are watched: the three of an application, whose promise is a day (FEATURES 2.x), an act that burdens
and is not decided once the enterprise was heard, the answer to an appeal, a look back that nobody took, and a measure of a plan."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from qifu.kernel import jurisdiction, ladder

from .appeals import APPEALS
from .burdens import BURDENS
from .firm_plans import PLAN_LINES
from .lookbacks import LOOKBACKS
from .models import Appeal, Application, Burden, PlanLine
from .terms import Route
from .workflow import RESUMPTION


def _office(application: Application, clock: str) -> str:
    """The district's steps press the district; a town's own press the town, which the subject's place says."""
    return "" if application.state == "submitted" else _route(application, clock)


def _route(subject: Application | Burden | Appeal, clock: str) -> str:
    """Who decides on the route of a subject: the district, or the town itself."""
    if subject.route != Route.DISTRICT:
        return ""
    line = jurisdiction.lineage(subject.region)
    above = next((place for place in line if jurisdiction.place(place).kind == "district"), None)
    return f"place:{above}" if above is not None else ""


def _title(subject: Any) -> str:
    return str(subject.enterprise.name)


def _page(name: str) -> Callable[[Any], str]:
    return lambda subject: reverse(f"resumption:{name}", args=[subject.id])


def _owner(line: PlanLine, clock: str) -> Sequence[UUID]:
    return ladder.the(line.owner_person)


def _plan(line: PlanLine) -> str:
    return reverse("resumption:firm_plan", args=[line.plan.enterprise_id])


_FIRM = ("enterprise",)
ladder.watch(ladder.Watched(workflow=RESUMPTION, title=_title, url=_page("subject"), office=_office, join=_FIRM))
ladder.watch(ladder.Watched(workflow=BURDENS, title=_title, url=_page("burden"), office=_route, join=_FIRM))
ladder.watch(ladder.Watched(workflow=APPEALS, title=_title, url=_page("appeal"), office=_route, join=_FIRM))
ladder.watch(ladder.Watched(workflow=LOOKBACKS, title=_title, url=_page("lookback"), join=_FIRM))
ladder.watch(ladder.Watched(workflow=PLAN_LINES, title=lambda line: line.what, url=_plan, handlers=_owner, join=("plan",)))
