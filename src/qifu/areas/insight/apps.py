from django.apps import AppConfig


class InsightConfig(AppConfig):
    """研判与通报."""

    name = "qifu.areas.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import nav, pressing, workflow  # noqa: F401
        from .actions import bulletin, calling  # noqa: F401
