"""The doors of insight in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav
from qifu.ui.nav import Door

SEE = "insight.see"

nav.offer(
    Door("insight:wall", _("今天"), SEE, order=45),
    Door("insight:bulletins", _("通报"), SEE, order=55),
)
