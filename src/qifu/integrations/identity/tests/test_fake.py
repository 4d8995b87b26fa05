"""Tests that a ticket of another login is good once, for its own kind, and shows no number in a log."""

import pytest

from qifu.integrations.identity import FakeIdentity, LegalPerson, LegalPersonLogin, Officer, OfficerLogin, TicketSpent, Unavailable
from qifu.kernel.values import Secret

OFFICER = Officer(subject="zd-1", phone=Secret("16440292839", mask="164****2839"), name="袁晨睿", unit="临江街道办事处")
AGENT = LegalPerson(
    subject="zlb-1", uscc="91330299MAQ5G77H94", enterprise="宁波森顺医疗用品有限公司", agent="薛志华", level=3,
    phone=Secret("16427014706", mask="164****4706"),
)  # fmt: skip


def test_a_ticket_opens_once_and_only_its_own_kind() -> None:
    """Tests both ports: an officer's ticket names no enterprise, and a used one names nobody."""
    service = FakeIdentity()
    officers: OfficerLogin = service
    firms: LegalPersonLogin = service
    ticket = service.vouch(OFFICER)
    assert officers.officer(ticket) == OFFICER
    for again in (ticket, "", "never-given"):
        with pytest.raises(TicketSpent):
            officers.officer(again)
    with pytest.raises(TicketSpent):
        officers.officer(service.vouch(AGENT))
    assert firms.legal_person(service.vouch(AGENT)) == AGENT
    with pytest.raises(TicketSpent):
        firms.legal_person(service.vouch(OFFICER))


def test_a_service_that_does_not_answer_sends_people_to_the_code() -> None:
    """Tests that the sentence names the way that always works, and that the ticket is not lost by it."""
    service = FakeIdentity()
    ticket = service.vouch(OFFICER)
    service.answers = False
    with pytest.raises(Unavailable) as refused:
        service.officer(ticket)
    assert "验证码" in refused.value.fix
    service.answers = True
    assert service.officer(ticket) == OFFICER


def test_nothing_of_a_number_is_printed() -> None:
    assert "1644029" not in repr(OFFICER) and "1642701" not in repr(AGENT)
