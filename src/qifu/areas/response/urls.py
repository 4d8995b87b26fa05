"""The pages of response, under /desk/response/."""

from django.urls import path

from . import views

app_name = "response"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("declare", views.declare, name="declare"),
    path("level", views.level, name="level"),
    path("end", views.end, name="end"),
    path("measure/<uuid:id>", views.measure, name="measure"),
    path("measure/<uuid:id>/adjust", views.adjust, name="adjust"),
    path("measure/<uuid:id>/enact", views.enact, name="enact"),
    path("measure/<uuid:id>/end", views.end_measure, name="end_measure"),
    path("proposal/<uuid:id>", views.proposal, name="proposal"),
    path("proposal/<uuid:id>/<str:verb>", views.answer, name="answer"),
    path("areas/draw", views.draw, name="draw"),
    path("area/<uuid:id>", views.area, name="area"),
    path("area/<uuid:id>/<str:verb>", views.move_area, name="move_area"),
]
