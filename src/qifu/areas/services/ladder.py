"""What enterprises asked for and nobody answers in time: the department is pressed that serves it, else the district."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.ladder.naming import unit_of
from qifu.kernel.language import said
from qifu.kernel.workflow.engine import Workflow

from .models import Appointment
from .terms import catalogue
from .workflow import APPOINTMENTS, CERTIFICATES, ORDERS

CENTRE = "企服中心"
"""Which department of a district opens services and sends for certificates."""


def _serves(one: Appointment, clock: str) -> str:
    service = catalogue().services.get(one.service)
    return unit_of(one.region, str.__str__(service.office) if service else "")


def _centre(one: Any, clock: str) -> str:
    return unit_of(one.region, CENTRE)


def _watch(workflow: Workflow[Any], sort: str, title: Callable[[Any], str], office: Callable[[Any, str], str]) -> None:
    def page(one: Any) -> str:
        return reverse(f"services:desk_{sort}", args=[one.id])

    ladder.watch(ladder.Watched(workflow=workflow, title=title, url=page, office=office, join=("enterprise",)))


_watch(APPOINTMENTS, "appointments", lambda one: said("{firm}的预约", firm=one.enterprise.name), _serves)
_watch(ORDERS, "orders", lambda one: said("{firm}申请的服务", firm=one.enterprise.name), _centre)
_watch(CERTIFICATES, "certificates", lambda one: said("{firm}要的证明", firm=one.enterprise.name), _centre)
