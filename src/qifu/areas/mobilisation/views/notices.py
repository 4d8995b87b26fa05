"""Pages of notices: what was sent to me, what I write and publish, and who has not confirmed."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, acting
from qifu.kernel.access.models import Department, Role
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files import enclosing, keeping
from qifu.kernel.files.views import sent
from qifu.kernel.web import needs, signed_in
from qifu.ui import along
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, Option, State
from qifu.ui.parts import Notice as Says
from qifu.ui.seen import hidden, moved

from .. import audience, queries
from ..models import Notice, Receipt
from ..terms import CONTACT, DUTY, NOTICE_STATES, PUBLISH, SIZES, WRITE
from ..workflow import NOTICES

TONES = {"drafted": "idle", "review": "ask", "published": "ok", "superseded": "idle", "withdrawn": "stop", "dropped": "idle"}
VERBS = {"hand_in", "send_back", "publish", "take_back", "drop", "revise", "call", "remind", *along.VERBS}
WITH_REASON = {"send_back", "take_back"}
ACTIONS = {"call": "mobilisation.call_unconfirmed", "remind": "mobilisation.remind_unconfirmed"}
WRITERS = (WRITE, PUBLISH)


def of(request: HttpRequest) -> Actor:
    """Give who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def state_of(notice: Notice) -> State:
    """Draw a notice's state."""
    return State(NOTICE_STATES[notice.state], TONES[notice.state])


def in_hand(actor: Actor) -> bool:
    """Say whether this person works on a phone page: whoever has no office."""
    return not any(hat.place for hat in actor.hats)


def base_of(actor: Actor) -> str:
    """Give the frame for a person's own pages."""
    return "ui/phone.html" if in_hand(actor) else "ui/desk.html"


# ------------------------------------------------------------------------------------------------ for everybody


@require_GET
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """List the notices that were published to me, to be confirmed first."""
    actor = of(request)
    rows = queries.inbox(actor)
    todo = [one for one in rows if waits(one)]
    context = {
        "base": base_of(actor), "head": _("通知"), "hand": in_hand(actor), "writes": any(actor.may(right) for right in WRITERS),
        "todo": todo, "rest": [SimpleNamespace(it=one, state=state_of(one.notice)) for one in rows if one not in todo],
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/inbox.html", context)


def waits(receipt: Receipt) -> bool:
    """Say whether a notice waits for its reader."""
    return receipt.confirmed_at is None and receipt.notice.state == "published"


@require_GET
@signed_in
def read(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a notice that was published to me, all its versions, and the button to confirm."""
    return _read(request, id)


def _read(request: HttpRequest, id: UUID, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor = of(request)
    mine = queries.receipt(id, actor)
    it = mine.notice
    versions = queries.versions(it.series)
    read = set(Receipt._base_manager.filter(person=actor.person, notice__series=it.series).values_list("notice", flat=True))
    newest = versions[0] if versions and versions[0].id != it.id else None
    context = {
        "base": base_of(actor), "hand": in_hand(actor), "head": _("通知"), "back": reverse("mobilisation:inbox"), "it": it, "mine": mine,
        "state": state_of(it), "waits": waits(mine), "notice": notice, "lines": it.text.splitlines(), "newest": newest,
        "versions": [SimpleNamespace(it=one, mine=one.id in read, here=one.id == it.id, state=state_of(one)) for one in versions],
        "key": key_of(request) if request.method == "POST" else "", "along": along.Enclosed(_along(it, actor)),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/notice.html", context)


def _along(it: Notice, actor: Actor) -> list[tuple[str, str, UUID]]:
    """Give what goes along with a notice that was published to this person: it lies within its office's reach, not theirs."""
    if not it.enclosed:
        return []
    with enclosing.within_reach_of(it, actor=actor):
        files = enclosing.of(it)
    return along.listed(files, lambda file: reverse("mobilisation:notice_file", args=[it.id, file.id]))


def _along_at_desk(request: HttpRequest, it: Notice, actor: Actor) -> along.Enclosed:
    """Give what goes along; a draft takes more."""
    mends = it.state == "drafted" and actor.may(WRITE)
    act = (lambda verb: reverse("mobilisation:act_on_notice", args=[it.id, verb])) if mends else None
    return along.enclosed(request, it, act=act)


@require_safe
@signed_in
def file(request: HttpRequest, id: UUID, file: UUID) -> HttpResponse:
    """Give a file of a notice to whoever it was published to: a picture, or a paper as a download."""
    actor = of(request)
    it = queries.receipt(id, actor).notice
    with enclosing.within_reach_of(it, actor=actor):
        found = next((one for one in enclosing.of(it) if one.id == file), None)
        if found is None:
            raise NotFound()
        content, mime = keeping.shown(found)
    return sent(found, content, mime)


@require_POST
@signed_in
def confirm(request: HttpRequest, id: UUID) -> HttpResponse:
    """Confirm a notice."""
    with acting(of(request)):
        queries.receipt(id, of(request))
    answer = run("mobilisation.confirm_notice", {"notice": id}, actor=of(request), at=clock.now())
    here = reverse("mobilisation:read", args=[id])
    return answered(request, answer, to=here, again=lambda **more: _read(request, id, **more))


# ------------------------------------------------------------------------------------------------ for those who write


@require_GET
@needs(*WRITERS)
def listed(request: HttpRequest) -> HttpResponse:
    """List the notices of the offices in reach: what is being written, what waits for publication, what was confirmed by how many."""
    actor = of(request)
    found = queries.notices(actor)
    done = Counter(
        Receipt._base_manager.filter(notice__in=[one.id for one in found], confirmed_at__isnull=False).values_list("notice", flat=True)
    )
    rows = [
        SimpleNamespace(
            it=one, state=state_of(one), done=done[one.id], left=one.audience - done[one.id], share=share(done[one.id], one.audience)
        )
        for one in found
    ]
    context = {"rows": rows, "writes": actor.may(WRITE), "waiting": sum(one.state == "review" for one in found)}
    return TemplateResponse(request, "mobilisation/notices.html", context)


def share(part: int, whole: int) -> float:
    """Give percent, 0 to 100, to one digit; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def home_of(actor: Actor, right: str, at: datetime) -> int | None:
    """Give the place for which somebody acts by a right: that of the widest hat with it."""
    places = [hat.place for hat in actor.hats if right in hat.rights and hat.valid(at) and hat.place]
    return min(places, key=lambda place: len(jurisdiction.lineage(place)), default=None)


def audience_fields(actor: Actor, right: str, rule: audience.Rule, errors: Mapping[str, str], *, at: datetime) -> list[Field]:
    """Give the questions whom something is for: places and roles, size of firm, departments."""
    home = home_of(actor, right, at)
    places = [jurisdiction.place(home), *jurisdiction.children(home)] if home else []
    names = set(Department.objects.filter(place__in=[one.id for one in places]).values_list("id", "name"))
    roles = [
        (role.code, str(role.label))
        for role in Role.objects.exclude(says="").order_by("label")
        if DUTY in role.rights or role.code == CONTACT
    ]

    def options(pairs: Any, chosen: Any) -> tuple[Option, ...]:
        return tuple(Option(str(value), str(word), on=value in chosen) for value, word in pairs)

    whole = _("{place}全部").format(place=places[0].name) if places else ""
    wide = [(one.id, whole if number == 0 and len(places) > 1 else one.name) for number, one in enumerate(places)]
    return [
        Field("places", _("哪些地区"), "ticks", options=options(wide, rule.places), error=errors.get("places", "")),
        Field("roles", _("哪些人"), "ticks", options=options(roles, rule.roles), error=errors.get("roles", "")),
        Field(
            "sizes", _("企业联系人只发这些规模的"), "ticks", options=options(SIZES.items(), rule.sizes), error=errors.get("sizes", ""),
            required=False, hint=_("不勾就是各种规模都发"),
        ),
        Field(
            "departments", _("只发这些部门的"), "ticks", options=options(sorted(names, key=lambda one: one[1]), rule.departments),
            error=errors.get("departments", ""), required=False, hint=_("不勾就是各部门都发"),
        ),
    ]  # fmt: skip


def rule_given(post: Any) -> dict[str, Any]:
    """Give the rule as a form sent it."""
    return {name: post.getlist(name) for name in ("places", "roles", "sizes", "departments")}


def rule_typed(post: Any) -> audience.Rule:
    """Give the rule as a form sent it, to be drawn again, whatever it holds."""
    departments = []
    for one in post.getlist("departments"):
        try:
            departments.append(UUID(one))
        except ValueError:
            continue
    places = tuple(int(one) for one in post.getlist("places") if one.isdecimal() and len(one) < 10)
    return audience.Rule(
        places=places, roles=tuple(post.getlist("roles")), sizes=tuple(post.getlist("sizes")), departments=tuple(departments)
    )


def _form(
    request: HttpRequest, it: Notice | None, *, notice: Says | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor, at, errors = of(request), clock.now(), errors or {}
    stands = {"title": it.title, "number": it.number, "text": it.text} if it else {}
    posted = request.POST.dict() if request.method == "POST" else stands
    rule = rule_typed(request.POST) if request.method == "POST" else audience.rule_of(it.rule if it else {})
    fields = [
        Field("title", _("标题"), max_length=80),
        Field("number", _("文号"), hint=_("有纸质文件的写上"), required=False, max_length=60),
        Field("text", _("内容"), "area", max_length=8000, hint=_("空一行就是另起一段")),
    ]
    by = posted.get("confirm_by") or (f"{clock.local(it.confirm_by):%Y-%m-%dT%H:%M}" if it and it.confirm_by else "")
    context = {
        "title": _("改通知") if it else _("写通知"), "it": it, "fields": filled(fields, posted, errors), "notice": notice,
        "whom": audience_fields(actor, WRITE, rule, errors, at=at), "confirm_by": by, "confirm_by_error": errors.get("confirm_by", ""),
        "sms": bool(posted.get("sms")) if request.method == "POST" else bool(it and it.sms), "action": request.path,
        "back": reverse("mobilisation:desk_notice", args=[it.id]) if it else reverse("mobilisation:desk_notices"),
        "key": str(key_of(request)), "rest": {k: v for k, v in errors.items() if k not in ("title", "number", "text", "confirm_by")},
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/notice_form.html", context)


def _given(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    given: dict[str, Any] = {name: post.get(name, "") for name in ("title", "number", "text")}
    return given | {"rule": rule_given(post), "confirm_by": post.get("confirm_by") or None, "sms": bool(post.get("sms"))}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Write a notice."""
    if request.method != "POST":
        return _form(request, None)
    actor, at = of(request), clock.now()
    answer = run(
        "mobilisation.write_notice", {**_given(request), "place": home_of(actor, WRITE, at) or 0}, actor=actor, at=at, key=key_of(request)
    )
    to = reverse("mobilisation:desk_notice", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _form(request, None, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WRITE)
def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change a notice that was not handed in."""
    actor = of(request)
    if request.method != "POST":
        return _form(request, queries.notice(id, actor))
    with acting(actor):
        it = queries.notice(id, actor)
    answer = run("mobilisation.edit_notice", {**_given(request), "notice": id}, actor=actor, at=clock.now(), key=key_of(request))
    to = reverse("mobilisation:desk_notice", args=[id])
    return answered(request, answer, to=to, again=lambda **more: _form(request, it, **more))


@require_GET
@needs(*WRITERS)
def desk(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a notice to whoever writes or publishes: whom it means, who has confirmed, what may be done now."""
    return _desk(request, id)


def _desk(
    request: HttpRequest,
    id: UUID,
    *,
    numbers: Mapping[UUID, str] | None = None,
    notice: Says | None = None,
    errors: Mapping[str, str] | None = None,
) -> TemplateResponse:
    actor, at = of(request), clock.now()
    it = queries.notice(id, actor)
    rows = queries.receipts(it)
    open_ones = [one for one in rows if one.confirmed_at is None]
    done = [one for one in rows if one.confirmed_at is not None]
    meant = audience.resolve(audience.rule_of(it.rule), actor, at=at) if it.state in ("drafted", "review") else []
    choices = NOTICES.possible(it, actor=actor, at=at)
    acts = [
        SimpleNamespace(
            verb=one.move.verb, label=one.move.label, then=one.move.then, allowed=one.allowed, refused=one.refusal,
            main=one.move.verb in ("hand_in", "publish"), says=one.move.verb in WITH_REASON,
        )
        for one in choices
        if one.move.verb in VERBS and one.move.verb not in along.VERBS and actor.may(one.move.who)
    ]  # fmt: skip
    names = dict(Role.objects.values_list("code", "label"))
    newer = Notice._base_manager.filter(series=it.series, version__gt=it.version).exclude(state="dropped").order_by("-version").first()
    words = _("、").join(errors.values()) if errors else ""
    known = numbers or {}
    waiting = [
        SimpleNamespace(it=one, number=known.get(one.person, ""), place=jurisdiction.name(one.place), role=names.get(one.role, ""))
        for one in open_ones
    ]
    context = {
        "it": it, "hidden": hidden(it), "state": state_of(it), "lines": it.text.splitlines(), "acts": acts, "open": waiting,
        "notice": notice or (Says(words, "stop") if words else None),
        "done": [SimpleNamespace(it=one, place=jurisdiction.name(one.place)) for one in done[:400]],
        "share": share(len(done), len(rows)), "total": len(rows), "confirmed": len(done), "live": it.state == "published",
        "meant": len(meant),
        "by_place": Counter(jurisdiction.name(one.place) for one in meant).most_common(24),
        "some": [one.name for one in meant[:6]], "newer": newer,
        "versions": [one for one in queries.versions(it.series) if one.id != it.id],
        "may_edit": it.state == "drafted" and actor.may(WRITE),
        "along": _along_at_desk(request, it, actor),
        "may_revise": it.state in ("published", "withdrawn") and actor.may(WRITE) and newer is None,
        "may_chase": it.state == "published" and actor.may(WRITE) and bool(open_ones), "asked": numbers is not None,
        "told": request.GET.get("told", "") if request.GET.get("told", "").isdecimal() else "",
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/notice_desk.html", context)


@require_POST
@needs(*WRITERS)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Hand in, send back, publish, take back, drop, revise; or see the numbers of, or remind, those who have not confirmed."""
    actor, at = of(request), clock.now()
    with acting(actor):
        queries.notice(id, actor)
    here = reverse("mobilisation:desk_notice", args=[id])
    if verb not in VERBS:
        return HttpResponseRedirect(here)
    if verb in along.VERBS:
        answer = along.changed(request, verb, f"mobilisation.{verb}_notice", {"notice": id}, actor=actor)
        return answered(request, answer, to=here, again=lambda **more: _desk(request, id, **more))
    if page := moved(request, lambda: queries.notice(id, actor), again=lambda **more: _desk(request, id, **more)):
        return page
    given: dict[str, Any] = {"notice": id}
    if verb in WITH_REASON:
        given["reason"] = request.POST.get("reason", "")
    if verb in ACTIONS and request.POST.get("person"):
        given["person"] = request.POST["person"]
    answer = run(ACTIONS.get(verb, f"mobilisation.{verb}_notice"), given, actor=actor, at=at, key=key_of(request))
    if answer.ok and verb == "call":
        return _desk_after(request, id, answer.result)
    to = reverse("mobilisation:desk_notice", args=[answer.result.id]) if answer.ok and verb == "revise" else here
    if answer.ok and verb == "remind":
        to = f"{here}?told={answer.result}"
    return answered(request, answer, to=to, again=lambda **more: _desk(request, id, **more))


def _desk_after(request: HttpRequest, id: UUID, numbers: Mapping[UUID, str]) -> HttpResponse:
    with acting(of(request)):
        page = _desk(request, id, numbers=numbers)
        page.render()
    return page
