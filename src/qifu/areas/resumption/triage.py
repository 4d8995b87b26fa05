"""Triage by rules (FEATURES 2.2): the pack's decision document over the facts of one application, with its reasons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.areas.response import api as response
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.rules import Document, load_document

from . import rules
from .terms import ESSENTIALS, FACTS, Route

_NEVER = datetime(2000, 1, 1, tzinfo=ZONE)
"""Where no measure sets an instant, every day is late enough."""
_PRIORITY = {"first": 1, "soon": 2, "normal": 3}

_documents: dict[str, Document] = {}


@dataclass(frozen=True)
class Triaged:
    """What triage says: who decides, how urgent, and each rule's answer with its origin."""

    route: Route
    priority: int
    reasons: tuple[rules.Reason, ...]
    early_allowed: bool

    @property
    def holds(self) -> list[rules.Reason]:
        return rules.holds(self.reasons)


def document_of(law: response.Law) -> Document | None:
    """Give the triage document of the incident's pack, loaded and checked once."""
    if law.incident is None:
        return None
    pack = response.pack_of(law.incident)
    if pack.triage is None:
        return None
    if pack.code not in _documents:
        _documents[pack.code] = load_document(pack.triage, FACTS)
    return _documents[pack.code]


def facts_of(
    enterprise: Enterprise, *, law: response.Law, answers: dict[str, Any], planned_at: datetime | None, papers_complete: bool
) -> dict[str, Any]:
    """Give the typed facts of one application: from the register, the law of the day and the applicant."""
    not_before = law.not_before(size=enterprise.size, industry=enterprise.industry)
    areas = [law.zone_of(site.region, site.id) for site in registry.sites_of(enterprise.id)]
    # One site outside is enough to resume there: the mildest of its areas speaks for the enterprise.
    inside = [area for area in areas if area] if areas and all(areas) else []
    mildest = min(inside, key=lambda area: response.severity(area.measure), default=None)
    excluded = law.excluded_trades()
    return {
        "size": enterprise.size,
        "over_100m": enterprise.over_100m,
        # A major project is no essential category: it resumes by the common rules.
        "essential": enterprise.category if enterprise.category in ESSENTIALS else "none",
        "industry": enterprise.industry,
        "excluded_trade": any(enterprise.industry.startswith(prefix) for prefix in excluded),
        "site_zone": mildest.klass if mildest else "none",
        "planned_start": planned_at,
        "not_before": not_before[0] if not_before else _NEVER,
        "listed": any("early_resumption" in right.opens for right in registry.key_rights(enterprise, law.at)),
        "plan_complete": bool(answers.get("plan_text")),
        "papers_complete": papers_complete,
        "code_known": registry.decidable(enterprise),
    }


def triage(
    enterprise: Enterprise, *, law: response.Law, answers: dict[str, Any], planned_at: datetime | None, papers_complete: bool
) -> Triaged:
    """Decide route, priority and reasons for one application by the law of `law.at`."""
    facts = facts_of(enterprise, law=law, answers=answers, planned_at=planned_at, papers_complete=papers_complete)
    essentials = law.essentials()
    essential = facts["essential"] in essentials
    document = document_of(law)
    reasons: tuple[rules.Reason, ...] = ()
    priority = _PRIORITY["normal"]
    if document is not None and document.holds(law.at.date()):
        verdict = document.decide(facts, on=law.at.date())
        priority = _PRIORITY.get(verdict.result or "", priority)
        reasons = tuple(
            rules.Reason(
                id=answer.id,
                says=answer.text or answer.says("zh"),
                met=answer.counts_as,
                fix=answer.fix,
                origin=answer.origin.says("zh") if answer.origin else document.origin.says("zh"),
                level=(answer.origin or document.origin).level,
            )
            for answer in verdict.conditions
        )
    return Triaged(
        rules.route(enterprise.size, decides=law.decider(enterprise.size)),
        priority,
        reasons,
        early_allowed=essential or facts["listed"],
    )
