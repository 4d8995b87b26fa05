"""The door at / and /login, the own page at /me, the people at /desk/people."""

from django.urls import path

from .views import entering, me, passkeys, people, todo

urlpatterns = [
    path("", entering.front, name="front"),
    path("login", entering.login, name="login"),
    path("login/code", entering.code, name="login_code"),
    path("login/again", entering.send_again, name="login_again"),
    path("login/password", entering.password, name="login_password"),
    path("login/passkey", passkeys.enter, name="login_passkey"),
    path("login/passkey/ask", passkeys.ask_to_enter, name="login_passkey_ask"),
    path("leave", entering.leave, name="leave"),
    path("demo/enter", entering.demo_enter, name="demo_enter"),
    path("demo/sms", entering.demo_sms, name="demo_sms"),
    path("todo", todo.listed, name="todo"),
    path("todo/count", todo.count, name="todo_count"),
    path("me", me.me, name="me"),
    path("me/face", me.choose_face, name="my_face"),
    path("me/login", me.my_login, name="my_login"),
    path("me/strong", me.strong, name="strong"),
    path("me/totp", me.my_totp, name="my_totp"),
    path("me/strong/passkey", passkeys.prove, name="strong_passkey"),
    path("me/passkeys", passkeys.add, name="my_passkeys"),
    path("me/passkeys/ask", passkeys.ask, name="my_passkeys_ask"),
    path("me/passkeys/<uuid:id>/remove", passkeys.remove, name="my_passkey_remove"),
    path("me/password", me.my_password, name="my_password"),
    path("me/sessions/end", me.end_sessions, name="my_sessions_end"),
    path("desk/people", people.listed, name="people"),
    path("desk/people/invite", people.invite, name="people_invite"),
    path("desk/people/<uuid:id>", people.person, name="person"),
    path("desk/people/<uuid:id>/give", people.give, name="person_give"),
    path("desk/people/<uuid:id>/revoke/<uuid:grant>", people.revoke, name="person_revoke"),
    path("desk/people/<uuid:id>/bar", people.mark, {"verb": "bar"}, name="person_bar"),
    path("desk/people/<uuid:id>/unbar", people.mark, {"verb": "unbar"}, name="person_unbar"),
    path("desk/people/<uuid:id>/reset_factor", people.mark, {"verb": "reset_factor"}, name="person_reset_factor"),
    path("desk/people/<uuid:id>/sign_out", people.mark, {"verb": "sign_out"}, name="person_sign_out"),
    path("desk/people/<uuid:id>/change_phone", people.mark, {"verb": "change_phone"}, name="person_change_phone"),
    path("desk/people/<uuid:id>/phone", people.phone, name="person_phone"),
]
