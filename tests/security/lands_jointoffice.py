"""An order of each land's firm from the district's menu, with a group on its way and words in every field."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access import Actor
from qifu.kernel.access.tests.factories import officer

Do = Callable[..., Any]


def menu(do: Do, bureau: Actor, district: int) -> UUID:
    """Put a service on the district's menu: it is for everybody and bears no canary."""
    given = {"place": district, "name": "用工对接", "says": "帮着找人", "office": f"place:{district}", "days": 3}
    item: UUID = do("jointoffice.item.offer", bureau, **given).id
    return item


def order(do: Do, word: str, place: int, firm: Enterprise, mine: Actor, item: UUID) -> dict[str, UUID]:
    """Order as the firm and set a group of the town."""
    leader = officer("town_leader", place, name=f"{word}书记")
    made = do("jointoffice.session.order", mine, enterprise=firm.id, items=[str(item)], wants=f"{word}缺人", spot=f"{word}工地")
    given = {"day": "2020-02-20", "hour": "14:00", "offices": [f"place:{place}"], "leaders": f"用工线 {word}线长"}
    do("jointoffice.session.set_group", leader, sitting=made.id, **given)
    return {"sitting": made.id}
