"""The small world of these tests: two towns of one district, people with one hat each, firms with right codes."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise, Worker
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.indicators import Figure, Moment, figure
from qifu.kernel.values.codes import uscc_check_digit

AT = at("2020-02-08")
EVENING = at("2020-02-17", "20:00")
HERE, THERE = "江口街道", "溪口镇"
_numbers = count(1)


def district() -> int:
    return jurisdiction.by_name("奉化区").id


def town(name: str = HERE) -> int:
    return jurisdiction.by_name(name, within=district()).id


def clerk(name: str = HERE) -> Actor:
    return officer("town_clerk", town(name))


def bureau() -> Actor:
    return officer("bureau_clerk", district())


def code(number: int | None = None, place: str = "330213") -> str:
    """Make a right credit code."""
    first = f"91{place}{number if number is not None else next(_numbers):09d}"
    return first + uscc_check_digit(first)


def do(name: str, actor: Actor, /, *, when: datetime = AT, **given: Any) -> Any:
    """Run an action that must be done; give its result."""
    done = run(name, given, actor=actor, at=when)
    assert isinstance(done, Done), (name, done)
    return done.result


def refuse(name: str, actor: Actor, /, *, when: datetime = AT, **given: Any) -> Refused:
    """Run an action that must be refused; give the refusal."""
    answer = run(name, given, actor=actor, at=when)
    assert isinstance(answer, Refused), (name, answer)
    return answer


def firm(name: str = "宁波奉化钧凯金属结构有限公司", *, actor: Actor | None = None, when: datetime = AT, **given: Any) -> Enterprise:
    """Register a firm in this town."""
    given = {"uscc": code(), "place": HERE, "size": "above"} | given
    return do("registry.register", actor or bureau(), when=when, name=name, **given)


def contact_of(enterprise: Enterprise, name: str = "金军芳") -> Actor:
    return contact(enterprise.id, enterprise.region, name=name)


def worker(enterprise: Enterprise, actor: Actor, name: str = "傅刚珠", **given: Any) -> Worker:
    """Put one worker on the roster."""
    given = {"origin_province": "湖北省", "origin_city": "十堰市"} | given
    return do("registry.add_worker", actor, name=name, enterprise=enterprise.id, **given)


def value(id: str, actor: Actor, *, on: datetime = EVENING) -> Figure:
    """Compute a figure as of an instant, as this actor sees it."""
    with acting(actor):
        return figure(id, moment=Moment(on), actor=actor)


def fresh(model: Any, id: UUID, actor: Actor) -> Any:
    with acting(actor):
        return model.objects.get(pk=id)
