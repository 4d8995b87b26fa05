"""The figures of the supply desk: broken links, those mended, and the people who could work again."""

from collections.abc import Sequence
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.indicators import Indicator, Row, happened, reached, register, standing
from qifu.kernel.language import said

from .models import Match, Need
from .terms import MATCH, MATCH_STATES, NEED, NEED_STATES

COLUMNS = (said("镇街"), said("现在"), said("编号"))


def _needs(ids: Sequence[UUID]) -> dict[UUID, Row]:
    return {
        one.id: Row(
            one.id, 1, said("{firm}缺{product}", firm=one.enterprise.name, product=one.product), f"/desk/supply/needs/{one.id}",
            (jurisdiction.name(one.region), NEED_STATES[one.state], one.number),
        )
        for one in Need._base_manager.filter(pk__in=ids).select_related("enterprise")
    }  # fmt: skip


def _matches(ids: Sequence[UUID]) -> dict[UUID, Row]:
    return {
        one.id: Row(
            one.id, 1, one.need.enterprise.name, f"/desk/supply/matches/{one.id}",
            (jurisdiction.name(one.region), MATCH_STATES[one.state], one.need.number),
        )
        for one in Match._base_manager.filter(pk__in=ids).select_related("need__enterprise")
    }  # fmt: skip


register(
    Indicator(
        "G01", "没接上的断点", "处", standing(NEED, "open", "matched", "passed_on"), source="供需登记",
        definition="企业报了缺、还没有接上也没有撤回的。", parts={"passed_on": standing(NEED, "passed_on")}, describe=_needs,
        columns=COLUMNS,
    ),
    Indicator(
        "G02", "接上的断点", "处", reached(NEED, "met"), reached(NEED, "open"), source="交货和外地找到的登记；分母是报过的",
        definition="货到了、或外地找到了供方的断点，占报过的。", describe=_needs, columns=COLUMNS,
    ),
    Indicator(
        "G03", "断点接上带动的人", "人", happened(NEED, "meet", "found", sum="workers"), source="报缺时写的停工人数",
        definition="接上的断点报缺时写的停着的人数之和。", describe=_needs, columns=COLUMNS,
    ),
    Indicator(
        "G04", "谈成的供需", "对", reached(MATCH, "agreed"), reached(MATCH, "asked"), source="牵线记录；分母是问过的",
        definition="供需两边都点头的，占问过的。", describe=_matches, columns=COLUMNS,
    ),
)  # fmt: skip
