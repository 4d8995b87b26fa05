"""What the sample district of the demo has of decrees on working days: a Saturday on which everybody works."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import calendar_for, clock
from qifu.kernel.calendar.clock import local

OFFICE = "officer:MC0009"


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Decree the next free Saturday a working day. `named`: officer:<number>."""
    with clock.use(clock.Fixed(at - timedelta(days=2))) as hands:
        stage = Stage(named, hands, at)
        place = next(hat.place for hat in stage.who(OFFICE).hats if hat.place)
        calendar, today = calendar_for(place), local(at).date()
        ahead = (today + timedelta(days=n) for n in range(1, 60))
        day = next(day for day in ahead if day.weekday() == 5 and not calendar.is_workday(day))
        paper = {"reason": "集中办复工，窗口和评估组上班", "document": f"明复工办〔{day.year}〕11号"}
        stage.do("calendar.lay", OFFICE, place=place, from_date=day, to_date=day, works=True, **paper)
