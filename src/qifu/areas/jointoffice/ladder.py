"""An order from the menu that nobody arranges, a sitting that nobody writes down, promises not given out: who monitors is reminded,
and then the town is pressed. The promises are cases and press their own offices."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.language import said

from .models import Session
from .workflow import SESSIONS


def _monitor(session: Session, clock: str) -> Sequence[UUID]:
    return ladder.the(session.monitor)


def _of(session: Session) -> str:
    return reverse("jointoffice:session", args=[session.id])


ladder.watch(
    ladder.Watched(
        workflow=SESSIONS, title=lambda one: said("{firm}点的单", firm=one.enterprise.name), url=_of, handlers=_monitor,
        join=("enterprise",),
    )
)  # fmt: skip
