"""Supply: the desk, then the enterprise on its phone."""

from django.urls import path

from .views import desk, own
from .views.sorts import SORTS

app_name = "supply"
urlpatterns = [
    path("desk/supply/", desk.broken, name="broken"),
    path("desk/supply/find", desk.find, name="find"),
    path("desk/supply/outside", desk.outside, name="outside"),
    path("desk/supply/new/<slug:sort>", desk.new, name="new"),
    path("desk/supply/needs/<uuid:id>/propose", desk.propose, name="propose"),
    path("home/supply/", own.home, name="home"),
    path("home/supply/find", own.find, name="own_find"),
    path("home/supply/new/<slug:sort>", own.new, name="own_new"),
]
for sort in SORTS:
    urlpatterns += [
        path(f"desk/supply/{sort}/<uuid:id>", desk.one, {"sort": sort}, name=f"desk_{sort}"),
        path(f"desk/supply/{sort}/<uuid:id>/<slug:verb>", desk.act, {"sort": sort}, name=f"desk_act_{sort}"),
    ]
for sort in own.OWN_SORTS:
    urlpatterns += [
        path(f"home/supply/{sort}/<uuid:id>", own.one, {"sort": sort}, name=f"own_{sort}"),
        path(f"home/supply/{sort}/<uuid:id>/<slug:verb>", own.act, {"sort": sort}, name=f"own_act_{sort}"),
    ]
