"""The auditors' pages under /desk/audit/, and everybody's own page /me/looks."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("desk/audit/", views.attempts, name="attempts"),
    path("desk/audit/looks", views.looks, name="looks"),
    path("desk/audit/journal", views.journal, name="journal"),
    path("desk/audit/head", views.head, name="head"),
    path("me/looks", views.mine, name="mine"),
]
