"""The doors of mobilisation in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav
from qifu.ui.nav import Door

from .terms import DUTY, ORGANISE

nav.offer(
    Door("mobilisation:inbox", _("通知"), order=70),
    Door("mobilisation:duty", _("值班"), DUTY, order=72),
    Door("mobilisation:calls", _("志愿者"), ORGANISE, order=74),
    Door("mobilisation:inbox", _("通知"), face="phone", icon="bell", order=60),
)
