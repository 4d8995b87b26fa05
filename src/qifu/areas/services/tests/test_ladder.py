"""What an enterprise asked for and nobody answers goes to the head of the department that serves it, once a rung, and not afterwards."""

from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on

from .factories import World


def test_an_appointment_nobody_answers_presses_who_serves_it(fenghua: World) -> None:
    """Tests the fire brigade's head on the first rung, the next rung a working day later, once each; what was accepted is silent."""
    head(fenghua.district, "江大队长", office="区消防救援大队")
    head(fenghua.district, "葛区长", rung=2)
    waits, done = fenghua.asked(fenghua.firm()), fenghua.asked(fenghua.firm())
    fenghua.ok("services.appointment.accept", by=fenghua.fire, appointment=done.id)
    late = due(waits, "answer")
    assert late == at("2020-02-19", "00:00")
    assert sweep_on(fenghua.hands, late) == 1 and sweep_on(fenghua.hands, late, hours=1) == 0
    assert heard(waits)[-1] == (1, "江大队长") and heard(done) == []
    sweep_on(fenghua.hands, at("2020-02-20", "00:10"))
    assert [one for one in heard(waits) if one[0] > 0] == [(1, "江大队长"), (2, "葛区长")]
    fenghua.ok("services.appointment.accept", by=fenghua.fire, appointment=waits.id)
    told = heard(waits)
    assert sweep_on(fenghua.hands, at("2020-02-28", "09:00")) == 0 and heard(waits) == told


def test_orders_and_certificates_press_the_centre_of_the_district(fenghua: World) -> None:
    """Tests an order that nobody opens, papers that nobody sends, a claim that nobody checks; a district without a centre hears itself."""
    firm = fenghua.firm()
    mine = fenghua.contacts[firm.id]
    head(fenghua.district, "方区长")
    order = fenghua.ok("services.order.apply", by=mine, enterprise=firm.id, offer="cloud_video", wanted=5)
    sweep_on(fenghua.hands, due(order, "open"))
    assert heard(order)[-1] == (1, "方区长")
    head(fenghua.district, "沈主任", office="区企服中心")
    loss = {"kind": "force_majeure", "loss": "3000万", "cause": "订单交不出", "counterparty": "DE GmbH"}
    paper = fenghua.ok("services.certificate.find", by=mine, enterprise=firm.id, **loss)
    fenghua.ok("services.certificate.hand_in", by=mine, certificate=paper.id, papers="合同、海关单")
    sweep_on(fenghua.hands, due(paper, "issue"))
    assert heard(paper)[-1] == (1, "沈主任") and (1, "沈主任") not in heard(order)
    given = {"issued_number": "3302A0/000123", "issued_on": "2020-02-18"}
    fenghua.ok("services.certificate.issue", by=fenghua.bureau, certificate=paper.id, **given)
    fenghua.ok("services.certificate.claim", by=mine, certificate=paper.id, saved="2800万", ground="对方来函同意延期")
    sweep_on(fenghua.hands, due(paper, "confirm"))
    assert [one for one in heard(paper) if one[0] > 0] == [(1, "沈主任"), (1, "沈主任")]
    fenghua.ok("services.certificate.confirm", by=fenghua.second, certificate=paper.id)
    told = heard(paper)
    fenghua.ok("services.order.open", by=fenghua.bureau, order=order.id, accounts=5)
    assert sweep_on(fenghua.hands, clock.now(), days=9) == 0 and heard(paper) == told
