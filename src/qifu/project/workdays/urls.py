"""The working days of a place, and its decrees."""

from django.urls import path

from . import views

app_name = "workdays"
urlpatterns = [
    path("", views.month, name="month"),
    path("new", views.new, name="new"),
    path("<uuid:id>/back", views.back, name="back"),
]
