"""Addresses that a page asks for a hundred times. `reverse` looks through the patterns of every area each time."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import get_urlconf, reverse

_NIL = UUID(int=0)


def address(name: str) -> str:
    """Give the address of a page without arguments; raises NoReverseMatch."""
    return _reversed(name, get_urlconf() or settings.ROOT_URLCONF, None)


def address_of(name: str, id: UUID) -> str:
    """Give the address of the page of one thing; raises NoReverseMatch."""
    return _reversed(name, get_urlconf() or settings.ROOT_URLCONF, _NIL).replace(str(_NIL), str(id))


@lru_cache(1024)
def _reversed(name: str, urlconf: str, id: UUID | None) -> str:
    return reverse(name, urlconf, args=[] if id is None else [id])
