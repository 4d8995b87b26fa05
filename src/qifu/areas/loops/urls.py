"""The desk of outside loops, and the hook at which they deliver."""

from django.urls import path

from .views import desk, hook, platform

app_name = "loops"
urlpatterns = [
    path("desk/loops/", desk.listed, name="desk"),
    path("desk/loops/new", platform.new, name="new"),
    path("desk/loops/platforms/<uuid:id>", platform.shown, name="platform"),
    path("desk/loops/platforms/<uuid:id>/replies", desk.replies, name="replies"),
    path("desk/loops/platforms/<uuid:id>/<slug:verb>", platform.act, name="platform_act"),
    path("desk/loops/orders/<uuid:id>/again", desk.again, name="again"),
    path("hooks/loops/<slug:slug>", hook.take, name="hook"),
]
