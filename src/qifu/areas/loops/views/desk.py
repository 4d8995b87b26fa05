"""What came from other platforms, what is owed back, what did not arrive."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from qifu.kernel.access import Actor
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs, opens
from qifu.ui.asking import answered, key_of
from qifu.ui.parts import Notice, State, View

from .. import queries
from ..actions.platforms import KEEP
from ..actions.replies import REPLY
from ..models import Order
from ..terms import FAILED, GIVEN, HOW, IN_HAND, OWED, SENDING, SENT, STATES

SEE = "loop.see"
TONES = {IN_HAND: "info", OWED: "ask", SENDING: "info", SENT: "ok", GIVEN: "ok", FAILED: "stop"}
SAID = {
    "again": said("已经排上，一分钟内再送。"),
    "confirmed": said("密钥已经生效。原来的密钥再用24小时，对方可以从容换。"),
    "dropped": said("那份没确认的已经撤掉，原来的照用。"),
    "stopped": said("已经停收。收过的还在，办好的可以下载回复。"),
    "added": said("平台已经登记。"),
}


def said_last(request: HttpRequest) -> Notice | None:
    """Give what was said last."""
    words = SAID.get(request.GET.get("done", ""))
    return Notice(words, "ok") if words else None


@require_safe
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show each platform with its counts, and the work orders of one state."""
    return _listed(request)


def _listed(request: HttpRequest, *, notice: Notice | None = None) -> TemplateResponse:
    actor = request.actor
    state = request.GET.get("state", "")
    counts = queries.counted(actor)
    platforms = [
        SimpleNamespace(
            id=one.id, name=one.name, how=HOW[one.how], stopped=one.stopped_at, href=reverse("loops:platform", args=[one.id]),
            in_hand=counts.get(one.id, {}).get(IN_HAND, 0), back=sum(counts.get(one.id, {}).get(s, 0) for s in (SENT, GIVEN)),
            owed=sum(counts.get(one.id, {}).get(s, 0) for s in (OWED, SENDING)), failed=counts.get(one.id, {}).get(FAILED, 0),
            came=sum(counts.get(one.id, {}).values()), waits=queries.waiting(one.id), file=one.how == "file", keyless=not one.key,
        )
        for one in queries.platforms(actor)
    ]  # fmt: skip
    totals = {code: sum(of.get(code, 0) for of in counts.values()) for code in STATES}
    tabs = [View(said("全部"), reverse("loops:desk"), sum(totals.values()), "", not state)]
    tabs += [
        View(
            word,
            f"{reverse('loops:desk')}?{urlencode({'state': code})}",
            totals[code],
            TONES[code] if code == FAILED and totals[code] else "",
            state == code,
        )
        for code, word in STATES.items()
        if totals[code] or code in (OWED, FAILED)
    ]
    found = [drawn(one, actor) for one in queries.orders(actor, state=state)[: queries.SHOWN]]
    context = {
        "platforms": platforms, "tabs": tabs, "orders": found, "notice": notice or said_last(request), "may_keep": actor.may(KEEP),
        "may_import": actor.may("case.import"),
    }  # fmt: skip
    return TemplateResponse(request, "loops/desk.html", context)


def drawn(order: Order, actor: Actor) -> SimpleNamespace:
    """Draw one work order: both numbers, where the reply stands and why."""
    may = actor.hat_for(REPLY, at=clock.now(), on=order) is not None
    next_at = order.not_before if order.state == OWED and order.tries else None
    href = reverse("casework:subject", args=[order.case_id])
    return SimpleNamespace(
        number=order.number, case=order.case, platform=order.platform.name, state=State(STATES[order.state], TONES[order.state]),
        href=href if opens(href, actor) else "", came_at=order.came_at, told_at=order.told_at, why=order.why,
        tries=order.tries, next_at=next_at,
        again=reverse("loops:again", args=[order.id]) if may and order.state == FAILED and order.platform.how == "hook" else "",
    )  # fmt: skip


@require_POST
@needs(REPLY)
def again(request: HttpRequest, id: UUID) -> HttpResponse:
    """Send a reply that did not arrive once more."""
    answer = run("loops.again", {"order": id}, actor=request.actor, at=clock.now(), key=key_of(request))

    def once_more(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _listed(request, notice=notice)

    return answered(request, answer, to=f"{reverse('loops:desk')}?done=again", again=once_more)


@require_POST
@needs(REPLY)
def replies(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the owed replies of a platform as a file, to be uploaded there."""
    answer = run("loops.replies", {"platform": id}, actor=request.actor, at=clock.now())
    if isinstance(answer, Refused):

        def once_more(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
            return _listed(request, notice=notice)

        return answered(request, answer, to="", again=once_more)
    response = HttpResponse(answer.result, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%9B%9E%E5%A4%8D.xlsx"
    return response
