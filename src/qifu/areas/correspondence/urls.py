"""Letters at the desk, the installations that we trust, and the door for their messages."""

from django.urls import path

from .views import desk, hook, peers

app_name = "correspondence"
urlpatterns = [
    path("desk/letters/", desk.listed, name="letters"),
    path("desk/letters/new", desk.new, name="new"),
    path("desk/letters/peers", peers.listed, name="peers"),
    path("desk/letters/peers/new", peers.new, name="peer_new"),
    path("desk/letters/peers/<uuid:id>", peers.one, name="peer"),
    path("desk/letters/peers/<uuid:id>/<slug:verb>", peers.act, name="peer_act"),
    path("desk/letters/<uuid:id>", desk.one, name="letter"),
    path("desk/letters/<uuid:id>/<slug:verb>", desk.act, name="act"),
    path("hooks/peers", hook.receive, name="hook"),
]
