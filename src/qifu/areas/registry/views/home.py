"""The contact's own pages: the firm, its contacts, its roster."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import api, pages, queries
from qifu.areas.registry.models import Enterprise, Worker
from qifu.areas.registry.terms import FACTS, PROVINCES
from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.web import needs
from qifu.ui.parts import Field, Task, TaskGroup, View

from .common import actor_of, address, again, answered, filled, go, options, show, told
from .imports import upload

OWN, ROSTER = "registry.own", "registry.worker.edit"
_MOST = 300


def _firms(request: HttpRequest) -> list[Enterprise]:
    return api.enterprises_of(actor_of(request))


def _mine(request: HttpRequest) -> Enterprise:
    """Give the firm that the page is about: the one asked for, else the first."""
    firms = _firms(request)
    wanted = request.GET.get("firm") or request.POST.get("firm", "")
    found = next((one for one in firms if str(one.id) == wanted), None) or (firms[0] if firms and not wanted else None)
    if found is None:
        raise NotFound("没有找到这家企业，可能您已经不是它的联系人。", fix="请现在的联系人或镇街核对。")
    return found


def _others(request: HttpRequest, here: Enterprise, page: str) -> list[View]:
    firms = _firms(request)
    return [View(one.name, f"{address(page)}?firm={one.id}", here=one.id == here.id) for one in firms] if len(firms) > 1 else []


@needs(OWN)
@require_safe
def firm(request: HttpRequest) -> HttpResponse:
    """Show the own firm: what is registered, sites, contacts and former ones."""
    row, actor, at = _mine(request), actor_of(request), clock.now()
    context = {
        "head": _("企业信息"),
        "title": row.name,
        "row": row,
        "facts": pages.facts(row),
        "firms": _others(request, row, "own_firm"),
        "whys": [pages.right_why(right) for right in api.key_rights(row, at)],
        "state": pages.standing(row),
        **pages.beside(row, actor=actor, at=at),
    }
    return show(request, "firm", context)


@needs(OWN)
def hand_over(request: HttpRequest, post: UUID) -> HttpResponse:
    """Hand the role of contact over."""

    def build() -> Any:
        old = next((one for firm in _firms(request) for one in api.contacts_of(firm.id) if one.id == post), None)
        if old is None:
            raise NotFound()
        fields = [Field("name", _("接手人姓名"), max_length=60), Field("phone", _("接手人手机号码"), "tel")]
        return _step(
            request,
            _("更换联系人"),
            fields,
            primary=_("更换"),
            back=address("own_firm"),
            hint=_("存好以后{name}不能再登录这家企业，接手人看得到以前的全部办理。", name=old.name),
        )

    if request.method != "POST":
        return build()
    answer = run("registry.hand_over", {"post": post, **told(request, "name", "phone")}, actor=actor_of(request), at=clock.now())
    # Who has handed the own role over reaches the firm no more: the front door is where to go.
    return answered(request, answer, build, lambda new: go("own_firm", done="handed_over"))


def _step(request: HttpRequest, title: str, fields: list[Field], *, primary: str, back: str, hint: str = "") -> Any:
    context = {
        "head": title,
        "title": title,
        "fields": filled(fields, request.POST.dict()),
        "primary": primary,
        "back": back,
        "hint": hint,
        "action": request.get_full_path(),
        "saves": request.path,
    }
    return show(request, "home_form", context)


# ------------------------------------------------------------------------------------------------ roster


@needs(ROSTER)
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """Show the roster: who is here, who went home, who plans to return."""
    row = _mine(request)
    found = list(queries.workers(row.id).filter(left_on__isnull=True)[: _MOST + 1])
    tasks = [
        Task(
            worker.name.reveal(),
            f"{address('worker', worker.id)}?firm={row.id}",
            _hint(worker),
            pages.worker_state(worker),
            "user",
        )
        for worker in found[:_MOST]
    ]
    total = queries.workers(row.id).filter(left_on__isnull=True).count()
    context = {
        "head": _("员工"),
        "title": _("员工"),
        "row": row,
        "firms": _others(request, row, "roster"),
        "groups": [TaskGroup(_("在名单上"), tasks, _("{total}人", total=total))] if tasks else [],
        "more": total > _MOST,
        "total": total,
    }
    return show(request, "roster", context)


def _hint(worker: Worker) -> str:
    origin = PROVINCES.get(worker.origin_province, "") + worker.origin_city
    return listed(
        filter(None, [str(worker.phone or ""), origin, _("随同{relation}", relation=worker.relation) if worker.relative_of_id else ""]), " "
    )


@needs(ROSTER)
def new_worker(request: HttpRequest) -> HttpResponse:
    """Put one worker on the roster."""

    def build() -> Any:
        fields = [
            Field("name", _("姓名"), max_length=60),
            Field("phone", _("手机号码"), "tel", required=False),
            Field("id_number", _("身份证号码"), hint=_("加密保存，办通行和补贴时才用"), required=False, max_length=18),
            Field("origin_province", _("来源省份"), "select", "", options=options(PROVINCES), placeholder=_("不填"), required=False),
            Field("origin_city", _("来源城市"), required=False, max_length=40),
        ]
        hint = _("只填一次，以后的申请自动带出。来源地只用于返岗安排，不影响办事结果。")
        return _step(request, _("登记员工"), fields, primary=_("登记"), back=address("roster"), hint=hint)

    if request.method != "POST":
        return build()
    with acting(actor_of(request)):
        row = _mine(request)
    given = {"enterprise": row.id, **told(request, "name", "phone", "id_number", "origin_province", "origin_city")}
    answer = run("registry.add_worker", given, actor=actor_of(request), at=clock.now())
    return answered(request, answer, build, lambda worker: go("roster", firm=row.id, done="worker"))


@needs(ROSTER)
def import_workers(request: HttpRequest) -> HttpResponse:
    """Bring the roster in as a file."""

    def build(error: str = "") -> Any:
        row = _mine(request)
        context = {
            "head": _("导入员工名单"),
            "title": _("导入员工名单"),
            "error": error,
            "back": address("roster"),
            "row": row,
            "action": request.get_full_path(),
        }
        return show(request, "home_import", context)

    if request.method != "POST":
        return build()
    with acting(actor_of(request)):
        row = _mine(request)
    return upload(request, kind="registry.workers", build=build, then="import", region=row.region, party=row.id)


def _worker(request: HttpRequest, id: UUID) -> Worker:
    found = Worker.objects.visible_to(actor_of(request)).filter(pk=id).select_related("enterprise").first()
    if found is None:
        raise NotFound()
    return found


@needs(ROSTER)
@require_safe
def worker(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one worker: dated facts, what can be told, what happened."""
    return _one(request, id)


def _one(request: HttpRequest, id: UUID) -> Any:
    row = _worker(request, id)
    own = row.enterprise_id in actor_of(request).scope.parties
    fields = [
        Field("fact", _("情况"), "choice", options=options(FACTS)),
        Field("on", _("日期"), "date", hint=_("不填就是今天"), required=False),
    ]
    context = {
        "head": _("员工"),
        "title": row.name.reveal() if own else str(row.name),
        "row": row,
        "state": pages.worker_state(row),
        "facts": pages.worker_facts(row),
        "events": pages.timeline(row, days=clock.now()),
        "phone": str(row.phone or ""),
        "fields": filled(fields, request.POST.dict()) if row.left_on is None else [],
        "back": address("roster"),
    }
    return show(request, "worker", context)


@needs(ROSTER)
@require_POST
def fact(request: HttpRequest, id: UUID) -> HttpResponse:
    """Tell a dated fact."""
    answer = run("registry.worker_fact", {"worker": id, **told(request, "fact", "on")}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _one(request, id), lambda worker: go("worker", id, done="fact"))


@needs(ROSTER)
@require_POST
def left(request: HttpRequest, id: UUID) -> HttpResponse:
    """Tell that a worker has left the firm."""
    answer = run("registry.worker_left", {"worker": id, **told(request, "on")}, actor=actor_of(request), at=clock.now())
    if isinstance(answer, Done):
        return go("roster", firm=answer.result.enterprise_id, done="left")
    return again(request, answer, lambda: _one(request, id))
