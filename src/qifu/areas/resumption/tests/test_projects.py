"""Tests that a major project applies as an enterprise does, through the same hands, and is counted apart (FEATURES 2.11)."""

import pytest

from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment
from qifu.kernel.indicators import figure as value

from .factories import february, world


@pytest.fixture
def town(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def figure(town, id: str) -> int:
    with acting(town.bureau):
        return value(id, moment=Moment(clock.now()), actor=town.bureau).value


def test_a_project_goes_the_same_way_and_is_counted_apart(town):
    """Tests the whole way to the start, the project's own view and figures, and that figures of enterprises leave it out."""
    project, firm = town.firm(category="project", name="奉化滨海大道一期项目"), town.firm()
    assert (figure(town, "R06"), figure(town, "R01")) == (1, 1)
    application = town.approved(project)
    town.approved(firm)
    town.hands.set(february("12"))
    town.ok(run("resumption.start", {"application": application.id}, actor=town.contacts[project.id]))
    assert (figure(town, "R21"), figure(town, "R11"), figure(town, "F23")) == (1, 0, 1)
    waiting = town.ok(town.submit(town.firm(category="project", name="奉化污水厂扩建项目")))
    page = text(browser(town.bureau).get("/desk/?view=project"))
    assert waiting.enterprise.name in page and firm.name not in page


def test_a_project_is_no_essential_category(town):
    """Tests that being a project opens no early start: that is for essential categories and listed enterprises."""
    project = town.firm(category="project")
    early = town.submit(project, early=True, planned_at="2020-02-09T08:00")
    assert not early.ok and early.code == "NotEssential"
