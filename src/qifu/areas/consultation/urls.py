"""Meetings, leaders' notes and papers at the desk."""

from django.urls import path

from .views import home, items, meeting, notes, papers

app_name = "consultation"
urlpatterns = [
    path("desk/consult/", home.listed, name="home"),
    path("desk/consult/new", home.plan, name="plan"),
    path("desk/consult/put", items.put, name="put"),
    path("desk/consult/invited/", home.invited, name="invited"),
    path("desk/consult/invited/<uuid:id>", home.invitation, name="invitation"),
    path("desk/consult/invited/<uuid:id>/calendar.ics", home.calendar, name="calendar"),
    path("desk/consult/notes/", notes.listed, name="notes"),
    path("desk/consult/notes/new", notes.new, name="new_note"),
    path("desk/consult/notes/<uuid:id>", notes.note, name="note"),
    path("desk/consult/notes/<uuid:id>/<slug:verb>", notes.act, name="act_on_note"),
    path("desk/consult/papers/", papers.listed, name="papers"),
    path("desk/consult/papers/new", papers.new, name="new_paper"),
    path("desk/consult/papers/<uuid:id>", papers.paper, name="paper"),
    path("desk/consult/papers/<uuid:id>/<slug:verb>", papers.act, name="act_on_paper"),
    path("desk/consult/items/<uuid:id>/<slug:verb>", items.act, name="act_on_item"),
    path("desk/consult/meetings/<uuid:id>", meeting.meeting, name="meeting"),
    path("desk/consult/meetings/<uuid:id>/room", meeting.room, name="room"),
    path("desk/consult/meetings/<uuid:id>/<slug:verb>", meeting.act, name="act"),
]
