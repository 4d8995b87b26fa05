import os

from django.apps import AppConfig
from django.conf import settings


class MessagesConfig(AppConfig):
    """Label `messages`; its tables are kernel.notify's."""

    name = "qifu.project.messages"
    label = "messages"

    def ready(self) -> None:
        """Open the gateways of this installation and offer the operator's door."""
        from django.utils.translation import gettext_lazy as _

        from qifu.kernel.notify.actions import KEEP
        from qifu.ui import nav

        from . import gateways

        gateways.open_all(os.environ, var=settings.VAR, demo=settings.DEMO)
        nav.offer(nav.Door("messages:desk", _("消息"), right=KEEP, icon="send", order=820))
