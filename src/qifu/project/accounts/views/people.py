"""The administrators' pages: the people within reach, one person with hats, giving and taking back."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qifu.integrations import identity
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, acting, require
from qifu.kernel.access.models import Department, Grant, Outside, Person, everything
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import listed as joined
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import normal_phone
from qifu.kernel.web import needs
from qifu.ui.parts import Cell, Column, Field, Notice, Option, Page, Row, State, View

from .. import giving, outside
from ..actions.inviting import NobodyToInvite, not_yet_in
from ..numbers import phone_of

PAGE = 50
COLUMNS = (
    Column(gettext_lazy("姓名"), "name"),
    Column(gettext_lazy("职务"), drop=True),
    Column(gettext_lazy("手机")),
    Column(gettext_lazy("角色")),
    Column(gettext_lazy("登录"), "state"),
)


@needs("access.see")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the people of offices within reach, by name or whole number, fifty a page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at, text = clock.now(), request.GET.get("q", "").strip()[:60]
    found = Person.objects.visible_to(actor).filter(party__isnull=True)
    if text:
        number = normal_phone(text)
        found = (
            found.filter(phone_index=blind("phone", number))
            if number.isdigit() and len(number) == 11
            else found.filter(name__contains=text)
        )
    never = request.GET.get("never") == "1"
    waiting = not_yet_in(actor, at=at)
    if never:
        found = found.filter(pk__in=waiting.values("pk"))
    total = found.count()
    start = min(max(0, _whole(request.GET.get("from", "0"))), max(0, total - 1)) // PAGE * PAGE
    grants = Prefetch("grants", everything(Grant).filter(revoked_at__isnull=True).select_related("role").order_by("since"), to_attr="worn")
    people = list(found.prefetch_related(grants).order_by("region", "name", "id")[start : start + PAGE])
    before = _address(text, start - PAGE, never=never) if start else ""
    after = _address(text, start + PAGE, never=never) if start + PAGE < total else ""
    page = Page(first=start + 1 if total else 0, last=start + len(people), total=total, previous=before, next=after)
    context = {"q": text, "total": total, "columns": COLUMNS, "rows": [_row(person, at=at) for person in people], "page": page}
    context["lists"] = f"{reverse('registry:imports')}?kind=registry.officers" if actor.may(giving.GIVE_ANY) else ""
    context["views"] = [
        View(_("所有人"), reverse("people"), None, "", not never),
        View(_("还没登录过"), f"{reverse('people')}?never=1", waiting.count(), "", never),
    ]
    context["invite"] = reverse("people_invite") if never and total and actor.rights & {giving.GIVE_ANY, giving.GIVE_OWN} else ""
    context["said"] = _invited(request)
    return TemplateResponse(request, "accounts/people.html", context)


@needs("access.grant", "access.grant.own")
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Ask everybody in reach who never came in, by SMS."""
    answer = run("access.invite", {}, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(answer, Done):
        return HttpResponseRedirect(f"{reverse('people')}?never=1&sent={answer.result.sent}&resting={answer.result.resting}")
    if answer.code == "SecondFactorNeeded" and answer.refusal is not None:
        raise answer.refusal
    return HttpResponseRedirect(f"{reverse('people')}?never=1&sent=0")


def _invited(request: HttpRequest) -> Notice | None:
    sent = _whole(request.GET.get("sent", ""))
    if "sent" not in request.GET:
        return None
    if not sent:
        return Notice(f"{NobodyToInvite.says}{NobodyToInvite.fix}", "ask")
    resting = _whole(request.GET.get("resting", ""))
    rest = _("另有%d人今天已经发过，或没有手机号。") % resting if resting else ""
    return Notice(_("给%d人发了短信，登录一个少一个。") % sent + rest, "ok")


@needs("access.see")
@require_GET
def person(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one person: masked number, hats of now and before, and what may be done."""
    return _person_page(request, id)


@needs("access.grant", "access.grant.own")
@require_POST
def give(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give a role."""
    names = ("role", "place", "reason", "purpose", "until", "department")
    given = {"person": id, **{name: request.POST.get(name, "") for name in names}}
    return _answer(request, id, run("access.give", given, actor=request.actor), form="give")  # type: ignore[attr-defined]


@needs("access.grant", "access.grant.own")
@require_POST
def revoke(request: HttpRequest, id: UUID, grant: UUID) -> HttpResponse:
    """Take a role back."""
    given = {"grant": grant, "reason": request.POST.get("reason", "")}
    return _answer(request, id, run("access.revoke", given, actor=request.actor), form="revoke")  # type: ignore[attr-defined]


@needs("access.grant", "access.grant.own")
@require_POST
def mark(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Bar, unbar, void the authenticator, end all sessions, or change the number."""
    given = {"person": id, "reason": request.POST.get("reason", "")}
    if verb == "change_phone":
        given["phone"] = request.POST.get("phone", "")
    return _answer(request, id, run(f"access.{verb}", given, actor=request.actor), form=verb)  # type: ignore[attr-defined]


@needs("access.grant", "access.grant.own")
@require_POST
def link(request: HttpRequest, id: UUID) -> HttpResponse:
    """Link somebody's number at another service."""
    given = {"person": id, **{name: request.POST.get(name, "") for name in ("service", "number", "reason")}}
    return _answer(request, id, run("access.link_for", given, actor=request.actor), form="link")  # type: ignore[attr-defined]


@needs("access.grant", "access.grant.own")
@require_POST
def unlink(request: HttpRequest, id: UUID, link: UUID) -> HttpResponse:
    """Take back somebody's link."""
    given = {"person": id, "link": link, "reason": request.POST.get("reason", "")}
    return _answer(request, id, run("access.unlink_for", given, actor=request.actor), form="unlink")  # type: ignore[attr-defined]


@needs("access.see")
@require_POST
def phone(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the whole number once; the look is on the record."""
    done = run("access.look_phone", {"person": id, "reason": request.POST.get("reason", "")}, actor=request.actor)  # type: ignore[attr-defined]
    if isinstance(done, Refused):
        return _answer(request, id, done, form="phone")
    with acting(request.actor):  # type: ignore[attr-defined]
        return _person_page(request, id, shown=done.result.reveal())


def _answer(request: HttpRequest, id: UUID, done: Done | Refused, *, form: str) -> HttpResponse:
    if isinstance(done, Done):
        return HttpResponseRedirect(reverse("person", args=[id]))
    if done.refusal is not None and done.code in ("SecondFactorNeeded", "NotFound"):
        raise done.refusal
    with acting(request.actor):  # type: ignore[attr-defined]
        return _person_page(request, id, refused=done, form=form)


def _person_page(request: HttpRequest, id: UUID, *, shown: str = "", refused: Refused | None = None, form: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    found = Person.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    require(actor, "access.see", at=at, on=found)
    grants = list(everything(Grant).filter(person=found).select_related("role", "department", "task_force").order_by("-since", "-id"))
    now, before = [], []
    for grant in grants:
        ended = grant.revoked_at or (grant.until if grant.until and grant.until <= at else None)
        where = jurisdiction.full_name(grant.place) if grant.place else ""
        (before if ended else now).append({"grant": grant, "where": where, "ended": ended})
    gives = actor.may(giving.GIVE_ANY) or actor.may(giving.GIVE_OWN)
    errors = dict(refused.errors or {}) if refused else {}
    context = {
        "person": found,
        "phone": shown or str(phone_of(found)),
        "shown": bool(shown),
        "state": _state(found),
        "now": now,
        "before": before,
        "gives": gives,
        "own": actor.person == found.id,
        "outside": [(one, outside.NAMES[one.service]) for one in everything(Outside).filter(person=found, ended_at__isnull=True)],
        "services": [(code, outside.NAMES[code]) for code in identity.chosen()] if gives else [],
        "fields": _fields(actor, typed=request.POST if form == "give" else {}, errors=errors if form == "give" else {}) if gives else [],
        "form": form,
        "errors": errors,
        "notice": Notice(f"{refused.says}{refused.fix}", tone="stop") if refused and not errors else None,
    }
    return TemplateResponse(request, "accounts/person.html", context, status=422 if refused else 200)


def _fields(actor: Actor, *, typed: Any, errors: dict[str, str]) -> list[Field]:
    places = _places(actor)
    roles = [Option(role.code, role.label, on=typed.get("role") == role.code) for role in giving.giveable(actor)]
    spots = [Option(str(id), name, on=typed.get("place") == str(id)) for id, name in places]
    units = [
        Option(str(unit.id), unit.name, on=typed.get("department") == str(unit.id))
        for unit in everything(Department).filter(place__in=[id for id, _ in places]).order_by("name")
    ]
    return [
        Field("role", _("角色"), kind="select", options=roles, placeholder=_("选一个"), error=errors.get("role", "")),
        Field("place", _("管哪里"), kind="select", options=spots, placeholder=_("选一个"), error=errors.get("place", "")),
        Field(
            "department",
            _("代表哪个单位"),
            kind="select",
            options=units,
            placeholder=_("不写"),
            required=False,
            error=errors.get("department", ""),
        ),
        Field(
            "until",
            _("到哪天为止"),
            kind="date",
            value=typed.get("until", ""),
            required=False,
            hint=_("借调、专班填最后一天，到期自动收回"),
            error=errors.get("until", ""),
        ),
        Field("purpose", _("用途"), value=typed.get("purpose", ""), required=False, max_length=120, error=errors.get("purpose", "")),
        Field("reason", _("事由"), value=typed.get("reason", ""), max_length=200, error=errors.get("reason", "")),
    ]


def _places(actor: Actor) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    for hat in actor.hats:
        if hat.place and hat.rights & {giving.GIVE_ANY, giving.GIVE_OWN}:
            found[hat.place] = jurisdiction.name(hat.place)
            found.update((one.id, one.name) for one in jurisdiction.children(hat.place))
    return list(found.items())


def _row(person: Person, *, at: Any) -> Row:
    worn = [grant for grant in person.worn if grant.until is None or grant.until > at]  # type: ignore[attr-defined]
    roles = joined(dict.fromkeys(grant.role.label for grant in worn))
    href = reverse("person", args=[person.id])
    cells = (
        Cell("name", person.name),
        Cell("text", person.title, drop=True),
        Cell("text", str(phone_of(person))),
        Cell("text", roles or _("没有角色")),
        Cell("state", _state(person)),
    )
    return Row(id=str(person.id), name=person.name, href=href, cells=cells)


def _state(person: Person) -> State:
    if person.closed_at:
        return State(_("停用"), tone="stop", icon="lock")
    if person.entered_at:
        return State(_("登录过"), tone="ok")
    return State(_("邀请过，还没登录"), tone="ask") if person.invited_at else State(_("还没登录"), tone="idle")


def _address(text: str, start: int, *, never: bool = False) -> str:
    query = {key: value for key, value in (("q", text), ("never", int(never)), ("from", start)) if value}
    return f"{reverse('people')}?{urlencode(query)}" if query else reverse("people")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
