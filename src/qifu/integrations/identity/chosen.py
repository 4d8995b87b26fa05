"""Which services this installation is joined to: chosen once at the start; none means that the door shows no such button."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from .port import LegalPersonLogin, OfficerLogin

OFFICERS, LEGAL_PERSONS = "zzd", "zlb"
"""浙政钉 and 浙里办, as they are called in addresses and rows."""

_chosen: dict[str, OfficerLogin | LegalPersonLogin] = {}


def choose(code: str, service: OfficerLogin | LegalPersonLogin) -> None:
    """Join a service under its code."""
    _chosen[code] = service


def chosen() -> dict[str, OfficerLogin | LegalPersonLogin]:
    """Give the services in use by code, officers first."""
    return {code: _chosen[code] for code in (OFFICERS, LEGAL_PERSONS) if code in _chosen}


@contextmanager
def using(**services: OfficerLogin | LegalPersonLogin) -> Iterator[None]:
    """Use these services and no others for a while (tests)."""
    before = dict(_chosen)
    _chosen.clear()
    _chosen.update(services)
    try:
        yield
    finally:
        _chosen.clear()
        _chosen.update(before)


def named(path: str) -> OfficerLogin | LegalPersonLogin:
    """Make the service of a `package.module:factory` that an operator has named."""
    module, _, factory = path.partition(":")
    made: OfficerLogin | LegalPersonLogin = getattr(import_module(module), factory)()
    return made


__all__ = ["LEGAL_PERSONS", "OFFICERS", "choose", "chosen", "named", "using"]
