"""Anybody's check of a paper, and the papers themselves as pages, PDF, Word and pictures."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.areas.response.wording import speak_as_in
from qifu.kernel.access import ActionRefused, acting, tries
from qifu.kernel.access.models import everything
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing, numbers, papers
from qifu.kernel.documents import word as words_of
from qifu.kernel.documents.actions import STAMPED
from qifu.kernel.documents.issuing import Standing
from qifu.kernel.documents.models import Issued, Print
from qifu.kernel.files import keeping
from qifu.kernel.files.looking import UPLOAD_MOST
from qifu.kernel.web import ANONYMOUS, at_door, refused, signed_in
from qifu.project.accounts import browser
from qifu.project.accounts.door import Denied
from qifu.ui import along
from qifu.ui.parts import Fact, Field, Notice, Photo
from qifu.ui.words import say_moment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LISTED = 100

# ---------------------------------------------------------------- anybody


@at_door
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for number and check code; show what became of the paper, or that the two do not belong together."""
    typed = {name: request.POST.get(name, "")[:80] for name in ("number", "code")}
    if request.method == "GET":
        return _form(request, typed)
    done = run("documents.check", {**typed, "address": browser.address_of(request)}, actor=ANONYMOUS)
    if isinstance(done, Refused):
        return _form(request, typed, notice=f"{done.says}{done.fix}", status=429 if done.code == "TooManyTries" else 422)
    if isinstance(done.result, Denied):
        refusal = done.result.refusal
        return _form(request, typed, notice=f"{refusal.says}{refusal.fix}", status=422)
    return HttpResponseRedirect(reverse("papers:verdict", args=[done.result.code]))


@at_door
@never_cache
@require_GET
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the paper behind a QR code is genuine and still holds. No personal data, and nothing else of the firm."""
    at, sender = clock.now(), tries.sender("paper-code", browser.address_of(request))
    if tries.waits(sender, at=at):
        return _form(request, {}, notice=_("这里连着查了很多个不存在的核对码，过10分钟再查。"), status=429)
    read = numbers.read_code(code)
    found = everything(Issued).select_related("withdrawal").filter(code=read).first() if read else None
    if found is None:
        tries.miss(sender, at=at)
        says = _("没有这个核对码的文书。扫到这一页的纸不是本系统出的，或者码拍得不全。")
        return _form(request, {"code": code[:8]}, notice=says, status=404)
    return _verdict(request, found)


def _verdict(request: HttpRequest, found: Issued) -> HttpResponse:
    at = clock.now()
    speak_as_in(found.region, at)
    standing = _said(issuing.standing_for_anybody(found, at=at))
    kept = everything(Print).filter(paper=found.id).values("seal", "sha256").first()
    kind = issuing.kinds.get(found.kind)
    facts = [
        Fact(_("编号"), found.number),
        Fact(_("文书"), _(kind.label) if kind else found.title),
        Fact(_("出具单位"), found.organ),
        Fact(_("出具日期"), papers.chinese_day(clock.local(found.issued_at).date())),
        *([Fact(_("出具给"), found.to)] if found.to else []),
        *([Fact(_("电子印章"), kept["seal"])] if kept and kept["seal"] else []),
    ]
    asked = say_moment(at, at=at, style="full")
    return TemplateResponse(request, "papers/verdict.html", {"paper": found, "standing": standing, "facts": facts, "asked": asked})


def _said(standing: Standing) -> Standing:
    """Say a standing in the reader's language; sentences that bear a date or number stay as they are."""
    return Standing(_(standing.word), standing.tone, _(standing.says) if standing.says else "")


def _form(request: HttpRequest, typed: dict[str, str], *, notice: str = "", status: int = 200) -> HttpResponse:
    fields = [
        Field("number", _("编号"), value=typed.get("number", ""), hint=_("印在红线上面，如：明复准〔2020〕17号"), max_length=80),
        Field("code", _("核对码"), value=typed.get("code", ""), hint=_("二维码旁边的8位"), max_length=12, autocomplete="off"),
    ]
    context = {"fields": fields, "notice": Notice(notice, "stop") if notice else None}
    return TemplateResponse(request, "papers/ask.html", context, status=status)


# ---------------------------------------------------------------- whoever may see them


@signed_in
@require_GET
def issued(request: HttpRequest) -> HttpResponse:
    """List the papers within reach, the newest first; search by number, firm or check code."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    seen = [kind.code for kind in issuing.kinds.values() if any(actor.may(right) for right in kind.see)]
    found = Issued.objects.visible_to(actor).filter(kind__in=seen).select_related("withdrawal")
    if text:
        code = numbers.read_code(text)
        by_number, by_firm = found.filter(number__contains=text), found.filter(to__contains=text)
        found = (by_number | by_firm | found.filter(code=code)) if code else by_number | by_firm
    chosen = request.GET.get("kind", "")
    if chosen in seen:
        found = found.filter(kind=chosen)
    rows = list(found.order_by("-issued_at", "-id")[: LISTED + 1])
    listed = [(row, _said(issuing.standing_of(row, at=at)), _(issuing.kinds[row.kind].label)) for row in rows[:LISTED]]
    kinds = [(kind.code, _(kind.label)) for kind in issuing.kinds.values() if kind.code in seen]
    context = {"listed": listed, "more": len(rows) > LISTED, "text": text, "kinds": kinds, "chosen": chosen, "at": at}
    return TemplateResponse(request, "papers/issued.html", context)


@signed_in
@require_GET
def paper(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a paper as pictures, with its PDF, its Word copy, its stamped copies."""
    return _paper(request, id)


def _paper(request: HttpRequest, id: UUID, *, notice: Notice | None = None, status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = issuing.paper(id, actor, at=at)
    copies = [
        Photo(reverse("file", args=[one.id]), reverse("file_small", args=[one.id]), say_moment(one.kept_at, at=at), f"{one.kept_by_name}")
        for one in keeping.of([found.id], kind=STAMPED).get(found.id, [])
    ]
    kind = issuing.kinds[found.kind]
    withdrawn = hasattr(found, "withdrawal")
    context = {
        "paper": found, "kind": _(kind.label), "standing": _said(issuing.standing_of(found, at=at)), "copies": copies, "notice": notice,
        "pages": range(1, issuing.count_pages(found) + 1), "may_stamp": bool(issuing.hat_of(found, "stamp", actor=actor, at=at)),
        "may_withdraw": not withdrawn and bool(issuing.hat_of(found, "withdraw", actor=actor, at=at)),
        "issued": say_moment(found.issued_at, at=at, style="full"),
        "along": along.Enclosed(along.listed(kind.along(found) if kind.along else ())),
        "why": Field("why", _("为什么作废"), hint=_("写在核对页上，谁都能看到，不写人名"), max_length=200),
    }  # fmt: skip
    return TemplateResponse(request, "papers/paper.html", context, status=status)


@signed_in
@require_GET
def pdf(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the PDF as it was kept."""
    found = _seen(request, id)
    return _file(issuing.pdf_of(found), "application/pdf", f"{found.number} {found.title}.pdf", inline="look" in request.GET)


@signed_in
@require_GET
def word(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give a Word copy: the words to work on, not the paper itself."""
    found = _seen(request, id)
    return _file(words_of.docx(papers.of_data(found.data), stamp=issuing.stamp_of(found)), DOCX, f"{found.number} {found.title}.docx")


@signed_in
@require_GET
def page(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """Give one page as a picture, for browsers that keep no downloads."""
    drawn = issuing.pictures_of(_seen(request, id))
    if not 1 <= number <= len(drawn):
        raise Http404
    response = HttpResponse(drawn[number - 1], content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Take a photograph of any stamped paper; its code says which it is."""
    if request.method == "GET":
        return TemplateResponse(request, "papers/back.html", {})
    done = _attach(request)
    if isinstance(done, Refused):
        return TemplateResponse(request, "papers/back.html", {"notice": Notice(f"{done.says}{done.fix}", "stop")}, status=422)
    return HttpResponseRedirect(reverse("papers:paper", args=[done.result[0].id]) + "?back=1#copies")


@signed_in
@require_POST
def back_to(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a photograph of this very paper, stamped."""
    done = _attach(request, paper=id)
    if isinstance(done, Refused):
        with acting(request.actor):  # type: ignore[attr-defined]
            return _rendered(_paper(request, id, notice=Notice(f"{done.says}{done.fix}", "stop"), status=422))
    return HttpResponseRedirect(reverse("papers:paper", args=[id]) + "#copies")


def _attach(request: HttpRequest, *, paper: UUID | None = None) -> Any:
    upload = request.FILES.get("file")
    if upload is None:
        refusal = ActionRefused(_("还没有选照片。"), fix=_("选一张再传。"))
        return Refused("NotTaken", refusal.says, refusal.fix, None, refusal)
    if (upload.size or 0) > UPLOAD_MOST:
        return Refused("TooBig", _("这张照片太大，没有存。"), _("用手机重拍一张再传。"))
    given = {"content": upload.read(), "name": upload.name or "", **({"paper": paper} if paper else {})}
    return run("documents.attach", given, actor=request.actor)  # type: ignore[attr-defined]


@signed_in
@require_POST
def withdraw(request: HttpRequest, id: UUID) -> HttpResponse:
    """Withdraw a paper that says something wrong."""
    done = run("documents.withdraw", {"paper": id, "why": request.POST.get("why", "")}, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(done, Refused):
        if done.refusal is not None and done.refusal.forbidden:
            return refused(request, done.refusal, request.actor)  # type: ignore[attr-defined]
        with acting(request.actor):  # type: ignore[attr-defined]
            return _rendered(_paper(request, id, notice=Notice(f"{done.says}{done.fix}", "stop"), status=422))
    return HttpResponseRedirect(reverse("papers:paper", args=[id]))


def _seen(request: HttpRequest, id: UUID) -> Issued:
    return issuing.paper(id, request.actor, at=clock.now())  # type: ignore[attr-defined]


def _rendered(response: HttpResponse) -> HttpResponse:
    response.render()  # type: ignore[attr-defined]
    return response


def _file(content: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
