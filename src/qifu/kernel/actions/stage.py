"""The stage of a sample: people by their names in it, a clock that goes on, and acts that must not be refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.calendar import clock

from .registry import Refused, run


class SampleRefused(RuntimeError):
    """The sample and the rules no longer agree."""


class Stage:
    """`named` are ids by officer:<number>, contact:<firm>, enterprise:<firm>; nothing happens later than `at`."""

    def __init__(self, named: Mapping[str, UUID], hands: clock.Fixed, at: datetime) -> None:
        self.named, self.hands, self.at = named, hands, at
        self.known: dict[str, Actor] = {}

    def who(self, key: str) -> Actor:
        """Give one of them with the hats worn now and the second factor proved."""
        if key not in self.known:
            with acting(DOOR):
                self.known[key] = worn_by(self.named[key], at=clock.now(), strong=True)
        return self.known[key]

    def do(self, name: str, who: str | Actor, /, *, after: int = 5, **given: Any) -> Any:
        """Do one act some minutes after the last. Raises SampleRefused."""
        self.hands.set(min(self.hands.now() + timedelta(minutes=after), self.at))
        answer = run(name, given, actor=self.who(who) if isinstance(who, str) else who)
        if isinstance(answer, Refused):
            raise SampleRefused(f"{name} {given}: {answer.errors or answer.says}")
        return answer.result
