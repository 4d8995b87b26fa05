"""The operator's desk: what waits, what failed and why, per kind and channel; approved texts; group robots. Never the words sent."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.notify.actions import KEEP, OPEN_TO_AGAIN
from qifu.kernel.notify.kinds import kinds
from qifu.kernel.notify.models import Outgoing, Robot, Template
from qifu.kernel.notify.outbox import digest_of
from qifu.kernel.notify.port import channels, signed
from qifu.kernel.notify.terms import ROBOTS, SMS, TEMPLATE_STATES
from qifu.kernel.values import read_whole
from qifu.kernel.web import needs
from qifu.ui.asking import notice_of, status_of
from qifu.ui.parts import Cell, Chip, Column, Field, Figure, Notice, Option, Page, Row, State, View

from . import words

DAYS = 7
PAGE = 50
GROUPS = 30
IN_HAND = ("queued", "waiting", "sending", "gathered")
GOOD = ("handed", "delivered", "digested")
BAD = ("failed", "unknown")


@needs(KEEP)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the last seven days within reach."""
    return _desk(request, said=_said(request))


def _desk(request: HttpRequest, *, said: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    mine = Outgoing.objects.visible_to(actor).filter(made_at__gt=at - timedelta(days=DAYS))  # type: ignore[attr-defined]
    by_state = dict(mine.values_list("state").annotate(n=Count("id")))

    def count(*codes: str) -> int:
        return sum(by_state.get(code, 0) for code in codes)

    oldest = mine.filter(state__in=("queued", "sending")).aggregate(Min("not_before"))["not_before__min"]
    context = {
        "said": said,
        "tabs": _tabs("desk"),
        "sums": [
            Figure(word, f"{count(*NARROW[name]):,}", _("条"), f"?is={name}")
            for name, word in _narrow_words().items()
        ],
        "oldest": oldest if oldest and oldest < at - timedelta(minutes=10) else None,
        "groups": _groups(mine),
        "channels": _channels(mine),
        "kinds": _kinds(mine),
        **_listed(request.GET, mine),
    }  # fmt: skip
    return TemplateResponse(request, "messages/desk.html", context)


def _groups(mine: Any) -> list[dict[str, Any]]:
    """Give what went wrong or waits for approval, by kind, state and reason: one line each, and one button where it may go again."""
    found = mine.filter(state__in=(*BAD, "given_up", "waiting")).exclude(why="过了时候，没有发")
    rows = found.values_list("kind", "state", "why").annotate(n=Count("id"), last=Max("made_at")).order_by("-n")[:GROUPS]
    return [
        {
            "kind": kind, "code": code, "label": words.label(kind), "state": words.state(code), "why": why, "n": n, "last": last,
            "again": code in OPEN_TO_AGAIN and kind in kinds,
        }
        for kind, code, why, n, last in rows
    ]  # fmt: skip


def _channels(mine: Any) -> list[dict[str, Any]]:
    """Give each open channel with its gateway, how many it took, and when it last did."""
    counted = {
        channel: (taken, bad, last)
        for channel, taken, bad, last in mine.values_list("channel").annotate(
            taken=Count("id", filter=Q(state__in=GOOD)), bad=Count("id", filter=Q(state__in=BAD)), last=Max("handed_at")
        )
    }
    return [
        {"word": words.channel(code), "gateway": gateway.name, "none": gateway.name == "none", "taken": taken, "bad": bad, "last": last}
        for code, gateway in channels().items()
        for taken, bad, last in [counted.get(code, (0, 0, None))]
    ]


def _kinds(mine: Any) -> dict[str, Any]:
    columns = [
        Column(_("消息"), "name"),
        *(Column(word, "number") for word in (_("等着发"), _("发出去了"), _("送到了"), _("没送到或不知道"))),
    ]
    counts = mine.values_list("kind").annotate(
        waits=Count("id", filter=Q(state__in=IN_HAND)), good=Count("id", filter=Q(state__in=GOOD)),
        arrived=Count("id", filter=Q(state="delivered")), bad=Count("id", filter=Q(state__in=BAD)),
    )  # fmt: skip
    rows = [
        Row(
            kind,
            words.label(kind),
            f"?kind={kind}",
            [Cell("name", words.label(kind)), *(Cell("number", n) for n in (waits, good, arrived, bad))],
        )
        for kind, waits, good, arrived, bad in counts.order_by("-bad", "-good")
    ]
    return {"columns": columns, "rows": rows}


NARROW = {"in_hand": IN_HAND, "good": GOOD, "unknown": ("unknown",), "failed": ("failed",), "given_up": ("given_up",)}


def _narrow_words() -> dict[str, str]:
    return {
        "in_hand": _("等着发"), "good": _("发出去了"), "unknown": _("不知道送没送到"), "failed": _("没送到"), "given_up": _("不再发"),
    }  # fmt: skip


def _listed(asked: QueryDict, mine: Any) -> dict[str, Any]:
    chosen, kind = asked.get("is", ""), asked.get("kind", "")
    if chosen not in NARROW and not kind:
        return {"listing": None}
    found, chips = mine, []
    if chosen in NARROW:
        found = found.filter(state__in=NARROW[chosen])
        chips.append(Chip(_("情况"), _narrow_words()[chosen], f"?kind={kind}" if kind else "?"))
    if kind:
        found = found.filter(kind=kind[:60])
        chips.append(Chip(_("消息"), words.label(kind), f"?is={chosen}" if chosen in NARROW else "?"))
    start = read_whole(asked.get("from", ""), most=5) or 0
    total = found.count()
    shown = list(found.order_by("-made_at", "-id")[start : start + PAGE])
    keep = "".join(f"&{name}={value}" for name, value in (("is", chosen), ("kind", kind)) if value)
    page = Page(
        first=start + 1 if total else 0, last=start + len(shown), total=total,
        previous=f"?from={start - PAGE}{keep}" if start else "", next=f"?from={start + PAGE}{keep}" if start + PAGE < total else "",
    )  # fmt: skip
    rows = [
        {
            "at": row.made_at, "label": words.label(row.kind), "to": _to(row), "channel": words.channel(row.channel),
            "state": words.state(row.state), "why": row.why, "tries": row.tries, "id": row.id,
            "again": row.state in OPEN_TO_AGAIN and row.kind in kinds,
        }
        for row in shown
    ]  # fmt: skip
    return {"listing": rows, "page": page, "chips": chips}


def _to(row: Outgoing) -> str:
    """Say to whom, as little as helps: a masked number, or that it is a person or a group."""
    if row.to:
        return str(row.to)
    return _("一个群") if row.group else _("本人登记的号码")


def _tabs(here: str) -> list[View]:
    names = {"desk": _("发送情况"), "texts": _("短信模板"), "robots": _("群机器人")}
    return [View(word, reverse(f"messages:{name}"), here=name == here) for name, word in names.items()]


def _said(request: HttpRequest) -> Notice | None:
    n = read_whole(request.GET.get("again", ""), most=5)
    if n is not None:
        return Notice(_("%s条放回去重发了，一分钟内交给网关。") % n, "ok")
    return None


@needs(KEEP)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send again: one message, or all of one line."""
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("kind", "state", "why")}
    if request.POST.get("message"):
        given = {"messages": [request.POST["message"]]}
    done = run("notify.again", given, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(done, Refused):
        with acting(request.actor):  # type: ignore[attr-defined]
            page = _desk(request, said=notice_of(done, back=request.path))
            page.status_code = status_of(done)
            return page.render()
    return HttpResponseRedirect(reverse("messages:desk") + f"?again={done.result}")


# ---------------------------------------------------------------- approved texts


@needs(KEEP)
@require_GET
def texts(request: HttpRequest) -> HttpResponse:
    """Show every text that may go out by SMS, whether the gateway has approved it, and for whom it is."""
    gateway = channels()[SMS]
    known = {one.kind + one.sha256: one for one in everything(Template).filter(gateway=gateway.name)}
    stands = dict(TEMPLATE_STATES)
    rows = []
    for code, kind in sorted(kinds.items()):
        template = known.get(code + digest_of(kind))
        how = template.state if template else "asked"
        drawn = State(_(str(stands[how])), {"asked": "ask", "approved": "ok", "refused": "stop"}[how])
        rows.append(
            {
                "code": code, "label": _(kind.label), "text": signed(kind.brief), "urgent": kind.urgent, "tracing": kind.tracing,
                "state": drawn if gateway.approves else State(_("不用审核"), "idle"), "why": template.why if template else "",
                "number": template.number if template else "", "parts": parts_of(signed(kind.brief)),
            }
        )  # fmt: skip
    context = {"tabs": _tabs("texts"), "rows": rows, "approves": gateway.approves, "gateway": gateway.name}
    return TemplateResponse(request, "messages/texts.html", context)


def parts_of(text: str) -> int:
    """Give as how many short messages a text is billed at least: 70 characters, or 67 each of several."""
    return 1 if len(text) <= 70 else -(-len(text) // 67)


# ---------------------------------------------------------------- group robots


@needs(KEEP)
@require_http_methods(["GET", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """Show the groups that are told; add one."""
    if request.method == "GET":
        return _robots(request, {}, {})
    typed = {name: request.POST.get(name, "") for name in ("name", "channel", "address", "secret")}
    with acting(request.actor):  # type: ignore[attr-defined]
        place = _place(request)
    given = {**typed, "kinds": request.POST.getlist("kinds"), "place": place}
    done = run("notify.open_robot", given, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(done, Refused):
        with acting(request.actor):  # type: ignore[attr-defined]
            errors = dict(done.errors or {})
            page = _robots(request, given, errors, said=None if errors else notice_of(done, back=request.path))
            page.status_code = status_of(done)
            return page.render()
    return HttpResponseRedirect(reverse("messages:robots"))


def _place(request: HttpRequest) -> int:
    actor = request.actor  # type: ignore[attr-defined]
    return next((hat.place for hat in actor.hats if KEEP in hat.rights and hat.place), 0)


def _robots(request: HttpRequest, typed: dict[str, Any], errors: dict[str, str], *, said: Notice | None = None) -> TemplateResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = Robot.objects.visible_to(actor).filter(closed_at__isnull=True).order_by("name")  # type: ignore[attr-defined]
    opened = channels()
    chosen = set(typed.get("kinds", ()))
    apps = [Option(code, words.channel(code)) for code, _word in ROBOTS]
    offered = [Option(code, _(str(kind.label)), on=code in chosen) for code, kind in sorted(kinds.items()) if kind.groups]
    copied = _("在群里添加自定义机器人，复制它的Webhook地址。存好后这里不再显示")

    def error(name: str) -> str:
        return errors.get(name, "")

    fields = [
        Field("name", _("群名"), value=typed.get("name", ""), max_length=60, error=error("name")),
        Field("channel", _("哪个应用"), kind="choice", value=typed.get("channel", ""), error=error("channel"), options=apps),
        Field("address", _("机器人地址"), error=error("address"), autocomplete="off", max_length=400, hint=copied),
        Field("secret", _("加签密钥"), required=False, error=error("secret"), autocomplete="off", hint=_("钉钉选了“加签”才有")),
        Field("kinds", _("通知哪些"), kind="ticks", error=error("kinds"), options=offered),
    ]
    context = {
        "tabs": _tabs("robots"), "said": said, "fields": fields, "wrong": bool(errors or said),
        "closed": not any(code in opened for code, _word in ROBOTS),
        "robots": [
            {
                "id": one.id, "name": one.name, "word": words.channel(one.channel), "place": jurisdiction.name(one.region),
                "kinds": [words.label(code) for code in one.kinds], "at": one.made_at,
            }
            for one in found
        ],
    }  # fmt: skip
    return TemplateResponse(request, "messages/robots.html", context)


@needs(KEEP)
@require_POST
def close_robot(request: HttpRequest, id: UUID) -> HttpResponse:
    """Tell a group no more."""
    done = run("notify.close_robot", {"robot": id}, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(done, Refused) and done.refusal is not None:
        raise done.refusal
    return HttpResponseRedirect(reverse("messages:robots"))


__all__ = ["again", "close_robot", "desk", "parts_of", "robots", "texts"]
