"""The plain rule by which empty duties are filled: who has carried least comes first, and why somebody does not fit has a name.

Knows nothing of the database. 60 people and 28 days are a few thousand questions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from qifu.kernel.language import Said, listed, said

from .terms import WHY_NOT


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Somebody who may be on duty; no posts means every post."""

    person: UUID
    name: str
    posts: frozenset[str] = frozenset()
    off: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One duty to be filled, or filled already by `person`."""

    id: UUID
    day: date
    post: str
    starts_at: datetime
    ends_at: datetime
    points: int
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Law:
    """What a rota keeps: rest between two duties, and duties in seven days."""

    rest_hours: int
    most_in_week: int


@dataclass
class Book:
    """What everybody carries so far, on this rota and on others."""

    law: Law
    held: dict[UUID, list[Duty]] = field(default_factory=lambda: defaultdict(list))

    def put(self, duty: Duty, person: UUID) -> None:
        self.held[person].append(duty)

    def points(self, person: UUID) -> int:
        return sum(one.points for one in self.held[person])

    def why_not(self, hand: Hand, duty: Duty) -> str:
        """Give the code of WHY_NOT for which somebody cannot be on a duty, or ''."""
        if hand.posts and duty.post not in hand.posts:
            return "post"
        last = (duty.ends_at - timedelta(microseconds=1)).date()
        if duty.day in hand.off or last in hand.off:
            return "off"
        rest = timedelta(hours=self.law.rest_hours)
        others = [one for one in self.held[hand.person] if one.id != duty.id]
        if any(one.starts_at < duty.ends_at and duty.starts_at < one.ends_at for one in others):
            return "double"
        if any(one.starts_at < duty.ends_at + rest and duty.starts_at < one.ends_at + rest for one in others):
            return "rest"
        days = sorted([duty.day, *(one.day for one in others)])
        week = timedelta(days=7)
        among = [first for first in days if first <= duty.day < first + week]
        if any(sum(first <= day < first + week for day in days) > self.law.most_in_week for first in among):
            return "week"
        return ""

    def say(self, code: str) -> Said:
        """Say why not, with the rota's own numbers."""
        return said(str(WHY_NOT[code]), hours=self.law.rest_hours, most=self.law.most_in_week)


@dataclass(frozen=True, kw_only=True)
class Filled:
    """One duty after filling: who, or nobody, and why."""

    duty: UUID
    person: UUID | None
    why: str


def fill(duties: Iterable[Duty], hands: Sequence[Hand], law: Law, *, also: Iterable[Duty] = ()) -> list[Filled]:
    """Fill the duties that nobody has, in order of time; `also` are duties of the same people on other rotas.

    Least points first, then whose last duty is longest ago, then by name: the same input gives the same rota."""
    book, order = Book(law), {hand.person: number for number, hand in enumerate(sorted(hands, key=lambda one: (one.name, str(one.person))))}
    todo = sorted(duties, key=lambda one: (one.starts_at, one.post))
    for one in (*also, *todo):
        if one.person is not None:
            book.put(one, one.person)
    found = []
    for duty in todo:
        if duty.person is not None:
            continue
        refused: Counter[str] = Counter()
        fit = []
        for hand in hands:
            code = book.why_not(hand, duty)
            if code:
                refused[code] += 1
            else:
                fit.append(hand)
        if not fit:
            found.append(Filled(duty=duty.id, person=None, why=str(_nobody(refused, book))))
            continue
        first = min(fit, key=lambda one: (book.points(one.person), _last(book, one.person, duty), order[one.person]))
        found.append(Filled(duty=duty.id, person=first.person, why=str(_because(book, first, duty))))
        book.put(duty, first.person)
    return found


def _last(book: Book, person: UUID, duty: Duty) -> datetime:
    return max(
        (one.ends_at for one in book.held[person] if one.ends_at <= duty.starts_at),
        default=datetime.min.replace(tzinfo=duty.starts_at.tzinfo),
    )


def _because(book: Book, hand: Hand, duty: Duty) -> Said:
    mine = book.held[hand.person]
    before = [one for one in mine if one.ends_at <= duty.starts_at]
    if not before:
        return said("此前没有排过班")
    day = max(one.day for one in before)
    return said("累计{points}分最少，上一班{day}", points=book.points(hand.person), day=f"{day.month}-{day.day}")


def _nobody(refused: Mapping[str, int], book: Book) -> Said:
    if not refused:
        return said("表里还没有人")
    parts = [said("{n}人{why}", n=n, why=book.say(code)) for code, n in sorted(refused.items(), key=lambda one: (-one[1], one[0]))]
    return said("没有人合适：{parts}", parts=listed(parts))
