"""How enterprises come into the register, one or a hundred thousand: judged, matched, inserted and recorded set-based.

A wrong or blank credit code never stops a row (FEATURES 1.1): it enters as provisional and waits in 待核."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
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


_DEFAULTS = {one.name: one.default for one in fields(Register)}
_BOUNDS = {"name": 120, "address": 200, "legal_person": 60, "contact": 60}
"""What the register holds of a text. Said here and not with the input: one row that is too long must not stop its list."""
_LABELS = {one.name: str(one.metadata["label"]) for one in fields(Register)}


class _Told:
    """What a list tells, column by column: of 100,000 rows an object each costs as much as to judge them. A column that is
    missing, and None in one, mean: not told."""

    def __init__(self, columns: Mapping[str, Sequence[Any]], size: int) -> None:
        self.size = size
        self.columns = {name: _filled(columns.get(name), default, size) for name, default in _DEFAULTS.items()}

    def __getitem__(self, name: str) -> Sequence[Any]:
        return self.columns[name]

    def of(self, name: str, drafts: Sequence["_Draft"]) -> Sequence[Any]:
        """Give one column of these rows, in their order."""
        column = self.columns[name]
        return column if len(drafts) == self.size else [column[draft.index] for draft in drafts]

    def too_long(self) -> dict[int, str]:
        """Say of each row that has a longer text than the register holds which it is; a list is looked through once a column."""
        found: dict[int, str] = {}
        for name, most in _BOUNDS.items():
            column = self.columns[name]
            if max(map(len, column), default=0) > most:
                for index, value in enumerate(column):
                    if (length := len(value)) > most:
                        found.setdefault(index, _("“{label}”最多{most}个字，现在{n}个。", label=_LABELS[name], most=most, n=length))
        return found

    def row(self, index: int) -> dict[str, Any]:
        return {name: column[index] for name, column in self.columns.items()}


def _filled(column: Sequence[Any] | None, default: Any, size: int) -> Sequence[Any]:
    if column is None:
        return [default] * size
    return column if default is None or None not in column else [default if value is None else value for value in column]


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


class _Coded(NamedTuple):
    """What a row tells in codes: most rows of a list tell what others told before."""

    region: int | None
    place: str
    size: str
    size_source: str
    revenue_fen: int | None
    over_100m: bool | None
    industry: str
    category: str
    individual: bool | None


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


class _Draft(NamedTuple):
    """A row under way to the table; `index` is its place in the list."""

    index: int
    kind: _Kind
    name: str
    key: str
    pinyin: str
    uscc: str | None
    why: str
    point: tuple[float | None, float | None]

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
# Each code is looked up by itself (OFFSET keeps the planner from joining): for an array of thousands it reads the whole table, in
# which each row of this very list has to be asked whether it can be seen.
_BY_CODE = f"SELECT e.* FROM unnest(%s::varchar[]) AS c (code) CROSS JOIN LATERAL ({_THERE} uscc = c.code OFFSET 0) AS e"


class _Judge:
    """Asks right and place once per place, reads what is coded once per kind of row, and the rest of each row."""

    def __init__(self, *, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        self._kinds: dict[tuple[Any, ...], _Kind] = {}
        self._regions: dict[tuple[int | None, str], int | ActionRefused] = {}
        self._districts: dict[int, int] = {}
        self._hats: dict[int, Hat | ActionRefused] = {}

    def region(self, coded: _Coded) -> int:
        asked = (coded.region, coded.place)
        if asked not in self._regions:
            try:
                self._regions[asked] = region_of(region=coded.region, place=coded.place, actor=self.actor)
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

    def drafts(self, told: _Told, *, strict: bool) -> tuple[list[_Draft], dict[int, str]]:
        """Give the rows that may go on, and of the others by their place in the list what is the matter; with `strict` raise it."""
        found: list[_Draft] = []
        refused: dict[int, str] = {}
        spelling, kinds, long = Spelling(), self._kinds, told.too_long()
        coded = zip(*(told[name] for name in _Coded._fields), strict=True)
        rows = zip(map(clean, told["name"]), coded, told["staff"], told["lat"], told["lon"], told["uscc"], strict=True)
        for index, (name, codes, staff, lat, lon, code) in enumerate(rows):
            try:
                if index in long:
                    raise ActionRefused(long[index], fix="删短一点再登记。")
                if len(name) < 2:
                    raise ActionRefused("企业名称至少两个字。", fix="写营业执照上的名称。")
                kind = kinds.get(codes)
                if kind is None and (industry := _Coded(*codes).industry) and not _INDUSTRY.fullmatch(industry.upper()):
                    raise ActionRefused(
                        _("行业代码“{industry}”不对，例如 C3311。", industry=industry[:10]), fix="照国民经济行业分类填写，或先空着。"
                    )
                if staff is not None and not 0 <= staff < _LAST:
                    raise ActionRefused("员工人数不对。", fix="填一个整数。")
                point = coordinates(lat, lon) if lat or lon else _NOWHERE
                if kind is None:
                    kind = kinds[codes] = self._kind(_Coded(*codes))
            except ActionRefused as refusal:
                if strict:
                    raise
                refused[index] = refusal.says
                continue
            right = code if isinstance(code, Uscc) else check_uscc(code)
            uscc, why = (None, right.says) if isinstance(right, ValueProblem) else (str(right), "")
            key, pinyin = spelling.of(name)
            found.append(_Draft(index, kind, name, key, pinyin, uscc, why, point))
        return found, refused

    def _kind(self, coded: _Coded) -> _Kind:
        region = self.region(coded)
        size, source = _size(coded)
        hat, over_100m, individual = self.hat(region), coded.over_100m or False, coded.individual or False
        facets = facets_of(size=size, over_100m=over_100m, category=coded.category, individual=individual)
        return _Kind(
            region, self.district(region), hat, size, source, over_100m, coded.industry.upper(), coded.category, individual, tuple(facets)
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


def _size(coded: _Coded) -> tuple[str, str]:
    if coded.size:
        return coded.size, coded.size_source or "statistics"
    if coded.revenue_fen is not None:
        return size_from(industry=coded.industry.upper(), revenue_fen=coded.revenue_fen), "derived"
    return "small", coded.size_source or "statistics"


def enter(rows: Sequence[Register], *, actor: Actor, at: datetime, batch: UUID | None = None, strict: bool = False) -> Entered:
    """Register rows inside the open transaction, as `enter_columns` does. With `strict` (one form, not a list) the first
    refusal is raised."""
    columns = {name: [getattr(row, name) for row in rows] for name in _DEFAULTS}
    return enter_columns(columns, len(rows), actor=actor, at=at, batch=batch, strict=strict)


def enter_columns(
    columns: Mapping[str, Sequence[Any]], size: int, *, actor: Actor, at: datetime, batch: UUID | None = None, strict: bool = False
) -> Entered:
    """Register rows told as columns of `Register` inside the open transaction; each is judged alone, and a refused one
    leaves no trace.

    A row whose code, or whose name in its town, is registered already brings that enterprise up to date. Refuses per row: no
    right in that place, unknown place, a code that stands with another name, a code twice in one list."""
    told = _Told(columns, size)
    drafts, refused = _Judge(actor=actor, at=at).drafts(told, strict=strict)
    there = _Matches(drafts)
    ids: list[UUID | str | None] = [None] * size
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
    entered, made = _insert(fresh, told, there, at=at)
    for draft, id in zip(entered, made, strict=True):
        ids[draft.index] = id
    for draft in fresh if len(entered) < len(fresh) else ():
        if ids[draft.index] is None:
            refused[draft.index] = _("这家企业已经在别处登记过了，没有再登记一次。")
    _add_sites(entered, made, told)
    _record(entered, made, actor=actor, at=at, batch=batch)
    without = _without_contact(kept, told, actor=actor, at=at)
    contacts = _add_contacts([*zip(entered, made, strict=True), *without], told, actor=actor, at=at, batch=batch)
    updated = _bring_up_to_date(kept, told, actor=actor, at=at, batch=batch)
    return Entered(
        created=len(entered),
        updated=updated,
        unchanged=len(kept) - updated,
        provisional=sum(draft.uscc is None for draft in entered),
        written=tuple(ids),
        contacts=tuple(contacts),
        refused=dict(sorted(refused.items())),
    )


class _Matches:
    """What stands in the register already, within the actor's reach, by code and by name."""

    def __init__(self, drafts: Sequence[_Draft]) -> None:
        coded = [d for d in drafts if d.uscc]
        bare = [d for d in drafts if not d.uscc]
        # Three questions, because each is answered by another index: by code; among those without one; by spelling.
        found = _ask(_BY_CODE, sorted(d.uscc for d in coded if d.uscc)) if coded else []
        if coded:
            regions = list({d.region for d in coded})
            found += _ask(
                _THERE + "provisional AND region = ANY(%s::int[]) AND name = ANY(%s::varchar[])", regions, [d.name for d in coded]
            )
        if bare:
            # Names that are spelt alike are read alike, and the reading has an index.
            regions = sorted(set[int]().union(*map(_same_district, {d.region for d in bare})))
            read, keys = list({d.pinyin for d in bare}), list({d.key for d in bare})
            found += _ask(
                _THERE + "region = ANY(%s::int[]) AND pinyin = ANY(%s::varchar[]) AND name_key = ANY(%s::varchar[])", regions, read, keys
            )
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


def _ask(sql: str, *params: Sequence[Any]) -> list[_There]:
    with bulk.bound() as cursor:
        cursor.execute(sql, [bulk.column_literal(one) for one in params])
        return [_There(*row) for row in cursor.fetchall()]


_COLUMNS = (
    "id", "name", "name_key", "pinyin", "uscc", "uscc_written", "provisional", "why", "size", "size_source",
    "size_reason", "over_100m", "industry", "category", "individual", "staff", "address", "legal_person", "founded",
    "registered_at", "closed_at", "merged_into", "region", "party", "compartment", "district",
)  # fmt: skip


def _insert(drafts: list[_Draft], told: _Told, there: _Matches, *, at: datetime) -> tuple[list[_Draft], list[str]]:
    """Insert the new enterprises; gives those that went in, and their ids: another clerk may have been faster, also out of
    sight."""
    if not drafts:
        return [], []
    ids = uuid7s(len(drafts))
    of = dict(zip(_Draft._fields, zip(*drafts, strict=True), strict=True))
    coded = dict(zip(_Kind._fields, zip(*of["kind"], strict=True), strict=True))
    codes, whys, written = of["uscc"], list(of["why"]), told.of("uscc", drafts)
    for place, draft in enumerate(drafts) if None in codes else ():
        if draft.uscc is None and (like := there.resembles(draft)):
            whys[place] = _("{why}可能就是“{like}”。", why=draft.why, like=like)
    nothing, blank = bulk.Same(None), bulk.Same("")
    columns: list[Any] = [
        ids, of["name"], of["key"], of["pinyin"], codes,
        ["" if code else said[:60] for code, said in zip(codes, written, strict=True)], [code is None for code in codes],
        [why[:200] for why in whys],
        coded["size"], coded["size_source"], blank, coded["over_100m"], coded["industry"], coded["category"], coded["individual"],
        [staff or 0 for staff in told.of("staff", drafts)], list(told.of("address", drafts)),
        list(told.of("legal_person", drafts)), told.of("founded", drafts),
        bulk.Same(at), nothing, nothing, coded["region"], ids, blank, coded["district"],
    ]  # fmt: skip
    typed = _typed(Enterprise, _COLUMNS)
    try:
        # Asking for conflicts costs as much again as the rows; they come about where two clerks were at it at once.
        with transaction.atomic():
            bulk.insert_columns("registry_enterprise", typed, columns)
            return drafts, ids
    except IntegrityError:
        there_now = {id for (id,) in bulk.insert_columns("registry_enterprise", typed, columns, conflict=True, returning="id::text")}
    went_in = [(draft, id) for draft, id in zip(drafts, ids, strict=True) if id in there_now]
    return [draft for draft, _id in went_in], [id for _draft, id in went_in]


def _typed(model: Any, columns: Sequence[str]) -> list[tuple[str, str]]:
    fields = [model._meta.get_field(name) for name in columns]
    return [(field.column, field.db_type(connection)) for field in fields]


def _add_sites(drafts: Sequence[_Draft], enterprises: Sequence[str], told: _Told) -> None:
    """Give each new enterprise its first site: where it works until somebody says otherwise."""
    columns: list[Any] = [
        uuid7s(len(drafts)), enterprises, bulk.Same("production"), bulk.Same(_("主要场所")),
        list(told.of("address", drafts)), [d.point[0] for d in drafts], [d.point[1] for d in drafts],
        bulk.Same(True), [d.kind.region for d in drafts], enterprises, bulk.Same(""), [d.kind.district for d in drafts],
    ]  # fmt: skip
    bulk.insert_columns("registry_site", _typed(Site, _SITE_COLUMNS), columns)


_SITE_COLUMNS = ("id", "enterprise", "kind", "name", "address", "lat", "lon", "gcj02", "region", "party", "compartment", "district")


def _record(drafts: Sequence[_Draft], enterprises: Sequence[str], *, actor: Actor, at: datetime, batch: UUID | None) -> None:
    """Write the first entry of each, set-based, since most entries differ in nothing but the id."""
    alike: dict[Any, tuple[_Kind, list[str]]] = {}
    for d, enterprise in zip(drafts, enterprises, strict=True):
        kind = d.kind
        alike.setdefault((kind.region, kind.facets, id(kind.hat), d.uscc is None), (kind, []))[1].append(enterprise)
    groups = [
        (kind.hat, {
            "verb": "register", "left": "", "entered": "registered", "first": True, "at": at, "region": kind.region,
            "district": kind.district, "compartment": "", "facets": kind.facets, "data": {"provisional": 1} if provisional else {},
        }, ids)
        for (_region, _facets, _hat, provisional), (kind, ids) in alike.items()
    ]  # fmt: skip
    ledger.write_alike(ENTERPRISE, groups, actor=actor, batch=batch)


# ------------------------------------------------------------------------------------------------ contacts


def _add_contacts(
    drafts: Sequence[tuple[_Draft, str]], told: _Told, *, actor: Actor, at: datetime, batch: UUID | None
) -> list[UUID | None]:
    """Give the enterprises of these rows, named by their ids, their contacts: a person (found again by phone), a grant, a post."""
    result: list[UUID | None] = [None] * told.size
    contacts, numbers, legal_persons = told["contact"], told["phone"], told["legal_person"]
    wanted = []
    for d, enterprise in drafts if any(contacts) or any(numbers) else ():
        contact, number = contacts[d.index], numbers[d.index]
        phone = check_phone(number) if number else ""
        phone = "" if isinstance(phone, ValueProblem) else phone
        if contact or phone:
            wanted.append((d, enterprise, contact or legal_persons[d.index] or _("联系人"), phone))
    mobile = {id: blind("phone", phone) for _draft, id, _name, phone in wanted if len(phone) == 11 and phone.startswith("1")}
    found = people.known([(mobile[id], name) for _draft, id, name, _phone in wanted if id in mobile])
    persons, grants, posts, lines = [], [], [], []
    made: dict[tuple[str, str], UUID] = {}
    taken: set[str] = set()
    for d, enterprise, name, phone in wanted:
        district, index = d.district, mobile.get(enterprise, "")
        before = found.get(index) if index else None
        person = before.id if before and before.same else made.get((index, name)) if index else None
        if person is None:
            # A number that is somebody else's opens no account for this person.
            own = phone if index and before is None and index not in taken else ""
            taken.add(index)
            values = people.person_values(name=name, phone=own, title=_("企业联系人"), region=d.region, party=enterprise, district=district)
            person = values[0]
            persons.append(values)
            made[index, name] = person
        grant = uuid7()
        scope = (d.region, enterprise, "", district)
        grants.append((grant, person, CONTACT_ROLE, enterprise, "", False, at, actor.id, *scope))
        post = uuid7()
        posts.append((post, enterprise, person, grant, name, mask_phone(phone) if phone else "", True, at, *scope))
        lines.append(
            (d.kind.hat, {
                "subject": post, "about": enterprise, "verb": "add", "left": "", "entered": "serving", "first": True, "at": at,
                "district": d.district, "region": d.region, "party": enterprise, "compartment": "", "facets": (), "data": {},
            })
        )  # fmt: skip
        result[d.index] = person
    people.add(persons)
    bulk.insert(Grant, GRANT_COLUMNS, grants)
    bulk.insert(ContactPost, POST_COLUMNS, posts)
    ledger.write_each(CONTACT, lines, actor=actor, batch=batch)
    return result


def _without_contact(kept: Sequence[tuple[_Draft, _There]], told: _Told, *, actor: Actor, at: datetime) -> list[tuple[_Draft, str]]:
    """Give those of the rows that name a contact of an enterprise which has none yet, with its id: the list of names came
    first."""
    named = {there.id: (draft, there) for draft, there in kept if told["contact"][draft.index] or told["phone"][draft.index]}
    for enterprise in ContactPost.objects.filter(enterprise__in=list(named), until__isnull=True).values_list("enterprise", flat=True):
        named.pop(enterprise, None)
    return [
        (
            draft._replace(
                kind=draft.kind._replace(region=there.region, district=there.district, hat=require(actor, EDIT, at=at, on=there))
            ),
            str(there.id),
        )
        for draft, there in named.values()
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


def _bring_up_to_date(kept: Sequence[tuple[_Draft, _There]], told: _Told, *, actor: Actor, at: datetime, batch: UUID | None) -> int:
    """Write what a list says anew about enterprises that stand here: only what it does say, never over an override.

    A change of facets leaves with the old ones and arrives with the new, so that a figure moves with the label."""
    rows, lines = [], []
    for draft, there in kept:
        new = _said_anew(draft, there, told.row(draft.index))
        if not new:
            continue
        old_facets, old = there.facets, ledger.was(there, new)
        for name, value in new.items():
            setattr(there, name, value) if hasattr(there, name) else None
        rows.append(
            (
                there.id, there.industry, there.category, there.staff, there.address, there.legal_person, there.founded,
                there.over_100m, there.individual, there.size, there.size_source, there.uscc, there.provisional,
                "" if "uscc" in new else draft.why if there.provisional else "",
                "" if not there.provisional else told["uscc"][draft.index][:60],
            )
        )  # fmt: skip
        verb = "settle" if "uscc" in new else "change"
        data = {"changed": ",".join(sorted(new))[:200], **old}
        # The hat must reach the row as it stands, not only the place that the list names.
        hat = require(actor, EDIT, at=at, on=there)
        lines += [(hat, one) for one in changed_lines(there, old_facets, verb=verb, at=at, data=data)]
    bulk.update(Enterprise, _WRITTEN, rows)
    ledger.write_each(ENTERPRISE, lines, actor=actor, batch=batch)
    return len(rows)


def _said_anew(draft: _Draft, there: _There, given: Mapping[str, Any]) -> dict[str, Any]:
    new = {name: given[name] for name in _TOLD if given[name] not in (None, "")}
    if "industry" in new:
        new["industry"] = new["industry"].upper()
    if (given["size"] or given["revenue_fen"] is not None) and there.size_source != "override":
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
