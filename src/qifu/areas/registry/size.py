"""Size class from industry and revenue where the statistics office's list says nothing (DOMAIN E-13). Pure."""

from typing import Final

_WAN: Final = 1_000_000
"""Ten thousand yuan in fen."""

# 规上工业: 年主营业务收入2000万元以上。
_INDUSTRY: Final = frozenset("BCD")
# 限上: 批发2000万元, 零售500万元, 住宿餐饮200万元以上。
_TRADE: Final = {"F51": 2000, "F52": 500, "H": 200}
# 规上服务业: 500万元至2000万元以上, 按门类。
_SERVICES: Final = {"G": 2000, "I": 2000, "N": 2000, "Q": 2000, "L": 1000, "M": 1000, "P": 1000, "O": 500, "R": 500}


def size_from(*, industry: str, revenue_fen: int) -> str:
    """Give above, limit_above or small for a GB/T 4754 code and a year's main revenue in fen.

    Construction and real estate count by qualification, which is not known here: small until the list says more."""
    section = industry[:1]
    if section in _INDUSTRY:
        return "above" if revenue_fen >= 2000 * _WAN else "small"
    limit = _TRADE.get(industry[:3]) or _TRADE.get(section)
    if limit is not None:
        return "limit_above" if revenue_fen >= limit * _WAN else "small"
    limit = _SERVICES.get(section)
    return "above" if limit is not None and revenue_fen >= limit * _WAN else "small"
