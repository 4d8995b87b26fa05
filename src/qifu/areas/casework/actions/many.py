"""A list of troubles is written down at once: each row a case with a number of its own, as `record` writes one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from qifu.areas.registry.api import Meant
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.privacy.sealing import blind_all, place, seal_all
from qifu.kernel.privacy.terms import P2
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7s
from qifu.kernel.workflow.opening import Alike, open_alike

from .. import offices, queries, rules
from ..handbook import handbook
from ..models import Case
from ..terms import BACK_OF, TITLE_MOST
from ..workflow import CASES


class Said(NamedTuple):
    """One row as it was said. `region` is where it happened if the firm is not known; `kind` what the list itself says."""

    text: str
    title: str = ""
    firm: Meant | None = None
    firm_words: str = ""
    region: int = 0
    asker: str = ""
    phone: str = ""
    kind: str = ""
    number: str = ""
    """The other side's number."""


class Numbered(NamedTuple):
    """The cases that were made, in the order of the rows: id and number."""

    ids: list[str]
    numbers: list[str]


def enter(rows: Sequence[Said], *, channel: str, source: str = "", actor: Actor, at: datetime, batch: UUID | None) -> Numbered:
    """Make a case of each row inside the open transaction; all or none. Refuses NotYours for a place outside the reach."""
    if not rows:
        return Numbered([], [])
    home = offices.home_of(actor)
    kinds: dict[Any, int] = {}
    alike: list[Alike] = []
    of: list[int] = []
    regions: list[int] = []
    head, days = channel.split(":", maxsplit=1)[0], handbook().rungs["local"]
    for row in rows:
        firm = row.firm
        region = firm.region if firm else row.region
        known = (region, firm.facets if firm else (), firm is not None)
        if known not in kinds:
            kinds[known] = len(alike)
            subject = Case(
                region=region, district=jurisdiction.district_of(region), compartment="", resolve_days=days.resolve,
                respond_days=days.respond, intake_office=home.name if home else jurisdiction.name(region),
                facets=[f"channel:{head}", *known[1]], channel=channel,
            )  # fmt: skip
            alike.append(Alike(subject, firm is not None, {"channel": channel, "source": ""}))
        of.append(kinds[known])
        regions.append(region)
    numbers = _numbers(regions, at)
    parties = [str(row.firm.id) if row.firm else None for row in rows]
    columns, phones, askers = _told(rows)
    ids = uuid7s(len(rows))
    same: dict[str, Any] = {
        "channel": channel, "complexity": "", "rung": "local", "office": "", "office_name": "", "handler": "", "handler_name": "",
        "answer_channel": str(BACK_OF[channel]), "answer": "", "answer_source": "", "ended": "", "score": None, "merged_into": None,
        "source": source, "origin_kind": "", "origin": None, "respond_days": days.respond, "resolve_days": days.resolve, "until": None,
        "reason": "", "more_days": 0, "more_by": "", "more_why": "", "recorder": actor.id, "contester": "", "caller": "", "reopenings": 0,
        "assigned_at": None, "taken_at": None, "answered_at": None, "resolved_at": None, "closed_at": None,
    }  # fmt: skip
    columns |= {name: bulk.Same(value) for name, value in same.items()}
    columns |= {
        "number": numbers, "intake_office": [alike[n].subject.intake_office for n in of], "enterprise": parties,
        "asker": _sealed("asker", ids, askers), "phone": _sealed("phone", ids, phones),
        "phone_blind": blind_all("phone", phones),
    }  # fmt: skip
    open_alike(CASES, alike, of, ids, parties, columns, actor=actor, at=at, batch=batch)
    return Numbered(ids, numbers)


def _told(rows: Sequence[Said]) -> tuple[dict[str, Any], list[str], list[str]]:
    """Give the columns that differ from row to row, the numbers to call and the askers."""
    kind_of = handbook().words.kind
    texts, titles, kinds, whys, phones = [], [], [], [], []
    for row in rows:
        text, found, _ = rules.masked(row.text)
        title, text = rules.headed(rules.masked(row.title)[0], text, most=TITLE_MOST)
        texts.append(text)
        titles.append(title)
        phones.append(row.phone or found)
    both = [f"{title} {text}" if row.title else text for row, title, text in zip(rows, titles, texts, strict=True)]
    grams = list(rules.grams_of_each(both))
    for row, title, text, known in zip(rows, titles, texts, grams, strict=True):
        kind, why = row.kind, ""
        if not kind:
            kind, words = kind_of(f"{title}。{text}" if row.title else text, known)
            why = "、".join(words)[:120]
        kinds.append(kind)
        whys.append(why)
    return {
        "title": titles, "text": texts, "grams": grams, "kind": kinds, "kind_why": whys,
        "firm": [row.firm.name[:120] if row.firm else row.firm_words for row in rows],
        "source_number": [row.number for row in rows],
    }, phones, [row.asker for row in rows]  # fmt: skip


def _numbers(regions: Sequence[int], at: datetime) -> list[str]:
    """Give each row the next number of its place; each place's series is held once."""
    starts = {region: queries.next_numbers(region, regions.count(region), at) for region in sorted(set(regions))}
    return [next(starts[region]) for region in regions]


def _sealed(column: str, ids: Sequence[str], plain: Sequence[str]) -> list[str]:
    """Seal what was said in confidence, each value in its own row's place."""
    told = [(id, text) for id, text in zip(ids, plain, strict=True) if text]
    sealed = iter(seal_all([text for _, text in told], klass=P2, where=[place("casework_case", column, id) for id, _ in told]))
    return [next(sealed) if text else "" for text in plain]
