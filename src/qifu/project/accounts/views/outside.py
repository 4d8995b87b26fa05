"""Entering by another service: out to it, and back with what it gave, once and into the same browser."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.integrations import identity
from qifu.kernel.access import ActionRefused, NotFound
from qifu.kernel.actions import Refused, run
from qifu.kernel.actions.registry import attempted
from qifu.kernel.calendar import clock
from qifu.kernel.web import ANONYMOUS, at_door, signed_in
from qifu.ui.parts import Notice

from .. import browser, outside
from ..refusals import BegunElsewhere
from . import entering, me
from .entering import let_in, notice_of, outcome

ACT = "access.enter_outside"
_TICKETS = ("ticket", "code", "auth_code", "authCode")
"""What the services call it."""


@at_door
@never_cache
@require_GET
def begin(request: HttpRequest, service: str) -> HttpResponse:
    """Send the browser out to a service, and let it remember with what."""
    if service not in identity.chosen():
        raise Http404
    proof = outside.new_proof()
    next = browser.safe_next(request, request.GET.get("next", ""))
    return browser.keep_begun(HttpResponseRedirect(outside.address_to(service, proof=proof)), service=service, proof=proof, next=next)


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest, service: str) -> HttpResponse:
    """Take the ticket that the browser brings: first shown, and sent on by script or one touch; then changed, once."""
    if service not in identity.chosen():
        raise Http404
    sent = request.GET if request.method == "GET" else request.POST
    ticket, state = next((sent[name] for name in _TICKETS if sent.get(name)), "")[:2000], sent.get("state", "")[:200]
    if request.method == "GET":
        again = reverse("login_outside_back", args=[service])
        context = {"name": outside.NAMES[service], "ticket": ticket, "state": state, "action": again}
        return TemplateResponse(request, "accounts/back.html", context)
    try:
        return _changed(request, service, ticket=ticket, state=state)
    except ActionRefused as refusal:
        attempted(ACT, refusal, actor=ANONYMOUS, at=clock.now())
        return _no(request, Refused(refusal.code, refusal.says, refusal.fix))


@signed_in
@require_POST
def unlink(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take back a link of one's own."""
    found = outcome(run("access.unlink_outside", {"session": request.session_token, "link": id}, actor=me.who(request)))  # type: ignore[attr-defined]
    session = me.session_of(request)
    if isinstance(found, Refused) or session is None:
        raise NotFound()
    done = _("已解除关联，不能再从%(name)s登录") % {"name": outside.NAMES[found]}
    return me.login_page(request, session, notice=Notice(done, tone="ok"))


def _changed(request: HttpRequest, service: str, *, ticket: str, state: str) -> HttpResponse:
    begun = browser.begun(request, service=service, state=state)
    if begun is None:
        raise BegunElsewhere()
    proof, next = begun
    spent = run("access.back_outside", {"service": service, "state": proof.state}, actor=ANONYMOUS)
    if isinstance(spent, Refused):
        return _no(request, spent)
    who, at = outside.vouched(service, ticket, proof=proof), clock.now()
    person = outside.linked(who)
    if person is None:
        # The service's word alone opens nothing: the telephone that it names is proved here, once.
        response = entering.send(request, phone=who.phone.reveal(), next=next, link=(service, who.subject, who.name))
        return _done(response)
    if service == identity.LEGAL_PERSONS:
        outside.check_enterprise(person, uscc=who.uscc, at=at)
    given = {
        "service": service,
        "subject": who.subject,
        "person": person,
        "device": browser.device_of(request),
        "instead_of": request.session_token,  # type: ignore[attr-defined]
    }
    found = outcome(run(ACT, given, actor=ANONYMOUS))
    return _no(request, found) if isinstance(found, Refused) else _done(let_in(request, found, next=next))


def _no(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _done(entering.phone_page(request, notice=notice_of(refused), status=422))


def _done(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(browser.BEGUN, path="/login")
    return response
