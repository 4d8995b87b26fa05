from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """Label `workdays`; its table is kernel.calendar's."""

    name = "qifu.project.workdays"
    label = "workdays"

    def ready(self) -> None:
        """Register the acts and what follows from them, and offer the door."""
        from django.utils.translation import gettext_lazy as _

        from qifu.ui import nav

        from . import actions, following  # noqa: F401

        nav.offer(nav.Door("workdays:month", _("工作日历"), right="calendar.decree", icon="calendar", order=640))
