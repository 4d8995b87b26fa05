from django.apps import AppConfig


class JointOfficeConfig(AppConfig):
    """点单式、组团办公."""

    name = "qifu.areas.jointoffice"
    label = "jointoffice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import indicators, ladder, nav, news, papers, workflow  # noqa: F401
        from .actions import menu, order, sitting  # noqa: F401
