"""The desk's cases, the enterprise's own."""

from django.urls import path

from .views import evaluating, home, intake, lessons, sheets, subject, supervising, watching, worklist

app_name = "casework"
urlpatterns = [
    path("desk/cases/", worklist.listed, name="worklist"),
    path("desk/cases/new", intake.new, name="new"),
    path("desk/cases/alike", intake.alike, name="alike"),
    path("desk/cases/paste", intake.paste, name="paste"),
    path("desk/cases/lessons", lessons.lessons, name="lessons"),
    path("desk/cases/receipts/<uuid:id>", sheets.receipts, name="receipts"),
    path("desk/cases/report", intake.report, name="report"),
    path("desk/cases/offices", watching.watching, name="watching"),
    path("desk/cases/evaluation", evaluating.evaluated, name="evaluated"),
    path("desk/cases/helps", watching.helps, name="helps"),
    path("desk/cases/helps/<uuid:id>", watching.help, name="help"),
    path("desk/cases/supervisions", supervising.listed, name="supervisions"),
    path("desk/cases/supervisions/<uuid:id>", supervising.supervision, name="supervision"),
    path("desk/cases/bulk/asks", worklist.bulk_asks, name="bulk_asks"),
    path("desk/cases/bulk/<slug:verb>", worklist.bulk, name="bulk"),
    path("desk/cases/<uuid:id>", subject.subject, name="subject"),
    path("desk/cases/<uuid:id>/preview", worklist.preview, name="preview"),
    path("desk/cases/<uuid:id>/phone", subject.phone, name="phone"),
    path("desk/cases/<uuid:id>/<slug:verb>", subject.act, name="act"),
    path("home/cases/", home.listed, name="own_list"),
    path("home/cases/new", home.new, name="own_new"),
    path("home/cases/report", intake.report, name="own_report"),
    path("home/cases/<uuid:id>/", home.own, name="own"),
    path("home/cases/<uuid:id>/<slug:verb>", home.own_act, name="own_act"),
]
