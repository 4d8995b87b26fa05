"""What every act of this area asks first: the fresh, locked row, and the hat that may."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from qifu.kernel.access import Actor, Hat, NotFound, NotYours
from qifu.kernel.calendar import clock

from .models import Enterprise
from .terms import Closed

EDIT, OWN = "registry.edit", "registry.own"
WORKERS = "registry.worker.edit"

M = TypeVar("M", bound=models.Model)


def locked(model: type[M], id: UUID) -> M:
    """Give a row locked and fresh; refuses NotFound where it lies outside the scope or nowhere."""
    try:
        return model._base_manager.select_for_update().get(pk=id)
    except model.DoesNotExist:  # type: ignore[attr-defined]
        raise NotFound() from None


def open_enterprise(id: UUID) -> Enterprise:
    """Give an enterprise locked; refuses Closed where it is closed or merged."""
    row = locked(Enterprise, id)
    if row.closed_at is not None:
        raise Closed()
    return row


def hat_for(actor: Actor, *rights: str, at: datetime, on: Any) -> Hat:
    """Give the first hat that holds one of the rights over a row, then and now; refuses NotYours."""
    now = clock.now()
    for right in rights:
        hat = actor.hat_for(right, at=at, on=on)
        if hat is not None and hat.valid(now):
            return hat
    raise NotYours(right=rights[0])
