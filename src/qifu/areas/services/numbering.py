"""Receipt numbers, and the office that answers: both are said on the phone, so both are short."""

from datetime import datetime

from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents.numbers import new_code


def number(letters: str, at: datetime) -> str:
    """Give a receipt number: XF-0217-K7M2. Its last part is drawn, so that nobody counts a neighbour's requests."""
    return f"{letters}-{local(at):%m%d}-{new_code()[:4]}"


def district_place(region: int) -> int:
    """Give the place id of the district in which a town lies; the town itself where there is none above it."""
    found = jurisdiction.by_code(str(jurisdiction.district_of(region)))
    return found.id if found else region


def scope_of(firm: Enterprise) -> dict[str, object]:
    """Give the columns by which row security finds what belongs to an enterprise."""
    return {"region": firm.region, "party": firm.id, "district": firm.district, "facets": []}
