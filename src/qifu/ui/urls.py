"""The gallery at /ui/, each page template at /ui/pages/<key>/, and the switches of language and theme."""

from django.urls import path

from qifu.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("pages/<str:key>/", views.page, name="page"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
