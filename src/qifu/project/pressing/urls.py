"""What is late and told to nobody, who was told, who is named."""

from django.urls import path

from . import views

app_name = "pressing"
urlpatterns = [
    path("", views.silent_ones, name="silent"),
    path("told", views.told, name="told"),
    path("names", views.names, name="names"),
    path("names/new", views.new, name="new"),
    path("names/<uuid:id>", views.named, name="named"),
    path("names/<uuid:id>/back", views.back, name="back"),
    path("names/<uuid:id>/end", views.end, name="end"),
]
