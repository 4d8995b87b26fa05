"""What goes with an answer (附件): a picture or a PDF that belongs to its versions from one on, until it is left out of a later one."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.files.looking import look
from qifu.kernel.values import uuid7

from .. import refusals
from ..models import Article, Attachment
from ..workflow import ARTICLES

MOST = 5
"""Files that go with one version."""
_VERBS = {"published": "revise", "revising": "edit_again"}


@dataclass(frozen=True, kw_only=True)
class Attach:
    article: UUID
    content: bytes = field(repr=False, metadata={"label": "文件"})
    name: str = field(default="", metadata={"label": "文件名", "most": 120})


@action("services.article.attach", "加附件")
def attach(given: Attach, *, actor: Actor, at: datetime, key: UUID | None = None) -> Attachment:
    """Add a file to the draft; everybody gets it once another publishes. Refuses TooManyFiles, and what is neither picture nor PDF."""
    seen, digest = look(given.content, papers=True), sha256(given.content).hexdigest()
    article = _draft(given.article, actor=actor, at=at, key=key)
    here = everything(Attachment).filter(article=article.id).filter(**_of_draft())
    if before := here.filter(sha256=digest).first():
        return before
    if here.count() >= MOST:
        raise refusals.TooManyFiles()
    made = Attachment(
        id=uuid7(), article=article, since=article.number + 1, name=given.name.strip(), mime=seen.mime, sha256=digest,
        size=len(seen.shown), body=seen.shown, by_name=actor.name[:80], at=at, region=article.region, district=article.district,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


@dataclass(frozen=True, kw_only=True)
class Detach:
    article: UUID
    attachment: UUID


@action("services.article.detach", "去掉附件")
def detach(given: Detach, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Leave a file out of the draft; earlier versions keep it. Refuses NotFound."""
    article = _draft(given.article, actor=actor, at=at, key=key)
    rows = everything(Attachment).filter(article=article.id, pk=given.attachment, **_of_draft())
    if not rows.update(until=article.number + 1):
        raise NotFound()
    return article


def give_up(article: Article) -> None:
    """Undo what the draft changed: what came with it is left out of every version, what it left out is back."""
    rows = everything(Attachment).filter(article=article.id)
    rows.filter(since=article.number + 1).update(until=F("since"))
    rows.filter(until=article.number + 1, since__lte=article.number).update(until=None)


def in_version(number: int) -> Q:
    """Give which files belong to a version."""
    return Q(since__lte=number) & (Q(until__isnull=True) | Q(until__gt=number))


def _of_draft() -> dict[str, Any]:
    return {"until__isnull": True}


def _draft(id: UUID, *, actor: Actor, at: datetime, key: UUID | None) -> Article:
    """Open the article for a change: who adds a file has written it too, and another publishes."""
    with ARTICLES.move(_VERBS.get(ARTICLES.lock(id).state, "edit"), id, actor=actor, at=at, key=key) as one:
        one.writer, one.writer_name = actor.id, actor.name[:80]
    return one
