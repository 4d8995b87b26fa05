"""Runs process tables. The only writer of `state`: right, guard, record, deadline and news cannot be forgotten."""

from .terms import (
    AlreadyDone,
    ChainBreaks,
    Choice,
    Clock,
    InTheFuture,
    KeyTaken,
    Move,
    Moved,
    Opening,
    OutOfOrder,
    SubjectMoved,
    ToldTooLate,
    WrongState,
    WrongTable,
)

__all__ = [
    "AlreadyDone",
    "ChainBreaks",
    "Choice",
    "Clock",
    "InTheFuture",
    "KeyTaken",
    "Move",
    "Moved",
    "Opening",
    "OutOfOrder",
    "SubjectMoved",
    "ToldTooLate",
    "WrongState",
    "WrongTable",
]
