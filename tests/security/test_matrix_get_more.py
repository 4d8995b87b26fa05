"""Every address with GET as every role in every land: nothing of elsewhere in the bytes, headers or addresses of a reply.

The other half of the addresses: test_matrix_get."""

import pytest

from .matrix import World, finish, read, world

__all__ = ["world"]


@pytest.mark.slow
def test_no_other_page_shows_another_land(world: World) -> None:
    """Tests every second address from the second on: no canary of elsewhere, no fault, and elsewhere answers as nowhere."""
    read(world, world.routes[1::2])
    finish(world)
    assert world.seen["own"] > 1000, "canaries are seen where they belong"
