"""The doors of the register in the frame, and what it lays on the one to-do list."""

from django.utils.translation import gettext_lazy as _

from qifu.kernel.intake.models import Import
from qifu.ui import nav, todo
from qifu.ui.todo import Todo

nav.offer(
    nav.Door("registry:enterprises", _("企业"), right="registry.see", icon="table", order=20),
    nav.Door("registry:imports", _("导入"), right="registry.import", icon="upload", order=60),
    nav.Door("registry:imports_waiting", _("名单复核"), right="registry.import_sign", icon="shield", order=65),
    nav.Door("registry:key_lists", _("重点名单"), right="registry.see", icon="star", order=70),
    nav.Door("registry:task_forces", _("专班"), right="registry.task_force", icon="users", order=80),
    nav.Door("registry:surveys", _("来源地调查"), right="registry.survey", icon="users", order=90),
    nav.Door("registry:roster", _("员工"), right="registry.worker.edit", face="phone", icon="users", order=30),
    nav.Door("registry:own_firm", _("企业信息"), right="registry.own", face="phone", icon="shield", order=40),
)

todo.offer(
    Todo(
        "registry.sign", _("等您复核的名单"), "registry:imports_waiting", "registry.import_sign", order=50,
        rows=lambda actor, at: Import.objects.visible_to(actor).filter(step=Import.Step.WAITING).exclude(sent_by=actor.id),
    ),
    Todo(
        "registry.enter", _("您送来、已复核可以入库的名单"), "registry:imports", "registry.import", order=51,
        rows=lambda actor, at: Import.objects.visible_to(actor).filter(step=Import.Step.SIGNED, sent_by=actor.id),
    ),
)  # fmt: skip
