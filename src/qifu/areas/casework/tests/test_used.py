"""Which office used how much of the time, against a count by hand from the hours at which each step was done."""

from collections import Counter

from qifu.areas.casework.models import Case
from qifu.areas.casework.views.drawing import CALLERS, REFEREE, used_of
from qifu.areas.casework.workflow import CASES
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading

from .factories import Desk


def used(people: Desk, case: Case) -> dict[str, int]:
    """Give minutes by whose time it was, as the page of the case adds them up."""
    with acting(people.bureau):
        now = Case.objects.get(pk=case.id)
        moves = [entry for entry in reading.latest_standing(case.id, CASES.name) if entry.entered]
        shares, _ = used_of(now, moves, at=clock.now())
    return {str(share.word): share.size for share in shares}


def test_each_office_is_charged_with_its_own_hours_alone(people: Desk) -> None:
    """Tests a case that was returned, settled, paused, lengthened, closed and opened again, hour by hour."""
    by_hand: Counter[str] = Counter()
    last, whose = clock.now(), ""

    def step(day: str, time: str, verb: str, actor, holder: str, **given) -> Case:
        """Do a step at its hour; what has passed since the last one was `whose`."""
        nonlocal last, whose
        now = people.hands.set(at(f"2022-05-{day}", time))
        by_hand[whose] += int((now - last).total_seconds()) // 60
        last, whose = now, holder
        return people.ok(run(f"casework.{verb}", given, actor=actor))

    firm = people.firm()
    case = people.recorded(enterprise=firm.id)
    intake, fire, labour = case.intake_office, "区消防救援大队", "区人社局"
    whose, of = str(intake), {"case": case.id}
    step("09", "09:30", "classify", people.bureau, intake, **of, kind="labour")
    step("09", "10:00", "assign", people.bureau, fire, **of, office=fire)
    step("09", "10:45", "contest", people.fire, str(REFEREE), **of, ground="not_ours", reason="招工归人社")
    step("09", "13:00", "settle", people.supervisor, labour, **of, office=labour, reason="招工归人社")
    step("09", "14:20", "take", people.labour, labour, **of)
    step("09", "15:00", "wait", people.labour, "等对方", **of, why="paper", reason="等批文")
    step("11", "09:00", "go_on", people.labour, labour, **of)
    step("11", "10:00", "ask_help", people.labour, labour, **of, office=fire, ask="看通道")
    step("11", "11:00", "ask_more", people.labour, labour, **of, days=2, reason="批文刚到")
    step("11", "11:30", "supervise", people.supervisor, labour, **of, text="本周内办结")
    step("11", "16:00", "resolve", people.labour, str(CALLERS), **of, ended="solved", answer="送来22人。")
    step("12", "09:00", "call_back", people.call_taker, str(CALLERS), **of, score=5)
    step("12", "10:00", "close", people.second, "", **of)
    people.hands.set(at("2022-05-13"))
    del by_hand[""]
    assert used(people, case) == dict(by_hand)
    assert sum(by_hand.values()) == (at("2022-05-12", "10:00") - at("2022-05-09")).total_seconds() // 60
    page = text(browser(people.bureau).get(f"/desk/cases/{case.id}"))
    assert all(who in page for who in by_hand)
    step("13", "09:00", "not_solved", people.contacts[firm.id], labour, **of, why="part", reason="只来了8个")
    people.hands.set(at("2022-05-13", "12:00"))
    by_hand[labour] += 180
    del by_hand[""]
    assert used(people, case) == dict(by_hand)
