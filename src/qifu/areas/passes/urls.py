"""Addresses: the contact's pages at home, the pass under /p/, the check for everybody."""

from django.urls import path

from .views import check, home, shown

app_name = "passes"

urlpatterns = [
    path("home/passes/", home.mine, name="mine"),
    path("home/passes/issue", home.issue, name="issue"),
    path("home/passes/send", home.send, name="send"),
    path("home/passes/paper", home.papers, name="papers"),
    path("home/passes/paper.pdf", home.pdfs, name="pdfs"),
    path("home/passes/<uuid:id>/", home.one, name="one"),
    path("home/passes/<uuid:id>/paper", home.paper, name="own_paper"),
    path("home/passes/<uuid:id>/paper.pdf", home.pdf, name="own_pdf"),
    path("home/passes/<uuid:id>/<str:verb>", home.act, name="act"),
    path("p/sw.js", shown.worker, name="worker"),
    path("p/<str:token>/", shown.shown, name="shown"),
    path("p/<str:token>/paper", shown.paper, name="paper"),
    path("p/<str:token>/paper.pdf", shown.pdf, name="pdf"),
    path("check/", check.check, name="check"),
    path("check/keys", check.keys_of, name="keys"),
    path("check/status/<int:issuer>", check.status, name="status"),
]
