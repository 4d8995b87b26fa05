"""The reopening by story: the normal way, closed areas, quarantine, days as data, the absent list, scope."""

import shutil
from pathlib import Path

import pytest
import yaml

from qifu.areas.response.api import effects_preview
from qifu.areas.response.models import ControlArea
from qifu.areas.schools import law
from qifu.areas.schools.models import Absence, School
from qifu.areas.schools.workflow import REOPENING
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, figure, rows
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.proof import drift

from .conftest import CHECKS, head_of


def entries(gongshu, school):
    with acting(gongshu.bureau):
        return Entry._base_manager.filter(about=school.id).count()


def test_a_school_outside_the_areas_reopens_with_one_consent(gongshu):
    """Tests self-check, report, consent by the bureau within a working day, opening on the day, and the figure with its row."""
    school = gongshu.school()
    gongshu.school("另一所小学")
    head = head_of(school)
    gongshu.hands.set(at("2022-05-03", "10:00"))
    assert gongshu.refused("schools.report", by=head, school=school.id, planned_at="2022-05-05 08:00").code == "WrongState"
    gongshu.ok("schools.self_check", by=head, school=school.id, confirmed=CHECKS[:-1])
    lacking = gongshu.refused("schools.report", by=head, school=school.id, planned_at="2022-05-05 08:00")
    assert lacking.code == "CheckIncomplete" and "校园消毒" in lacking.says
    reported = gongshu.reported(school, head)
    # 3 and 4 May 2022 are holidays: the report arrives on the fifth, and the answer is due by the end of the sixth.
    assert (reported.state, reported.due_at) == ("reported", at("2022-05-07", "00:00"))
    gongshu.ok("schools.consent", by=gongshu.bureau, school=school.id)
    early = gongshu.refused("schools.open", by=head, school=school.id)
    assert early.code == "TooEarly" and "5月5日" in early.says
    gongshu.hands.set(at("2022-05-05", "08:00"))
    gongshu.ok("schools.open", by=head, school=school.id)
    fresh = gongshu.fresh(school)
    assert (fresh.state, fresh.opened_at, fresh.due_at) == ("open", at("2022-05-05", "08:00"), None)
    with acting(gongshu.bureau):
        assert drift(REOPENING) == []
        moment = Moment(clock.now())
        value, behind = figure("R20", moment=moment, actor=gongshu.bureau), rows("R20", moment=moment, actor=gongshu.bureau)
    assert (value.value, value.of, [row.label for row in behind.rows]) == (1, 2, ["试验小学"])


def test_no_report_for_a_day_before_the_measure(gongshu):
    """Tests that a day before 5 May is refused with the origin of the measure, and nothing changed."""
    school = gongshu.school()
    head = head_of(school)
    gongshu.ok("schools.self_check", by=head, school=school.id, confirmed=CHECKS)
    before = entries(gongshu, school)
    refused = gongshu.refused("schools.report", by=head, school=school.id, planned_at="2022-05-04 08:00")
    assert refused.code == "TooEarly" and "返校复课" in refused.says
    fresh = gongshu.fresh(school)
    assert (fresh.state, fresh.planned_at, fresh.reporter, entries(gongshu, school)) == ("self_checked", None, "", before)


@pytest.mark.parametrize("klass", ["lockdown", "control", "precaution"])
def test_a_school_in_a_closed_area_stays_closed(gongshu, klass):
    """Tests that each of the three zones refuses the report, changes nothing, shows the school, and that lifting opens the way."""
    school = gongshu.school()
    head = head_of(school)
    gongshu.ok("schools.self_check", by=head, school=school.id, confirmed=CHECKS)
    area = gongshu.draw(klass, gongshu.town)
    before = entries(gongshu, school)
    refused = gongshu.refused("schools.report", by=head, school=school.id, planned_at="2022-05-05 08:00")
    assert refused.code == "SchoolInClosedArea" and "拱防办〔2022〕9号" in refused.says
    assert (gongshu.fresh(school).state, entries(gongshu, school)) == ("self_checked", before)
    with acting(gongshu.bureau):
        parts = {part.title: part for part in effects_preview(ControlArea._base_manager.get(pk=area), clock.now()).parts}
    assert [row.label for row in parts["学校"].rows] == ["试验小学"]
    gongshu.ok("response.area.lift", by=gongshu.control, area=area)
    gongshu.ok("schools.report", by=head, school=school.id, planned_at="2022-05-05 08:00")


def test_an_area_drawn_after_the_report_stops_the_consent_and_the_opening(gongshu):
    """Tests that consent and opening ask again, and that an area next door closes nothing."""
    first, second = gongshu.school(), gongshu.school("远处小学", town=gongshu.other_town)
    heads = {school.id: head_of(school) for school in (first, second)}
    for school in (first, second):
        gongshu.reported(school, heads[school.id])
    area = gongshu.draw("lockdown", gongshu.town)
    assert gongshu.refused("schools.consent", by=gongshu.bureau, school=first.id).code == "SchoolInClosedArea"
    assert gongshu.fresh(first).state == "reported"
    gongshu.ok("schools.consent", by=gongshu.bureau, school=second.id)
    gongshu.ok("response.area.lift", by=gongshu.control, area=area)
    gongshu.ok("schools.consent", by=gongshu.bureau, school=first.id)
    gongshu.draw("lockdown", gongshu.town)
    gongshu.hands.set(at("2022-05-05", "08:00"))
    assert gongshu.refused("schools.open", by=heads[first.id], school=first.id).code == "SchoolInClosedArea"
    gongshu.ok("schools.open", by=heads[second.id], school=second.id)


def test_a_quarantined_school_needs_both_levels(gongshu):
    """Tests that the bureau alone cannot consent, that the district replies after the study, and that one level comes back."""
    school = gongshu.school()
    head = head_of(school)
    gongshu.quarantined(school)
    assert gongshu.refused("schools.self_check", by=head, school=school.id, confirmed=CHECKS).code == "WrongState"
    gongshu.ok("schools.release", by=gongshu.control, school=school.id)
    gongshu.reported(school, head)
    refused = gongshu.refused("schools.consent", by=gongshu.bureau, school=school.id)
    assert refused.code == "TwoLevels" and gongshu.fresh(school).state == "reported"
    assert gongshu.refused("schools.district_reply", by=gongshu.control, school=school.id).code == "WrongState"
    gongshu.ok("schools.study", by=gongshu.bureau, school=school.id, reason="已终末消毒，同意上报。")
    assert gongshu.refused("schools.district_reply", by=gongshu.bureau, school=school.id).code == "NotYours"
    assert gongshu.refused("schools.open", by=head, school=school.id).code == "WrongState"
    gongshu.ok("schools.district_reply", by=gongshu.control, school=school.id)
    gongshu.hands.set(at("2022-05-05", "08:00"))
    gongshu.ok("schools.open", by=head, school=school.id)
    fresh = gongshu.fresh(school)
    assert (fresh.state, fresh.two_levels) == ("open", False)
    assert fresh.been == ["closed", "quarantined", "released", "reported", "studied", "district_replied", "open"]


def test_a_refused_report_of_a_quarantined_school_still_needs_both_levels(gongshu):
    """Tests that a refusal is no way round the second level, and that its words stand for the school."""
    school = gongshu.school()
    head = head_of(school)
    gongshu.quarantined(school)
    gongshu.ok("schools.release", by=gongshu.control, school=school.id)
    gongshu.reported(school, head)
    gongshu.ok("schools.refuse", by=gongshu.bureau, school=school.id, reason="晨检没有安排到人。")
    assert gongshu.fresh(school).reason == "晨检没有安排到人。"
    gongshu.reported(school, head)
    assert gongshu.refused("schools.consent", by=gongshu.bureau, school=school.id).code == "TwoLevels"


def test_a_school_that_was_not_quarantined_is_not_sent_to_the_district(gongshu):
    """Tests that a layer is not added where none is due."""
    school = gongshu.school()
    gongshu.reported(school, head_of(school))
    assert gongshu.refused("schools.study", by=gongshu.bureau, school=school.id, reason="研判").code == "OneLevel"


def test_who_reported_does_not_consent(gongshu):
    """Tests that a person with both hats may not consent to the own report; another of the same bureau may."""
    school = gongshu.school()
    head = head_of(school)
    both = officer("education_clerk", gongshu.district, name="兼任")
    gongshu.reported(school, head)
    with acting(gongshu.bureau):
        School._base_manager.filter(pk=school.id).update(reporter=both.id)
    refused = gongshu.refused("schools.consent", by=both, school=school.id)
    assert refused.code == "ReporterMayNotConsent" and gongshu.fresh(school).state == "reported"
    gongshu.ok("schools.consent", by=gongshu.bureau_second, school=school.id)


def test_the_days_of_testing_are_data(gongshu, settings, tmp_path):
    """Tests that the pack says Monday, Wednesday and Friday, and another file other days and another first day."""
    school = gongshu.school()
    with acting(gongshu.bureau):
        rule, origin = law.rule_at(school.region, clock.now())
    assert rule.test_days == ("mon", "wed", "fri") and origin.issuer == "拱墅区教育局"
    shutil.copytree(settings.PACKS, tmp_path / "packs")
    file = tmp_path / "packs/epidemic/schools.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    data["rules"][0] |= {"test_days": ["tue", "sat"], "reopening_from": "2022-05-09T00:00:00+08:00"}
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    settings.PACKS = Path(tmp_path / "packs")
    head = head_of(school)
    with acting(gongshu.bureau):
        assert law.rule_at(school.region, clock.now())[0].test_days == ("tue", "sat")
    gongshu.ok("schools.self_check", by=head, school=school.id, confirmed=CHECKS)
    assert gongshu.refused("schools.report", by=head, school=school.id, planned_at="2022-05-05 08:00").code == "TooEarly"
    gongshu.ok("schools.report", by=head, school=school.id, planned_at="2022-05-09 08:00")


def test_the_rule_of_a_district_ends_at_its_border(gongshu):
    """Tests that a place that the file does not name has no days of testing, and still closes where nobody may gather."""
    elsewhere = officer("control_office", 214, name="宁海防控办")
    gongshu.ok("response.declare", by=elsewhere, pack="epidemic", level="II", place="214")
    with acting(elsewhere):
        rule, origin = law.rule_at(214, clock.now())
    assert (rule.test_days, rule.reopening_from, origin) == ((), None, None)
    assert rule.closed_by == {"gather": ("refuse",)}


def test_the_absent_list_says_where_and_never_how(gongshu):
    """Tests listing, telling the parents once, coming back; a health reason is refused, and no name enters the journal."""
    school = gongshu.school()
    head = head_of(school)
    given = {"school": school.id, "name": "林小满", "why": "in_zone"}
    absence = gongshu.ok("schools.list_absent", by=head, **given)
    assert gongshu.refused("schools.list_absent", by=head, **given).says == "名单上已经有这个人，没有再加。"
    assert "why" in gongshu.refused("schools.list_absent", by=head, **given | {"name": "王小二", "why": "fever"}).errors
    gongshu.hands.set(at("2022-05-03", "11:00"))
    gongshu.ok("schools.told_parents", by=head, absence=absence.id)
    gongshu.hands.set(at("2022-05-03", "12:00"))
    assert gongshu.ok("schools.told_parents", by=head, absence=absence.id).told_at == at("2022-05-03", "11:00")
    with acting(gongshu.bureau):
        assert Absence._base_manager.filter(school=school.id, back_at__isnull=True).count() == 1
        told = [(e.verb, dict(e.data)) for e in Entry._base_manager.filter(process="schools.absence").order_by("seq")]
    assert told == [("list", {}), ("tell", {})]
    gongshu.ok("schools.came_back", by=head, absence=absence.id)
    assert gongshu.refused("schools.came_back", by=head, absence=absence.id).code == "NotOnTheList"


def test_a_head_reaches_the_own_school_alone(gongshu):
    """Tests that another school's head, and another district's bureau, see nothing and change nothing."""
    school, other = gongshu.school(), gongshu.school("另一所小学")
    head, stranger = head_of(school), head_of(other)
    absence = gongshu.ok("schools.list_absent", by=head, school=school.id, name="林小满", why="monitoring")
    for who in (stranger, officer("education_clerk", 214, name="宁海教育局")):
        with acting(who):
            assert not School._base_manager.filter(pk=school.id).exists()
            assert not Absence._base_manager.exists()
        assert gongshu.refused("schools.consent", by=who, school=school.id).code == "NotFound"
        assert gongshu.refused("schools.self_check", by=who, school=school.id, confirmed=CHECKS).code == "NotFound"
        assert gongshu.refused("schools.came_back", by=who, absence=absence.id).code == "NotOnTheList"
    assert gongshu.refused("schools.consent", by=head, school=school.id).code in ("NotYours", "WrongState")
    assert gongshu.fresh(school).state == "closed"
