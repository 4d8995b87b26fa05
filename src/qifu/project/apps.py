"""The app that wires the others."""

from django.apps import AppConfig
from django.core import checks

from qifu.project.checks import demo_is_off


class ProjectConfig(AppConfig):
    """Holds the worker's heartbeat and the checks of an installation."""

    name = "qifu.project"
    label = "project"

    def ready(self) -> None:
        """Register what `qifu check --deploy` looks at."""
        from .figures import views  # noqa: F401  # the worker, too, makes the lists that figures offer

        checks.register(demo_is_off, checks.Tags.security, deploy=True)
