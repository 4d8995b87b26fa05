"""Every address is in the matrix; with POST nobody writes elsewhere, and other methods open nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern

from qifu.kernel.web import Permission

from .lands import PLACES, Land
from .matrix import (
    ARGUMENTS,
    PUBLIC_KINDS,
    Visitor,
    World,
    addresses,
    amiss,
    arguments,
    cell,
    finish,
    may_open,
    names_things,
    sample,
    snapshot,
    targets,
    world,
)

__all__ = ["world"]

ENDS_THE_SESSION = {"leave", "me/sessions/end", "demo/enter", "login", "login/code", "login/password", "login/again", "login/passkey"}


def test_every_route_is_in_the_matrix(world: World) -> None:
    """Tests that each route says who may open it, and that each argument of an address has a sample."""
    missing = [route for route, _ in world.routes if arguments(route) is None]
    assert missing == [], "add the kinds of these arguments to ARGUMENTS"
    assert all(isinstance(getattr(pattern.callback, "permission", None), Permission) for _, pattern in world.routes)
    assert len(world.routes) >= 60
    begun = [begin for begin in ARGUMENTS if not any(route.startswith(begin) for route, _ in world.routes)]
    assert begun == [], "these addresses are gone"


# ---------------------------------------------------------------- writing


def body(land: Land | None) -> dict[str, Any]:
    """Give a form that names a land's things in every field that any form has, and says why."""
    ids = {kind: str(id) for kind, id in land.ids.items()} if land else {}
    unknown = str(uuid4())
    thing = lambda kind: ids.get(kind, unknown)  # noqa: E731
    place = str(land.place) if land else "1"
    same = {
        "application": "id application subject", "enterprise": "enterprise into firm", "task_force": "team task_force",
        "person": "member person", "import": "source", "grant": "grant",
        "incident": "incident", "post": "post", "site": "site", "worker": "worker", "row": "row", "key_list": "key_list",
    }  # fmt: skip
    lists = {"ids": "application", "applications": "application", "pick": "application", "enterprises": "enterprise"}
    words = {
        "role": "town_clerk", "reason": "试试", "missing": "试试", "ground": "items", "basis": "试试", "purpose": "试试", "name": "试试厂",
        "phone": "16430009999", "conclusion": "pass", "fact": "left", "on": "2020-02-10", "document": "试试", "conditions": "",
        "verb": "accept", "do": "set", "1.name": "试试厂", "place": place, "region": place, "key": str(uuid4()),
    }  # fmt: skip
    return (
        {name: thing(kind) for kind, names in same.items() for name in names.split()}
        | {name: [thing(kind)] for name, kind in lists.items()}
        | words
        | {"places": [place]}
    )


@pytest.mark.slow
def test_nobody_writes_in_another_land(world: World, module_database: Any) -> None:
    """Tests every address with POST, naming things of elsewhere in address and form: refused, silent, and nothing there has changed."""
    of_all = ({"own"}, {"own", "neighbour"}, set(), set(PLACES) - {"foreign"})
    groups = [[who for who in world.visitors if who.owns == owns] for owns in of_all]
    assert sum(map(len, groups)) == len(world.visitors)
    for group in groups:
        before = {name: snapshot(module_database, land) for name, land in world.lands.items()}
        for route, pattern in world.routes:
            if route not in ENDS_THE_SESSION:
                everybody = pattern.callback.permission.kind in ("public", "door")
                for who in group[:1] if everybody else group:
                    post(world, who, route, pattern)
        for name, land in world.lands.items():
            if all(name not in who.owns for who in group):
                after = snapshot(module_database, land)
                changed = [table for table, was in before[name].items() if after[table] != was]
                assert changed == [], f"{[who.name for who in group]} changed {changed} of {name}"
    finish(world)


def post(world: World, who: Visitor, route: str, pattern: URLPattern) -> None:
    """POST to a route in every land that is not one's own, every verb next door and in another district.

    Where the right lacks, GET has shown that nobody comes in: the door does not ask for the method."""
    things = names_things(route)
    if not may_open(who, pattern.callback.permission):
        return
    for land in targets(who, world, route, pattern) if things else [None, world.lands["foreign"]]:
        if land is not None and land.name in who.owns:
            continue
        every = land is not None and land.name in ("sibling", "foreign")
        for _, address in sample(who, pattern, addresses(route, land), every=every):
            response = cell(world, who, "POST", address, data=body(land))
            strict = bool(things) and not things & PUBLIC_KINDS
            if response is not None and (problem := amiss(who, pattern, response, foreign=strict, method="POST")):
                world.wrong.append(f"{who.name} POST {address} ({land.name if land else 'unknown'}): {problem}")


def test_other_methods_open_nothing(world: World) -> None:
    """Tests PUT, PATCH, DELETE, HEAD and OPTIONS at things of elsewhere, as roles that may much and as nobody."""
    for who in world.visitors:
        if who.name not in ("bureau_clerk@neighbour+own+sibling+zone", "enterprise_contact@own", "anonymous@nowhere"):
            continue
        for route, pattern in world.routes:
            _, address = next(addresses(route, world.lands["foreign"]))
            for method in ("PUT", "PATCH", "DELETE"):
                response = cell(world, who, method, address)
                if response is not None and response.status_code != 405:
                    world.wrong.append(f"{who.name} {method} {address}: {response.status_code}")
            things = names_things(route)
            for method in ("HEAD", "OPTIONS"):
                response = cell(world, who, method, address)
                strict = bool(things) and not things & PUBLIC_KINDS
                if response is not None and (problem := amiss(who, pattern, response, foreign=strict)) and response.status_code != 405:
                    world.wrong.append(f"{who.name} {method} {address}: {problem}")
    finish(world)
