"""All figures, and one with exactly its rows."""

from django.urls import path

from . import views

app_name = "figures"
urlpatterns = [
    path("", views.listed, name="all"),
    path("<str:id>", views.one, name="one"),
    path("<str:id>/export", views.export, name="export"),
]
