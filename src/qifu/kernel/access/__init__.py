"""Who acts, and how far they reach: accounts, hats, the scope of a transaction, dual control.

`acting(actor)` opens every transaction; `require` gives the hat that holds a right over an object."""

from .errors import ActionRefused, NotAllowedNow, NotFound, NotYours, SameDepartment, SamePerson, SecondFactorNeeded
from .scope import DOOR, AlreadyActing, acting, actor_now, enter, once, require, require_strong, second_person, wrote
from .terms import Actor, Hat, Scope, person_of

__all__ = [
    "DOOR",
    "ActionRefused",
    "Actor",
    "AlreadyActing",
    "Hat",
    "NotAllowedNow",
    "NotFound",
    "NotYours",
    "SameDepartment",
    "SamePerson",
    "Scope",
    "SecondFactorNeeded",
    "acting",
    "actor_now",
    "enter",
    "once",
    "person_of",
    "require",
    "require_strong",
    "second_person",
    "wrote",
]
