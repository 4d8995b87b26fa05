"""Surveys of workers by origin: which province, from which day, for which purpose."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from qifu.areas.registry import queries
from qifu.areas.registry.terms import PROVINCES
from qifu.kernel import jurisdiction
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said as _
from qifu.kernel.web import needs
from qifu.ui.parts import Field, Option

from .common import actor_of, answered, filled, go, options, show, told

RIGHT = "registry.survey"


@needs(RIGHT)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the surveys of the own district and open a new one."""
    actor = actor_of(request)

    def build() -> Any:
        own = sorted({hat.place for hat in actor.hats if hat.place and RIGHT in hat.rights})
        here = tuple(Option(str(one), jurisdiction.name(one)) for one in own)
        fields = [
            Field("title", _("调查名称"), max_length=80),
            Field("region", _("区县"), "select", here[0].value if here else "", options=here),
            Field("origin_province", _("来源省份"), "select", "", options=options(PROVINCES), placeholder=_("选一个")),
            Field("since", _("返回起算日期"), "date", hint=_("从这一天起返回的计入")),
            Field("purpose", _("用途"), "area", hint=_("只用于这里写明的用途，不作为办事规则的依据"), max_length=200),
        ]
        surveys = [
            {"row": row, "place": jurisdiction.name(row.region), "origin": PROVINCES.get(row.origin_province, "")}
            for row in queries.surveys().filter(region__in=own)[:50]
        ]
        context = {"title": _("来源地员工调查"), "fields": filled(fields, request.POST.dict()), "surveys": surveys, "action": request.path}
        return show(request, "surveys", context)

    if request.method != "POST":
        return build()
    given = told(request, "title", "region", "origin_province", "since", "purpose")
    answer = run("registry.open_survey", given, actor=actor, at=clock.now())
    return answered(request, answer, build, lambda survey: go("surveys", done="surveyed"))
