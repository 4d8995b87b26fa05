"""Where another platform delivers its work orders. What counts is the signature; a browser's cookie never does.

POST /hooks/loops/<slug>
X-Qifu-Time: 1652054400        seconds since 1970, at most five minutes off
X-Qifu-Sign: <hex>             HMAC-SHA256 over "time.body" under the platform's key
{"number": "…", "text": "…", "title": "…", "firm": "…", "uscc": "…", "town": "…", "asker": "…", "phone": "…"}"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qifu.kernel.access import DOOR, acting, tries
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import public

from ..actions.taking import gate
from ..signing import SIGN, TIME
from ..terms import BODY_MOST

_STATUS = {"Forged": 401, "Stale": 401, "Replayed": 409, "NotAnOrder": 422, "NothingSaid": 422, "TooMuchSaid": 422}


@public
@csrf_exempt
@require_POST
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one signed work order. 200 with both numbers, also for one that came before; 401 forged or stale, 409 replayed,
    413 too large, 422 not understood, 429 too many wrong ones."""
    at = clock.now()
    if _size(request) > BODY_MOST:
        return _no(413, said("正文超过{n} KB，工单没有收。附件请另外送。", n=BODY_MOST // 1024))
    sender = tries.sender("loops", str(request.META.get("REMOTE_ADDR", "")))
    given = {"slug": slug, "time": request.headers.get(TIME, ""), "sign": request.headers.get(SIGN, ""), "body": request.body}
    done = run("loops.take", given, actor=gate(), at=at)
    if isinstance(done, Refused):
        # A good signature is never kept waiting: many may share one address, and anybody can send wrong ones.
        if done.code == "Forged" and _too_many(sender, at=at):
            return _no(429, said("签名接连不对，十分钟后再送。"))
        return _no(_STATUS.get(done.code, 422), f"{done.says}{done.fix}")
    return JsonResponse({"ok": True, "number": done.result.number, "case": done.result.case, "again": done.result.again})


def _size(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdecimal() and len(text) < 12 else BODY_MOST + 1


def _too_many(sender: str, *, at: datetime) -> bool:
    """Count a wrong one; says whether there had been too many before it."""
    with acting(DOOR):
        waits = tries.waits(sender, at=at)
        if not waits:
            tries.miss(sender, at=at)
        return waits


def _no(status: int, says: object) -> JsonResponse:
    return JsonResponse({"ok": False, "says": str(says)}, status=status, json_dumps_params={"ensure_ascii": False})
