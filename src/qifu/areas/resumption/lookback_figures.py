"""Figures of look-backs and plans: looked at of those drawn, what was found, what is past its day; each opens its rows."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access.models import everything
from qifu.kernel.indicators import Indicator, Row, reached, register, standing

from .lookbacks import LOOKBACKS, WHY
from .models import Inspection
from .pressing import FIRM_COLUMNS, describe_firms

_LOOKED = ("fine", "mending", "escalated")


def describe(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Give the rows behind a figure: enterprise, town, why it was drawn, how it stands; only those within scope."""
    found = everything(Inspection).filter(pk__in=list(ids)).select_related("enterprise")
    return {
        one.id: Row(
            one.id, 1, one.enterprise.name, f"/desk/lookbacks/{one.id}",
            (jurisdiction.name(one.region), WHY.get(one.why, one.why), str(LOOKBACKS.states[one.state])),
        )
        for one in found
    }  # fmt: skip


COLUMNS = ("镇街", "为什么抽到", "现在")

register(
    Indicator(
        "R50", "回头看已看", "家", reached(LOOKBACKS.name, *_LOOKED, by="party"), reached(LOOKBACKS.name, "drawn", by="party"),
        source="回头看记录；分母是抽到过的企业",
        definition="抽到的企业里，至少看过一次的；一家看几次只算一家。", describe=describe_firms, columns=FIRM_COLUMNS,
    ),
    Indicator(
        "R51", "回头看有问题", "次", reached(LOOKBACKS.name, "mending", "escalated"), reached(LOOKBACKS.name, "drawn"),
        source="回头看记录；分母是抽到的次数",
        definition="看过后要求整改或转拟暂停的，一次回头看只算一次。", describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "R52", "回头看待看", "家", standing(LOOKBACKS.name, "drawn", "again"),
        source="回头看记录",
        definition="抽到还没有看的，和整改后等着再看的。", describe=describe, columns=COLUMNS,
    ),
)  # fmt: skip
