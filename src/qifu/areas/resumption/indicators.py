"""The figures that resumption offers. Each is a sum over the journal and opens its rows (FEATURES 11.1)."""

from qifu.kernel.indicators import Indicator, happened, lacking, reached, register, standing
from qifu.kernel.language import said

from .pressing import FIRM_COLUMNS, approved_not_started, by_town, describe_firms, waiting
from .queries import describe

PROCESS = "resumption.application"
COLUMNS = (said("镇街"), said("现在"), said("编号"))
ABOVE = {"size": "above"}
_REGISTERED = standing("registry.enterprise", "registered", where=ABOVE)
_NOT_YET = lacking(_REGISTERED, reached(PROCESS, "submitted", where=ABOVE, by="party"))

register(
    Indicator(
        "F23", "规上企业复工申请受理", "家", reached(PROCESS, "accepted", where=ABOVE),
        standing("registry.enterprise", "registered", where=ABOVE),
        source="受理记录；分母是登记在册的规上企业",
        definition="曾经受理过的规上企业申请，受理后撤回的仍算；更正掉的不算。", describe=describe, columns=COLUMNS,
        stuck=by_town(_NOT_YET.rows, "还没申请"),
    ),
    Indicator(
        "F24", "亿元以上企业评估通过", "家", reached(PROCESS, "passed", where={"over_100m": True}),
        reached(PROCESS, "passed", "rectifying", where={"over_100m": True}),
        source="评估记录；分母是评估过的亿元以上企业",
        definition="评估结论为通过的亿元以上企业，占评估过的比例。", describe=describe, columns=COLUMNS,
        stuck=waiting("assess", facet="over_100m"),
    ),
    Indicator(
        "F25", "保障类企业提前复工", "家", reached(PROCESS, "resumed", where={"essential": True, "early": True}),
        source="开工记录",
        definition="经评估后提前开工的保障类企业。", describe=describe, columns=COLUMNS,
    ),
    Indicator("R10", "已复工企业", "家", standing(PROCESS, "resumed"),
        source="开工记录",
        definition="现在处于已复工的企业。", describe=describe, columns=COLUMNS),
    Indicator(
        "R11", "规上企业复工", "家", standing(PROCESS, "resumed", where=ABOVE), standing("registry.enterprise", "registered", where=ABOVE),
        source="开工记录；分母是登记在册的规上企业",
        definition="现在处于已复工的规上企业。", describe=describe, columns=COLUMNS,
        stuck=approved_not_started,
    ),
    Indicator("R12", "提交申请", "件", happened(PROCESS, "submit"),
        source="申请记录",
        definition="企业提交过的申请件数。", describe=describe, columns=COLUMNS),
    Indicator("R13", "批准复工", "家", reached(PROCESS, "approved"),
        source="决定记录",
        definition="曾经批准过的企业。", describe=describe, columns=COLUMNS),
    Indicator(
        "R21", "重大项目复工", "个", standing(PROCESS, "resumed", where={"project": True}),
        standing("registry.enterprise", "registered", where={"project": True}),
        source="开工记录；分母是登记在册的重大项目",
        definition="现在处于已复工的重大项目，和企业分开数。", describe=describe, columns=COLUMNS,
    ),
    Indicator("R14", "整改中", "家", standing(PROCESS, "rectifying"),
        source="评估记录",
        definition="现在处于整改中的企业。", describe=describe, columns=COLUMNS),
    Indicator(
        "R15", "还没申请的规上企业", "家", _NOT_YET, _REGISTERED,
        source="企业名录和申请记录",
        definition="登记在册的规上企业中，还没有提交过申请的。", describe=describe_firms, columns=FIRM_COLUMNS,
        stuck=by_town(_NOT_YET.rows, "还没申请"),
    ),
    Indicator("R16", "获准没开工的规上企业", "家", standing(PROCESS, "approved", where=ABOVE), reached(PROCESS, "approved", where=ABOVE),
        source="决定记录和开工记录",
        definition="已经批准、还没有报告开工的规上企业；分母是批准过的。", describe=describe, columns=COLUMNS,
        stuck=approved_not_started),
    Indicator("R17", "批准复工的规上企业", "家", reached(PROCESS, "approved", where=ABOVE), reached(PROCESS, "accepted", where=ABOVE),
        source="决定记录；分母是受理过的",
        definition="批准过的规上企业，占受理过的比例。", describe=describe, columns=COLUMNS,
        stuck=waiting("decide")),
    Indicator("R18", "评估通过的规上企业", "家", reached(PROCESS, "passed", where=ABOVE), reached(PROCESS, "accepted", where=ABOVE),
        source="评估记录；分母是受理过的",
        definition="评估通过的规上企业，占受理过的比例。", describe=describe, columns=COLUMNS,
        stuck=waiting("assess")),
    Indicator("R19", "亿元以上企业受理", "家", reached(PROCESS, "accepted", where={"over_100m": True}),
        standing("registry.enterprise", "registered", where={"over_100m": True}),
        source="受理记录；分母是登记在册的亿元以上企业",
        definition="曾经受理过的亿元以上企业。", describe=describe, columns=COLUMNS,
        stuck=waiting("accept", facet="over_100m")),
)  # fmt: skip
