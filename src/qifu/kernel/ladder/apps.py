from django.apps import AppConfig


class LadderConfig(AppConfig):
    """Reminders, and the ladder of people who are told of what is late."""

    name = "qifu.kernel.ladder"
    label = "ladder"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import naming, sweep  # noqa: F401
