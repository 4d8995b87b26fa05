"""What the desks do before the decision: forward, accept, return, assign."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.response import api as response
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import listed, said
from qifu.kernel.workflow import Moved

from .. import letters, queries
from ..models import Application, Item
from ..workflow import RESUMPTION
from .apply import Of, form_of
from .items import look_again


@action("resumption.forward", "盖章转区里")
def forward(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Forward an above-scale application to the district with the town's stamp."""
    with RESUMPTION.move("forward", given.application, actor=actor, at=at, key=key) as application:
        application.office = queries.office_name(queries.district_place(application.region))
    return application


@action("resumption.accept", "受理")
def accept(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Accept for handling: the same-day assessment begins. Refuses NotForwarded, ExcludedTrade."""
    with RESUMPTION.move("accept", given.application, actor=actor, at=at, key=key) as application:
        application.acceptor = actor.id
    letters.send("receipt", application, actor=actor, at=at)
    return application


@dataclass(frozen=True, kw_only=True)
class Many:
    applications: tuple[UUID, ...] = field(metadata={"label": "申请"})


@action("resumption.accept_many", "批量受理")
def accept_many(given: Many, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Accept all that may be accepted; the rest are refused by name."""
    moved = RESUMPTION.move_many("accept", given.applications, actor=actor, at=at)
    Application._base_manager.filter(pk__in=moved.moved).update(acceptor=actor.id)
    accepted = Application._base_manager.filter(pk__in=moved.moved).select_related("enterprise", "incident").order_by("id")
    letters.send_many("receipt", list(accepted), actor=actor, at=at)
    return moved


MOST_QUESTIONS = 8
"""So many questions of a form one return may name."""
LONGEST_NAMES = 200
"""So many characters their names may have together: what a word of the journal and the column hold."""


@dataclass(frozen=True, kw_only=True)
class Return:
    application: UUID
    missing: str = field(metadata={"label": "要补什么", "most": 500})
    questions: tuple[str, ...] = field(default=(), metadata={"label": "说的是哪几题"})
    """The names of the questions in the form, at most MOST_QUESTIONS; none where it is about no question."""


@action("resumption.return", "请企业补材料")
def return_(given: Return, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Ask the enterprise for what lacks; the office's clock stops, the words stand on the application and beside the question.

    Refuses BadInput where the form does not ask one of these questions, and where they are too many."""
    if len(given.questions) > MOST_QUESTIONS:
        raise BadInput({"questions": said("一次最多选{n}题，再多就请企业整份重看。", n=MOST_QUESTIONS)})
    names = " ".join(dict.fromkeys(given.questions))
    if len(names) > LONGEST_NAMES:
        raise BadInput({"questions": said("申请表里没有这一题。")})
    with RESUMPTION.move("return", given.application, actor=actor, at=at, key=key, missing=names or "paper") as application:
        asked = form_of(response.law(application.region, at, incident=application.incident)).fields() if names else {}
        if any(name not in asked for name in names.split()):
            raise BadInput({"questions": said("申请表里没有这一题。")})
        about = listed(asked[name].label for name in names.split())
        application.reason, application.asked = given.missing, names
    words = f"{given.missing}（{about}）" if about else given.missing
    letters.send("returned", application, actor=actor, at=at, reason=words)
    return application


@dataclass(frozen=True, kw_only=True)
class Assign:
    application: UUID
    team: UUID = field(metadata={"label": "评估小组"})


@action("resumption.assign", "分派评估组")
def assign(given: Assign, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Give it to an assessment team that is at work; the checklist in force is laid out. Also reassigns and looks again."""
    team = everything(TaskForce).filter(pk=given.team, kind="assessment").first()
    if team is None or team.since > at or (team.until and team.until <= at):
        raise NotFound("这个评估小组不存在，或不在工作期内。", fix="另选一个小组。")
    current = everything(Application).filter(pk=given.application).values_list("state", flat=True).first()
    verb = {"assigned": "reassign", "suspended": "look_again"}.get(current or "", "assign")
    with RESUMPTION.move(verb, given.application, actor=actor, at=at, key=key, team=team.name) as application:
        application.team, application.visit_at = team, None
        lay_out(application, at=at)
    return application


def lay_out(application: Application, *, at: datetime) -> None:
    """Lay out the checklist in force, each item with its owning department; what stands already stays."""
    if everything(Item).filter(application=application.id).exists():
        if application.state == "suspended":
            look_again(list(everything(Item).filter(application=application.id)))
        return
    everything(Item).bulk_create(items_of(application, law=response.law(application.region, at, incident=application.incident)))


def items_of(application: Application, *, law: response.Law) -> list[Item]:
    """Give the checklist in force as new rows, as far as it concerns what the applicant answered."""
    asked = [item for item in law.checklist() if all(application.answers.get(fact) == value for fact, value in item.when.items())]
    return [
        Item(
            application=application, order=number, code=item.code, group=item.group, name=item.name or item.code, ask=item.text,
            department=item.owner, department_name=item.department, required=item.required,
            region=application.region, district=application.district, party=application.party,
        )
        for number, item in enumerate(asked)
    ]  # fmt: skip
