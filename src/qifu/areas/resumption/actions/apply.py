"""What the applicant does: fill in, hand in, mend, withdraw, file under commitment, report the start."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.forms import Form, load
from qifu.kernel.language import listed, said
from qifu.ui.words import day_of, moment_of

from .. import letters, paperwork, queries, refusals, rules
from ..models import Application, Burden, Draft, Item, Permit
from ..terms import GROUNDS, BurdenKind, Regime
from ..triage import triage
from ..workflow import RESUMPTION, closed_sites, end_permits
from .items import look_again

_forms: dict[str, Form] = {}


def form_of(law: response.Law) -> Form:
    """Give the application form of the incident's pack."""
    if law.incident is None:
        raise refusals.NoApprovalNeeded()
    code = law.incident.pack
    if code not in _forms:
        _forms[code] = load(settings.PACKS / code / "forms" / "application.yaml")
    return _forms[code]


@dataclass(frozen=True, kw_only=True)
class SaveStep:
    enterprise: UUID
    step: str = field(metadata={"label": "步骤"})
    answers: dict = field(metadata={"label": "内容"})
    seen: int | None = None
    """How many saves the draft had when the page was made; None where no page was."""
    page: str = field(default="", metadata={"most": 40})
    """The open page, by a name of its own: what it saved itself is no other's."""
    signature: UUID | None = None
    """What the phone calls the name under the undertaking; the picture comes by itself."""


class OtherTab(BadInput):
    """Another open page has saved this step meanwhile, and otherwise. Its answers stand; the two are shown side by side."""

    def __init__(self, errors: dict[str, str], theirs: dict[str, Any]) -> None:
        super().__init__(errors)
        self.says = said("这一步刚在另一个页面改过，没有覆盖。")
        self.fix = said("看一下不同的地方，选好再存一次。")
        self.theirs = theirs


@action("resumption.save_step", "存一步申请")
def save_step(given: SaveStep, *, actor: Actor, at: datetime, key: UUID | None = None) -> Draft:
    """Save one step of the draft. Good answers are kept even where others are wrong; refuses BadInput beside the words."""
    enterprise, law = _ready(given.enterprise, actor=actor, at=at)
    form = form_of(law)
    step = form.step(given.step)
    if step is None:
        raise NotFound("没有这一步。")
    draft = draft_for(enterprise, law=law, at=at)
    answers, errors = form.read(step, given.answers)
    if errors:
        raise BadInput(errors)
    last, whose = draft.steps_at.get(step.name, (0, ""))
    if given.seen is not None and last > given.seen and whose != given.page:
        theirs = {name: draft.answers.get(name) for name, value in answers.items() if draft.answers.get(name) != value}
        if theirs:
            labels = form.fields()
            raise OtherTab(
                {name: said("另一个页面填的是“{x}”。", x=labels[name].shown(value) or said("空")) for name, value in theirs.items()}, theirs
            )
    saves = draft.steps_at.get(SAVES, 0) + 1
    draft.answers = draft.answers | answers
    draft.done = sorted({*draft.done, step.name})
    draft.steps_at = draft.steps_at | {SAVES: saves, step.name: (saves, given.page)}
    draft.saved_at = at
    if any(question.kind == "undertake" for question in step.fields):
        draft.signature = given.signature
    draft.save(update_fields=["answers", "done", "steps_at", "signature", "saved_at"])
    return draft


SAVES = ""
"""The key in `steps_at` under which all saves of a draft are counted."""


def not_excluded(enterprise: UUID, *, at: datetime) -> None:
    """Refuse Excluded while an exclusion holds for an enterprise."""
    standing = Burden._base_manager.filter(enterprise=enterprise, kind=BurdenKind.EXCLUSION, state="in_force", until__gt=at).first()
    if standing is not None and standing.until is not None:
        raise refusals.Excluded(
            said(
                "{at}前暂不受理：{grounds}（{basis}）。",
                at=moment_of(standing.until),
                grounds=GROUNDS[standing.ground],
                basis=standing.basis,
            ),
            fix="不服的，决定书里写着到哪里申请复议。",
        )


def draft_for(enterprise: Enterprise, *, law: response.Law, at: datetime) -> Draft:
    """Give the open draft, or start one with everything that the register knows filled in."""
    waiting = everything(Draft).filter(enterprise=enterprise.id, incident=law.incident, sent_at__isnull=True)
    # Two open pages save one after the other: none overwrites what it has not seen.
    draft = waiting.select_for_update().first()
    if draft is not None:
        return draft
    form = form_of(law)
    answers, done = form.start(queries.known_of(enterprise)), []
    returned = everything(Application).filter(enterprise=enterprise.id, incident=law.incident, state="returned").first()
    if returned is not None:
        # What was handed in stands; open is what has to be put right.
        answers, open_ones = returned.answers, to_mend(form, returned.reason, returned.asked)
        done = [step.name for step in form.steps if step.name not in open_ones]
    draft = Draft(
        enterprise=enterprise, incident=law.incident, answers=answers, done=done, version=form.version, saved_at=at,
        region=enterprise.region, district=enterprise.district, party=enterprise.id,
    )  # fmt: skip
    draft.save(force_insert=True)
    return draft


_COMMON = 3
"""So many characters in a row that a sentence shares with a question's label name the question."""


def to_mend(form: Form, reason: str, asked: str = "") -> dict[str, list[str]]:
    """Give the questions that a clerk's sentence is about, by step: those that he chose (`asked`, a space between their names),
    else those that its words name (防火巡查记录缺最近两天 names 防火巡查已做). {} where it names none."""
    chosen = {step.name: [question.name for question in step.fields if question.name in asked.split()] for step in form.steps}
    if any(chosen.values()):
        return {step: names for step, names in chosen.items() if names}
    found: dict[str, list[str]] = {}
    for step in form.steps:
        for one in step.fields:
            label = one.label
            pieces = {label[i : i + _COMMON] for i in range(max(len(label) - _COMMON + 1, 1))} | {label[:2]}
            if any(len(piece) >= 2 and piece in reason for piece in pieces):
                found.setdefault(step.name, []).append(one.name)
        if step.name not in found and step.title in reason:
            found[step.name] = []
    return found


@dataclass(frozen=True, kw_only=True)
class Submit:
    enterprise: UUID
    answers: dict = field(default_factory=dict, metadata={"label": "内容"})
    """Answers given at once (devices, replay); a person's stand in the draft already."""


@action("resumption.submit", "提交复工申请")
def submit(given: Submit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Hand in the application: triage by the law of `at`, a number, and the same-day clock.

    Refuses PapersMissing, NotSigned, SignatureMissing, BeforeTheTime, NotEssential, PlanMissing, NoSites, NoApprovalNeeded."""
    enterprise, law = _ready(given.enterprise, actor=actor, at=at)
    not_excluded(enterprise.id, at=at)
    form = form_of(law)
    draft = draft_for(enterprise, law=law, at=at)
    if given.answers:
        draft.answers = draft.answers | _read_all(form, given.answers)
    if lacking := form.missing(draft.answers):
        raise refusals.PapersMissing(
            said("还缺{n}项：{names}。", n=len(lacking), names=listed(m.label for m in lacking[:3])), missing=[m.field for m in lacking]
        )
    application = _application(enterprise, law=law, answers=draft.answers, actor=actor, at=at)
    # Answers given at once come from devices and the replay, where nobody holds a phone to sign on.
    wanted = not given.answers and law.by_hand(application.regime)
    application.signature = paperwork.signed(draft.signature, enterprise=enterprise.id, incident=draft.incident_id, wanted=wanted)
    application.number = queries.next_number(enterprise.district, at)
    draft.sent_at = draft.saved_at = at
    draft.save(update_fields=["answers", "saved_at", "sent_at"])
    RESUMPTION.open(application, actor=actor, at=at, key=key, early=int(application.early), head_count=application.head_count)
    return application


def _read_all(form: Form, given: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for step in form.steps:
        named = {name: value for name, value in given.items() if name in {f.name for f in step.fields}}
        good, wrong = form.read(step, named)
        answers |= {name: value for name, value in good.items() if name in named}
        errors |= wrong
    if errors:
        raise BadInput(errors)
    return answers


def _application(enterprise: Enterprise, *, law: response.Law, answers: dict[str, Any], actor: Actor, at: datetime) -> Application:
    if not registry.sites_of(enterprise.id):
        raise refusals.NoSites()
    planned = datetime.fromisoformat(answers["planned_at"])
    early = bool(answers.get("early"))
    found = triage(enterprise, law=law, answers=answers, planned_at=planned, papers_complete=True)
    if early and not found.early_allowed:
        raise refusals.NotEssential()
    if early and not answers.get("plan_text"):
        raise refusals.PlanMissing()
    bound = law.not_before(size=enterprise.size, industry=enterprise.industry)
    if bound and planned < bound[0] and not early:
        first = local(bound[0])
        says = said("计划开工时间早于规定的最早复工时间{at}（{x}）。", at=moment_of(first), x=response.origin_of(bound[1]).says())
        raise refusals.BeforeTheTime(says, fix=said("改成{day}或以后，其他内容都留着。", day=day_of(first)))
    regime, promised = law.regime(enterprise.category), law.same_day()
    if regime.code == "none":
        raise refusals.NoApprovalNeeded()
    return Application(
        enterprise=enterprise, incident=law.incident, regime=Regime(regime.code), regime_version=regime.version_id,
        route=found.route, office=queries.office_name(enterprise.region),
        priority=found.priority, early=early, planned_at=planned,
        accept_days=promised.get("accept", 0), assess_days=promised.get("assess", 0), head_count=answers["head_count"], answers=answers,
        triage=[reason.as_data() for reason in found.reasons], submitter=actor.id,
        region=enterprise.region, district=enterprise.district, party=enterprise.id,
        facets=[*enterprise.facets, *(["early"] if early else [])],
    )  # fmt: skip


def _ready(id: UUID, *, actor: Actor, at: datetime) -> tuple[Enterprise, response.Law]:
    enterprise = registry.enterprise(id)
    require(actor, "resumption.apply", at=at, on=enterprise)
    return enterprise, response.law(enterprise.region, at)


@dataclass(frozen=True, kw_only=True)
class Of:
    application: UUID


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    application: UUID
    reason: str = field(default="", metadata={"label": "原因", "most": 500})


@dataclass(frozen=True, kw_only=True)
class Mend:
    application: UUID
    answers: dict = field(default_factory=dict, metadata={"label": "内容"})


@action("resumption.resubmit", "补好再交")
def resubmit(given: Mend, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Hand in what was returned, mended; triage is asked again by the law of its own first day's regime."""
    with RESUMPTION.move("resubmit", given.application, actor=actor, at=at, key=key) as application:
        law = response.law(application.region, at, incident=application.incident)
        application.answers = application.answers | _read_all(form_of(law), given.answers)
        application.planned_at = datetime.fromisoformat(application.answers["planned_at"])
        found = triage(
            application.enterprise, law=law, answers=application.answers, planned_at=application.planned_at, papers_complete=True
        )
        application.triage = [reason.as_data() for reason in found.reasons]
        application.reason = application.asked = ""
        mended = everything(Draft).filter(enterprise=application.enterprise_id, incident=application.incident_id, sent_at__isnull=True)
        if (draft := mended.first()) and draft.signature:
            application.signature = paperwork.signed(
                draft.signature, enterprise=application.enterprise_id, incident=application.incident_id, wanted=False
            )
        mended.update(sent_at=at, saved_at=at)
    return application


@action("resumption.mended", "整改好了")
def mended(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Say that what was found is put right; the same team looks again at those items only."""
    with RESUMPTION.move("mended", given.application, actor=actor, at=at, key=key) as application:
        look_again(list(Item._base_manager.filter(application=application.id, result="fix")))
    return application


@action("resumption.withdraw", "撤回申请")
def withdraw(given: Withdraw, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Withdraw before the decision; what was accepted stays counted as accepted."""
    with RESUMPTION.move("withdraw", given.application, actor=actor, at=at, key=key, reason="own_wish") as application:
        application.reason = given.reason
    return application


@dataclass(frozen=True, kw_only=True)
class Commit:
    application: UUID
    signature: UUID | None = None


@action("resumption.file", "备案并承诺")
def file(given: Commit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """File with commitment: it takes effect at once, spot checks follow (E-06). Refuses NotSigned, SignatureMissing."""
    with RESUMPTION.move("file", given.application, actor=actor, at=at, key=key) as application:
        law = response.law(application.region, at, incident=application.incident)
        application.signature = paperwork.signed(
            given.signature or application.signature, enterprise=application.enterprise_id, incident=application.incident_id,
            wanted=law.by_hand(application.regime),
        )  # fmt: skip
        grant(application, at=at)
    letters.send("filed", application, actor=actor, at=at)
    return application


@action("resumption.start", "报告开工")
def start(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Report that work has begun."""
    with RESUMPTION.move("start", given.application, actor=actor, at=at, key=key) as application:
        pass
    return application


def grant(application: Application, *, at: datetime) -> None:
    """Permit each site that is not closed, from the earliest start on; inside the move that approves or files."""
    law = response.law(application.region, at, incident=application.incident)
    enterprise = application.enterprise
    bound = law.not_before(size=enterprise.size, industry=enterprise.industry)
    application.may_start_from = rules.earliest_start(
        planned=application.planned_at, not_before=bound[0] if bound else None, early=application.early
    )
    end_permits(application, at=at, why="renewed")
    permit_open_sites(application, at=at)


def permit_open_sites(application: Application, *, at: datetime) -> list[registry.Site]:
    """Permit the sites that are neither closed nor permitted already; gives them."""
    closed = closed_sites(application, at=at)
    standing = set(Permit._base_manager.filter(application=application.id, ended_at__isnull=True).values_list("site", flat=True))
    sites = [site for site in registry.sites_of(application.enterprise_id) if site.id not in closed and site.id not in standing]
    Permit._base_manager.bulk_create(
        Permit(
            application=application, site=site, may_start_from=application.may_start_from or at, granted_at=at,
            region=site.region, district=jurisdiction.district_of(site.region), party=application.party,
        )
        for site in sites
    )  # fmt: skip
    return sites
