"""What a look at sensitive data promises: no value without an entry, no entry with a value, and its person can read it."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, NotYours, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Person, everything
from qifu.kernel.access.tests.factories import contact, officer
from qifu.kernel.calendar import clock
from qifu.kernel.journal import looking, models
from qifu.kernel.values import uuid7

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def person(now, place):
    """A person whose data somebody may look at: a contact of an enterprise."""
    return contact(uuid7(), place, name="陈某")


@pytest.fixture
def admin(place):
    return officer("unit_admin", place, name="管理员")


def row(actor):
    with acting(DOOR):
        return everything(Person).get(pk=actor.person)


def look_at(actor, person, purpose="check", **more):
    with acting(actor):
        return looking.look(row_in(person), "name", purpose=purpose, actor=actor, right="access.see", at=clock.now(), **more)


def row_in(person):
    return everything(Person).get(pk=person.person)


def entries(actor):
    with acting(actor):
        return list(looking.looks_at(actor))


def test_a_look_is_written_before_its_value_is_given(admin, person):
    """Tests that the entry says who, in which role, at which fields and what for, and never what was seen."""
    assert look_at(admin, person) == {"name": "陈某"}
    (entry,) = entries(person)
    assert (entry.actor_name, entry.role, entry.data) == ("管理员", "unit_admin", {"fields": "name", "purpose": "check"})
    assert (looking.fields_of(entry), looking.purpose_of(entry)) == (["姓名"], "核对身份")
    with acting(admin):
        assert b"\xe9\x99\x88\xe6\x9f\x90" not in bytes(models.Entry._base_manager.get(seq=entry.seq).body)


def test_without_right_or_purpose_nothing_is_shown_or_written(admin, person, place):
    """Tests that a refused look gives no value and leaves no entry that says somebody looked."""
    clerk = officer("town_clerk", place)
    with pytest.raises(NotYours):
        look_at(clerk, person)
    with pytest.raises(looking.NoPurpose):
        look_at(admin, person, purpose=" ")
    assert entries(person) == []


def test_a_look_that_is_rolled_back_gave_nothing(admin, person):
    """Tests that value and entry stand or fall together."""
    with pytest.raises(ZeroDivisionError), acting(admin):
        looking.look(row_in(person), "name", purpose="check", actor=admin, right="access.see", at=clock.now())
        _ = 1 / 0
    assert entries(person) == []


def test_each_sees_the_looks_at_their_own_data_only(admin, person, place, now):
    """Tests that a person and a firm's contact see theirs, newest first, and an officer not those of the whole region."""
    firm = person.hats[0].scope.parties[0]
    colleague, stranger = contact(firm, place, name="同企业"), contact(uuid7(), place, name="外人")
    look_at(admin, person)
    now.advance(timedelta(minutes=5))
    look_at(admin, stranger)
    now.advance(timedelta(minutes=5))
    look_at(admin, person, purpose="contact")
    assert [looking.purpose_of(e) for e in entries(person)] == ["联系本人", "核对身份"]
    assert entries(colleague) == entries(person)
    assert len(entries(stranger)) == 1
    assert entries(admin) == []
    with acting(admin):
        assert looking.looks().count() == 3


def test_who_has_no_hat_at_all_reads_the_looks_at_themselves_and_nothing_else(admin, place, now):
    """Tests that a person whom no region and no party reaches sees theirs and no other entry, and can write none."""
    district = jurisdiction.district_of(place)
    with acting(DOOR):
        made = everything(Person).create(name="无帽员工", region=place, district=district)
        worker = worn_by(made.id, at=clock.now())
    assert worker.hats == ()
    look_at(admin, worker)
    look_at(admin, contact(uuid7(), place, name="外人"))
    assert [looking.purpose_of(e) for e in entries(worker)] == ["核对身份"]
    with acting(worker):
        assert models.Entry._base_manager.count() == 1
    with pytest.raises(ProgrammingError, match="row-level security"), acting(worker):
        looking.writing.look(made, fields=["name"], purpose="x", actor=admin, hat=admin.hats[0], at=clock.now())
