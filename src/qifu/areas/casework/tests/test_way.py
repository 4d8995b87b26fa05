"""The way of a case from its telephone call to its closing-out, and what each step refuses."""

from datetime import date
from functools import partial

from qifu.areas.casework.handbook import handbook
from qifu.areas.casework.models import Case, Help, Remark
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import tables
from qifu.kernel.calendar.models import CalendarDay
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow import timer
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.tests.races import at_once, done, refused

from .factories import Desk


def test_a_case_runs_from_call_to_closing_out(people: Desk) -> None:
    """Tests every step by the person whose step it is, and that the number says place and year."""
    firm = people.firm()
    case = people.recorded(enterprise=firm.id, asker="徐会计", phone="13800136021")
    assert case.number.endswith("-22-0001") and case.kind == "labour" and "招不到" in case.kind_why
    case = people.resolved(enterprise=firm.id)
    assert not run("casework.call_back", {"case": case.id}, actor=people.labour).ok
    contact = people.contacts[firm.id]
    people.ok(run("casework.call_back", {"case": case.id, "score": 4}, actor=people.call_taker))
    people.ok(run("casework.close", {"case": case.id}, actor=people.second))
    again = people.ok(run("casework.not_solved", {"case": case.id, "why": "part", "reason": "只来了8个"}, actor=contact))
    assert (again.state, again.reopenings, again.office_name) == ("reopened", 1, "区人社局")
    people.ok(run("casework.take", {"case": case.id}, actor=people.labour))
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "又送来14人。"}, actor=people.labour))
    people.ok(run("casework.agree", {"case": case.id, "score": 5}, actor=contact))
    done = people.ok(run("casework.close", {"case": case.id}, actor=people.second))
    with acting(people.bureau):
        assert Case.objects.get(pk=done.id).standing == "solved"


def test_a_dispatch_is_returned_once_and_settled_by_another(people: Desk) -> None:
    """Tests that the office's clock stands still meanwhile, that a referee decides, and that it is not returned again."""
    case = people.assigned(office="区消防救援大队")
    fire, given = people.fire, {"case": case.id, "ground": "not_ours", "reason": "招工归人社"}
    assert run("casework.contest", given, actor=people.labour).code == "OtherOffice"
    people.ok(run("casework.contest", given, actor=fire))
    with acting(people.bureau):
        runs = {run_.name: run_ for run_ in ClockRun.objects.filter(subject=case.id, stopped_at__isnull=True)}
    assert runs["respond"].paused_at is not None and runs["settle"].paused_at is None
    settled = people.ok(run("casework.settle", {"case": case.id, "office": "区人社局", "reason": "招工归人社"}, actor=people.supervisor))
    assert (settled.state, settled.office_name) == ("assigned", "区人社局")
    again = run("casework.contest", {**given, "reason": "不归我们"}, actor=people.labour)
    assert again.code == "ReturnedOnce"
    with acting(people.bureau):
        assert Case.objects.get(pk=case.id).state == "assigned"


def test_each_rung_has_its_own_clock_and_an_office_that_leads(people: Desk) -> None:
    """Tests that what is stuck goes up, that the office above takes over, and that its days count from then."""
    case = people.handling()
    given = {"case": case.id, "office": "区经信局", "rung": "task_force", "reason": "三家都缺人，要统一组织"}
    up = people.ok(run("casework.escalate", given, actor=people.labour))
    assert (up.state, up.rung, up.office_name) == ("escalated", "task_force", "区经信局")
    people.hands.set(at("2022-05-10"))
    led = people.ok(run("casework.coordinate", {"case": case.id}, actor=people.colleague))
    assert led.handler == people.colleague.id
    with acting(people.bureau):
        (clock_,) = ClockRun.objects.filter(subject=case.id, stopped_at__isnull=True)
        assert (clock_.name, clock_.due_at) == ("coordinate", at("2022-05-20", "00:00"))
    assert run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "好了"}, actor=people.labour).code == "OtherOffice"
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "已组织专场招聘。"}, actor=people.colleague))


def test_waiting_gives_its_working_days_back_and_more_time_takes_two(people: Desk) -> None:
    """Tests that the clock stands still with a reason, and that a longer time is allowed by another than who asked."""
    case = people.handling()
    assert case.due_at == at("2022-05-17", "00:00")
    people.ok(run("casework.wait", {"case": case.id, "why": "paper", "reason": "等市里批文"}, actor=people.labour))
    people.hands.set(at("2022-05-12"))
    went = people.ok(run("casework.go_on", {"case": case.id}, actor=people.labour))
    assert went.due_at == at("2022-05-20", "00:00")
    people.ok(run("casework.ask_more", {"case": case.id, "days": 2, "reason": "批文刚到"}, actor=people.labour))
    assert run("casework.ask_more", {"case": case.id, "days": 21, "reason": "再要"}, actor=people.labour).code == "BadInput"
    assert run("casework.allow_more", {"case": case.id}, actor=people.labour).code == "NotYours"
    allowed = people.ok(run("casework.allow_more", {"case": case.id}, actor=people.supervisor))
    assert (allowed.due_at, allowed.more_days) == (at("2022-05-24", "00:00"), 0)
    with acting(people.bureau):
        because = ClockRun.objects.get(subject=case.id, name="resolve", stopped_at__isnull=True).because
    assert any("督查员批准" in str(one) for one in because)


def test_a_simple_question_is_answered_at_once(people: Desk) -> None:
    """Tests that the answer carries its source, and that what was set to be given out is not answered so."""
    case = people.recorded("请问高新补贴怎么申请")
    done = people.ok(run("casework.answer", {"case": case.id, "answer": "网上申报，三月底前。", "source": "12条"}, actor=people.call_taker))
    assert (done.state, done.answer_source) == ("answered", "12条")
    with acting(people.bureau):
        assert Case.objects.get(pk=done.id).standing == "solved"
    other = people.classified()
    assert run("casework.answer", {"case": other.id, "answer": "好的"}, actor=people.call_taker).code == "NotSimple"
    assert run("casework.answer", {"case": people.recorded("请问电话多少").id, "answer": " "}, actor=people.call_taker).code in (
        "NoAnswer",
        "BadInput",
    )


def test_a_town_with_full_hands_is_given_more_only_with_a_say(people: Desk) -> None:
    """Tests the guard of load: so many open cases for each who can handle them."""
    for number in range(handbook().load):
        people.assigned(text=f"第{number}车间缺普工")
    case = people.classified("再来一件缺普工")
    refused = run("casework.assign", {"case": case.id, "office": "区人社局"}, actor=people.bureau)
    assert refused.code == "TooManyInHand" and "区人社局" in refused.says
    people.ok(run("casework.assign", {"case": case.id, "office": "区人社局", "over": "同一批招聘一起办"}, actor=people.bureau))


def test_bad_input_keeps_what_can_be_kept(people: Desk) -> None:
    """Tests empty words, too many, a firm that nobody knows, numbers in the text, and the same origin twice."""
    for words, code in (("", {"NothingSaid", "BadInput"}), ("字" * 100_000, {"TooMuchSaid", "BadInput"})):
        assert run("casework.record", {"text": words, "channel": "hotline"}, actor=people.call_taker).code in code
    case = people.recorded("身份证330213199001011234，电话13800136021，缺人", firm="没有登记的厂")
    assert "199001011234"[:8] not in case.text and "13800136021" not in case.text and case.phone.reveal() == "13800136021"
    assert (case.firm, case.enterprise_id, case.region) == ("没有登记的厂", None, people.district)
    origin = {"origin_kind": "visits.opinion", "origin": str(case.id)}
    first, second = people.recorded(channel="visit", **origin), people.recorded(channel="visit", **origin)
    assert first.id == second.id
    loop = {"channel": "loop:12345", "source": "12345", "source_number": "HZ20220509001"}
    one, two = people.recorded(**loop), people.recorded(**loop)
    assert one.id == two.id and one.source_number == "HZ20220509001"
    assert run("casework.record", {"text": "x", "channel": "pigeon"}, actor=people.call_taker).code == "BadInput"
    with acting(people.bureau):
        assert Case.objects.count() == 3


def test_merged_and_taken_apart_again(people: Desk) -> None:
    """Tests that a duplicate follows the main case, cannot be merged into itself, and is classified anew when taken apart."""
    main, double = people.classified(), people.classified()
    merge = {"case": double.id, "into": main.number}
    assert run("casework.merge", {"case": main.id, "into": main.number}, actor=people.bureau).code == "NotItself"
    people.ok(run("casework.merge", merge, actor=people.bureau))
    assert run("casework.merge", {"case": main.id, "into": double.number}, actor=people.bureau).code == "NotItself"
    with acting(people.bureau):
        assert Case.objects.get(pk=double.id).standing == "merged"
    apart = people.ok(run("casework.unmerge", {"case": double.id}, actor=people.bureau))
    assert (apart.state, apart.merged_into_id) == ("recorded", None)


def test_two_officers_closing_at_once_close_once(people: Desk) -> None:
    """Tests two hands at the same instant: one closes, the other hears in words what it is now, one entry stands."""
    for _ in range(3):
        case = people.resolved()
        people.ok(run("casework.call_back", {"case": case.id, "score": 5}, actor=people.call_taker))
        of = {"case": case.id}
        results = at_once(*(partial(run, "casework.close", of, actor=who) for who in (people.call_taker, people.second)))
        assert len(done(results)) == 1 and refused(results) == ["WrongState"], results
        (loser,) = [one for one in results if not one.ok]
        assert loser.says.startswith("这件事现在是“已销号”") and loser.says.endswith("没有改动。")
        winner = people.call_taker if results[0].ok else people.second
        with acting(people.bureau):
            assert Case.objects.get(pk=case.id).state == "closed_out"
            assert [one.actor for one in Entry._base_manager.filter(subject=case.id, verb="close")] == [winner.id]


def test_an_answer_after_the_closing_is_refused_in_words_and_changes_nothing(people: Desk) -> None:
    """Tests everybody who had a part in it: the office, the callers, the firm, and a helper who did not answer in time."""
    firm = people.firm()
    case = people.handling(enterprise=firm.id)
    ask = {"case": case.id, "office": "区消防救援大队", "ask": "看通道"}
    helping = people.ok(run("casework.ask_help", ask, actor=people.labour))
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "送来22人。"}, actor=people.labour))
    people.ok(run("casework.call_back", {"case": case.id, "score": 5}, actor=people.call_taker))
    people.ok(run("casework.close", {"case": case.id}, actor=people.second))
    before = everything_of(people, case, helping)
    of, words = {"case": case.id}, {"answer": "又送来14人。"}
    late = (
        ("answer", of | words, people.call_taker), ("resolve", of | words | {"ended": "solved"}, people.labour),
        ("call_back", of | {"score": 1}, people.call_taker), ("agree", of | {"score": 1}, people.contacts[firm.id]),
        ("reject", of | {"why": "same"}, people.call_taker), ("give_help", {"help": helping.id, "reply": "通道已看"}, people.fire),
        ("give_help", {"help": helping.id, "reply": "来不了", "can": False}, people.fire),
        ("ask_help", ask, people.labour),
    )  # fmt: skip
    for verb, given, who in late:
        answer = run(f"casework.{verb}", given, actor=who)
        assert not answer.ok and str(answer.says).startswith("这件") and "没有" in answer.says, (verb, answer)
    assert everything_of(people, case, helping) == before
    with acting(people.bureau):
        assert not ClockRun.objects.filter(subject__in=[case.id, helping.id], stopped_at__isnull=True).exists()


def everything_of(people: Desk, case: Case, helping: Help) -> tuple:
    """Give a case, its help and all that stands on the record of both."""
    with acting(people.bureau):
        entries = Entry._base_manager.filter(subject__in=[case.id, helping.id]).order_by("seq")
        rows = Case.objects.filter(pk=case.id).values_list(), Help.objects.filter(pk=helping.id).values_list()
        return (*(list(found) for found in rows), list(entries.values_list("seq", "verb")), Remark.objects.count())


def test_words_beside_a_case_are_kept_in_order(people: Desk) -> None:
    """Tests a try to call back and a note after it."""
    case = people.resolved()
    people.ok(run("casework.tried", {"case": case.id}, actor=people.call_taker))
    people.ok(run("casework.note", {"case": case.id, "text": "下午再打"}, actor=people.call_taker))
    with acting(people.supervisor):
        assert list(Remark.objects.values_list("kind", flat=True)) == ["called", "note"]


def test_a_case_over_new_year_says_that_next_year_is_not_known_and_moves_when_it_is(people: Desk) -> None:
    """Tests a calendar without next year: weekdays count for the time being, the page says so, and once the year's notice is in
    the table the open deadline is found anew."""
    people.hands.set(at("2026-12-30"))  # a Wednesday
    case = people.handling()
    assert case.due_at == at("2027-01-07", "00:00"), "31 December, 1, 4, 5 and 6 January"
    says = "2027年的放假安排还没有录入，暂按周一至周五计算"
    assert says in text(browser(people.labour).get(f"/desk/cases/{case.id}"))
    off = {"is_workday": False, "name": "元旦", "source": "国务院办公厅通知"}
    CalendarDay.objects.using("owner").bulk_create([CalendarDay(date=date(2027, 1, day), **off) for day in (1, 2, 3)])
    tables.forget()
    with acting(timer.timer()):
        assert timer.recompute(people.district, reason="2027年放假安排已录入") == 1
        assert Case._base_manager.get(pk=case.id).due_at == at("2027-01-08", "00:00")
    page = text(browser(people.labour).get(f"/desk/cases/{case.id}"))
    assert says not in page and "2027年放假安排已录入" in page


def test_an_instruction_of_the_night_is_due_at_its_hour(people: Desk) -> None:
    """Tests that a note of 22:10 with feedback by 17:00 is due at 17:00 of the next day, working day or not."""
    people.hands.set(at("2022-05-13", "22:10"))
    case = people.assigned(office="区人社局", channel="instruction", until="17:00", text="货车卡口的事请明天五点前报结果")
    assert case.due_at == at("2022-05-14", "17:00")


def test_a_town_hands_up_to_the_district_that_it_cannot_look_into(people: Desk) -> None:
    """Tests that a town's clerk, who reads no rights of the district, still hands a case up to it and is helped by it."""
    case = people.assigned(office=f"place:{people.town}", region=people.town)
    people.ok(run("casework.take", {"case": case.id}, actor=people.town_clerk))
    people.ok(run("casework.ask_help", {"case": case.id, "office": "区人社局", "ask": "问职校"}, actor=people.town_clerk))
    given = {"case": case.id, "office": f"place:{people.district}", "reason": "镇里办不了"}
    people.ok(run("casework.escalate", given, actor=people.town_clerk))
    led = people.ok(run("casework.coordinate", {"case": case.id}, actor=people.bureau))
    assert led.handler == people.bureau.id
