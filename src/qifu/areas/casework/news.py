"""Who is told when something happens to a case: the asker, those whose cases were merged into it, and who handles it."""

from collections.abc import Sequence
from pathlib import Path

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor, person_of
from qifu.kernel.events import Event, listen
from qifu.kernel.values.secret import Secret

from .models import Case, Supervision

ASKERS = {
    "record": "casework.recorded",
    "answer": "casework.answered",
    "resolve": "casework.resolved",
    "reject": "casework.again",
    "not_solved": "casework.again",
}
HANDLERS = {"supervise": "casework.supervised", "send_back": "casework.sent_back"}
"""What is said of a supervision to who handles the case."""
_ANSWER_MOST = 80

notify.load(Path(__file__).parent / "notices.yaml")


@listen(*(f"casework.case.{verb}.v1" for verb in ASKERS), name="casework.notices")
def tell(event: Event, actor: Actor) -> None:
    """Tell the asker; never about a confidential case, and not again for a correction."""
    if event.sign < 0:
        return
    main = Case._base_manager.filter(pk=event.subject).first()
    if main is None or main.compartment:
        return
    follows = list(main.merged.all()) if event.verb in ("answer", "resolve") else []
    orders = [
        notify.Tell(to=number, kind=ASKERS[event.verb], words=_words(case, main), on=case)
        for case in (main, *follows)
        for number in _numbers(case)
    ]
    notify.tell_many(orders, at=event.at)


@listen(*(f"casework.supervision.{verb}.v1" for verb in (*HANDLERS, "reply")), name="casework.supervisions")
def press(event: Event, actor: Actor) -> None:
    """Tell who handles the case that an answer is owed, and who asked that it is there; never about a confidential case."""
    one = Supervision._base_manager.select_related("case").filter(pk=event.subject).first() if event.sign > 0 else None
    if one is None or one.compartment:
        return
    words = {"title": one.case.title, "number": one.number, "office": one.office_name}
    # The handler of another office, to which the case went meanwhile, owes nothing.
    handler = one.case.handler if one.case.office == one.office else ""
    to, kind = (one.asker, "casework.replied") if event.verb == "reply" else (handler, HANDLERS[event.verb])
    # A machine that handled it, or another system that asked, reads no messages.
    if (person := person_of(to)) is not None:
        notify.tell(person, kind, words=words, on=one, at=event.at)


def _words(case: Case, main: Case) -> dict[str, str]:
    answer = main.answer if len(main.answer) <= _ANSWER_MOST else main.answer[: _ANSWER_MOST - 1] + "…"
    return {"title": case.title, "number": case.number, "office": main.office_name or main.intake_office, "answer": answer.rstrip("。")}


def _numbers(case: Case) -> Sequence[Secret]:
    """Give where the asker hears of it: the number that they left, if it takes messages, else the firm's contacts."""
    if case.phone:
        number = case.phone.reveal()
        return [Secret(number)] if len(number) == 11 and number.startswith("1") else []
    return registry.phones_of(case.enterprise_id) if case.enterprise_id else []
