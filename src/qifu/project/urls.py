"""Where each face begins."""

from django.urls import URLPattern, URLResolver, include, path

from qifu.project import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("ui/", include("qifu.ui.urls")),
]
