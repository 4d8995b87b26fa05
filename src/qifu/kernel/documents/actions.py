"""Acts on papers by themselves. Issuing is no act of its own: it happens inside the act that the paper tells of."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotFound, NotYours
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.files import keeping
from qifu.kernel.files.models import File
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said

from . import issuing, photos
from .models import Issued, Withdrawal
from .refusals import NoCodeInPicture, NotThisPaper, WithdrawnAlready

STAMPED = "stamped"


def _find(id: UUID) -> Issued:
    found = everything(Issued).filter(pk=id).first()
    if found is None:
        raise NotFound("没有找到这份文书，可能编号有误，或不在您的范围内。")
    return found


def _may_keep(paper: Issued, actor: Actor, at: datetime) -> Hat:
    hat = issuing.hat_of(paper, "stamp", actor=actor, at=at)
    if hat is None:
        raise NotYours()
    return hat


def take_copies() -> keeping.Kind:
    """Let stamped copies be kept beside papers; called when every area has registered its kinds."""
    see = tuple(sorted({right for kind in issuing.kinds.values() for right in kind.see}))
    return keeping.accept(keeping.Kind(name=STAMPED, label="盖章件", find=_find, may_keep=_may_keep, see=see, most=10))


@dataclass(frozen=True, kw_only=True)
class Attach:
    """A photograph of a printed and stamped paper; `paper` where it was sent from that paper's page."""

    content: bytes = field(repr=False, metadata={"label": "照片"})
    name: str = ""
    paper: UUID | None = None


@action("documents.attach", "传回盖章件")
def attach(given: Attach, *, actor: Actor, at: datetime, key: UUID | None = None) -> tuple[Issued, File]:
    """Keep the photograph beside the paper whose code it shows. Refuses NoCodeInPicture, NotThisPaper, and what files refuse.

    On a paper's own page a photograph without a readable code is kept there: the person has said which paper it is."""
    code = photos.code_in(given.content)
    if not code and given.paper is None:
        raise NoCodeInPicture()
    found = everything(Issued).filter(code=code).first() if code else None
    if given.paper is not None:
        asked = _find(given.paper)
        if found is not None and found.id != asked.id:
            raise NotThisPaper(said("照片上的是{found}，没有存到{asked}这里。", found=found.number, asked=asked.number))
        found = asked
    if found is None:
        raise NoCodeInPicture("照片里的二维码不是您范围内的文书，照片没有存。")
    hat = _may_keep(found, actor, at)
    kept = keeping.keep(given.content, kind=take_copies(), about=found, hat=hat, actor=actor, at=at, name=given.name)
    return found, kept.file


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    paper: UUID
    why: str = field(metadata={"label": "为什么作废", "most": 200})


@action("documents.withdraw", "作废文书")
def withdraw_paper(given: Withdraw, *, actor: Actor, at: datetime, key: UUID | None = None) -> Issued:
    """Withdraw a paper that says something wrong; its number is not given again. Refuses WithdrawnAlready."""
    paper = _find(given.paper)
    hat = issuing.hat_of(paper, "withdraw", actor=actor, at=at)
    if hat is None:
        raise NotYours()
    withdraw(paper, why=given.why, actor=actor, hat=hat, at=at)
    return paper


def withdraw(paper: Issued, *, why: str, actor: Actor, hat: Hat, at: datetime) -> Withdrawal:
    """Withdraw inside another act (a permit's end, a corrected letter). Refuses WithdrawnAlready."""
    if everything(Withdrawal).filter(paper=paper.id).exists():
        raise WithdrawnAlready()
    row: Withdrawal = everything(Withdrawal).create(
        paper=paper, at=at, why=why[:200], by=actor.id, by_name=actor.name[:80],
        region=paper.region, district=paper.district, party=paper.party, compartment=paper.compartment,
    )  # fmt: skip
    record(issuing.PROCESS, paper, verb="withdraw", left="issued", entered="withdrawn", actor=actor, hat=hat, at=at, number=paper.number)
    return row


__all__ = ["Attach", "Withdraw", "attach", "withdraw", "withdraw_paper"]
