from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Label `audit`; it has no tables, the record is kernel.journal's."""

    name = "qifu.project.audit"
    label = "audit"

    def ready(self) -> None:
        """Offer the auditors' door."""
        from django.utils.translation import gettext_lazy as _

        from qifu.ui import nav

        nav.offer(nav.Door("audit:attempts", _("审计"), right="journal.audit", icon="shield", order=850))
