"""The way of a request: who it is, what the URL asks for, and the one transaction in which its page is made."""

from .addresses import address, address_of
from .doorkeeper import ANONYMOUS, COOKIE, Doorkeeper, Permission, at_door, needs, opens, public, refused, routes, signed_in, wording

__all__ = [
    "ANONYMOUS",
    "COOKIE",
    "Doorkeeper",
    "Permission",
    "address",
    "address_of",
    "at_door",
    "needs",
    "opens",
    "public",
    "refused",
    "routes",
    "signed_in",
    "wording",
]
