from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Lists as offices have them, in and out."""

    name = "qifu.kernel.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import actions, signing  # noqa: F401
