from django.apps import AppConfig


class PressingConfig(AppConfig):
    """Label `pressing`; its tables are kernel.ladder's."""

    name = "qifu.project.pressing"
    label = "pressing"

    def ready(self) -> None:
        """Offer the door, and what waits."""
        from django.utils.translation import gettext_lazy as _

        from qifu.kernel.ladder.terms import SEE
        from qifu.ui import nav

        nav.offer(nav.Door("pressing:silent", _("催办"), right=SEE, icon="bell", order=620))
