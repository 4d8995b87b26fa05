"""Which town, street or zone a list means, within the reach of the person who writes it."""

from collections.abc import Sequence

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.jurisdiction import AmbiguousPlace, UnknownPlace
from qifu.kernel.language import said as _

from .terms import UnknownPlaceGiven, WrongCoordinates


def region_of(*, region: int | None, place: str, actor: Actor, near: int | None = None) -> int:
    """Give the place id for an id, or for a name or code (江口, 江口街道, 330213005); refuses UnknownPlaceGiven.

    A name that several places bear means the one closest to `near`, or to where the actor stands."""
    if region is not None:
        try:
            return jurisdiction.place(region).id
        except UnknownPlace as problem:
            raise UnknownPlaceGiven(problem.says) from None
    text = place.strip()
    if not text:
        return own_region(actor)
    if text.isdigit():
        found = jurisdiction.by_code(text)
        if found is None:
            raise UnknownPlaceGiven(_("没有代码是“{text}”的镇街或开发区，没有保存。", text=text[:20]))
        return found.id
    return _named(text, [near] if near else [hat.place for hat in actor.hats if hat.place])


def own_region(actor: Actor) -> int:
    """Give the place where the actor stands, for rows that do not say one; refuses where that is not one place."""
    places = {hat.place for hat in actor.hats if hat.place}
    if len(places) != 1:
        raise UnknownPlaceGiven("还没有写是哪个镇街或开发区，没有保存。")
    return next(iter(places))


def _named(text: str, stands: Sequence[int]) -> int:
    """Look in these places first, then in the district, city and province around them."""
    for place in _around(stands):
        try:
            found = jurisdiction.by_name(text, within=place)
        except AmbiguousPlace as problem:
            raise UnknownPlaceGiven(_("{says}没有保存。", says=problem.says)) from None
        if found is not None:
            return found.id
    raise UnknownPlaceGiven(_("没有找到“{text}”这个镇街或开发区，没有保存。", text=text[:20]))


def _around(stands: Sequence[int]) -> list[int | None]:
    steps: dict[int, int] = {}
    for place in set(stands):
        for step, one in enumerate(jurisdiction.lineage(place)):
            steps[one] = min(step, steps.get(one, step))
    return [*sorted(steps, key=lambda one: (steps[one], one)), None]


def coordinates(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Read latitude and longitude in degrees; both blank is (None, None). Refuses WrongCoordinates outside the country."""
    if not lat.strip() and not lon.strip():
        return None, None
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        raise WrongCoordinates() from None
    if not (3 <= north <= 54 and 73 <= east <= 136):
        raise WrongCoordinates("坐标不在国内，可能经纬度写反了，没有保存。")
    return north, east
