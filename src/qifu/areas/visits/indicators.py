"""The figures that visits offer (F37 to F39, F41, F88; V1, V2, V4, V5). Each opens its rows."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import once
from qifu.kernel.access.models import Grant, Person
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Indicator, Moment, Row, counted, happened, lacking, reached, register, standing
from qifu.kernel.language import said
from qifu.kernel.workflow.models import ClockRun

from .models import Contact, Opinion, Territory, Visit
from .terms import CONTACTS, OPINION_STATES, OPINIONS, TERRITORIES, VISITS, WAYS

_REGISTERED = standing("registry.enterprise", "registered")
_LED = standing(TERRITORIES, "held", where={"part": "lead"})
_VISITED = reached(VISITS, "visited", by="party")
FIRM_COLUMNS = (said("镇街"), said("包联责任人"))
VISIT_COLUMNS = (said("镇街"), said("时间"), said("谁去的"))
SETTLED = ("answered", "solved")
"""States of an opinion in which nothing is owed any more."""
SAID_COLUMNS = (said("镇街"), said("现在"), said("谁记的"))


def _within(moment: Moment) -> Q:
    return Q(region__in=moment.within) if moment.within is not None else Q()


def _held(moment: Moment) -> Q:
    return _within(moment) & Q(since__lte=moment.asof) & (Q(until__isnull=True) | Q(until__gt=moment.asof))


def holders(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the officers who held any enterprise at a moment, each once."""
    return once("visits", ("holders", moment), lambda: [(id, 1) for id in _holding(moment)])


def _holding(moment: Moment) -> Iterable[UUID]:
    return Territory.objects.filter(_held(moment)).order_by("person").values_list("person", flat=True).distinct()


def _leading(moment: Moment) -> set[UUID]:
    """Give the persons who held office as a leader of the place at a moment."""
    held = Q(since__lte=moment.asof) & (Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment.asof))
    return set(Grant.objects.filter(held, role__code="leader").values_list("person", flat=True))


def leaders(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the leaders among the holders."""
    leading = _leading(moment)
    return [pair for pair in holders(moment) if pair[0] in leading]


def cadres(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the holders who are no leaders."""
    leading = _leading(moment)
    return [pair for pair in holders(moment) if pair[0] not in leading]


def listed(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the enterprises on a key list that somebody answered for at a moment."""
    found = Territory.objects.filter(_held(moment), part="lead", enterprise__in=registry.key_listed(moment.asof))
    return [(id, 1) for id in found.order_by("id").values_list("id", flat=True)]


def _unsealed(moment: Moment) -> QuerySet[Visit]:
    return Visit.objects.filter(_within(moment), kind="unsealed", planned_at__lte=moment.asof).exclude(state="dropped")


def unsealed(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the visits that were due after unsealing by a moment."""
    return [(id, 1) for id in _unsealed(moment).order_by("id").values_list("id", flat=True)]


def in_time(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the visits after unsealing that were made by a moment and inside their time."""
    made = _unsealed(moment).filter(visited_at__lte=moment.asof)
    due = ClockRun.objects.filter(process=VISITS, subject=OuterRef("pk"), due_at__gt=OuterRef("visited_at"))
    return [(id, 1) for id in made.filter(Exists(due)).order_by("id").values_list("id", flat=True)]


def goers(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the officers who had made any visit by a moment, each once."""
    found = (
        Visit.objects.filter(_within(moment), visited_at__lte=moment.asof).order_by("officer").values_list("officer", flat=True).distinct()
    )
    return [(UUID(id), 1) for id in found if len(id) == 36]


def describe_firms(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Describe enterprises with who answers for them."""
    leads = {t.enterprise_id: t for t in Territory.objects.filter(until__isnull=True, part="lead", enterprise__in=ids)}
    return {
        id: Row(
            id, 1, firm.name, reverse("visits:firm", args=[id]),
            (jurisdiction.name(firm.region), leads[id].officer_name if id in leads else "—"),
        )
        for id, firm in registry.enterprises(ids).items()
    }  # fmt: skip


def describe_contacted(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Describe enterprises by their first contact: the hour, how, and who reached them."""
    first: dict[UUID, Contact] = {}
    for one in Contact.objects.filter(enterprise__in=ids).order_by("at", "id"):
        first.setdefault(one.enterprise_id, one)
    return {
        id: Row(
            id, 1, firm.name, reverse("visits:firm", args=[id]),
            (jurisdiction.name(firm.region), f"{local(first[id].at):%Y-%m-%d %H:%M}", str(WAYS[first[id].way]), first[id].officer_name),
        )
        for id, firm in registry.enterprises(ids).items()
        if id in first
    }  # fmt: skip


def describe_officers(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Describe officers with where they sit and how many enterprises they hold."""
    held = dict(
        Territory.objects.filter(until__isnull=True, person__in=ids).values_list("person").annotate(n=Count("enterprise", distinct=True))
    )
    return {
        one.id: Row(one.id, 1, one.name, "", (jurisdiction.name(one.region), said("{n}家", n=held.get(one.id, 0))))
        for one in Person.objects.filter(pk__in=ids)
    }


def describe_visits(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Describe visits by the enterprise, with the hour and who went."""
    return {
        one.id: Row(
            one.id, 1, one.enterprise.name, reverse("visits:record", args=[one.id]),
            (jurisdiction.name(one.region), f"{local(one.visited_at):%Y-%m-%d %H:%M}" if one.visited_at else "", one.officer_name),
        )
        for one in Visit.objects.filter(pk__in=ids).select_related("enterprise")
    }  # fmt: skip


def describe_opinions(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Describe opinions by the enterprise and number; the words stay on their page."""
    return {
        one.id: Row(
            one.id, 1, said("{firm} 第{n}条", firm=one.enterprise.name, n=one.number), reverse("visits:firm", args=[one.enterprise_id]),
            (jurisdiction.name(one.region), OPINION_STATES[one.state], one.officer_name),
        )
        for one in Opinion.objects.filter(pk__in=ids).select_related("enterprise")
    }  # fmt: skip


def describe_territories(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Describe territories by the enterprise, with who answers for it."""
    return {
        one.id: Row(
            one.id,
            1,
            one.enterprise.name,
            reverse("visits:firm", args=[one.enterprise_id]),
            (jurisdiction.name(one.region), one.officer_name),
        )
        for one in Territory.objects.filter(pk__in=ids).select_related("enterprise")
    }


register(
    Indicator(
        "F37",
        "走访过企业的干部",
        "人",
        counted("visits.goers", goers),
        source="走访记录",
        definition="至少走访过一家企业的干部，一人算一次。",
        describe=describe_officers,
        columns=(said("镇街"), said("包联")),
    ),
    Indicator(
        "F38",
        "走访企业",
        "家次",
        happened(VISITS, "record"),
        source="走访记录",
        definition="走访一次算一家次；更正掉的不算。",
        describe=describe_visits,
        columns=VISIT_COLUMNS,
    ),
    Indicator(
        "F41",
        "联系上的企业",
        "家",
        reached(CONTACTS, "reached", by="party"),
        _REGISTERED,
        source="联系记录；分母是登记在册的企业",
        definition="打电话或当面联系上过的企业，一家算一次；每家列出第一次联系上的时间。",
        describe=describe_contacted,
        columns=(said("镇街"), said("第一次联系上"), said("怎么联系的"), said("谁联系的")),
    ),
    Indicator(
        "V1",
        "走访覆盖",
        "家",
        _VISITED,
        _REGISTERED,
        source="走访记录；分母是登记在册的企业",
        definition="走访过至少一次的企业，占登记在册的比例。",
        describe=describe_firms,
        columns=FIRM_COLUMNS,
    ),
    Indicator(
        "V2",
        "还没有走访的企业",
        "家",
        lacking(_REGISTERED, _VISITED),
        _REGISTERED,
        source="走访记录；分母是登记在册的企业",
        definition="登记在册而一次也没有走访过的企业。",
        describe=describe_firms,
        columns=FIRM_COLUMNS,
    ),
    Indicator(
        "F39",
        "走访收集意见",
        "条",
        happened(OPINIONS, "note"),
        parts={
            "solved": standing(OPINIONS, *SETTLED),
            "open": standing(OPINIONS, *(state for state in OPINION_STATES if state not in SETTLED)),
        },
        source="走访记录和驻企日志",
        definition="走访和驻企时记下的意见，一条算一条。",
        describe=describe_opinions,
        columns=SAID_COLUMNS,
    ),
    Indicator(
        "V4",
        "走访时已答复或解决的意见",
        "条",
        standing(OPINIONS, *SETTLED),
        reached(OPINIONS, "noted"),
        source="走访记录",
        definition="现在处于已答复、已解决的意见，占记下的比例。",
        describe=describe_opinions,
        columns=SAID_COLUMNS,
    ),
    Indicator(
        "F88",
        "包联干部",
        "人",
        counted("visits.holders", holders),
        parts={
            "leaders": counted("visits.leaders", leaders),
            "cadres": counted("visits.cadres", cadres),
            "firms": _LED,
        },
        source="包联名单",
        definition="当时手上至少有一家企业的干部，一人算一次；另列其中的区领导、其他干部，和有包联责任人的企业（项目）。",
        describe=lambda ids: describe_officers(ids) | describe_territories(ids),
        columns=(said("镇街"), said("包联")),
    ),
    Indicator(
        "F43",
        "解封后按时上门",
        "次",
        counted("visits.in_time", in_time),
        counted("visits.unsealed", unsealed),
        source="走访记录；分母是解封后排的走访",
        definition="区域解除后给规上企业和名单上的企业排的走访里，一个工作日内去了的；不去了的不计。",
        describe=describe_visits,
        columns=VISIT_COLUMNS,
    ),
    Indicator(
        "F47",
        "一对一帮扶的规上企业",
        "家",
        standing(TERRITORIES, "held", where={"part": "lead", "size": "above"}),
        standing("registry.enterprise", "registered", where={"size": "above"}),
        parts={"listed": counted("visits.listed", listed)},
        source="包联名单；分母是登记在册的规上企业",
        definition="现在有包联责任人的规上企业；另列其中在重点名单上的企业（项目）。",
        describe=describe_territories,
        columns=FIRM_COLUMNS,
    ),
    Indicator(
        "V5",
        "有人包联的企业",
        "家",
        _LED,
        _REGISTERED,
        source="包联名单；分母是登记在册的企业",
        definition="现在有包联责任人的企业，一家一位。",
        describe=describe_territories,
        columns=FIRM_COLUMNS,
    ),
)
