"""The doors of passes in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav

nav.offer(nav.Door("passes:mine", _("通行证"), right="pass.issue", face="phone", icon="code", order=35))
