"""Where each face begins. /healthz is answered before any URL is looked up (`health.Probe`)."""

from django.urls import URLPattern, URLResolver, include, path

from qifu.areas.resumption.views.worklist import find

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qifu.project.accounts.urls")),
    path("", include("qifu.project.audit.urls")),
    path("", include("qifu.kernel.files.urls")),
    path("", include("qifu.project.papers.urls")),
    path("", include("qifu.project.messages.urls")),
    path("ui/", include("qifu.ui.urls")),
    path("desk/response/", include("qifu.areas.response.urls")),
    path("", include("qifu.areas.registry.urls")),
    path("", include("qifu.areas.casework.urls")),
    path("", include("qifu.areas.resumption.urls")),
    path("find", find, name="find"),
    path("", include("qifu.areas.schools.urls")),
    path("", include("qifu.areas.insight.urls")),
    path("returns/", include("qifu.areas.returns.urls")),
    path("", include("qifu.areas.mobilisation.urls")),
    path("", include("qifu.areas.services.urls")),
    path("", include("qifu.areas.jointoffice.urls")),
    path("", include("qifu.areas.supply.urls")),
    path("", include("qifu.areas.visits.urls")),
    path("", include("qifu.areas.loops.urls")),
    path("", include("qifu.areas.consultation.urls")),
    path("", include("qifu.areas.correspondence.urls")),
    path("", include("qifu.areas.passes.urls")),
    path("desk/ladder/", include("qifu.project.pressing.urls")),
    path("desk/calendar/", include("qifu.project.workdays.urls")),
    path("figures/", include("qifu.project.figures.urls")),
]
