"""What an area of control does to schools: shown before it is confirmed."""

from django.db.models import Q

from qifu.areas.response.api import AreaGround, Effect, EffectRow, effect_providers
from qifu.kernel.language import said as _

from . import law
from .models import School
from .rules import closes
from .terms import STATES

_SHOWN = 20


def schools_inside(ground: AreaGround) -> Effect | None:
    """Give the schools inside an area that may not open, within the scope of who asks; None where it closes none."""
    found = School.objects.filter(Q(region__in=ground.regions) | Q(site__in=ground.sites)).order_by("name")
    first = found.first()
    if first is None or not closes(law.rule_at(first.region, ground.at)[0], ground.effects):
        return None
    rows = [EffectRow(one.name, STATES[one.state], f"/desk/schools/{one.id}") for one in found[:_SHOWN]]
    return Effect(_("学校"), rows, note=_("不能复课；已开学的请教育局停课"), total=found.count())


effect_providers["schools"] = schools_inside
