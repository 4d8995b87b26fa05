"""Menu service and joint office: the desk, then the enterprise on its phone."""

from django.urls import path

from .views import desk, own

app_name = "jointoffice"
urlpatterns = [
    path("desk/joint/", desk.sessions, name="sessions"),
    path("desk/joint/new", desk.new, name="new"),
    path("desk/joint/menu", desk.menu, name="menu"),
    path("desk/joint/menu/<uuid:id>", desk.item, name="item"),
    path("desk/joint/menu/<uuid:id>/<slug:verb>", desk.item_act, name="item_act"),
    path("desk/joint/<uuid:id>", desk.session, name="session"),
    path("desk/joint/<uuid:id>.ics", desk.calendar, name="calendar"),
    path("desk/joint/<uuid:id>/<slug:verb>", desk.act, name="act"),
    path("home/joint/", own.home, name="home"),
    path("home/joint/order", own.order, name="own_order"),
    path("home/joint/<uuid:id>", own.session, name="own_session"),
    path("home/joint/<uuid:id>.ics", own.calendar, name="own_calendar"),
    path("home/joint/<uuid:id>/<slug:verb>", own.act, name="own_act"),
]
