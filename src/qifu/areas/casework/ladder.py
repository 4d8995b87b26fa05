"""Which clocks of casework are watched: whose office is pressed, and who is reminded before."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from qifu.kernel import ladder

from .models import Case
from .workflow import CASES, HELPING, SUPERVISING

INTAKE = ("classify", "settle", "call_back")
"""Clocks that are not the office's that has the case: the place itself is pressed."""


def _office(case: Case, clock: str) -> str:
    return "" if clock in INTAKE else case.office


def _handlers(case: Case, clock: str) -> Sequence[UUID]:
    if clock in INTAKE or not case.handler or clock == "respond":
        return ()
    return ladder.the(case.handler)


def _of(subject: Any) -> str:
    return reverse("casework:subject", args=[getattr(subject, "case_id", subject.id)])


ladder.watch(ladder.Watched(workflow=CASES, title=lambda case: case.title, url=_of, office=_office, handlers=_handlers))
ladder.watch(
    ladder.Watched(
        workflow=HELPING, title=lambda helping: helping.case.title, url=_of, office=lambda helping, clock: helping.office, join=("case",)
    )
)
ladder.watch(
    ladder.Watched(
        workflow=SUPERVISING, title=lambda one: one.case.title, url=lambda one: reverse("casework:supervision", args=[one.id]),
        office=lambda one, clock: one.office, join=("case",),
    )
)  # fmt: skip
