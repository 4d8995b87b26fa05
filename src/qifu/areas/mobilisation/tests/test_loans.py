"""Lent to the front line: own work covered first, another approves, and it ends by itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qifu.areas.mobilisation.models import Loan
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE
from qifu.kernel.workflow.timer import tick

from .factories import do, home, refuse, staff

NOW = at("2020-02-11", "09:00")
FIRST = date(2020, 2, 12)


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def people(hands: clock.Fixed) -> list[Actor]:
    return staff(3)


@pytest.fixture
def leader(hands: clock.Fixed) -> Actor:
    return officer("approver", home(), name="局长", department="经信局")


def asked(who: Actor, cover: Actor, **more: Any) -> Loan:
    given = {"place": home(), "to": "口罩专班", "task": "驻企", "cover": cover.person, "cover_work": "接电话"}
    return do("ask_loan", who, **given | {"first_day": FIRST, "last_day": FIRST + timedelta(days=6)} | more)


def test_nobody_goes_before_a_colleague_covers_and_another_approves(people: list[Actor], leader: Actor) -> None:
    """Tests the order, who answers for the cover, and that nobody approves themselves."""
    goes, covers, other = people
    loan = asked(goes, covers)
    assert refuse("approve_loan", leader, loan=loan.id).code == "WrongState"
    assert refuse("cover_loan", other, loan=loan.id).code == "CoverAnswers"
    do("cover_loan", covers, loan=loan.id)
    assert refuse("approve_loan", goes, loan=loan.id).code == "NotYours"
    away = do("approve_loan", leader, loan=loan.id)
    assert (away.state, away.approver_name) == ("away", "局长")
    own = asked(leader, other)
    do("cover_loan", other, loan=own.id)
    assert refuse("approve_loan", leader, loan=own.id).code == "OwnLoan"


def test_it_ends_by_itself_when_the_last_day_is_over(people: list[Actor], leader: Actor, hands: clock.Fixed) -> None:
    """Tests the minute before and the minute of 24:00."""
    loan = asked(people[0], people[1])
    do("cover_loan", people[1], loan=loan.id)
    assert do("approve_loan", leader, loan=loan.id).due_at == at("2020-02-19", "00:00")
    hands.set(at("2020-02-18", "23:59"))
    assert tick(clock.now()) == 0
    hands.set(at("2020-02-19", "00:00"))
    assert tick(clock.now()) == 1
    with acting(leader):
        assert Loan.objects.get().state == "back"


def test_one_who_is_away_covers_for_nobody_and_goes_nowhere_else(people: list[Actor]) -> None:
    """Tests cover by oneself, by who is lent, a second loan, wrong days, and asking for another without the right."""
    goes, covers, other = people
    loan = asked(goes, covers)
    base = {
        "place": home(), "to": "卡口", "task": "查验", "first_day": FIRST, "last_day": FIRST, "cover_work": "文件", "cover": goes.person,
    }  # fmt: skip
    assert refuse("ask_loan", other, **base).code == "CoverIsAway"
    assert refuse("ask_loan", goes, **base).code == "BadInput"
    assert refuse("ask_loan", goes, **base | {"cover": other.person}).says.startswith("这个人已经有一次抽调")
    assert refuse("ask_loan", other, **base | {"cover": covers.person, "last_day": FIRST - timedelta(days=1)}).code == "BadInput"
    assert refuse("ask_loan", other, **base | {"cover": other.person, "person": covers.person}).code == "NotYours"
    assert refuse("rename_loan", other, loan=loan.id, cover=other.person).code == "NotYourLoan"
    assert do("rename_loan", goes, loan=loan.id, cover=other.person).cover_name == other.name
    assert refuse("cover_loan", covers, loan=loan.id).code == "CoverAnswers"
    with acting(goes):
        assert Loan.objects.count() == 1


def test_the_page_asks_covers_approves_and_calls_back(people: list[Actor], leader: Actor) -> None:
    """Tests the page for who goes, who covers and who approves."""

    def browser(actor: Actor) -> Client:
        client = Client()
        client.cookies[COOKIE] = session_of(actor, strong=True)
        return client

    mine, mate, boss = (browser(one) for one in (people[0], people[1], leader))
    page = reverse("mobilisation:loans")
    form = {"to": "口罩专班", "task": "驻企", "first_day": "2020-02-12", "last_day": "2020-02-18"}
    form |= {"cover": str(people[1].person), "cover_work": "接电话"}
    assert mine.post(page, {**form, "cover": ""}).status_code == 422
    assert mine.post(page, form).status_code == 302
    with acting(leader):
        loan = Loan.objects.get()
    act = lambda verb: reverse("mobilisation:act_on_loan", args=[loan.id, verb])  # noqa: E731
    assert "我来顶" in mate.get(page).content.decode() and "我来顶" not in boss.get(page).content.decode()
    assert boss.post(act("approve")).status_code == 409
    assert mate.post(act("cover")).status_code == 302
    assert boss.post(act("approve")).status_code == 302
    assert "现在有 1 人在一线" in mine.get(page).content.decode()
    assert boss.post(act("recall")).status_code == 302
    assert mine.post(act("nonsense")).status_code == 302
