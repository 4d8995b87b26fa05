"""Every figure is a defined indicator: numerator, denominator, scope, moment, and the list behind it."""

from .measures import counted, decided, happened, reached, standing
from .register import NoSuchFigure, figure, indicators, register, rows
from .terms import Figure, Indicator, Known, Moment, Row, RowSet

__all__ = [
    "Figure",
    "Indicator",
    "Known",
    "Moment",
    "NoSuchFigure",
    "Row",
    "RowSet",
    "counted",
    "decided",
    "figure",
    "happened",
    "indicators",
    "reached",
    "register",
    "rows",
    "standing",
]
