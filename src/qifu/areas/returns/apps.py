from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """报表."""

    name = "qifu.areas.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import actions, ladder, nav, workflow  # noqa: F401
