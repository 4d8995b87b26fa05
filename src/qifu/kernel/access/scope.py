"""Opens every transaction: the role and the scope are told to the database in one round trip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction

from qifu.kernel.calendar import clock

from .errors import NotYours, SameDepartment, SamePerson, SecondFactorNeeded
from .terms import Actor, Hat

T = TypeVar("T")

_ENTER = (
    "SELECT set_config('role', %s, true), set_config('qifu.regions', %s, true), set_config('qifu.parties', %s, true),"
    " set_config('qifu.compartments', %s, true), set_config('qifu.everywhere', %s, true), set_config('qifu.door', %s, true),"
    " set_config('qifu.person', %s, true)"
)

_acting: ContextVar[Actor | None] = ContextVar("qifu_acting", default=None)
_read: ContextVar[dict[str, dict[Any, Any] | None] | None] = ContextVar("qifu_read", default=None)
"""What the open transaction has read once for all, by area; None stands for an area that it has written to."""


class AlreadyActing(RuntimeError):
    """A transaction with a scope is open; scopes do not nest, or one would widen the other."""


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Open the transaction of one request, job or command and set its scope in the database, once.

    Raises AlreadyActing inside another one. Outside of it the login role can read nothing."""
    if _acting.get() is not None:
        raise AlreadyActing("acting() inside acting(): read before you write, or pass the actor on")
    with transaction.atomic(durable=True):
        enter(actor)
        token, read = _acting.set(actor), _read.set({})
        try:
            yield actor
        finally:
            _acting.reset(token)
            _read.reset(read)


def enter(actor: Actor) -> None:
    """Tell the open transaction who acts. For `acting` and for streamed bodies only."""
    scope = actor.scope
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            [
                "qifu_worker" if actor.worker else "qifu_app",
                ",".join(map(str, actor.sees)),
                ",".join(map(str, scope.parties)),
                ",".join(scope.compartments),
                "on" if scope.everywhere else "",
                "on" if actor.door else "",
                str(actor.person or ""),
            ],
        )


def once(area: str, key: Any, read: Callable[[], T]) -> T:
    """Read something of an area once in the open transaction, however many ask; `key` must name it whole.

    Nothing is kept beyond the transaction, nor of an area that the transaction has written to (`wrote`): what a guard
    read before the act must not be believed after it. What is given is shared, so nobody may change it."""
    kept = _read.get()
    known = kept.setdefault(area, {}) if kept is not None else None
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: T = known[key]
    return found


def wrote(process: str) -> None:
    """Say that the open transaction writes to the area of a process (the journal does, for each entry)."""
    kept = _read.get()
    if kept is not None:
        kept[process.partition(".")[0]] = None


def actor_now() -> Actor | None:
    """Give the actor of the open transaction."""
    return _acting.get()


DOOR = Actor(id="door", name="登录", door=True)
"""Nobody yet: may look up accounts, codes and sessions, and write down an attempt."""


def require(actor: Actor, right: str, *, at: datetime, on: Any = None) -> Hat:
    """Give the hat that holds the right over this object now and at `at`, or refuse with NotYours.

    The law is that of `at`; the right must have been there then and be there now (KERNEL, Times told late)."""
    hat = actor.hat_for(right, at=at, on=on)
    if hat is None or not hat.valid(clock.now()):
        raise NotYours(right=right)
    return hat


def require_strong(actor: Actor) -> None:
    """Refuse with SecondFactorNeeded unless the session has proved a second factor."""
    if not actor.strong:
        raise SecondFactorNeeded()


def second_person(*, proposer: Actor, confirmer: Actor, different_department: bool = True) -> None:
    """Refuse SamePerson or SameDepartment: one person or one office alone may not harm anybody."""
    if proposer.id == confirmer.id:
        raise SamePerson()
    if different_department and {h.department for h in proposer.hats} & {h.department for h in confirmer.hats}:
        raise SameDepartment()
