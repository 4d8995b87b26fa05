"""The own messages at /me/messages, the operator's desk at /desk/messages/, the gateways' callbacks at /hooks/messages/."""

from django.urls import path

from . import desk, hooks, mine

app_name = "messages"
urlpatterns = [
    path("me/messages", mine.mine, name="mine"),
    path("me/messages/try", mine.try_out, name="try"),
    path("me/messages/mail", mine.ask_mail, name="ask_mail"),
    path("me/messages/mail/prove", mine.prove_mail, name="prove_mail"),
    path("desk/messages/", desk.desk, name="desk"),
    path("desk/messages/again", desk.again, name="again"),
    path("desk/messages/texts", desk.texts, name="texts"),
    path("desk/messages/robots", desk.robots, name="robots"),
    path("desk/messages/robots/<uuid:id>/close", desk.close_robot, name="close_robot"),
    path("hooks/messages/<slug:channel>", hooks.receipts, name="receipts"),
]
