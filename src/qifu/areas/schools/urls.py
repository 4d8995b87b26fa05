"""The desk's schools, and the school's own page."""

from django.urls import path

from .views import desk, home

app_name = "schools"
urlpatterns = [
    path("desk/schools", desk.listed, name="listed"),
    path("desk/schools/new", desk.new, name="new"),
    path("desk/schools/<uuid:id>", desk.subject, name="subject"),
    path("desk/schools/<uuid:id>/<slug:verb>", desk.act, name="act"),
    path("home/school/", home.home, name="home"),
    path("home/school/<uuid:id>/check", home.check, name="check"),
    path("home/school/<uuid:id>/report", home.report, name="report"),
    path("home/school/<uuid:id>/open", home.open_, name="open"),
    path("home/school/<uuid:id>/absences", home.list_absent, name="list_absent"),
    path("home/school/<uuid:id>/absences/<uuid:absence>/<slug:what>", home.settle, name="settle"),
]
