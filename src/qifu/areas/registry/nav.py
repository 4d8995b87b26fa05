"""The doors of the register in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav

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
