"""What the enterprise is told at a step, in one short message to each of its contacts (the `notice` of a move)."""

from collections.abc import Sequence

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen_many
from qifu.kernel.values.secret import Secret

from .models import Application
from .workflow import RESUMPTION

TEXTS = {
    "accepted": "{firm}：申请{number}已受理，今天内有人到现场评估。",
    "returned": "{firm}：申请{number}要补材料：{reason}。打开企服就能补，其他内容都在。",
    "assigned": "{firm}：{team}来评估，到之前会联系您。",
    "rectify": "{firm}：现场评估有要整改的项目，打开企服看是哪几项，改好点“整改好了”。",
    "approved": "{firm}：申请{number}已批准，{start}起可以开工。",
    "refused": "{firm}：申请{number}没有批准，理由和救济途径在企服的决定书里。整改后可以再申请。",
    "suspended": "{firm}：复工许可已停用，理由和救济途径在企服的决定书里。",
    "restored": "{firm}：复工许可已恢复，可以开工。",
    "lapsed": "{firm}：响应已结束，开工不用再申请，申请{number}不用再办。",
}


@listen_many("resumption.application.*", name="resumption.notices")
def tell(events: Sequence[Event], actor: Actor) -> None:
    """Tell the contacts of each enterprise what became of its application; a correction tells nobody."""
    told = [(event, notice) for event in events if event.sign > 0 and (notice := _notice(event.verb))]
    if not told:
        return
    about = {event.subject for event, _ in told}
    applications = Application._base_manager.select_related("enterprise", "team").in_bulk(about)
    phones = registry.phones_of_many({one.enterprise_id for one in applications.values()})
    for event, notice in told:
        application = applications[event.subject]
        text = _text(notice, application)
        for number in phones.get(application.enterprise_id, []):
            notify.send(notify.Message(to=number, text=Secret(text), kind=f"resumption.{notice}", at=event.at))


def _notice(verb: str) -> str:
    move = RESUMPTION.moves.get(verb)
    return move.notice if move else ""


def _text(notice: str, application: Application) -> str:
    start = application.may_start_from
    return TEXTS[notice].format(
        firm=application.enterprise.name,
        number=application.number,
        reason=application.reason,
        team=application.team.name if application.team else "评估组",
        start=f"{local(start):%-m月%-d日 %H:%M}" if start else "批准之时",
    )
