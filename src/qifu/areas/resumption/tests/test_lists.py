"""Tests that the lists of a day are those of that day: the dynamic list, batches and their public page, the register."""

import io
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from qifu.areas.resumption import lists
from qifu.areas.resumption.models import Batch, Listing
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.values import uuid7

from .factories import code, february, world


@pytest.fixture
def town(database):
    hands = clock.Fixed(february("10"))
    with clock.use(hands):
        yield world(hands)


def names(town, day: str) -> list[tuple[str, str]]:
    """Give (name, state) of the dynamic list of a day, as the bureau reads it."""
    with acting(town.bureau):
        return [(line.name, line.state) for line in lists.dynamic(town.bureau, day=date(2020, 2, int(day)))]


def test_a_later_change_does_not_alter_an_earlier_evening(town):
    """Tests that starting, suspending and correcting on later days leave the list of an earlier evening as it was."""
    one, two, three = town.firm(), town.firm(), town.firm()
    for firm in (one, two, three):
        town.approved(firm)
    tenth = names(town, "10")
    assert [state for _, state in tenth] == ["approved"] * 3
    town.hands.set(february("12"))
    with acting(town.bureau):
        first, second, third = (next(a for a in lists.waiting(town.bureau) if a.enterprise_id == firm.id) for firm in (one, two, three))
    town.ok(run("resumption.start", {"application": first.id}, actor=town.contacts[one.id]))
    town.suspended(second)
    corrected = run("resumption.correct", {"application": third.id, "verb": "approve", "reason": "wrong_firm"}, actor=town.corrector)
    assert corrected.ok, corrected
    assert names(town, "10") == tenth
    today = dict(names(town, "12"))
    assert today[one.name] == "resumed" and third.enterprise.name not in today
    assert second.enterprise.name not in today
    page = text(browser(town.bureau).get("/desk/lists?day=2020-02-10"))
    assert page.count("data-row") == 0 and all(name in page for name, _ in tenth) and "以后办的、更正的都不改它" in page
    now = text(browser(town.bureau).get("/desk/lists"))
    assert "移出" in now and "随办随变" in now


def test_a_step_told_late_is_not_on_the_evening_that_did_not_know_it(town):
    """Tests that a start of yesterday told today stands on today's list only, since nobody knew it yesterday."""
    firm = town.firm()
    application = town.approved(firm)
    town.hands.set(february("13"))
    started = run("resumption.start", {"application": application.id}, actor=town.contacts[firm.id], at=february("12", "09:00"))
    assert started.ok, started
    assert names(town, "12") == [(firm.name, "approved")] and names(town, "13") == [(firm.name, "resumed")]


def test_a_firm_renamed_since_stands_on_an_earlier_evening_as_it_was_called(town):
    """Tests that name, size and code of an evening are those of that evening, after two later changes, and are found by that name."""
    firm, other = town.firm(size="small"), town.firm()
    for one in (firm, other):
        town.approved(one)

    def told(day: str, **more):
        with acting(town.bureau):
            found = lists.dynamic(town.bureau, day=date(2020, 2, int(day)), **more)
            return [(line.name, line.uscc, line.size, line.over_100m) for line in found]

    tenth = told("10")
    town.hands.set(february("12"))
    town.ok(run("registry.change", {"enterprise": firm.id, "name": "奉化新名机械有限公司", "reason": "换照"}, actor=town.bureau))
    label = {"size": "above", "over_100m": True, "reason": "年报核实"}
    town.ok(run("registry.change", {"enterprise": firm.id, **label}, actor=town.bureau))
    twelfth = told("12")
    town.hands.set(february("14"))
    changed = {"name": "奉化又名机械有限公司", "uscc": code(900), "reason": "换照"}
    town.ok(run("registry.change", {"enterprise": firm.id, **changed}, actor=town.bureau))
    assert told("10") == told("11") == tenth and (firm.name, firm.uscc, "规下", False) in tenth
    assert told("12") == told("13") == twelfth and ("奉化新名机械有限公司", firm.uscc, "规上", True) in twelfth
    assert ("奉化又名机械有限公司", code(900), "规上", True) in told("14")
    assert [name for name, *_ in told("11", text=firm.name)] == [firm.name] and told("11", text="又名") == []
    page = text(browser(town.bureau).get("/desk/lists?day=2020-02-10"))
    assert firm.name in page and "又名" not in page
    rows = taken(browser(town.bureau), "/desk/lists/export/dynamic?day=2020-02-12")
    assert {row[1] for row in rows if row[0] in (1, 2)} == {"奉化新名机械有限公司", other.name}


def test_a_batch_is_published_with_public_words_only(town):
    """Tests that anybody reads firm, town, batch and day, and nothing else of an application; twice is refused."""
    firm = town.firm()
    application = town.approved(firm)
    clerk = browser(town.bureau)
    page = text(clerk.get("/desk/lists/batches"))
    assert firm.name in page and "发布第1批" in page
    assert clerk.post("/desk/lists/batches", {"row": [str(application.id)]}).status_code == 302
    address = f"/lists/{application.district}/"
    public = text(Client().get(address))
    assert firm.name in public and "莼湖街道" in public and "第1批" in public
    for secret in (application.number, firm.uscc, str(application.id), town.contacts[firm.id].name, town.approver.name):
        assert secret not in public
    again = clerk.post("/desk/lists/batches", {"row": [str(application.id)]})
    assert again.status_code == 409 and "没有要发布的" in text(again)
    with acting(town.bureau):
        assert Batch.objects.count() == 1 == Listing.objects.count()
        assert [e.data["number"] for e in reading.timeline(application) if e.verb == "publish"] == [1]
    assert Client().get("/lists/110101/").status_code == 404


def test_only_who_publishes_may_publish(town):
    """Tests that a town clerk sees what waits and is refused, and that nothing is published."""
    application = town.approved(town.firm())
    clerk = browser(town.town_clerk)
    assert "发布由经信局经办人办" in text(clerk.get("/desk/lists/batches"))
    assert clerk.post("/desk/lists/batches", {"row": [str(application.id)]}).status_code == 409
    with acting(town.bureau):
        assert not Batch.objects.exists()


def test_a_correction_takes_the_name_off_with_a_class_of_reason(town):
    """Tests that the public page keeps what was published and says why it left, in a class and not in words of the file."""
    firm = town.firm()
    application = town.approved(firm)
    town.ok(run("resumption.publish", {"applications": [application.id]}, actor=town.bureau))
    corrected = run("resumption.correct", {"application": application.id, "verb": "approve", "reason": "wrong_firm"}, actor=town.corrector)
    assert corrected.ok, corrected
    public = text(Client().get(f"/lists/{application.district}/"))
    standing, off = public.split("已移出")
    assert firm.name not in re.sub(r"<s>.*?</s>", "", standing) and firm.name in off and "登记更正" in off and "记错了企业" not in off
    with acting(town.bureau):
        assert lists.waiting(town.bureau) == []


def taken(client, address, **given):
    """Take a list along by its own button: the page that asks what for, then the file."""
    asking = client.get(address)["Location"]
    assert asking.startswith("/exports/new?") and "用途" in text(client.get(asking))
    file = client.post(asking, {"form": "xlsx", "purpose": "核对", **given}).content
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(file)).active.iter_rows()]


def test_a_batch_leaves_as_it_was_published(town):
    """Tests that the file of a batch holds its lines and who took it, and that a batch that is none is refused."""
    firm = town.firm()
    application = town.approved(firm)
    town.ok(run("resumption.publish", {"applications": [application.id]}, actor=town.bureau))
    clerk = browser(town.bureau)
    rows = taken(clerk, f"/desk/lists/batches/{application.district}/1/export")
    assert town.bureau.name in rows[0][0] and [row[1] for row in rows if row[0] == 1] == [firm.name]
    nothing = clerk.post(
        clerk.get(f"/desk/lists/batches/{application.district}/99/export")["Location"], {"form": "xlsx", "purpose": "核对"}
    )
    assert nothing.status_code == 422 and "没有导出" in text(nothing)


def test_the_register_holds_each_visit_and_leaves_as_a_spreadsheet(town):
    """Tests that a visit stands on the page and in the file with its conclusion, and on no other day."""
    firm = town.firm()
    town.passed(firm)
    clerk = browser(town.bureau)
    page = text(clerk.get("/desk/lists/register"))
    assert firm.name in page and "评估一组" in page and town.assessor.name in page
    rows = taken(clerk, "/desk/lists/export/register")
    line = next(row for row in rows if firm.name in row)
    assert town.bureau.name in rows[0][0] and line[2] == firm.name and line[8] == "通过"
    town.hands.set(february("10") + timedelta(days=1))
    assert firm.name not in text(browser(town.bureau).get("/desk/lists/register"))
    assert firm.name in text(browser(town.bureau).get("/desk/lists/register?since=2020-02-10"))


def test_odd_addresses_of_lists_are_answered(town):
    """Tests that nonsense in an address gives today's list, and that lists are an office's."""
    firm = town.firm()
    town.approved(firm)
    clerk = browser(town.bureau)
    for odd in ("day=昨天", "day=2999-01-01", "town=abc", "town=99999999", "q=%00%25", "since=x&until=y"):
        assert clerk.get(f"/desk/lists?{odd}").status_code == 200
        assert clerk.get(f"/desk/lists/register?{odd}").status_code == 200
    assert [row[1] for row in taken(clerk, "/desk/lists/export/dynamic?day=昨天") if row[0] == 1] == [firm.name]
    assert clerk.get("/desk/lists/export/nonsense").status_code == 404
    assert clerk.post("/desk/lists/batches", {"row": ["x", str(uuid7())]}).status_code == 409
    assert browser(town.contacts[firm.id]).get("/desk/lists")["Location"] == "/home/"
