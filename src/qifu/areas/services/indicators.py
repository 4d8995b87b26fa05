"""The figures that services offer. Each is a sum over the journal and opens its rows (F73, F75, F76, F89)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.indicators import Indicator, Row, happened, reached, register, standing
from qifu.kernel.language import said

from .models import Appointment, Certificate, Order
from .terms import APPOINTMENT, APPOINTMENT_STATES, ARTICLE, CERTIFICATE, CERTIFICATE_STATES, ORDER, ORDER_STATES

COLUMNS = (said("镇街"), said("现在"), said("编号"))
_PAGES = {Appointment: "appointments", Order: "orders", Certificate: "certificates"}


def _describe(model: Any, states: Mapping[str, str]) -> Any:
    def rows(ids: Sequence[UUID]) -> dict[UUID, Row]:
        found = model._base_manager.filter(pk__in=ids).select_related("enterprise")
        page = _PAGES[model]
        return {
            one.id: Row(
                one.id, 1, one.enterprise.name, f"/desk/services/{page}/{one.id}",
                (jurisdiction.name(one.region), states.get(one.state, ""), one.number),
            )
            for one in found
        }  # fmt: skip

    return rows


def _firms(ids: Sequence[UUID]) -> dict[UUID, Row]:
    return {
        id: Row(id, 1, firm.name, f"/desk/enterprises/{id}", (jurisdiction.name(firm.region), "", ""))
        for id, firm in registry.enterprises(ids).items()
    }


_APPOINTMENTS, _ORDERS = _describe(Appointment, APPOINTMENT_STATES), _describe(Order, ORDER_STATES)
ACCOUNT = {"kind": "account"}


def _accounts(offer: str) -> Any:
    return happened(ORDER, "open", "more", sum="accounts", where={"offer": offer})


def _opened(offer: str) -> Any:
    return reached(ORDER, "opened", where={"offer": offer}, by="party")


register(
    Indicator(
        "F73", "开通数字服务的企业", "家", reached(ORDER, "opened", where=ACCOUNT, by="party"), source="开通记录",
        definition="开通过任一项数字服务的企业，一家开了几项也只算一家；后来停用的仍算。", describe=_firms, columns=COLUMNS,
    ),
    Indicator(
        "F75", "云视讯账号", "个", _accounts("cloud_video"), source="开通和加开记录",
        definition="开通和加开的云视讯账号之和，停用时收回的不减。",
        parts={"ringback": _accounts("ringback")}, describe=_ORDERS, columns=COLUMNS,
    ),
    Indicator(
        "F76", "用返湖通的企业", "家", _opened("return_pass"), source="开通记录和申请记录",
        definition="开通过返湖通的企业；另列开通过员工每日上报服务的、申请过5G热成像测温的。",
        parts={"lantern": _opened("lantern"), "thermal": reached(ORDER, "applied", where={"offer": "thermal"}, by="party")},
        describe=_firms, columns=COLUMNS,
    ),
    Indicator(
        "S01", "测温设备补助", "元", happened(ORDER, "subsidise", sum="yuan"), source="补助决定",
        definition="决定给予的设备补助之和，以元计，分不计。", describe=_ORDERS, columns=COLUMNS,
    ),
    Indicator(
        "F89", "出证挽回的损失", "元", happened(CERTIFICATE, "confirm", sum="yuan"), source="挽回损失的核实记录",
        definition="外单位出具证明后挽回、并经另一位核实的金额之和，以元计，分不计；报了没有核实的不算。",
        describe=_describe(Certificate, CERTIFICATE_STATES), columns=COLUMNS,
    ),
    Indicator(
        "S02", "消防指导上门", "次", happened(APPOINTMENT, "serve", where={"service": "fire"}),
        reached(APPOINTMENT, "booked", where={"service": "fire"}), source="预约结果；分母是约好过的",
        definition="登记了结果的消防安全指导，占约好过的。", describe=_APPOINTMENTS, columns=COLUMNS,
    ),
    Indicator(
        "S03", "预约没约成", "次", happened(APPOINTMENT, "miss"), reached(APPOINTMENT, "booked"), source="预约结果",
        definition="到了没有人，或我们没能去的。", describe=_APPOINTMENTS, columns=COLUMNS,
    ),
    Indicator(
        "S04", "预约等受理", "件", standing(APPOINTMENT, "asked"), source="预约记录",
        definition="企业提出、还没有受理的预约。", describe=_APPOINTMENTS, columns=COLUMNS,
    ),
    Indicator(
        "S05", "照知识库答复", "次", happened(ARTICLE, "answer"), source="答复记录",
        definition="用公开的答复当场答了问题的次数。",
    ),
)  # fmt: skip
