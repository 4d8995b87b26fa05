"""Registers the acts of the door and of the administrators, and the demo's gateway for short messages."""

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    """Label `accounts`; the tables are those of kernel.access."""

    name = "qifu.project.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Import the actions, offer the door of the people's list, choose the fake gateway in the demo."""
        from django.utils.translation import gettext_lazy as _

        from qifu.integrations.sms import FakeSms
        from qifu.kernel import notify
        from qifu.ui import nav

        from . import actions  # noqa: F401

        nav.offer(nav.Door("people", _("人员"), right="access.see", icon="users", order=800))
        if settings.DEMO:
            notify.choose(FakeSms(settings.VAR / "run" / "sms.jsonl"))
