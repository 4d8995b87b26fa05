from django.apps import AppConfig


class PassesConfig(AppConfig):
    """员工通行证."""

    name = "qifu.areas.passes"
    label = "passes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import indicators, nav, news  # noqa: F401
        from .actions import issue, links  # noqa: F401
