"""What every process promises, said by hand beside its area: a module for each, found by its name."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ..promising import Promise, Row

PROMISES: dict[str, Promise] = {}
ROWS: dict[Any, Row] = {}
for one in iter_modules(__path__):
    module = import_module(f"{__name__}.{one.name}")
    PROMISES |= module.PROMISES
    ROWS |= module.ROWS
