"""The pages of response alone, where the project mounts them."""

from django.urls import include, path

urlpatterns = [
    path("ui/", include("qifu.ui.urls")),
    path("desk/response/", include("qifu.areas.response.urls")),
]
