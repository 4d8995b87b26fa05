"""Addresses of visits: /visits/ in the hand, /desk/visits/ at the desk."""

from django.urls import path

from .views import contacts, desk, device, field, plans, records

app_name = "visits"
urlpatterns = [
    path("visits/", field.today, name="today"),
    path("visits/shell", device.shell, name="shell"),
    path("visits/worker.js", device.worker, name="worker"),
    path("visits/manifest.webmanifest", device.manifest, name="manifest"),
    path("visits/day", device.take_along, name="day"),
    path("visits/deliver", device.deliver, name="deliver"),
    path("visits/made", field.visited, name="visited"),
    path("visits/firms/<uuid:id>", field.write, name="write"),
    path("visits/firms/<uuid:id>/contact", contacts.contact, name="contact"),
    path("visits/firms/<uuid:id>/log", field.log, name="log"),
    path("desk/visits/", desk.coverage, name="coverage"),
    path("desk/visits/phones", desk.phones, name="phones"),
    path("desk/visits/plan", desk.plan, name="plan_visits"),
    path("desk/visits/territories", plans.territories, name="territories"),
    path("desk/visits/territories/assign", plans.assign, name="assign"),
    path("desk/visits/territories/<uuid:id>/end", plans.end, name="end"),
    path("desk/visits/plans", plans.propose, name="propose"),
    path("desk/visits/plans/<uuid:id>", plans.proposal, name="proposal"),
    path("desk/visits/plans/<uuid:id>/<slug:verb>", plans.decide, name="decide_plan"),
    path("desk/visits/opinions", records.opinions, name="opinions"),
    path("desk/visits/opinions/<uuid:id>/<slug:verb>", records.act_on_opinion, name="act_on_opinion"),
    path("desk/visits/logs", records.logs, name="logs"),
    path("desk/visits/made/<uuid:id>", records.visit, name="record"),
    path("desk/visits/made/<uuid:id>/drop", records.drop, name="drop"),
    path("desk/visits/firms/<uuid:id>", records.firm, name="firm"),
]
