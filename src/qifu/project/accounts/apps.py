"""Registers the acts of the door and of the administrators."""

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    """Label `accounts`; the tables are those of kernel.access."""

    name = "qifu.project.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Import the actions, offer the door of the people's list, join the logins that the operator has named."""
        from django.utils.translation import gettext_lazy as _

        from qifu.integrations import identity
        from qifu.ui import nav

        from . import actions  # noqa: F401

        nav.offer(nav.Door("people", _("人员"), right="access.see", icon="users", order=800))
        for code, path in settings.IDENTITY.items():
            identity.choose(code, identity.named(path))
        if settings.DEMO:
            from .demo import DemoIdentity

            for code in (identity.OFFICERS, identity.LEGAL_PERSONS):
                identity.choose(code, DemoIdentity(code))
