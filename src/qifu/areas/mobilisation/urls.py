"""Notices, duties (calendar links under /duty/feed/), courses, volunteers (their own pages under /volunteer/)."""

from django.urls import path

from .views import fairness, learning, loans, notices, rota, training, volunteers

app_name = "mobilisation"
urlpatterns = [
    path("notices/", notices.inbox, name="inbox"),
    path("notices/<uuid:id>/", notices.read, name="read"),
    path("notices/<uuid:id>/confirm", notices.confirm, name="confirm"),
    path("desk/notices/", notices.listed, name="desk_notices"),
    path("desk/notices/new", notices.new, name="new_notice"),
    path("desk/notices/<uuid:id>/", notices.desk, name="desk_notice"),
    path("desk/notices/<uuid:id>/edit", notices.edit, name="edit_notice"),
    path("desk/notices/<uuid:id>/<slug:verb>", notices.act, name="act_on_notice"),
    path("desk/duty/", rota.duty, name="duty"),
    path("desk/duty/link", rota.renew, name="renew_feed"),
    path("duty/feed/<str:token>.ics", rota.feed, name="feed"),
    path("desk/duty/fairness", fairness.carried, name="fairness"),
    path("desk/duty/turns/<uuid:id>/", rota.turn, name="turn"),
    path("desk/duty/turns/<uuid:id>/<slug:verb>", rota.act_on_turn, name="act_on_turn"),
    path("desk/duty/rotas/", rota.rosters, name="rosters"),
    path("desk/duty/rotas/<uuid:id>/", rota.roster, name="roster"),
    path("desk/duty/rotas/<uuid:id>/people", rota.people, name="people"),
    path("desk/duty/rotas/<uuid:id>/<slug:verb>", rota.act_on_roster, name="act_on_roster"),
    path("training/", learning.mine, name="my_training"),
    path("training/at/<str:code>/", learning.at_meeting, name="at_meeting"),
    path("training/<uuid:id>/", learning.one, name="learn"),
    path("training/<uuid:id>/certificate", learning.certificate, name="training_certificate"),
    path("training/<uuid:id>/<slug:verb>", learning.step, name="learn_step"),
    path("desk/training/", training.listed, name="training"),
    path("desk/training/new", training.new, name="new_course"),
    path("desk/training/<uuid:id>/", training.desk, name="course"),
    path("desk/training/<uuid:id>/edit", training.edit, name="edit_course"),
    path("desk/training/<uuid:id>/<slug:verb>", training.act, name="act_on_course"),
    path("desk/training/meetings/<uuid:id>/", training.meeting, name="meeting"),
    path("desk/volunteers/", volunteers.calls, name="calls"),
    path("desk/volunteers/<uuid:id>/", volunteers.call, name="call"),
    path("desk/volunteers/<uuid:id>/poster", volunteers.poster, name="call_poster"),
    path("desk/volunteers/<uuid:id>/<slug:verb>", volunteers.act_on_call, name="act_on_call"),
    path("volunteer/<str:code>/", volunteers.join, name="join"),
    path("volunteer/<str:code>/certificate", volunteers.certificate, name="certificate"),
    path("volunteer/<str:code>/training", learning.as_volunteer, name="volunteer_training"),
    path("volunteer/<str:code>/training/<slug:verb>", learning.volunteer_step, name="volunteer_step"),
    path("volunteer/at/<str:code>/", volunteers.at_post, name="at_post"),
    path("desk/loans/", loans.loans, name="loans"),
    path("desk/loans/<uuid:id>/<slug:verb>", loans.act_on_loan, name="act_on_loan"),
]
