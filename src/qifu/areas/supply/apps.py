from django.apps import AppConfig


class SupplyConfig(AppConfig):
    """产业链供需对接."""

    name = "qifu.areas.supply"
    label = "supply"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import indicators, ladder, nav, news, workflow  # noqa: F401
        from .actions import matching, telling  # noqa: F401
