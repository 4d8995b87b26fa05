"""How offices helped over a span: leads apart from helpers, seen by the office itself and those above it."""

from urllib.parse import urlencode

from qifu.areas.casework import evaluation
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

from .factories import Desk


def test_leads_and_helpers_are_told_apart_with_coverage_speed_reopened_and_score(people: Desk) -> None:
    """Tests the numbers of a span against what was done, and that what was given before it is not in it."""
    people.handling()
    people.hands.set(at("2022-05-10"))
    case = people.handling()
    ask = {"case": case.id, "office": "区消防救援大队", "ask": "看宿舍"}
    helping = people.ok(run("casework.ask_help", ask, actor=people.labour))
    people.hands.set(at("2022-05-11"))
    people.ok(run("casework.give_help", {"help": helping.id, "reply": "能住40人"}, actor=people.fire))
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "送来22人。"}, actor=people.labour))
    people.ok(run("casework.call_back", {"case": case.id, "score": 4}, actor=people.call_taker))
    people.assigned()
    span = {"first": at("2022-05-10").date(), "last": at("2022-05-11").date()}
    with acting(people.supervisor):
        (led,) = evaluation.led(people.supervisor, **span)
        (helped,) = evaluation.helped(people.supervisor, **span)
    assert (led.name, led.given, led.taken, led.covered, led.solved, led.reopened, led.scored, led.score) == (
        "区人社局",
        2,
        1,
        50,
        1,
        0,
        1,
        4.0,
    )
    assert (helped.name, helped.given, helped.taken, helped.to_end.days, helped.score) == ("区消防救援大队", 1, 1, 1, 4.0)


def test_an_office_sees_itself_and_those_above_see_all_in_the_order_of_names(people: Desk) -> None:
    """Tests that no office reads another's numbers, on the page as in the question."""
    people.handling()
    people.assigned(office="区消防救援大队")
    page = "/desk/cases/evaluation"
    own = browser(people.fire).get(page).content.decode()
    assert "区消防救援大队" in own and "区人社局" not in own
    shown = browser(people.supervisor).get(page).content.decode()
    assert 0 < shown.index("区人社局") < shown.index("区消防救援大队")
    assert browser(people.supervisor).get(f"{page}?first=nonsense&last=2099-01-01").status_code == 200
    with acting(people.colleague):
        assert evaluation.led(people.colleague, first=clock.today(), last=clock.today()) == []


def test_the_page_of_now_shows_an_office_to_itself_and_to_those_above_it(people: Desk) -> None:
    """Tests that whoever neither belongs to an office nor stands above it gets the sums of the reach and no row of it."""
    people.handling()
    people.assigned(office="区消防救援大队")

    def shown(who):
        context = browser(who).get("/desk/cases/offices").context
        assert (context["whole"].recorded, context["whole"].open) == (2, 2)
        return [row.it.name for row in context["rows"]]

    both = sorted(["区人社局", "区消防救援大队"])
    assert shown(people.supervisor) == shown(people.leader) == both
    assert (shown(people.fire), shown(people.labour)) == (["区消防救援大队"], ["区人社局"])
    assert shown(people.bureau) == shown(people.call_taker) == []


def test_each_row_opens_as_many_cases_as_its_number(people: Desk) -> None:
    """Tests that a row opens what it counted in the span, of leads and of helpers, and nothing of others' offices."""
    people.handling()
    people.hands.set(at("2022-05-10"))
    case = people.handling()
    people.assigned()
    people.assigned(office="区消防救援大队")
    people.ok(run("casework.ask_help", {"case": case.id, "office": "区消防救援大队", "ask": "看宿舍"}, actor=people.labour))
    span = {"first": at("2022-05-10").date(), "last": at("2022-05-10").date()}
    with acting(people.supervisor):
        led, helped = evaluation.led(people.supervisor, **span), evaluation.helped(people.supervisor, **span)
    above, page = browser(people.supervisor), "/desk/cases/evaluation"
    table = above.get(page, span).content.decode()
    assert [one.given for one in led] == [2, 1] and [one.given for one in helped] == [1]
    for part, offices in (("led", led), ("helped", helped)):
        for office in offices:
            asked = {"part": part, "office": office.code, **span}
            assert urlencode(asked).replace("&", "&amp;") in table
            opened = above.get(page, asked)
            assert opened.content.decode().count('class="counted"') == office.given
            assert opened.context["name"] == office.name
    other = browser(people.fire).get(page, {"part": "led", "office": "区人社局", **span}).content.decode()
    assert 'class="counted"' not in other
