"""One platform: how it delivers, its key, the work orders that came from it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qifu.kernel.access import acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of, notice_of, status_of
from qifu.ui.parts import Field, Notice, Option

from .. import queries
from ..actions.platforms import KEEP
from ..terms import CHANNELS, HOW
from .desk import SEE, drawn, said_last

_ACTS = {"propose": "loops.propose_key", "confirm": "loops.confirm_key", "drop": "loops.drop_key", "stop": "loops.stop"}
_DONE = {"confirm": "confirmed", "drop": "dropped", "stop": "stopped"}
_NAMES = ("name", "channel", "how", "slug", "callback")


def _fields() -> list[Field]:
    return [
        Field("channel", said("哪个平台"), "select", options=[Option(code, word) for code, word in CHANNELS.items()]),
        Field("name", said("叫什么"), max_length=60, placeholder=said("例如：市12345热线")),
        Field("how", said("怎么送"), "choice", value="hook", options=[Option(code, word) for code, word in HOW.items()]),
        Field(
            "slug", said("接口代号"), required=False, max_length=24,
            hint=said("对方送到 /hooks/loops/代号。不填就用平台和区划的号。"),
        ),
        Field(
            "callback", said("回传地址"), required=False, max_length=300,
            hint=said("办好以后答复送到这里，以 https:// 开头。按文件收的不用填。"),
        ),
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def new(request: HttpRequest) -> HttpResponse:
    """Register a platform; a hook's key is shown this once."""
    if request.method != "POST":
        return _new(request, {}, notice=None, errors={})
    posted = request.POST.dict()
    sent = {name: posted.get(name, "").strip() for name in _NAMES}
    answer = run("loops.add", sent, actor=request.actor, at=clock.now(), key=key_of(request))
    if answer.ok and answer.result.key:
        return _key(request, answer.result)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _new(request, posted, notice=notice, errors=errors)

    return answered(request, answer, to=f"{reverse('loops:desk')}?done=added", again=again)


def _new(request: HttpRequest, posted: dict[str, str], *, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
    fields = filled(_fields(), posted, errors) if posted else _fields()
    return TemplateResponse(request, "loops/new.html", {"fields": fields, "notice": notice, "key": uuid7()})


def _key(request: HttpRequest, proposed: Any) -> HttpResponse:
    """Show the key, this once: it is sealed from here on."""
    with acting(request.actor):
        context = {"platform": proposed.platform, "key": proposed.key.reveal(), "hook": f"/hooks/loops/{proposed.platform.slug}"}
        page = TemplateResponse(request, "loops/key.html", context)
        page.render()
    page["Cache-Control"] = "no-store"
    return page


@require_safe
@needs(SEE)
def shown(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one platform."""
    return _shown(request, id)


def _shown(request: HttpRequest, id: UUID, *, notice: Notice | None = None, errors: dict[str, str] | None = None) -> TemplateResponse:
    actor = request.actor
    platform = queries.platform(id, actor)
    renewal = queries.waiting(platform.id)
    may = actor.hat_for(KEEP, at=clock.now(), on=platform) is not None
    context = {
        "platform": platform, "channel": CHANNELS[platform.channel], "how": HOW[platform.how], "renewal": renewal, "may_keep": may,
        "mine": renewal is not None and renewal.proposed_by == actor.id, "hook": f"/hooks/loops/{platform.slug}",
        "orders": [drawn(one, actor) for one in queries.orders(actor, platform=platform.id)[: queries.SHOWN]],
        "notice": notice or said_last(request), "errors": errors or {}, "live": bool(platform.key),
    }  # fmt: skip
    return TemplateResponse(request, "loops/platform.html", context)


@require_POST
@needs(KEEP)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Propose a key, put one into force as the second person, throw it away, or stop."""
    if verb not in _ACTS:
        raise Http404
    if verb == "propose":
        given: dict[str, Any] = {"platform": id, "callback": request.POST.get("callback", "")}
    elif verb == "stop":
        given = {"platform": id}
    else:
        # The one that was seen: another may have been put in its place since.
        given = {"renewal": request.POST.get("renewal", "")}
    answer = run(_ACTS[verb], given, actor=request.actor, at=clock.now(), key=key_of(request))
    if answer.ok and verb == "propose":
        return _key(request, answer.result)
    if isinstance(answer, Refused):
        with acting(request.actor):
            errors = dict(answer.errors or {})
            page = _shown(request, id, notice=None if errors else notice_of(answer, back=request.path), errors=errors)
            page.render()
        page.status_code = status_of(answer)
        return page
    return answered(request, answer, to=f"{reverse('loops:platform', args=[id])}?done={_DONE[verb]}", again=lambda **_: _shown(request, id))
