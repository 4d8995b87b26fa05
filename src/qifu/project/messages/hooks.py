"""Where gateways call back with receipts. What counts is their signature; a browser's cookie never does."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qifu.kernel.actions import Refused, run
from qifu.kernel.notify.receipts import CALLBACK
from qifu.kernel.web import ANONYMOUS, public


@public
@csrf_exempt
@require_POST
def receipts(request: HttpRequest, channel: str) -> HttpResponse:
    """Take a signed callback; the same one again changes nothing. A forged one is refused and on the record."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > CALLBACK:
        return JsonResponse({"ok": False}, status=413)
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower().startswith("x-")}
    done = run("notify.receipts", {"channel": channel, "headers": headers, "body": request.body}, actor=ANONYMOUS)
    if isinstance(done, Refused):
        return JsonResponse({"ok": False, "says": str(done.says)}, status=403)
    return JsonResponse({"ok": True, "moved": done.result})
