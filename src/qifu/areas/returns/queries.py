"""Reads of templates and tables: whoever may see figures reads those of the places in reach."""

from collections.abc import Sequence
from uuid import UUID

from qifu.kernel.access import NotFound

from .models import Blank, Filing, Kept


def blanks() -> Sequence[Blank]:
    """Give the templates in reach: in use first, stopped last; inside `acting`."""
    rank = {"on": 0, "mapping": 1, "stopped": 2}
    return sorted(Blank.objects.all(), key=lambda one: (rank[one.state], one.hour, one.name))


def blank(id: UUID) -> Blank:
    """Give one template, or refuse NotFound."""
    found = Blank.objects.filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def filing(id: UUID) -> Filing:
    """Give the table of a day with its template, or refuse NotFound."""
    found = Filing.objects.select_related("blank").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def filings(blank: Blank, *, most: int = 60) -> Sequence[Filing]:
    """Give the days of a template, the newest first."""
    return list(Filing.objects.filter(blank=blank.id).order_by("-day").defer("values")[:most])


def kept(about: UUID) -> Sequence[Kept]:
    """Give what is kept about a template or a table, the newest first, without the bytes."""
    return list(Kept.objects.filter(about=about).order_by("-at", "-id").defer("body"))
