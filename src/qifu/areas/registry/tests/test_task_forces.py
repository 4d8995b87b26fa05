"""Tests that rights follow membership of a task force and lapse with it (FEATURES 1.12)."""

from types import SimpleNamespace

from qifu.areas.registry import api
from qifu.areas.registry.models import Enterprise
from qifu.kernel.access import acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Department, Grant, Person, TaskForce
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.indicators import Moment, rows

from .world import AT, EVENING, bureau, clerk, district, do, firm, refuse, value

LATER = at("2020-02-12")


def form(actor, name: str = "评估一组", **given):
    given = {"kind": "assessment", "place": "奉化区"} | given
    return do("registry.form_task_force", actor, name=name, **given)


def test_nine_assessment_teams_are_formed_and_counted(database: SimpleNamespace) -> None:
    """Tests F22: teams that stand, from the day they were formed until they end, with the list behind."""
    actor = bureau()
    forces = [form(actor, f"评估{n}组") for n in range(9)]
    form(actor, "口罩专班", kind="special_team")
    assert (value("F22", actor, on=at("2020-02-07")).value, value("F22", actor).value) == (0, 9)
    do("registry.end_task_force", actor, when=LATER, task_force=forces[0].id)
    assert value("F22", actor).value == 8
    with acting(actor):
        assert "评估8组" in [r.label for r in rows("F22", moment=Moment(EVENING), actor=actor).rows]


def test_a_borrowed_person_may_act_while_the_task_force_lasts(database: SimpleNamespace) -> None:
    """Tests that membership gives the role's rights in the force's place, and its end takes them away at once."""
    row, actor = firm(), bureau()
    members = [{"name": "韩宇巧", "phone": "16439857185", "unit": "区卫健局", "lead": True}]
    force = form(actor, members=members)
    with acting(actor):
        person = Person.objects.get(name="韩宇巧")
        during = worn_by(person.id, at=LATER)
    assert {(hat.role, hat.task_force, hat.purpose) for hat in during.hats} == {("assessor", force.id, "评估一组")}
    with acting(during):
        assert api.enterprise(row.id).id == row.id
    do("registry.end_task_force", actor, when=LATER, task_force=force.id)
    with acting(actor):
        assert worn_by(person.id, at=LATER).hats == ()
    with acting(worn_by_person(actor, person, EVENING)):
        assert not Enterprise.objects.exists()


def worn_by_person(actor, person, on):
    with acting(actor):
        return worn_by(person.id, at=on)


def test_ending_a_task_force_ends_all_inside_it(database: SimpleNamespace) -> None:
    """Tests nesting."""
    actor = bureau()
    outer = form(actor, "复工专班", kind="special_team")
    inner = form(actor, parent=outer.id)
    do("registry.end_task_force", actor, when=LATER, task_force=outer.id)
    with acting(actor):
        assert set(TaskForce.objects.values_list("until", flat=True)) == {LATER}
    assert value("F22", actor).value == 0
    assert refuse("registry.form_task_force", actor, when=LATER, name="评估二组", place="奉化区", parent=inner.id).code == "NothingChanged"


def test_members_come_and_go(database: SimpleNamespace) -> None:
    """Tests that a member joins once and leaves with effect."""
    actor = bureau()
    force = form(actor)
    member = {"name": "韩宇巧", "phone": "16439857185", "unit": "区卫健局"}
    grant = do("registry.add_member", actor, task_force=force.id, member=member)
    assert refuse("registry.add_member", actor, task_force=force.id, member=member).code == "NothingChanged"
    do("registry.remove_member", actor, when=LATER, grant=grant.id)
    assert refuse("registry.remove_member", actor, when=LATER, grant=grant.id).code == "NothingChanged"
    with acting(actor):
        assert worn_by(grant.person_id, at=LATER).hats == ()


def test_an_office_with_a_long_name_is_refused_and_never_taken_for_another(database: SimpleNamespace) -> None:
    """Tests fifty characters, which are kept whole, and one more, of which neither office nor member is made."""
    actor = bureau()
    force = form(actor)
    member = {"name": "韩宇巧", "phone": "16439857185", "unit": "协" * 51}
    refused = refuse("registry.add_member", actor, task_force=force.id, member=member)
    assert refused.code == "BadInput" and "最多50个字" in str(refused.errors)
    with acting(actor):
        assert not Department.objects.filter(name__startswith="协").exists()
        assert not Grant.objects.filter(task_force=force.id).exists()
    do("registry.add_member", actor, task_force=force.id, member={**member, "unit": "协" * 50})
    with acting(actor):
        made = Department.objects.get(name__startswith="协")
    assert made.name == "协" * 50 and made.code.endswith(f":{made.name}") and len(made.code) <= 60


def test_a_task_force_is_no_way_to_rights_that_nobody_gave(database: SimpleNamespace) -> None:
    """Tests that a town clerk forms none, and nobody hands out the keys to accounts, the record or more task forces."""
    assert refuse("registry.form_task_force", clerk(), name="私组", place="江口街道").code == "NotYours"
    actor = bureau()
    for role in ("system_admin", "auditor", "corrector", "bureau_clerk", "没有"):
        member = {"name": "韩宇巧", "phone": "16439857185", "role": role}
        assert refuse("registry.form_task_force", actor, name="一组", place="奉化区", members=[member]).code == "NotYours"
    with acting(actor):
        assert not TaskForce.objects.exists()
        assert not Grant.objects.filter(task_force__isnull=False).exists()


def test_five_hundred_officers_come_in_as_one_list(database: SimpleNamespace) -> None:
    """Tests that officers get one person each, a hat each, and that a second delivery changes nothing."""
    admin = officer("system_admin", district())
    given = [
        {"name": f"干部{n}", "phone": f"16{n:09d}", "role": "联企干部" if n % 2 else "town_clerk", "unit": "区经信局", "place": "奉化区"}
        for n in range(522)
    ]
    given += [{"name": "错号", "phone": "123", "role": "liaison"}, {"name": "错角色", "phone": "16900000000", "role": "国王"}]
    done = do("registry.add_officers_many", admin, rows=given)
    assert (done.created, len(set(done.ids) - {None})) == (522, 522)
    assert list(done.refused) == [522, 523]
    assert do("registry.add_officers_many", admin, rows=given[:5]).unchanged == 5
    with acting(admin):
        assert worn_by(done.ids[1], at=AT).hats[0].label == "区经信局 联企干部"
    assert do("registry.add_officers_many", clerk(), rows=given[:1]).refused == {0: "这件事不在您的职责范围内，没有办理。"}
