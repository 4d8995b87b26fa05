"""Where files are sent and shown."""

from django.urls import path

from . import views

urlpatterns = [
    path("files/", views.keep, name="files"),
    path("files/<uuid:id>", views.show, name="file"),
    path("files/<uuid:id>/small", views.show, {"small": True}, name="file_small"),
]
