"""The check for everybody: paste, type or photograph what a pass shows; and what a reader without a network keeps."""

import base64
import io
from collections import defaultdict

import zxingcpp
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image

from qifu.kernel.access import DOOR, acting, tries
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import cose, keys
from qifu.kernel.credentials import status as statuses
from qifu.kernel.credentials.claims import normal_number
from qifu.kernel.web import at_door

from .. import verdict
from ..models import Pass

LARGEST = 12 * 1024 * 1024
PIXELS = 60_000_000
SIDE = 2000


PHOTOS = 60
"""Pictures without a code from one sender in ten minutes; a guard with a bad camera stays below."""


class NoCode(Exception):
    """A picture shows no code; the words say what to do."""


class TooOften(NoCode):
    """The sender has missed too often and waits."""


@at_door
def check(request: HttpRequest) -> HttpResponse:
    """Show the check, and the verdict on what was given."""
    if request.method != "POST":
        return TemplateResponse(request, "passes/check.html", {"verdict": None, "given": ""})
    given, found, wrong, status = request.POST.get("code", "").strip()[:5000], None, "", 200
    try:
        if (picture := request.FILES.get("photo")) is not None:
            given = _photographed(request, picture)
        if not given:
            raise NoCode(_("还没有码：拍一张，或输码下面的8位号码。"))
        found = _judged(request, given)
    except NoCode as problem:
        wrong, status = str(problem), 429 if isinstance(problem, TooOften) else 200
    shown = given if len(given) < 24 else ""
    return TemplateResponse(request, "passes/check.html", {"verdict": found, "given": shown, "wrong": wrong}, status=status)


def _judged(request: HttpRequest, given: str) -> verdict.Verdict:
    """Judge a code, or a typed number while its sender has not guessed too often: a signature cannot be guessed."""
    at, typed = clock.now(), bool(normal_number(given))
    key = tries.sender("pass-number", str(request.META.get("REMOTE_ADDR", "")))
    with acting(DOOR):
        if typed and tries.waits(key, at=at):
            raise TooOften(_("这里连着输了很多个没有的号码，过10分钟再输。拍码照样能查。"))
        found = verdict.judge(given, at=at)
        if typed and found.code == "no_number":
            tries.miss(key, at=at)
    return found


def _photographed(request: HttpRequest, picture) -> str:  # type: ignore[no-untyped-def]
    """Read a photograph; whoever sends very many without a code waits, since reading one costs more than sending it."""
    at, key = clock.now(), tries.sender("pass-photo", str(request.META.get("REMOTE_ADDR", "")))
    with acting(DOOR):
        if tries.waits(key, at=at):
            raise TooOften(_("这里连着传了很多张没有码的照片，过10分钟再传。输8位号码照样能查。"))
    try:
        return text_in(picture)
    except NoCode:
        with acting(DOOR):
            tries.miss(key, at=at, most=PHOTOS)
        raise


def text_in(picture) -> str:  # type: ignore[no-untyped-def]
    """Give the text of the code in a photograph; refuses NoCode for what is too large, no picture, or shows none."""
    if picture.size > LARGEST:
        raise NoCode(_("照片太大，最多12兆。没有保存，换一张再试。"))
    try:
        image = Image.open(io.BytesIO(picture.read()), formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > PIXELS:
            raise NoCode(_("照片太大，最多6000万像素。没有保存，换一张再试。"))
        image.draft("L", (SIDE, SIDE))
        grey = image.convert("L")
        grey.thumbnail((SIDE, SIDE))
        found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NoCode(_("这不是一张照片，打不开。拍一张码，或输8位号码。")) from None
    if not found:
        raise NoCode(_("照片里没有找到码。对准一点、亮一点再拍，或输8位号码。"))
    return str(found[0].text)


@require_safe
@at_door
def keys_of(request: HttpRequest) -> HttpResponse:
    """Give the public keys of this installation with their times: what a reader pins."""
    rows = [
        {
            "kid": key.kid.hex(), "alg": {cose.ES256: "ES256", cose.EDDSA: "EdDSA"}[key.alg], "issuer": key.issuer,
            "spki": base64.b64encode(cose.der_of(key.public)).decode(), "not_before": key.not_before, "not_after": key.not_after,
            "withdrawn_at": key.withdrawn_at,
        }
        for key in keys.trust().keys.values()
    ]  # fmt: skip
    return JsonResponse({"at": clock.now(), "keys": rows})


@require_safe
@at_door
def status(request: HttpRequest, issuer: int) -> HttpResponse:
    """Give the signed status list of an issuer: bitmaps of revoked serials by block, without anybody's name."""
    at, name = clock.now(), str(issuer)
    if not any(key.issuer == name for key in keys.trust().keys.values()):
        raise Http404
    blocks: dict[int, list[int]] = defaultdict(list)
    for block, serial in Pass._base_manager.filter(issuer=name, revoked=True, ends_at__gt=at).values_list("block", "serial"):
        blocks[block].append(serial)
    response = HttpResponse(statuses.sign(name, blocks, signer=keys.signer(name, at=at), at=at), content_type="application/cose")
    response["Cache-Control"] = "public, max-age=60"
    return response
