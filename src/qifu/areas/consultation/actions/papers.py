"""Papers from templates: filled from a case or a note, mended by hand, numbered and issued; requests and letters signed by another."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.documents import issuing
from qifu.kernel.files import enclosing
from qifu.kernel.language import said

from .. import letters, queries, refusals
from ..models import Note, Paper
from ..numbering import home_of, scope_of
from ..photos import ALONG
from ..terms import DRAFT, KINDS, READBACK, SUPERVISION, WITH_SOURCE
from ..workflow import PAPERS


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the paper says."""

    title: str = field(metadata={"label": "标题", "most": 100})
    to: str = field(default="", metadata={"label": "发给谁", "most": 120})
    body: str = field(metadata={"label": "正文", "most": 6000})
    copies: str = field(default="", metadata={"label": "抄送", "most": 200})
    contact: str = field(default="", metadata={"label": "联系人", "most": 80})


@dataclass(frozen=True, kw_only=True)
class Draft(Words):
    kind: str = field(metadata={"label": "哪种文书"})
    case: UUID | None = None
    note: UUID | None = None
    supervision: UUID | None = None


@action("consultation.draft", "起草文书")
def draft(given: Draft, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Keep a draft about a case or a note. Refuses BadInput, NotFound, NotOnPaper."""
    if given.kind not in KINDS:
        raise BadInput({"kind": said("没有这种文书。")})
    home = home_of(actor, DRAFT, at=at)
    case, note = source_of(given.case, given.note, given.kind, actor)
    asked = asked_of(case, given.supervision, given.kind)
    _fit(given)
    paper = Paper(
        kind=given.kind, case=case, note=note, supervision=asked.id if asked else None, organ=home.name, place=home.place,
        writer=actor.id, writer_name=actor.name[:80], writers=[actor.id],
        **_said(given), **scope_of(home.place if note or case is None else case.region),
    )  # fmt: skip
    return PAPERS.open(paper, actor=actor, at=at, key=key, kind=given.kind)


def source_of(case: UUID | None, note: UUID | None, kind: str, actor: Actor) -> tuple[Case | None, Note | None]:
    """Give what a paper is about, within the actor's reach. Refuses NotFound, NotOnPaper."""
    if note is not None and "note" in WITH_SOURCE[kind]:
        return None, queries.note(note, actor)
    found = Case.objects.visible_to(actor).select_related("enterprise").filter(pk=case).first() if case else None
    if found is None:
        raise NotFound()
    if found.compartment:
        raise refusals.NotOnPaper()
    return found, None


def asked_of(case: Case | None, id: UUID | None, kind: str) -> casework.Supervision | None:
    """Give the supervision that a note puts on paper: the one named, else the last that stands on the case. Refuses NotFound."""
    found = casework.supervision_of(case, id) if case is not None and kind == SUPERVISION else None
    if id is not None and found is None:
        raise NotFound()
    return found


def _said(given: Words) -> dict[str, str]:
    return {
        "title": given.title.strip(), "to": given.to.strip(), "body": given.body.replace("\x00", "").strip(),
        "copies": given.copies.strip(), "contact": given.contact.strip(),
    }  # fmt: skip


def _fit(given: Words) -> None:
    errors = {}
    if not given.title.strip():
        errors["title"] = said("还没有写标题。")
    if not given.body.strip():
        errors["body"] = said("还没有写正文。")
    elif len(given.body) > 6000:
        errors["body"] = said("最多6000个字，现在{n}个。", n=len(given.body))
    if errors:
        raise BadInput(errors)


@dataclass(frozen=True, kw_only=True)
class Edit(Words):
    paper: UUID


@action("consultation.edit_paper", "改草稿")
def edit(given: Edit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Change a draft. Who changes it has written it too: another than all of them signs."""
    _fit(given)
    with PAPERS.move("edit", given.paper, actor=actor, at=at, key=key) as paper:
        for name, value in _said(given).items():
            setattr(paper, name, value)
        _wrote(paper, actor)
    return paper


@dataclass(frozen=True, kw_only=True)
class Enclose:
    paper: UUID
    content: bytes = field(repr=False, metadata={"label": "文件"})
    name: str = field(default="", metadata={"label": "附件名称", "most": 120})


@action("consultation.enclose", "文书加附件")
def enclose(given: Enclose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Let a picture or PDF go along with a draft; it is named on the paper. Who adds it has written the paper too.

    Refuses NothingAlong, TooManyAlong, and what is neither picture nor PDF."""
    before = queries.paper(given.paper, actor)
    if before.kind == READBACK:
        raise refusals.NothingAlong()
    digest = sha256(given.content).hexdigest()[:16]
    with PAPERS.move("enclose", given.paper, actor=actor, at=at, key=key, digest=digest) as paper:
        hat = require(actor, DRAFT, at=at, on=paper)
        enclosing.enclose(paper, given.content, kind=ALONG, name=given.name, hat=hat, actor=actor, at=at)
        _wrote(paper, actor)
    return paper


@dataclass(frozen=True, kw_only=True)
class LeaveOut:
    paper: UUID
    file: UUID


@action("consultation.leave_out", "文书去掉附件")
def leave_out(given: LeaveOut, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Let a file go along no longer. Refuses NotFound."""
    with PAPERS.move("leave_out", given.paper, actor=actor, at=at, key=key, file=given.file.hex) as paper:
        enclosing.leave_out(paper, given.file)
        _wrote(paper, actor)
    return paper


def _wrote(paper: Paper, actor: Actor) -> None:
    """Who changes a draft has written it too: another than all of them signs."""
    paper.writer, paper.writer_name, paper.reason = actor.id, actor.name[:80], ""
    paper.written_by(actor)


@dataclass(frozen=True, kw_only=True)
class Of:
    paper: UUID


@action("consultation.send_paper", "编号发出")
def send(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Number a paper that needs no signature, and issue it."""
    return _issue("send", given, actor=actor, at=at, key=key)


@action("consultation.sign_paper", "签发文书")
def sign(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Sign a request or a letter and issue it; by another than who wrote it."""
    return _issue("sign", given, actor=actor, at=at, key=key)


def _issue(verb: str, given: Of, *, actor: Actor, at: datetime, key: UUID | None) -> Paper:
    queries.paper(given.paper, actor)
    with PAPERS.move(verb, given.paper, actor=actor, at=at, key=key) as paper:
        if verb == "sign":
            paper.signer = actor.id
        about = paper.case_id or paper.note_id
        assert about is not None
        hat = actor.hat_for("consult.sign" if verb == "sign" else DRAFT, at=at, on=paper) or actor.hats[0]
        made = issuing.issue(
            letters.code_of(paper.kind), letters.drawn(paper, signer=actor.name if verb == "sign" else "", at=at), about=about, on=paper,
            place=paper.place, actor=actor, hat=hat, at=at, to=paper.to,
        )  # fmt: skip
        paper.issued, paper.number = made.id, made.number
    return paper


@dataclass(frozen=True, kw_only=True)
class Why:
    paper: UUID
    reason: str = field(metadata={"label": "为什么", "most": 300})


@action("consultation.return_paper", "退回改文书")
def return_paper(given: Why, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Send a draft back to who wrote it, with what to mend."""
    with PAPERS.move("send_back", given.paper, actor=actor, at=at, key=key) as paper:
        paper.reason = given.reason.strip()
    return paper


@action("consultation.drop_paper", "不发了")
def drop(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Paper:
    """Give a draft up; it took no number."""
    with PAPERS.move("drop", given.paper, actor=actor, at=at, key=key) as paper:
        pass
    return paper
