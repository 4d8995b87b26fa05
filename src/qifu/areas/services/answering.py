"""The knowledge base as the call page of casework asks it: what may be read to a caller, with its source and its day."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from qifu.areas.casework.api import Ready
from qifu.kernel.access import Actor

from . import queries


def ready(text: str, actor: Actor, at: datetime) -> Sequence[Ready]:
    """Give the published answers nearest to what was said, of the actor's places."""
    return [
        Ready(
            title=one.article.title, text=one.article.answer, source=one.article.source, since=one.article.since,
            href=reverse("services:public_one", args=[one.article.id]), stale=queries.is_stale(one.article, at),
            why="、".join(one.shares[:3]),
        )
        for one in queries.suggest(text, places=queries.around(actor), most=2)
    ]  # fmt: skip
