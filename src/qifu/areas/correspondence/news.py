"""What follows of itself: the answer to a case goes back to the city that asked, and the writer of a letter hears of its answer."""

from pathlib import Path

from qifu.areas.casework import api as casework
from qifu.kernel import notify
from qifu.kernel.access import Actor, person_of
from qifu.kernel.events import Event, listen

from .models import Delivery, Letter, Parcel
from .terms import ANSWER, DELIVERY, ENDS

notify.load(Path(__file__).parent / "notices.yaml")

_ENDED = {"solved": "solved", "explained": "part", "cannot": "cannot"}


@listen("casework.case.resolve.v1", "casework.case.answer.v1", name="correspondence.answers")
def answer_back(event: Event, actor: Actor) -> None:
    """Send the answer of a case to the office of the other city from which it came; once for each time that it is solved."""
    case = casework.case(event.subject)
    if event.sign < 0 or case is None or case.origin_kind != DELIVERY or not case.answer:
        return
    asked = Delivery._base_manager.select_related("peer").filter(pk=case.origin).first()
    if asked is None or asked.peer is None or asked.theirs is None or asked.peer.state != "trusted":
        return
    ended = _ENDED.get(case.ended, "part")
    assert ended in ENDS
    body = {
        "letter": asked.theirs.hex, "number": case.number, "organ": case.office_name or case.intake_office, "answer": case.answer[:5000],
        "ended": ended,
    }  # fmt: skip
    if Parcel._base_manager.filter(about=asked.id, kind=ANSWER, body=body).exists():
        return
    Parcel(
        peer=asked.peer, kind=ANSWER, about=asked.id, body=body, made_at=event.at, next_at=event.at, region=asked.region,
        district=asked.district,
    ).save(force_insert=True)  # fmt: skip


@listen("correspondence.letter.reply.v1", name="correspondence.notices")
def tell(event: Event, actor: Actor) -> None:
    """Tell the writer and the handler of the case that the other city has answered."""
    letter = Letter._base_manager.select_related("case").filter(pk=event.subject).first()
    if event.sign < 0 or letter is None:
        return
    people = dict.fromkeys(person for who in (letter.writer, letter.case.handler) if (person := person_of(who)) is not None)
    words = {"office": letter.to_name, "number": letter.number, "title": letter.case.title}
    orders = [
        notify.Tell(to=who, kind="correspondence.answered", words=words, on=letter, key=f"answered:{letter.id}:{who}") for who in people
    ]
    notify.tell_many(orders, at=event.at)
