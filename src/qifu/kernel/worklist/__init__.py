"""A list of what must be done by when, over any process table: views as slices of states, bounded counts, one page of ids.

The area says which states a view holds, whose a slice is and what a search means; how it is read at a million rows is
said here once."""

from .reading import Worklist, wide
from .terms import COUNTED_TO, PAGE, PAGES, Only, Slice, Table, View, Want, within_states

__all__ = ["COUNTED_TO", "PAGE", "PAGES", "Only", "Slice", "Table", "View", "Want", "Worklist", "wide", "within_states"]
