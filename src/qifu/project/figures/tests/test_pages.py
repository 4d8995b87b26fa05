"""The pages of figures: every figure opens its rows, as of any day, and goes along as a spreadsheet."""

import io

import pytest
from openpyxl import load_workbook

from qifu.areas.resumption.tests.factories import code, february, world
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents.models import Export
from qifu.kernel.indicators import indicators
from qifu.kernel.journal import sealing
from qifu.project.figures import views

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def test_every_figure_opens_on_exactly_its_rows(town):
    """Tests that each registered figure has a page, and that the page names as many rows as it counts."""
    firms = [town.firm(), town.firm(), town.firm(size="small")]
    for firm in firms[:2]:
        town.accepted(firm)
    client = browser(town.bureau)
    listed = text(client.get("/figures/"))
    for id, indicator in indicators.items():
        assert indicator.label in listed
        assert client.get(f"/figures/{id}").status_code == 200
    page = text(client.get("/figures/F23"))
    assert "这2行" in page and "共2家，100.0%" in page
    assert [firm.name in page for firm in firms] == [True, True, False]


def test_every_figure_stands_in_a_group_and_each_of_its_numbers_has_a_word(town):
    """Tests that no name of the source stands on the page: groups and parts are said in words."""
    for indicator in indicators.values():
        assert views._group(indicator) in views.AREAS.values()
        assert set(indicator.parts) <= set(views.PARTS)
    page = text(browser(town.bureau).get("/figures/"))
    assert "请外地帮找0" in page and "passed_on" not in page


def test_a_day_in_the_past_is_shown_as_it_was_at_its_end(town):
    """Tests that the day chosen decides what is counted, and that what does not fit means today."""
    town.accepted(town.firm())
    town.hands.set(february("12"))
    town.accepted(town.firm())
    client = browser(town.bureau)
    assert "这1行" in text(client.get("/figures/F23?day=2020-02-10"))
    assert "这0行" in text(client.get("/figures/F23?day=2020-02-09"))
    for odd in ("", "?day=2020-13-45", "?day=2999-01-01", "?day=%00", "?seal=999&page=-3&part=x", "?page=99999999999"):
        assert "这2行" in text(client.get(f"/figures/F23{odd}"))


def test_the_spreadsheet_holds_the_same_rows_and_says_who_took_them(town):
    """Tests that the rows of the page are the rows of the file, below a line with figure, moment and person."""
    firm = town.firm()
    town.accepted(firm)
    client = browser(town.bureau)
    asking = client.get("/figures/F23/export?day=2020-02-10")["Location"]
    answer = client.post(asking, {"form": "xlsx", "purpose": "核对"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert town.bureau.name in rows[0][0] and "用途：核对" in rows[0][0] and "F23" in rows[1][0]
    assert [row[1] for row in rows if row[0] == 1] == [firm.name]
    assert client.get("/figures/F99999/export").status_code == 404


def test_above_500_rows_behind_a_figure_need_a_second_person(town):
    """Tests that the rows of a figure leave by the same door as every list: above 500 they wait for another person."""
    firms = [
        {"name": f"奉化试验{n}有限公司", "uscc": code(1000 + n), "region": town.town, "size": "above", "staff": 3, "industry": "C3311"}
        for n in range(501)
    ]
    town.ok(run("registry.register_many", {"rows": firms}, actor=town.bureau))
    client = browser(town.bureau)
    asking = client.get("/figures/R01/export")["Location"]
    assert "请人同意" in text(client.get(asking))
    assert client.post(asking, {"form": "xlsx", "purpose": "核对"})["Location"].startswith("/exports/?asked")
    with acting(town.bureau):
        assert [(row.listing, row.rows, row.state) for row in Export.objects.all()] == [("figures.rows", 501, "asked")]


def test_a_figure_shows_only_what_its_reader_reaches(town):
    """Tests that a town's clerk counts the town's own, that unknown figures are not found, and that others stay outside."""
    elsewhere = town.firm(place=town.other)
    clerk = browser(town.town_clerk)
    assert elsewhere.name in text(browser(town.bureau).get("/figures/R01"))
    assert "这0行" in text(clerk.get("/figures/R01")) and elsewhere.name not in text(clerk.get("/figures/R01"))
    assert clerk.get("/figures/F999").status_code == 404
    firm = town.firm()
    assert browser(town.contacts[firm.id]).get("/figures/").status_code == 403


def test_a_seal_in_the_address_shows_what_was_known_at_it(town):
    """Tests 11.3 by the page: a correction of the 18th takes a row off the 16th as known now, not as known at the seal of the 17th."""
    town.hands.set(february("16"))
    kept, wrong = town.accepted(town.firm()), town.accepted(town.firm())
    town.hands.set(february("17", "23:30"))
    evening = sealing.seal(at=clock.now())
    town.hands.set(february("18"))
    given = {"application": wrong.id, "verb": "accept", "reason": "wrong_firm"}
    town.ok(run("resumption.correct", given, actor=town.corrector))
    sealing.seal(at=clock.now())
    client = browser(town.bureau)
    now, then = (text(client.get(f"/figures/F23?day=2020-02-16{seal}")) for seal in ("", f"&seal={evening.number}"))
    names = [one.enterprise.name for one in (kept, wrong)]
    assert "这1行" in now and "按现在所知" in now and [name in now for name in names] == [True, False]
    assert "这2行" in then and "按2月17日" in then and "封存时所知" in then and all(name in then for name in names)
