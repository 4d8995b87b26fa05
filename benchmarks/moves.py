"""A state move against the honest minimum in plain Django, and 10,000 moves in bulk.

Minimum: set scope, select for update, save, insert one row, commit. Ours: scope, lock, right, guard, state, journal,
two clocks, key."""

from uuid import uuid4

from .measure import cost, interleaved, median, ratio, scratch
from .table import Line

EACH = 200
BLOCKS = 12
BULK = 10_000
TIMES, WITHIN = 2.0, 1.0


def main() -> list[Line]:
    """Measure single moves in turns, then move all at once."""
    with scratch("bench_moves"):
        from django.db import transaction

        from qifu.kernel import jurisdiction
        from qifu.kernel.access import DOOR, acting
        from qifu.kernel.access.hats import machine
        from qifu.kernel.access.scope import enter
        from qifu.kernel.access.tests.factories import officer
        from qifu.kernel.calendar import clock
        from qifu.kernel.journal import reading
        from qifu.kernel.journal.models import Attempt
        from qifu.kernel.workflow.tests.toy.models import Loan
        from qifu.kernel.workflow.tests.toy.process import LOAN, draft

        place = jurisdiction.by_name("莼湖街道").id
        clerk = officer("town_clerk", place)
        with acting(DOOR):
            system = machine("system")
        with acting(system):
            reading.make_months([clock.today()])
        now = clock.now()

        def loans(number: int) -> list[Loan]:
            with acting(clerk):
                return list(LOAN.open_many([draft(place) for _ in range(number)], actor=clerk, at=now))

        def minimum(batch: list[Loan]) -> None:
            for loan in batch:
                with transaction.atomic():
                    enter(clerk)
                    fresh = Loan._base_manager.select_for_update().get(pk=loan.pk)
                    fresh.state, fresh.state_at = "lent", clock.now()
                    fresh.save()
                    Attempt._base_manager.create(
                        at=clock.now(), action="lend", code="done", says="", forbidden=False, subject=fresh.id, actor=clerk.id,
                        actor_name=clerk.name, role="town_clerk", region=place, district=fresh.district,
                    )  # fmt: skip

        def ours(batch: list[Loan], keyed: bool) -> None:
            for loan in batch:
                with acting(clerk), LOAN.move("lend", loan.pk, actor=clerk, at=clock.now(), key=uuid4() if keyed else None):
                    pass

        supply = {name: [loans(EACH) for _ in range(BLOCKS + 1)] for name in ("minimum", "plain", "keyed")}
        minimum(supply["minimum"].pop())
        ours(supply["plain"].pop(), False)
        ours(supply["keyed"].pop(), True)
        costs = interleaved(
            BLOCKS,
            minimum=lambda: minimum(supply["minimum"].pop()),
            move=lambda: ours(supply["plain"].pop(), False),
            keyed=lambda: ours(supply["keyed"].pop(), True),
        )
        many = [loan.id for loan in loans(BULK)]

        def bulk() -> None:
            with acting(clerk):
                moved = LOAN.move_many("lend", many, actor=clerk, at=clock.now())
            assert len(moved.moved) == BULK, len(moved.refused)

        spent = cost(bulk)
        plain, keyed = ratio(costs, "move", "minimum"), ratio(costs, "keyed", "minimum")
        each = {name: median(found) / EACH * 1000 for name, found in costs.items()}
        walls = {name: median(found, "wall") / EACH * 1000 for name, found in costs.items()}
        return [
            Line(
                "state move, without key / honest minimum (CPU)",
                f"{plain:.2f}x ({each['move']:.2f} / {each['minimum']:.2f} ms; wall {walls['move']:.2f} / {walls['minimum']:.2f} ms)",
                f"≤ {TIMES:.0f}x",
                plain <= TIMES,
            ),
            Line(
                "state move with key / honest minimum (CPU)",
                f"{keyed:.2f}x ({each['keyed']:.2f} ms; wall {walls['keyed']:.2f} ms)",
                f"≤ {TIMES:.0f}x",
                keyed <= TIMES,
            ),
            Line(
                f"{BULK:,} moves in bulk, a Python guard on each row",
                f"{spent.cpu:.2f} s CPU (Python {spent.python:.2f}, PostgreSQL {spent.backend:.2f}), {spent.wall:.2f} s wall",
                f"≤ {WITHIN:.0f} s",
                spent.wall <= WITHIN,
            ),
        ]


if __name__ == "__main__":
    for row in main():
        print(row)
