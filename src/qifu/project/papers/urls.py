"""Anybody's check at /v/; papers for whoever may see them."""

from django.urls import path

from . import taking, views

app_name = "papers"
urlpatterns = [
    path("v/", views.ask, name="ask"),
    path("v/<slug:code>", views.verdict, name="verdict"),
    path("papers/", views.issued, name="issued"),
    path("papers/back", views.back, name="back"),
    path("papers/<uuid:id>", views.paper, name="paper"),
    path("papers/<uuid:id>/pdf", views.pdf, name="pdf"),
    path("papers/<uuid:id>/word", views.word, name="word"),
    path("papers/<uuid:id>/page/<int:number>", views.page, name="page"),
    path("papers/<uuid:id>/back", views.back_to, name="back_to"),
    path("papers/<uuid:id>/withdraw", views.withdraw, name="withdraw"),
    path("exports/", taking.listed, name="exports"),
    path("exports/new", taking.new, name="export_new"),
    path("exports/<uuid:id>/answer", taking.answer, name="export_answer"),
    path("exports/<uuid:id>/file", taking.fetch, name="export_file"),
]
