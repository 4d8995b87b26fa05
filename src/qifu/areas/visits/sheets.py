"""Who answers for which enterprise, as offices keep it in a table: one row is one officer at one enterprise. It is seen row by
row before it takes place: who is not known and what stands twice stays out, and nobody hands over without a word of yes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Firms, Meant
from qifu.kernel.access import Actor
from qifu.kernel.access.hats import reach_of
from qifu.kernel.access.models import Person
from qifu.kernel.intake import Committed, Context, Field, Target, parsers, register
from qifu.kernel.intake.target import DOUBTFUL, WRONG, Batch, Problem, Review
from qifu.kernel.language import said
from qifu.kernel.privacy.sealing import blind

from . import queries
from .actions.territories import Given, Pair, give
from .terms import PARTS
from .workflow import KEEP

LABELS = {"enterprise": "企业名称", "officer": "干部", "part": "作为"}


class Wish(NamedTuple):
    """What a row wants: this officer at this enterprise in this part."""

    firm: Meant
    officer: queries.Officer
    part: str


class Amiss(NamedTuple):
    """Why a row is not clear, beside which field."""

    field: str
    says: str


class Book:
    """The officers in reach by name, read once; of namesakes only those of the enterprise's place count, then the number."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.at = at
        self.named: dict[str, list[queries.Officer]] = {}
        for one in queries.officers(actor, at):
            self.named.setdefault(one.name, []).append(one)
        everybody = [one.id for found in self.named.values() for one in found]
        numbers = Person.objects.filter(pk__in=everybody).exclude(phone_index="").values_list("pk", "phone_index")
        self.numbers: dict[UUID, str] = dict(numbers)
        self.reach: dict[int, Any] = {}

    def read(self, batch: Batch) -> list[Wish | Amiss]:
        """Say of each row what it wants, or why that is not clear."""
        columns = batch.columns
        codes, names = (["" if one is None else str(one) for one in columns[key]] for key in ("enterprise_code", "enterprise"))
        firms = Firms(zip(codes, names, strict=True))
        found: list[Wish | Amiss] = []
        for code, name, who, phone, part in zip(codes, names, columns["officer"], columns["phone"], columns["part"], strict=True):
            firm = firms.of(code, name)
            if isinstance(firm, str):
                found.append(Amiss("enterprise", firm))
                continue
            officer = self._officer(str(who), phone[0] if phone else "", firm)
            found.append(officer if isinstance(officer, Amiss) else Wish(firm, officer, part or "lead"))
        return found

    def _officer(self, name: str, phone: str, firm: Meant) -> queries.Officer | Amiss:
        able = [one for one in self.named.get(name, []) if self._reaches(one.place, firm.region)]
        if phone and len(able) > 1:
            index = blind("phone", phone)
            able = [one for one in able if self.numbers.get(one.id) == index]
        if not able:
            return Amiss("officer", said("没有叫{who}、管{firm}这里的联企干部", who=name, firm=firm.name))
        if len(able) > 1:
            return Amiss("officer", said("有{n}位{who}，写上手机号码", n=len(able), who=name))
        return able[0]

    def _reaches(self, place: int, region: int) -> bool:
        if place not in self.reach:
            self.reach[place] = reach_of(place, self.at)
        scope = self.reach[place]
        return bool(scope.everywhere or region in scope.regions)


def reviewing(context: Context) -> Review:
    """Say before the commit which rows are not clear, which say two things of one enterprise, and who would hand over."""
    book = Book(context.actor, context.at)
    leads: dict[UUID, int] = {}

    def review(batch: Batch, context: Context) -> Iterable[tuple[int, Problem]]:
        read = book.read(batch)
        now = queries.leads_of([wish.firm.id for wish in read if isinstance(wish, Wish) and wish.part == "lead"])
        for index, (wish, number) in enumerate(zip(read, batch.rows, strict=True)):
            if isinstance(wish, Amiss):
                yield index, _problem(wish.field, batch, index, wish.says, WRONG, enters=False)
            elif wish.part == "lead":
                first = leads.setdefault(wish.firm.id, number)
                before = now.get(wish.firm.id)
                if first != number:
                    says = said("第{n}行已经写了这家的包联责任人，一家只有一位", n=first)
                    yield index, _problem("officer", batch, index, says, WRONG, enters=False)
                elif before is not None and before.person_id != wish.officer.id:
                    says = said("现在由{who}包，入库后换人", who=before.officer_name)
                    yield index, _problem("officer", batch, index, says, DOUBTFUL, enters=False)

    return review


def _problem(field: str, batch: Batch, index: int, says: str, verdict: int, *, enters: bool) -> Problem:
    was = batch.columns[field][index]
    return Problem(field, said(LABELS[field]), str(was or "")[:60], says, verdict, enters)


def commit(rows: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
    """Let every clear row take place at once; what is no longer clear since it was seen is turned back with its reason."""
    book, refused = Book(actor, at), dict[tuple[str, int], str]()
    wishes: list[Wish] = []
    for batch in rows.batches():
        for wish, number in zip(book.read(batch), batch.rows, strict=True):
            if isinstance(wish, Wish):
                wishes.append(wish)
            else:
                refused[batch.sheet, number] = wish.says
    done = _given(wishes, actor=actor, at=at, batch=source.id)
    says = said("{n}家换了人，原来的人和时间都留着。", n=done.handed) if done.handed else ""
    return Committed(created=done.new - done.handed, updated=done.handed, unchanged=done.same, refused=refused, says=says)


def _given(wishes: Sequence[Wish], *, actor: Actor, at: datetime, batch: UUID) -> Given:
    firms = registry.enterprises(list({wish.firm.id for wish in wishes}))
    done = Given()
    for part in PARTS:
        pairs = [Pair(firms[one.firm.id], one.officer.id, one.officer.name) for one in wishes if one.part == part]
        if pairs:
            more = give(pairs, part=part, actor=actor, at=at, batch=batch)
            done = Given(done.new + more.new, done.handed + more.handed, done.same + more.same)
    return done


TERRITORIES = register(
    Target(
        name="visits.territories", label="包联名单", unit="条", right=KEEP, commit=commit, title="enterprise", required=("officer",),
        keys=(("enterprise_code", "officer", "part"), ("enterprise", "officer", "part")), reviewing=reviewing, desk=True,
        fields=(
            Field("enterprise", "企业名称", parsers.text(most=120), ("单位名称", "公司名称", "企业", "包联企业", "联系企业")),
            Field("enterprise_code", "企业信用代码", parsers.text(most=40), ("统一社会信用代码", "信用代码", "企业代码")),
            Field(
                "officer", "干部", parsers.text(most=60),
                ("联企干部", "包联干部", "包联责任人", "责任人", "联系人", "姓名", "干部姓名", "助企专员", "联企服务员"), private=True,
            ),
            Field(
                "phone", "手机号码", parsers.phones(stops=False), ("手机", "联系电话", "电话", "联系方式"),
                looks=parsers.looks_like_phone, private=True,
            ),
            Field(
                "part", "作为",
                parsers.choice({"lead": ("包联责任人", "责任人", "牵头", "主责"), "help": ("协助", "配合"), "resident": ("驻企", "驻点")}),
                ("角色", "分工", "包联身份"),
            ),
        ),
    )
)  # fmt: skip
