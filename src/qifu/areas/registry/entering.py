"""How enterprises come into the register, one or a hundred thousand: judged, matched, inserted and recorded set-based.

A wrong or blank credit code never stops a row (FEATURES 1.1): it enters as provisional and waits in 待核."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, Hat, NotYours, require
from qifu.kernel.access.models import Grant
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.schema import bulk
from qifu.kernel.values import Problem as ValueProblem
from qifu.kernel.values import Uscc, check_phone, check_uscc, mask_phone, uuid7, uuid7s

from . import ledger, people
from .models import ContactPost, Enterprise, Site, facets_of
from .names import Spelling, clean
from .places import coordinates, region_of
from .size import size_from
from .terms import CONTACT, ENTERPRISE, UnknownPlaceGiven

EDIT = "registry.edit"
CONTACT_ROLE = "enterprise_contact"
_INDUSTRY = re.compile(r"[A-T]?\d{2,4}|[A-T]")
_LAST = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Register:
    """One enterprise as a form, a list or a scenario says it. None and '' mean: not told."""

    name: str = field(default="", metadata={"label": "企业名称"})
    uscc: str = field(default="", metadata={"label": "统一社会信用代码"})
    place: str = field(default="", metadata={"label": "镇街或开发区"})
    region: int | None = field(default=None, metadata={"label": "镇街或开发区"})
    size: Literal["", "above", "limit_above", "small"] = field(default="", metadata={"label": "规模"})
    size_source: Literal["", "statistics", "derived"] = field(default="", metadata={"label": "规模来源"})
    revenue_fen: int | None = field(default=None, metadata={"label": "年主营业务收入"})
    over_100m: bool | None = field(default=None, metadata={"label": "亿元以上"})
    industry: str = field(default="", metadata={"label": "行业代码"})
    category: Literal["", "utility", "control_supply", "living", "key_trade", "project"] = field(default="", metadata={"label": "必需类别"})
    individual: bool | None = field(default=None, metadata={"label": "个体工商户"})
    staff: int | None = field(default=None, metadata={"label": "员工人数"})
    address: str = field(default="", metadata={"label": "地址"})
    lat: str = field(default="", metadata={"label": "纬度"})
    lon: str = field(default="", metadata={"label": "经度"})
    legal_person: str = field(default="", metadata={"label": "法定代表人"})
    founded: date | None = field(default=None, metadata={"label": "成立日期"})
    contact: str = field(default="", metadata={"label": "联系人"})
    phone: str = field(default="", metadata={"label": "联系电话"})

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> "Register":
        """Give one row of a list by what it tells: to set two dozen frozen fields costs more than to judge them."""
        row = object.__new__(cls)
        row.__dict__.update(values)
        return row


@dataclass(frozen=True)
class Entered:
    """What became of the rows: per row the enterprise's id (None where refused) and its contact's person id.

    `refused` maps the row's index to the sentence; such a row left no trace."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    provisional: int = 0
    written: tuple[UUID | str | None, ...] = ()
    contacts: tuple[UUID | None, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def ids(self) -> tuple[UUID | None, ...]:
        """Give each row's enterprise. Of a long list nobody asks, and a hundred thousand objects cost as much as a table."""
        return tuple(UUID(id) if isinstance(id, str) else id for id in self.written)


class _Kind(NamedTuple):
    """What many rows of one list have in common, asked and read once."""

    region: int
    district: int
    hat: Hat
    size: str
    size_source: str
    over_100m: bool
    industry: str
    category: str
    individual: bool
    facets: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """A row under way to the table."""

    index: int
    given: Register
    kind: _Kind
    name: str
    uscc: str | None
    why: str
    point: tuple[float | None, float | None]
    key: str = ""
    pinyin: str = ""
    id: str = ""

    region = property(lambda self: self.kind.region)
    district = property(lambda self: self.kind.district)


@dataclass
class _There:
    """An enterprise that stands in the register."""

    id: UUID
    uscc: str | None
    name: str
    key: str
    region: int
    district: int
    size: str
    size_source: str
    over_100m: bool
    industry: str
    category: str
    individual: bool
    staff: int
    address: str
    legal_person: str
    founded: date | None
    provisional: bool

    party = property(lambda self: self.id)
    compartment = ""

    @property
    def facets(self) -> list[str]:
        return facets_of(size=self.size, over_100m=self.over_100m, category=self.category, individual=self.individual)


_THERE: str = (
    "SELECT id, uscc, name, name_key, region, district, size, size_source, over_100m, industry, category, individual, staff,"
    " address, legal_person, founded, provisional FROM registry_enterprise WHERE closed_at IS NULL AND "
)


class _Judge:
    """Asks right and place once per place, reads what is coded once per kind of row, and the rest of each row."""

    def __init__(self, *, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        self._kinds: dict[Any, _Kind] = {}
        self._regions: dict[tuple[int | None, str], int | ActionRefused] = {}
        self._districts: dict[int, int] = {}
        self._hats: dict[int, Hat | ActionRefused] = {}

    def region(self, given: Register) -> int:
        asked = (given.region, given.place)
        if asked not in self._regions:
            try:
                self._regions[asked] = region_of(region=given.region, place=given.place, actor=self.actor)
            except UnknownPlaceGiven as refusal:
                self._regions[asked] = refusal
        return _or_raise(self._regions[asked])

    def district(self, region: int) -> int:
        if region not in self._districts:
            self._districts[region] = jurisdiction.district_of(region)
        return self._districts[region]

    def hat(self, region: int) -> Hat:
        if region not in self._hats:
            try:
                self._hats[region] = require(self.actor, EDIT, at=self.at, on=_Spot(region))
            except NotYours:
                says = _("{name}不在您的范围内，没有登记。", name=jurisdiction.name(region))
                self._hats[region] = NotYours(says, fix=_("请那边的经办人登记。"), right=EDIT)
        return _or_raise(self._hats[region])

    def draft(self, index: int, given: Register) -> _Draft:
        name = clean(given.name)
        if len(name) < 2:
            raise ActionRefused("企业名称至少两个字。", fix="写营业执照上的名称。")
        g = given
        coded = (
            g.region, g.place, g.size, g.size_source, g.revenue_fen, g.over_100m, g.industry, g.category, g.individual,
        )  # fmt: skip
        kind = self._kinds.get(coded)
        if kind is None and g.industry and not _INDUSTRY.fullmatch(g.industry.upper()):
            raise ActionRefused(
                _("行业代码“{industry}”不对，例如 C3311。", industry=g.industry[:10]), fix="照国民经济行业分类填写，或先空着。"
            )
        if g.staff is not None and not 0 <= g.staff < _LAST:
            raise ActionRefused("员工人数不对。", fix="填一个整数。")
        point = coordinates(g.lat, g.lon) if g.lat or g.lon else _NOWHERE
        if kind is None:
            kind = self._kinds[coded] = self._kind(g)
        code = g.uscc if isinstance(g.uscc, Uscc) else check_uscc(g.uscc)
        uscc, why = (None, code.says) if isinstance(code, ValueProblem) else (str(code), "")
        return _Draft(index, g, kind, name, uscc, why, point)

    def _kind(self, given: Register) -> _Kind:
        region = self.region(given)
        size, source = _size(given)
        hat, over_100m, individual = self.hat(region), given.over_100m or False, given.individual or False
        facets = facets_of(size=size, over_100m=over_100m, category=given.category, individual=individual)
        return _Kind(
            region, self.district(region), hat, size, source, over_100m, given.industry.upper(), given.category, individual, tuple(facets)
        )


_NOWHERE = (None, None)


@dataclass(frozen=True)
class _Spot:
    """A row-to-be, for the question whether a hat reaches it."""

    region: int
    party: UUID | None = None
    compartment: str = ""


def _or_raise(found: Any) -> Any:
    if isinstance(found, ActionRefused):
        raise found.with_traceback(None)
    return found


def _size(given: Register) -> tuple[str, str]:
    if given.size:
        return given.size, given.size_source or "statistics"
    if given.revenue_fen is not None:
        return size_from(industry=given.industry.upper(), revenue_fen=given.revenue_fen), "derived"
    return "small", given.size_source or "statistics"


def enter(rows: Sequence[Register], *, actor: Actor, at: datetime, batch: UUID | None = None, strict: bool = False) -> Entered:
    """Register rows inside the open transaction; each row is judged alone, and a refused one leaves no trace.

    A row whose code, or whose name in its town, is registered already brings that enterprise up to date. With `strict`
    (one form, not a list) the first refusal is raised. Refuses per row: no right in that place, unknown place, a code
    that stands with another name, a code twice in one list."""
    judge, refused, drafts = _Judge(actor=actor, at=at), {}, []
    for index, given in enumerate(rows):
        try:
            drafts.append(judge.draft(index, given))
        except ActionRefused as refusal:
            if strict:
                raise
            refused[index] = refusal.says
    _spell(drafts)
    there = _Matches(drafts)
    ids: list[UUID | str | None] = [None] * len(rows)
    fresh: list[_Draft] = []
    kept: list[tuple[_Draft, _There]] = []
    seen: dict[Any, int] = {}
    for draft in drafts:
        match = there.of(draft)
        if match is not None and match.uscc and match.uscc == draft.uscc and match.key != draft.key:
            refused[draft.index] = _("这个信用代码已经登记为“{name}”，名称不一样，没有改动。", name=match.name)
            continue
        identity = draft.uscc or (draft.region, draft.name)
        if identity in seen:
            refused[draft.index] = _("和这份名单的第{value}条是同一家，只登记一次。", value=seen[identity] + 1)
            continue
        seen[identity] = draft.index
        if match is None:
            fresh.append(draft)
        else:
            kept.append((draft, match))
            ids[draft.index] = match.id
    entered = _insert(fresh, there, at=at)
    for draft in entered:
        ids[draft.index] = draft.id
    for draft in fresh if len(entered) < len(fresh) else ():
        if ids[draft.index] is None:
            refused[draft.index] = _("这家企业已经在别处登记过了，没有再登记一次。")
    _add_sites(entered)
    _record(entered, actor=actor, at=at, batch=batch)
    contacts = _add_contacts([*entered, *_without_contact(kept, actor=actor, at=at)], actor=actor, at=at, batch=batch, size=len(rows))
    updated = _bring_up_to_date(kept, actor=actor, at=at, batch=batch)
    return Entered(
        created=len(entered),
        updated=updated,
        unchanged=len(kept) - updated,
        provisional=sum(draft.uscc is None for draft in entered),
        written=tuple(ids),
        contacts=tuple(contacts),
        refused=dict(sorted(refused.items())),
    )


def _spell(drafts: Sequence[_Draft]) -> None:
    spelling = Spelling()
    for draft in drafts:
        draft.key, draft.pinyin = spelling.of(draft.name)


class _Matches:
    """What stands in the register already, within the actor's reach, by code and by name."""

    def __init__(self, drafts: Sequence[_Draft]) -> None:
        coded = [d for d in drafts if d.uscc]
        bare = [d for d in drafts if not d.uscc]
        # Three questions, because each is answered by another index: by code; among those without one; by spelling.
        found = _ask("uscc = ANY(%s::varchar[])", [d.uscc for d in coded]) if coded else []
        if coded:
            regions = list({d.region for d in coded})
            found += _ask("provisional AND region = ANY(%s::int[]) AND name = ANY(%s::varchar[])", regions, [d.name for d in coded])
        if bare:
            # Names that are spelt alike are read alike, and the reading has an index.
            regions = sorted(set[int]().union(*map(_same_district, {d.region for d in bare})))
            read, keys = list({d.pinyin for d in bare}), list({d.key for d in bare})
            found += _ask("region = ANY(%s::int[]) AND pinyin = ANY(%s::varchar[]) AND name_key = ANY(%s::varchar[])", regions, read, keys)
        self.by_code = {t.uscc: t for t in found if t.uscc}
        self.by_name = {(t.region, t.name): t for t in found}
        self.alike: dict[tuple[int, str], _There] = {(t.district, t.key): t for t in found}

    def of(self, draft: _Draft) -> _There | None:
        """Give the same enterprise: by code, else by its whole name in the same town where one of the two has no code."""
        if draft.uscc and draft.uscc in self.by_code:
            return self.by_code[draft.uscc]
        named = self.by_name.get((draft.region, draft.name))
        return named if named and not (named.uscc and draft.uscc) else None

    def resembles(self, draft: _Draft) -> str:
        """Give the name of an enterprise that a provisional row may be another spelling of."""
        found = self.alike.get((draft.district, draft.key))
        return found.name if found else ""


def _same_district(region: int) -> tuple[int, ...]:
    """Give the places that lie in the district of a place."""
    code = jurisdiction.district_of(region)
    return jurisdiction.reach([place for place in jurisdiction.lineage(region) if jurisdiction.district_of(place) == code][-1])


def _ask(condition: str, *params: Sequence[Any]) -> list[_There]:
    with bulk.bound() as cursor:
        cursor.execute(_THERE + condition, [bulk.column_literal(one) for one in params])
        return [_There(*row) for row in cursor.fetchall()]


_COLUMNS = (
    "id", "name", "name_key", "pinyin", "uscc", "uscc_written", "provisional", "why", "size", "size_source",
    "size_reason", "over_100m", "industry", "category", "individual", "staff", "address", "legal_person", "founded",
    "registered_at", "closed_at", "merged_into", "region", "party", "compartment", "district",
)  # fmt: skip


def _insert(drafts: Sequence[_Draft], there: _Matches, *, at: datetime) -> list[_Draft]:
    """Insert the new enterprises; gives those that went in: another clerk may have been faster, also out of sight."""
    if not drafts:
        return []
    ids = uuid7s(len(drafts))
    for d, id in zip(drafts, ids, strict=True):
        d.id = id
        if d.uscc is None and (like := there.resembles(d)):
            d.why = _("{why}可能就是“{like}”。", why=d.why, like=like)
    given = [d.given for d in drafts]
    coded = dict(zip(_Kind._fields, zip(*(d.kind for d in drafts), strict=True), strict=True))
    nothing, blank = bulk.Same(None), bulk.Same("")
    columns: list[Any] = [
        ids, [d.name for d in drafts], [d.key for d in drafts], [d.pinyin for d in drafts], [d.uscc for d in drafts],
        ["" if d.uscc else d.given.uscc[:60] for d in drafts], [d.uscc is None for d in drafts], [d.why[:200] for d in drafts],
        coded["size"], coded["size_source"], blank, coded["over_100m"], coded["industry"], coded["category"], coded["individual"],
        [g.staff or 0 for g in given], [g.address[:200] for g in given], [g.legal_person[:60] for g in given], [g.founded for g in given],
        bulk.Same(at), nothing, nothing, coded["region"], ids, blank, coded["district"],
    ]  # fmt: skip
    typed = _typed(Enterprise, _COLUMNS)
    try:
        # Asking for conflicts costs as much again as the rows; they come about where two clerks were at it at once.
        with transaction.atomic():
            bulk.insert_columns("registry_enterprise", typed, columns)
            return list(drafts)
    except IntegrityError:
        there_now = {id for (id,) in bulk.insert_columns("registry_enterprise", typed, columns, conflict=True, returning="id::text")}
    return [d for d in drafts if d.id in there_now]


def _typed(model: Any, columns: Sequence[str]) -> list[tuple[str, str]]:
    fields = [model._meta.get_field(name) for name in columns]
    return [(field.column, field.db_type(connection)) for field in fields]


def _add_sites(drafts: Sequence[_Draft]) -> None:
    """Give each new enterprise its first site: where it works until somebody says otherwise."""
    enterprises = [d.id for d in drafts]
    columns: list[Any] = [
        uuid7s(len(drafts)), enterprises, bulk.Same("production"), bulk.Same(_("主要场所")), [d.given.address[:200] for d in drafts],
        [d.point[0] for d in drafts], [d.point[1] for d in drafts], bulk.Same(True),
        [d.region for d in drafts], enterprises, bulk.Same(""), [d.district for d in drafts],
    ]  # fmt: skip
    bulk.insert_columns("registry_site", _typed(Site, _SITE_COLUMNS), columns)


_SITE_COLUMNS = ("id", "enterprise", "kind", "name", "address", "lat", "lon", "gcj02", "region", "party", "compartment", "district")


def _record(drafts: Sequence[_Draft], *, actor: Actor, at: datetime, batch: UUID | None) -> None:
    """Write the first entry of each, set-based, since most entries differ in nothing but the id."""
    alike: dict[Any, tuple[_Kind, list[str]]] = {}
    for d in drafts:
        kind = d.kind
        alike.setdefault((kind.region, kind.facets, id(kind.hat), d.uscc is None), (kind, []))[1].append(d.id)
    groups = [
        (kind.hat, {
            "verb": "register", "left": "", "entered": "registered", "first": True, "at": at, "region": kind.region,
            "district": kind.district, "compartment": "", "facets": kind.facets, "data": {"provisional": 1} if provisional else {},
        }, ids)
        for (_region, _facets, _hat, provisional), (kind, ids) in alike.items()
    ]  # fmt: skip
    ledger.write_alike(ENTERPRISE, groups, actor=actor, batch=batch)


# ------------------------------------------------------------------------------------------------ contacts


def _add_contacts(drafts: Sequence[_Draft], *, actor: Actor, at: datetime, batch: UUID | None, size: int) -> list[UUID | None]:
    """Give the new enterprises their contacts: a person (found again by phone), a grant, a post."""
    result: list[UUID | None] = [None] * size
    wanted = []
    for d in drafts:
        phone = check_phone(d.given.phone) if d.given.phone else ""
        phone = "" if isinstance(phone, ValueProblem) else phone
        if d.given.contact or phone:
            wanted.append((d, (d.given.contact or d.given.legal_person or _("联系人"))[:60], phone))
    mobile = {d.id: blind("phone", phone) for d, _, phone in wanted if len(phone) == 11 and phone.startswith("1")}
    found = people.known([(mobile[d.id], name) for d, name, _ in wanted if d.id in mobile])
    persons, grants, posts, lines = [], [], [], []
    made: dict[tuple[str, str], UUID] = {}
    taken: set[str] = set()
    for d, name, phone in wanted:
        district, index = d.district, mobile.get(d.id, "")
        before = found.get(index) if index else None
        person = before.id if before and before.same else made.get((index, name)) if index else None
        if person is None:
            # A number that is somebody else's opens no account for this person.
            own = phone if index and before is None and index not in taken else ""
            taken.add(index)
            values = people.person_values(name=name, phone=own, title=_("企业联系人"), region=d.region, party=d.id, district=district)
            person = values[0]
            persons.append(values)
            made[index, name] = person
        grant = uuid7()
        scope = (d.region, d.id, "", district)
        grants.append((grant, person, CONTACT_ROLE, d.id, "", False, at, actor.id, *scope))
        post = uuid7()
        posts.append((post, d.id, person, grant, name, mask_phone(phone) if phone else "", True, at, *scope))
        lines.append(
            (d.kind.hat, {
                "subject": post, "about": d.id, "verb": "add", "left": "", "entered": "serving", "first": True, "at": at,
                "district": d.district, "region": d.region, "party": d.id, "compartment": "", "facets": (), "data": {},
            })
        )  # fmt: skip
        result[d.index] = person
    people.add(persons)
    bulk.insert(Grant, GRANT_COLUMNS, grants)
    bulk.insert(ContactPost, POST_COLUMNS, posts)
    ledger.write_each(CONTACT, lines, actor=actor, batch=batch)
    return result


def _without_contact(kept: Sequence[tuple[_Draft, _There]], *, actor: Actor, at: datetime) -> list[_Draft]:
    """Give those of the rows that name a contact of an enterprise which has none yet: the list of names came first."""
    told = {there.id: (draft, there) for draft, there in kept if draft.given.contact or draft.given.phone}
    for enterprise in ContactPost.objects.filter(enterprise__in=list(told), until__isnull=True).values_list("enterprise", flat=True):
        told.pop(enterprise, None)
    return [
        replace(
            draft,
            id=str(there.id),
            kind=draft.kind._replace(region=there.region, district=there.district, hat=require(actor, EDIT, at=at, on=there)),
        )
        for draft, there in told.values()
    ]


GRANT_COLUMNS = (
    "id", "person", "role", "for_party", "purpose", "lead", "since", "given_by", "region", "party", "compartment", "district",
)  # fmt: skip
POST_COLUMNS = (
    "id", "enterprise", "person", "grant", "name", "phone_masked", "main", "since", "region", "party", "compartment", "district",
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ already there

_TOLD = ("industry", "category", "staff", "address", "legal_person", "founded", "over_100m", "individual")
_WRITTEN = (*_TOLD, "size", "size_source", "uscc", "provisional", "why", "uscc_written")


def _bring_up_to_date(kept: Sequence[tuple[_Draft, _There]], *, actor: Actor, at: datetime, batch: UUID | None) -> int:
    """Write what a list says anew about enterprises that stand here: only what it does say, never over an override.

    A change of facets leaves with the old ones and arrives with the new, so that a figure moves with the label."""
    rows, lines = [], []
    for draft, there in kept:
        new = _said_anew(draft, there)
        if not new:
            continue
        old_facets = there.facets
        for name, value in new.items():
            setattr(there, name, value) if hasattr(there, name) else None
        rows.append(
            (
                there.id, there.industry, there.category, there.staff, there.address, there.legal_person, there.founded,
                there.over_100m, there.individual, there.size, there.size_source, there.uscc, there.provisional,
                "" if "uscc" in new else draft.why if there.provisional else "",
                "" if not there.provisional else draft.given.uscc[:60],
            )
        )  # fmt: skip
        verb = "settle" if "uscc" in new else "change"
        data = {"changed": ",".join(sorted(new))[:200]}
        # The hat must reach the row as it stands, not only the place that the list names.
        hat = require(actor, EDIT, at=at, on=there)
        lines += [(hat, one) for one in changed_lines(there, old_facets, verb=verb, at=at, data=data)]
    bulk.update(Enterprise, _WRITTEN, rows)
    ledger.write_each(ENTERPRISE, lines, actor=actor, batch=batch)
    return len(rows)


def _said_anew(draft: _Draft, there: _There) -> dict[str, Any]:
    g = draft.given
    new = {name: getattr(g, name) for name in _TOLD if getattr(g, name) not in (None, "")}
    if "industry" in new:
        new["industry"] = new["industry"].upper()
    if (g.size or g.revenue_fen is not None) and there.size_source != "override":
        new |= {"size": draft.kind.size, "size_source": draft.kind.size_source}
    if draft.uscc and there.uscc is None:
        new |= {"uscc": draft.uscc, "provisional": False}
    return {name: value for name, value in new.items() if getattr(there, name) != value}


def changed_lines(
    row: Any, old_facets: Sequence[str], *, verb: str, at: datetime, data: Mapping[str, Any], old_region: int | None = None
) -> list[dict[str, Any]]:
    """Give the entries of a change: one note, or a leaving and an arriving where facets or region are new."""
    if list(old_facets) == list(row.facets) and old_region in (None, row.region):
        return [ledger.line(row, verb=verb, at=at, data=data)]
    return [
        ledger.line(row, verb=verb, at=at, left="registered", facets=old_facets, region=old_region, data=data),
        ledger.line(row, verb=verb, at=at, entered="registered", data=data),
    ]
