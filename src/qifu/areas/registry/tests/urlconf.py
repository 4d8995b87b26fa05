"""The pages of this area, and those of the frame."""

from django.urls import include, path

urlpatterns = [path("", include("qifu.areas.registry.urls")), path("ui/", include("qifu.ui.urls"))]
