"""The one act of anybody: asking whether a number and a check code belong together."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.documents import numbers
from qifu.kernel.documents.models import Issued
from qifu.kernel.documents.refusals import NoSuchPaper
from qifu.project.accounts.door import Denied, count_failure, sender_of, throttle

PATIENCE = 10
"""Wrong tries of one network address that cost nothing: an office's clerks sit behind one."""


@dataclass(frozen=True, kw_only=True)
class Check:
    number: str = field(metadata={"label": "编号"})
    code: str = field(metadata={"label": "核对码"})
    address: str = ""


@action("documents.check", "核对文书真伪", door=True)
def check(given: Check, *, actor: Actor, at: datetime, key: UUID | None = None) -> Issued | Denied:
    """Give the paper of a number and its code. A wrong pair is told by one sentence, whichever of the two is wrong.

    Each wrong try of a network address beyond the tenth makes it wait longer; refuses TooManyTries."""
    tries = throttle(f"paper:{sender_of(given.address)}", at=at)
    code = numbers.read_code(given.code)
    found = everything(Issued).filter(code=code).first() if code else None
    if found is None or not numbers.same_number(given.number, found.number):
        count_failure(tries, at=at, patience=PATIENCE)
        return Denied(NoSuchPaper())
    return found
