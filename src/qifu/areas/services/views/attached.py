"""What goes with an answer: for everybody once it is public, at the desk before; added and left out in the draft."""

from uuid import UUID

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.files.looking import PDF, UPLOAD_MOST
from qifu.kernel.files.refusals import NotTaken, TooBig
from qifu.kernel.files.views import picture
from qifu.kernel.web import needs, public
from qifu.ui.asking import key_of, notice_of, status_of

from .. import queries
from ..models import Article, Attachment
from . import answers
from .asking import actor_of

_ENDINGS = {"image/jpeg": "jpg", PDF: "pdf"}


def _sent(one: Attachment) -> HttpResponse:
    """Give bytes that can only ever be a picture or a download."""
    mime = PDF if one.mime == PDF else "image/jpeg"
    stem = one.name.rsplit(".", 1)[0] or str(one.id)
    return picture(bytes(one.body), name=f"{stem}.{_ENDINGS[mime]}", mime=mime, manner="attachment" if mime == PDF else "inline")


@require_safe
@public
def public_file(request: HttpRequest, id: UUID, file: UUID) -> HttpResponse:
    """Give anybody a file of any published version of an answer that is public."""
    article = queries.public_articles().filter(pk=id).first()
    if article is None:
        raise NotFound()
    rows = Attachment.objects.filter(pk=file, article=id, since__lte=article.number)
    # What was taken out again before anybody published it never went out.
    found = rows.filter(Q(until__isnull=True) | Q(until__gt=F("since"))).first()
    if found is None:
        raise NotFound()
    return _sent(found)


@require_safe
@needs(answers.SEE)
def file(request: HttpRequest, id: UUID, file: UUID) -> HttpResponse:
    """Give an officer a file of an answer, also one that is not published yet."""
    places, article = queries.around(actor_of(request)), Article.objects.filter(pk=id).first()
    found = Attachment.objects.filter(pk=file, article=id).first()
    if found is None or article is None or (places is not None and article.region not in places):
        raise NotFound()
    return _sent(found)


@require_POST
@needs(answers.WRITE)
def attach(request: HttpRequest, id: UUID) -> HttpResponse:
    """Add a file to the draft."""
    upload = request.FILES.get("file")
    if upload is None:
        return _back(request, id, _no(NotTaken("还没有选文件。", fix="选一个再传。")))
    if (upload.size or 0) > UPLOAD_MOST:
        return _back(request, id, _no(TooBig()))
    given = {"article": id, "content": upload.read(), "name": (upload.name or "")[:120]}
    return _back(request, id, run("services.article.attach", given, actor=actor_of(request), at=clock.now(), key=key_of(request)))


@require_POST
@needs(answers.WRITE)
def detach(request: HttpRequest, id: UUID, file: UUID) -> HttpResponse:
    """Leave a file out of the draft."""
    given = {"article": id, "attachment": file}
    return _back(request, id, run("services.article.detach", given, actor=actor_of(request), at=clock.now(), key=key_of(request)))


def _no(refusal: NotTaken) -> Refused:
    return Refused(type(refusal).__name__, refusal.says, refusal.fix, refusal=refusal)


def _back(request: HttpRequest, id: UUID, answer: Done | Refused) -> HttpResponse:
    if isinstance(answer, Done):
        return HttpResponseRedirect(reverse("services:answer", args=[id]))
    with acting(actor_of(request)):
        page = answers.draw(request, id, notice=notice_of(answer, back=reverse("services:answer", args=[id])))
        page.render()
    page.status_code = status_of(answer)
    return page
