"""The list of enterprises, one enterprise, and what a clerk does with it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import exports, pages, queries
from qifu.areas.registry.models import ContactPost, Enterprise
from qifu.areas.registry.terms import CATEGORIES, SITE_KINDS, SIZES
from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said as _
from qifu.kernel.values import read_whole
from qifu.kernel.web import needs
from qifu.ui.parts import Chip, Field, Filter, Option, Page, View

from .common import actor_of, address, again, answered, filled, go, options, places, show, told, whole

ROSTERS = "registry.worker.see"
_ROSTER = 300
SIZE = 50
_VIEWS = {"": _("全部"), **exports.VIEWS}


@needs("registry.see", "registry.edit")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the enterprises within reach: search, views with counts, towns, sort, pages."""
    actor = actor_of(request)
    asked = {key: request.GET.get(key, "").replace("\x00", "").strip()[:80] for key in ("q", "view", "region", "sort", "page")}
    region = read_whole(asked["region"])
    sort = asked["sort"] if asked["sort"] in pages.SORTS else "name"
    found = queries.filtered(actor, q=asked["q"], view=asked["view"], region=region)
    total, page = found.count(), whole(asked["page"])
    first = (page - 1) * SIZE
    rows = list(found.order_by(pages.SORTS[sort], "id")[first : first + SIZE])

    def href(**new: Any) -> str:
        query = {key: value for key, value in (asked | {"page": ""} | new).items() if value}
        return address("enterprises") + (f"?{urlencode(query)}" if query else "")

    counts = queries.counts(actor)
    views = [
        View(word, href(view=code), counts[code or "all"], "ask" if code == "unsettled" else "", asked["view"] == code)
        for code, word in _VIEWS.items()
    ]
    towns = [View(one.word, href(region=one.value), None, "", one.value == asked["region"]) for one in places(actor)]
    chips = [Chip(_("查找"), asked["q"], href(q=""))] if asked["q"] else []
    if region is not None:
        chips.append(Chip(_("镇街"), _place_name(region), href(region="")))
    return show(
        request,
        "enterprises",
        {
            "title": _("企业"),
            "q": asked["q"],
            "asked": asked,
            "views": views,
            "chips": chips,
            "total": total,
            "filters": [Filter(_("镇街"), towns)] if len(towns) > 1 else [],
            "columns": pages.list_columns(sort, href),
            "rows": [pages.list_row(row) for row in rows],
            "clear": address("enterprises"),
            "export": href().replace(address("enterprises"), address("export"), 1),
            "page": Page(
                first + 1,
                first + len(rows),
                total,
                href(page=str(page - 1)) if page > 1 else "",
                href(page=str(page + 1)) if first + SIZE < total else "",
            ),
            "may_add": actor.may("registry.edit"),
            "may_import": actor.may("registry.import"),
        },
    )


def _place_name(region: int) -> str:
    try:
        return jurisdiction.name(region)
    except jurisdiction.UnknownPlace:
        return _("没有这个地方")


@needs("registry.see")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Lead to taking the list along as it is filtered: at once up to 500 rows, above with a second person."""
    words = {key: request.GET[key] for key in ("q", "view", "region") if request.GET.get(key)}
    return HttpResponseRedirect(f"{reverse('papers:export_new')}?{urlencode({**words, 'list': 'registry.enterprises'})}")


@needs("registry.see", "registry.edit")
@require_safe
def shown(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one enterprise: facts, sites, contacts, rights of key lists, workers counted, what happened."""
    return _shown(request, id)


def _shown(request: HttpRequest, id: UUID, **more: Any) -> Any:
    actor, at = actor_of(request), clock.now()
    row = queries.enterprise(id, actor)
    context = {"subject": pages.subject(row, actor=actor, at=at), "enterprise": row, **pages.beside(row, actor=actor, at=at), **more}
    return show(request, "enterprise", context)


@needs("registry.see", "registry.edit")
@require_safe
def workers(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the roster of an enterprise masked; who may see rosters can say what for and see it in plain words."""
    return _workers(request, id)


@needs(ROSTERS)
@require_POST
def look_workers(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the roster in plain words once; the look is on the record."""
    actor = actor_of(request)
    answer = run("registry.look_workers", {"enterprise": id, **told(request, "purpose")}, actor=actor, at=clock.now())
    if isinstance(answer, Refused):
        return again(request, answer, lambda: _workers(request, id))
    with acting(actor):
        return _workers(request, id, plain=answer.result)  # type: ignore[no-any-return]


def _workers(request: HttpRequest, id: UUID, *, plain: list[dict[str, Any]] | None = None) -> Any:
    actor = actor_of(request)
    row = queries.enterprise(id, actor)
    found = queries.workers(row.id).filter(left_on__isnull=True)
    context = {
        "title": row.name,
        "back": address("enterprise", row.id),
        "total": found.count(),
        "plain": plain is not None,
        "lines": plain if plain is not None else [pages.worker_line(one, plain=False) for one in found[:_ROSTER]],
        "may": actor.hat_for(ROSTERS, at=clock.now(), on=row) is not None,
        "action": address("look_workers", row.id),
        "most": _ROSTER,
    }
    return show(request, "desk_roster", context)


# ------------------------------------------------------------------------------------------------ forms


def _form(request: HttpRequest, title: str, fields: list[Field], *, back: str, primary: str, hint: str = "") -> Any:
    return show(
        request,
        "form",
        {
            "title": title,
            "fields": filled(fields, request.POST.dict()),
            "back": back,
            "primary": primary,
            "hint": hint,
            "action": request.path,
        },
    )


def _labels(row: Enterprise | None = None) -> list[Field]:
    size = row.size if row else ""
    category = row.category if row else ""
    return [
        Field(
            "size", _("规模"), "select", size, options=options(SIZES), placeholder="" if row else _("统计名录里没有就不选"), required=False
        ),
        Field(
            "over_100m",
            _("亿元以上"),
            "select",
            str(int(row.over_100m)) if row else "",
            options=options({"0": _("否"), "1": _("是")}),
            required=False,
        ),
        Field("category", _("必需类别"), "select", category or "none", options=options({"none": _("一般"), **CATEGORIES}), required=False),
    ]


def _facts(row: Enterprise | None = None) -> list[Field]:
    return [
        Field("industry", _("行业代码"), value=row.industry if row else "", hint=_("例如 C3311"), required=False, max_length=5),
        Field("staff", _("员工人数"), "number", row.staff if row else "", unit=_("人"), required=False),
        Field("legal_person", _("法定代表人"), value=row.legal_person if row else "", required=False, max_length=60),
        Field("address", _("地址"), value=row.address if row else "", required=False, max_length=200),
    ]


@needs("registry.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Register one enterprise."""
    actor = actor_of(request)

    def build() -> Any:
        fields = [
            Field("name", _("企业名称"), hint=_("照营业执照写"), max_length=120),
            Field("uscc", _("统一社会信用代码"), hint=_("18位；一时没有也可以先登记，之后再核准"), required=False, max_length=40),
            Field("region", _("镇街或开发区"), "select", options=places(actor), placeholder=_("选一个")),
            *_labels(),
            *_facts(),
            Field("contact", _("联系人"), required=False, max_length=60),
            Field("phone", _("联系人手机号码"), "tel", hint=_("用它登录"), required=False),
        ]
        return _form(request, _("登记企业"), fields, back=address("enterprises"), primary=_("登记"))

    if request.method != "POST":
        return build()
    names = ("name", "uscc", "region", "size", "over_100m", "category", "industry", "staff", "legal_person", "address", "contact", "phone")
    given = told(request, *names)
    given["category"] = given.get("category", "").replace("none", "")
    answer = run("registry.register", given, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda row: go("enterprise", row.id, done="provisional" if row.provisional else "registered"))


@needs("registry.edit")
def change(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change what stands about an enterprise."""
    actor = actor_of(request)

    def build() -> Any:
        row = queries.enterprise(id, actor)
        fields = [
            Field("name", _("企业名称"), value=row.name, max_length=120),
            *_labels(row),
            Field("region", _("镇街或开发区"), "select", str(row.region), options=places(actor)),
            *_facts(row),
            Field("reason", _("理由"), "area", hint=_("改名称、规模、类别或镇街时要写"), required=False, max_length=200),
        ]
        hint = _("规模由统计部门认定；在这里改算人工认定，理由会显示在企业页上。")
        return _form(request, _("更正“{name}”", name=row.name), fields, back=address("enterprise", id), primary=_("存好"), hint=hint)

    if request.method != "POST":
        return build()
    given = told(request, "name", "size", "over_100m", "category", "region", "industry", "staff", "legal_person", "address", "reason")
    given = {key: value for key, value in given.items() if value or key in ("industry", "legal_person", "address")}
    with acting(actor):
        row = queries.enterprise(id, actor)
        standing = {"name": row.name, "size": row.size, "category": row.category or "none", "region": str(row.region)}
    # What the form only repeats is not a change, least of all an override.
    given = {key: value for key, value in given.items() if standing.get(key) != value}
    answer = run("registry.change", {"enterprise": id, **given}, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda row: go("enterprise", row.id, done="changed"))


@needs("registry.edit", "registry.own")
def add_site(request: HttpRequest, id: UUID) -> HttpResponse:
    """Add a site."""
    actor = actor_of(request)

    def build() -> Any:
        row = queries.enterprise(id, actor)
        fields = [
            Field("kind", _("场所类别"), "select", "production", options=options(SITE_KINDS)),
            Field("name", _("场所名称"), hint=_("例如：二号宿舍"), max_length=80),
            Field(
                "region",
                _("镇街或开发区"),
                "select",
                str(row.region),
                options=places(actor) or (Option(str(row.region), _("和企业同一处")),),
            ),
            Field("address", _("地址"), required=False, max_length=200),
            Field("capacity", _("可容纳人数"), "number", unit=_("人"), required=False),
        ]
        return _form(request, _("给“{name}”增加场所", name=row.name), fields, back=address("enterprise", id), primary=_("增加"))

    if request.method != "POST":
        return build()
    given = told(request, "kind", "name", "region", "address", "capacity")
    answer = run("registry.add_site", {"enterprise": id, **given}, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda site: go("enterprise", id, done="site"))


@needs("registry.edit", "registry.own")
@require_POST
def close_site(request: HttpRequest, id: UUID, site: UUID) -> HttpResponse:
    """Close a site."""
    answer = run("registry.close_site", {"site": site}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("enterprise", id, done="site_closed"))


@needs("registry.edit", "registry.own")
def add_contact(request: HttpRequest, id: UUID) -> HttpResponse:
    """Add a contact."""
    actor = actor_of(request)

    def build() -> Any:
        row = queries.enterprise(id, actor)
        fields = [
            Field("name", _("姓名"), max_length=60),
            Field("phone", _("手机号码"), "tel"),
            Field("main", _("设为主要联系人"), "tick", required=False),
        ]
        hint = _("这个人用手机号码登录，看得到这家企业的全部办理。")
        return _form(
            request, _("给“{name}”增加联系人", name=row.name), fields, back=address("enterprise", id), primary=_("增加"), hint=hint
        )

    if request.method != "POST":
        return build()
    answer = run("registry.add_contact", {"enterprise": id, **told(request, "name", "phone", "main")}, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda post: go("enterprise", id, done="contact"))


@needs("registry.edit", "registry.own")
def hand_over(request: HttpRequest, id: UUID, post: UUID) -> HttpResponse:
    """Let another person take over as contact."""
    actor = actor_of(request)

    def build() -> Any:
        row, old = queries.enterprise(id, actor), _post(id, post)
        fields = [Field("name", _("接手人姓名"), max_length=60), Field("phone", _("接手人手机号码"), "tel")]
        hint = _("存好以后，{name}不能再登录这家企业；接手人看得到以前的全部办理。", name=old.name)
        return _form(
            request, _("更换“{name}”的联系人", name=row.name), fields, back=address("enterprise", id), primary=_("更换"), hint=hint
        )

    if request.method != "POST":
        return build()
    answer = run("registry.hand_over", {"post": post, **told(request, "name", "phone")}, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda new: go("enterprise", id, done="handed_over"))


def _post(id: UUID, post: UUID) -> ContactPost:
    found = ContactPost.objects.filter(pk=post, enterprise=id).first()
    if found is None:
        raise NotFound()
    return found


@needs("registry.edit", "registry.own")
@require_POST
def end_contact(request: HttpRequest, id: UUID, post: UUID) -> HttpResponse:
    """End a contact."""
    answer = run("registry.end_contact", {"post": post}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("enterprise", id, done="contact_ended"))


@needs("registry.see", "registry.edit")
@require_POST
def phone(request: HttpRequest, id: UUID, post: UUID) -> HttpResponse:
    """Show a contact's whole number, once, in this page; the look is on the record."""
    actor = actor_of(request)
    answer = run("registry.look_phone", {"post": post}, actor=actor, at=clock.now())
    if not isinstance(answer, Done):
        return again(request, answer, lambda: _shown(request, id))
    with acting(actor):
        return _shown(request, id, seen={"id": post, "phone": answer.result})  # type: ignore[no-any-return]
