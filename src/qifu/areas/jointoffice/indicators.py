"""The figures of joint office: sums over the journal that open their rows."""

from collections.abc import Sequence
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.indicators import Indicator, Row, happened, reached, register
from qifu.kernel.language import said

from .models import Session
from .terms import SESSION, STATES

COLUMNS = (said("镇街"), said("现在"), said("编号"))


def _describe(ids: Sequence[UUID]) -> dict[UUID, Row]:
    return {
        one.id: Row(one.id, 1, one.enterprise.name, f"/desk/joint/{one.id}", (jurisdiction.name(one.region), STATES[one.state], one.number))
        for one in Session._base_manager.filter(pk__in=ids).select_related("enterprise")
    }


register(
    Indicator(
        "J01", "组团会办", "场", happened(SESSION, "hold"), reached(SESSION, "ordered"), source="会办登记；分母是企业点过的单",
        definition="登记了会办的点单，占企业点过的；改过几次时间也只算一场。", describe=_describe, columns=COLUMNS,
    ),
    Indicator(
        "J02", "会办承诺事项", "件", happened(SESSION, "give_out", sum="tasks"), source="交办记录",
        definition="会办当场承诺、交办成诉求的事；当场答复了的不算。", describe=_describe, columns=COLUMNS,
    ),
    Indicator(
        "J03", "点单销号", "单", reached(SESSION, "closed_out"), reached(SESSION, "ordered"), source="销号记录；分母是企业点过的单",
        definition="承诺的事全部销号、企业确认以后销号的点单，占企业点过的。", describe=_describe, columns=COLUMNS,
    ),
)  # fmt: skip
