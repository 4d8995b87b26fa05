"""Nothing overdue is silent (催办): reminders before a clock runs out, and afterwards named people rung by rung.

    from qifu.kernel import ladder

    # once, from AppConfig.ready(): a process whose clocks are watched, and how its subjects are called
    ladder.watch(ladder.Watched(workflow=CASES, title=lambda case: case.title, url=..., office=..., handlers=...))

When is data of the province (ladder.yaml), who is named by the offices themselves (`ladder.name`, with cover when away).
The worker asks every minute (`sweep.sweep`). Whatever is late and has told nobody stands on `sweep.silent`."""

from .terms import Watched, the, watch, watched

__all__ = ["Watched", "the", "watch", "watched"]
