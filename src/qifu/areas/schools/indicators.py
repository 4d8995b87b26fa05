"""The figure that this area offers: schools open, of all that are registered."""

from qifu.kernel.indicators import Indicator, register, standing

from .queries import describe
from .terms import PROCESS, STATES

register(
    Indicator(
        "R20", "学校已开学", "所", standing(PROCESS, "open"), standing(PROCESS, *STATES),
        source="学校开学记录；分母是登记在册的学校", definition="现在处于已开学的学校；停课、整校隔离的不算。",
        describe=describe, columns=("镇街", "类别", "现在"),
    ),
)  # fmt: skip
