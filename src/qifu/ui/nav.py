"""Doors in the frame: an area offers its pages here by name when it starts; the frame shows those that a person may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils.functional import Promise

from qifu.kernel.access import Actor
from qifu.kernel.language import said
from qifu.kernel.web import address, opens


@dataclass(frozen=True)
class Door:
    """A page in the frame: `name` of its URL, its word (lazy), the right that opens it ('' for everybody signed in).

    `face` is desk (top bar) or phone (bottom bar); `icon` is used on the phone; `prefix` marks addresses inside it.
    """

    name: str
    word: str | Promise
    right: str = ""
    face: str = "desk"
    icon: str = "doc"
    order: int = 100

    def __post_init__(self) -> None:
        if isinstance(self.word, str):
            object.__setattr__(self, "word", said(self.word))


@dataclass(frozen=True)
class Shown:
    """A door as one page shows it."""

    word: str | Promise
    href: str
    icon: str
    here: bool
    count: int | None = None


_DOORS: dict[tuple[str, str], Door] = {}


def offer(*doors: Door) -> None:
    """Offer doors; the same face and name twice replaces (an area's tests may reload it)."""
    for door in doors:
        _DOORS[door.face, door.name] = door


def leads(name: str, actor: Actor) -> bool:
    """Say whether this actor may open the page of a name."""
    try:
        return opens(address(name), actor)
    except NoReverseMatch:
        return False


def shown(*, face: str, actor: Actor, path: str) -> list[Shown]:
    """List the doors of a face that this actor may open, in order: by the door's right, and by what its page asks for. A
    door without a URL yet is left out."""
    doors = sorted((d for d in _DOORS.values() if d.face == face), key=lambda d: (d.order, d.name))
    found: list[tuple[Door, str]] = []
    for door in doors:
        if door.right and not actor.may(door.right):
            continue
        try:
            href = address(door.name)
        except NoReverseMatch:
            continue
        if opens(href, actor):
            found.append((door, href))
    inside = [href for _, href in found if path == href or (href != "/" and path.startswith(href))]
    here = max(inside, key=len, default="")
    return [Shown(door.word, href, door.icon, href == here) for door, href in found]
