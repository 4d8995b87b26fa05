"""The pages of this area, those of the frame, and the door by which lists leave."""

from django.urls import include, path

urlpatterns = [
    path("", include("qifu.areas.registry.urls")),
    path("", include("qifu.project.papers.urls")),
    path("ui/", include("qifu.ui.urls")),
]
