"""The doors of services in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav
from qifu.ui.nav import Door

nav.offer(
    Door("services:day", _("企业服务"), "services.see", order=40),
    Door("services:answers", _("知识库"), "services.see", order=42),
    Door("services:home", _("服务"), "services.own", face="phone", icon="calendar", order=28),
)
