"""A broken link, a product and a supplier elsewhere of each land, with words in every field; a supplier is being asked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise
from qifu.areas.supply.models import Call
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import officer

Do = Callable[..., Any]


def fill(do: Do, word: str, place: int, firm: Enterprise, mine: Actor, another: Enterprise, second: Actor) -> dict[str, UUID]:
    """Tell a need and a product of the firm, and let a desk of the town ask a supplier elsewhere."""
    desk = officer("bureau_clerk", place, name=f"{word}专班")
    lack = {"quantity": 10, "unit": "只", "by": "2020-03-01", "waits_for": f"{word}密封厂", "waits_where": f"{word}市"}
    need = do("supply.need.tell", mine, enterprise=firm.id, product=f"{word}密封圈", says=f"{word}耐油", **lack)
    amount = {"capacity": 10, "free": 5, "unit": "只"}
    making = do("supply.making.tell", mine, enterprise=firm.id, product=f"{word}轴承", says=f"{word}钢", **amount)
    given = {"name": f"{word}外地厂", "where": f"{word}市", "product": f"{word}密封圈", "source": f"{word}电话"}
    outside = do("supply.outside.keep", desk, place=place, **given)
    other = do("supply.making.tell", second, enterprise=another.id, product=f"{word}密封圈", says=f"{word}丁腈", **amount)
    do("supply.match.propose", desk, need=need.id, making=other.id)
    with acting(desk):
        inquiry = Call._base_manager.get(making=other.id).id
    match = do("supply.match.propose", desk, need=need.id, supplier=outside.id, words=f"{word}急")
    return {"need": need.id, "making": making.id, "supplier": outside.id, "match": match.id, "inquiry": inquiry}
