"""Every write of response: declare, set the level, depart from a measure within its limits, draw and lift areas, end."""

from . import areas, incidents, measures

__all__ = ["areas", "incidents", "measures"]
