from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    """会商交办."""

    name = "qifu.areas.consultation"
    label = "consultation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import ladder, letters, nav, news, photos, workflow  # noqa: F401
        from .actions import agenda, meetings, notes, papers  # noqa: F401
        from .views import beside  # noqa: F401
