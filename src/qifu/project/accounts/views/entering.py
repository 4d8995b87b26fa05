"""The door's pages: number, code, password, one touch in the demo, leaving."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.integrations.sms import FakeSms
from qifu.kernel.access import DOOR, acting, sessions
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.values.phone import mask_phone
from qifu.kernel.web import ANONYMOUS, at_door, public
from qifu.ui.chat import in_wechat
from qifu.ui.parts import Field, Link, Notice

from .. import browser, demo, faces, outside, passkeys
from ..door import Denied, Entered

TOO_MANY = ("TooManyCodes", "TooManyTries")


def outcome(done: Done | Refused) -> Any:
    """Give what an act at the door gave, or the refusal as `Refused`, be the try spent or not."""
    if isinstance(done, Done) and isinstance(done.result, Denied):
        refusal = done.result.refusal
        return Refused(refusal.code, refusal.says, refusal.fix, getattr(refusal, "errors", None), refusal)
    return done if isinstance(done, Refused) else done.result


def status_of(refused: Refused | None) -> int:
    """Give the HTTP status of a page that says a refusal."""
    return 200 if refused is None else 429 if refused.code in TOO_MANY else 422


def notice_of(refused: Refused | None) -> Notice | None:
    """Draw a refusal that belongs to no single field."""
    return None if refused is None else Notice(word=f"{refused.says}{refused.fix}", tone="stop")


@at_door
@never_cache
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Show the first page: in the demo everybody's one touch, elsewhere the login, or one's own start."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor is None:
        return phone_page(request)
    start = faces.start_page(actor, prefers=request.COOKIES.get(faces.COOKIE, ""))
    if not settings.DEMO:
        return HttpResponseRedirect(start)
    return phone_page(request, notice=Notice(_("现在您是%(name)s") % {"name": actor.name}, link=Link(_("回到工作页"), start)))


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the number; send a code."""
    if request.method == "GET":
        # The browser comes with a session that has ended: what was being filled in waits, and the page says so.
        gone = bool(request.session_token) and request.actor is None and bool(_next(request))  # type: ignore[attr-defined]
        again = Notice(_("离开久了，为安全请再验一次手机。填过的都在，验完接着办"), "info") if gone else None
        return phone_page(request, notice=again)
    return send(request, phone=request.POST.get("phone", ""), next=request.POST.get("next", ""))


@at_door
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Send another code to the number that this browser typed."""
    held = browser.waiting(request)
    if held is None:
        return HttpResponseRedirect(reverse("login"))
    return send(request, phone=held["phone"], next=held["next"], link=held.get("link") or ())


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; let in."""
    held = browser.waiting(request)
    if held is None:
        return HttpResponseRedirect(reverse("login"))
    if request.method == "GET":
        return _code_page(request, held)
    given = {
        "ticket": held["ticket"],
        "code": request.POST.get("code", ""),
        "device": browser.device_of(request),
        "instead_of": request.session_token,  # type: ignore[attr-defined]
    }
    found = outcome(run("access.enter_code", given, actor=ANONYMOUS))
    if isinstance(found, Refused):
        return _code_page(request, held, refused=found)
    if held.get("link"):
        service, subject, name = held["link"]
        given = {"session": found.token, "service": service, "subject": subject, "name": name}
        if isinstance(outcome(run("access.link_outside", given, actor=ANONYMOUS)), Refused):
            return let_in(request, found, next=f"{reverse('my_login')}?unlinked=1")
    return let_in(request, found, next=held["next"])


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Let in with number, password and token."""
    refused = None
    if request.method == "POST":
        given = {
            **{name: request.POST.get(name, "") for name in ("phone", "password", "token")},
            "address": browser.address_of(request),
            "device": browser.device_of(request),
            "instead_of": request.session_token,  # type: ignore[attr-defined]
        }
        found = outcome(run("access.enter_password", given, actor=ANONYMOUS))
        if not isinstance(found, Refused):
            return let_in(request, found, next=request.POST.get("next", ""))
        refused = found
    errors = (refused.errors or {}) if refused else {}
    phone, token = request.POST.get("phone", ""), _digits("token", _("动态口令"), error=errors.get("token", ""))
    context = {
        "phone_field": _phone_field(phone, error=errors.get("phone", "")),
        "token_field": token,
        "notice": None if errors else notice_of(refused),
        "next": _next(request),
    }
    return TemplateResponse(request, "accounts/password.html", context, status=status_of(refused))


@at_door
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session and go to the first page."""
    token = request.session_token  # type: ignore[attr-defined]
    if token:
        run("access.leave", {"token": token}, actor=request.actor or ANONYMOUS)  # type: ignore[attr-defined]
    return browser.drop_session(HttpResponseRedirect(reverse("front")))


@at_door
@require_POST
def demo_enter(request: HttpRequest) -> HttpResponse:
    """Let in with one touch, in the demo."""
    given = {
        "role": request.POST.get("role", ""),
        "device": browser.device_of(request),
        "instead_of": request.session_token,  # type: ignore[attr-defined]
    }
    found = outcome(run("access.demo_enter", given, actor=ANONYMOUS))
    if isinstance(found, Refused):
        status = 404 if found.code == "NotFound" else 403
        return render(request, "ui/refused.html", {"refusal": found}, status=status)
    return let_in(request, found, next=request.POST.get("next", ""))


@public
@never_cache
@require_GET
def demo_sms(request: HttpRequest) -> HttpResponse:
    """Show the messages that the demo would have sent; there is no such page outside the demo."""
    if not settings.DEMO:
        raise Http404
    sent = FakeSms(settings.VAR / "run" / "sms.jsonl").sent()
    messages = [{"at": one.at, "to": mask_phone(one.to), "text": one.text} for one in sent]
    return TemplateResponse(request, "accounts/demo_sms.html", {"messages": messages, "back": safe_back(request)})


@public
@never_cache
@require_http_methods(["POST", "GET"])
def demo_vouch(request: HttpRequest, service: str) -> HttpResponse:
    """Play another service in the demo: choose whom it vouches for; there is no such page outside the demo."""
    if not settings.DEMO or service not in outside.NAMES:
        raise Http404
    if request.method == "GET":
        # Who may be chosen is read by a POST, outside of the page's own transaction.
        return TemplateResponse(request, "accounts/demo_vouch.html", {"name": outside.NAMES[service], "asked": request.GET})
    back = reverse("login_outside_back", args=[service])
    people = [
        {"name": name, "office": office, "href": f"{back}?{urlencode({'ticket': ticket, 'state': request.POST.get('state', '')})}"}
        for name, office, ticket in demo.vouched_for(service, asked=request.POST.dict(), at=clock.now())
    ]
    return TemplateResponse(request, "accounts/demo_vouch.html", {"name": outside.NAMES[service], "people": people})


def let_in(request: HttpRequest, entered: Entered, *, next: str) -> HttpResponse:
    """Give the browser its session and send it to where it wanted to go, or to the face of its person."""
    at = clock.now()
    with acting(DOOR):
        actor = sessions.find(entered.token, at=at)
        start = faces.start_page(actor, prefers=request.COOKIES.get(faces.COOKIE, "")) if actor else "/"
    response = HttpResponseRedirect(browser.safe_next(request, next) or start)
    return browser.keep_session(response, request, entered.token)


def safe_back(request: HttpRequest) -> str:
    """Give the page that the person came from, if it is one of ours."""
    return browser.safe_next(request, request.headers.get("Referer", "")) or reverse("front")


def send(request: HttpRequest, *, phone: str, next: str, link: Sequence[str] = ()) -> HttpResponse:
    """Send a code to a number and go on to the page that asks for it; `link` is what is linked once it is right."""
    found = outcome(run("access.request_code", {"phone": phone, "address": browser.address_of(request)}, actor=ANONYMOUS))
    if isinstance(found, Refused):
        return phone_page(request, phone=phone, refused=found)
    return browser.keep_waiting(
        HttpResponseRedirect(reverse("login_code")), ticket=found, phone=phone, next=browser.safe_next(request, next), link=link
    )


def phone_page(
    request: HttpRequest, *, phone: str = "", refused: Refused | None = None, notice: Notice | None = None, status: int = 0
) -> HttpResponse:
    """Draw the first page: number, the other ways in, in the demo the roles."""
    error = (refused.errors or {}).get("phone", "") if refused else ""
    context = {
        "step": "phone",
        "action": reverse("login"),
        "next": _next(request),
        "fields": [_phone_field(phone, error=error)],
        "passkey": not in_wechat(request),
        "services": outside.links(_next(request)),
        "wechat": in_wechat(request),
        "origin": passkeys.origin(),
        "notice": notice or (None if error else notice_of(refused)),
        "help": [Link(_("用密码和动态口令进来"), reverse("login_password"))],
        "role_action": reverse("demo_enter"),
        # Read when the page is rendered: after a POST that is in another transaction.
        "roles": SimpleLazyObject(demo.offered_roles),
    }
    return TemplateResponse(request, "accounts/login.html", context, status=status or status_of(refused))


def _code_page(request: HttpRequest, held: dict[str, Any], *, refused: Refused | None = None) -> HttpResponse:
    wrong = refused is not None and refused.code == "WrongCode"
    error = refused.says if refused is not None and wrong else (refused.errors or {}).get("code", "") if refused else ""
    help = [Link(_("看演示短信"), reverse("demo_sms"))] if settings.DEMO else []
    context = {
        "step": "code",
        "action": reverse("login_code"),
        "tel": held["phone"],
        "next": held["next"],
        "fields": [_digits("code", _("验证码"), error=error)],
        "notice": _first_time(held) if refused is None else None if error else notice_of(refused),
        "again": reverse("login_again"),
        "change": reverse("login"),
        "help": help,
    }
    return TemplateResponse(request, "ui/login.html", context, status=status_of(refused))


def _first_time(held: dict[str, Any]) -> Notice | None:
    if not held.get("link"):
        return None
    return Notice(_("第一次从%(name)s登录，验一次手机，以后不用") % {"name": outside.NAMES[held["link"][0]]}, "info")


def _phone_field(value: str, *, error: str = "") -> Field:
    return Field("phone", _("手机号码"), kind="tel", value=value, error=error, inputmode="tel", autocomplete="tel", max_length=20)


def _digits(name: str, label: str, *, error: str = "") -> Field:
    return Field(name, label, kind="code", error=error, inputmode="numeric", autocomplete="one-time-code", max_length=8)


def _next(request: HttpRequest) -> str:
    return browser.safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
