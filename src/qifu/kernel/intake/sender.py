"""Tells whoever sent a list, once they have gone on to something else, that it was read or could not be."""

from datetime import timedelta
from uuid import UUID

from qifu.kernel import notify
from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock

from .models import Import

AWAY = timedelta(minutes=1)
"""After this long nobody waits at the page any more."""
READY = notify.register(
    notify.Kind(
        code="intake.ready", label="名单看好了", words="“{file}”看好了：{rows}行，{wrong}行要改。打开企服的导入页接着办。",
        brief="名单看好了：{rows}行，{wrong}行要改。打开企服的导入页接着办。", lasts=timedelta(hours=12),
    )
).code  # fmt: skip
UNREADABLE = notify.register(
    notify.Kind(
        code="intake.unreadable", label="名单没读成", words="“{file}”没有读成：{why}打开企服的导入页重新上传。",
        brief="上传的名单没有读成，打开企服的导入页看原因。", lasts=timedelta(hours=12),
    )
).code  # fmt: skip


def tell_sender(id: UUID, sender: UUID, *, worker: Actor) -> None:
    """Tell whoever has gone on to something else that the list may be gone on with; who waits at the page sees it there."""
    with acting(worker):
        made, at = Import._base_manager.get(id=id), clock.now()
        if at - made.created_at < AWAY:
            return
        words: dict[str, object] = {"file": made.filename}
        if made.step == Import.Step.JUDGED:
            words |= {"rows": made.counts.get("rows", 0), "wrong": made.counts.get("wrong", 0)}
            notify.tell(sender, READY, words=words, on=made, at=at, key=f"intake:{made.id}")
        elif made.step == Import.Step.FAILED:
            notify.tell(sender, UNREADABLE, words=words | {"why": made.error}, on=made, at=at, key=f"intake:{made.id}")
