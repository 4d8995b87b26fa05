"""Where other installations post. What counts is the signature; a browser's cookie never does."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qifu.kernel.access import acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import public

from ..actions.receive import desk, vouched
from ..terms import FLAWS, LOAD, MOST
from ..wire import split

STATUS = {
    "too_long": 413,
    "unreadable": 400,
    "content": 422,
    "attachment": 422,
    "no_file": 422,
    "too_much": 413,
    "cut": 400,
    "replay": 409,
    "late": 409,
}


@public
@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a message; what is refused is said in words, and is on the record."""
    told, at = request.META.get("CONTENT_LENGTH") or "", clock.now()
    length = int(told) if told.isdecimal() and len(told) < 12 else 0
    if not 0 < length <= MOST + LOAD:
        # Not even read: nothing of it could be checked.
        return _too_long()
    raw, actor = _read(request, min(length, MOST)), desk()
    if length > MOST and not split(raw)[1]:
        return _too_long()
    with acting(actor):
        # Who is not known has only the beginning read, and hears of that what is wrong with it.
        known = length > len(raw) and vouched(raw, at=at)
    raw += _read(request, length - len(raw)) if known else b""
    done = run("correspondence.receive", {"raw": raw}, actor=actor, at=at)
    if isinstance(done, Refused):
        return JsonResponse({"ok": False, "code": "busy", "says": str(said("现在收不了，请过一会儿再发。"))}, status=503)
    taken = done.result
    found = {"ok": taken.ok, "code": taken.code, "says": taken.says, "receipt": taken.receipt}
    return JsonResponse(found, status=200 if taken.ok else STATUS.get(taken.code, 403), json_dumps_params={"ensure_ascii": False})


def _too_long() -> HttpResponse:
    return JsonResponse({"ok": False, "code": "too_long", "says": str(FLAWS["too_long"])}, status=413)


def _read(request: HttpRequest, most: int) -> bytes:
    """Read so many bytes of what is sent, or as many as come: `request.body` would take all of a stranger's."""
    parts, left = [], most
    while left > 0 and (part := request.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
