"""What an area does to the register, which lies below: how many sites are inside. Areas above register their own."""

from django.db.models import Q

from qifu.areas.registry.models import Site
from qifu.kernel import jurisdiction
from qifu.kernel.language import said as _

from . import rules
from .api import AreaGround, Effect, EffectRow, effect_providers

_SHOWN = 20


def sites_inside(ground: AreaGround) -> Effect:
    """Give the sites inside an area, within the scope of who asks."""
    found = Site.objects.filter(closed_at__isnull=True).filter(Q(region__in=ground.regions) | Q(pk__in=ground.sites))
    rows = [
        EffectRow(f"{site.enterprise.name} {site.name}", jurisdiction.name(site.region))
        for site in found.select_related("enterprise").order_by("enterprise__name", "name")[:_SHOWN]
    ]
    return Effect(_("场所"), rows, note=rules.said("area", {"effects": ground.effects}), total=found.count())


effect_providers["registry"] = sites_inside
