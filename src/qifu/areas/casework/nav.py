"""The doors of casework in the frame, and what may wait for a person."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav
from qifu.ui.nav import Door

nav.offer(
    Door("casework:worklist", _("诉求"), "case.see", order=12),
    Door("casework:own_list", _("诉求"), "case.own", face="phone", icon="bell", order=30),
)
