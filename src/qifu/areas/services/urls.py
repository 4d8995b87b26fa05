"""Services: the desk under /desk/services/, the enterprise under /home/services/, the answers for everybody under /knowledge/."""

from django.urls import path

from .views import answers, attached, desk, own, requests
from .views.sorts import SORTS

app_name = "services"
urlpatterns = [
    path("knowledge/", answers.listed, name="public"),
    path("knowledge/<uuid:id>", answers.one, name="public_one"),
    path("knowledge/<uuid:id>/files/<uuid:file>", attached.public_file, name="public_file"),
    path("desk/services/", desk.day, name="day"),
    path("desk/services/times", desk.times, name="times"),
    path("desk/services/times/<uuid:id>/<slug:verb>", desk.change_time, name="change_time"),
    path("desk/services/book", desk.book, name="book"),
    path("desk/services/orders", desk.orders, name="orders"),
    path("desk/services/orders/new", desk.order_new, name="order_new"),
    path("desk/services/certificates", desk.certificates, name="certificates"),
    path("desk/services/certificates/new", desk.certificate_new, name="certificate_new"),
    path("desk/services/answers", answers.answers, name="answers"),
    path("desk/services/answers/new", answers.new, name="answer_new"),
    path("desk/services/answers/<uuid:id>", answers.answer, name="answer"),
    path("desk/services/answers/<uuid:id>/edit", answers.edit, name="answer_edit"),
    path("desk/services/answers/<uuid:id>/files", attached.attach, name="attach"),
    path("desk/services/answers/<uuid:id>/files/<uuid:file>", attached.file, name="attached"),
    path("desk/services/answers/<uuid:id>/files/<uuid:file>/off", attached.detach, name="detach"),
    path("desk/services/answers/<uuid:id>/<slug:verb>", answers.act, name="answer_act"),
    path("home/services/", own.home, name="home"),
    path("home/services/book", own.book, name="own_book"),
    path("home/services/booked/<uuid:id>", own.booked, name="booked"),
    path("home/services/order", own.order, name="own_order"),
    path("home/services/loss", own.loss, name="own_loss"),
]
for sort in SORTS:
    urlpatterns += [
        path(f"desk/services/{sort}/<uuid:id>", requests.desk, {"sort": sort}, name=f"desk_{sort}"),
        path(f"desk/services/{sort}/<uuid:id>/<slug:verb>", requests.desk_act, {"sort": sort}, name=f"desk_act_{sort}"),
        path(f"home/services/{sort}/<uuid:id>", requests.own, {"sort": sort}, name=f"own_{sort}"),
        path(f"home/services/{sort}/<uuid:id>/<slug:verb>", requests.own_act, {"sort": sort}, name=f"own_act_{sort}"),
    ]
