"""What an area of control does to resumption: which applications and permits have a site inside (FEATURES 8.7)."""

from django.db.models import Q

from qifu.areas.registry.models import Site
from qifu.areas.response.api import AreaGround, Effect, EffectRow, effect_providers
from qifu.kernel.language import said

from .models import Application
from .terms import STATES
from .worklist import RUNNING

_SHOWN = 20


def applications_inside(ground: AreaGround) -> Effect:
    """Give the applications in hand and the permitted enterprises that have a site inside, within the scope of who asks."""
    sites = Site.objects.filter(closed_at__isnull=True).filter(Q(region__in=ground.regions) | Q(pk__in=ground.sites))
    found = Application.objects.filter(enterprise__in=sites.values("enterprise"), state__in=(*RUNNING, "approved", "resumed"))
    rows = [
        EffectRow(one.enterprise.name, STATES[one.state], f"/desk/applications/{one.id}")
        for one in found.select_related("enterprise").order_by("state", "number")[:_SHOWN]
    ]
    notes = {"refuse": said("在区域内的厂区不能批准、不能开工。"), "condition": said("在区域内的厂区附条件复工。")}
    return Effect(said("复工申请和许可"), rows, note=notes.get(ground.effects.get("resume", ""), said("不影响复工。")), total=found.count())


effect_providers["resumption"] = applications_inside
