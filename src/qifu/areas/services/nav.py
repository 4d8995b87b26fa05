"""The doors of services in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.kernel.calendar.clock import local
from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.todo import Todo

from .models import Appointment, Article, Certificate, Order
from .terms import PUBLIC

nav.offer(
    Door("services:day", _("企业服务"), "services.see", order=40),
    Door("services:home", _("服务"), "services.own", face="phone", icon="book", order=28),
)


def _asked(service: str, word: object, order: int) -> Todo:
    return Todo(
        f"services.serve.{service}", word, "services:day", f"services.serve.{service}", due=True, order=order,
        rows=lambda actor, at: Appointment.objects.visible_to(actor).filter(state="asked", service=service),
    )  # fmt: skip


todo.offer(
    _asked("fire", _("等受理的消防服务"), 36),
    _asked("labour", _("等受理的人社服务"), 36),
    Todo(
        "services.open",
        _("等开通、核实的服务申请"),
        "services:orders",
        "services.open",
        due=True,
        order=37,
        rows=lambda actor, at: Order.objects.visible_to(actor).filter(state__in=("applied", "bought")),
    ),
    Todo(
        "services.subsidise",
        _("等您定补助的"),
        "services:orders",
        "services.subsidise",
        due=True,
        order=37,
        rows=lambda actor, at: Order.objects.visible_to(actor).filter(state="verified").exclude(verifier=actor.id),
    ),
    Todo(
        "services.certificate",
        _("等出证、核实的证明"),
        "services:certificates",
        "services.certificate",
        due=True,
        order=38,
        rows=lambda actor, at: Certificate.objects.visible_to(actor).filter(state__in=("papers", "claimed")).exclude(claimer=actor.id),
    ),
    Todo(
        "services.review",
        _("等您再看一遍的问答"),
        "services:answers",
        "services.write",
        due=True,
        order=39,
        rows=lambda actor, at: Article.objects.visible_to(actor).filter(state__in=PUBLIC, owner=actor.id, review_on__lte=local(at).date()),
    ),
    Todo(
        "services.nobodys",
        _("没有负责人的问答，等人接手"),
        "services:answers",
        "services.write",
        query="?view=nobodys",
        order=39,
        rows=lambda actor, at: Article.objects.visible_to(actor).filter(state__in=PUBLIC, owner=""),
    ),
    Todo(
        "services.publish",
        _("等您看过发布的问答"),
        "services:answers",
        "services.publish",
        due=True,
        order=39,
        rows=lambda actor, at: Article.objects.visible_to(actor).filter(state__in=("draft", "revising")).exclude(writer=actor.id),
    ),
)
