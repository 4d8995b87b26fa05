"""Numbers of meetings and notes: 明会〔2020〕3号, 明批〔2020〕17号; without gaps, given inside the act."""

from datetime import datetime
from typing import NamedTuple

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing, numbers


class Home(NamedTuple):
    """The office in whose name an actor acts here, and its place."""

    code: str
    name: str
    place: int


def home_of(actor: Actor, right: str, *, at: datetime) -> Home:
    """Give the office of the hat that holds a right; refuses NotYours where there is none."""
    for hat in actor.hats:
        if hat.place and right in hat.rights and hat.valid(at):
            home = casework.offices.home_of(Actor(id=actor.id, name=actor.name, hats=(hat,)))
            if home is not None:
                return Home(home.code, home.name, hat.place)
    raise NotYours()


def next_number(word: str, place: int, *, at: datetime) -> str:
    """Give the next number of a place's year."""
    prefix, year = issuing.short_of(place) + word, local(at).year
    return numbers.say(prefix, year=year, number=numbers.take(prefix, year=year)[0])


def scope_of(place: int) -> dict[str, object]:
    """Give the columns by which row security finds what belongs to a place."""
    return {"region": place, "district": jurisdiction.district_of(place)}
