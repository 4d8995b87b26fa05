"""Who is told when something happens to a case: the asker, those whose cases were merged into it, and who handles it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.events import Event, listen
from qifu.kernel.values.secret import Secret

from .models import Case

ASKERS = {
    "record": "casework.recorded",
    "answer": "casework.answered",
    "resolve": "casework.resolved",
    "reject": "casework.again",
    "not_solved": "casework.again",
}
HANDLERS = {"supervise": "casework.supervised"}
_ANSWER_MOST = 80

notify.load(Path(__file__).parent / "notices.yaml")


@listen(*(f"casework.case.{verb}.v1" for verb in (*ASKERS, *HANDLERS)), name="casework.notices")
def tell(event: Event, actor: Actor) -> None:
    """Tell the asker and the handler; never about a confidential case, and not again for a correction."""
    if event.sign < 0:
        return
    main = Case._base_manager.filter(pk=event.subject).first()
    if main is None or main.compartment:
        return
    if event.verb in HANDLERS and main.handler:
        notify.tell(UUID(main.handler), HANDLERS[event.verb], words=_words(main, main), on=main, at=event.at)
    if event.verb in ASKERS:
        follows = list(main.merged.all()) if event.verb in ("answer", "resolve") else []
        orders = [
            notify.Tell(to=number, kind=ASKERS[event.verb], words=_words(case, main), on=case)
            for case in (main, *follows)
            for number in _numbers(case)
        ]
        notify.tell_many(orders, at=event.at)


def _words(case: Case, main: Case) -> dict[str, str]:
    answer = main.answer if len(main.answer) <= _ANSWER_MOST else main.answer[: _ANSWER_MOST - 1] + "…"
    return {"title": case.title, "number": case.number, "office": main.office_name or main.intake_office, "answer": answer.rstrip("。")}


def _numbers(case: Case) -> Sequence[Secret]:
    """Give where the asker hears of it: the number that they left, if it takes messages, else the firm's contacts."""
    if case.phone:
        number = case.phone.reveal()
        return [Secret(number)] if len(number) == 11 and number.startswith("1") else []
    return registry.phones_of(case.enterprise_id) if case.enterprise_id else []
