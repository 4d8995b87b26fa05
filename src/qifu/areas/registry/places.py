"""Which town, street or zone a list means, within the reach of the person who writes it."""

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.jurisdiction import AmbiguousPlace, UnknownPlace

from .terms import UnknownPlaceGiven


def region_of(*, region: int | None, place: str, actor: Actor) -> int:
    """Give the place id for an id, or for a name or code (江口, 江口街道, 330213005); refuses UnknownPlaceGiven.

    A name that several places bear means the one within the actor's reach."""
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
            raise UnknownPlaceGiven(f"没有代码是“{text[:20]}”的镇街或开发区，没有保存。")
        return found.id
    return _named(text, actor)


def own_region(actor: Actor) -> int:
    """Give the place where the actor stands, for rows that do not say one; refuses where that is not one place."""
    places = {hat.place for hat in actor.hats if hat.place}
    if len(places) != 1:
        raise UnknownPlaceGiven("还没有写是哪个镇街或开发区，没有保存。")
    return next(iter(places))


def _named(text: str, actor: Actor) -> int:
    """Look in the actor's own places first, then in the district, city and province around them."""
    for place in _around(actor):
        try:
            found = jurisdiction.by_name(text, within=place)
        except AmbiguousPlace as problem:
            raise UnknownPlaceGiven(f"{problem.says}没有保存。") from None
        if found is not None:
            return found.id
    raise UnknownPlaceGiven(f"没有找到“{text[:20]}”这个镇街或开发区，没有保存。")


def _around(actor: Actor) -> list[int | None]:
    steps: dict[int, int] = {}
    for place in {hat.place for hat in actor.hats if hat.place}:
        for step, one in enumerate(jurisdiction.lineage(place)):
            steps[one] = min(step, steps.get(one, step))
    return [*sorted(steps, key=lambda one: (steps[one], one)), None]
