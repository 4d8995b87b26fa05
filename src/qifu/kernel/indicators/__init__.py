"""Every figure is a defined indicator: numerator, denominator, scope, moment, and the list behind it."""

from .measures import counted, decided, happened, lacking, reached, standing
from .register import NoSuchFigure, figure, figures, indicators, known_now, matter_providers, matters, register, rows
from .spread import Spread, spread, spreads
from .terms import Figure, Indicator, Known, Matter, Moment, Row, RowSet, Stuck
from .together import values

__all__ = [
    "Figure",
    "Indicator",
    "Known",
    "Matter",
    "Moment",
    "NoSuchFigure",
    "Row",
    "RowSet",
    "Spread",
    "Stuck",
    "counted",
    "decided",
    "figure",
    "figures",
    "happened",
    "indicators",
    "known_now",
    "lacking",
    "matter_providers",
    "matters",
    "reached",
    "register",
    "rows",
    "spread",
    "spreads",
    "standing",
    "values",
]
