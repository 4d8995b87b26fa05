"""From a town's poster into the product: the poster to print, the page behind its code, and who asks to be a contact."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.areas.registry import queries as register
from qifu.areas.response.wording import speak_as_in
from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound, NotYours, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.looking import UPLOAD_MOST
from qifu.kernel.files.views import picture
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import ANONYMOUS, needs, public
from qifu.ui.asking import answered, filled, key_of, status_of
from qifu.ui.chat import in_wechat
from qifu.ui.parts import Field, Notice
from qifu.ui.words import say_moment

from .. import queries
from ..actions.doors import EDIT, licence_shown
from ..models import Claim, Counter, Licence
from .home import APPLY

BRING = said("营业执照（拍照用）\n员工名单，Excel、照片都行\n口罩、消毒用品大概有多少")


def _place(code: str) -> jurisdiction.PlaceAt:
    found = jurisdiction.by_code(code) if code.isascii() and code.isdigit() and len(code) <= 12 else None
    if found is None:
        raise Http404
    return found


@public
@require_GET
def landing(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a poster's code opens: the place by name, one field for the phone, whom to call; nothing of any firm."""
    place = _place(code)
    speak_as_in(place.id, clock.now())
    counter = queries.counter_of(place.id)
    actor = request.actor
    known = actor is not None and actor.may(APPLY)
    context = {
        "head": _("%(place)s 复工服务") % {"place": place.name}, "place": place, "counter": counter,
        "next": reverse("resumption:home"), "action": reverse("login"), "claim": reverse("resumption:claim", args=[place.code]),
        "field": Field("phone", _("手机号"), "tel", hint="", inputmode="tel", autocomplete="tel", max_length=20),
        "known": known, "who": actor.name if known and actor else "", "wechat": in_wechat(request),
        "bring": (counter.bring if counter and counter.bring else str(BRING)).splitlines(),
    }  # fmt: skip
    response = TemplateResponse(request, "resumption/landing.html", context)
    # Only the place: where a person comes from is no secret, and a later visit greets him with the right town.
    response.set_cookie("qifu_place", place.code, max_age=90 * 86400, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Take who somebody is and for which enterprise; what comes back is the same whatever is on file."""
    place = _place(code)
    if request.method != "POST":
        return _claim_page(request, place)
    given = {name: request.POST.get(name, "") for name in ("firm", "uscc", "name", "phone")}
    given |= {"place": place.id, "address": str(request.META.get("REMOTE_ADDR", ""))}
    if photo := request.FILES.get("licence"):
        # One byte too many is enough to be refused as too big.
        given["licence"] = photo.read(UPLOAD_MOST + 1)
    answer = run("resumption.make_claim", given, actor=request.actor or ANONYMOUS, at=clock.now(), key=key_of(request))
    return answered(request, answer, to=f"{request.path}?done=1", again=lambda **why: _claim_page(request, place, **why))


def _claim_page(
    request: HttpRequest, place: jurisdiction.PlaceAt, *, errors: dict[str, str] | None = None, notice: Notice | None = None
) -> TemplateResponse:
    speak_as_in(place.id, clock.now())
    fields = [
        Field("firm", _("企业全称"), hint=_("照营业执照写"), max_length=120, autocomplete="organization"),
        Field("uscc", _("统一社会信用代码"), hint=_("18位，在营业执照上；一时没有可不填"), required=False, max_length=18),
        Field("name", _("您的姓名"), max_length=60, autocomplete="name"),
        Field("phone", _("手机号"), "tel", hint=_("核对后用它进来，不设密码"), max_length=20, inputmode="tel", autocomplete="tel"),
    ]
    again = request.FILES.get("licence") is not None
    licence = _("照片请再选一次") if again else _("可不拍。有照片，镇街核对得快")
    photo = Field("licence", _("营业执照照片"), "file", hint=licence, required=False)
    context = {
        "head": _("申请做联系人"), "back": reverse("resumption:landing", args=[place.code]), "place": place, "notice": notice,
        "counter": queries.counter_of(place.id), "done": request.GET.get("done") == "1", "action": request.path, "key": str(uuid7()),
        "fields": filled([*fields, photo], request.POST.dict(), errors),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/claim.html", context)


# ------------------------------------------------------------------------------------------------ the desk


def _mine(request: HttpRequest) -> list[jurisdiction.PlaceAt]:
    """Give the towns and zones whose door the actor keeps."""
    found: dict[int, jurisdiction.PlaceAt] = {}
    for hat in request.actor.hats:
        if hat.place is None or EDIT not in hat.rights:
            continue
        place = jurisdiction.place(hat.place)
        below = jurisdiction.children(place.id) if place.kind in ("district", "city") else ()
        for one in below or (place,):
            if one.kind != "district":
                found[one.id] = one
    return list(found.values())


@require_GET
@needs(EDIT)
def posters(request: HttpRequest) -> HttpResponse:
    """List the towns within reach, whom each names to call, and its poster."""
    places = _mine(request)
    counters = {row.region: row for row in Counter._base_manager.filter(region__in=[one.id for one in places])}
    rows = [
        SimpleNamespace(place=one, counter=counters.get(one.id), href=reverse("resumption:poster", args=[one.code]))
        for one in places
        if one.code
    ]
    waiting = Claim.objects.visible_to(request.actor).filter(state="waiting").count()
    return TemplateResponse(request, "resumption/posters.html", {"title": _("海报和对外电话"), "rows": rows, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Show the poster of a town, ready to print on A4, beside what stands on it; a POST changes that."""
    place = _place(code)
    if place.id not in {one.id for one in _mine(request)}:
        raise NotFound()
    if request.method != "POST":
        return _poster(request, place)
    given = {name: request.POST.get(name, "") for name in ("phone", "contact", "hours", "bring")} | {"place": place.id}
    answer = run("resumption.set_counter", given, actor=request.actor, at=clock.now(), key=key_of(request))
    return answered(request, answer, to=request.path, again=lambda **why: _poster(request, place, posted=request.POST.dict(), **why))


def _poster(
    request: HttpRequest, place: jurisdiction.PlaceAt, *, posted: Any = None, errors: Any = None, notice: Notice | None = None
) -> TemplateResponse:
    counter = Counter._base_manager.filter(region=place.id).first()
    stands = {name: getattr(counter, name, "") for name in ("phone", "contact", "hours", "bring")}
    stands["bring"] = stands["bring"] or str(BRING)
    fields = [
        Field("phone", _("对外电话"), "tel", hint=_("印在海报上，企业点一下就打"), max_length=20),
        Field("contact", _("联络员"), hint=_("姓名，可不填"), required=False, max_length=40),
        Field("hours", _("接听时间"), required=False, max_length=60, placeholder="8:30—20:00"),
        Field("bring", _("请先备好"), "area", hint=_("一行一样"), required=False, max_length=300),
    ]
    address = request.build_absolute_uri(reverse("resumption:landing", args=[place.code]))
    drawn = segno.make(address, error="q", micro=False).svg_inline(scale=10, border=4, dark="#000", light="#fff", omitsize=True)
    context = {
        "title": _("%(place)s 海报") % {"place": place.name}, "place": place, "counter": counter, "address": address,
        "qr": mark_safe(drawn),
        "fields": filled(fields, posted or stands, errors), "action": request.path, "key": str(uuid7()), "notice": notice,
        "bring": [line.strip() for line in stands["bring"].splitlines() if line.strip()], "back": reverse("resumption:posters"),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/poster.html", context)


@require_GET
@needs(EDIT)
def claims(request: HttpRequest) -> HttpResponse:
    """List who asks to be a contact, the oldest first, each with the enterprises that the name or code may mean."""
    return _claims(request)


def _claims(request: HttpRequest, *, notice: Notice | None = None) -> TemplateResponse:
    at = clock.now()
    open_ones = Claim.objects.visible_to(request.actor).filter(state="waiting").order_by("made_at")
    shown = list(open_ones[:50])
    licences = set(Licence.objects.visible_to(request.actor).filter(claim__in=shown).values_list("claim_id", flat=True))
    rows = []
    for one in shown:
        found = {row.id: row for row in register.search(registry.enterprises_in_scope(request.actor), one.uscc)[:3]} if one.uscc else {}
        found |= {row.id: row for row in register.search(registry.enterprises_in_scope(request.actor), one.firm)[:5]}
        new = f"{reverse('registry:new')}?{urlencode({'name': one.firm, 'uscc': one.uscc})}"
        firms = [
            SimpleNamespace(
                id=row.id, name=row.name, uscc=row.uscc or "", same=bool(one.uscc) and row.uscc == one.uscc,
                contacts="、".join(f"{post.name} {post.phone_masked}" for post in registry.contacts_of(row.id)[:3]),
            )
            for row in list(found.values())[:5]
        ]  # fmt: skip
        photo = reverse("resumption:licence", args=[one.id]) if one.id in licences else ""
        town = jurisdiction.name(one.region)
        rows.append(SimpleNamespace(claim=one, at=say_moment(one.made_at, at=at), town=town, firms=firms, new=new, licence=photo))
    context = {"title": _("申请做联系人的"), "rows": rows, "total": open_ones.count(), "notice": notice}
    return TemplateResponse(request, "resumption/claims.html", context)


@require_GET
@needs(EDIT)
def licence(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the licence beside a claim, small with `small`; it can only ever be a picture."""
    found = Licence.objects.visible_to(request.actor).filter(claim=id).first()
    if found is None:
        raise NotFound()
    return picture(licence_shown(found, small="small" in request.GET), name="licence.jpg")


@require_http_methods(["POST"])
@needs(EDIT)
def settle(request: HttpRequest, id: UUID) -> HttpResponse:
    """Confirm or refuse one who asks to be a contact."""
    if request.POST.get("do") == "refuse":
        answer = run(
            "resumption.refuse_claim", {"claim": id, "reason": request.POST.get("reason", "")}, actor=request.actor, at=clock.now()
        )
    else:
        given = {"claim": id, "enterprise": request.POST.get("enterprise", "")}
        answer = run("resumption.confirm_claim", given, actor=request.actor, at=clock.now(), key=key_of(request))
    if answer.ok:
        return HttpResponseRedirect(reverse("resumption:claims"))
    if answer.refusal is not None and isinstance(answer.refusal, NotFound | NotYours):
        raise answer.refusal
    with acting(request.actor):
        words = _("；").join(str(word) for word in (answer.errors or {}).values()) or f"{answer.says}{answer.fix}"
        page = _claims(request, notice=Notice(words, "stop"))
        page.render()
    page.status_code = status_of(answer)
    return page
