from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Label `papers`; its tables are kernel.documents'."""

    name = "qifu.project.papers"
    label = "papers"

    def ready(self) -> None:
        """Register the check, offer the door, and let stamped copies be kept beside papers."""
        from django.utils.translation import gettext_lazy as _

        from qifu.kernel.documents.actions import take_copies
        from qifu.ui import nav

        from . import actions  # noqa: F401

        take_copies()
        nav.offer(nav.Door("papers:issued", _("文书"), right="resumption.forward", icon="doc", order=320))
