"""The pages by story: the head on the phone, the bureau and the district's office at the desk."""

from uuid import uuid4

from qifu.areas.schools.models import Absence, School
from qifu.kernel.access import acting
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer

from .conftest import CHECKS, head_of


def test_a_school_reopens_by_the_pages(gongshu):
    """Tests self-check, list, report, consent and opening by forms; the days of testing stand on the head's page."""
    made = browser(gongshu.bureau).post(
        "/desk/schools/new", {"name": "试验小学", "region": gongshu.town, "kind": "primary", "pupils": "900", "staff": "60"}
    )
    assert made.status_code == 302, text(made)
    desk = made["Location"]
    with acting(gongshu.bureau):
        school = School._base_manager.get()
    principal = head_of(school)
    head = browser(principal)
    page = head.get("/home/school/")
    assert "接下来检测日：5月4日（周三）、5月6日（周五）、5月9日（周一）" in text(page)
    half = head.post(f"/home/school/{school.id}/check", {"confirmed": list(CHECKS[:3])}, follow=True)
    assert "自查还有3项没有确认" in text(half)
    added = head.post(f"/home/school/{school.id}/absences", {"name": "林小满", "role": "pupil", "why": "in_zone"}, follow=True)
    assert "林小满" in text(added) and "住在管理区域内" in text(added)
    with acting(gongshu.bureau):
        absence = everything(Absence).get()
    assert head.post(f"/home/school/{school.id}/absences/{absence.id}/told").status_code == 302
    assert head.post(f"/home/school/{school.id}/check", {"confirmed": list(CHECKS)}).status_code == 302
    early = head.post(f"/home/school/{school.id}/report", {"planned_at": "2022-05-04 08:00"})
    assert early.status_code == 409 and "开学不早于5月5日" in text(early) and "2022-05-04 08:00" in early.content.decode()
    wrong = head.post(f"/home/school/{school.id}/report", {"planned_at": "五月"})
    assert wrong.status_code == 422 and "“计划开学时间”要写成" in text(wrong)
    assert head.post(f"/home/school/{school.id}/report", {"planned_at": "2022-05-05 08:00"}).status_code == 302

    bureau = browser(gongshu.bureau)
    assert "试验小学" in text(bureau.get("/desk/schools"))
    sheet = text(bureau.get(desk))
    assert "同意复课" in sheet and "返校复课工作的通知" in sheet and "林小满" in sheet
    assert "不用报区防控办" in sheet
    empty = bureau.post(f"{desk}/refuse", {"reason": ""})
    assert empty.status_code == 422 and "还没有填“说明”" in text(empty)
    nameless = head.post(f"/home/school/{school.id}/absences", {"name": "", "role": "pupil", "why": "in_zone"})
    assert nameless.status_code == 422 and "还没有填“姓名”" in text(nameless)
    assert bureau.post(f"{desk}/consent").status_code == 302
    gongshu.hands.set(at("2022-05-05", "08:00"))
    # Two days later the session has ended.
    opened = browser(principal).post(f"/home/school/{school.id}/open", follow=True)
    assert "已开学" in text(opened)


def test_the_bureau_names_the_head_on_the_page_of_the_school(gongshu):
    """Tests that who is named may sign in for the school, that a wrong number keeps what was typed, and that only the bureau names."""
    school = gongshu.school()
    desk, bureau, control = f"/desk/schools/{school.id}", browser(gongshu.bureau), browser(gongshu.control)
    assert "登记学校负责人" in text(bureau.get(desk)) and "登记学校负责人" not in text(control.get(desk))
    wrong = bureau.post(f"{desk}/head", {"name": "林校长", "phone": "12"})
    assert wrong.status_code == 422 and "林校长" in wrong.content.decode()
    control.post(f"{desk}/head", {"name": "林校长", "phone": "13900005512"})
    browser(gongshu.bureau, strong=False).post(f"{desk}/head", {"name": "林校长", "phone": "13900005512"})
    with acting(gongshu.bureau):
        named = everything(Grant).filter(role="school_head", for_party=school.id)
        assert not named.exists()
    assert bureau.post(f"{desk}/head", {"name": "林校长", "phone": "13900005512"}).status_code == 302
    with acting(gongshu.bureau):
        assert named.get().person.name == "林校长"


def test_the_desk_says_why_a_school_cannot_be_consented_to(gongshu):
    """Tests that the reason stands beside the act, and that pressing all the same changes nothing."""
    school = gongshu.school()
    gongshu.reported(school, head_of(school))
    gongshu.draw("precaution", gongshu.town)
    bureau, desk = browser(gongshu.bureau), f"/desk/schools/{school.id}"
    assert "现在不能复课" in text(bureau.get(desk))
    refused = bureau.post(f"{desk}/consent")
    assert refused.status_code == 409 and "现在不能复课" in text(refused)
    assert gongshu.fresh(school).state == "reported"


def test_two_levels_by_the_pages(gongshu):
    """Tests that the bureau studies, the district's office replies and sees numbers instead of names."""
    school = gongshu.school()
    head = head_of(school)
    control, bureau, desk = browser(gongshu.control), browser(gongshu.bureau), f"/desk/schools/{school.id}"
    assert control.post(f"{desk}/quarantine", {"reason": "整校集中隔离。"}).status_code == 302
    assert control.post(f"{desk}/release").status_code == 302
    gongshu.ok("schools.list_absent", by=head, school=school.id, name="林小满", why="in_isolation")
    gongshu.reported(school, head)
    assert "不能直接同意" in text(bureau.get(desk))
    assert bureau.get(f"{desk}/study").status_code == 200
    assert bureau.post(f"{desk}/study", {"reason": "已终末消毒。"}).status_code == 302
    seen = text(control.get(desk))
    assert "批复同意" in seen and "1人" in seen and "林小满" not in seen
    assert control.post(f"{desk}/district_reply").status_code == 302
    assert gongshu.fresh(school).state == "district_replied"


def test_without_the_second_factor_the_consent_asks_for_it(gongshu):
    """Tests that a session without a second factor is shown the way to it."""
    school = gongshu.school()
    gongshu.reported(school, head_of(school))
    weak = browser(gongshu.bureau, strong=False)
    assert "去验证动态口令" in text(weak.get(f"/desk/schools/{school.id}"))
    assert weak.post(f"/desk/schools/{school.id}/consent").status_code in (403, 409)
    assert gongshu.fresh(school).state == "reported"


def test_another_school_is_nowhere(gongshu):
    """Tests that a foreign school and one that does not exist answer alike, on every page."""
    school, other = gongshu.school(), gongshu.school("另一所小学")
    head, foreign = browser(head_of(other)), browser(officer("education_clerk", 214))
    for id in (school.id, uuid4()):
        assert foreign.get(f"/desk/schools/{id}").status_code == 404
        assert foreign.get(f"/desk/schools/{id}/refuse").status_code == 404
        assert foreign.post(f"/desk/schools/{id}/consent").status_code == 404
        for what in ("check", "report", "open", "absences", f"absences/{uuid4()}/told"):
            assert head.post(f"/home/school/{id}/{what}", {}).status_code == 404, what
    assert "试验小学" not in text(head.get(f"/home/school/?school={school.id}"))
    assert head.get("/desk/schools").status_code == 403
    assert browser(gongshu.bureau).get(f"/desk/schools/{school.id}/nonsense").status_code == 404


def test_the_list_shows_a_school_that_waits_for_nobody(gongshu):
    """Tests that a closed school, on which no clock runs, stands in the list."""
    school = gongshu.school()
    assert school.name in text(browser(gongshu.bureau).get("/desk/schools"))
