"""One enterprise, one plan (一企一策, FEATURES 2.12): measures with an owner and a day, ticked off by their owner, with no incident."""

from datetime import timedelta

import pytest

from qifu.areas.resumption.models import FirmPlan, PlanLine
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import contact, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local

from .factories import code, february

pytestmark = pytest.mark.usefixtures("database")


class Town:
    """A firm in a town where nothing has been declared."""

    def __init__(self, hands):
        self.hands = hands
        self.place = jurisdiction.by_name("莼湖街道").id
        district = jurisdiction.lineage(self.place)[1]
        self.clerk, self.bureau = officer("town_clerk", self.place), officer("bureau_clerk", district)
        self.labour = officer("labour_clerk", district, name="小劳")
        given = {
            "name": "奉化试验机械1号有限公司",
            "uscc": code(1),
            "region": self.place,
            "size": "above",
            "staff": 40,
            "industry": "C3311",
        }
        self.firm = self.ok(run("registry.register", given, actor=self.bureau))
        self.contact = contact(self.firm.id, self.place)

    @staticmethod
    def ok(answer):
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result

    def plan(self):
        return self.ok(run("resumption.firm_plan.write", {"enterprise": self.firm.id, "aim": "缺40个熟练工，模具在外地"}, actor=self.clerk))

    def line(self, plan, *, owner="labour", days=2, what="帮招20个熟练工"):
        day = local(clock.now()).date() + timedelta(days=days)
        return self.ok(run("resumption.firm_plan.add", {"plan": plan.id, "what": what, "owner": owner, "due_on": day}, actor=self.clerk))

    def now(self, line):
        with acting(self.bureau):
            return PlanLine._base_manager.get(pk=line.id)


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("11"))) as hands:
        yield Town(hands)


def test_a_measure_is_ticked_off_by_its_owner_alone(town):
    """Tests owner, clock, progress and done; the town that wrote it and another office are refused and nothing changes."""
    line = town.line(town.plan())
    assert line.state == "open" and local(line.due_at - timedelta(seconds=1)).date() == line.due_on
    for actor in (town.clerk, town.contact):
        assert run("resumption.firm_plan.tick", {"line": line.id, "words": "办了"}, actor=actor).code == "OthersLine"
    assert town.now(line).state == "open" and not town.now(line).notes
    town.ok(run("resumption.firm_plan.tell", {"line": line.id, "words": "招到8个"}, actor=town.labour))
    town.hands.advance(timedelta(hours=1))
    assert run("resumption.firm_plan.tick", {"line": line.id, "words": ""}, actor=town.labour).code == "BadInput"
    done = town.ok(run("resumption.firm_plan.tick", {"line": line.id, "words": "招到21个"}, actor=town.labour))
    assert done.state == "done" and [note["words"] for note in done.notes] == ["招到8个", "招到21个"]
    assert run("resumption.firm_plan.tell", {"line": line.id, "words": "又来"}, actor=town.labour).code == "OthersLine"


def test_a_named_person_answers_and_a_day_is_put_off_once(town):
    """Tests a person as owner, one postponement with its own clock, and that a second is refused."""
    other = officer("bureau_clerk", jurisdiction.lineage(town.place)[1], name="老周")
    line = town.line(town.plan(), owner=str(town.clerk.person), days=0)
    assert line.owner_person == str(town.clerk.person)
    assert run("resumption.firm_plan.tick", {"line": line.id, "words": "办了"}, actor=other).code == "OthersLine"
    day = local(clock.now()).date() + timedelta(days=4)
    later = {"line": line.id, "words": "等模具", "due_on": day}
    put_off = town.ok(run("resumption.firm_plan.postpone", later, actor=town.clerk))
    assert (put_off.state, put_off.due_on) == ("extended", day) and local(put_off.due_at - timedelta(seconds=1)).date() == day
    assert run("resumption.firm_plan.postpone", later, actor=town.clerk).code == "WrongState"
    assert run("resumption.firm_plan.reopen", {**later, "due_on": february("01").date()}, actor=town.clerk).code == "BadInput"


def test_what_a_plan_cannot_take_is_refused(town):
    """Tests an empty aim, no owner, a day past, another town, and an enterprise that writes its own plan."""
    plan = town.plan()
    firm = town.firm.id
    assert "aim" in run("resumption.firm_plan.write", {"enterprise": firm, "aim": " "}, actor=town.clerk).errors
    assert run("resumption.firm_plan.write", {"enterprise": firm, "aim": "x"}, actor=town.contact).code == "NotYours"
    bad = {"plan": plan.id, "what": "办" * 201, "owner": "nobody", "due_on": february("01").date()}
    assert run("resumption.firm_plan.add", bad, actor=town.clerk).errors.keys() == {"what", "owner", "due_on"}
    elsewhere = officer("town_clerk", jurisdiction.by_name("裘村镇").id)
    assert not run("resumption.firm_plan.write", {"enterprise": firm, "aim": "x"}, actor=elsewhere).ok
    with acting(town.bureau):
        assert FirmPlan._base_manager.get().aim == plan.aim and not PlanLine._base_manager.exists()


def test_the_plan_by_hand_from_desk_and_phone(town):
    """Tests the pages: written at the desk, the enterprise's own measure done on the phone, what is past its day on a list."""
    desk, phone = browser(town.clerk), browser(town.contact)
    here = f"/desk/enterprises/{town.firm.id}/plan"
    assert "这家还没有方案" in text(desk.get(here)) and "还没有方案" in text(phone.get("/home/plan"))
    assert desk.post(here, {"do": "write", "aim": "缺工"}).status_code == 302
    today = local(clock.now()).date()
    wrong = desk.post(here, {"do": "add", "what": "搬模具", "owner": "", "due_on": str(today)})
    assert wrong.status_code == 422 and "搬模具" in text(wrong) and "谁负责" in text(wrong)
    for what, owner in (("搬模具", "firm"), ("招工", "labour")):
        assert desk.post(here, {"do": "add", "what": what, "owner": owner, "due_on": str(today)}).status_code == 302
    assert "方案里有一条由您办" in text(phone.get("/home/"))
    page = text(phone.get("/home/plan"))
    assert "搬模具" in page and "招工" in page and page.count("办好了</button>") == 1
    with acting(town.bureau):
        mine, theirs = PlanLine._base_manager.get(owner="firm"), PlanLine._base_manager.get(owner="labour")
    refused = phone.post(f"/home/plan/{theirs.id}/tick", {"words": "办了"})
    assert refused.status_code in (403, 409) and "由别的单位负责" in text(refused)
    done = phone.post(f"/home/plan/{mine.id}/tick", {"words": "模具到了"})
    assert done.status_code == 302 and "已经勾上" in text(phone.get(done["Location"]))
    town.hands.advance(timedelta(days=2))
    page = text(browser(town.clerk).get("/desk/plans/?view=late"))
    assert "招工" in page and "过期2天" in page and "搬模具" not in page
    assert "招工" in text(browser(town.labour).get("/desk/plans/?view=mine"))
    assert "招工" not in text(browser(officer("town_clerk", jurisdiction.by_name("裘村镇").id)).get("/desk/plans/"))
