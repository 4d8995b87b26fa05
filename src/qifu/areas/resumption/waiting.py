"""What resumption lays on the one to-do list of a person: by the step whose turn it is, under the hat that may do it."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qifu.kernel.access import Actor
from qifu.kernel.workflow.models import Kept
from qifu.ui import todo
from qifu.ui.todo import Todo

from .firm_plans import OWNERS, UNDONE
from .lookbacks import WAITING
from .models import Application, Burden, Claim, Inspection, PlanLine

Rows = Callable[[Actor, datetime], QuerySet]


def _in(state: str, route: str = "") -> Rows:
    def rows(actor: Actor, at: datetime) -> QuerySet:
        found = Application.objects.visible_to(actor).filter(state=state)
        return found.filter(route=route) if route else found

    return rows


def _to_look_at(actor: Actor, at: datetime) -> QuerySet | None:
    teams = {hat.task_force for hat in actor.hats if hat.task_force and "resumption.assess" in hat.rights}
    return Application.objects.visible_to(actor).filter(state="assigned", team_id__in=teams) if teams else None


def _own(actor: Actor) -> QuerySet:
    parties = [party for hat in actor.hats if "resumption.apply" in hat.rights for party in hat.scope.parties]
    return Application.objects.visible_to(actor).filter(party__in=parties)


def _lines(actor: Actor, at: datetime) -> QuerySet:
    roles = {hat.role for hat in actor.hats}
    offices = [code for code, (_word, whose) in OWNERS.items() if roles & set(whose)]
    mine = Q(owner_person=str(actor.person or "nobody")) | Q(owner_person="", owner__in=offices)
    return PlanLine.objects.visible_to(actor).filter(mine, state__in=UNDONE)


def _burdens(actor: Actor, at: datetime) -> QuerySet:
    return Burden.objects.visible_to(actor).filter(state__in=("proposed", "provisional")).exclude(asked_by=actor.id)


def _step(right: str, word: Promise, rows: Rows, *, order: int) -> Todo:
    code = f"resumption.{right}"
    return Todo(code, word, "resumption:worklist", code, rows, query="?view=mine", due=True, order=order)


todo.offer(
    _step("accept.town", _("等受理的申请"), _in("submitted", "town"), order=10),
    _step("accept.district", _("转来等受理的申请"), _in("forwarded"), order=10),
    _step("forward", _("等转区里的申请"), _in("submitted", "district"), order=11),
    _step("assign.town", _("等派评估组"), _in("accepted", "town"), order=12),
    _step("assign.district", _("等派评估组"), _in("accepted", "district"), order=12),
    Todo("resumption.assess", _("等去现场评估"), "resumption:field", "resumption.assess", _to_look_at, due=True, order=13),
    _step("decide.town", _("等批准复工"), _in("passed", "town"), order=14),
    _step("decide.district", _("等批准复工"), _in("passed", "district"), order=14),
    Todo("resumption.burden", _("等您定的限制性处理"), "resumption:burdens", "resumption.burden", _burdens, due=True, order=20),
    Todo(
        "resumption.lookback", _("抽到要回头看的"), "resumption:looks", "resumption.assess", due=True, order=30,
        rows=lambda actor, at: Inspection.objects.visible_to(actor).filter(state__in=WAITING, assigned_to__in=("", str(actor.person))),
    ),
    Todo("resumption.plan_line", _("一企一策里归您办的"), "resumption:plans", "resumption.firm_plan.line", _lines, due=True, order=35),
    Todo(
        "resumption.claims", _("自称联系人、等核实的"), "resumption:claims", "registry.edit", order=60,
        rows=lambda actor, at: Claim.objects.visible_to(actor).filter(state="waiting"),
    ),
    Todo(
        "resumption.kept", _("来晚了、等人看的现场报告"), "resumption:reports", "journal.kept", order=70,
        rows=lambda actor, at: Kept.objects.visible_to(actor).filter(settled_at__isnull=True),
    ),
    Todo(
        "resumption.own", _("退回来要补的申请"), "resumption:home", "resumption.apply", due=True, order=5,
        rows=lambda actor, at: _own(actor).filter(state__in=("returned", "rectifying")),
    ),
    Todo(
        "resumption.start", _("已批准、还没报开工的"), "resumption:home", "resumption.apply", order=6,
        rows=lambda actor, at: _own(actor).filter(state="approved"),
    ),
)  # fmt: skip
