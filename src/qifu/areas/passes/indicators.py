"""The figure that passes offer."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from qifu.kernel import jurisdiction
from qifu.kernel.indicators import Indicator, Row, happened, register

from .models import Pass
from .terms import PROCESS


def describe(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Say which passes a figure counts: number, masked name and enterprise, no more."""
    found = Pass.objects.filter(pk__in=ids)
    return {row.id: Row(row.id, 1, f"{row.said_number} {row.name_masked}", "", _cells(row)) for row in found}


def _cells(row: Pass) -> tuple[str, ...]:
    return (jurisdiction.name(row.region), row.firm_name, _state(row))


def _state(row: Pass) -> str:
    return _("已停用") if row.revoked else _("已签发")


register(
    Indicator(
        "R30", "签发员工通行证", "张", happened(PROCESS, "issue"),
        source="发证记录", definition="签发过的员工通行证张数，换发、续发的各算一张。", describe=describe,
        columns=("镇街", "企业", "现在"),
    )
)  # fmt: skip
