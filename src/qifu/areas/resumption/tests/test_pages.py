"""The pages by story: applicant, town, bureau, assessor, approver, start; then the figure with its row."""

import pytest
from django.test import Client

from qifu.areas.response.models import Incident
from qifu.areas.resumption.models import Application, Draft
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, hidden, text, without_token
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")

PEOPLE = {"head_count": "40", "roster_complete": "yes", "has_dormitory": "no", "has_canteen": "no"}
MATERIALS = {"mask_days": "12", "thermometers": "3", "disinfectant": ""}
PLAN = {
    "planned_at": "2020-02-12", "planned_at_time": "08:00", "group": "张总", "plan_text": "分三批返岗，错峰就餐。",
    "fire_patrol": "yes", "fire_plan": "yes", "early": "no",
}  # fmt: skip
UNDERTAKING = {"undertaken": "on", "signer": "张总"}
STEPS = {"people": PEOPLE, "materials": MATERIALS, "plan": PLAN, "undertaking": UNDERTAKING}


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def state(town, application):
    with acting(town.bureau):
        return everything(Application).get(pk=application.id).state


def fill_in(client: Client) -> None:
    for step, answers in STEPS.items():
        saved = client.post(f"/home/apply/{step}", answers)
        assert saved.status_code == 302, text(saved)


def test_an_application_goes_through_all_hands_by_the_pages(town):
    """Tests the whole way by the browser's own forms: each page asks, each POST goes on to the next page."""
    firm = town.firm()
    enterprise = browser(town.contacts[firm.id])
    assert "申请" in text(enterprise.get("/home/"))
    fill_in(enterprise)
    checked = enterprise.get("/home/apply/check")
    assert "请看一遍，没错就提交" in text(checked)
    receipt = enterprise.post("/home/apply/check", {"key": hidden(checked, "key")}, follow=True)
    assert "申请已收到" in text(receipt) and "330213-200210-0001" in text(receipt) and "莼湖街道" in text(receipt)
    with acting(town.bureau):
        application = everything(Application).get()
    desk = f"/desk/applications/{application.id}"

    clerk = browser(town.town_clerk)
    assert firm.name in text(clerk.get("/desk/"))
    page = clerk.get(desk)
    assert "盖章转区里" in text(page)
    assert clerk.post(f"{desk}/forward", {"key": hidden(page, "key"), "seen": hidden(page, "seen")}).status_code == 302
    town.hands.set(february("10", "10:00"))
    bureau = browser(town.bureau)
    page = bureau.get(f"{desk}/preview")
    assert bureau.post(f"{desk}/accept", {"key": hidden(page, "key"), "seen": hidden(page, "seen")}).status_code == 302
    form = bureau.get(f"{desk}/assign")
    assert "评估一组" in text(form) and "今天还空着" in text(form)
    assert bureau.post(f"{desk}/assign", {"team": str(town.team), "seen": hidden(form, "seen")}).status_code == 302
    assert state(town, application) == "assigned"

    town.hands.set(february("10", "14:00"))
    phone = browser(town.assessor)
    assert firm.name in text(phone.get("/field/"))
    visit = phone.get(f"/field/{application.id}")
    with acting(town.bureau):
        codes = [item.code for item in everything(Application).get().items.all()]
    found = {f"r-{code}": "ok" for code in codes} | {"key": hidden(visit, "key"), "seen": hidden(visit, "seen"), "conclusion": "pass"}
    done = phone.post(f"/field/{application.id}", found, follow=True)
    assert "评估已交" in text(done) and "今天没有要看的了" in text(done)

    approver = browser(town.approver)
    form = approver.get(f"{desk}/approve")
    assert approver.post(f"{desk}/approve", {"conditions": "观察间搬到一楼", "seen": hidden(form, "seen")}).status_code == 302
    town.hands.set(february("12", "08:00"))
    enterprise = browser(town.contacts[firm.id])
    assert "可以开工了" in text(enterprise.get("/home/"))
    form = enterprise.get(f"/home/applications/{application.id}/start")
    started = enterprise.post(f"/home/applications/{application.id}/start", {"key": hidden(form, "key")}, follow=True)
    assert "已复工" in text(started)
    assert state(town, application) == "resumed"
    page = text(browser(town.bureau).get(desk))
    assert "观察间搬到一楼" in page and "时间用在" in page and "报告开工" in page
    figure = text(browser(town.bureau).get("/figures/F23"))
    assert firm.name in figure and f"/desk/applications/{application.id}" in figure


def test_a_step_keeps_everything_and_says_beside_the_word_what_is_wrong(town):
    """Tests that wrong, long and missing answers come back as typed, each with its sentence, and that only the right ones are kept."""
    firm = town.firm()
    client = browser(town.contacts[firm.id])
    wrong = client.post("/home/apply/people", PEOPLE | {"head_count": "四十"})
    assert wrong.status_code == 422
    assert "“首批返岗人数”填一个整数" in text(wrong) and 'value="四十"' in text(wrong)
    long = "长" * 4100
    wrong = client.post("/home/apply/plan", PLAN | {"plan_text": long, "planned_at": "2020-02-31"})
    assert wrong.status_code == 422
    assert "最多2000个字，现在4100个" in text(wrong) and long in text(wrong) and "选一个日期和时间" in text(wrong)
    with acting(town.contacts[firm.id]):
        kept = everything(Draft).get().answers
    assert (kept["has_canteen"], kept["group"], kept["fire_plan"]) == (False, "张总", True)
    assert not any(kept.get(name) for name in ("head_count", "plan_text", "planned_at"))
    assert client.post("/home/apply/people", PEOPLE | {"head_count": ""}).status_code == 302
    check = client.get("/home/apply/check")
    assert "还没填：首批返岗人数" in text(check) and "提交申请" not in text(check)
    refused = client.post("/home/apply/check", {})
    assert refused.status_code == 409 and "填过的都存着" in text(refused)


def test_what_the_register_knows_stands_in_the_form_already(town):
    """Tests that staff, dormitory, canteen, roster and signer are filled in before anybody types, and say where they come from."""
    bare, firm = town.firm(), town.firm(legal_person="傅明", staff=64)
    for kind in ("dormitory", "canteen"):
        town.ok(run("registry.add_site", {"enterprise": firm.id, "kind": kind, "name": kind, "region": firm.region}, actor=town.bureau))
    worker = {"enterprise": firm.id, "name": "李小明", "phone": "13900005322"}
    town.ok(run("registry.add_worker", worker, actor=town.contacts[firm.id]))
    yes = [f'name="{name}" value="yes" checked' for name in ("roster_complete", "has_dormitory", "has_canteen")]
    known, unknown = (text(browser(town.contacts[one.id]).get("/home/apply/people")) for one in (firm, bare))
    assert 'value="64"' in known and all(one in known for one in yes), known
    assert not any(one in unknown for one in yes)
    assert 'value="傅明"' in text(browser(town.contacts[firm.id]).get("/home/apply/undertaking"))


def test_the_applicant_reads_rules_holder_and_clock(town):
    """Tests that the enterprise's own page says who has it, what is left and why, and each rule with what it rests on and its result."""
    firm = town.firm(size="small", industry="R8760")
    application = town.ok(town.submit(firm))
    town.hands.set(february("10", "14:36"))
    page = text(browser(town.contacts[firm.id]).get(f"/home/applications/{application.id}/"))
    assert "现在在莼湖街道" in page and "还剩 9小时24分" in page
    assert "还剩9小时24分，因为2月10日 09:00起算，当日受理" in page
    assert len(application.triage) == 6
    for reason in application.triage:
        assert f"{reason['says']}<" in page and reason["origin"].partition("《")[2] in page, reason
    refused = next(reason for reason in application.triage if not reason["met"])
    assert f"{refused['says']}<b>，{refused['fix']}</b>" in page
    town.hands.set(february("11", "01:00"))
    late = text(browser(town.contacts[firm.id]).get(f"/home/applications/{application.id}/"))
    assert "还剩" not in late and "已过1小时，因为" in late


def test_a_day_before_the_instant_is_refused_with_the_way_to_the_step(town):
    """Tests that a planned start before the common instant is refused on handing in, names its origin, and leads to the step."""
    firm = town.firm()
    client = browser(town.contacts[firm.id])
    fill_in(client)
    assert client.post("/home/apply/plan", PLAN | {"planned_at": "2020-02-07"}).status_code == 302
    refused = client.post("/home/apply/check", {})
    assert refused.status_code == 409
    assert "早于规定的最早复工时间" in text(refused) and "/home/apply/plan" in text(refused) and "去改" in text(refused)
    with acting(town.bureau):
        assert everything(Application).count() == 0
    assert "比最早的时间还早" in text(client.get("/home/apply/plan"))


def test_handing_in_twice_gives_one_application_and_its_receipt(town):
    """Tests that a second press of the same button changes nothing and shows the same receipt."""
    firm = town.firm()
    client = browser(town.contacts[firm.id])
    fill_in(client)
    key = hidden(client.get("/home/apply/check"), "key")
    first = client.post("/home/apply/check", {"key": key})
    second = client.post("/home/apply/check", {"key": key})
    assert first["Location"] == second["Location"]
    with acting(town.bureau):
        assert everything(Application).count() == 1


def test_two_clerks_decide_at_once_and_the_second_is_told(town):
    """Tests that a form made on an older state changes nothing, says so, and keeps what was typed."""
    firm = town.firm()
    application = town.passed(firm)
    desk = f"/desk/applications/{application.id}"
    one, other = browser(town.approver), browser(town.approver)
    first, second = one.get(f"{desk}/approve"), other.get(f"{desk}/send_back")
    assert one.post(f"{desk}/approve", {"conditions": "", "seen": hidden(first, "seen"), "key": hidden(first, "key")}).status_code == 302
    late = other.post(f"{desk}/send_back", {"reason": "再看食堂", "seen": hidden(second, "seen"), "key": hidden(second, "key")})
    assert late.status_code == 409 and "没有改动" in text(late) and "再看食堂" in text(late)
    again = one.post(f"{desk}/approve", {"conditions": "", "seen": hidden(first, "seen"), "key": hidden(first, "key")})
    assert again.status_code == 302
    assert state(town, application) == "approved"


def test_an_unknown_application_and_one_of_another_town_get_the_same_page(town):
    """Tests that nobody learns from the page whether a number exists elsewhere."""
    application = town.ok(town.submit(town.firm(size="small", place=town.other)))
    client = browser(town.town_clerk)
    theirs, nobodys = client.get(f"/desk/applications/{application.id}"), client.get(f"/desk/applications/{application.enterprise_id}")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_token(theirs) == without_token(nobodys)
    for path in ("preview", "papers/plan", "return"):
        assert client.get(f"/desk/applications/{application.id}/{path}").status_code == 404
    assert client.post(f"/desk/applications/{application.id}/accept", {}).status_code == 404
    assert state(town, application) == "submitted"


def test_what_needs_a_second_factor_leads_to_it(town):
    """Tests that an approver without a proved second factor is sent to prove it, and nothing is decided meanwhile."""
    application = town.passed(town.firm())
    client = browser(town.approver, strong=False)
    page = text(client.get(f"/desk/applications/{application.id}"))
    assert "/me/strong?next=" in page
    refused = client.post(f"/desk/applications/{application.id}/approve", {"conditions": "先写好的"})
    assert refused.status_code == 409 and "/me/strong?next=" in text(refused) and "先写好的" in text(refused)
    assert state(town, application) == "passed"


def test_an_act_that_is_not_ones_own_is_refused_and_changes_nothing(town):
    """Tests that a town clerk cannot decide by an address typed by hand."""
    application = town.passed(town.firm())
    client = browser(town.town_clerk)
    assert client.get(f"/desk/applications/{application.id}/approve").status_code == 403
    assert client.post(f"/desk/applications/{application.id}/approve", {"conditions": ""}).status_code == 403
    assert state(town, application) == "passed"


def test_long_and_blank_words_are_refused_beside_the_field(town):
    """Tests that a return without words, or with more than the column holds, stays on its page with everything typed."""
    application = town.ok(town.submit(town.firm(size="small")))
    client = browser(town.town_clerk)
    path = f"/desk/applications/{application.id}/return"
    blank = client.post(path, {"missing": "  "})
    assert blank.status_code == 422 and "还没有填“要补什么”" in text(blank)
    long = "缺" * 4100
    refused = client.post(path, {"missing": long})
    assert refused.status_code == 422 and "最多500个字，现在4100个" in text(refused) and long in text(refused)
    assert state(town, application) == "submitted"


def test_returned_mended_rectified_and_withdrawn_by_the_enterprise(town):
    """Tests the enterprise's own acts: mend what was returned, say that it is put right, withdraw with a word."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    desk, own = f"/desk/applications/{application.id}", f"/home/applications/{application.id}"
    clerk, client = browser(town.town_clerk), browser(town.contacts[firm.id])
    assert clerk.post(f"{desk}/return", {"missing": "方案里没有食宿安排"}).status_code == 302
    assert "方案里没有食宿安排" in text(client.get("/home/"))
    form = client.get(f"{own}/resubmit")
    assert "方案里没有食宿安排" in text(form) and "分三批返岗" in text(form)
    everything_ = {name: value for step in STEPS.values() for name, value in step.items()}
    assert client.post(f"{own}/resubmit", everything_ | {"head_count": "x"}).status_code == 422
    assert client.post(f"{own}/resubmit", everything_ | {"plan_text": "食宿都写明了"}).status_code == 302
    assert state(town, application) == "submitted"
    assert clerk.post(f"{desk}/accept", {}).status_code == 302
    assert clerk.post(f"{desk}/assign", {"team": str(town.team)}).status_code == 302
    phone = browser(town.assessor)
    visit = phone.get(f"/field/{application.id}")
    answers = {
        "r-staff": "fix",
        "n-staff": "名册缺3人",
        "remarks": "明天中午前补齐名册",
        "key": hidden(visit, "key"),
        "seen": hidden(visit, "seen"),
    }
    assert phone.post(f"/field/{application.id}", answers | {"conclusion": "pass"}).status_code == 409
    with acting(town.bureau):
        codes = [item.code for item in everything(Application).get().items.all() if item.code != "staff"]
    answers |= {f"r-{code}": "ok" for code in codes}
    assert phone.post(f"/field/{application.id}", answers | {"conclusion": "demand"}).status_code == 302
    home = text(client.get("/home/"))
    assert "要改的1项" in home and "名册缺3人" in home
    assert client.post(f"{own}/mended", {}).status_code == 302
    assert state(town, application) == "assigned"
    assert client.get(f"{own}/withdraw").status_code == 200
    assert client.post(f"{own}/withdraw", {"reason": "订单取消了"}).status_code == 302
    assert state(town, application) == "withdrawn"


def test_the_fire_department_keeps_its_items(town):
    """Tests that the fire clerk writes the two fire items on the page, and that the team then finds them locked."""
    application = town.accepted(town.firm())
    bureau = browser(town.bureau)
    assert bureau.post(f"/desk/applications/{application.id}/assign", {"team": str(town.team)}).status_code == 302
    fire = browser(town.fire)
    page = text(fire.get(f"/desk/applications/{application.id}"))
    assert "归您核的2项" in page
    assert application.enterprise.name in text(fire.get("/desk/"))
    checked = fire.post(f"/desk/applications/{application.id}/items/fire_patrol", {"result": "fix", "note": "缺2月9日记录"})
    assert checked.status_code == 302
    long = fire.post(f"/desk/applications/{application.id}/items/fire_plan", {"result": "ok", "note": "长" * 301})
    assert long.status_code == 422 and "最多300个字" in text(long)
    visit = text(browser(town.assessor).get(f"/field/{application.id}"))
    assert 'name="r-fire_patrol"' not in visit and "只有他们能改" in visit and 'name="r-fire_plan"' in visit
    assert "归您核的" not in text(bureau.get(f"/desk/applications/{application.id}"))
    assert bureau.post(f"/desk/applications/{application.id}/items/fire_patrol", {"result": "ok"}).status_code == 403


def test_bulk_says_before_what_it_will_not_do_and_names_it_after(town):
    """Tests that a bulk acceptance shows who would be refused and why, then does the rest."""
    ready = [town.ok(town.submit(town.firm(size="small"))) for _ in range(2)]
    waiting = town.ok(town.submit(town.firm()))
    client = browser(town.bureau)
    rows = {"row": [str(a.id) for a in (*ready, waiting)]}
    asks = text(client.post("/desk/bulk/asks", rows))
    assert "受理2件" in asks and "1件不行" in asks and "先由所在镇街盖章转来" in asks
    confirm = client.post("/desk/bulk/accept", rows)
    assert "2件会受理" in text(confirm) and waiting.enterprise.name in text(confirm)
    assert {state(town, a) for a in ready} == {"submitted"}
    done = client.post("/desk/bulk/accept", {"row": [str(a.id) for a in ready], "confirm": "1"})
    assert "已受理2件" in text(done)
    assert [state(town, a) for a in (*ready, waiting)] == ["accepted", "accepted", "submitted"]


def test_breaches_are_listed_by_office_with_who_was_late(town):
    """Tests that an acceptance after midnight is on the list of its day, with the office and the clerk's name."""
    late = town.ok(town.submit(town.firm(size="small")))
    still = town.ok(town.submit(town.firm(size="small", place=town.other)))
    on_time = town.ok(town.submit(town.firm(size="small")))
    clerk = browser(town.town_clerk)
    assert clerk.post(f"/desk/applications/{on_time.id}/accept", {}).status_code == 302
    assert late.number not in text(clerk.get("/desk/breaches"))
    town.hands.set(february("11", "09:30"))
    clerk = browser(town.town_clerk)
    assert clerk.post(f"/desk/applications/{late.id}/accept", {}).status_code == 302
    page = text(browser(town.bureau).get("/desk/breaches?day=2020-02-10"))
    accepted, assessed = page.split("当日评估</h2>")
    assert late.number in accepted and still.number in accepted and on_time.number not in accepted
    assert on_time.number in assessed and late.number not in assessed
    assert town.town_clerk.name in page and "裘村镇" in page
    assert still.number not in text(clerk.get("/desk/breaches?day=2020-02-10"))
    assert clerk.get("/desk/breaches?day=昨天").status_code == 200


def test_a_corrected_step_stays_beside_its_correction(town):
    """Tests that the correction form reverses a step, and that the timeline shows both."""
    application = town.accepted(town.firm(size="small"))
    client = browser(town.corrector)
    form = client.get(f"/desk/applications/{application.id}/correct")
    assert "哪一步记错了" in text(form)
    assert client.post(f"/desk/applications/{application.id}/correct", {"verb": "accept"}).status_code == 422
    given = {"verb": "accept", "reason": "wrong_firm", "to_day": "", "to_time": ""}
    assert client.post(f"/desk/applications/{application.id}/correct", given).status_code == 302
    page = text(client.get(f"/desk/applications/{application.id}"))
    assert "更正：上面这条不算，记错了企业" in page and "已更正，不再计入" in page
    assert state(town, application) == "submitted"
    assert browser(town.bureau).get(f"/desk/applications/{application.id}/correct").status_code == 403


def test_somebody_who_acts_for_several_enterprises_chooses_first(town):
    """Tests that the address names the enterprise, and that a foreign one is not found."""
    from qifu.kernel.access import DOOR
    from qifu.kernel.access.hats import worn_by
    from qifu.kernel.access.models import Grant

    from .factories import LONG_AGO

    one, two, foreign = town.firm(), town.firm(), town.firm()
    person = town.contacts[one.id]
    with acting(DOOR):
        Grant._base_manager.create(
            person_id=person.person, role_id="enterprise_contact", for_party=two.id, since=LONG_AGO, region=two.region,
            district=two.district, party=two.id,
        )  # fmt: skip
        person = worn_by(person.person, at=clock.now(), strong=False)
    client = browser(person)
    page = text(client.get("/home/"))
    assert "替哪家办" in page and one.name in page and two.name in page and foreign.name not in page
    assert two.name in text(client.get(f"/home/apply/?firm={two.id}"))
    assert client.get(f"/home/apply/?firm={foreign.id}").status_code == 404
    assert client.get("/home/?firm=x").status_code == 404
    assert client.post(f"/home/apply/people?firm={two.id}", PEOPLE)["Location"].endswith(f"?firm={two.id}")


def test_without_an_incident_the_home_says_so(database):
    """Tests that on ordinary days nobody is asked to apply."""
    from qifu.kernel import jurisdiction
    from qifu.kernel.access.tests.factories import contact, officer
    from qifu.kernel.actions import run

    from .factories import code

    with clock.use(clock.Fixed(february("10"))):
        place = jurisdiction.by_name("莼湖街道").id
        clerk = officer("town_clerk", place)
        given = {"name": "奉化平日机械有限公司", "uscc": code(1), "region": place, "size": "small", "staff": 4, "industry": "C3311"}
        firm = run("registry.register", given, actor=clerk, at=clock.now()).result
        client = browser(contact(firm.id, place))
        assert "现在不用申请复工" in text(client.get("/home/"))
        assert client.get("/home/apply/").status_code == 409


def test_the_list_filters_sorts_and_exports_what_it_shows(town):
    """Tests that filters stand in the address, nonsense in it is left out, and the spreadsheet holds the same rows."""
    import io

    from openpyxl import load_workbook

    small, above = town.ok(town.submit(town.firm(size="small"))), town.ok(town.submit(town.firm()))
    client = browser(town.bureau)
    page = text(client.get("/desk/?view=open"))
    assert small.enterprise.name in page and above.enterprise.name in page
    page = text(client.get("/desk/?view=open&size=small"))
    assert small.enterprise.name in page and above.enterprise.name not in page
    page = text(client.get(f"/desk/?view=open&q={above.number}"))
    assert above.enterprise.name in page and small.enterprise.name not in page
    page = text(client.get(f"/desk/?view=open&q={small.enterprise.name[2:8]}"))
    assert small.enterprise.name in page
    for odd in ("view=x&page=-1&sort=drop&town=abc&state=x&size=9", "page=99999999", "q=%00%25", "view=open&page=20", f"q={'长' * 4100}"):
        assert client.get(f"/desk/?{odd}").status_code == 200
    for sort in ("-due", "staff", "-staff", "time", "-time"):
        assert small.enterprise.name in text(client.get(f"/desk/?view=open&sort={sort}"))
    taking = client.get("/desk/export?view=open&size=small")["Location"]
    sheet = load_workbook(io.BytesIO(client.post(taking, {"form": "xlsx", "purpose": "核对"}).content)).active
    found = {cell.value for row in sheet.iter_rows() for cell in row}
    assert small.number in found and above.number not in found
    assert text(client.get("/desk/?view=open&size=small")).count("data-row=") == 1


def test_every_page_of_a_lone_contact_stays_at_home(town):
    """Tests that a contact who opens the desk is led home, and sees the five papers of the own application only."""
    firm = town.firm()
    application = town.passed(firm)
    client = browser(town.contacts[firm.id])
    assert client.get("/desk/")["Location"] == "/home/"
    assert client.get(f"/desk/applications/{application.id}")["Location"] == f"/home/applications/{application.id}/"
    assert client.get(f"/home/applications/{application.id}/").status_code == 200
    for paper in ("register", "staff", "plan", "undertaking", "survey"):
        page = client.get(f"/home/applications/{application.id}/papers/{paper}")
        assert page.status_code == 200 and firm.name in text(page)
    assert client.get(f"/home/applications/{application.id}/papers/none").status_code == 404
    other = browser(town.contacts[town.firm().id])
    assert other.get(f"/home/applications/{application.id}/").status_code == 404
    assert Client().get("/home/")["Location"].startswith("/login")


def test_filing_with_commitment_takes_effect_when_it_is_signed(town):
    """Tests that under filing the receipt leads to the commitment, that it must be ticked, and that signing approves at once."""
    town.hands.set(february("18"))
    control = officer("control_office", town.district, department="防控办")
    with acting(control):
        incident = Incident.objects.get().id
    town.ok(run("response.level", {"incident": incident, "level": "II"}, actor=control))
    firm = town.firm(size="small")
    client = browser(town.contacts[firm.id])
    fill_in(client)
    assert client.post("/home/apply/plan", PLAN | {"planned_at": "2020-02-19"}).status_code == 302
    receipt = client.post("/home/apply/check", {}, follow=True)
    assert "还差一步：签备案承诺" in text(receipt)
    with acting(town.bureau):
        application = everything(Application).get()
    assert application.regime == "filing"
    own = f"/home/applications/{application.id}/file"
    assert "承诺书" in text(client.get(own))
    unread = client.post(own, {})
    assert unread.status_code == 422 and "读过承诺书" in text(unread)
    assert state(town, application) == "submitted"
    assert client.post(own, {"undertaken": "on"}).status_code == 302
    assert state(town, application) == "approved"
    early = client.post(f"/home/applications/{application.id}/start", {})
    assert early.status_code == 409 and "还没到" in text(early)


def test_a_search_of_the_frame_opens_a_number_and_filters_by_a_name(town):
    """Tests that a whole number leads to its application and anything else to the list, for an officer; a contact goes home."""
    application = town.ok(town.submit(town.firm(size="small")))
    clerk = browser(town.town_clerk)
    assert clerk.get(f"/find?q={application.number}")["Location"] == f"/desk/applications/{application.id}"
    page = clerk.get("/find", {"q": application.enterprise.name[:6]}, follow=True)
    assert application.enterprise.name in text(page)
    assert clerk.get("/find?q=%00").status_code == 302
    assert browser(town.contacts[application.party]).get("/find?q=x")["Location"] == "/home/"
