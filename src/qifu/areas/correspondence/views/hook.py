"""Where other installations post. What counts is the signature; a browser's cookie never does."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import public

from ..actions.receive import desk
from ..terms import FLAWS, MOST

STATUS = {"too_long": 413, "unreadable": 400, "content": 422, "replay": 409, "late": 409}


@public
@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a message; what is refused is said in words, and is on the record."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > MOST:
        # Not even read: nothing of it could be checked.
        return JsonResponse({"ok": False, "code": "too_long", "says": str(FLAWS["too_long"])}, status=413)
    done = run("correspondence.receive", {"raw": request.body}, actor=desk(), at=clock.now())
    if isinstance(done, Refused):
        return JsonResponse({"ok": False, "code": "busy", "says": str(said("现在收不了，请过一会儿再发。"))}, status=503)
    taken = done.result
    found = {"ok": taken.ok, "code": taken.code, "says": taken.says, "receipt": taken.receipt}
    return JsonResponse(found, status=200 if taken.ok else STATUS.get(taken.code, 403), json_dumps_params={"ensure_ascii": False})
