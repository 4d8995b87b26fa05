"""Issues papers inside the act that they belong to, and keeps what was issued byte for byte."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from django.conf import settings

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, Hat, NotFound, Scope, acting, enter
from qifu.kernel.access.models import everything
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.files.models import File
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from . import numbers, seals, typeset
from .models import Issued, Print
from .papers import Bulletin, Paper, Stamp, as_data, canonical

PROCESS = "documents.paper"


@dataclass(frozen=True)
class Standing:
    """Whether what a paper says still holds: a word, its tone (ok, ask, stop), one sentence without names of people."""

    word: str
    tone: str = "ok"
    says: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "word", said(self.word))
        object.__setattr__(self, "says", said(self.says))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of paper: its word, the letters of its number (复准), who knows whether it still holds, and whose it is.

    `see` are rights of which one is needed to look at it within reach; `stamp` those to bring its stamped copy back;
    `withdraw` those to withdraw it."""

    code: str
    label: str
    word: str
    see: tuple[str, ...]
    stamp: tuple[str, ...] = ()
    withdraw: tuple[str, ...] = ()
    standing: Callable[[Issued, datetime], Standing] | None = None
    along: Callable[[Issued], Sequence[File]] | None = None
    """Gives the files that went along with a paper, within the reach of whoever asks."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))


kinds: dict[str, Kind] = {}
"""Every kind of paper of the installation by its code; areas add theirs when they start."""


def register(kind: Kind) -> Kind:
    """Add a kind of paper; its code is the area's: resumption.approval."""
    kinds[kind.code] = kind
    return kind


@dataclass(frozen=True, kw_only=True)
class Order:
    """One paper to issue: what it says, about what, on whose row (region, party, district), for which firm."""

    paper: Paper
    about: UUID
    on: Any
    to: str = ""


def issue(kind: str, paper: Paper, *, about: UUID, on: Any, place: int, actor: Actor, hat: Hat, at: datetime, to: str = "") -> Issued:
    """Issue a paper in the open transaction of an act: number, check code, data and record; the act's refusal undoes all.

    `place` is the place whose organ signs; `on` any scoped row. The PDF is set after the act, always to the same bytes."""
    return issue_many(kind, [Order(paper=paper, about=about, on=on, to=to)], place=place, actor=actor, hat=hat, at=at)[0]


def issue_many(kind: str, orders: Sequence[Order], *, place: int, actor: Actor, hat: Hat, at: datetime) -> list[Issued]:
    """Issue many papers of one kind with numbers in a row, set-based."""
    if not orders:
        return []
    known, day = kinds[kind], at.astimezone(ZONE).date()
    prefix = short_of(place) + known.word
    taken = numbers.take(prefix, year=day.year, count=len(orders))
    made = [
        _row(known, order, number=numbers.say(prefix, year=day.year, number=number), place=place, actor=actor, at=at)
        for order, number in zip(orders, taken, strict=True)
    ]
    everything(Issued).bulk_create(made)
    writing.record_many(
        [
            {
                "subject": row.id, "about": row.about, "verb": "issue", "left": "", "entered": "issued", "first": True, "at": at,
                "district": row.district, "region": row.region, "party": row.party, "compartment": row.compartment, "facets": (kind,),
                "data": {"number": row.number, "kind": kind, "sha256": row.sha256},
            }
            for row in made
        ],
        process=PROCESS, actor=actor, hat=hat,
    )  # fmt: skip
    return made


def _row(kind: Kind, order: Order, *, number: str, place: int, actor: Actor, at: datetime) -> Issued:
    code = numbers.new_code()
    link = f"{settings.ADDRESS.rstrip('/')}/v/{code}"
    data, paper, on = as_data(order.paper), order.paper, order.on
    said = canonical({"paper": data, "number": number, "code": code, "link": link})
    return Issued(
        number=number, code=code, kind=kind.code, title=(paper.name if isinstance(paper, Bulletin) else paper.title)[:200],
        organ=str(data.get("organ") or data.get("office") or data.get("place") or jurisdiction.name(place))[:120], to=order.to[:200],
        about=order.about, place=place, data=data, sha256=sha256(said).hexdigest(), link=link,
        issued_at=at, issued_by=actor.id, issued_by_name=actor.name[:80],
        region=on.region, district=on.district, party=on.party, compartment=on.compartment,
    )  # fmt: skip


def short_of(place: int) -> str:
    """Give the word of a place in numbers: 明川区 → 明, its 临江街道 → 明临江, its 明川经济开发区 → 明川: two cities' towns
    share their names."""
    line = [jurisdiction.place(one) for one in jurisdiction.lineage(place)]
    above = next((one.name[:1] for one in line if one.kind == "district"), "")
    found = jurisdiction.place(place)
    word = jurisdiction.short(found.name)
    return above if found.kind == "district" else word if word.startswith(above) else above + word


# ---------------------------------------------------------------- the bytes


def stamp_of(issued: Issued, *, copy: str = "") -> Stamp:
    """Give what stands on an issued paper beside its words."""
    return Stamp(number=issued.number, code=issued.code, address=issued.link, copy=copy)


def pdf_of(issued: Issued) -> bytes:
    """Give the PDF of an issued paper: the kept bytes, or, in the seconds before they are kept, the same bytes set now."""
    kept = everything(Print).filter(paper=issued.id).values_list("pdf", flat=True).first()
    return bytes(kept) if kept is not None else typeset.pdf_of(issued.data, stamp=stamp_of(issued))


def pictures_of(issued: Issued) -> list[bytes]:
    """Give the pages of an issued paper as PNG. A withdrawn one says so across each page."""
    withdrawn = hasattr(issued, "withdrawal")
    return typeset.pages_of(issued.data, stamp=stamp_of(issued, copy="已作废" if withdrawn else ""))


def keep(issued: Issued, *, at: datetime) -> Print:
    """Set the PDF and keep it for ever, sealed where a seal service stands ready. Inside an act or the worker's round."""
    pdf = typeset.pdf_of(issued.data, stamp=stamp_of(issued))
    digest = sha256(pdf)
    sealed = seals.seal(digest.digest(), organ=issued.organ, number=issued.number)
    made, _ = everything(Print).get_or_create(
        paper=issued,
        defaults={
            "pdf": pdf, "sha256": digest.hexdigest(), "made_at": at, "seal": sealed.serial, "seal_token": sealed.token,
            "region": issued.region, "district": issued.district, "party": issued.party, "compartment": issued.compartment,
        },
    )  # fmt: skip
    kept: Print = made
    return kept


def keep_waiting(actor: Actor, *, limit: int = 20, within: timedelta = timedelta(days=2)) -> int:
    """Keep the PDFs of what was issued lately and has none yet (the worker, every two seconds). Gives how many.

    Lately is told by the id, which follows the machine's clock and leads along the primary key."""
    since = UUID(int=((uuid7().int >> 80) - int(within.total_seconds() * 1000)) << 80)
    with acting(actor):
        found = list(everything(Issued).filter(print__isnull=True, id__gte=since).order_by("id")[:limit])
        for issued in found:
            keep(issued, at=clock.now())
    return len(found)


# ---------------------------------------------------------------- reading


def paper(id: UUID, actor: Actor, *, at: datetime) -> Issued:
    """Give an issued paper that the actor may see, or refuse NotFound: the same sentence whether it lies elsewhere."""
    found = Issued.objects.visible_to(actor).select_related("withdrawal").filter(pk=id).first()
    if found is None or not hat_of(found, "see", actor=actor, at=at):
        raise NotFound("没有找到这份文书，可能编号有误，或不在您的范围内。")
    return found


def hat_of(issued: Issued, what: Literal["see", "stamp", "withdraw"], *, actor: Actor, at: datetime) -> Hat | None:
    """Give the hat by which an actor may see, stamp or withdraw a paper, or None."""
    kind = kinds.get(issued.kind)
    rights: tuple[str, ...] = getattr(kind, what) if kind else ()
    return next((hat for right in rights if (hat := actor.hat_for(right, at=at, on=issued)) and hat.valid(clock.now())), None)


def of(about: UUID) -> list[Issued]:
    """Give the papers about one thing, the newest first; inside `acting`, whose scope holds."""
    return list(Issued.objects.filter(about=about).select_related("withdrawal").order_by("-issued_at", "-id"))


def standing_of(issued: Issued, *, at: datetime) -> Standing:
    """Say whether it still holds: withdrawn, or what its kind says."""
    if hasattr(issued, "withdrawal"):
        return Standing(
            "已作废", "stop", said("{day}作废：{why}", day=f"{clock.local(issued.withdrawal.at):%Y-%m-%d}", why=issued.withdrawal.why)
        )
    kind = kinds.get(issued.kind)
    if kind is None or kind.standing is None:
        return Standing("有效")
    return kind.standing(issued, at)


def standing_for_anybody(issued: Issued, *, at: datetime) -> Standing:
    """Say at the door whether a paper still holds: its kind is asked within the reach of this one party, then the door closes.

    Call inside `acting(DOOR)`."""
    scope = Scope(parties=(issued.party,)) if issued.party else Scope(regions=(issued.region,))
    enter(Actor(id="check", name="核对", hats=(Hat(role="check", rights=frozenset(), scope=scope),)))
    try:
        return standing_of(issued, at=at)
    finally:
        enter(DOOR)


def count_pages(issued: Issued) -> int:
    """Give how many pages its PDF has."""
    return typeset.count(pdf_of(issued))
