"""Where devices send files, and where pages show them: each answer can only ever be a picture or a download."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from qifu.kernel.access import Actor
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.web import refused, signed_in

from . import keeping
from .looking import PDF, UPLOAD_MOST
from .models import File
from .refusals import NotTaken, TooBig

POLICY = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"
"""Of the answer itself: whatever a browser may take the bytes for, they run nothing and reach nothing."""
_ENDINGS = {"image/jpeg": "jpg", PDF: "pdf"}


@require_POST
@signed_in
def keep(request: HttpRequest) -> HttpResponse:
    """Keep one file: `file`, `kind`, `about`; from a device also `id`, `sha256`, `taken_at`. Answers JSON.

    201 {id, sha256, size, again, href, small}; 200 where it was here before; refusals carry code, says, fix. A plain form
    with `next` (an address of ours) is sent back there instead."""
    upload = request.FILES.get("file")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = ""
    if upload is None:
        return _no(request, NotTaken("还没有选照片。", fix="选一张再传。"), back)
    if (upload.size or 0) > UPLOAD_MOST:
        return _no(request, TooBig(), back, status=413)
    given: dict[str, Any] = {name: request.POST[name] for name in ("kind", "about", "id", "sha256", "taken_at") if request.POST.get(name)}
    answer = run("files.keep", {**given, "content": upload.read(), "name": upload.name or ""}, actor=_who(request))
    if isinstance(answer, Refused):
        forbidden = 403 if answer.refusal is not None and answer.refusal.forbidden else 422
        status = {"NotFound": 404, "OtherFile": 409, "TooBig": 413}.get(answer.code, forbidden)
        return _no(request, answer, back, status=status)
    if back:
        return HttpResponseRedirect(back)
    file, again = answer.result
    return JsonResponse(
        {
            "id": str(file.id), "sha256": file.sha256, "size": file.size, "again": again,
            "href": reverse("file", args=[file.id]), "small": reverse("file_small", args=[file.id]),
            "says": "这张已经在了，没有再存一遍。" if again else "",
        },
        status=200 if again else 201,
    )  # fmt: skip


def _who(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _no(request: HttpRequest, refusal: Any, back: str, *, status: int = 422) -> HttpResponse:
    if back:
        return refused(request, getattr(refusal, "refusal", None) or refusal, _who(request))
    return JsonResponse({"code": refusal.code, "says": refusal.says, "fix": refusal.fix}, status=status)


@require_safe
@signed_in
def show(request: HttpRequest, id: UUID, small: bool = False) -> HttpResponse:
    """Give a picture, or a paper as a download. Refuses NotFound for what lies out of reach."""
    file = keeping.file(id, actor=_who(request), at=clock.now())
    content, mime = keeping.shown(file, small=small)
    return sent(file, content, mime)


def sent(file: File, content: bytes, mime: str) -> HttpResponse:
    """Give the bytes of a kept file under its name: a picture is shown, a paper taken down."""
    stem = file.name.rsplit(".", 1)[0] or str(file.id)
    return picture(content, name=f"{stem}.{_ENDINGS[mime]}", mime=mime, manner="inline" if file.is_picture else "attachment")


def picture(content: bytes, *, name: str, mime: str = "image/jpeg", manner: str = "inline") -> HttpResponse:
    """Give bytes that can only ever be a picture or a download, to this page and nobody else's."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
