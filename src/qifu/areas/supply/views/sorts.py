"""Needs, products, matches, calls and outside suppliers as pages draw them: facts, questions of each act, addresses."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qifu.kernel import jurisdiction
from qifu.kernel.access import actor_now
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import in_yuan
from qifu.ui import acts
from qifu.ui.acts import Asks, Sort, reason
from qifu.ui.parts import Fact, Field
from qifu.ui.words import day_of

from .. import terms
from ..models import Making, Match, Need, Outside
from ..queries import spare_of
from ..terms import PER, SEE
from ..workflow import CALLS, MAKINGS, MATCHES, NEEDS, OUTSIDES


def _href(path: str) -> tuple[Any, Any]:
    def desk(one: Any) -> str:
        return reverse(f"supply:desk_{path}", args=[one.id])

    def own(one: Any) -> str:
        return reverse("supply:home") if path == "outside" else reverse(f"supply:own_{path}", args=[one.id])

    return desk, own


def _area(name: str, label: str, hint: str = "", *, needed: bool = True) -> Field:
    return Field(name, label, "area", hint=hint, max_length=300, required=needed)


# ------------------------------------------------------------------------------------------------ needs


def need_fields(at: datetime) -> list[Field]:
    """Give what the report of a broken link asks."""
    return [
        Field("product", said("缺什么"), hint=said("写行里的叫法，比如“丁腈密封圈”"), max_length=60),
        Field("says", said("规格、材质"), hint=said("型号、图号、认证要求"), required=False, max_length=300),
        Field("quantity", said("要多少"), "number"),
        Field("unit", said("单位"), hint=said("只、吨、米、套"), max_length=12),
        Field("by", said("最晚哪天要"), "date"),
        Field("since", said("从哪天断的"), "date", value=local(at).date().isoformat(), required=False),
        Field("waits_for", said("原来等谁"), hint=said("原来的供货商"), required=False, max_length=80),
        Field("waits_where", said("那家在哪里"), hint=said("省市就行"), required=False, max_length=40),
        Field("workers", said("多少人停着"), "number", value=0, unit=said("人"), required=False),
        Field("orders", said("多少订单等着"), hint=said("写 300万 或 280000"), required=False, max_length=20),
    ]


def waits_of(one: Need) -> str:
    """Say for whom it waits: 苏州XX密封件厂（江苏苏州）."""
    if not one.waits_for:
        return one.waits_where
    return f"{one.waits_for}（{one.waits_where}）" if one.waits_where else one.waits_for


def _need_facts(one: Need, at: datetime) -> list[Fact]:
    days = (local(at).date() - one.since).days
    found = [
        Fact(said("要多少"), f"{one.quantity}{one.unit}"), Fact(said("最晚哪天要"), day_of(one.by)),
        Fact(said("从哪天断的"), said("{day}，{n}天了", day=day_of(one.since), n=days)),
    ]  # fmt: skip
    if one.says:
        found.append(Fact(said("规格、材质"), one.says))
    if waits := waits_of(one):
        found.append(Fact(said("原来等谁"), waits))
    if one.workers:
        found.append(Fact(said("多少人停着"), said("{n}人", n=one.workers)))
    if one.orders_fen:
        found.append(Fact(said("多少订单等着"), in_yuan(one.orders_fen)))
    found.append(Fact(said("谁报的"), one.teller))
    if one.case:
        actor = actor_now()
        href = reverse("casework:subject", args=[one.case]) if actor is not None and actor.may("case.see") else ""
        found.append(Fact(said("诉求"), one.case_number, href=href))
    if one.words:
        found.append(Fact(said("说明"), one.words))
    return found


desk, own = _href("needs")
NEED = Sort(
    NEEDS, "need", terms.TONES,
    title=lambda one: said("缺{product}", product=one.product),
    line=lambda one: f"{one.enterprise.name} · {one.number} · {jurisdiction.name(one.region)}",
    facts=_need_facts, desk=desk, own=own,
    asks={
        "pass_on": Asks(lambda one, at: [_area("words", said("为什么本地接不上"))], said("请外地帮找")),
        "found": Asks(lambda one, at: [_area("words", said("找到了哪一家"), said("名称、在哪里、谁找到的"))], said("外地找到了")),
        "bring_back": reason(said("接着在本地找")),
        "drop": reason(said("不要了")),
    },
    main=("found",),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ products


def making_fields(one: Making | None) -> list[Field]:
    """Give what is asked of a product that is made."""
    named = [] if one else [Field("product", said("做什么"), hint=said("写行里的叫法，比如“丁腈密封圈”"), max_length=60)]
    unit = [] if one else [Field("unit", said("单位"), hint=said("只、吨、米、套"), max_length=12)]
    return [
        *named,
        Field("says", said("规格、材质"), value=one.says if one else "", required=False, max_length=200),
        Field("capacity", said("产能"), "number", value=one.capacity if one else "", unit=one.unit if one else ""),
        *unit,
        Field("per", said("每多久"), "choice", value=one.per if one else "day", options=acts.options(PER)),
        Field("free", said("能给别家多少"), "number", value=one.free if one else "", hint=said("自己用掉的不算")),
        Field(
            "shown", said("公开给别的企业看"), "tick", value=one.shown if one else False, required=False,
            hint=said("公开的是产品和能给多少，谁要了什么不公开"),
        ),
    ]  # fmt: skip


desk, own = _href("makings")
MAKING = Sort(
    MAKINGS, "making", terms.TONES,
    title=lambda one: one.product,
    line=lambda one: f"{one.enterprise.name} · {jurisdiction.name(one.region)}",
    facts=lambda one, at: [
        Fact(said("产能"), f"{PER[one.per]}{one.capacity}{one.unit}"), Fact(said("能给别家多少"), spare_of(one)),
        *([Fact(said("规格、材质"), one.says)] if one.says else []),
        Fact(said("谁看得到"), said("所有企业") if one.shown else said("只有本企业和对接专班")), Fact(said("谁报的"), one.teller),
    ],
    desk=desk, own=own,
    asks={
        "change": Asks(lambda one, at: making_fields(one), said("改好了")),
        "end": Asks(primary=said("不做了"), danger=True),
        "again": Asks(primary=said("又做了")),
    },
    main=("change",),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ matches and calls


def _match_facts(one: Match, at: datetime) -> list[Fact]:
    actor = actor_now()
    office = actor is not None and actor.may(SEE)
    # Until both have said yes the enterprise reads the terms and not the name: nobody goes round the desk.
    known = office or one.state in ("agreed", "delivered", "failed")
    found = [
        Fact(said("供方"), one.supplier if known else said("谈成以后看得到")),
        Fact(said("问多少"), f"{one.quantity}{one.unit}"), Fact(said("最晚哪天要"), day_of(one.by)),
    ]  # fmt: skip
    # A town reads what its enterprise was offered; the district keeps who is known elsewhere.
    outside = Outside.objects.filter(pk=one.outside_id).first() if one.outside_id and office else None
    if outside is not None:
        found.append(Fact(said("哪里知道的"), said("{source}，{day}核过", source=outside.source, day=day_of(outside.found_on))))
        found.append(Fact(said("电话"), outside.phone or said("没有记")))
    if one.answer:
        found.append(Fact(said("供方怎么说"), one.answer))
    if one.words:
        found.append(Fact(said("说明"), one.words))
    return found


desk, own = _href("matches")
MATCH = Sort(
    MATCHES, "match", terms.TONES,
    title=lambda one: said("{product}对接", product=one.need.product),
    line=lambda one: f"{one.need.enterprise.name} · {one.need.number}",
    facts=_match_facts, desk=desk, own=own,
    asks={
        "note_yes": Asks(lambda one, at: [_area("answer", said("供方怎么说"), said("价钱、哪天能发、从哪里发"))], said("供方答应")),
        "note_no": Asks(lambda one, at: [_area("answer", said("供方怎么说"))], said("供方做不了"), danger=True),
        "agree": Asks(primary=said("要这一家")),
        "refuse": reason(said("不要这一家")),
        "deliver": Asks(primary=said("货到了")),
        "fail": reason(said("没成")),
    },
    main=("note_yes", "agree", "deliver"),
)  # fmt: skip

desk, own = _href("calls")
CALL = Sort(
    CALLS, "inquiry", terms.TONES,
    title=lambda one: said("有人要{product}", product=one.product),
    line=lambda one: one.enterprise.name,
    facts=lambda one, at: [
        Fact(said("要多少"), f"{one.quantity}{one.unit}"), Fact(said("最晚哪天要"), day_of(one.by)),
        Fact(said("要货的在"), one.town), Fact(said("谁要的"), one.buyer or said("谈成以后看得到")),
        *([Fact(said("怎么供"), one.answer)] if one.answer else []),
    ],
    desk=desk, own=own,
    asks={
        "accept": Asks(lambda one, at: [_area("answer", said("怎么供"), said("价钱、哪天能发、一次能发多少"))], said("能供")),
        "decline": Asks(lambda one, at: [_area("answer", said("为什么供不了"))], said("供不了"), danger=True),
    },
    main=("accept",),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ found elsewhere


def outside_fields(one: Outside | None, at: datetime) -> list[Field]:
    """Give what is kept of a supplier elsewhere."""
    named = [
        Field("name", said("供方名称"), max_length=120), Field("where", said("在哪里"), hint=said("省市"), max_length=40),
        Field("product", said("产品"), max_length=60), Field("says", said("规格、材质"), required=False, max_length=200),
    ]  # fmt: skip
    return [
        *([] if one else named),
        Field("phone", said("电话"), value=one.phone if one else "", required=False, max_length=40),
        Field("source", said("从哪里知道的"), value=one.source if one else "", hint=said("哪个单位、哪份名录、哪个网站"), max_length=120),
        *([] if one else [Field("found_on", said("哪天核的"), "date", value=local(at).date().isoformat(), required=False)]),
    ]


desk, own = _href("outside")
OUTSIDE = Sort(
    OUTSIDES, "supplier", terms.TONES,
    title=lambda one: one.name,
    line=lambda one: one.where,
    facts=lambda one, at: [
        Fact(said("产品"), one.product), *([Fact(said("规格、材质"), one.says)] if one.says else []),
        Fact(said("电话"), one.phone or said("没有记")),
        Fact(said("从哪里知道的"), one.source), Fact(said("哪天核的"), day_of(one.found_on)), Fact(said("谁记的"), one.keeper),
        *([Fact(said("说明"), one.words)] if one.words else []),
    ],
    desk=desk, own=own,
    asks={"check": Asks(outside_fields, said("今天核过")), "drop": reason(said("联系不上了")), "again": Asks(primary=said("又联系上了"))},
    main=("check",),
)  # fmt: skip

SORTS = {"needs": NEED, "makings": MAKING, "matches": MATCH, "calls": CALL, "outside": OUTSIDE}
