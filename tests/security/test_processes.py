"""What the small processes promise, said here by hand: incidents, areas, proposals, schools, and the toy of the kernel's tests.

Each promise is compared with what the engine does to rows put straight into a state, in a transaction that is undone;
then the table is spoiled in every small way, and each spoiling must be noticed. Resumption has a walker of its own."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from qifu.areas.response.models import Measure
from qifu.areas.resumption.models import Application
from qifu.areas.schools import law
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.workflow.engine import workflows
from qifu.kernel.workflow.tests.spoiling import spoiled, spoilings

from .keeping import concerns, forgotten, problems, undone
from .promised import PROMISES
from .promising import BEFORE, HOURS, NOW, Ground


def test_every_process_states_its_promise() -> None:
    """Tests that a new process comes with a promise, here or by a walker of its own."""
    assert set(workflows) == {*PROMISES, "resumption.application"}


@pytest.fixture(scope="module")
def ground(module_database: Any) -> Iterator[Ground]:
    with clock.use(clock.Fixed(BEFORE)) as hands:
        district = jurisdiction.by_code("330105")
        assert district is not None
        home = district.id
        town, closed, *_ = (one for one in jurisdiction.children(home) if one.kind in ("town", "subdistrict"))
        office = officer("control_office", home)
        incident = run("response.declare", {"pack": "epidemic", "level": "II", "place": str(home)}, actor=office).result
        with acting(office):
            measure = Measure._base_manager.filter(incident=incident.id, kind="area").first().id
        drawn = run("response.area.draw", {"klass": "lockdown", "document": "1号", "places": [str(closed.id)]}, actor=office).result
        assert run("response.area.confirm", {"area": drawn.id}, actor=office).ok
        with (settings.PACKS / "roles.csv").open(encoding="utf-8", newline="") as file:
            roles = [row["code"] for row in csv.DictReader(file)]
        people = {role: officer(role, home) for role in roles}
        people["city:control_office"] = officer("control_office", jurisdiction.lineage(home)[1])
        with acting(DOOR):
            people |= {role: machine(role) for role in ("timer", "system", "replay")}
        hands.set(NOW)
        with acting(office):
            rule, _ = law.rule_at(town.id, NOW)
        checks = dict.fromkeys(_codes(rule.checks), True)
        firm = run("registry.register", {"name": "杭州试验机械有限公司", "uscc": "", "region": town.id}, actor=people["bureau_clerk"])
        assert firm.ok, firm
        assessed = uuid4()
        with acting(people["system"]):
            Application._base_manager.create(
                id=assessed, number="2022-0001", enterprise_id=firm.result.id, incident_id=incident.id, regime="approval", route="town",
                planned_at=NOW, head_count=1, state="passed", state_at=BEFORE, assessor=people["approver"].id, region=town.id,
                district=330105, party=firm.result.id,
            )  # fmt: skip
        with acting(office):
            Slot.objects.create(service="fire", place=home, office="消防", starts_at=NOW, ends_at=NOW + HOURS, capacity=1)
        plan = run("resumption.firm_plan.write", {"enterprise": firm.result.id, "aim": "缺工"}, actor=people["bureau_clerk"])
        assert plan.ok, plan
        case = run("casework.record", {"text": "缺普工", "channel": "hotline"}, actor=people["call_taker"])
        assert case.ok, case
        content = {"title": "防护", "lessons": [{"title": "一", "minutes": "1", "text": "读"}]}
        course = run("mobilisation.write_course", {"place": home, "content": content}, actor=office)
        assert course.ok and run("mobilisation.open_course", {"course": course.result.id}, actor=office).ok, course
        wanted = {"title": "招募", "text": "试", "phone": "0571-88590000", "need": 1, "first_day": NOW.date(), "last_day": NOW.date()}
        call = run("mobilisation.call_up", {"place": home, "posts": ["岗"], "course": course.result.id, **wanted}, actor=office)
        assert call.ok, call
        yield Ground(
            town.id, 330105, home, closed.id, incident.id, measure, people, checks, firm.result.id, assessed, plan.result.id,
            case.result.id, course.result.id, call.result.id,
        )  # fmt: skip


def _codes(checks: Any) -> list[str]:
    return [getattr(item, "code", item) for item in checks]


@pytest.mark.parametrize("name", PROMISES)
def test_a_process_keeps_its_promise(ground: Ground, name: str) -> None:
    """Tests every verb in every state as every role, every step for real, every guard with its cases."""
    with undone(ground):
        found = list(problems(ground, PROMISES[name]))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", PROMISES)
def test_a_process_cannot_be_spoiled_unnoticed(ground: Ground, name: str) -> None:
    """Tests that without any row, guard, clock, stamp or factor, or wider, the promise breaks; survivors are listed."""
    promise = PROMISES[name]
    survivors = []
    changes = list(spoilings(promise.workflow, promise.guards, idle=promise.idle, seen=promise.seen))
    changes = [c for c in changes if c.about != "guard" or c.verb or concerns(promise, c)]
    with undone(ground):
        for change in changes:
            with forgotten(), spoiled(promise.workflow, promise.guards, change):
                try:
                    noticed = next(problems(ground, promise, change), None)
                except Exception as fault:
                    noticed = str(fault)
                if noticed is None:
                    survivors.append(change.name)
    assert survivors == [], "\n".join(survivors)
    assert len(changes) > 20
