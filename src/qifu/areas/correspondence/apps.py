from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """外地协作函."""

    name = "qifu.areas.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import ladder, letters, nav, news, workflow  # noqa: F401
        from .actions import letters as _letters  # noqa: F401
        from .actions import peers, receive  # noqa: F401
