from django.apps import AppConfig


class LoopsConfig(AppConfig):
    """外部工单."""

    name = "qifu.areas.loops"
    label = "loops"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import nav, news, sheets  # noqa: F401
        from .actions import platforms, replies, taking  # noqa: F401
