"""The desk's worklist and applications, the assessor's visits, the enterprise's own pages."""

from django.urls import path

from .views import acts, apply, breaches, daily, door, field, home, papers, subject, worklist

app_name = "resumption"
urlpatterns = [
    path("desk/", worklist.listed, name="worklist"),
    path("desk/export", worklist.export, name="export"),
    path("desk/bulk/asks", worklist.bulk_asks, name="bulk_asks"),
    path("desk/bulk/accept", worklist.bulk, {"verb": "accept"}, name="bulk_accept"),
    path("desk/bulk/approve", worklist.bulk, {"verb": "approve"}, name="bulk_approve"),
    path("desk/breaches", breaches.breaches, name="breaches"),
    path("desk/applications/<uuid:id>", subject.subject, name="subject"),
    path("desk/applications/<uuid:id>/preview", worklist.preview, name="preview"),
    path("desk/applications/<uuid:id>/papers/<slug:paper>", papers.paper, {"face": "desk"}, name="desk_paper"),
    path("desk/applications/<uuid:id>/items/<slug:code>", subject.check_item, name="check_item"),
    path("desk/applications/<uuid:id>/<slug:verb>", acts.act, name="act"),
    path("field/", field.today, name="field"),
    path("field/<uuid:id>", field.visit, name="visit"),
    path("home/", home.home, name="home"),
    path("t/<str:code>", door.landing, name="landing"),
    path("t/<str:code>/claim", door.claim, name="claim"),
    path("desk/posters", door.posters, name="posters"),
    path("desk/posters/<str:code>", door.poster, name="poster"),
    path("desk/claims", door.claims, name="claims"),
    path("desk/claims/<uuid:id>", door.settle, name="settle_claim"),
    path("desk/daily", daily.owing, name="daily_owing"),
    path("home/daily", daily.tell, name="daily"),
    path("home/daily/done", daily.done, name="daily_done"),
    path("home/apply/", apply.tasks, name="tasks"),
    path("home/apply/check", apply.check, name="check"),
    path("home/apply/<slug:name>", apply.step, name="step"),
    path("home/applications/<uuid:id>/", home.standing, name="standing"),
    path("home/applications/<uuid:id>/receipt", home.receipt, name="receipt"),
    path("home/applications/<uuid:id>/papers/<slug:paper>", papers.paper, {"face": "own"}, name="own_paper"),
    path("home/applications/<uuid:id>/<slug:verb>", home.own_act, name="own_act"),
]
