"""Which clocks of resumption are watched: the three of an application, whose promise is a day (FEATURES 2.x)."""

from typing import Any

from django.urls import reverse

from qifu.kernel import jurisdiction, ladder

from .models import Application
from .terms import Route
from .workflow import RESUMPTION


def _office(application: Application, clock: str) -> str:
    """The district's steps press the district; a town's own press the town, which the subject's place says."""
    if application.route == Route.DISTRICT and application.state != "submitted":
        line = jurisdiction.lineage(application.region)
        above = next((place for place in line if jurisdiction.place(place).kind == "district"), None)
        return f"place:{above}" if above is not None else ""
    return ""


def _title(application: Any) -> str:
    return str(application.enterprise.name)


def _of(application: Any) -> str:
    return reverse("resumption:subject", args=[application.id])


ladder.watch(ladder.Watched(workflow=RESUMPTION, title=_title, url=_of, office=_office, join=("enterprise",)))
