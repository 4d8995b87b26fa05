"""The contact's pages: who has a pass, who has none yet, and how each gets it into the hand."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as said
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.areas.resumption import api as resumption
from qifu.kernel.access import Actor, NotFound, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.web import needs
from qifu.ui.parts import Notice, Option, State, Task, TaskGroup, View

from .. import issuing, links, words
from ..models import Pass
from ..terms import REPLACE_FOR
from .shown import context, pdf_of, where_to_check

RIGHT = issuing.RIGHT
_MOST = 300
_SAID = {
    "issued": said("证已发出。把链接发给各人，或打印出来。"),
    "sent": said("短信已经发出。"),
    "some": said("短信已经发出；有的员工没有登记手机号，没有发到。"),
    "shared": said("新链接已生成，原来的链接打不开了。"),
    "replaced": said("新证已发出，原来的一张已停用。"),
}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _firm(request: HttpRequest) -> tuple[Enterprise, list[View]]:
    """Give the firm that the page is about, and the others of a contact who has several."""
    firms = registry.enterprises_of(_actor(request))
    wanted = request.GET.get("firm") or request.POST.get("firm", "")
    found = next((one for one in firms if str(one.id) == wanted), None) or (firms[0] if firms and not wanted else None)
    if found is None:
        raise NotFound("没有找到这家企业，可能您已经不是它的联系人。", fix="请现在的联系人或镇街核对。")
    address = reverse("passes:mine")
    return found, [View(one.name, f"{address}?firm={one.id}", here=one.id == found.id) for one in firms] if len(firms) > 1 else []


def _go(request: HttpRequest, firm: UUID | None, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('passes:mine')}?{urlencode({'firm': firm, 'done': done} if firm else {'done': done})}")


@needs(RIGHT)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the passes of a firm: those that hold, who has none yet, and how to hand them over."""
    return _list(request)


def _list(request: HttpRequest, refused: Refused | None = None) -> TemplateResponse:
    firm, firms = _firm(request)
    at = clock.now()
    permits = [p for p in resumption.live_permits(enterprise=firm.id) if p.application.state in ("approved", "resumed")]
    held = Pass.objects.filter(party=firm.id, ended_at__isnull=True).select_related("worker")
    found = list(held.order_by("issued_at", "id")[: _MOST + 1])
    days, origin = issuing.validity(permits[-1].application, at=at) if permits else (0, None)
    waits = len(issuing.waiting(firm.id, permits[-1].application, at=at)) if permits else 0
    tasks = [_row(row, at=at) for row in found[:_MOST]]
    total = held.count()
    told = _SAID.get(request.GET.get("done", ""))
    page = {
        "head": _("员工通行证"), "title": _("员工通行证"), "firm": firm, "firms": firms, "permits": permits, "waits": waits, "total": total,
        "said": Notice(str(told), "ok") if told else None, "more": total > _MOST, "roster": registry.workers_count(firm.id),
        "groups": [TaskGroup(_("有证的员工"), tasks, _("%(n)s人") % {"n": total})] if tasks else [],
        "refused": Notice(refused.says + refused.fix, "stop") if refused else None,
        "days": days, "origin": origin.says() if origin else "",
        "passes": [str(row.id) for row in found[:_MOST]],
    }  # fmt: skip
    return TemplateResponse(request, "passes/mine.html", page, status=409 if refused else 200)


def _row(row: Pass, *, at: Any) -> Task:
    stands = words.standing(row, at=at)
    state = State(stands.word, stands.tone)
    return Task(row.worker.name.reveal(), reverse("passes:one", args=[row.id]), f"{row.said_number} {stands.note}", state, "code")


@needs(RIGHT)
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Issue passes to whoever on the roster has none: one act."""
    with acting(_actor(request)):
        firm, _others = _firm(request)
    answer = run("passes.issue", {"enterprise": firm.id}, actor=_actor(request), at=clock.now())
    if isinstance(answer, Done):
        return _go(request, firm.id, "issued")
    with acting(_actor(request)):
        return _list(request, answer).render()


@needs(RIGHT)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send each worker of the firm the link by short message."""
    with acting(_actor(request)):
        firm, _others = _firm(request)
        ids = list(Pass.objects.filter(party=firm.id, ended_at__isnull=True, ends_at__gt=clock.now()).values_list("id", flat=True))
    answer = run("passes.send", {"passes": ids}, actor=_actor(request), at=clock.now())
    if isinstance(answer, Done):
        return _go(request, firm.id, "some" if answer.result.without else "sent")
    with acting(_actor(request)):
        return _list(request, answer).render()


def _mine(request: HttpRequest, id: UUID) -> Pass:
    row = Pass.objects.visible_to(_actor(request)).select_related("worker").filter(pk=id).first()
    if row is None:
        raise NotFound()
    return row


@needs(RIGHT)
@require_safe
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one worker's pass: its state, its link to forward, and what may be done."""
    return _one(request, id)


def _one(request: HttpRequest, id: UUID, refused: Refused | None = None) -> TemplateResponse:
    row = _mine(request, id)
    link = links.present(row)
    told = _SAID.get(request.GET.get("done", ""))
    page = {
        **context(row), "head": _("员工通行证"), "title": row.worker.name.reveal(), "phone": str(row.worker.phone or ""),
        "back": f"{reverse('passes:mine')}?firm={row.party}", "said": Notice(str(told), "ok") if told else None,
        "link": request.build_absolute_uri(reverse("passes:shown", args=[links.token_of(link.id)])) if link else "",
        "expires": words.say(link.expires_at) if link else "", "sent": words.say(link.sent_at) if link and link.sent_at else "",
        "reasons": [Option(code, str(word)) for code, word in REPLACE_FOR.items()], "over": row.ended_at is not None,
        "refused": Notice(refused.says + refused.fix, "stop") if refused else None,
    }  # fmt: skip
    return TemplateResponse(request, "passes/one.html", page, status=409 if refused else 200)


@needs(RIGHT)
@require_POST
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Make a link, send it, or replace the pass."""
    with acting(_actor(request)):
        _mine(request, id)
    given: dict[str, Any] = {"share": {"passed": id}, "send": {"passes": [id]}}
    given["replace"] = {"passed": id, "reason": request.POST.get("reason", "lost")}
    if verb not in given:
        raise NotFound()
    answer = run(f"passes.{verb}", given[verb], actor=_actor(request), at=clock.now())
    if isinstance(answer, Refused):
        with acting(_actor(request)):
            return _one(request, id, answer).render()
    shown = answer.result.id if verb == "replace" else id
    done = {"share": "shared", "send": "sent", "replace": "replaced"}[verb]
    return HttpResponseRedirect(f"{reverse('passes:one', args=[shown])}?done={done}")


@needs(RIGHT)
@require_safe
def paper(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one worker's paper, to print."""
    row = _mine(request, id)
    return TemplateResponse(
        request,
        "passes/paper.html",
        {
            "papers": [context(row)],
            "back": reverse("passes:one", args=[id]),
            "check": where_to_check(request),
            "pdf": reverse("passes:own_pdf", args=[id]),
        },
    )


@needs(RIGHT)
@require_safe
def pdf(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give one worker's paper as PDF, A4 or A6."""
    row = _mine(request, id)
    return pdf_of(request, [row], name=row.number)


@needs(RIGHT)
@require_safe
def pdfs(request: HttpRequest) -> HttpResponse:
    """Give the papers of all who hold a pass as one PDF, one a page."""
    firm, _others = _firm(request)
    rows = list(_holding(firm)[:_MOST])
    if not rows:
        raise NotFound(_("还没有可以打印的通行证。"))
    return pdf_of(request, rows, name="all")


def _holding(firm: Enterprise) -> Any:
    return Pass.objects.filter(party=firm.id, ended_at__isnull=True, ends_at__gt=clock.now()).order_by("id")


@needs(RIGHT)
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Show the papers of all who hold a pass, one a page, to print in one go."""
    firm, _others = _firm(request)
    page = {
        "papers": [context(row) for row in _holding(firm)[:_MOST]],
        "pdf": f"{reverse('passes:pdfs')}?firm={firm.id}",
        "back": f"{reverse('passes:mine')}?firm={firm.id}",
        "check": where_to_check(request),
    }
    return TemplateResponse(request, "passes/paper.html", page)
