"""Returns under /returns/: templates, and the tables of their days."""

from django.urls import path

from . import views

app_name = "returns"
urlpatterns = [
    path("", views.listed, name="blanks"),
    path("upload", views.upload, name="upload"),
    path("days/<uuid:id>/", views.filing, name="filing"),
    path("days/<uuid:id>/file", views.table, name="table"),
    path("days/<uuid:id>/<slug:verb>", views.act_on_filing, name="act_on_filing"),
    path("<uuid:id>/", views.blank, name="blank"),
    path("<uuid:id>/file", views.template, name="template"),
    path("<uuid:id>/<slug:verb>", views.act_on_blank, name="act_on_blank"),
]
