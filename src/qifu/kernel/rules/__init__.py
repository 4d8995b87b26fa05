"""Rules as data: a small typed language, its fact dictionary, and the dated documents that hold rules.

What an office decides by is written in documents with dates and an origin; every answer can be said in Chinese and in
English with what is missing; what may not decide (origin, illness) cannot be written. Pure Python: no clock, no tables.
"""

from .documents import Decision, Document, Layer, Origin, in_force
from .errors import (
    AddedLayer,
    FloatRefused,
    ForbiddenFact,
    Gap,
    NotInForce,
    NotUnderstood,
    Overflow,
    Overlap,
    RuleRefused,
    TooLong,
    UnknownFact,
    Unused,
    WrongDeclaration,
    WrongExample,
    WrongType,
    WrongValue,
)
from .facts import Fact, Facts
from .kinds import BOOL, DATE, FEN, INSTANT, INT, RATE, TEXT, Type, enum, many
from .language import ConditionAnswer, Rule, Verdict, parse
from .loading import load_document
from .reading import read_yaml
from .typed import Parameter

__all__ = [
    "BOOL",
    "DATE",
    "FEN",
    "INSTANT",
    "INT",
    "RATE",
    "TEXT",
    "AddedLayer",
    "ConditionAnswer",
    "Decision",
    "Document",
    "Fact",
    "Facts",
    "FloatRefused",
    "ForbiddenFact",
    "Gap",
    "Layer",
    "NotInForce",
    "NotUnderstood",
    "Origin",
    "Overflow",
    "Overlap",
    "Parameter",
    "Rule",
    "RuleRefused",
    "TooLong",
    "Type",
    "UnknownFact",
    "Unused",
    "Verdict",
    "WrongDeclaration",
    "WrongExample",
    "WrongType",
    "WrongValue",
    "enum",
    "in_force",
    "load_document",
    "many",
    "parse",
    "read_yaml",
]
