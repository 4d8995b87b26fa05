"""Answers that others hold ready, as a port: areas above offer theirs when they start, the call page shows them while one types."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from qifu.kernel.access import Actor
from qifu.kernel.language import said


class Ready(NamedTuple):
    """An answer: its words, where it is from, since when it holds, where it is read whole, whether nobody looked at it lately."""

    title: str
    text: str
    source: str
    since: date | None
    href: str
    stale: bool = False
    why: str = ""

    @property
    def told(self) -> str:
        """Say the source with its day, as it is kept with the case."""
        day = said("{day:%Y-%m-%d}起", day=self.since) if self.since else ""
        return "，".join(str(part) for part in (self.title, self.source, day) if part)[:200]


Provider = Callable[[str, Actor, datetime], Sequence[Ready]]
_providers: list[Provider] = []


def answers_from(provider: Provider) -> None:
    """Offer answers (from an area's AppConfig.ready)."""
    if provider not in _providers:
        _providers.append(provider)


def ready(text: str, actor: Actor, *, at: datetime, most: int = 3) -> list[Ready]:
    """Give the answers that fit what was said, of all who offer some. Call inside `acting`."""
    if len(text.strip()) < 4:
        return []
    return [one for provider in _providers for one in provider(text, actor, at)][:most]
