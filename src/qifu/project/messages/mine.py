"""The own page: what was sent to me, and how I want to be told."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qifu.kernel.access import acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.notify.actions import own_preference
from qifu.kernel.notify.kinds import QUIET_FROM, QUIET_UNTIL
from qifu.kernel.notify.models import Outgoing, Preference
from qifu.kernel.notify.port import channels
from qifu.kernel.notify.terms import MAIL, MODES, SMS, WORK
from qifu.kernel.values.secret import Secret
from qifu.kernel.web import signed_in
from qifu.ui.asking import notice_of, status_of
from qifu.ui.parts import Field, Notice, Option

from . import words

LISTED = 30
NAMES = ("mode", "channel", "quiet_from", "quiet_until", "mail")


@signed_in
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show and keep the own wishes; below them what was sent lately, without its words."""
    if request.method == "GET":
        return _page(request, said=_said(request))
    typed = {name: request.POST.get(name, "") for name in NAMES}
    ticked = {name: "on" if request.POST.get(name) else "off" for name in ("morning", "evening")}
    done = run("notify.prefer", {**typed, **ticked}, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(done, Refused):
        with acting(request.actor):  # type: ignore[attr-defined]
            errors = dict(done.errors or {})
            page = _page(request, typed={**typed, **ticked}, errors=errors, said=None if errors else notice_of(done, back=request.path))
            page.status_code = status_of(done)
            return page.render()
    wish: Preference = done.result
    if wish.mail and not wish.mail_proved_at and not wish.mail_code and MAIL in channels():
        run("notify.ask_mail", {}, actor=request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("messages:mine") + "?done=kept")


@signed_in
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Send oneself a message."""
    done = run("notify.try_out", {}, actor=request.actor)  # type: ignore[attr-defined]
    how = "tried" if not isinstance(done, Refused) and done.result else "waits"
    return HttpResponseRedirect(reverse("messages:mine") + f"?done={how}")


@signed_in
@require_POST
def ask_mail(request: HttpRequest) -> HttpResponse:
    """Mail the digits once more."""
    done = run("notify.ask_mail", {}, actor=request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("messages:mine") + ("?done=nomail" if isinstance(done, Refused) else "?done=mailed"))


@signed_in
@require_POST
def prove_mail(request: HttpRequest) -> HttpResponse:
    """Take the digits that came by mail."""
    done = run("notify.prove_mail", {"code": request.POST.get("code", "")}, actor=request.actor)  # type: ignore[attr-defined]
    right = not isinstance(done, Refused) and done.result
    return HttpResponseRedirect(reverse("messages:mine") + ("?done=proved" if right else "?done=wrong"))


def _said(request: HttpRequest) -> Notice | None:
    notices = {
        "kept": Notice(_("存好了，下一条起照这样发。"), "ok"),
        "tried": Notice(_("发出去了，一分钟内到。没收到就看下面写的原因。"), "ok"),
        "waits": Notice(_("刚试过，五分钟后再试。"), "ask"),
        "mailed": Notice(_("6位数字发到邮箱了，半小时内填。"), "ok"),
        "nomail": Notice(_("现在没有接通邮件，没有发。"), "stop"),
        "proved": Notice(_("邮箱核对好了，可以选它收通知。"), "ok"),
        "wrong": Notice(_("数字不对，或者过了半小时，邮箱没有换。再发一次数字。"), "stop"),
    }
    return notices.get(request.GET.get("done", ""))


def _page(
    request: HttpRequest, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, said: Notice | None = None
) -> TemplateResponse:
    actor = request.actor  # type: ignore[attr-defined]
    wish = own_preference(actor)
    found = Outgoing.objects.visible_to(actor).filter(person=actor.person).order_by("-made_at", "-id")  # type: ignore[attr-defined]
    context = {
        "said": said, "fields": _fields(wish, typed or {}, errors or {}),
        "proving": bool(wish.mail and not wish.mail_proved_at) and MAIL in channels(),
        "sent": [
            {
                "at": row.made_at, "kind": words.label(row.kind), "channel": words.channel(row.channel),
                "state": words.state_of(row), "why": row.why,
            }
            for row in found[:LISTED]
        ],
    }  # fmt: skip
    return TemplateResponse(request, "messages/mine.html", context)


def _fields(wish: Preference, typed: dict[str, str], errors: dict[str, str]) -> list[Field]:
    def value(name: str, stored: Any) -> Any:
        return typed.get(name, stored)

    opened = channels()
    offered = [Option("", _("由单位定"), _("浙政钉优先，没有就发短信") if WORK in opened else _("现在只接通了短信"))]
    offered += [Option(code, words.channel(code)) for code in (WORK, SMS) if code in opened]
    if MAIL in opened and wish.mail and wish.mail_proved_at:
        offered.append(Option(MAIL, _("邮件")))
    ticked = {name: typed[name] == "on" if name in typed else getattr(wish, name) for name in ("morning", "evening")}
    hours = {
        "quiet_from": (_("几点以后不打扰"), wish.quiet_from or QUIET_FROM, _("急事照样发；两个时间写成一样，就是整天都可以")),
        "quiet_until": (_("到几点"), wish.quiet_until or QUIET_UNTIL, ""),
    }

    def error(name: str) -> str:
        return errors.get(name, "")

    modes = [Option(code, _(str(word))) for code, word in MODES]
    fields = [
        Field("mode", _("怎么发"), kind="choice", value=value("mode", wish.mode), options=modes, error=error("mode")),
        Field("channel", _("发到哪里"), kind="choice", value=value("channel", wish.channel), options=offered, error=error("channel")),
        *(
            Field(name, label, value=value(name, f"{hour:%H:%M}"), error=error(name), max_length=5, hint=hint)
            for name, (label, hour, hint) in hours.items()
        ),
        Field("morning", _("每天7:30发“今天等您办的”"), kind="tick", value=ticked["morning"], required=False),
        Field("evening", _("每天20:00发“今天办了什么”"), kind="tick", value=ticked["evening"], required=False),
    ]
    if MAIL in opened:
        kept = Secret(wish.mail).reveal() if wish.mail else ""
        hint = _("存好后发6位数字到这个邮箱，填对了才算")
        mail = Field("mail", _("邮箱"), value=value("mail", kept), required=False, error=error("mail"), hint=hint, autocomplete="email")
        fields.append(mail)
    return fields
