"""Tests that a roster on the desk is masked, and shown in plain words only by right, with a purpose, on the record."""

from types import SimpleNamespace

import pytest

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import officer

from .world import THERE, clerk, contact_of, district, do, firm, refuse, town


@pytest.fixture
def staffed(database: SimpleNamespace) -> Enterprise:
    row = firm()
    origin = {"origin_province": "湖北省", "origin_city": "十堰市"}
    do("registry.add_worker", contact_of(row), name="傅刚珠", phone="16466420001", enterprise=row.id, **origin)
    return row


def page(row: Enterprise) -> str:
    return f"/desk/enterprises/{row.id}/workers"


@pytest.mark.parametrize("role", ["liaison", "leader", "approver", "town_clerk"])
def test_a_roster_is_masked_before_anybody_said_what_for(staffed: Enterprise, role: str) -> None:
    """Tests that neither name, number nor origin stands in the page, with or without the right."""
    said = browser(officer(role, town()), strong=True).get(page(staffed)).content.decode()
    assert "傅" in said and not any(word in said for word in ("傅刚珠", "16466420001", "十堰"))
    assert ("显示姓名和电话" in said) == (role == "town_clerk")


def test_without_the_right_nothing_is_shown_and_nothing_recorded(staffed: Enterprise) -> None:
    """Tests that the page's post and the action refuse, and that the firm finds no look at itself."""
    reader = officer("liaison", town())
    assert browser(reader).post(f"{page(staffed)}/look", {"purpose": "看看"}).status_code == 403
    assert refuse("registry.look_workers", reader, enterprise=staffed.id, purpose="看看").code == "NotYours"
    assert "傅刚珠" not in browser(contact_of(staffed)).get("/me/looks").content.decode()


def test_with_right_and_purpose_it_is_shown_and_the_firm_reads_who_looked(staffed: Enterprise) -> None:
    """Tests that a purpose is asked for, that the roster is shown once, and that the look stands on the firm's own page."""
    reader = browser(clerk())
    assert "没有写明用途" in reader.post(f"{page(staffed)}/look", {"purpose": " "}).content.decode()
    said = reader.post(f"{page(staffed)}/look", {"purpose": "联系返岗"}).content.decode()
    assert all(word in said for word in ("傅刚珠", "16466420001", "十堰市"))
    assert "傅刚珠" not in reader.get(page(staffed)).content.decode()
    mine = browser(contact_of(staffed)).get("/me/looks").content.decode()
    assert "联系返岗" in mine and mine.count("用途：") == 1


def test_another_town_finds_no_roster(staffed: Enterprise) -> None:
    """Tests that a clerk of another town is answered as if there were no such enterprise."""
    other = browser(clerk(THERE))
    assert other.get(page(staffed)).status_code == 404
    assert other.post(f"{page(staffed)}/look", {"purpose": "看看"}).status_code in (404, 409)
    assert refuse("registry.look_workers", clerk(THERE), enterprise=staffed.id, purpose="看看").code == "NotFound"
    assert officer("bureau_clerk", district()).may("registry.worker.see")
