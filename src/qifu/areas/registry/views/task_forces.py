"""Task forces: formed, joined, left and ended. Rights follow membership."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import pages, queries
from qifu.areas.registry.terms import FORCE_KINDS
from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound
from qifu.kernel.access.models import Grant
from qifu.kernel.access.terms import UNIT_MOST
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said as _
from qifu.kernel.web import needs
from qifu.ui.parts import Field, Option

from .common import actor_of, address, answered, filled, go, options, show, told

RIGHT = "registry.task_force"
ROLES = {
    "assessor": _("评估组员"), "group_member": _("专项组成员"), "fire_clerk": _("消防经办人"), "health_clerk": _("卫健经办人"),
    "liaison": _("联企干部"),
}  # fmt: skip


@needs(RIGHT)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the task forces within reach, those that stand first."""
    at = clock.now()
    found = queries.task_forces(actor_of(request)).annotate(many=Count("members", filter=Q(members__revoked_at__isnull=True)))
    rows = [pages.force_row(force, force.many, at=at) for force in found[:500]]
    return show(request, "task_forces", {"title": _("专班"), "columns": pages.FORCE_COLUMNS, "rows": rows})


def _member_fields() -> list[Field]:
    return [
        Field("person", _("姓名"), max_length=60),
        Field("phone", _("手机号码"), "tel"),
        Field("unit", _("借调自"), hint=_("单位名称"), required=False, max_length=UNIT_MOST),
        Field("role", _("角色"), "select", "assessor", options=options(ROLES)),
        Field("lead", _("任组长"), "tick", required=False),
    ]


@needs(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Form a task force."""
    actor = actor_of(request)

    def build() -> Any:
        own = {hat.place for hat in actor.hats if hat.place and RIGHT in hat.rights}
        here = tuple(Option(str(one), jurisdiction.name(one)) for one in sorted(own))
        forces = {str(force.id): force.name for force in queries.task_forces(actor).filter(until__isnull=True)[:100]}
        fields = [
            Field("name", _("专班名称"), max_length=60),
            Field("kind", _("类别"), "select", "assessment", options=options(FORCE_KINDS)),
            Field("region", _("地区"), "select", here[0].value if here else "", options=here),
            Field("parent", _("属于哪个专班"), "select", "", options=options(forces), placeholder=_("不属于别的专班"), required=False),
            Field("purpose", _("职责"), required=False, max_length=120),
            Field("until", _("结束时间"), hint=_("例如 2020-03-31 18:00；到时权限自己停"), required=False),
        ]
        context = {
            "title": _("组建专班"),
            "fields": filled(fields, request.POST.dict()),
            "primary": _("组建"),
            "back": address("task_forces"),
        }
        return show(request, "form", context | {"action": request.path})

    if request.method != "POST":
        return build()
    given = told(request, "name", "kind", "region", "parent", "purpose", "until")
    answer = run("registry.form_task_force", given, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda force: go("task_force", force.id, done="formed"))


@needs(RIGHT, "insight.see")
@require_safe
def shown(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one task force with its members and what is inside it."""
    return _shown(request, id)


def _shown(request: HttpRequest, id: UUID) -> Any:
    actor, at = actor_of(request), clock.now()
    force = queries.task_forces(actor).filter(pk=id).first()
    if force is None:
        raise NotFound()
    grants = Grant.objects.filter(task_force=force).select_related("person", "role", "department").order_by("revoked_at", "-lead", "since")
    members = [pages.member_line(grant, at=at) for grant in grants]
    running = force.until is None or force.until > at
    inside = list(queries.task_forces(actor).filter(parent=force))
    given = request.POST.dict()
    context = {
        "title": force.name,
        "force": force,
        "kind": FORCE_KINDS.get(force.kind, force.kind),
        "place": jurisdiction.name(force.place),
        "state": pages.force_state(force, at=at),
        "members": [one for one in members if one["serving"]],
        "former": [one for one in members if not one["serving"]],
        "inside": inside,
        "fields": filled(_member_fields(), given) if running and actor.may(RIGHT) else [],
        "back": address("task_forces"),
    }
    return show(request, "task_force", context)


@needs(RIGHT)
@require_POST
def join(request: HttpRequest, id: UUID) -> HttpResponse:
    """Let somebody join."""
    member = told(request, "phone", "unit", "role", "lead") | {"name": request.POST.get("person", "").strip()}
    answer = run("registry.add_member", {"task_force": id, "member": member}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("task_force", id, done="joined"))


@needs(RIGHT)
@require_POST
def leave(request: HttpRequest, id: UUID, grant: UUID) -> HttpResponse:
    """End a membership."""
    answer = run("registry.remove_member", {"grant": grant}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("task_force", id, done="left_force"))


@needs(RIGHT)
@require_POST
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """End a task force and all inside it."""
    answer = run("registry.end_task_force", {"task_force": id}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("task_force", id, done="ended"))
