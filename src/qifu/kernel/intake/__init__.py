"""Lists as offices have them come in, and go out again: read, laid out, matched, judged row by row, kept, committed.

Knows no word of any area. An area declares a `Target` (columns, synonyms, parsers, key, the one set-based action)
and registers it; pages and commands speak to `process` and to the actions `intake.*`."""

from .refusals import Unreadable
from .target import Combined, Committed, Context, Doubt, Entry, Field, Note, Target, Wrong, register, target_named, targets

__all__ = [
    "Combined",
    "Committed",
    "Context",
    "Doubt",
    "Entry",
    "Field",
    "Note",
    "Target",
    "Unreadable",
    "Wrong",
    "register",
    "target_named",
    "targets",
]
