"""What a form about a subject carries besides its fields: its retry key, and the state it was made on."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from qifu.kernel.access import ActionRefused, acting
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Key
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .asking import Again, key_of, notice_of, status_of


class MovedMeanwhile(ActionRefused):
    """Somebody took a step between the form's page and its answer."""

    says = "您打开这页以后，这件已经有人往前办了，没有改动。"
    fix = "下面是最新情况，看过再办；您填的还在。"


def hidden(subject: Subject, *, key: UUID | None = None, **more: str) -> tuple[tuple[str, str], ...]:
    """Give the hidden fields of a form about a subject."""
    return (("key", str(key or uuid7())), ("seen", subject.state_at.isoformat()), *((n, v) for n, v in more.items() if v))


def check_unmoved(subject: Subject, request: HttpRequest) -> None:
    """Refuse MovedMeanwhile where the form was made on another state. The second press of one form passes: its key is known."""
    try:
        seen = clock.read_instant(request.POST.get("seen", ""))
    except ValueError:
        return
    if not seen.tzinfo or seen == subject.state_at:
        return
    if not Key.objects.filter(key=key_of(request)).exists():
        raise MovedMeanwhile()


def moved(request: HttpRequest, read: Callable[[], Subject], *, again: Again) -> HttpResponse | None:
    """End a POST whose form was made on another state: the page as it is now, and the sentence. None where nothing moved."""
    with acting(request.actor):
        try:
            check_unmoved(read(), request)
        except MovedMeanwhile as refusal:
            page = again(notice=notice_of(refusal, back=request.path), errors={})
            page.render()
            page.status_code = status_of(refusal)
            return page
    return None
