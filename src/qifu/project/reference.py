"""Loads what every installation stands on and no migration may hold: roles and places, from the packs; and the years of the calendar."""

from pathlib import Path

from qifu.kernel.access import roles
from qifu.kernel.calendar import national, tables
from qifu.kernel.calendar.models import CalendarDay
from qifu.kernel.jurisdiction import loader


def load(packs: Path, *, using: str = "owner") -> dict[str, int]:
    """Make roles and places equal the packs and the years those of the package, as the owner, after every migrate; says how many.

    A year that the package does not know yet may be written into the table by hand: `mark_years` sees it here as well."""
    held = set(CalendarDay.objects.using(using).values_list("date__year", flat=True).distinct())
    if fresh := [year for year in national.known_years() if year not in held]:
        tables.load_years(fresh, using=using)
    else:
        tables.mark_years(using=using)
    places = loader.ensure(packs, using=using)
    return {"roles": roles.load(packs / "roles.csv", using=using), "packs": len(places)}
