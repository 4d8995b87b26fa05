"""An issue as it is read: from the sealed bytes once it is signed, from the draft before; and as a text to be pasted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from . import wording
from .models import Bulletin, Sealed


@dataclass(frozen=True)
class Issue:
    """What a reader sees of an issue; `digest` only once it is signed."""

    number: str
    name: str
    issuer: str
    issue: int
    day: date
    asof: datetime
    headline: str
    paragraphs: Sequence[Mapping[str, Any]]
    figures: Sequence[Mapping[str, Any]]
    annex: Mapping[str, Any]
    filler: str
    reviewer: str
    signer: str
    signed_at: datetime | None
    digest: str = ""

    @property
    def texts(self) -> list[str]:
        """The paragraphs as they are read."""
        return [wording.plain(paragraph["pieces"], self.figures) for paragraph in self.paragraphs]


def issue_of(bulletin: Bulletin) -> Issue:
    """Give an issue from what was sealed, or from the draft where nothing is signed yet; inside `acting`."""
    sealed = Sealed._base_manager.filter(bulletin=bulletin.id).first()
    if sealed is None:
        return Issue(
            bulletin.number, bulletin.name, bulletin.issuer, bulletin.issue, bulletin.day, bulletin.asof, bulletin.headline,
            bulletin.paragraphs, bulletin.figures, bulletin.annex, bulletin.filler_name, bulletin.reviewer_name, "", None,
        )  # fmt: skip
    return issue_in(bytes(sealed.body), digest=sealed.digest)


def issue_in(body: bytes, *, digest: str = "") -> Issue:
    """Read an issue from its sealed bytes."""
    held = json.loads(body)
    return Issue(
        held["number"], held["name"], held["issuer"], held["issue"], date.fromisoformat(held["day"]), datetime.fromisoformat(held["asof"]),
        held["headline"], held["paragraphs"], held["figures"], held["annex"], held["filler"], held["reviewer"], held["signer"],
        datetime.fromisoformat(held["signed_at"]), digest,
    )  # fmt: skip


def to_edit(bulletin: Bulletin) -> list[str]:
    """Give the paragraphs for editing: computed numbers in braces, own paragraphs as they are."""
    return [
        wording.plain(p["pieces"], bulletin.figures) if p["own"] else wording.written(p["pieces"], bulletin.figures)
        for p in bulletin.paragraphs
    ]


def copyable(issue: Issue, state: str) -> str:
    """Give the text for a group: name and issue, finding, paragraphs, who answers for it; a draft says that it is one."""
    head = f"【{issue.name}】第{issue.issue}期（{issue.day.month}月{issue.day.day}日）"
    if not issue.signed_at:
        head += " 未签发，内部核对用"
    foot = f"统计 {issue.filler}　核对 {issue.reviewer or '—'}　签发 {issue.signer or '—'}　编号 {issue.number}"
    return "\n".join([head, issue.headline, "", *(f"　　{text}" for text in issue.texts), "", foot])
