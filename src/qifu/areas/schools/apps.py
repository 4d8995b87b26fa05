from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """学校复课."""

    name = "qifu.areas.schools"
    label = "schools"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import effects, indicators, ladder, nav, workflow  # noqa: F401
        from .actions import absences, appoint, handle, keep, own  # noqa: F401
