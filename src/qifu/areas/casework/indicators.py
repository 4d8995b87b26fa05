"""The figures of casework. Recorded less merged is solved and open, at every level; each opens its rows."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from qifu.areas.registry import api as registry
from qifu.kernel.indicators import Indicator, Moment, Stuck, counted, happened, register, standing
from qifu.kernel.language import said
from qifu.kernel.workflow.models import ClockRun

from .models import Case
from .queries import describe
from .terms import OPEN, PROCESS, SOLVED

COLUMNS = (said("企业"), said("单位"), said("现在"), said("编号"))


def overdue(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the open cases whose clock had run out at a moment: still running past it, or stopped after it.

    The clock of the call-back runs once a case is solved: it is nobody's unsolved trouble, and is pressed by the ladder."""
    runs = ClockRun._base_manager.filter(process=PROCESS, due_at__lte=moment.asof, started_at__lte=moment.asof, paused_at__isnull=True)
    runs = runs.exclude(stopped_at__lte=moment.asof).exclude(name="call_back")
    if moment.within is not None:
        runs = runs.filter(region__in=moment.within)
    return [(id, 1) for id in runs.order_by("subject").values_list("subject", flat=True).distinct()]


def hired(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the workers put on a roster after their enterprise had said that it lacks people."""
    cases = Case._base_manager.filter(kind="labour", recorded_at__lte=moment.asof, enterprise__isnull=False).exclude(state="merged")
    if moment.within is not None:
        cases = cases.filter(region__in=moment.within)
    since = dict(cases.order_by("-recorded_at").values_list("enterprise", "recorded_at"))
    return [(id, 1) for id in registry.listed_after(since, until=moment.asof)]


def late_by_office(moment: Moment) -> Sequence[Stuck]:
    """Give by office what is late now, the most first."""
    rows = Case._base_manager.filter(pk__in=[id for id, _ in overdue(moment)], state__in=OPEN)
    found = Counter((one.office_name or one.intake_office, one.region) for one in rows)
    offices: dict[str, tuple[int, int]] = {}
    for (name, region), n in found.items():
        before = offices.get(name, (0, region))
        offices[name] = (before[0] + n, before[1])
    # Not the view of what is overdue: who supervises sees late call-backs there too, and these are not counted.
    url = f"{reverse('casework:worklist')}?view=open"
    return [
        Stuck(name, n, said("{n}件过了时限", n=n), place=region, right="case.supervise", late=n, url=url)
        for name, (n, region) in sorted(offices.items(), key=lambda pair: (-pair[1][0], pair[0]))
    ]


register(
    Indicator(
        "C01", "收到诉求", "件", happened(PROCESS, "record"), source="诉求登记",
        definition="各种渠道记下的诉求，一件一个编号；更正掉的不算。", describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "C02", "并案", "件", standing(PROCESS, "merged"), happened(PROCESS, "record"), source="诉求登记",
        definition="和另一件是同一回事、并过去的；拆开的不算。", describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "C03", "解决或答复", "件", standing(PROCESS, *SOLVED), happened(PROCESS, "record"), source="诉求办理记录",
        definition="当场答复的，或者办结后没有重新打开的；等回访、等销号的也算。收到减并案，等于解决或答复加在办。",
        describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "C04", "在办诉求", "件", standing(PROCESS, *OPEN), happened(PROCESS, "record"), source="诉求办理记录",
        definition="还没有解决或答复的，重新打开的也算。", describe=describe, columns=COLUMNS, stuck=late_by_office,
    ),
    Indicator(
        "C05", "逾期诉求", "件", counted("casework.overdue", overdue), standing(PROCESS, *OPEN), source="诉求的时钟",
        definition="在办的里面，有一个时钟过了时限、那一步还没办的；停着等对方的、解决以后等回访的不算。",
        describe=describe, columns=COLUMNS, stuck=late_by_office,
    ),
    Indicator(
        "C06", "已销号", "件", standing(PROCESS, "closed_out"), happened(PROCESS, "record"), source="诉求办理记录",
        definition="回访确认后销号的。", describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "F49", "反映缺工后到岗的员工", "人", counted("casework.hired", hired), source="诉求登记和员工名单",
        definition="企业反映用工困难以后，登记进这家名单的员工；随同家属不算，并案的不算。", describe=registry.describe_workers,
        columns=(said("企业"), said("身份"), said("来源省份"), said("返乡"), said("计划返回"), said("劝缓回"), said("返回")),
    ),
)  # fmt: skip
