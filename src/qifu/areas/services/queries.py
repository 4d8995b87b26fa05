"""Reads of services, all inside `acting`: the day of an office, what is open for a firm, and the answers that fit a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.values import bigrams

from .models import Appointment, Article, Certificate, Order
from .terms import HOLDING, PUBLIC

_FEWEST, _ENOUGH = 2, 0.34
"""A question must share two pairs with an answer, and a third of its weight with what people ask."""


def one_of(model: Any, id: UUID, actor: Actor) -> Any:
    """Give one row that the actor reaches; refuses NotFound."""
    found = model.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def day_list(actor: Actor, service: str, day: date) -> list[Appointment]:
    """Give who is to be visited on a day, and who was, in order of time."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    found = Appointment.objects.visible_to(actor).filter(service=service, starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
    return list(found.exclude(state="cancelled").select_related("enterprise").order_by("starts_at", "id"))


def asked(actor: Actor, service: str) -> list[Appointment]:
    """Give what waits for the office or for a time: the earliest deadline first, the lines at the end, each in its order."""
    found = Appointment.objects.visible_to(actor).filter(service=service, state__in=("asked", "accepted", "waiting"))
    line = (F("waits_for__starts_at").asc(nulls_first=True), "waits_since", "id")
    return list(found.select_related("enterprise", "waits_for").order_by("due_at", *line)[:200])


def places_in_line(found: Iterable[Appointment]) -> dict[UUID, int]:
    """Give, by appointment, its place in the line for its time, the first being 1; those that do not wait are left out.

    Who stands before it may lie out of the reader's reach: the number is counted by the database and names nobody."""
    ids = [one.id for one in found if one.state == "waiting"]
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, place FROM services_places_in_line(%s)", [ids])
        return dict(cursor.fetchall())


def without_result(actor: Actor, service: str, at: datetime) -> list[Appointment]:
    """Give the visits whose time is over and of which nobody has told the outcome, the oldest first."""
    found = Appointment.objects.visible_to(actor).filter(service=service, state__in=HOLDING, ends_at__lte=at)
    return list(found.select_related("enterprise").order_by("starts_at")[:200])


def of_firm(model: Any, firm: UUID) -> list[Any]:
    """Give what an enterprise has asked for, the latest first."""
    return list(model.objects.filter(enterprise=firm).order_by("-id")[:50])


def listed(model: Any, actor: Actor) -> QuerySet[Any]:
    """Give all that the actor reaches, what is due first."""
    return model.objects.visible_to(actor).select_related("enterprise").order_by("due_at", "-id")


def firms_named(firms: QuerySet[Enterprise], text: str) -> list[Enterprise]:
    """Give the firms of a piece of a name or credit code, at most 20."""
    plain = text.strip()
    if len(plain) < 2:
        return []
    by_code = plain.isascii() and plain.isalnum() and len(plain) >= 4
    found = firms.filter(uscc__contains=plain.upper()) if by_code else firms.filter(name__contains=plain)
    return list(found.order_by("pinyin")[:20])


# ------------------------------------------------------------------------------------------------ answers


@dataclass(frozen=True)
class Suggestion:
    """An answer that fits a question: how well (0 to 1), and which words of the question it shares."""

    article: Article
    score: float
    shares: tuple[str, ...]


def public_articles(places: Sequence[int] | None = None) -> QuerySet[Article]:
    """Give the answers that everybody may read; of these places where said."""
    found = Article.objects.filter(state__in=PUBLIC, number__gt=0)
    return found.filter(region__in=places) if places is not None else found


_ASKING = frozenset(
    (
        "能不",
        "不能",
        "可以",
        "怎么",
        "么办",
        "什么",
        "是不",
        "不是",
        "几个",
        "多少",
        "请问",
        "一下",
        "要不",
        "不要",
        "可不",
        "不可",
        "有没",
        "没有",
    )
)
"""Pairs that any question holds: they say that something is asked, not what."""
_UNKNOWN = 0.4
"""How much a pair weighs that no answer holds: less than one that some do, since it is mostly where two words meet."""


def suggest(text: str, *, places: Sequence[int] | None = None, most: int = 3) -> list[Suggestion]:
    """Give the answers nearest to a question, the best first; none where nothing is near enough.

    Chinese pairs that few answers hold weigh more; a pair in the question's own words weighs double."""
    asked = [piece for piece in bigrams(text[:200]) if len(piece) == 2 and piece not in _ASKING]
    if not asked:
        return []
    found = list(public_articles(places).filter(grams__overlap=asked)[:500])
    total = public_articles(places).count()
    held = {piece: sum(piece in one.grams for one in found) for piece in asked}
    weight = {piece: log(1 + total / n) if n else _UNKNOWN * log(1 + total) for piece, n in held.items()}
    whole = sum(weight.values()) or 1.0
    ranked = []
    for one in found:
        title, body = set(one.grams_title), set(one.grams)
        shared = [piece for piece in asked if piece in body]
        score = sum(weight[piece] * (1.0 if piece in title else 0.4) for piece in shared) / whole
        if len(shared) >= min(_FEWEST, len(asked)) and score >= _ENOUGH:
            ranked.append(Suggestion(one, round(score, 3), tuple(shared)))
    ranked.sort(key=lambda it: (-it.score, it.article.title))
    return ranked[:most]


def is_stale(one: Article, at: datetime) -> bool:
    """Say whether nobody has looked at a public answer by its day."""
    return one.state in PUBLIC and one.review_on < local(at).date()


def around(actor: Actor) -> tuple[int, ...] | None:
    """Give the places whose answers concern somebody: those above and below their own; None for nobody in particular."""
    homes = [hat.place for hat in actor.hats if hat.place is not None]
    if not homes:
        return None
    return tuple({place for home in homes for place in (*jurisdiction.lineage(home), *jurisdiction.reach(home))})


OPEN_MODELS = (Appointment, Order, Certificate)
