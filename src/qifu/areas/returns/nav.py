"""The door of returns in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav
from qifu.ui.nav import Door

SEE, KEEP, FILL = "insight.see", "returns.keep", "returns.fill"

nav.offer(Door("returns:blanks", _("报表"), KEEP, order=57))
