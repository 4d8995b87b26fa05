"""Tests that a ticket of another login is good once, for its own kind and browser, and shows no number in a log."""

from contextlib import suppress
from threading import Event

import pytest

from qifu.integrations.identity import (
    FakeIdentity,
    LegalPerson,
    LegalPersonLogin,
    Officer,
    OfficerLogin,
    Proof,
    TicketSpent,
    Unavailable,
    ask,
    chosen,
    using,
)
from qifu.kernel.values import Secret

PROOF = Proof(state="s", nonce="n", verifier="v")
OTHER = Proof(state="s", nonce="n", verifier="another browser's")
OFFICER = Officer(
    subject="zd-1", phone=Secret("16440292839", mask="164****2839"), name="袁晨睿", unit="临江街道办事处", audience="qifu", nonce="n"
)
AGENT = LegalPerson(
    subject="zlb-1", uscc="91330299MAQ5G77H94", enterprise="宁波森顺医疗用品有限公司", agent="薛志华", level=3,
    phone=Secret("16427014706", mask="164****4706"), audience="qifu", nonce="n",
)  # fmt: skip


def ticket_for(service: FakeIdentity, who: Officer | LegalPerson) -> str:
    return service.vouch(who, at=service.start(proof=PROOF, back="https://qifu.example/back"))


def answered(service: FakeIdentity, *, tries: int) -> bool:
    """Say whether the service is asked again within so many tries: threads that hung come back one after another."""
    for _ in range(tries):
        with suppress(Unavailable):
            return ask(lambda: service.officer(ticket_for(service, OFFICER), proof=PROOF), patience=5) == OFFICER
        Event().wait(0.01)
    return False


def test_a_ticket_opens_once_and_only_its_own_kind() -> None:
    """Tests both ports: an officer's ticket names no enterprise, and a used one names nobody."""
    service = FakeIdentity()
    officers: OfficerLogin = service
    firms: LegalPersonLogin = service
    ticket = ticket_for(service, OFFICER)
    assert officers.officer(ticket, proof=PROOF) == OFFICER
    for again in (ticket, "", "never-given"):
        with pytest.raises(TicketSpent):
            officers.officer(again, proof=PROOF)
    with pytest.raises(TicketSpent):
        officers.officer(ticket_for(service, AGENT), proof=PROOF)
    assert firms.legal_person(ticket_for(service, AGENT), proof=PROOF) == AGENT
    with pytest.raises(TicketSpent):
        firms.legal_person(ticket_for(service, OFFICER), proof=PROOF)


def test_a_ticket_that_another_browser_picked_up_names_nobody() -> None:
    """Tests that the verifier that never left the first browser is asked for (RFC 7636)."""
    service = FakeIdentity()
    with pytest.raises(TicketSpent):
        service.officer(ticket_for(service, OFFICER), proof=OTHER)


def test_a_service_that_does_not_answer_sends_people_to_the_code() -> None:
    """Tests that the sentence names the way that always works, and that the ticket is not lost by it."""
    service = FakeIdentity()
    ticket = ticket_for(service, OFFICER)
    service.answers = False
    with pytest.raises(Unavailable) as refused:
        service.officer(ticket, proof=PROOF)
    assert "验证码" in refused.value.fix
    service.answers = True
    assert service.officer(ticket, proof=PROOF) == OFFICER


def test_a_service_that_hangs_breaks_or_is_crowded_is_left_alone() -> None:
    """Tests that nobody waits longer than the patience, that a fault is no page of ours, and that four hang at most."""
    service = FakeIdentity()
    service.breaks = ValueError("500 Internal Server Error")
    with pytest.raises(Unavailable):
        ask(lambda: service.officer("t", proof=PROOF), patience=5)
    service.breaks, service.hangs = None, Event()
    for _ in range(4):
        with pytest.raises(Unavailable):
            ask(lambda: service.officer("t", proof=PROOF), patience=0.01)
    quick = FakeIdentity()
    with pytest.raises(Unavailable):
        ask(lambda: quick.officer(ticket_for(quick, OFFICER), proof=PROOF), patience=5)
    service.hangs.set()
    assert answered(quick, tries=500), "the four that hung were not given back"


def test_only_what_is_chosen_is_in_use() -> None:
    """Tests that outside the block nothing of it is left."""
    before = chosen()
    service = FakeIdentity()
    with using(zzd=service):
        assert chosen() == {"zzd": service}
    assert chosen() == before


def test_nothing_of_a_number_is_printed() -> None:
    assert "1644029" not in repr(OFFICER) and "1642701" not in repr(AGENT) and "another" not in repr(OTHER)
